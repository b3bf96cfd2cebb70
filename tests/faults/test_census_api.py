"""The Census Bureau's API at its worst, and its key: what is refused is told with a reason, and the key is never told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest
from replica import Census, Replica, Reply, faults
from replica.calls import Fault
from replica.wire import as_json, as_page

from analysis.refresh import refresh
from analysis.refresh_json import outcome as as_data
from analysis.snapshots import ingest
from analysis.snapshots.store import Store, store
from analysis.snapshots.verify import verify

RELEASE = "census-2025-10-18"
FLOWS = ("census.goods_exports", "census.goods_imports")
SECRET = "0123456789abcdef-secret"
EXPORTS, IMPORTS = "/exports/hs", "/imports/hs"
FIRST = "2025-11-01"


@pytest.fixture(scope="module")
def two_years() -> Census:
    """A release's newest two whole years."""
    whole = Census.of(store(), RELEASE)
    years = sorted(whole.rows["year"].unique())[-2:]
    return Census(whole.rows[whole.rows["year"].isin(years)])


@pytest.fixture
def replica(two_years):
    census = two_years.copy()
    census.keys = {SECRET}
    with Replica(census=census) as running:
        yield running


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def refreshed(replica, folder, upstreams_at, monkeypatch):
    """Refresh the store from the replica's Census Bureau, with the key unless another or none is named."""

    def run(key: str | None = SECRET, accept: tuple[str, ...] = (), **more):
        if key is None:
            monkeypatch.delenv("CENSUS_API_KEY", raising=False)
        else:
            monkeypatch.setenv("CENSUS_API_KEY", key)
        entry = {
            "how": "census",
            "address": f"{replica.url}/files/country.xlsx",
            "api": f"{replica.url}/data/timeseries/intltrade",
            "key": {"variable": "CENSUS_API_KEY", "parameter": "key", "ask": "https://keys.example/"},
            **more,
        }
        (outcome,) = refresh(upstreams_at(replica.url, census=entry), folder, accept=accept)
        return outcome

    return run


@pytest.fixture(scope="module")
def by_hand(two_years, tmp_path_factory) -> list[Path]:
    """The API's rows of both flows as files, made without the client."""
    paths, place = [], tmp_path_factory.mktemp("by hand")
    for flow, measure in (("exports", "ALL_VAL_MO"), ("imports", "GEN_VAL_MO")):
        rows = two_years.rows[(two_years.rows["direction"] == flow) & (two_years.rows["value"] != 0)]
        rows = rows.rename(columns={"year": "YEAR", "month": "MONTH", "value": measure})
        paths.append(place / f"{flow}.csv")
        rows.drop(columns="direction").to_csv(paths[-1], index=False)
    return paths


@pytest.fixture(scope="module")
def held_before(by_hand, tmp_path_factory) -> Path:
    """A store that holds these figures under an earlier day."""
    place = tmp_path_factory.mktemp("held") / "data"
    ingest.ingest("census", by_hand, FIRST, folder=place)
    return place


@pytest.fixture
def held(held_before, folder) -> Path:
    """The same, of the test's own."""
    for path in held_before.rglob("*"):
        if path.is_file():
            (folder / path.relative_to(held_before)).parent.mkdir(parents=True, exist_ok=True)
            (folder / path.relative_to(held_before)).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(autouse=True)
def never_told(replica, tmp_path):
    """After every test: the key is in none of the files that it left, and nobody elsewhere was asked."""
    yield
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
    assert replica.elsewhere.requests == []


def newest(folder: Path) -> bytes:
    return (folder / Store(folder).releases[-1].path).read_bytes()


def well(folder: Path) -> bool:
    return all(not problems for _, problems in verify(folder))


# The key


