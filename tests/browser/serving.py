"""A built site on loopback, the way a good host serves it: its policies as headers, its text gzipped.

The tests of pages and the benchmark of pages look at the site through this server.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

TEXT = (".html", ".css", ".js", ".json", ".svg", ".csv", ".txt", ".xml", ".md", ".bib", ".webmanifest")
SMALLEST = 256
"""Files of fewer bytes go as they are: to squeeze them gains nothing."""


@functools.lru_cache(maxsize=4096)
def _squeezed(path: Path, changed: int) -> bytes:
    """A file gzipped at the level that servers use; kept, so that a page is not squeezed at every visit."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def policies(folder: Path) -> dict[str, dict[str, str]]:
    """What the site's `_headers` file asks for: {path pattern: {header: value}}; empty where there is none."""
    found: dict[str, dict[str, str]] = {}
    pattern = ""
    path = folder / "_headers"
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace():
            name, _, value = line.strip().partition(":")
            found[pattern][name.strip()] = value.strip()
        else:
            pattern = line.strip()
            found.setdefault(pattern, {})
    return found


def headers(rules: dict[str, dict[str, str]], path: str) -> list[tuple[str, str]]:
    """The headers of one address: those of every rule that fits it, a `*` at a rule's end standing for anything."""
    fits = [name for name in rules if path == name or (name.endswith("*") and path.startswith(name[:-1]))]
    return [pair for name in fits for pair in rules[name].items()]


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, rules: dict[str, dict[str, str]], **named: object) -> None:
        self.rules = rules
        super().__init__(*args, **named)

    def end_headers(self) -> None:
        for name, value in headers(self.rules, unquote(urlsplit(self.path).path)):
            self.send_header(name, value)
        super().end_headers()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.endswith("/") else path
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (accepted and path.is_file() and path.suffix in TEXT and path.stat().st_size >= SMALLEST):
            return super().send_head()
        content = _squeezed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def guess_type(self, path: str) -> str:
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder's address while it is served, without a slash at its end."""
    handler = functools.partial(_Handler, directory=str(folder), rules=policies(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
