"""Files by download at their worst: each fault is survived, or refused with a reason, and none leaves a trace.

Three publishers stand for the ways there are: a file whose address stays and whose day the server tells (Census), the
newest file that a page links to, dated by its name (NATO) or by the server (SIPRI).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook
from replica import Replica, Reply, faults
from replica.calls import Fault

from analysis.errors import ClaimbookError
from analysis.fetching import client
from analysis.fetching.upstreams import upstreams
from analysis.publishers import parse
from analysis.publishers.census_layouts import MONTHS
from analysis.refresh import refresh
from analysis.snapshots.ingest import encode
from analysis.snapshots.store import Store
from analysis.snapshots.verify import verify

PARTNERS = {"4231": "Belgium", "4210": "Netherlands", "4279": "France", "4280": "Germany", "5700": "China"}
ALLIES = ("Belgium", "Denmark", "France", "Germany", "Netherlands", "Portugal")
HEADER = ["year", "CTY_CODE", "CTYNAME", *(f"I{m}" for m in MONTHS), "IYR", *(f"E{m}" for m in MONTHS), "EYR"]
TAG = '<a href="/about.html">About</a>'


def workbook(rows: list[list]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def trade(revised: float = 0.0) -> list[list]:
    """country.xlsx of two years: a row for each partner and one for the world."""
    rows = [HEADER]
    for year in (2022, 2023):
        total = 0.0
        for number, (code, name) in enumerate(PARTNERS.items(), start=10):
            value = 12.0 * number + (revised if year == 2023 else 0.0)
            rows.append([year, code, name, *([value / 12] * 12 + [value]) * 2])
            total += value
        rows.append([year, "0015", "World, Not Seasonally Adjusted", *([total / 12] * 12 + [total]) * 2])
    return rows


def shares(revised: float = 0.0) -> list[list]:
    """NATO's table of shares."""
    return [
        [None, "Table 3 : Defence expenditure as a share of GDP and annual real change"],
        [None, "Based on 2015 prices"],
        [None, None, None, 2022, "2023e", "2024e"],
        [None, "Share of real GDP (%)"],
        *([None, None, ally, 1.1 + n / 10, 1.2 + n / 10 + revised, 1.3 + n / 10] for n, ally in enumerate(ALLIES)),
        [None, None, "Notes: Figures for 2023 and 2024 are estimates. "],
    ]


def military(revised: float = 0.0) -> list[list]:
    """SIPRI's sheet of shares."""
    return [
        ["Military expenditure by country as percentage of gross domestic product, 1949-2024   © SIPRI 2024"],
        ["Country", "Notes", 2023, 2024],
        *([ally, None, 0.011 + n / 1000, 0.012 + n / 1000 + revised] for n, ally in enumerate(ALLIES)),
    ]


def page(*files: str) -> bytes:
    """A page that links to files, the oldest last, in the middle of other things."""
    links = "".join(f'<li><a href="{file}">{file}</a></li>' for file in reversed(files))
    more = f"<p>{TAG}</p>" * 40
    return f"<!doctype html><html><body>{more}<ul>{links}</ul>{more}</body></html>".encode()


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}T12:00:00+00:00")


@dataclass(frozen=True)
class Edition:
    """A file as it is brought out, and the day that its release is to have."""

    file: str
    content: bytes
    changed: str
    released: str


@dataclass(frozen=True)
class Publisher:
    """Two editions of a publisher, and how its files are had."""

    name: str
    entry: dict
    editions: tuple[Edition, Edition]


CENSUS = Publisher(
    "census",
    {"how": "file", "address": "{url}/files/country.xlsx"},
    (
        Edition("country.xlsx", workbook(trade()), "2024-06-05", "2024-06-05"),
        Edition("country.xlsx", workbook(trade(0.6)), "2024-06-06", "2024-06-06"),
    ),
)
NATO = Publisher(
    "nato",
    {
        "how": "page",
        "address": "{url}/files/page.html",
        "link": r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})-def-exp-\d{4}-TABLES-en\.xlsx$",
    },
    (
        Edition("230707-def-exp-2023-TABLES-en.xlsx", workbook(shares()), "2024-02-02", "2023-07-07"),
        Edition("240617-def-exp-2024-TABLES-en.xlsx", workbook(shares(0.01)), "2024-02-01", "2024-06-17"),
    ),
)
SIPRI = Publisher(
    "sipri",
    {
        "how": "page",
        "address": "{url}/files/page.html",
        "link": r"SIPRI-Milex-data-1949-(?P<year>\d{4}).*\.xlsx$",
    },
    (
        Edition("SIPRI-Milex-data-1949-2023.xlsx", workbook(military()), "2024-04-22", "2024-04-22"),
        Edition("SIPRI-Milex-data-1949-2024_1.xlsx", workbook(military(0.001)), "2025-04-28", "2025-04-28"),
    ),
)
ALL = (CENSUS, NATO, SIPRI)


