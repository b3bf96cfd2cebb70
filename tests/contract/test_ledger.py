"""The ledger: every file of data/claims and the documents it speaks of."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from analysis import claims, measures, records
from analysis.home import data
from analysis.series import series
from analysis.snapshots.store import store

FILES = sorted(data("claims").glob("*.yaml"))
CLAIMS = claims.ledger()
READINGS = [
    pytest.param(claim, reading, id=f"{claim.id}/{reading.id}") for claim in CLAIMS for reading in claim.readings
]
SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
# What has been published once is an address: it stays.
PUBLISHED = {
    "ics-two-way-trade": ("goods-and-services", "goods", "goods-mirror"),
    "ics-fdi-rank": ("ultimate-owner", "foreign-parent", "foreign-parent-with-islands"),
    "ics-affiliate-jobs": ("affiliates",),
    "ics-export-market-rank": ("exports-by-destination", "exports-by-destination-un"),
    "ics-trade-surplus": ("goods", "goods-and-services", "goods-mirror", "among-ten-largest"),
    "ics-defence-below-one-per-cent": ("nato", "nato-core", "sipri"),
    "ics-wales-two-per-cent": ("own-wording", "own-wording-all-allies", "outturn", "outturn-core"),
    "ics-wales-equipment": ("own-wording", "own-wording-all-allies", "outturn-core", "outturn-move"),
    "nvs-trade-share": ("exports", "exports-and-imports", "half-of-both"),
    "nvs-top-ten-exporter": ("goods-world-bank", "goods", "goods-and-services"),
}


def plain(path: Path):
    """A YAML file as JSON has it: dates as text."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_keeps_the_published_schema(path):
    schema = json.loads(data("claims.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(plain(path))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda claim: claim.pop("statement"), "statement"),
        (lambda claim: claim.update(colour="red"), "colour"),
        (lambda claim: claim.update(id="Two Words"), "Two Words"),
        (lambda claim: claim.update(kind="rumour"), "rumour"),
        (lambda claim: claim.update(readings=[{"id": "one"}]), "label"),
        (lambda claim: claim.update(tolerance=0.5), "0.5"),
        (lambda claim: claim.update(records=[{"record": "some-record", "agrees": True}]), "told"),
        (lambda claim: claim.update(records=[{"record": "Some Record", "agrees": True, "told": "So."}]), "Some Record"),
        (lambda claim: claim.update(figure={"title": "A chart", "scale": 0}), "0"),
        (lambda claim: claim.update(echoes=["Two Words"]), "Two Words"),
    ],
)
def test_the_schema_refuses_what_is_wrong(change, told):
    ledger = plain(data("claims", "ics.yaml"))
    change(ledger["claims"][0])
    schema = json.loads(data("claims.schema.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError, match=told):
        jsonschema.Draft202012Validator(schema).validate(ledger)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_named_after_its_document_and_points_editors_to_the_schema(path):
    text = path.read_text(encoding="utf-8")
    assert plain(path)["document"] == path.stem
    assert text.startswith("# yaml-language-server: $schema=../claims.schema.json\n")
    assert data("claims", "../claims.schema.json").exists()


def test_ids_are_unique_and_begin_with_their_document():
    names = [claim.id for claim in CLAIMS]
    assert len(names) == len(set(names))
    for claim in CLAIMS:
        assert re.fullmatch(rf"{claim.document.id}(-[a-z0-9]+)+", claim.id)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_ids_stay(name):
    held = [reading.id for reading in claims.claim(name).readings]
    assert [reading for reading in held if reading in PUBLISHED[name]] == list(PUBLISHED[name])


@pytest.mark.parametrize(("claim", "reading"), READINGS)
def test_every_series_of_a_reading_is_registered_and_held(claim, reading):
    assert reading.series
    for identifier in reading.series:
        assert series(identifier).id == identifier
        assert store().carrying(identifier), f"no release holds {identifier}"


@pytest.mark.parametrize(("claim", "reading"), READINGS)
def test_every_reading_yields_figures_in_its_unit(claim, reading):
    frame = measures.compute(
        reading.measure, store().as_of(store().newest), country=claim.about, partner=claim.other, inputs=reading.inputs
    )
    assert len(frame) > 0
    # A rank has figures that are ranked, anything else has none.
    assert frame["rank"].notna().all() == (claim.quantity(reading).kind == "rank")
    assert (claim.unit_of(reading) == "rank") == (claim.quantity(reading).kind == "rank")


@pytest.mark.parametrize(("claim", "reading"), READINGS)
def test_names_are_filled_in(claim, reading):
    for text in (reading.label, reading.definition):
        assert not re.search(r"[{}]", claim.define(text))
    assert len(claim.define(reading.label)) <= 40
    assert not reading.definition.endswith(".")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_sentences_are_sentences(claim):
    told = [cited.told for cited in claim.records]
    for text in (claim.statement, *claim.caveats, *told, *([claim.untestable] if claim.untestable else [])):
        first = text.lstrip("'\"")[0]
        assert (first.isupper() or first.isdigit()) and text.endswith("."), text
    for text in (claim.title, claim.place, claim.threshold or "A"):
        assert not text[0].islower() and not text.endswith("."), text
    for reading in claim.readings:
        if reading.note:
            assert reading.note.text[0].isupper() and reading.note.text.endswith("."), reading.note.text


def test_an_adjective_has_a_threshold_and_a_figure_has_none():
    with_threshold = {claim.id for claim in CLAIMS if claim.threshold}
    assert with_threshold & set(PUBLISHED) == {"ics-trade-surplus"}
    for claim in CLAIMS:
        assert claim.readings or not claim.threshold, f"{claim.id}: a threshold tests nothing without readings"


def test_a_tolerance_is_small_and_goes_with_a_word_of_approximation():
    for claim in CLAIMS:
        assert claim.tolerance == 0 or (
            claim.printed is not None
            and claim.printed.startswith(("around", "about", "some"))
            and claim.tolerance <= 0.05
        )


def test_a_pledge_shows_its_outturn_apart():
    for claim in CLAIMS:
        roles = {reading.role for reading in claim.readings}
        if claim.kind == "pledge" and claim.readings:
            assert "outturn" in roles, claim.id
        if claim.kind == "forecast":  # what the year brings decides it and is no outturn
            assert "outturn" not in roles, claim.id


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    listed = words(text)
    return {tuple(listed[at : at + length]) for at in range(len(listed) - length + 1)}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the documents' texts are not beside the checkout")
def test_no_sentence_is_copied_from_the_documents():
    """No run of six words is shared with any of the audited texts."""
    theirs = set()
    for path in sorted(SEEDS.glob("*.txt")):
        theirs |= runs(path.read_text(encoding="utf-8"), 6)
    assert len(theirs) > 10_000
    for claim in CLAIMS:
        ours = [claim.title, claim.statement, *claim.caveats, claim.threshold or "", claim.untestable or ""]
        ours += [claim.unheld or "", claim.figure.title if claim.figure else ""]
        ours += [text for cited in claim.records for text in (cited.told, cited.record.says)]
        ours += [
            text
            for reading in claim.readings
            for text in (reading.definition, reading.note.text if reading.note else "")
        ]
        for text in ours:
            assert not runs(claim.define(text) if text else "", 6) & theirs, text


def test_every_record_is_cited_and_told_in_our_own_words():
    """A register that nobody cites would grow unread; what a page says is told, never quoted at length."""
    used = {cited.record.id for claim in CLAIMS for cited in claim.records}
    assert set(records.records()) <= used, sorted(set(records.records()) - used)
    for record in records.records().values():
        first = record.says.lstrip("'\"")[0]
        assert (first.isupper() or first.isdigit()) and record.says.endswith("."), record.id
        assert not record.title.endswith("."), record.id


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.kind == "fact"], ids=lambda claim: claim.id)
def test_a_fact_names_the_most_authoritative_record_first(claim):
    """What the body itself published decides before what a paper tells of it."""
    settling = [cited.record for cited in claim.records if cited.agrees is not None]
    official = [record.dated or "9999" for record in settling if record.standing == "official"]
    if official and settling[0].standing != "official":
        # One that was written nearer to the event may stand before what the body told long after it.
        assert (settling[0].dated or "9999") < min(official)


