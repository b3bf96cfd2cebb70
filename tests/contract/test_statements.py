"""The ledger restated for other countries: true by the figures, sourced, told once, and for any country there is."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from analysis import areas, claims
from analysis.editions import contents, files, pages, statements
from analysis.editions.statements import Subject, subject
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.measures import compute
from analysis.snapshots.store import store

COUNTRIES = ("NLD", "USA", "GRD", "RUS", "XKX", "BEL")


@pytest.fixture(scope="module")
def told():
    return {code: statements.statements(subject(code), store()) for code in COUNTRIES}


def test_what_machines_read_keeps_to_its_schema(told):
    schema = json.loads(data("statements.schema.json").read_text(encoding="utf-8"))
    records = [files.record(subject(code), told[code], store().newest) for code in COUNTRIES]
    for published in (*records, {"editions": records}):
        jsonschema.validate(json.loads(files.as_json(published)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"editions": [{**json.loads(files.as_json(records[0])), "statements": [{}]}]}, schema)


def by_claim(found, name):
    return next(entry for entry in found if name in entry.claims)


@pytest.mark.parametrize("code", COUNTRIES)
def test_sentences_are_whole_and_sourced(told, code):
    assert told[code]
    for entry in told[code]:
        assert (
            entry.sentence[0].isupper() and entry.sentence.endswith(".") and not re.search(r"[{}]|nan", entry.sentence)
        )
        assert str(entry.year) in entry.sentence
        assert entry.sources and entry.definition and entry.measure and entry.series
        ranked = claims.claim(entry.claims[0]).unit_of(claims.claim(entry.claims[0]).reading(entry.reading)) == "rank"
        assert (entry.rank is not None) == ranked
    sentences = [entry.sentence for entry in told[code]]
    assert len(sentences) == len(set(sentences))
    assert {name for entry in told[code] for name in entry.claims} <= {claim.id for claim in statements.restatable()}


@pytest.mark.parametrize("name", ["ics-export-market-rank", "nvs-top-ten-exporter", "nvs-un-contributor"])
def test_a_rank_is_what_the_measure_says_of_that_country_and_year(told, name):
    for code in ("NLD", "RUS"):
        entry = by_claim(told[code], name)
        reading = claims.claim(name).reading(entry.reading)
        frame = compute(
            reading.measure, store().as_of(store().newest), country=code, partner="USA", inputs=reading.inputs
        )
        row = frame[frame["year"] == entry.year].iloc[0]
        assert (entry.rank, entry.rank_best, entry.rank_worst) == tuple(
            int(row[key]) for key in ("rank", "rank_best", "rank_worst")
        )


def test_the_same_sentence_is_told_once_for_all_claims_that_come_to_it(told):
    share = by_claim(told["NLD"], "ics-defence-below-one-per-cent")
    assert "ics-well-below-commitments" in share.claims


def test_the_country_of_the_documents_stands_beside_and_not_beside_itself(told):
    assert by_claim(told["NLD"], "ics-export-market-rank").beside.startswith("Belgium: ")
    assert all(entry.beside == "" for entry in told["BEL"])


def test_the_other_side_of_ties_has_the_documents_country_for_partner(told):
    assert subject("USA") == Subject("USA", "BEL") and subject("NLD") == Subject("NLD", "USA")
    assert subject("NLD", "DEU") == Subject("NLD", "DEU")
    assert any("Belgium" in entry.sentence for entry in told["USA"])


def test_another_currency_is_told_in_its_own(told):
    assert "Russian rubles at prices" in by_claim(told["RUS"], "manifesto-starting-budget").sentence


@pytest.mark.parametrize(
    ("country", "partner", "said"),
    [
        ("NDL", "", "country: unknown country"),
        ("EUU", "", "not a country"),
        ("NLD", "NLD", "both NLD"),
        ("NLD", "x", "partner"),
    ],
)
def test_what_is_no_country_is_refused(country, partner, said):
    with pytest.raises(ClaimbookError, match=said):
        subject(country, partner)


def test_chapters_follow_what_can_be_told(told):
    kept, left = contents.chapters(subject("NLD"), told["NLD"])
    assert {"trade", "defence", "investment"} <= set(kept)
    reasons = {entry.name: entry.why for entry in left}
    assert "the same in every edition" in reasons["people"]
    kept, left = contents.chapters(subject("GRD"), told["GRD"])
    assert "defence" not in kept
    assert "No figures are held" in {entry.name: entry.why for entry in left}["defence"]
    assert set(kept) | {entry.name for entry in left} == set(contents.order())


def test_the_page_cites_each_sentence_with_its_release(told):
    about = subject("NLD")
    kept, left = contents.chapters(about, told["NLD"])
    page = pages.first(about, told["NLD"], kept, left, store().newest, "https://example.org/editions/")
    entry = by_claim(told["NLD"], "ics-export-market-rank")
    assert f"https://example.org/editions/NLD/index.html#{entry.claims[0]}" in page
    assert f"Figures: {entry.source}." in page
    assert "[Trade](trade.ipynb)" in page


def test_names_of_any_kind_are_escaped_on_the_page(told):
    about = subject("NLD")
    entry = told["NLD"][0]
    hostile = type(entry)(**{**entry.__dict__, "sentence": "<script>alert(1)</script>", "note": "</section><b>"})
    page = pages.first(about, [hostile], [], [], store().newest, "")
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "<b>" not in page


def test_files_for_machines_hold_every_sentence_and_are_safe_to_open(told):
    records = [files.record(subject(code), told[code], store().newest) for code in ("NLD", "GRD")]
    lines = files.as_csv(records).splitlines()
    assert len(lines) == 1 + len(told["NLD"]) + len(told["GRD"])
    assert lines[0].split(",")[:3] == ["country", "country_name", "partner"]
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line.split(","))


def test_every_country_of_which_figures_are_held_has_a_sentence():
    codes = sorted(code for code, entry in areas.areas().items() if entry.kind == "country")
    held = statements.with_figures(codes, store())
    assert 200 < len(held) <= len(codes)
    # A few from the ends of the list: the whole of it is what `claimbook editions` makes.
    for code in (*held[:2], *held[-2:]):
        assert isinstance(statements.statements(subject(code), store()), list)


def test_what_would_be_true_to_the_letter_and_mislead_is_not_said():
    def sentences(code):
        return {name: entry for entry in statements.statements(subject(code), store()) for name in entry.claims}

    # Nothing invested makes no source of investment, and no soldiers no expenditure.
    assert "ics-fdi-rank" not in sentences("PRK")
    panama = sentences("PAN")
    assert "ics-defence-decline" not in panama or "100.0 per cent" not in panama["ics-defence-decline"].sentence
    assert all(entry.value > 0 for code in ("PRK", "CUB", "TUV") for entry in sentences(code).values() if entry.rank)
    # A change from next to nothing is no change in per cent.
    assert "nvs-climate-target" not in sentences("GRL") and "nvs-climate-target" not in sentences("ASM")
    # Who is left out of an average has no gap to it.
    for code in ("FRA", "GBR", "USA", "CAN"):
        assert "nvs-defence-average" not in sentences(code)
    assert "nvs-defence-average" in sentences("POL")
    # A figure of 1960 says nothing of today.
    assert all(
        entry.year > store().newest.year - 16 for code in ("NGA", "SOM", "TKM") for entry in sentences(code).values()
    )


def test_names_read_well_in_sentences():
    for code, name in (("VCT", "St. Vincent and Grenadines"), ("PSE", "Palestine"), ("COK", "the Cook Islands")):
        assert areas.called(code) == name


def test_an_estimate_is_not_told_more_closely_than_it_is_known():
    entry = next(e for e in statements.statements(subject("NLD"), store()) if "manifesto-personnel" in e.claims)
    assert entry.flag == "estimate" and "42,500 military personnel" in entry.sentence