class Site:
    """A publisher's site at a replica, and a store that follows it."""

    def __init__(self, replica: Replica, folder: Path, declared: Callable[..., list]) -> None:
        self.replica, self.folder, self.declared = replica, folder, declared
        self.publisher, self.out = CENSUS, []

    def serve(self, publisher: Publisher, number: int, content: bytes | None = None) -> Edition:
        """Bring an edition out."""
        self.publisher, edition = publisher, publisher.editions[number]
        self.replica.files.put(edition.file, content or edition.content, modified=day(edition.changed))
        if publisher.entry["how"] == "page":
            self.out = [entry.file for entry in publisher.editions[: number + 1]]
            self.replica.files.put("page.html", page(*self.out), modified=day(edition.changed))
        return edition

    def refresh(self, accept: tuple[str, ...] = (), **more):
        """Refresh the store; `more` is declared beside the publisher's own entry, or in its place."""
        entry = {**self.publisher.entry, **more}
        entry["address"] = entry["address"].format(url=self.replica.url)
        upstream = self.declared(self.replica.url, **{self.publisher.name: entry})
        (outcome,) = refresh(upstream, self.folder, accept=accept)
        return outcome

    def held(self, publisher: Publisher, number: int = 0) -> None:
        """Have an edition in the store."""
        self.serve(publisher, number)
        assert self.refresh().word == "new"
        self.replica.forget()

    @property
    def newest(self) -> bytes:
        """The newest snapshot."""
        return (self.folder / Store(self.folder).releases[-1].path).read_bytes()

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for."""
        return [request.path.rpartition("/")[2] for request in self.replica.requests]

    @property
    def quarantine(self) -> Path:
        return self.folder.with_name("data.quarantine")

    @property
    def host(self) -> str:
        return self.replica.url.removeprefix("http://")


@pytest.fixture
def replica():
    with Replica() as running:
        yield running


@pytest.fixture
def site(replica, tmp_path, upstreams_at) -> Site:
    return Site(replica, tmp_path / "data", upstreams_at)


def well(folder: Path) -> bool:
    return all(not problems for _, problems in verify(folder))


def told(publisher: Publisher, number: int, folder: Path) -> bytes:
    """The snapshot of an edition, made from its file as it is."""
    file = folder / publisher.editions[number].file
    file.write_bytes(publisher.editions[number].content)
    return encode(parse(publisher.name, [file]).observations)


# Nothing goes wrong


@pytest.mark.parametrize("publisher", ALL, ids=lambda publisher: publisher.name)
def test_releases_come_one_beside_the_other_each_dated_as_its_publisher_dates_it(site, publisher, tmp_path):
    first, second = publisher.editions
    requests = 1 if publisher is CENSUS else 2  # a page beside the file
    site.serve(publisher, 0)
    outcome = site.refresh()
    assert (outcome.word, outcome.release.released, outcome.requests) == ("new", first.released, requests)
    assert outcome.release.addresses == (f"{site.replica.url}/files/{first.file}",)

    site.replica.forget()
    again = site.refresh()
    assert (again.word, again.text) == ("same", f"nothing newer than {first.released}")
    assert again.requests == len(site.asked) == requests
    assert site.replica.requests[-1].headers["If-None-Match"] and len(Store(site.folder).releases) == 1

    site.serve(publisher, 1)
    outcome = site.refresh()
    assert (outcome.word, outcome.release.released, outcome.requests) == ("new", second.released, requests)
    assert [entry.released for entry in Store(site.folder).releases] == [first.released, second.released]
    assert site.newest == told(publisher, 1, tmp_path)
    assert well(site.folder)


def test_a_file_without_a_day_is_dated_by_the_download_and_asked_for_anew_each_time(site):
    site.replica.files.put("country.xlsx", CENSUS.editions[0].content, validators=False)
    outcome = site.refresh()
    today = dt.datetime.now(dt.UTC).date()
    assert outcome.word == "new" and abs((outcome.release.day - today).days) <= 1
    assert [(site.refresh().word, len(site.asked)) for _ in range(2)] == [("same", 2), ("same", 3)]


def test_a_day_to_come_that_the_server_tells_is_none(site):
    site.replica.files.put("country.xlsx", CENSUS.editions[0].content, modified=day("2990-01-01"))
    assert site.refresh().release.day <= dt.datetime.now(dt.UTC).date()


# Faults that pass: asked again, the publisher answers as it should.
PASSING = {
    "429, to be left alone for a second": (faults.status(429, retry_after=1), 1),
    "500": (faults.status(500), 2),
    "502": (faults.status(502), 2),
    "503, until a date": (faults.status(503, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), 2),
    "hangs": (faults.hang(), 1),
    "resets the connection": (faults.reset(), 2),
    "drops in the middle": (faults.drop(), 2),
    "says it is longer than it is": (faults.length_too_long(), 2),
    "says it is shorter than it is": (faults.length_too_short(), 2),
    "truncated": (faults.truncated(), 2),
    "corrupted": (faults.corrupted(), 2),
    "compressed and cut off": (faults.gzip_cut(), 2),
    "HTML": (faults.html(), 2),
    "empty": (faults.empty(), 2),
}
PLACES = {"file": (CENSUS, "country"), "file on a page": (NATO, "240617"), "page": (SIPRI, r"page\.html")}


@pytest.mark.parametrize(("publisher", "path"), PLACES.values(), ids=PLACES.keys())
@pytest.mark.parametrize(("fault", "times"), PASSING.values(), ids=PASSING.keys())
def test_a_fault_that_passes_changes_nothing_in_the_release(site, fault, times, publisher, path, tmp_path):
    site.held(publisher)
    edition = site.serve(publisher, 1)
    rule = site.replica.misbehave(fault, path=path, times=times)
    outcome = site.refresh()
    assert (outcome.word, rule.used) == ("new", times), outcome.text
    assert outcome.release.released == edition.released
    assert outcome.requests == len(site.asked) == times + (1 if publisher is CENSUS else 2)
    assert site.newest == told(publisher, 1, tmp_path)
    assert well(site.folder) and not site.quarantine.exists()


@pytest.mark.parametrize(("publisher", "path"), PLACES.values(), ids=PLACES.keys())
@pytest.mark.parametrize("fault", [fault for fault, _ in PASSING.values()], ids=PASSING.keys())
def test_a_fault_that_stays_is_told_and_leaves_no_trace_nor_anything_that_sticks(
    site, holding, fault, publisher, path, tmp_path
):
    site.held(publisher)
    before = holding(site.folder)
    site.serve(publisher, 1)
    site.replica.misbehave(fault, path=path, times=None)
    pace = {"attempts": 2, "first_wait": 0.01, "longest_wait": 0.5, "read": 0.4, "per_second": 1000}
    outcome = site.refresh(pace=pace)
    assert outcome.word == "failed" and outcome.text.startswith(site.host), outcome.text
    assert "tried 2 times" in outcome.text or "left alone for 1 seconds" in outcome.text
    assert holding(site.folder) == before and not site.quarantine.exists()
    site.replica.heal()
    assert site.refresh().word == "new"
    assert site.newest == told(publisher, 1, tmp_path)


@pytest.mark.parametrize("fault", [faults.reset(), faults.hang(), faults.status(503)], ids=lambda fault: fault.name)
def test_a_publisher_that_does_not_answer_is_not_said_to_have_nothing_new(site, fault):
    site.held(CENSUS)
    site.replica.misbehave(fault, times=None)
    outcome = site.refresh(pace={"attempts": 2, "first_wait": 0.01, "read": 0.3, "per_second": 1000})
    assert outcome.word == "failed" and "(tried 2 times)" in outcome.text


def test_nobody_listens_there(site):
    address = site.replica.elsewhere.url
    site.replica.elsewhere.close()
    outcome = site.refresh(address=f"{address}/country.xlsx")
    assert outcome.word == "failed" and outcome.text.endswith("cannot be reached (tried 2 times)")


@pytest.mark.parametrize("code", [400, 403, 404, 410])
def test_a_refusal_is_told_at_once(site, holding, code):
    site.held(CENSUS)
    before = holding(site.folder)
    site.replica.misbehave(faults.status(code), times=None)
    outcome = site.refresh()
    assert outcome.word == "failed" and f"{site.host} answers {code}" in outcome.text
    assert len(site.asked) == 1 and holding(site.folder) == before


def test_damage_that_only_the_parser_sees_does_not_stick_under_its_tag(site, tmp_path):
    """Half a CSV file is a CSV file; the server's tag of it is that of the whole."""
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in trade()).encode()
    site.replica.files["country.csv"] = text
    site.replica.misbehave(faults.truncated(), times=1)
    where = {"address": "{url}/files/country.csv"}
    assert site.refresh(**where).word == "quarantined"
    assert site.refresh(**where).word == "new"
    (tmp_path / "country.csv").write_bytes(text)
    assert site.newest == encode(parse("census", [tmp_path / "country.csv"]).observations)
    assert not site.quarantine.exists()