def test_records_are_not_read_in_the_future_nor_dated_after_they_were_read():
    for record in records.records().values():
        assert record.known_by(record.seen) or record.dated is None, record.id


def test_echoes_lead_both_ways_or_to_the_older_document():
    known = {claim.id: claim for claim in CLAIMS}
    for claim in CLAIMS:
        for other in claim.echoes:
            assert known[other].document.id != claim.document.id
            assert len(set(claim.echoes)) == len(claim.echoes)


def test_the_comparison_would_notice_a_copy():
    assert runs("We enjoy, each year, a large\nsurplus!", 6) & runs("they say we enjoy each year a large thing", 6)


# -- Documents -------------------------------------------------------------------------------------------------

DOCUMENTS = list(claims.documents().values())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_a_document_is_dated_or_ranged(document):
    assert dt.date(2010, 1, 1) < document.day < store().newest
    if document.dated is None:
        assert document.earliest < document.latest and len(document.dating) > 40
    else:
        assert document.earliest is None and document.latest is None and document.dating is None


def test_the_documents_are_those_of_the_book():
    assert [document.id for document in DOCUMENTS] == ["ics", "ct", "manifesto", "nvs", "openness"]
    assert claims.documents()["ics"].dated == dt.date(2018, 8, 27)
    assert claims.documents()["nvs"].dated == dt.date(2021, 12, 1)
    assert {claim.document.id for claim in CLAIMS} <= set(claims.documents())
