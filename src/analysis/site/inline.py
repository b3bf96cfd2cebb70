"""Does every page keep to its own policy? What a browser would refuse to run or to apply is a fault of the build."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from analysis.site import policy

# Types of a script element that hold data and run nothing.
DATA = frozenset(("application/json", "application/ld+json"))


@dataclass
class _Page(HTMLParser):
    """Collects what a page runs or styles in itself, and the policy that it states."""

    faults: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    _script: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name in values:
            if name.startswith("on"):
                self.faults.append(f"<{tag}> has a handler of its own, {name}=")
        if "style" in values:
            self.faults.append(f"<{tag}> has a style of its own: {values['style'][:80]!r}")
        if tag == "style":
            self.faults.append("<style> stands in the page")
        if tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(values.get("content", ""))
        if tag == "script" and "src" not in values and values.get("type", "") not in DATA:
            self._script = []

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.scripts.append("".join(self._script))
            self._script = None


def check(folder: Path) -> list[str]:
    """What in the pages of a site its own policy would refuse, a message each, with the page.

    Wrong is: a page without one policy; a handler, a style or a <style> in a page; a script in a page whose hash its
    policy does not name; a policy that lets scripts be evaluated or stand inline.
    """
    messages = []
    for path in sorted(folder.rglob("*.html")):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
        found = list(page.faults)
        if len(page.policies) != 1:
            found.append(f"it states {len(page.policies)} policies")
        for text in page.policies:
            found += [f"its policy allows {word}" for word in ("'unsafe-inline'", "'unsafe-eval'") if word in text]
            found += [
                f"its policy does not name the script {script.strip()[:60]!r}"
                for script in page.scripts
                if policy.hashed(script) not in text
            ]
        messages += [f"{path.relative_to(folder).as_posix()}: {fault}" for fault in found]
    return messages
