"""What each statement of the ledger comes to for another country: the sentence that is true of it, and its source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from analysis import areas, claims, currencies, restating, words
from analysis.claims import Claim, Reading
from analysis.documents import documents
from analysis.errors import ClaimbookError
from analysis.evaluations import Evaluation, elsewhere
from analysis.figures import ESTIMATES
from analysis.measures.frames import CUT_OFF
from analysis.snapshots.catalogue import publishers
from analysis.snapshots.store import Store
from analysis.verdicts import MAX_AGE

# A rank whose bounds are further apart than this is told as the best it can be.
WIDE = 10
# A figure of more years ago than this says nothing that anybody would ask today.
OLDEST = 15
# A rise by more than this, in per cent, is told as so many fold; by more than that, its base is next to nothing.
STEEP, STEEPEST = 1000, 10_000


@dataclass(frozen=True)
class Subject:
    """The country that an edition is about, and the other side of its ties; ISO 3166 alpha-3."""

    country: str
    partner: str

    @property
    def name(self) -> str:
        """The country as a heading has it."""
        return areas.name(self.country)

    @property
    def called(self) -> str:
        """The country as running text tells it."""
        return areas.called(self.country)


@dataclass(frozen=True)
class Source:
    """Who published a figure, in which release."""

    publisher: str
    title: str
    released: str


@dataclass(frozen=True)
class Statement:
    """A sentence that the figures bear out, with the claims that it restates, what it rests on and its figure.

    `value` in `unit`; `rank` with its bounds where it is one; `beside`: the same for the country that the documents
    are about, in words; `others`: the same claims by their other readings, as sentences.
    """

    claims: tuple[str, ...]
    theme: str
    sentence: str
    definition: str
    reading: str
    measure: str
    series: tuple[str, ...]
    year: int
    value: float
    unit: str
    rank: int | None
    rank_best: int | None
    rank_worst: int | None
    universe: int | None
    flag: str
    note: str
    sources: tuple[Source, ...]
    beside: str = ""
    others: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Publishers and releases in words."""
        return "; ".join(f"{entry.title}, release of {words.released(entry.released)}" for entry in self.sources)


def subject(country: str, partner: str = "") -> Subject:
    """The subject of an edition; without a `partner` that of the documents, or for that one their own country.

    ClaimbookError where one is no country, or both are the same.
    """
    home, other = _home()
    partner = partner or (home if country == other else other)
    for name, code in (("country", country), ("partner", partner)):
        try:
            found = areas.area(code)
        except ClaimbookError as error:
            raise ClaimbookError(f"{name}: {error}") from None
        if found.kind != "country":
            raise ClaimbookError(f"{name}: {code} is {found.name}, which is not a country; name one, such as NLD")
    if country == partner:
        raise ClaimbookError(f"country and partner are both {country}; name two countries")
    return Subject(country, partner)


def home_country() -> str:
    """The country that the documents are about."""
    return _home()[0]


def _home() -> tuple[str, str]:
    """The country that the documents are about, and the other side of its ties."""
    for document in documents().values():
        if document.partner:
            return document.country, document.partner
    raise ClaimbookError("no document of data/documents.yaml has a partner; give one with --partner")


def restatable() -> list[Claim]:
    """The claims that can be restated for another country: those about a country that a figure of any can fill."""
    return [
        claim
        for claim in claims.ledger()
        if areas.area(claim.about).kind == "country" and any(reading.elsewhere for reading in claim.readings)
    ]


def statements(about: Subject, store: Store, day: dt.date | None = None) -> list[Statement]:
    """Every claim restated for the subject by the figures known on a day, where there are any for it.

    Claims that come to the same sentence are told once. In the order of the ledger.
    """
    day = day or store.newest
    found: dict[str, Statement] = {}
    for claim in restatable():
        told = restated(claim, about, store, day)
        if told is None:
            continue
        if told.sentence in found:
            same = found[told.sentence]
            others = tuple(dict.fromkeys([*same.others, *told.others]))
            found[told.sentence] = replace(same, claims=(*same.claims, *told.claims), others=others)
        else:
            found[told.sentence] = told
    return list(found.values())


