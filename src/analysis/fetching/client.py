"""Requests to a publisher: with time-outs, retries, a polite pace, a cache, and bounds on what is taken.

Built from well-kept parts: requests-cache remembers answers and asks whether they have changed, requests-ratelimiter
keeps the pace, tenacity tries again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_cache import CacheMixin
from requests_ratelimiter import LimiterMixin
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential
from urllib3.util import Retry

from analysis.errors import ClaimbookError
from analysis.fetching.upstreams import Upstream, secure

MAX_BYTES = 200_000_000
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
# An answer that says nothing of its age is kept this long, so that a refresh that was cut off goes on from there.
KEEP = timedelta(days=2)
DISK_FAULTS = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}

Check = Callable[[requests.Response], object]


class Unsteady(ClaimbookError):
    """What may be better the next time. `wait`: the seconds that the server asks for."""

    def __init__(self, message: str, wait: float | None = None, *, hopeless: bool = False) -> None:
        """`hopeless`: the host cannot be reached at all, so that a second try is enough."""
        super().__init__(message)
        self.wait, self.hopeless = wait, hopeless


class Unanswered(ClaimbookError):
    """A publisher that gave no whole answer however often it was asked."""


class _Connection(sqlite3.Connection):
    """The cache's connection, for which a disk that takes no more is an OSError.

    requests-cache takes whatever sqlite raises for a lock that will be given back: it waits for ever, or goes on.
    """

    def execute(self, *args: Any) -> sqlite3.Cursor:
        with _kept():
            return super().execute(*args)

    def commit(self) -> None:
        with _kept():
            super().commit()


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in DISK_FAULTS:
            raise OSError(str(error)) from None
        raise


class _Session(CacheMixin, LimiterMixin, requests.Session):
    """A session that remembers, keeps the pace, and follows no redirect to another publisher."""

    allowed: frozenset[str] = frozenset()

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None:
            here = urlsplit(resp.url).netloc
            try:
                address = requests.compat.urljoin(resp.url, target)
                there = urlsplit(address)
            except ValueError:
                raise ClaimbookError(f"{here} leads to no address") from None
            if there.netloc not in self.allowed:
                raise ClaimbookError(
                    f"{here} leads to {there.netloc or there.scheme}, which data/upstreams.yaml does not name; "
                    "if the publisher has moved, declare it there"
                )
            if not secure(address):
                raise ClaimbookError(f"{here} leads to {there.netloc} not by https; it is not followed")
        return target


class _Line(HTTPAdapter):
    """The way out: counts what goes, and takes no more than MAX_BYTES of what comes."""

    asked = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.asked += 1
        response = super().send(request, *args, **options)
        pieces, size = [], 0
        for piece in response.iter_content(1 << 16):
            size += len(piece)
            if size > MAX_BYTES:
                response.close()
                host = urlsplit(response.url).netloc
                raise ClaimbookError(f"{host} sends more than {MAX_BYTES // 1_000_000} MB: not taken")
            pieces.append(piece)
        response._content = b"".join(pieces)  # where requests keeps what it has read
        return response


class Client:
    """Asks one publisher.

    `check` looks at every answer before it is taken or remembered; it raises Unsteady for one that is not what was
    asked for. `say(text, share)` is told what goes on, and how far it is where that is known. `advice`: what the user
    could do to be served better.
    """

    def __init__(
        self, upstream: Upstream, cache: Path, *, check: Check | None = None, say: Callable[..., None] | None = None
    ) -> None:
        """Open a client whose answers are remembered in the folder `cache`."""
        self.upstream, self.pace, self.folder = upstream, upstream.pace, cache
        self.check = check or (lambda response: None)
        self.say = say or (lambda text, share=None: None)
        self.remember = True
        self.advice: list[str] = []
        self._checked: tuple[tuple[str, bytes], ClaimbookError | None] | None = None
        cache.mkdir(parents=True, exist_ok=True)
        self._session = _Session(
            cache_name=str(cache / "answers.sqlite"),
            backend="sqlite",
            factory=_Connection,
            expire_after=KEEP,
            always_revalidate=True,
            allowable_codes=(200,),
            ignored_parameters=[upstream.key.parameter] if upstream.key else [],
            filter_fn=self._worth_keeping,
            per_second=self.pace.per_second,
            limit_statuses=(),  # a refusal is tenacity's to handle
        )
        self._session.allowed = upstream.allowed
        self._session.max_redirects = 5
        self._session.headers["User-Agent"] = f"claimbook/{version('claimbook')}"
        self._line = _Line()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, self._line)

    @property
    def asked(self) -> int:
        """How many requests went out."""
        return self._line.asked

    def close(self) -> None:
        """Give back the connections and the cache."""
        self._session.close()

    def forget(self) -> None:
        """Empty the cache, once what it was kept for is done."""
        self._session.cache.clear()

    def get(self, url: str, **options: Any) -> requests.Response:
        """The answer to a GET, whole and of status 200, or 204 where there is nothing.

        While `remember` is False, it is asked for anew whatever the cache holds, and not kept there. ClaimbookError
        says which host failed, how often it was tried and how; a key in the address is never told.
        """
        growing = wait_random_exponential(multiplier=self.pace.first_wait, max=self.pace.longest_wait)

        def wait(state: RetryCallState) -> float:
            asked = state.outcome.exception().wait
            return growing(state) if asked is None else asked

        def stop(state: RetryCallState) -> bool:
            fault = state.outcome.exception()
            too_long = fault.wait is not None and fault.wait > self.pace.longest_wait
            return too_long or (fault.hopeless and state.attempt_number >= 2)

        trying = Retrying(
            retry=retry_if_exception_type(Unsteady),
            wait=wait,
            stop=lambda state: stop(state) or stop_after_attempt(self.pace.attempts)(state),
            before_sleep=lambda state: self.say(f"{state.outcome.exception()}; trying again"),
            reraise=True,
        )
        try:
            return trying(self._once, url, options)
        except Unsteady as fault:
            tried = trying.statistics.get("attempt_number", 1)
            later = f"; it asks to be left alone for {fault.wait:.0f} seconds" if fault.wait else ""
            raise Unanswered(f"{fault} (tried {tried} times){later}") from None

    def _once(self, url: str, options: dict[str, Any]) -> requests.Response:
        host, options = urlsplit(url).netloc, {"timeout": (self.pace.connect, self.pace.read), **options}
        if host not in self.upstream.allowed:
            raise ClaimbookError(f"{host} is not named in data/upstreams.yaml for {self.upstream.publisher}")
        if not secure(url):
            raise ClaimbookError(f"{host} is not to be asked without https")
        self._checked = None
        try:
            response = self._session.get(url, force_refresh=not self.remember, **options)
        except requests.exceptions.Timeout as error:
            hopeless = isinstance(error, requests.exceptions.ConnectTimeout)
            raise Unsteady(f"{host} does not answer in time", hopeless=hopeless) from None
        except requests.exceptions.ConnectionError as error:
            cannot = re.search(r"NameResolution|NewConnection|Max retries", str(error)) is not None
            text = "cannot be reached" if cannot else "broke the connection off"
            raise Unsteady(f"{host} {text}", hopeless=cannot) from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise Unsteady(f"{host} broke off in the middle of its answer") from None
        except requests.exceptions.RequestException as error:
            raise ClaimbookError(f"{host}: {type(error).__name__}") from None
        if response.status_code in TRY_AGAIN:
            raise Unsteady(f"{host} answers {response.status_code} {response.reason}", _retry_after(response))
        if response.status_code not in (200, 204):
            raise ClaimbookError(f"{host} answers {response.status_code} {response.reason} to {_shown(response.url)}")
        if fault := self._fault(response):
            raise fault
        return response

    def _worth_keeping(self, response: requests.Response) -> bool:
        return self.remember and response.status_code == 200 and self._fault(response) is None

    def _fault(self, response: requests.Response) -> ClaimbookError | None:
        """What `check` has against an answer; asked once for each, as the cache wants to know too."""
        answer = (response.url, response.content)
        if self._checked is None or self._checked[0] != answer:
            try:
                self.check(response)
            except ClaimbookError as error:
                self._checked = (answer, error)
            else:
                self._checked = (answer, None)
        return self._checked[1]

    @contextmanager
    def lent(self, **settings: Any) -> Iterator[Any]:
        """wbgapi with its settings changed, asking by way of this client while it is lent.

        wbgapi makes bare requests, one by one, with neither retries nor a cache, and lets nobody hand it a session;
        it looks `requests` up by name when it asks, and only ever calls `get`.
        """
        import wbgapi

        before = {name: getattr(wbgapi, name) for name in ("requests", "get_options", *settings)}
        changed = {"requests": self, "get_options": {}, **settings}
        try:
            for name, value in changed.items():
                setattr(wbgapi, name, value)
            yield wbgapi
        finally:
            for name, value in before.items():
                setattr(wbgapi, name, value)


def _retry_after(response: requests.Response) -> float | None:
    """The seconds that a server asks to be left alone, from its Retry-After; None where it asks nothing."""
    told = response.headers.get("Retry-After")
    if told is None:
        return None
    try:
        return Retry().parse_retry_after(told)
    except Exception:  # neither a number nor a date: as if it had not been said
        return None


def _shown(url: str) -> str:
    """An address without its query, in which a key might be."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"
