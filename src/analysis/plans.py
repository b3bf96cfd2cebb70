"""What a build of the book has to do: nothing, where nothing changed; else which chapters run, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from analysis import built, engine, inputs, kept, reasons, rerun, runs
from analysis.kept import Result
from analysis.rerun import Present, Verdict


@dataclass
class Plan:
    """The work of one build: `why` its pages are made anew; nothing has to be done where there is no reason.

    `takes`: whether chapters may be taken from what is kept, and what runs be kept.
    """

    output: Path
    present: Present
    options: dict[str, str]
    why: Sequence[str]
    takes: bool
    fresh: bool
    _results: dict[str, Result | None] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """Whether nothing has to be done."""
        return not self.why

    @property
    def lines(self) -> list[str]:
        """Why the pages are made and which chapters run, a line each; none where nothing has to be done."""
        return (
            [] if self.is_idle else [f"pages: made: {reasons.few(self.why)}", *(entry.text for entry in self.verdicts)]
        )

    @property
    def work(self) -> str:
        """What will be done with the chapters."""
        running = sum(entry.result is None for entry in self.verdicts)
        rest = len(self.verdicts) - running
        return f"executing {running} chapters" + (f", {rest} are as they were" if rest else "")

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Of each chapter whether it has to run, and why."""
        if not self.takes or self.fresh:
            return [Verdict(name, {}, self.why[0]) for name in engine.names()]
        return [rerun.verdict(name, self._folder, self.present) for name in engine.names()]

    @property
    def _folder(self) -> Path:
        return self.output / kept.FOLDER

    def begin(self) -> None:
        """From now on nobody vouches for the site that is there."""
        built.remove(self.output)

    def execute(self) -> Iterator[tuple[str, bytes]]:
        """Every chapter's executed notebook by name: those that are kept, then the others as each is done.

        ClaimbookError where one fails, once the others are done and kept.
        """
        for entry in self.verdicts:
            if entry.result is not None:
                self._results[entry.name] = entry.result
                yield entry.name, entry.result.notebook
        names = [entry.name for entry in self.verdicts if entry.result is None]
        for name, executed, read in runs.execute(names) if names else ():
            if self.takes:
                self._results[name] = rerun.keep(name, self._folder, self.present, executed, read)
            yield name, executed

    def end(self, site: Path) -> str:
        """Vouch for the finished site; where that cannot be done, why the next build cannot rely on it."""
        if not self.takes:
            return ""
        results = [self._results.get(entry.name) for entry in self.verdicts]
        return built.mark(self.output, site, self.present.inputs, self.options, results) or ""


def plan(output: Path, address: str, *, fresh: bool = False, version: bool = False, pdf: bool = False) -> Plan:
    """What a build into `output` for a public address has to do.

    A `version` is always made in full and neither takes nor leaves anything for later: what is published is proven by
    being made again. `fresh`: everything runs. `pdf`: pages are made, as they are printed from what they are made of.
    """
    looked, options = inputs.look(), {"address": address}
    if version:
        why = ["a version is always made in full"]
    elif fresh:
        why = ["everything is asked for anew"]
    else:
        why = built.stale(output, output / "html", looked, options)
        if not why and pdf:
            why = ["they are to be printed"]
    return Plan(output, Present(looked), options, why, takes=not version, fresh=fresh)