def restated(claim: Claim, about: Subject, store: Store, day: dt.date) -> Statement | None:
    """A claim as it is true of the subject; None where no figures are held for it.

    By the likeliest reading that tells a year recent enough to speak of today; where none does, by the likeliest
    that has any.
    """
    own = claim.model_copy(update={"country": about.country, **({"partner": about.partner} if claim.other else {})})
    told = []
    for reading in own.readings:
        entry = _newest(own, reading, store, day) if reading.elsewhere else None
        if entry is not None and entry.year >= day.year - OLDEST and not _says_nothing(own, reading, entry):
            told.append((reading, entry))
    if not told:
        return None
    recent = [pair for pair in told if pair[1].year >= day.year - 1 - MAX_AGE]
    reading, entry = (recent or told)[0]
    sentence = _sentence(own, reading, entry)
    return Statement(
        claims=(claim.id,),
        theme=claim.theme,
        sentence=sentence,
        definition=own.define(reading.definition),
        reading=reading.id,
        measure=reading.measure,
        series=reading.series,
        year=entry.year,
        value=entry.value,
        unit=entry.unit,
        rank=entry.rank,
        rank_best=entry.rank_best,
        rank_worst=entry.rank_worst,
        universe=entry.universe,
        flag=entry.flag,
        note=entry.note,
        sources=sources(entry),
        beside=_beside(claim, reading, entry, store, day) if claim.about != about.country else "",
        others=tuple(_sentence(own, other, figure) for other, figure in told if other.id != reading.id),
    )


def _says_nothing(claim: Claim, reading: Reading, entry: Evaluation) -> bool:
    """Whether a sentence would be true to the letter and mislead.

    Who has nothing of a thing is not a source of it in any place; a change from next to nothing, to nothing or of
    nothing at all is no change that a percentage tells; who is left out of an average has no gap to it; a rank that may
    be almost any tells none.
    """
    if claim.about in reading.inputs.get("without", ()):
        return True
    if entry.rank is not None:
        return entry.value <= 0 or entry.flag == "rounds_to_zero" or _width(entry) > (entry.universe or 0) / 2 > WIDE
    if entry.unit.endswith("over the period"):
        return not -99.95 < entry.value < STEEPEST or entry.value == 0
    return entry.value == 0 and ("{figure}" in reading.elsewhere or entry.unit == "percentage points")


def _newest(claim: Claim, reading: Reading, store: Store, day: dt.date) -> Evaluation | None:
    """The newest year of a reading; of a rank the newest that countries still missing do not leave wide open.

    Where they leave every year so, the one that they leave open the least.
    """
    told = [
        entry
        for entry in elsewhere(claim, reading, store, day, years=MAX_AGE + 1)
        if entry.year >= day.year - 1 - MAX_AGE
    ] or elsewhere(claim, reading, store, day)
    close = [entry for entry in told if entry.rank is None or _width(entry) <= WIDE]
    return close[-1] if close else min(reversed(told), key=_width, default=None)


def _width(entry: Evaluation) -> int:
    """How far apart the bounds of a rank are."""
    return entry.rank_worst - entry.rank_best


def sources(entry: Evaluation) -> tuple[Source, ...]:
    """The publishers and releases that a figure is made of."""
    known = publishers()
    return tuple(Source(name, known[name].title, released) for name, released in entry.sources)


def _beside(claim: Claim, reading: Reading, here: Evaluation, store: Store, day: dt.date) -> str:
    """The same reading for the country that the document is about."""
    entry = _newest(claim, reading, store, day)
    if entry is None:
        return ""
    year = "" if entry.year == here.year else f" in {entry.year}"
    return f"{areas.name(claim.about)}: {words.figure(entry)}{year}"