# Where a publisher leads


def to(address: str) -> Fault:
    return Fault(
        "moved", "Send the client to this address.", lambda call: Reply(status=302, headers={"Location": address})
    )


@pytest.mark.parametrize(("publisher", "path"), PLACES.values(), ids=PLACES.keys())
def test_a_redirect_to_elsewhere_is_not_followed(site, holding, publisher, path):
    site.held(publisher)
    site.serve(publisher, 1)
    before = holding(site.folder)
    site.replica.misbehave(faults.redirect(), path=path, times=None)
    outcome = site.refresh()
    assert outcome.word == "failed" and "which data/upstreams.yaml does not name" in outcome.text
    assert site.replica.elsewhere.requests == []
    assert holding(site.folder) == before


def test_nor_is_it_where_there_is_something_remembered(site):
    site.held(CENSUS)
    site.replica.misbehave(faults.redirect(), times=None)
    assert site.refresh().word == "failed" and site.replica.elsewhere.requests == []


def test_a_redirect_on_the_same_host_is_followed(site, tmp_path):
    site.replica.files.put("2024", CENSUS.editions[0].content, modified=day("2024-06-05"))
    site.replica.misbehave(to("/files/2024"), path="country", times=None)
    outcome = site.refresh()
    assert (outcome.word, outcome.release.released, outcome.requests) == ("new", "2024-06-05", 2)
    assert outcome.release.files[0].name == "country.xlsx"
    assert site.newest == told(CENSUS, 0, tmp_path)


