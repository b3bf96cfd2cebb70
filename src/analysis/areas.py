"""Countries and groups of countries: one code each, whatever a publisher calls them.

A country's code is ISO 3166-1 alpha-3. What ISO does not list (Kosovo, states that no longer exist,
groups such as NATO or the World Bank's aggregates, a publisher's "areas not elsewhere specified") is
declared in data/areas, with the kind it is. Only countries are ever ranked, former ones in their time.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import iso3166
from babel import Locale

from analysis import yamls
from analysis.errors import ClaimbookError
from analysis.home import data

KINDS = {
    "country": "a country or an economy that publishers list as one",
    "former": "a state that no longer exists",
    "group": "several countries together; never ranked with countries",
    "unspecified": "a line not allotted to one country: a remainder, or several territories together",
}


@dataclass(frozen=True)
class Area:
    """An area: its code, its kind (a key of KINDS) and its English name."""

    code: str
    kind: str
    name: str


def normal(name: str) -> str:
    """A name reduced to what spellings share: no accents, case, footnote marks or filler words."""
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = re.sub(r"\([a-z]\)|\*", " ", text).replace("&", " and ")
    text = re.sub(r"\bst\b\.?", "saint", text)
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    return " ".join(w for w in words if w not in {"the", "of", "and"})


def _declarations() -> list[tuple[str, dict]]:
    return [(path.stem, yamls.read(path) or {}) for path in sorted(data("areas").glob("*.yaml"))]


@cache
def areas() -> dict[str, Area]:
    """Every area by its code."""
    names = Locale("en").territories
    known = {
        code: Area(code, "country", names.get(entry.alpha2, entry.name))
        for code, entry in iso3166.countries_by_alpha3.items()
    }
    for stem, declared in _declarations():
        for code, entry in (declared.get("areas") or {}).items():
            if code in known and stem != "common":
                raise ClaimbookError(f"data/areas/{stem}.yaml: {code} is declared already")
            known[code] = Area(code, entry["kind"], entry["name"])
    return known


@cache
def _spellings(publisher: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, entry in iso3166.countries_by_alpha3.items():
        for name in (entry.name, entry.apolitical_name):
            found[normal(name)] = code
    for code, area in areas().items():
        if area.kind in ("country", "former"):
            found[normal(area.name)] = code
    # A publisher's own spellings come last, so that they win over those all share.
    for stem, declared in sorted(_declarations(), key=lambda entry: entry[0] == publisher):
        if stem in ("common", publisher):
            for code, entry in (declared.get("areas") or {}).items():
                found[normal(entry["name"])] = code
            for spelling, code in (declared.get("aliases") or {}).items():
                if code not in areas():
                    raise ClaimbookError(f"data/areas/{stem}.yaml: alias {spelling!r} points to unknown code {code!r}")
                found[normal(spelling)] = code
    return found


def find(name: str, publisher: str | None = None) -> str | None:
    """The code of an area by any spelling known, a publisher's own spellings first; None where unknown."""
    return _spellings(publisher).get(normal(name))


def area(code: str) -> Area:
    """The area with this code. ClaimbookError, with the nearest codes, where there is none."""
    try:
        return areas()[code]
    except KeyError:
        near = find(code)
        hint = f"did you mean {near}?" if near else "codes are ISO 3166 alpha-3, such as BEL or NLD"
        close = difflib.get_close_matches(code.upper(), [c for c, a in areas().items() if a.kind == "country"], 3)
        if not near and close:
            hint += f"; near: {', '.join(close)}"
        raise ClaimbookError(f"unknown country or group {code!r}; {hint}") from None


def name(code: str) -> str:
    """The English name of an area, fit for running text."""
    return area(code).name


@cache
def rankable() -> frozenset[str]:
    """The codes that may be ranked: countries, and states that were countries in their time."""
    return frozenset(code for code, entry in areas().items() if entry.kind in ("country", "former"))


@cache
def leaves() -> frozenset[str]:
    """The codes that add up to the world: all but groups, which repeat what countries say already."""
    return frozenset(code for code, entry in areas().items() if entry.kind != "group")


# Countries whose English name takes an article in running text.
_ARTICLE = {
    *("ARE", "BHS", "CAF", "COD", "COG", "COM", "CYM", "DOM", "FLK", "FRO", "GBR", "GMB", "IMN", "MDV", "MHL", "MNP"),
    *("ALA", "ATF", "BES", "CCK", "CHI", "COK", "HMD", "IOT", "PCN", "SGS", "UMI"),
    *("NLD", "PHL", "SLB", "TCA", "USA", "VGB", "VIR", "EUU"),
}


def called(code: str) -> str:
    """The name of an area as running text tells it: "the Netherlands", "Belgium"."""
    if code == "WLD":
        return "the world"
    found = area(code)
    told = found.name.replace(" & ", " and ") if found.kind == "country" else found.name
    return f"the {told}" if code in _ARTICLE else told


def possessive(code: str) -> str:
    """Whose: "Belgium's", "the United States'"."""
    text = called(code)
    return f"{text}'" if text.endswith("s") else f"{text}'s"


def filled(text: str, *, country: str, partner: str = "") -> str:
    """A text with {country}, {country's}, {partner} and {partner's} filled in, its first letter a capital."""
    for token, code in (("country", country), ("partner", partner)):
        if code:
            text = text.replace(f"{{{token}}}", called(code)).replace(f"{{{token}'s}}", possessive(code))
    return text[:1].upper() + text[1:]
