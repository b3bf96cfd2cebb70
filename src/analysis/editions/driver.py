"""Make many editions: which, in how many processes or on which cluster, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis import areas, inputs
from analysis.editions import state, statements
from analysis.editions.making import Order
from analysis.errors import ClaimbookError
from analysis.snapshots.store import store

ALL = "all"
AHEAD = "analysis.editions.ahead"
# Territories of ISO 3166 where nobody lives for good: what customs books under their names is told of no country.
UNINHABITED = {"ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "UMI"}
MADE, UNCHANGED, WITHOUT, FAILED = "made", "unchanged", "without figures", "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one edition: `word` is made, unchanged, without figures or failed; `why` says the last two.

    `seconds` it took, with its `statements` and `chapters`.
    """

    country: str
    word: str
    why: str = ""
    seconds: float = 0.0
    statements: int = 0
    chapters: int = 0


def chosen(countries: str) -> list[str]:
    """The codes that `countries` names, such as "NLD,DEU"; "all": every country of which figures are held.

    ClaimbookError names a code that is no country, or one that is named twice.
    """
    if countries == ALL:
        # What a publisher alone calls a country has a code of its own that is longer.
        known = sorted(code for code, entry in areas.areas().items() if entry.kind == "country" and len(code) == 3)
        codes = [code for code in known if code not in UNINHABITED]
        return statements.with_figures(codes, store())
    codes = [code.strip() for code in countries.split(",") if code.strip()]
    if not codes:
        raise ClaimbookError("no country is named; write codes such as NLD,DEU, or all")
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ClaimbookError(f"{', '.join(twice)} stands twice among the countries")
    for code in codes:
        statements.subject(code)
    return codes


def orders(countries: Sequence[str], *, partner: str, site: Path, address: str, book: str) -> list[Order]:
    """The orders for editions of countries; a `partner` is that of all, and has no edition with itself.

    ClaimbookError where the partner is named as a country too.
    """
    made = []
    for country in countries:
        about = statements.subject(country, partner)
        made.append(Order(about.country, about.partner, str(site.resolve()), address, book))
    return made


def build(
    wanted: Sequence[Order],
    *,
    workers: int,
    scheduler: str = "",
    fresh: bool = False,
    heard: Callable[[str, str], None] = lambda country, place: None,
) -> Iterator[Outcome]:
    """Make the editions that are not as they would be made now, each outcome as it comes; first what is unchanged.

    `workers` processes of this machine, or the Dask cluster at `scheduler`. One that fails stops no other. `heard` is
    called with a country and what is being done for it. What was made before an interruption stays.
    """
    looked = inputs.look()
    known, due = state.digest(looked), []
    for order in wanted:
        if not fresh and (there := state.kept(order, known)):
            yield Outcome(order.country, UNCHANGED, "", 0.0, len(there["statements"]), len(there["chapters"]))
        else:
            due.append(order)
    if not due:
        return
    orders_due = {order.country: order for order in due}
    if scheduler:
        from analysis.editions import cluster

        ended = cluster.run(due, scheduler, heard=heard)
    else:
        ended = _here(due, workers, heard)
    for country, told, fault, seconds in ended:
        if fault:
            yield Outcome(country, FAILED, fault, seconds)
        elif not told:
            yield Outcome(
                country, WITHOUT, f"no figures are held that tell anything of {areas.called(country)}", seconds
            )
        else:
            if looked.are_settled():  # else nobody knows of what it was made
                state.keep(orders_due[country], known)
            yield Outcome(country, MADE, "", seconds, told["statements"], told["chapters"])


def _here(
    due: Sequence[Order], workers: int, heard: Callable[[str, str], None]
) -> Iterator[tuple[str, dict[str, Any] | None, str, float]]:
    from analysis.warm import jobs

    wanted = (jobs.Job(order.country, "analysis.editions.making:job", asdict(order), AHEAD) for order in due)
    for ended in jobs.run(wanted, workers=workers, heard=lambda job, place: heard(job.name, place)):
        yield ended.job.name, ended.value, ended.fault or "", ended.seconds