def test_what_it_leads_to_is_no_less_looked_at(site):
    site.replica.files.put("2024", CENSUS.editions[0].content)
    site.replica.misbehave(to("/files/2024"), path="country", times=None)
    site.replica.misbehave(faults.truncated(), path="2024", times=None)
    outcome = site.refresh()
    assert outcome.word == "failed" and "sends a damaged country.xlsx (tried 4 times)" in outcome.text
    site.replica.heal()
    site.replica.misbehave(to("/files/2024"), path="country", times=None)
    assert site.refresh().word == "new"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://figures.example/country.xlsx", "not by https"),
        ("ftp://127.0.0.1/country.xlsx", "does not name"),
        ("http://[country.xlsx", "leads to no address"),
        ("/files/country.xlsx", "TooManyRedirects"),
    ],
)
def test_a_redirect_to_nowhere_good_is_not_followed(site, address, reason):
    site.replica.misbehave(to(address), times=None)
    outcome = site.refresh(hosts=["figures.example"])
    assert outcome.word == "failed" and reason in outcome.text


def linked(site: Site, *links: str, **more):
    """Refresh NATO from a page with these links, beside those that any page has."""
    site.serve(NATO, 0)
    site.replica.files["page.html"] = page(*links)
    return site.refresh(**more)


def test_the_newest_is_chosen_by_its_name_whatever_else_is_linked(site):
    old, new = "100101-def-exp-2009-TABLES-en.xlsx", NATO.editions[0].file
    others = ("http://[no-address", "mailto:230909-def-exp-2023-TABLES-en.xlsx", "991231-def-exp-1999-TABLES-fr.xlsx")
    outcome = linked(site, f"../files/{new}?v=2#top", old, *others)
    assert (outcome.word, outcome.release.released) == ("new", "2023-07-07"), outcome.text


