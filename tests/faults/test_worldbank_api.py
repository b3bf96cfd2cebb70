"""The World Bank's API at its worst: each fault is survived, or refused with a reason, and none leaves a trace."""

from __future__ import annotations

import re

import pytest
from replica import faults

from analysis.snapshots.store import Store
from analysis.snapshots.verify import verify

PAGES = r"/series/.*/country/.*[?&]page="
SERIES = "NY.GDP.MKTP.CD"


def well(folder) -> bool:
    return all(not problems for _, problems in verify(folder))


# Faults that pass: asked again, the API answers as it should.
PASSING = {
    "429, to be left alone for a second": faults.status(429, retry_after=1),
    "500": faults.status(500),
    "502": faults.status(502),
    "503, until a date": faults.status(503, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"),
    "504": faults.status(504),
    "hangs": faults.hang(),
    "resets the connection": faults.reset(),
    "drops in the middle": faults.drop(),
    "JSON cut off": faults.truncated(),
    "HTML where JSON is due": faults.html(),
    "XML where JSON is due": faults.xml(),
    "an empty page": faults.empty(),
    "the first page again": faults.repeated(),
    "too few pages announced": faults.pages_too_few(),
    "too many pages announced": faults.pages_too_many(),
    "says it is longer than it is": faults.length_too_long(),
    "says it is shorter than it is": faults.length_too_short(),
    "compressed and cut off": faults.gzip_cut(),
}


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        pytest.param(fault, place, id=f"{name}, {where}")
        for name, fault in PASSING.items()
        for place, where in (("page=1(?!\\d)", "first page"), ("page=4", "page in the middle"))
        if (name, where) != ("the first page again", "first page")
    ],
)
def test_a_fault_that_passes_changes_nothing_in_the_release(replica, refreshed, held, second_release, fault, place):
    rule = replica.misbehave(fault, path=r"/series/.*" + place, times=2)
    outcome = refreshed()
    assert outcome.word == "new", outcome.text
    assert rule.used >= 1
    newest = Store(held).releases[-1]
    assert newest.released == "2026-10-01"
    assert (held / newest.path).read_bytes() == second_release
    assert well(held)


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_a_fault_that_stays_is_told_and_leaves_no_trace(replica, refreshed, held, holding, fault):
    before = holding(held)
    replica.misbehave(fault, path=r"/series/.*page=4", times=None)
    outcome = refreshed()
    assert outcome.word == "failed"
    assert re.search(r"tried 4 times|announced|spoke of", outcome.text), outcome.text
    assert holding(held) == before
    assert not held.with_name("data.quarantine").exists()


def test_the_bank_does_not_answer_at_all(replica, refreshed, held, holding):
    before = holding(held)
    replica.misbehave(faults.reset(), times=None)
    outcome = refreshed()
    assert outcome.word == "failed" and "(tried 4 times)" in outcome.text
    assert holding(held) == before


def test_a_server_that_asks_for_an_hour_is_left_alone(replica, refreshed):
    replica.misbehave(faults.status(429, retry_after=3600), path="/sources/2", times=None)
    outcome = refreshed()
    assert outcome.word == "failed" and "left alone for 3600 seconds" in outcome.text
    assert len(replica.requests) == 1


def test_a_redirect_to_elsewhere_is_not_followed(replica, refreshed, held, holding):
    before = holding(held)
    replica.misbehave(faults.redirect(), path=PAGES, times=None)
    outcome = refreshed()
    assert outcome.word == "failed" and "which data/upstreams.yaml does not name" in outcome.text
    assert replica.elsewhere.requests == []
    assert holding(held) == before


def test_a_renamed_concept_is_refused(replica, refreshed, held, holding):
    before = holding(held)
    replica.misbehave(faults.renamed("Country", "Economy"), path=PAGES, times=None)
    outcome = refreshed()
    assert outcome.word == "failed" and "not Country, Series, Time" in outcome.text
    assert holding(held) == before


def test_a_second_release_asks_once_and_then_only_for_what_is_new(replica, refreshed):
    assert refreshed().word == "new"
    replica.forget()
    assert (refreshed().word, len(replica.requests)) == ("same", 1)


# Faults of the figures: the release waits in quarantine with a report.
ODD = {
    "a new country": (faults.new_country("ZZZ", "Nowhere"), "faulty", "'ZZZ' (Nowhere) is not known"),
    "NaN": (faults.nan(), "faulty", "is not a number"),
    "a missing country": (faults.missing_country("Belgium"), "countries-lost", "BEL"),
    "a thousand times too large": (faults.thousandfold(SERIES), "values-jump", "1,000 times"),
    "a year to come": (faults.future_year(2090), "future-year", "2090"),
}


