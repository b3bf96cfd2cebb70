"""The command line, on a small book: what it prints, and how it leaves."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from analysis import audit, claims, cli, engine, home
from analysis.errors import ClaimbookError
from analysis.snapshots import catalogue, store
from analysis.snapshots.verify import verify

X, M, SHARE = "census.goods_exports", "census.goods_imports", "nato.defence_expenditure_share_gdp"
DOCUMENT = {
    "id": "doc", "short": "A document", "title": "A document", "author": "Somebody", "language": "en",
    "dated": "2016-08-27", "country": "BEL", "partner": "USA",
}  # fmt: skip
TRADE = {
    "id": "doc-trade", "theme": "trade", "title": "Trade of [bold]55[/] million", "statement": "It is 55 million.",
    "place": "Page 1", "printed": "around 55 million", "unit": "USD",
    "readings": [{
        "id": "goods", "label": "Goods", "definition": "Exports plus imports", "measure": "two_way_trade",
        "inputs": {"exports": X, "imports": M},
    }],
}  # fmt: skip
MARKET = {
    "id": "doc-market", "theme": "trade", "title": "Second market", "statement": "It is the second.", "place": "Page 2",
    "printed": "2nd largest", "unit": "rank",
    "readings": [{
        "id": "market", "label": "Market", "definition": "Exports", "measure": "rank_as_destination",
        "inputs": {"exports": X},
    }],
}  # fmt: skip
PERSONNEL = {
    "id": "doc-personnel", "theme": "defence", "title": "30,000 soldiers", "statement": "There are 30,000.", "place": "Page 3",
    "printed": "around 30,000", "unit": "persons",
    "readings": [{"id": "nato", "label": "NATO", "definition": "Personnel", "measure": "personnel",
                  "inputs": {"persons": "nato.military_personnel"}}],
}  # fmt: skip
CENSUS = "year,country_code,exports_year_musd,imports_year_musd\n"


def written(path: Path, *entries: dict, **document) -> Path:
    ledger = {"document": {**DOCUMENT, **document}, "claims": list(entries)}
    path.write_text(yaml.safe_dump(ledger), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def kept(kept_shelf, figures):
    """Two releases of goods trade."""
    us = ("USA", "BEL")
    for released, last in (("2015-03-05", 2014), ("2016-03-04", 2015)):
        years = range(2012, last + 1)
        ours = {year: 42.5 - 5 * (2015 - year) for year in years}
        theirs, world = dict.fromkeys(years, 99.0), dict.fromkeys(years, 200.0)
        rows = figures(X, {us: ours, ("USA", "NLD"): theirs, ("USA", "WLD"): world})
        rows += figures(M, {us: dict.fromkeys(years, 12.5), ("USA", "NLD"): theirs})
        kept_shelf.add("census", released, rows)
    return kept_shelf


@pytest.fixture
def run(kept, tmp_path, monkeypatch):
    """Run a command on the small book: its exit code, what it printed, and what it complained of."""
    held = kept.store()
    ledger = tuple(claims.read(written(tmp_path / "ledger.yaml", TRADE, MARKET, PERSONNEL)))
    monkeypatch.setattr(store, "store", lambda: held)
    monkeypatch.setattr(claims, "declared", lambda: ledger)
    for console in (cli.out, cli.err):
        monkeypatch.setattr(console, "_width", 200)
    runner = CliRunner()

    def command(*arguments) -> tuple[int, str, str]:
        result = runner.invoke(cli.app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return command


@pytest.fixture
def copy(kept, tmp_path):
    """A copy of the store that a test may spoil."""
    return Path(shutil.copytree(kept.folder, tmp_path / "copy"))


# audit


def test_an_audit_is_a_table_of_all_claims(run):
    code, out, err = run("audit")
    assert (code, err) == (0, "")
    assert "3 claims, figures as of 4 March 2016" in out
    for told in ("doc-trade", "doc-market", "doc-personnel", "around 55 million", "not testable", "supported"):
        assert told in out


def test_what_a_claim_says_is_no_markup_of_the_terminal(run):
    assert "[bold]55[/] million" in run("audit", "doc-trade")[1]


def test_an_audit_as_json_keeps_the_contract(run):
    code, out, err = run("audit", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert audit.AuditJson.model_validate(told).model_dump(mode="json") == told
    assert [claim["id"] for claim in told["claims"]] == ["doc-trade", "doc-market", "doc-personnel"]
    assert told["as_of"] == "2016-03-04"
    assert told["claims"][2]["verdict"] == dict.fromkeys(("when_written", "as_revised", "today"), "not testable")
    json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_an_audit_of_some_claims_in_their_order(run):
    told = json.loads(run("audit", "doc-market", "doc-trade", "--json")[1])
    assert [claim["id"] for claim in told["claims"]] == ["doc-market", "doc-trade"]


def test_an_audit_as_of_an_earlier_day_hides_later_releases(run):
    told = json.loads(run("audit", "doc-trade", "--as-of", "2015-12-31", "--json")[1])
    assert told["as_of"] == "2015-12-31"
    assert told["claims"][0]["readings"][0]["today"]["released"] == "2015-03-05"


def test_an_audit_before_everything_is_not_testable_today(run):
    told = json.loads(run("audit", "--as-of", "1950-01-01", "--json")[1])
    assert {claim["verdict"]["today"] for claim in told["claims"]} == {"not testable"}


def test_an_unknown_claim_leaves_with_one_and_a_hint(run):
    code, out, err = run("audit", "doc-trad")
    assert (code, out) == (1, "")
    assert err.startswith("error: no claim 'doc-trad'; there are: doc-trade")
    assert "Traceback" not in err


@pytest.mark.parametrize("day", ["2016", "yesterday", "2016-02-30", ""])
def test_a_day_that_is_none_leaves_with_one(run, day):
    code, out, err = run("audit", "--as-of", day)
    assert (code, out) == (1, "")
    assert f"{day!r} is not a date; write YYYY-MM-DD" in err


# Another ledger


def test_another_ledger_is_audited(run, tmp_path):
    path = written(tmp_path / "own.yaml", {**TRADE, "id": "own-claim"}, id="own", country="NLD")
    told = json.loads(run("audit", "--claims", path, "--json")[1])
    assert [(claim["id"], claim["document"], claim["country"]) for claim in told["claims"]] == [
        ("own-claim", "own", "NLD")
    ]


TRICKS = {
    "nothing": "",
    "a scalar": "hello",
    "a list": "[]",
    "a tab": "\tdocument: ics",
    "a null character": "document: \x00",
    "two documents": "document: ics\n---\nclaims: []\n",
    "an object of Python": "document: !!python/object/apply:os.system ['true']\nclaims: [{}]\n",
    "an impossible date": "document: {id: d, dated: 2018-13-45}\nclaims: [{}]\n",
    "an endless number": "document: " + "9" * 5000 + "\n",
    "no integer": "document: !!int abc\n",
    "no boolean": "document: !!bool maybe\n",
    "no time": "document: !!timestamp abc\n",
    "a list as key, twice": "? [a]\n: 1\n? [a]\n: 2\n",
    "a key twice": "document: ics\ndocument: nvs\nclaims: [{}]\n",
    "a list within itself": "document: &a [*a]\nclaims: [{}]\n",
    "three thousand brackets": "document: " + "[" * 3000 + "]" * 3000,
    "a billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "document: *i\nclaims: [{}]\n",
    "claims that are none": "document: ics\nclaims: [a, 1, null, []]\n",
    "no claims": "document: ics\nclaims: []\n",
    "an unknown document": "document: nowhere\nclaims: [{}]\n",
    "a claim with a document": "document: ics\nclaims: [{id: a, document: nvs}]\n",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_ledger_that_is_none_leaves_with_one_and_names_the_file(run, tmp_path, trick):
    (tmp_path / "trick.yaml").write_text(TRICKS[trick], encoding="utf-8")
    code, out, err = run("audit", "--claims", tmp_path / "trick.yaml")
    assert (code, out) == (1, "")
    assert err.startswith("error: trick.yaml")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"printed": "many"}, "printed figure 'many'"),
        ({"printed": "top 0"}, "ranks begin at 1"),
        ({"printed": "top 10", "tolerance": 0.1}, "a tolerance goes with a word of approximation"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"country": "BEX"}, "unknown country or group 'BEX'"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"id": "Doc Trade"}, "id: String should match pattern"),
        ({"readings": []}, "give `readings`, or say in `untestable` why there are none"),
        ({"readings": [{**TRADE["readings"][0], "measure": "two_way"}]}, "unknown measure 'two_way'"),
        ({"readings": [{**TRADE["readings"][0], "inputs": {"exports": X}}]}, "needs the input 'imports'"),
        (
            {"readings": [{**TRADE["readings"][0], "inputs": {"exports": X, "imports": M, "seen_by": "Belgium"}}]},
            "input seen_by: 'Belgium'",
        ),
    ],
)
def test_a_faulty_claim_is_named_with_its_field(run, tmp_path, change, said):
    code, out, err = run("audit", "--claims", written(tmp_path / "own.yaml", {**TRADE, **change}))
    assert (code, out) == (1, "")
    assert err.startswith(f"error: own.yaml, {change.get('id', 'doc-trade')}: ")
    assert said in err


@pytest.mark.parametrize("name", ["none.yaml", "."])
def test_a_ledger_that_cannot_be_read_leaves_with_one(run, tmp_path, name):
    code, out, err = run("audit", "--claims", tmp_path / name)
    assert (code, out) == (1, "")
    assert err.startswith("error: ")


# trace


def test_a_trace_names_candidates_and_says_how_many_it_tried(run):
    code, out, err = run("trace", "doc-market")
    assert (code, err) == (0, "")
    assert "doc-market: 2nd largest" in out
    for told in ("US goods exports by destination", "rank of Belgium among all countries", "census 2015-03-05, 2016-03-04",
                 "matches", "as in the reading market", "2nd", "candidates tried in 2 releases",
                 "A trace never changes a verdict."):  # fmt: skip
        assert told in out


def test_a_trace_as_json(run):
    code, out, _ = run("trace", "doc-trade", "--json", "--most", "3")
    found = json.loads(out)
    assert code == 0
    assert (found["claim"], found["printed"], len(found["nearest"])) == ("doc-trade", "around 55 million", 3)
    assert found["tried"] >= 3
    assert found["nearest"][0]["series"] == [X, M]


def test_a_trace_without_anything_to_compare_says_so(run):
    code, out, _ = run("trace", "doc-personnel")
    assert code == 0
    assert "no release holds a figure that could be compared with 'around 30,000'" in out


def test_a_trace_of_a_trend_leaves_with_one(run, tmp_path):
    path = written(tmp_path / "own.yaml", {**TRADE, "printed": "rising every year"})
    code, _, err = run("trace", "doc-trade", "--claims", path)
    assert code == 1
    assert "'rising every year' is a trend" in err


def test_a_trace_of_an_unknown_claim_leaves_with_one(run):
    code, _, err = run("trace", "doc-mark")
    assert code == 1
    assert "no claim 'doc-mark'; there are: doc-market" in err


@pytest.mark.parametrize("most", ["0", "201", "x"])
def test_a_number_of_candidates_out_of_range_is_a_wrong_call(run, most):
    assert run("trace", "doc-trade", "--most", most)[0] == 2


# data


def test_data_verify_is_well_where_all_is_well(run, kept):
    code, out, err = run("data", "verify", "--store", kept.folder)
    assert (code, err) == (0, "")
    assert out.splitlines() == ["census-2015-03-05: ok", "census-2016-03-04: ok"]


def test_data_verify_leaves_with_one_where_a_byte_was_changed(run, copy):
    path = copy / "snapshots/census/2016-03-04.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    code, out, err = run("data", "verify", "--store", copy)
    assert code == 1
    assert out.splitlines() == ["census-2015-03-05: ok"]
    assert "census-2016-03-04: 1 problem(s)" in err
    assert "the file was changed" in err
    assert "error: 1 release(s) failed" in err


def test_data_verify_leaves_with_one_where_there_is_no_store(run, tmp_path):
    code, _, err = run("data", "verify", "--store", tmp_path / "none")
    assert code == 1
    assert "lists no release" in err


def test_data_list_tells_what_is_held(run, kept):
    code, out, err = run("data", "list", "--store", kept.folder)
    assert (code, err) == (0, "")
    told = [line for line in out.splitlines() if "census" in line]
    assert [line.split()[1:6:2] for line in told] == [
        ["census", "2015-03-05", "transcribed"],
        ["census", "2016-03-04", "transcribed"],
    ]
    assert "2012\u20132015" in out


def test_data_ingest_adds_a_release(run, tmp_path):
    (tmp_path / "trade.csv").write_text(CENSUS + "2015,BEL,34.5,19.5\n", encoding="utf-8")
    arguments = (
        "data",
        "ingest",
        "census",
        tmp_path / "trade.csv",
        "--released",
        "2016-03-04",
        "--store",
        tmp_path / "data",
    )
    code, out, err = run(
        *arguments, "--obtained", "transcribed", "--note", "A note", "--address", "https://census.gov/"
    )
    assert (code, err) == (0, "")
    assert out == "census-2016-03-04: 2 observations of 2 series\n"
    (release,) = catalogue.releases(tmp_path / "data")
    assert (release.obtained, release.note, release.addresses) == ("transcribed", "A note", ("https://census.gov/",))
    assert all(not problems for _, problems in verify(tmp_path / "data"))
    assert run(*arguments)[0] == 0


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        ("2015,Atlantis,1,1\n", (), "bad.csv, row 2, column B: 'Atlantis' is not a known country or group"),
        ("", (), "nothing written"),
        ("2015,BEL,1,1\n", ("--obtained", "guess"), "--obtained guess: say one of downloaded, extracted, transcribed"),
        ("2015,BEL,1,1\n", ("--edition", "2015"), "edition"),
        ("2015,BEL,1,1\n", ("--released", "spring"), "'spring' is not a date"),
    ],
)
def test_data_ingest_of_what_is_not_understood_leaves_with_one_and_writes_nothing(
    run, copy, holding, tmp_path, body, more, said
):
    (tmp_path / "bad.csv").write_text(CENSUS + body, encoding="utf-8")
    before = holding(copy)
    code, out, err = run(
        "data", "ingest", "census", tmp_path / "bad.csv", "--store", copy, "--released", "2017-03-04", *more
    )
    assert (code, out) == (1, "")
    assert said in err
    assert "Traceback" not in err
    assert holding(copy) == before


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx", "folder.csv", "folder.xlsx"])
def test_data_ingest_of_a_file_that_cannot_be_read_names_it(run, tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "folder.xlsx").mkdir()
    code, _, err = run(
        "data", "ingest", "census", tmp_path / name, "--store", tmp_path / "data", "--released", "2017-03-04"
    )
    assert code == 1
    assert f"error: {name}: " in err
    assert not (tmp_path / "data").exists()


def test_data_ingest_for_nobody_is_told_who_there_is(run, tmp_path):
    code, _, err = run(
        "data", "ingest", "oecd", tmp_path / "x.csv", "--released", "2017-03-04", "--store", tmp_path / "data"
    )
    assert code == 1
    assert "publisher 'oecd' is not declared in data/publishers.yaml; there are:" in err


# run, chapters, schemas


@pytest.fixture
def executed(monkeypatch):
    calls = []
    monkeypatch.setattr(engine, "execute", lambda *arguments, **more: calls.append((arguments, more)))
    return calls


def test_run_executes_a_chapter_with_its_parameters(run, executed, tmp_path):
    code, out, err = run("run", "trade", tmp_path / "out.ipynb", "-p", "country=NLD", "--parameter", "start_year=2012")
    assert (code, err) == (0, "")
    assert out.split()[0] == "wrote"
    (((notebook, output, given), _),) = executed
    assert (notebook.name, output, given) == (
        "trade.ipynb",
        tmp_path / "out.ipynb",
        {"country": "NLD", "start_year": 2012},
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trade", "out.ipynb", "-p", "country=Atlantis"), "country: unknown country or group 'Atlantis'"),
        (("trade", "out.ipynb", "-p", "contry=NLD"), "did you mean country?"),
        (("trad", "out.ipynb"), "no chapter 'trad'; there are: "),
    ],
)
def test_run_with_a_wrong_parameter_starts_nothing(run, executed, arguments, said):
    code, _, err = run("run", *arguments)
    assert code == 1
    assert said in err
    assert executed == []


def test_chapters_list_tells_every_parameter(run):
    code, out, _ = run("chapters", "list")
    assert code == 0
    assert "trade" in out.splitlines()
    assert "  country: str = 'BEL'" in out


def test_schemas_are_written_and_checked(run, tmp_path, monkeypatch):
    monkeypatch.setattr(home, "data", lambda *parts: tmp_path.joinpath(*parts))
    code, _, err = run("schemas", "--check")
    assert code == 1
    assert (
        "out of date: claims.schema.json, audit.schema.json, diff.schema.json, refresh.schema.json, verdicts.schema.json, "
        "claim.schema.json, changes.schema.json, version.schema.json, corrections.schema.json, versions.schema.json, "
        "statements.schema.json; run `claimbook schemas`" in err
    )
    assert run("schemas")[0] == 0
    assert run("schemas", "--check") == (0, "", "")
    assert run("schemas") == (0, "", "")
    assert json.loads((tmp_path / "claims.schema.json").read_text(encoding="utf-8"))["title"] == "claimbook ledger"


# Where the book is


@pytest.fixture
def found(tmp_path, monkeypatch):
    """The folder that is found from a working directory; a book stands in `book`."""
    (tmp_path / "book" / "data").mkdir(parents=True)
    (tmp_path / "book" / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    (tmp_path / "book" / "chapters").mkdir()
    (tmp_path / "elsewhere").mkdir()

    def from_there(place: str, named: str | None = None) -> Path:
        monkeypatch.chdir(tmp_path / place)
        monkeypatch.delenv("CLAIMBOOK_HOME", raising=False)
        if named is not None:
            monkeypatch.setenv("CLAIMBOOK_HOME", named)
        return home.home.__wrapped__()

    return from_there


@pytest.mark.parametrize(
    ("place", "named"),
    [("book", None), ("book/chapters", None), ("elsewhere", "../book"), ("book/data", "..")],
)
def test_a_book_is_found_by_name_or_here_or_above(found, tmp_path, place, named):
    assert found(place, named) == tmp_path / "book"


def test_a_name_wins_over_where_one_is(found, tmp_path):
    with pytest.raises(ClaimbookError, match=r"CLAIMBOOK_HOME names .*elsewhere, which has no data/datapackage\.json"):
        found("book", str(tmp_path / "elsewhere"))


def test_without_a_book_nearby_it_is_the_one_this_program_came_with(found, tmp_path):
    place = found("elsewhere")
    assert place != tmp_path / "book"
    assert (place / "data" / "publishers.yaml").is_file()


# The whole


@pytest.mark.parametrize("arguments", [(), ("data",), ("chapters",)])
def test_without_a_command_there_is_help(run, arguments):
    code, out, err = run(*arguments)
    assert code in (0, 2)
    assert "Usage" in out + err


def test_an_unknown_command_is_a_wrong_call(run):
    assert run("audits")[0] == 2


def test_a_fault_that_no_user_can_put_right_shows_itself(run, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a fault of the program")

    monkeypatch.setattr(audit, "audit", broken)
    with pytest.raises(ZeroDivisionError):
        run("audit")


def test_today_is_the_newest_release_and_never_the_clock(run, kept):
    assert (
        json.loads(run("audit", "--json")[1])["as_of"] == kept.store().newest.isoformat() != dt.date.today().isoformat()
    )
