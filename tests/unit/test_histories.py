"""The layer beside frozen versions: histories of pages, kept from version to version, and the files that hold them."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import frozen
import hostile
import pytest

from analysis.errors import ClaimbookError
from analysis.languages import told
from analysis.languages.catalogue import TRANSLATED, language
from analysis.versions import changes, histories, layer, page_texts, record

TRADE = "ics-two-way-trade"
NAMES = tuple(frozen.DAYS)
SMALL = (TRADE, "ics-liege-cargo", "nvs-founder-host")


@pytest.fixture(scope="module")
def five(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("five")
    return [frozen.frozen(folder, name) for name in NAMES]


def told_of(versions: list[Path]) -> list[dict]:
    return [{"name": one.name, "as_of": frozen.DAYS.get(one.name, dt.date(2026, 12, 1))} for one in versions]


def grown(folder: Path, versions: list[Path], corrections=(), difference=None) -> layer.Files:
    """The layer in a folder after the versions were published one after the other; what the last one changed."""
    made = layer.Files({}, ())
    for number, version in enumerate(versions):
        listed = told_of(versions[: number + 1])
        made = layer.files(folder if number else None, version, difference if number else None, listed, corrections)
        for path, text in made.texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    return made


def history(folder: Path, page: str) -> histories.History:
    return histories.read((folder / layer.path(page)).read_text(encoding="utf-8"), page)


def data(text: str) -> dict:
    """What a script of one call hands over."""
    return json.loads(re.fullmatch(r"claimbookLayer\.\w+\((.*)\);\n", text)[1])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Steps


def test_a_value_is_kept_where_it_changes_and_nowhere_else():
    steps = []
    for name, value in (("2019.06", "a"), ("2022.06", "a"), ("2024.06", "b"), ("2025.12", None), ("2026.11", "b")):
        steps = histories.put(steps, name, value, None)
    assert steps == [("2019.06", "a"), ("2024.06", "b"), ("2025.12", None), ("2026.11", "b")]
    assert [histories.at(steps, name) for name in ("2019.05", "2023.01", "2026.10", "2027.01")] == [
        None,
        "a",
        None,
        "b",
    ]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("a", [("2019.06", "a"), ("2026.11", "b")]),
        ("b", [("2019.06", "a"), ("2022.06", "b")]),
        ("c", [("2019.06", "a"), ("2022.06", "c"), ("2024.06", "a"), ("2026.11", "b")]),
        (None, [("2019.06", "a"), ("2022.06", None), ("2024.06", "a"), ("2026.11", "b")]),
    ],
)
def test_a_version_added_between_others_leaves_what_they_say(value, wanted):
    following = "2026.11" if value == "b" else "2024.06"
    steps = [("2019.06", "a"), ("2026.11", "b")]
    made = histories.put(steps, "2022.06", value, following)
    assert made == wanted
    assert all(histories.at(made, name) == histories.at(steps, name) for name in ("2019.06", following, "2026.11"))


def test_candidates_stand_before_the_version_they_are_for():
    steps = histories.put([("2026.12rc1", "a")], "2026.12", "b", None)
    assert histories.at(steps, "2026.12rc2") == "a" and histories.at(steps, "2026.12.1") == "b"


# What a page says


def test_two_pages_that_differ_in_version_and_day_alone_say_the_same():
    def page(name: str, day: dt.date, english: str, dutch: str, figure: str = "66.1") -> str:
        html = (
            f'<nav>{name}</nav><article class="cb-article"><h1>Trade</h1><p>{figure} <b>billion</b>, up to {english} ({dutch}, {day}).</p>'
            f'<p class="cb-note cb-cite">Version {name}, https://example.org/v/{name}/</p><p data-version-bound>Cited {name} in {day.year}</p>'
            f'<details class="above-input"><div>code of {name}<div>more</div></div></details><script>{name}</script>'
            f'<a title="a > b" href="#x">{name}</a><!-- {name} > --></article>'
        )
        return page_texts.digest(page_texts.article(html), name, day)

    june = page("2019.06", dt.date(2019, 6, 30), "30 June 2019", "30 juni 2019")
    october = page("2026.11", dt.date(2026, 10, 31), "31 October 2026", "31 oktober 2026")
    assert june == october
    assert june != page("2019.06", dt.date(2019, 6, 30), "30 June 2019", "30 juni 2019", figure="66.2")
    assert june != page("2019.06", dt.date(2019, 6, 30), "29 June 2019", "30 juni 2019"), "another day is told"


@pytest.mark.parametrize("broken", ["", "<article", "<p>no article", "<article><p class='x>y</article>", "a < b > c"])
def test_broken_pages_are_read_as_far_as_they_go(broken):
    part = page_texts.article(broken)
    assert page_texts.title(part) == "" and page_texts.statements(part) == () and page_texts.verdict_cells(part) == {}
    assert re.fullmatch("[0-9a-f]{12}", page_texts.digest(part, "2026.11", dt.date(2026, 11, 1)))


def test_a_long_page_that_never_closes_its_quotes_takes_no_time():
    assert page_texts.text('<p title="' * 20_000) != ""


# Histories


def test_five_versions_of_a_statement(five, tmp_path):
    grown(tmp_path, five)
    found = history(tmp_path, f"claims/{TRADE}.html")
    assert found.title == "Two-way trade of around 66 billion dollars a year"
    assert found.near == ("documents/ics.html",) and found.runs() == [["2019.06", None]]
    statement = found.statements[TRADE]
    # What each version says is what its own file says, though only changes are kept
    words = []
    for version in five:
        entries = json.loads((version / "api" / "verdicts.json").read_text())["claims"]
        own = next(entry for entry in entries if entry["id"] == TRADE)
        words.append([own["verdict"][time] for time in changes.TIMES])
        state = histories.at(statement.steps, version.name)
        assert [word for word, _ in state] == words[-1]
        figures = [own["figure"][time]["told"] if own["figure"][time] else "" for time in changes.TIMES]
        assert [figure for _, figure in state] == figures
    assert len({tuple(told) for told in words}) > 1, "or the test tells nothing"
    # A statement of a document that came later is there from then on
    later = history(tmp_path, "claims/nvs-africa-2050.html")
    assert later.runs() == [["2022.06", None]] and later.near == ("documents/nvs.html",)
    assert history(tmp_path, "index.html").statements["nvs-africa-2050"].steps[0][0] == "2022.06"


def test_a_page_of_many_statements_keeps_words_alone_and_its_own_statements(five, tmp_path):
    grown(tmp_path, five)
    home, document = history(tmp_path, "index.html"), history(tmp_path, "documents/ics.html")
    assert list(home.statements) == [claim for claim in frozen.CLAIMS]
    assert set(document.statements) == {claim for claim in frozen.CLAIMS if claim.startswith("ics-")}
    states = [state for one in home.statements.values() for _, state in one.steps if state]
    assert states and all(figure == "" for state in states for _, figure in state)
    assert history(tmp_path, "chapters/trade.html").statements == {}, "it links to none"


def test_nothing_is_written_anew_where_nothing_changed(five, tmp_path):
    again = frozen.frozen(tmp_path / "v", "2026.12", dt.date(2026, 10, 31))
    folder = tmp_path / "layer"
    grown(folder, five)
    before = contents(folder)
    made = grown(folder, [*five, again])
    # The heading of this small home page bears the version's name; a book's does not
    assert set(made.texts) == {"versions.js", "pages/index.js"}
    assert set(made.kept) == before.keys() - made.texts.keys()
    assert {path: text for path, text in contents(folder).items() if path in made.kept} == {
        path: before[path] for path in made.kept
    }


def test_histories_grow_with_changes_and_not_with_versions(tmp_path):
    first = frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL)
    size = {}
    folder = tmp_path / "layer"
    versions = [first]
    for number in range(1, 13):
        versions.append(frozen.frozen(tmp_path / "v", f"2025.{number:02}", dt.date(2024, 6, 30), SMALL))
        if number in (1, 12):
            shutil.rmtree(folder, ignore_errors=True)
            grown(folder, versions)
            size[number] = sum(len(text) for path, text in contents(folder).items() if path.startswith("pages/"))
    assert size[1] == size[12]


def test_pages_that_go_and_come_back(tmp_path):
    versions = [
        frozen.frozen(tmp_path / "v", "2022.06", claims=SMALL),
        frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL[1:], chapters={}),
        frozen.frozen(tmp_path / "v", "2025.12", claims=SMALL),
    ]
    grown(tmp_path / "layer", versions[:2])
    gone = history(tmp_path / "layer", f"claims/{TRADE}.html")
    assert gone.runs() == [["2022.06", "2024.06"]] and gone.title.startswith("Two-way") and gone.statements[TRADE]
    assert histories.at(gone.statements[TRADE].steps, "2024.06") is None
    grown(tmp_path / "layer", versions)
    back = history(tmp_path / "layer", f"claims/{TRADE}.html")
    assert back.runs() == [["2022.06", "2024.06"], ["2025.12", None]]
    told_home = data((tmp_path / "layer" / "pages" / "index.js").read_text())["claims"]
    steps = next(entry["steps"] for entry in told_home if entry["id"] == TRADE)
    assert [step.get("gone", False) for step in steps] == [False, True, False]
    assert history(tmp_path / "layer", "chapters/trade.html").runs() == [["2022.06", "2024.06"], ["2025.12", None]]


def test_versions_that_come_in_another_order_make_the_same_histories(five, tmp_path):
    grown(tmp_path / "in-order", five)
    grown(tmp_path / "other", [five[4], five[0], five[2], five[1], five[3]])
    assert contents(tmp_path / "in-order") == contents(tmp_path / "other")


def test_causes_come_from_the_difference_and_stand_at_their_step(five, tmp_path):
    told_ = changes.Told("")
    change = changes.Change("today", "flipped", "new year", told_, told_, None, "")
    unmoved = changes.Change("as_revised", "moved", "revision", told_, told_, None, "")
    difference = changes.Difference(
        "2019.06", "2022.06", changed=(changes.ClaimChange(TRADE, "", "ics", "", (change, unmoved)),)
    )
    moved = frozen.frozen(tmp_path / "v", "2022.06", dt.date(2019, 6, 30), SMALL)
    frozen.edit(moved, "api/verdicts.json", lambda told: told["claims"][0]["verdict"].update(today="not true"))
    first = frozen.frozen(tmp_path / "v", "2019.06", claims=SMALL)
    folder = tmp_path / "layer"
    grown(folder, [first, moved], difference=difference)
    steps = data((folder / layer.path(f"claims/{TRADE}.html")).read_text())["claims"][0]["steps"]
    assert (
        steps[1]["version"] == "2022.06" and steps[1]["today"][0] == "not true" and steps[1]["today"][2] == "new year"
    )
    assert "as_revised" not in steps[1], "it did not move"
    # The page of the document tells no causes, and they are still there after one more version
    assert "new year" not in (folder / layer.path("documents/ics.html")).read_text()
    third = frozen.frozen(tmp_path / "v", "2024.06", dt.date(2019, 6, 30), SMALL)
    grown(folder, [first, moved, third], difference=difference)
    assert data((folder / layer.path(f"claims/{TRADE}.html")).read_text())["claims"][0]["steps"][1] == steps[1]


def test_pages_in_other_languages_tell_in_them(tmp_path):
    version = frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL)
    page = (
        '<html lang="nl"><article><h1>Handel</h1><dl class="cb-verdicts"><div><dt>Destijds</dt><dd><span class="cb-verdict">x</span>'
        '<span class="cb-figure-told">66,1 miljard dollar in 2015</span></dd></div><div><dt>Vandaag</dt><dd></dd></div></dl></article>'
    )
    for path in ("nl/index.html", f"nl/claims/{TRADE}.html"):
        (version / path).parent.mkdir(parents=True, exist_ok=True)
        (version / path).write_text(page, encoding="utf-8")
        frozen.edit(version, record.FILE, lambda told, path=path: told["pages"].append(path))
    grown(tmp_path / "layer", [version])
    own = data((tmp_path / "layer" / layer.path(f"nl/claims/{TRADE}.html")).read_text())
    assert own["near"][0][0] == "nl/index.html" and own["near"][1][0] == f"claims/{TRADE}.html"
    statement = own["claims"][0]
    assert statement["title"] == language("nl").known(
        "claim title", "Two-way trade of around 66 billion dollars a year"
    )
    word, figure = statement["steps"][0]["when_written"]
    assert figure == "66,1 miljard dollar in 2015"
    assert own["words"][word] == language("nl").gettext(word) != word
    assert statement["steps"][0]["today"][1:] == [], "the page tells none, and no English figure stands in for it"
    home = data((tmp_path / "layer" / layer.path("nl/index.html")).read_text())
    assert len(home["claims"]) == len(SMALL)
    assert all(entry.get("lang", "nl") == "nl" for entry in home["claims"])


def test_a_title_without_a_translation_says_that_it_is_english(tmp_path):
    version = frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL)
    frozen.edit(version, "api/verdicts.json", lambda told: told["claims"][0].update(title="A new title"))
    (version / "fr").mkdir()
    shutil.copy(version / "index.html", version / "fr" / "index.html")
    frozen.edit(version, record.FILE, lambda told: told["pages"].append("fr/index.html"))
    grown(tmp_path / "layer", [version])
    first = data((tmp_path / "layer" / layer.path("fr/index.html")).read_text())["claims"][0]
    assert (first["title"], first["lang"]) == ("A new title", "en")


def test_old_versions_of_another_form_are_read_as_far_as_they_go(tmp_path):
    version = frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL)

    def age(told: dict) -> None:
        for entry in told["claims"]:
            for name in ("figure", "record", "reason", "document", "title"):
                entry.pop(name)
            entry["verdict"].pop("as_revised")

    frozen.edit(version, "api/verdicts.json", age)
    other = frozen.frozen(tmp_path / "v", "2022.06", claims=SMALL)
    (other / "api" / "verdicts.json").unlink()
    grown(tmp_path / "layer", [other, version])
    found = history(tmp_path / "layer", f"claims/{TRADE}.html")
    assert found.statements[TRADE].title == TRADE and found.near == ()
    assert found.statements[TRADE].steps[0][0] == "2024.06"
    assert found.statements[TRADE].steps[0][1][1] == ("", "")
    (version / "api" / "verdicts.json").write_text("[]")
    with pytest.raises(ClaimbookError, match=r"verdicts\.json cannot be read"):
        grown(tmp_path / "other", [version])


def test_what_cannot_be_read_is_named(five, tmp_path):
    grown(tmp_path, five[:1])
    place = tmp_path / layer.path(f"claims/{TRADE}.html")
    for broken in (
        "",
        "claimbookLayer.page({});\n",
        "claimbookLayer.page({",
        place.read_text().replace("steps", "stops"),
    ):
        place.write_text(broken)
        with pytest.raises(ClaimbookError, match=rf"history of the page claims/{TRADE}\.html .* make the layer anew"):
            layer.files(tmp_path, five[1], None, told_of(five[:2]))
    lacking = frozen.frozen(tmp_path / "v", "2022.06", claims=SMALL)
    (lacking / f"claims/{TRADE}.html").unlink()
    with pytest.raises(ClaimbookError, match=rf"claims/{TRADE}\.html .* cannot be read"):
        layer.files(None, lacking, None, told_of([lacking]))


# The files


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_no_text_ends_the_script_or_the_line_it_stands_in(tmp_path, text):
    version = frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL)
    frozen.edit(version, "api/verdicts.json", lambda told: told["claims"][0].update(title=text))
    corrections = [{"id": "x", "title": text, "told": text, "pages": ["*"], "first": "2024.06"}]
    made = layer.files(None, version, None, told_of([version]), corrections)
    scripts = {path: script for path, script in made.texts.items() if path.startswith("pages/")}
    scripts["versions.js"] = made.texts["versions.js"]
    for script in scripts.values():
        assert not re.search(r"[<>&\u2028\u2029]", script)
        assert script.count("\n") == 1 and script.endswith(");\n")
    assert data(scripts[layer.path(f"claims/{TRADE}.html")])["claims"][0]["title"] == text
    assert data(scripts["versions.js"])["corrections"][0]["told"] == text


def test_the_list_of_versions(tmp_path):
    versions = [
        {"name": "2026.11", "as_of": dt.date(2026, 10, 31), "retrospective": None, "candidate": False},
        {"name": "2026.12rc1", "as_of": "2026-11-30", "retrospective": None, "candidate": True},
        {"name": "2019.06", "as_of": dt.date(2019, 6, 30), "retrospective": dt.date(2019, 6, 30), "candidate": False},
    ]
    told = data(layer.files(None, None, None, versions).texts["versions.js"])
    assert (told["latest"], told["stable"]) == ("2026.12rc1", "2026.11")
    assert told["versions"] == [
        {"name": "2026.12rc1", "as_of": "2026-11-30", "candidate": True},
        {"name": "2026.11", "as_of": "2026-10-31"},
        {"name": "2019.06", "as_of": "2019-06-30", "retrospective": "2019-06-30"},
    ]
    assert "log" not in told
    assert data(layer.files(None, None, None, versions[1:2]).texts["versions.js"])["stable"] is None


def test_corrections_alone_change_one_file(five, tmp_path):
    grown(tmp_path, five[:2])
    entry = {"id": "x", "title": "Wrong", "told": "It was wrong.", "pages": ("*",), "first": "2019.06", "internal": 1}
    made = layer.files(tmp_path, None, None, told_of(five[:2]), [entry])
    assert set(made.texts) == {"versions.js"}
    told = data(made.texts["versions.js"])["corrections"][0]
    assert told["pages"] == ["*"] and told["last"] is None and "internal" not in told


def test_the_log_of_corrections_is_named_where_the_newest_version_has_it(five, tmp_path):
    version = frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL)
    shutil.copy(version / "index.html", version / layer.LOG)
    frozen.edit(version, record.FILE, lambda told: told["pages"].append(layer.LOG))
    made = grown(tmp_path / "layer", [version])
    assert data(made.texts["versions.js"])["log"] == layer.LOG
    after = frozen.frozen(tmp_path / "v", "2025.12", claims=SMALL)
    assert "log" not in data(grown(tmp_path / "layer", [version, after]).texts["versions.js"])


def test_cards_have_no_history_because_they_run_no_script(tmp_path):
    version = frozen.frozen(tmp_path / "v", "2024.06", claims=SMALL)
    frozen.edit(version, record.FILE, lambda told: told["pages"].append("cards/x.html"))
    assert not [path for path in grown(tmp_path / "layer", [version]).texts if "cards" in path]


# Words


def words() -> dict[str, dict[str, str]]:
    return json.loads((layer.STATIC / "words.json").read_text(encoding="utf-8"))


def test_every_language_has_every_text_with_the_same_places():
    english = words()["en"]
    assert words().keys() == {"en", *TRANSLATED}
    for code in TRANSLATED:
        own = words()[code]
        assert own.keys() == english.keys()
        assert all(own.values())
        for name, text in english.items():
            assert set(re.findall(r"\{\w+\}", own[name])) == set(re.findall(r"\{\w+\}", text)), (code, name)
    assert {name.removeprefix("cause ") for name in english if name.startswith("cause ")} == changes.CAUSES.keys()


@pytest.mark.parametrize("code", ["en", *TRANSLATED])
def test_readings_of_time_are_called_as_on_the_pages(code):
    assert {time: words()[code][time] for time in changes.TIMES} == {
        time: language(code).gettext(heading) for time, heading in told.HEADINGS.items()
    }


def test_the_layer_is_one_script_with_its_words_and_all_its_parts():
    script = layer.script()
    assert all((layer.STATIC / name).read_text(encoding="utf-8") in script for name in layer.SCRIPTS)
    used = set(re.findall(r'(?:say|tell)\("(\w+)"', script)) | {"version"}
    assert used <= words()["en"].keys()