@pytest.mark.parametrize(("fault", "name", "told"), ODD.values(), ids=ODD.keys())
def test_faulty_or_odd_figures_wait_in_quarantine(replica, refreshed, held, holding, fault, name, told):
    before = holding(held)
    replica.misbehave(fault, path=r"/series/.*/country/", times=None)
    outcome = refreshed()
    assert outcome.word == "quarantined", outcome.text
    assert holding(held) == before
    report = (outcome.quarantine / "report.md").read_text(encoding="utf-8")
    assert told in report and "## What to do" in report
    if name == "faulty":
        assert outcome.cautions == () and "not understood" in outcome.text
    else:
        assert name in {caution.name for caution in outcome.cautions} and f"--accept {name}" in report
    kept = {path.parent.name for path in (outcome.quarantine / "files").rglob("data.csv")}
    assert SERIES in kept


def test_numbers_spelled_as_text_are_the_same_numbers(replica, refreshed, held, second_release):
    replica.misbehave(faults.text_numbers(), path=PAGES, times=None)
    assert refreshed().word == "new"
    assert (held / Store(held).releases[-1].path).read_bytes() == second_release


def test_markup_in_a_country_s_name_goes_nowhere(replica, refreshed, held, second_release):
    replica.misbehave(faults.script_name("Belgium"), path=PAGES, times=None)
    assert refreshed().word == "new"
    assert (held / Store(held).releases[-1].path).read_bytes() == second_release
    assert all(b"<script" not in path.read_bytes() for path in held.rglob("*") if path.is_file())


def test_a_unit_that_changed_is_a_fault(replica, refreshed, held, holding):
    before = holding(held)
    replica.worldbank.retitle(SERIES, "GDP (current international $)")
    outcome = refreshed()
    assert outcome.word == "quarantined" and "'current international dollars'" in outcome.text
    assert holding(held) == before


def test_an_indicator_that_was_given_up_is_named(replica, refreshed, held, holding):
    before = holding(held)
    replica.worldbank.drop(series=SERIES)
    outcome = refreshed()
    assert outcome.word == "failed" and f"no longer gives {SERIES}" in outcome.text
    assert holding(held) == before


@pytest.mark.parametrize("day", ["yesterday", None, "2026-13-01"])
def test_a_date_that_is_none(replica, refreshed, day):
    replica.worldbank.lastupdated = day
    outcome = refreshed()
    assert outcome.word == "failed" and "not a date" in outcome.text


def test_a_date_that_has_not_come(replica, refreshed):
    replica.worldbank.lastupdated = "2999-01-01"
    outcome = refreshed()
    assert outcome.word == "failed" and "2999-01-01, which has not come" in outcome.text


def test_pages_of_two_releases_are_never_mixed(replica, refreshed, held):
    """A refresh that was cut off goes on from its pages, unless the Bank has brought out another release meanwhile."""
    replica.misbehave(faults.reset(), path=r"/series/.*page=4", times=None)
    assert refreshed().word == "failed"
    replica.heal()
    replica.forget()
    replica.worldbank.change(SERIES, "BEL", 2023, 6.6e11)
    replica.worldbank.lastupdated = "2026-10-15"
    assert refreshed().word == "new"
    assert any("page=1&" in request.target for request in replica.requests if "/country/" in request.target)
    newest = Store(held).releases[-1]
    told = Store(held).figures(newest, f"worldbank.{SERIES}")
    assert told[(told["reporter"] == "BEL") & (told["period"] == 2023)]["value"].item() == 6.6e11


def test_a_refresh_that_was_cut_off_goes_on_from_its_pages(replica, refreshed):
    rule = replica.misbehave(faults.reset(), path=r"/series/.*page=9", times=None)
    assert refreshed().word == "failed" and rule.used
    replica.heal()
    replica.forget()
    assert refreshed().word == "new"
    asked = [request.target for request in replica.requests if "/country/" in request.target]
    assert len(asked) < 10 and not any("page=1&" in target for target in asked)


def test_a_date_that_goes_backwards(replica, refreshed, held, holding):
    before = holding(held)
    replica.worldbank.lastupdated = "2026-01-15"
    outcome = refreshed()
    assert (outcome.word, outcome.text) == ("quarantined", "odd: date-backwards")
    assert holding(held) == before


def test_accepted_by_name_a_release_is_taken_and_it_is_recorded_by_whom(replica, refreshed, held):
    replica.worldbank.scale(SERIES, 1000)
    refused = refreshed()
    assert refused.word == "quarantined"
    waiting = refused.quarantine
    assert waiting.is_dir()
    assert refreshed(accept=["countries-lost"], by="A. Nalyst").word == "quarantined"
    taken = refreshed(accept=["values-jump"], by="A. Nalyst")
    assert taken.word == "new" and not waiting.exists()
    (accepted,) = {(entry.caution, entry.by) for entry in Store(held).releases[-1].accepted}
    assert accepted == ("values-jump", "A. Nalyst")
    assert well(held)


def test_an_unknown_caution_is_refused_before_anybody_is_asked(replica, refreshed):
    with pytest.raises(Exception, match=r"--accept everything: there is no such caution; there are: date-backwards"):
        refreshed(accept=["everything"])
    assert replica.requests == []