def test_a_page_without_a_fitting_link(site):
    outcome = linked(site, "def-exp.pdf")
    assert outcome.word == "failed" and outcome.text.startswith(f"{site.host} no longer links to a file named like")
    assert "claimbook data ingest" in outcome.text and "correct `link` in data/upstreams.yaml" in outcome.text


def test_a_page_that_is_no_html_at_all(site):
    site.serve(NATO, 0)
    site.replica.files["page.html"] = b"<![broken" + page(NATO.editions[0].file)
    outcome = site.refresh()
    assert outcome.word == "failed" and outcome.text.startswith(site.host)


@pytest.mark.parametrize("secure", ["http", "https"])
def test_a_link_to_another_host_is_not_asked(site, secure):
    elsewhere = site.replica.elsewhere.url.replace("http", secure)
    outcome = linked(site, f"{elsewhere}/250101-def-exp-2025-TABLES-en.xlsx", NATO.editions[0].file)
    assert outcome.word == "failed" and "is not named in data/upstreams.yaml for nato" in outcome.text
    assert site.replica.elsewhere.requests == []


def test_a_link_without_https_is_not_asked(site):
    link = "http://figures.example/250101-def-exp-2025-TABLES-en.xlsx"
    outcome = linked(site, link, hosts=["figures.example"])
    assert outcome.word == "failed" and outcome.text.startswith("figures.example") and "https" in outcome.text


def test_a_link_to_a_host_that_is_declared_is_followed(site):
    elsewhere = site.replica.elsewhere.url
    link = f"{elsewhere}/250101-def-exp-2025-TABLES-en.xlsx"
    outcome = linked(site, link, hosts=[elsewhere.removeprefix("http://")])
    assert len(site.replica.elsewhere.requests) == 4  # it gives a web page where a workbook is due
    assert outcome.word == "failed" and "sends a damaged 250101-def-exp-2025-TABLES-en.xlsx" in outcome.text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("241345-def-exp-2024-TABLES-en.xlsx", "its name tells no day"),
        ("990101-def-exp-2099-TABLES-en.xlsx", "its name tells a day to come"),
    ],
)
def test_a_link_named_with_an_impossible_date(site, name, reason):
    outcome = linked(site, name, NATO.editions[0].file)
    assert outcome.word == "failed" and name in outcome.text and reason in outcome.text
    assert site.asked == ["page.html"]


def test_a_pattern_that_finds_words_where_years_are_due(site):
    outcome = linked(site, NATO.editions[0].file, link=r"(?P<year>def)-exp")
    assert outcome.word == "failed" and "its name tells no day; correct `link`" in outcome.text


# What the files hold

FAULTY = {
    "renamed header": (CENSUS, faults.renamed("EJAN", "Economy"), "country.xlsx, sheet 'Sheet', row 1: no column EJAN"),
    "renamed year": (NATO, faults.renamed("2023e", "Economy"), "sheet 'Sheet', row 3, column E: the header 'Economy'"),
    "new country": (CENSUS, faults.new_country(name="Nowhere"), "row 14, column C: group 0015 is called 'Nowhere'"),
    "new ally": (NATO, faults.new_country(name="Nowhere"), "row 11, column C: unknown country or group 'Nowhere'"),
    "formula": (CENSUS, faults.formula(), "country.xlsx, sheet 'Sheet', row 2, column B: '' is not a partner's code"),
    "every row twice": (CENSUS, faults.repeated(), "row 13, column AC: the partners of 2022 sum to 1,440.0"),
    "texts for numbers": (CENSUS, faults.text_numbers(), "row 2, column B: '4,231.0' is not a partner's code"),
    "NaN": (NATO, faults.nan(), "row 5, column D: 'NaN' is neither a figure nor a known mark"),
}


@pytest.mark.parametrize(("publisher", "fault", "place"), FAULTY.values(), ids=FAULTY.keys())
def test_a_file_that_is_not_understood_waits_with_a_report_that_names_the_cell(site, holding, publisher, fault, place):
    site.held(publisher)
    before = holding(site.folder)
    edition = site.serve(publisher, 1)
    site.replica.misbehave(fault, path=edition.file, times=None)
    outcome = site.refresh()
    assert outcome.word == "quarantined" and "not understood" in outcome.text and outcome.cautions == ()
    assert holding(site.folder) == before
    report = (outcome.quarantine / "report.md").read_text(encoding="utf-8")
    assert place in report and "## What to do" in report and f"/files/{edition.file}" in report
    assert place in json.loads((outcome.quarantine / "report.json").read_text(encoding="utf-8"))["faults"][0]
    assert (outcome.quarantine / "files" / edition.file).read_bytes()[:2] == b"PK"
    site.replica.heal()
    assert site.refresh().word == "new"
    assert not site.quarantine.exists() and well(site.folder)


