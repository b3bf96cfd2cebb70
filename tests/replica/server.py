"""The replica: the publishers' rooms behind one address, a second address, and the faults between."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self

from replica.bea import Bea
from replica.calls import Call, Fault, Room
from replica.census import Census
from replica.files import Files
from replica.wire import Listener, Reply, Request, as_page
from replica.worldbank import WorldBank


class Rule:
    """A fault that waits for requests. `seen`: how many matched; `used`: how many met the fault."""

    def __init__(self, fault: Fault, path: str, times: int | None, after: int) -> None:
        """See Replica.misbehave."""
        self.fault, self.pattern, self.times, self.after = fault, re.compile(path), times, after
        self.seen = self.used = 0

    def takes(self, request: Request) -> bool:
        """Whether this request meets the fault; counts it."""
        if not self.pattern.search(request.target):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.used >= self.times):
            return False
        self.used += 1
        return True


class Replica:
    """Publishers at a loopback address, from entering the `with` block to leaving it.

    A room that is None answers 404. `elsewhere` listens at another port, where faults.redirect sends clients.
    An error of the replica itself is raised when the block is left, unless the test has failed already.
    """

    def __init__(
        self, worldbank: WorldBank | None = None, census: Census | None = None, bea: Bea | None = None
    ) -> None:
        """The rooms can be exchanged while it serves: replica.worldbank = another."""
        self.worldbank, self.census, self.bea, self.files = worldbank, census, bea, Files()
        self._rules: list[Rule] = []

    def __enter__(self) -> Self:
        self._own = Listener(self._answer)
        self.elsewhere = Listener(lambda request: as_page("<html><body>elsewhere</body></html>"))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._own.close()
        self.elsewhere.close()
        broken = [*self._own.broken, *self.elsewhere.broken]
        if broken and error is None:
            raise broken[0]

    @property
    def url(self) -> str:
        """Where the replica stands, without a slash at the end."""
        return self._own.url

    @property
    def requests(self) -> list[Request]:
        """What was asked so far, in order."""
        with self._own.lock:
            return list(self._own.requests)

    def forget(self) -> None:
        """Forget what was asked so far."""
        with self._own.lock:
            self._own.requests.clear()

    def misbehave(self, fault: Fault, path: str = "", times: int | None = 1, after: int = 0) -> Rule:
        """Meet requests with a fault: of those whose path and query match the regular expression `path`,
        the first `after` are answered well and the next `times` (None: all) badly.

        Of several faults for a request, the one set first and not used up meets it.
        """
        rule = Rule(fault, path, times, after)
        with self._own.lock:
            self._rules.append(rule)
        return rule

    def heal(self) -> None:
        """Behave again."""
        with self._own.lock:
            self._rules.clear()

    def room(self, path: str) -> Room | None:
        """The room that serves a path."""
        for start, room in (
            ("/v2/", self.worldbank), ("/data/", self.census), ("/api/data", self.bea), ("/files/", self.files)
        ):  # fmt: skip
            if path.startswith(start):
                return room
        return None

    def _answer(self, request: Request) -> Reply:
        with self._own.lock:
            taking = [rule for rule in self._rules if rule.takes(request)][:1]
        call = Call(request, self.room(request.path), self.url, self.elsewhere.url)
        return taking[0].fault.act(call) if taking else call.right()