def _sentence(claim: Claim, reading: Reading, entry: Evaluation) -> str:
    text = restating.filled(reading.elsewhere, _known(claim, reading, entry))
    if entry.flag in words.FLAGS:
        text = f"{text[:-1]} ({words.FLAGS[entry.flag]})."
    return text


def _known(claim: Claim, reading: Reading, entry: Evaluation) -> Mapping[str, Any]:
    size = _amount(abs(entry.value), entry.unit)
    moved = "did not change"
    if entry.unit.endswith("over the period") and entry.value > STEEP:
        moved = f"rose {words.number(1 + entry.value / 100, 0)}-fold"
    elif words.number(entry.value, 2).strip("\u22120.,"):
        moved = f"{'rose' if entry.value > 0 else 'fell'} by {size}"
    known: dict[str, Any] = {
        "country": areas.called(claim.about),
        "country's": areas.possessive(claim.about),
        "year": entry.year,
        "since": entry.year - int(reading.inputs.get("years", 0)),
        "figure": _amount(entry.value, entry.unit),
        "size": size,
        "number": _count(entry),
        "moved": moved,
        "sign": lambda above, below: above if entry.value > 0 else below,
    }
    if claim.other:
        known |= {"partner": areas.called(claim.other), "partner's": areas.possessive(claim.other)}
    if entry.rank is not None:
        best, worst = entry.rank_best, entry.rank_worst
        # Those whose figures are missing may stand among the others.
        counted = max(entry.universe or 0, worst if worst - best <= WIDE else 0)
        listed = "" if entry.note.startswith(CUT_OFF) or not counted else f" of {counted}"
        known |= {"rank": lambda what: ranked(best, worst, what), "place": f"{place(best, worst)}{listed}"}
    return known


def _count(entry: Evaluation) -> str:
    """A number without sign and unit; an estimate to three figures, as nobody has counted it more closely."""
    size = abs(entry.value)
    if entry.flag in ESTIMATES and size >= 1000:
        size = float(f"{size:.3g}")
    return words.number(size, 0 if size == int(size) or size > 99 else 1)


def _amount(value: float, unit: str) -> str:
    """A value with its unit as a sentence tells it, that already says over which period."""
    told = words.amount(value, unit).removesuffix(" over the period")
    code = told.rpartition(" ")[2]
    return f"{told[:-3]}{currencies.named(code)}" if re.fullmatch("[A-Z]{3}", code) else told


def ranked(best: int, worst: int, what: str) -> str:
    """A rank among the `what`: "the largest", "the 12th largest", "between the 3rd and the 6th largest"."""

    def one(rank: int) -> str:
        return f"the {what}" if rank == 1 else f"the {words.ordinal(rank)} {what}"

    if best == worst:
        return one(best)
    if worst - best > WIDE:
        return f"at best {one(best)}"
    if worst == best + 1:
        return f"{one(best).removesuffix(f' {what}') if best > 1 else one(best)} or {one(worst)}"
    return f"between {one(best).removesuffix(f' {what}') if best > 1 else one(best)} and {one(worst)}"


def place(best: int, worst: int) -> str:
    """The same as a bare place: "12th", "3rd or 4th", "between 3rd and 6th", "84th at best"."""
    if best == worst:
        return words.ordinal(best)
    if worst - best > WIDE:
        return f"{words.ordinal(best)} at best"
    if worst == best + 1:
        return f"{words.ordinal(best)} or {words.ordinal(worst)}"
    return f"between {words.ordinal(best)} and {words.ordinal(worst)}"


def with_figures(candidates: Iterable[str], store: Store) -> list[str]:
    """Those of the countries of which any series of a claim that can be restated holds a figure."""
    edition = store.as_of(store.newest)
    readings = [reading for claim in restatable() for reading in claim.readings if reading.elsewhere]
    names = {name for reading in readings for name in reading.series}
    held: set[str] = set()
    for name in sorted(names):
        frame = edition.figures(name)
        frame = frame[frame["value"].notna()]
        held |= set(frame["reporter"]) | set(frame["partner"])
    return [code for code in candidates if code in held]