ODD = {
    "missing country": (CENSUS, faults.missing_country("Belgium"), {"countries-lost"}, "BEL"),
    "missing ally": (NATO, faults.missing_country("Belgium"), {"countries-lost"}, "BEL"),
    "a thousand times too large": (CENSUS, None, {"values-jump"}, "1,000 times"),
    "a thousand times too small": (NATO, None, {"values-jump"}, "0.001 times"),
    "year to come": (NATO, faults.future_year(2090), {"future-year"}, "2090"),
}
SCALED = {"census": lambda: workbook(_scaled(trade(), 1000)), "nato": lambda: workbook(_scaled(shares(), 0.001))}


def _scaled(rows: list[list], factor: float) -> list[list]:
    return [[cell * factor if isinstance(cell, float) else cell for cell in row] for row in rows]


@pytest.mark.parametrize(("publisher", "fault", "names", "what"), ODD.values(), ids=ODD.keys())
def test_an_odd_file_waits_until_somebody_takes_it(site, holding, publisher, fault, names, what):
    site.held(publisher)
    before = holding(site.folder)
    edition = site.serve(publisher, 1, None if fault else SCALED[publisher.name]())
    if fault:
        site.replica.misbehave(fault, path=edition.file, times=None)
    outcome = site.refresh()
    assert outcome.word == "quarantined" and names <= {caution.name for caution in outcome.cautions}, outcome.text
    assert holding(site.folder) == before
    report = (outcome.quarantine / "report.md").read_text(encoding="utf-8")
    assert what in report and all(f"--accept {name}" in report for name in names)
    every = tuple({caution.name for caution in outcome.cautions})
    assert site.refresh(accept=every).word == "new" and not site.quarantine.exists()


@pytest.mark.parametrize("publisher", [NATO, SIPRI], ids=lambda publisher: publisher.name)
@pytest.mark.parametrize("fault", [faults.repeated(), faults.text_numbers(), faults.wrong_type()], ids=lambda f: f.name)
def test_what_is_told_otherwise_but_says_the_same_is_taken(site, publisher, fault, tmp_path):
    edition = site.serve(publisher, 0)
    site.replica.misbehave(fault, path=edition.file, times=None)
    outcome = site.refresh()
    assert outcome.word == "new", outcome.text
    assert site.newest == told(publisher, 0, tmp_path)


def test_a_formula_that_was_never_computed_is_no_figure(site):
    site.held(NATO)
    edition = site.serve(NATO, 1)
    site.replica.misbehave(faults.formula(), path=edition.file, times=None)
    outcome = site.refresh()
    assert outcome.word == "new", outcome.text
    store = Store(site.folder)
    frame = store.figures(store.releases[-1], "nato.defence_expenditure_share_gdp")
    belgium = frame[frame["reporter"] == "BEL"]
    assert sorted(belgium["period"]) == [2023, 2024]  # the formula stood where 2022 was
    assert site.replica.elsewhere.requests == []


@pytest.mark.parametrize("publisher", ALL, ids=lambda publisher: publisher.name)
def test_markup_in_a_country_s_name_is_told_as_text_only(site, holding, publisher):
    site.held(publisher)
    before = holding(site.folder)
    edition = site.serve(publisher, 1)
    site.replica.misbehave(faults.script_name("Belgium"), path=edition.file, times=None)
    outcome = site.refresh()
    assert outcome.word == "quarantined" and holding(site.folder) == before
    lines = (outcome.quarantine / "report.md").read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if "<script" in line]
    assert found and all(line.startswith("    ") for line in found)  # to Markdown, code


# What is too large

