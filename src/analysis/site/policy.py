"""What a page may load and run: the content security policy, as a meta tag and as a file for hosts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

COMMON = (
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy: same-origin",
)
# A picture that is opened by itself brings its font and its style, and runs nothing.
PICTURES = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'self'; sandbox"
# Before anything is painted, so that a page never flashes white: the reader's choice of colours, or the system's.
FIRST_LINE = (
    '(function(d){var t;try{t=localStorage.getItem("cb-theme")}catch(e){}'
    'd.dataset.theme=t==="dark"||t==="light"?t:matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light"})'
    "(document.documentElement)"
)


def hashed(script: str) -> str:
    """The hash by which a policy names one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(*, search: bool = False, header: bool = False, embedded: bool = False) -> str:
    """The policy of a page. `search`: it runs the search's WebAssembly and reads its index.

    `header`: with what only a header can say; `embedded`: others may show the page in a frame.
    """
    # What is inlined is one line, the same on each page; everything else comes from the book's own files.
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {hashed(FIRST_LINE)}" + (" 'wasm-unsafe-eval'" if search else ""),
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if search:
        rules["worker-src"] = "'self' blob:"
    if header:
        rules["frame-ancestors"] = "*" if embedded else "'self'"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def headers_file(paths: Iterable[str]) -> str:
    """The text of `_headers`, as Netlify, Cloudflare Pages and others read it, for the pages of a site.

    Where two rules fit an address both are sent and the stricter part of each holds, so every page fits one policy.
    """
    lines = ["/*", *(f"  {line}" for line in COMMON)]
    lines += ["/figures/*", f"  Content-Security-Policy: {PICTURES}"]
    for pattern in sorted({form for path in paths for form in _patterns(path)}):
        words = {"search": pattern.startswith("/search"), "embedded": pattern.startswith("/cards/")}
        lines += [pattern, f"  Content-Security-Policy: {policy(header=True, **words)}"]
    return "\n".join(lines) + "\n"


def versions_headers(paths: Iterable[str], inside: Iterable[str]) -> str:
    """The text of `_headers` for a site of many versions: of pages beside them, and of what is in any of them.

    `inside`: the names in a version's root that hold or are pages, folders with a slash at their end.

    What a page may run stands in the page itself, which stays as it is while the theme goes on; headers add who may
    show it in a frame. Frozen files may be kept by browsers for good.
    """
    lines = ["/*", *(f"  {line}" for line in COMMON)]
    lines += ["/v/*", "  Cache-Control: public, max-age=31536000, immutable"]
    framed = {pattern: _framed(False) for path in paths for pattern in _patterns(path)}
    for place in ("/v/:version", "/latest", "/stable"):
        for name in sorted({"figures/", *inside}):
            # One pattern for each page: where two fit, some hosts send both, and the stricter one holds.
            value = PICTURES if name == "figures/" else _framed(name == "cards/")
            framed |= {f"{place}{pattern}": value for pattern in _patterns(name)}
    for pattern, value in sorted(framed.items()):
        lines += [pattern, f"  Content-Security-Policy: {value}"]
    return "\n".join(lines) + "\n"


def _framed(embedded: bool) -> str:
    return "frame-ancestors *" if embedded else "frame-ancestors 'self'"


def _patterns(path: str) -> tuple[str, ...]:
    """Below which pattern a page falls: its folder, or itself in the root, with and without its ending."""
    folder, slash, _ = path.partition("/")
    if slash:
        return (f"/{folder}/*",)
    return ("/", "/index.html") if path == "index.html" else (f"/{path}", f"/{path.removesuffix('.html')}")