def test_with_a_key_two_requests_bring_the_figures_of_a_release_made_by_hand(refreshed, replica, folder, held_before):
    outcome = refreshed()
    assert (outcome.word, outcome.requests, outcome.advice) == ("new", 2, ()), outcome.text
    assert [request.path[-len(EXPORTS) :] for request in replica.requests] == [EXPORTS, IMPORTS]
    assert {request.query["key"] for request in replica.requests} == {SECRET}
    assert abs((outcome.release.day - dt.datetime.now(dt.UTC).date()).days) <= 1
    assert outcome.release.addresses == (f"{replica.url}/data/timeseries/intltrade",)
    assert newest(folder) == newest(held_before)
    assert well(folder)


def test_those_are_the_figures_of_the_publisher_s_own_release(refreshed, folder, two_years):
    refreshed()
    found, release = Store(folder), next(entry for entry in store().releases if entry.name == RELEASE)
    for flow in FLOWS:
        own = store().figures(release, flow)
        own = own[own["period"].isin(two_years.rows["year"].unique()) & (own["value"] > 0)]
        pair = (
            frame.set_index(["partner", "period"])["value"].sort_index()
            for frame in (found.figures(found.releases[-1], flow), own)
        )
        pd.testing.assert_series_equal(*pair, rtol=1e-12, check_index_type=False)


@pytest.mark.parametrize("key", [None, "", "  "], ids=["not set", "empty", "blank"])
def test_without_a_key_the_file_is_asked_for_and_it_is_told_where_one_is_had(refreshed, replica, key):
    outcome = refreshed(key=key)
    (advice,) = outcome.advice
    assert "CENSUS_API_KEY is not set" in advice and "https://keys.example/" in advice
    assert [request.path for request in replica.requests] == ["/files/country.xlsx"]
    assert outcome.word == "failed" and f"{replica.url.removeprefix('http://')} answers 404" in outcome.text


def test_space_around_a_key_is_none_of_it(refreshed):
    assert refreshed(key=f" {SECRET}\n").word == "new"


@pytest.mark.parametrize("keys", [set(), {"another"}], ids=["no key is known", "another is"])
def test_a_key_that_is_refused_is_told_at_once_and_never_shown(refreshed, replica, held, holding, keys):
    """The Bureau leads such a request to a web page on the same host, and that page has a good status."""
    replica.census.keys = keys
    before = holding(held)
    outcome = refreshed()
    host = replica.url.removeprefix("http://")
    assert (outcome.word, outcome.requests) == ("failed", 2)
    assert outcome.text.startswith(f"{host} does not accept the key in CENSUS_API_KEY; correct it, or unset it")
    assert SECRET not in repr(outcome) + as_data(outcome, held).model_dump_json()
    assert holding(held) == before and not held.with_name("data.quarantine").exists()


def to(address: str) -> Fault:
    return Fault(
        "moved", "Send the client to this address.", lambda call: Reply(status=302, headers={"Location": address})
    )


@pytest.mark.parametrize(
    "fault",
    [faults.status(400), faults.status(500), faults.reset(), faults.hang(), to(f"/data/nowhere?key={SECRET}")],
    ids=lambda fault: fault.name,
)
def test_no_failure_shows_the_key(refreshed, replica, folder, fault):
    replica.misbehave(fault, path=EXPORTS, times=None)
    outcome = refreshed(pace={"attempts": 2, "first_wait": 0.01, "read": 0.3, "per_second": 1000})
    assert outcome.word == "failed" and outcome.text.startswith("127.0.0.1:")
    assert SECRET not in repr(outcome) + as_data(outcome, folder).model_dump_json()
    assert (folder.parent / "cache" / "census" / "answers.sqlite").is_file()  # its bytes are looked at after the test


def test_the_key_goes_to_nobody_else(refreshed, replica):
    replica.misbehave(faults.redirect(), path=IMPORTS, times=None)
    outcome = refreshed()
    assert outcome.word == "failed" and "which data/upstreams.yaml does not name" in outcome.text
    assert SECRET not in repr(outcome)  # that nobody was asked is checked after every test


# Faults that pass

