"""A headless Chromium, driven by Playwright, to look at pages with; without one these tests are skipped.

`CLAIMBOOK_BUILT` names a folder with a finished site to look at instead of the one that tests build, and
`CLAIMBOOK_SCREENSHOTS` one for pictures of the pages (see test_screenshots.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from serving import serving

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 20
"""How long a test waits for something to come true on a page."""
# What a policy forbids is told to the console as a rule; what it is told of in a frame or late comes from here.
LISTEN = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.effectiveDirective + " forbids " + event.blockedURI));"""


@dataclass
class Opened:
    """A page in a tab of its own, and what it did. Whatever Playwright's `Page` has, it has too."""

    page: Page
    root: str
    """What the addresses of the site it belongs to begin with."""
    requests: list[str] = field(default_factory=list)
    """The addresses asked for, but for what stands in the page itself (data:, blob:)."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings on the console, faults of scripts, what the policy forbade, files that did not come."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    @property
    def elsewhere(self) -> list[str]:
        """The addresses asked for that are not of the site."""
        return [address for address in self.requests if not address.startswith(self.root)]

    def until(self, code: str) -> Any:
        """Wait until a piece of JavaScript comes to something true, and return that."""
        # Playwright's own waiting compiles text on the page, which the page's policy forbids.
        for _ in range(SECONDS * 20):
            if found := self.page.evaluate(code):
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {code}")

    def shown(self, selector: str) -> list[str]:
        """What the parts say that are shown of those that a selector names; without one, the beginning of their HTML."""
        code = """selector => [...document.querySelectorAll(selector)].filter(found => found.checkVisibility())
          .map(found => found.innerText || found.outerHTML.slice(0, 120))"""
        return self.page.evaluate(code, selector)

    def pause(self, milliseconds: int = 400) -> None:
        """Let time pass, for what should not happen."""
        self.page.wait_for_timeout(milliseconds)

    def wake(self) -> None:
        """Bring every chart of the page into view, until each of them is live; then go back to the top."""
        charts = self.page.locator("figure.cb-live")
        for place in range(charts.count()):
            charts.nth(place).scroll_into_view_if_needed()
            self.until(f"document.querySelectorAll('figure.cb-live')[{place}].classList.contains('cb-awake')")
        self.page.evaluate("window.scrollTo(0, 0)")

    def faults(self) -> list[str]:
        """What axe-core finds wrong on the page as it stands: all rules of WCAG 2.2 A and AA and the best practices."""
        told = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
            for rule in told
            for node in rule["nodes"]
        ]


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each file here is a group: its tests follow each other on one processor."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


# For this folder and not for the session: while it runs, other tests of the process cannot start an event loop.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests here."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Site:
    """The built book: its folder, and its address on loopback, which sends the headers of its `_headers` file."""

    folder: Path
    served: str

    def address(self, path: str, *, from_file: bool = False) -> str:
        """The address of one of its files, served or in the folder."""
        return f"{self.root(from_file=from_file)}{path}"

    def root(self, *, from_file: bool = False) -> str:
        """What its addresses begin with."""
        return f"{self.folder.as_uri() if from_file else self.served}/"


@pytest.fixture(scope="session")
def site(built_book: Path) -> Iterator[Site]:
    """The book that the tests of the book build too."""
    with serving(built_book) as address:
        yield Site(built_book, address)


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Opened]]:
    """Open a page and wait until it is loaded: open_page("claims/x.html", width=390, dark=True) -> Opened.

    A path is one of the book's; what has a scheme is an address. Widths below 600 px are phones.
    """
    contexts = []

    def opened(
        path: str,
        *,
        width: int = 1280,
        dark: bool = False,
        scripts: bool = True,
        from_file: bool = False,
        print_: bool = False,
        reduced_motion: bool = False,
        root: str = "",
    ) -> Opened:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced_motion else "no-preference",
            java_script_enabled=scripts,
            is_mobile=width < 600,
            has_touch=width < 600,
            locale="en-GB",
        )
        contexts.append(context)
        context.add_init_script(LISTEN)
        address = path
        if "://" not in path:
            built = request.getfixturevalue("site")
            address, root = built.address(path, from_file=from_file), built.root(from_file=from_file)
        page = context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        told = Opened(page, root or address.rpartition("/")[0])
        watch(page, told)
        if print_:
            page.emulate_media(media="print")
        page.goto(address)
        return told

    yield opened
    for context in contexts:
        context.close()


def watch(page: Page, told: Opened) -> None:
    """Write down what the page asks for and complains of."""

    def asked(request: Any) -> None:
        if not request.url.startswith(("data:", "blob:")):
            told.requests.append(request.url)

    def said(message: Any) -> None:
        if message.type in ("error", "warning", "assert"):
            told.complaints.append(f"{message.type}: {message.text}")

    def failed(lost: Any) -> None:
        if lost.failure != "net::ERR_ABORTED":  # by the reader, who has gone on to another page
            told.complaints.append(f"lost: {lost.url} {lost.failure}")

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda fault: told.complaints.append(f"fault: {fault}"))
    page.on("requestfailed", failed)