MEASURED = """
import sys
from pathlib import Path
from analysis.fetching.upstreams import upstreams
from analysis.refresh import refresh
(outcome,) = refresh(list(upstreams(Path(sys.argv[1])).values()), Path(sys.argv[2]))
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(outcome.word, peak, outcome.text, sep="|")
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="this system does not tell a process's peak memory")
@pytest.mark.parametrize(("publisher", "megabytes"), [(CENSUS, 300), (CENSUS, 95), (SIPRI, 300), (SIPRI, 95)])
def test_a_zip_bomb_waits_in_quarantine_and_takes_little_memory(site, publisher, megabytes, tmp_path):
    edition = site.serve(publisher, 0)
    site.replica.misbehave(faults.zip_bomb(megabytes), path=edition.file, times=None)
    entry = {**publisher.entry, "address": publisher.entry["address"].format(url=site.replica.url)}
    declared = tmp_path / "declared.yaml"
    declared.write_text(json.dumps({publisher.name: {**entry, "pace": {"first_wait": 0.01, "read": 5.0}}}))
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, declared, site.folder], capture_output=True, text=True, timeout=120, check=True
    )
    word, peak, text = ended.stdout.strip().split("|", 2)
    assert word == "quarantined"
    assert "times its size, more than 50" in text
    assert int(peak) < 600_000  # kB
    assert list(site.quarantine.glob("*/files/*.xlsx")) and not list(site.folder.rglob("*.parquet"))


def test_a_file_larger_than_anything_is_not_taken(site, holding, monkeypatch):
    site.held(CENSUS)
    before = holding(site.folder)
    edition = site.serve(CENSUS, 1)
    monkeypatch.setattr(client, "MAX_BYTES", len(edition.content) - 1)
    outcome = site.refresh()
    assert outcome.word == "failed" and f"{site.host} sends more than" in outcome.text
    assert len(site.asked) == 1 and holding(site.folder) == before


# What is declared

DECLARED = {
    "unknown publisher": ("nobody: {how: file, address: 'https://a.example/b'}", "publisher 'nobody' is not declared"),
    "page without link": ("nato: {how: page, address: 'https://a.example/b'}", "nato: .*has a `link`"),
    "file with link": ("nato: {how: file, address: 'https://a.example/b', link: c}", "nato: .*has a `link`"),
    "bad pattern": ("nato: {how: page, address: 'https://a.example/b', link: '(c'}", "nato: link: .*not a pattern"),
    "api without key": (
        "census: {how: census, address: 'https://a.example/b', api: 'https://a.example/c'}",
        "census: .*`api` and `key` go together",
    ),
    "http": ("census: {how: file, address: 'http://a.example/b'}", "census: address: .*https is needed"),
    "http to what looks like this machine": (
        "census: {how: file, address: 'http://127.0.0.1@a.example/b'}",
        "census: address: .*https is needed",
    ),
    "an api by http": (
        "census: {how: census, address: 'https://a.example/b', api: 'http://a.example/c', "
        "key: {variable: A_KEY, parameter: key, ask: 'https://a.example'}}",
        "census: api: .*https is needed",
    ),
    "no address": ("census: {how: file, address: somewhere}", "census: address: "),
    "broken address": ("census: {how: file, address: 'https://[a'}", "census: address: "),
    "an address where a host is due": (
        "nato: {how: file, address: 'https://a.example/b', hosts: ['https://c.example/']}",
        "nato: hosts.0: ",
    ),
    "unknown way": ("census: {how: mail, address: 'https://a.example/b'}", "census: how: "),
    "unknown word": ("census: {how: file, address: 'https://a.example/b', adress: x}", "census: adress: "),
    "too many tries": ("census: {how: file, address: 'https://a.example/b', pace: {attempts: 99}}", "pace.attempts"),
    "no entry": ("census: https://a.example/b", "census: not an entry"),
    "a list": ("[census]", "not a list of publishers"),
    "twice": ("census: {}\ncensus: {}", "the key 'census' is given twice"),
}


@pytest.mark.parametrize(("text", "reason"), DECLARED.values(), ids=DECLARED.keys())
def test_faulty_declarations_are_named(tmp_path, text, reason):
    (tmp_path / "upstreams.yaml").write_text(text)
    with pytest.raises(ClaimbookError, match=f"^upstreams.yaml, ?.*{reason}|^upstreams.yaml: .*{reason}"):
        upstreams(tmp_path / "upstreams.yaml")


def test_the_book_s_own_upstreams_are_declared_without_fault():
    assert {"worldbank", "census", "nato", "sipri"} <= set(upstreams())