MAINTENANCE = Fault(
    "maintenance",
    "A page whose words are near those of a refused key.",
    lambda call: as_page(
        '<html><head><meta name="keywords" content="key, missing"></head><body>Back soon</body></html>'
    ),
)
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
    "JSON cut off": (faults.truncated(), 2),
    "compressed and cut off": (faults.gzip_cut(), 2),
    "HTML": (faults.html(), 2),
    "HTML that speaks of keys": (MAINTENANCE, 2),
    "XML": (faults.xml(), 2),
    "no rows": (faults.empty(), 2),
    "no table": (Fault("object", "", lambda call: as_json({"error": "try later"})), 2),
    "a table of no rows": (Fault("texts", "", lambda call: as_json(["CTY_CODE", "CTY_NAME"])), 2),
    "brackets without end": (Fault("deep", "", lambda call: as_page("[" * 100_000, kind="application/json")), 2),
}


@pytest.mark.parametrize("place", [EXPORTS, IMPORTS])
@pytest.mark.parametrize(("fault", "times"), PASSING.values(), ids=PASSING.keys())
def test_a_fault_that_passes_changes_nothing_in_the_release(
    refreshed, replica, folder, held_before, fault, times, place
):
    replica.misbehave(fault, path=place, times=times)
    outcome = refreshed()
    assert (outcome.word, outcome.requests) == ("new", 2 + times), outcome.text
    assert newest(folder) == newest(held_before)


@pytest.mark.parametrize("fault", [fault for fault, _ in PASSING.values()], ids=PASSING.keys())
def test_a_fault_that_stays_is_told_and_leaves_no_trace(refreshed, replica, held, holding, fault):
    before = holding(held)
    replica.misbehave(fault, path=IMPORTS, times=None)
    outcome = refreshed(pace={"attempts": 2, "first_wait": 0.01, "longest_wait": 0.5, "read": 0.3, "per_second": 1000})
    assert outcome.word == "failed" and outcome.text.startswith("127.0.0.1:")
    assert "(tried 2 times)" in outcome.text or "left alone for 1 seconds" in outcome.text
    assert holding(held) == before and not held.with_name("data.quarantine").exists()


@pytest.mark.parametrize(
    "fault", [faults.text_numbers(), faults.repeated(), faults.wrong_type()], ids=lambda fault: fault.name
)
def test_what_is_told_otherwise_but_says_the_same_is_the_same(refreshed, replica, folder, held_before, fault):
    replica.misbehave(fault, times=None)
    assert refreshed().word == "new"
    assert newest(folder) == newest(held_before)


# What the API says


def test_nothing_for_the_years_asked_for(refreshed, replica, held, holding):
    before = holding(held)
    outcome = refreshed(first_year=dt.datetime.now(dt.UTC).year)
    assert outcome.word == "failed" and outcome.text.endswith("has no exports for the years asked for")
    assert holding(held) == before


def changed(change) -> Fault:
    """The table with its rows changed in place."""

    def act(call):
        reply = call.right()
        if "json" not in reply.headers.get("Content-Type", ""):
            return reply
        table = json.loads(reply.body)
        change(table)
        return as_json(table)

    return Fault("changed", "Change the table.", act)


def cell(name: str, value):
    """A fault that puts a value into the first row."""
    return changed(lambda table: table[1].__setitem__(table[0].index(name), value))


REFUSED = {
    "renamed column": (
        faults.renamed(),
        "gives exports without CTY_CODE; it gives Economy, CTY_NAME, ALL_VAL_MO, time",
    ),
    "renamed measure": (faults.renamed("ALL_VAL_MO", "VALUE"), "gives exports without ALL_VAL_MO"),
    "a short row": (changed(lambda table: table[5].pop()), "gives 3 cells in row 6 of exports"),
    "no month": (cell("time", "2024"), "gives '2024' in row 2 of exports, which is no month"),
    "no time": (cell("time", None), "gives '' in row 2 of exports, which is no month"),
}


@pytest.mark.parametrize(("fault", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_table_of_another_form_is_refused(refreshed, replica, held, holding, fault, reason):
    before = holding(held)
    replica.misbehave(fault, path=EXPORTS, times=None)
    outcome = refreshed()
    assert outcome.word == "failed" and reason in outcome.text, outcome.text
    assert holding(held) == before


FAULTY = {
    "a bare NaN": (faults.nan(), "'nan' is not an amount of trade"),
    "words": (cell("ALL_VAL_MO", "n/a"), "'n/a' is not an amount of trade"),
    "nothing": (cell("ALL_VAL_MO", None), "'' is not an amount of trade"),
    "less than nothing": (cell("ALL_VAL_MO", "-5"), "'-5' is not an amount of trade"),
    "a formula": (cell("ALL_VAL_MO", "=1+1"), "'=1+1' is not an amount of trade"),
    "a truth": (cell("ALL_VAL_MO", True), "'True' is not an amount of trade"),
    "a month that is none": (cell("time", "2024-13"), "'13' is not a month"),
    "a year that is none": (cell("time", "24-01"), "'24' is not a year"),
    "a new country": (faults.new_country("9999", "NOWHERE"), "unknown partner 'NOWHERE' (code 9999)"),
    "a code that is none": (cell("CTY_CODE", "<b>"), "'<b>' is not a partner's code"),
    "markup in a name": (faults.script_name("BELGIUM"), "'BELGIUM<script>alert(1)</script>'"),
    "a formula in a name": (faults.formula("BELGIUM"), "unknown partner '=HYPERLINK("),
}


@pytest.mark.parametrize(("fault", "reason"), FAULTY.values(), ids=FAULTY.keys())
def test_figures_that_are_not_understood_wait_with_a_report(refreshed, replica, held, holding, fault, reason):
    before = holding(held)
    replica.misbehave(fault, path=EXPORTS, times=None)
    outcome = refreshed()
    assert outcome.word == "quarantined" and outcome.cautions == (), outcome.text
    assert holding(held) == before
    report = (outcome.quarantine / "report.md").read_text(encoding="utf-8")
    (line,) = [line for line in report.splitlines() if reason in line]
    assert line.startswith("    exports.csv, row ")
    assert {path.name for path in (outcome.quarantine / "files").iterdir()} == {"exports.csv", "imports.csv"}
    replica.heal()
    assert refreshed().word == "same"


def test_the_same_figures_on_another_day_are_no_release(refreshed, held, holding):
    before = holding(held)
    outcome = refreshed()
    assert (outcome.word, outcome.text, outcome.requests) == ("same", "the same figures as are held", 2)
    assert outcome.release.released == FIRST and holding(held) == before


def test_figures_without_a_country_that_is_held_are_not_the_same(refreshed, replica, held, holding):
    before = holding(held)
    replica.misbehave(faults.missing_country("BELGIUM"), times=None)
    outcome = refreshed()
    assert outcome.word == "quarantined" and "countries-lost" in outcome.text
    assert holding(held) == before


def test_a_figure_that_was_revised_makes_one(refreshed, replica, held):
    rows = replica.census.rows
    belgium = rows[(rows["direction"] == "exports") & (rows["CTY_CODE"] == "4231") & (rows["month"] == 6)].iloc[-1]
    replica.census.change("exports", "4231", int(belgium["year"]), float(belgium["value"]) + 12_000_000)
    outcome = refreshed()
    assert outcome.word == "new", outcome.text
    first, _ = Store(held).releases
    assert first.released == FIRST
    assert refreshed().word == "same" and well(held)


def test_figures_a_thousand_times_too_large_wait_until_somebody_takes_them(refreshed, replica, held, holding):
    before = holding(held)
    replica.misbehave(faults.thousandfold("exports"), path=EXPORTS, times=None)
    outcome = refreshed()
    assert (outcome.word, outcome.text) == ("quarantined", "odd: values-jump") and holding(held) == before
    assert refreshed(accept=("values-jump",)).word == "new" and not outcome.quarantine.exists()
