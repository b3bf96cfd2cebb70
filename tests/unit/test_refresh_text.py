"""A refresh in Markdown: what is told, and that no text of a publisher becomes more than text."""

from __future__ import annotations

import re
import socket

import hostile
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from analysis import claims, diff_json, moves, revisions
from analysis.cli import app
from analysis.markdown import code, escaped, table
from analysis.refresh_json import CautionJson, OutcomeJson, RefreshJson
from analysis.refresh_text import text, title
from analysis.snapshots.store import Store

SHARE = "nato.defence_expenditure_share_gdp"
CLAIM = "ics-defence-below-one-per-cent"
HOSTILE = (
    *hostile.TEXTS,
    "@everyone see https://evil.example/a or www.evil.example, mail a@evil.example",
    "closes #1, fixes owner/name#12 and GH-12, as in owner/name@a1b2c3d",
    "![picture](https://evil.example/p.png) [link](javascript:alert) [ref][1] <https://evil.example>",
    "| a | b |\n|---|---|\n| c | d |",
    "\\| \\\\| `code | ` ``two`` \\`",
    "# heading\n\n- list\n\n```\nfence\n```\n\n<!-- comment",
    "1. first", "2) second", "- item", "+ item", "=== ---", "> quoted", "    indented", "***", "[x]: https://evil.example",
    "https://evil.example", "mailto:a@evil.example", "evil.com and 0.PW", "~~gone~~ **bold** __bold__ *it* _it_ $x^2$ [^1]",
    "<details><summary>a</summary>", "x" * 2000,
)  # fmt: skip
# What a host makes links of once the Markdown is HTML: mentions, numbers of issues, addresses.
LINKED = re.compile(r"(?<![\w`])@\w|\w@\w|#\d|\w+://|www\.|\bgh-\d", re.IGNORECASE)


def rendered(markdown: str) -> str:
    """As a host renders it: tables, and whatever looks like an address a link."""
    return MarkdownIt("gfm-like").render(markdown)


def shown(html: str) -> str:
    """The text of it, codes left out: hosts look for nothing in those."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<code>.*?</code>", " ", html, flags=re.DOTALL))


def outcome(word: str = "failed", said: str = "a text", **more) -> OutcomeJson:
    known = {"publisher": "nato", "release": None, "requests": 1, "cautions": [], "quarantine": None, "advice": [],
             "moved": [], "diff": None}  # fmt: skip
    return OutcomeJson(**known | {"outcome": word, "text": said} | more)


@pytest.fixture(scope="module")
def flipped(kept_shelf, figures) -> OutcomeJson:
    """A new release that revises and withdraws figures, and flips a verdict of the ledger."""
    years = {2015: 0.92, 2016: 0.91, 2017: 0.9041, 2018: (0.93, "estimate")}
    later = {**years, 2018: 0.8912, 2019: 0.9312, 2020: 1.07}
    kept_shelf.add("nato", "2018-07-10", figures(SHARE, {("BEL", ""): years, ("NLD", ""): {2017: 1.1, 2018: 1.21}}))
    kept_shelf.add("nato", "2021-07-10", figures(SHARE, {("BEL", ""): later, ("NLD", ""): {2017: 1.1}}))
    store = Store(kept_shelf.folder)
    old, new = (revisions.release(store, name) for name in ("nato-2018-07-10", "nato-2021-07-10"))
    moved = moves.moves(claims.ledger(), store, old, new)
    diff = diff_json.report(revisions.diff(store, old, new), moved)
    return outcome("new", "new release", release=new.name, moved=moves.lines(moved), diff=diff)


def test_it_tells_releases_counts_revisions_and_verdicts(flipped):
    told = text(RefreshJson(outcomes=[flipped, outcome("same", "nothing newer than 2026-01-01", publisher="sipri")]))
    count = len({move.claim for move in flipped.diff.moves if any(entry.kind != "margin" for entry in move.changes)})
    assert told.startswith(f"# Figures refreshed: 1 new release, verdicts of {count} statements moved\n")
    assert "| `nato` | new release | `nato-2021-07-10` | new release |" in told
    assert "| `sipri` | nothing newer |  | nothing newer than 2026-01-01 |" in told
    row = next(line for line in told.splitlines() if line.startswith(f"| `{CLAIM}` | today"))
    assert "**true**: 0.93 per cent of GDP in 2018 (estimate)" in row
    assert "**no longer true**: 1.07 per cent of GDP in 2020" in row
    assert "another year by the same reading" in row and row.endswith("| `nato-2021-07-10` |")
    assert f"| `{SHARE}` | 2 | 1 | 1 | 0 | 4 |" in told
    assert f"- `{SHARE}`: Belgium 2018: 0.93 per cent of GDP (estimate), then 0.89 per cent of GDP" in told
    assert f"- `{SHARE}`: the Netherlands 2018" in told
    assert "Nothing is merged by itself." in told


def test_every_answer_that_moved_has_a_row_and_every_margin_that_shrank_a_line(flipped):
    told = text(RefreshJson(outcomes=[flipped]))
    answers = [entry for move in flipped.diff.moves for entry in move.changes if entry.kind != "margin"]
    section = told.split("## Verdicts that moved")[1].split("\n## ")[0]
    assert len([line for line in section.splitlines() if line.startswith("| `")]) == len(answers) > 0
    assert len([line for line in section.splitlines() if line.startswith("- ")]) == len(flipped.moved) - len(answers)


def test_a_release_in_quarantine_says_what_takes_it_and_a_failure_why():
    odd = [CautionJson(name="values-jump", series=SHARE, text="half of its figures"),
           CautionJson(name="values-jump", series="", text="again")]  # fmt: skip
    told = text(
        RefreshJson(outcomes=[outcome("quarantined", "odd", cautions=odd), outcome("failed", "503", publisher="bea")])
    )
    assert told.startswith("# Figures refreshed: no new release, 1 in quarantine, 1 publisher failed\n")
    assert "`claimbook data refresh --publisher nato --accept values-jump`" in told
    assert f"| `values-jump` | `{SHARE}` | half of its figures |" in told
    assert "did not answer as it should: 503" in told
    assert "Verdicts that moved" not in told


def test_what_was_accepted_is_marked():
    odd = [CautionJson(name="future-year", series="", text="2031")]
    assert "| `future-year`, accepted |  | 2031 |" in text(RefreshJson(outcomes=[outcome("new", cautions=odd)]))


@pytest.mark.parametrize("told", HOSTILE)
def test_no_text_becomes_more_than_text(told, flipped):
    caution = CautionJson(name="values-jump", series=told, text=told)
    change = flipped.diff.moves[0].changes[0].model_copy(update={"figure_before": told, "reason": told, "cause": ""})
    series = flipped.diff.series[0].model_copy(update={"series": told, "note": told})
    diff = flipped.diff.model_copy(update={
        "moves": [flipped.diff.moves[0].model_copy(update={"claim": told, "changes": [change]})],
        "series": [series], "only_old": [told],
    })  # fmt: skip
    report = RefreshJson(outcomes=[
        flipped.model_copy(update={"text": told, "diff": diff, "release": told, "advice": [told],
                                   "moved": [told, told], "cautions": [caution]}),
        outcome("quarantined", told, publisher=told, cautions=[caution]),
        outcome("failed", told, publisher=told),
    ])  # fmt: skip
    html = rendered(text(report))
    allowed = {"h1", "h2", "p", "ul", "li", "code", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert {name.lower() for name in re.findall(r"</?([A-Za-z][\w-]*)", html)} <= allowed
    assert not LINKED.search(shown(html))
    # Neither a heading, nor a row or a cell of a table, nor a point of a list more than a plain text makes.
    plain = rendered(text(RefreshJson.model_validate(_with(report.model_dump(), told, "plain"))))
    assert [html.count(f"<{name}") for name in ("h2", "tr", "td", "li", "ul")] == [
        plain.count(f"<{name}") for name in ("h2", "tr", "td", "li", "ul")
    ]


def _with(value, old: str, new: str):
    """The same nest of lists and dictionaries, one text in it replaced by another."""
    if isinstance(value, dict):
        return {key: _with(entry, old, new) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with(entry, old, new) for entry in value]
    return new if value == old else value


# Any text, and texts put together from what addresses are made of.
ADDRESSES = st.lists(
    st.sampled_from((".", "/", ":", "@", "-", "_", "0", "a", "PW", "com", "www", "http", "[", "]", "(", "*", "\\", " "))
)


@settings(max_examples=500)
@given(st.text(max_size=80) | ADDRESSES.map("".join))
@example("0.PW")
@example("api.evil.example.com/a?b=c")
@example("a.\u0440\u0444")
def test_any_text_is_one_line_in_one_cell(anything):
    html = rendered(table(("a", "b"), [(escaped(anything), code(anything))]))
    assert html.count("<td") == 2 and html.count("<tr") == 2
    assert "<a" not in html and "<img" not in html and not LINKED.search(shown(html))
    point = rendered(f"- {escaped(anything)}")
    assert point.count("<li>") == 1 and set(re.findall(r"<([a-z]+)", point)) == {"ul", "li"}


def test_ordinary_texts_stay_as_they_are():
    for plain in (
        "2026-11-01: 0.93 per cent (estimate), then 1.07",
        "Belgi\u00eb 2023: \u22120.03 points; a/b 50%",
        "10.5 of 12",
    ):
        assert escaped(plain) == plain
    assert escaped("a" * 700).endswith("\u2026") and len(escaped("a" * 700)) == 600
    assert code("nato-2021-07-10") == "`nato-2021-07-10`" and code("a`b") == "a\\`b"


def test_a_long_text_is_cut_at_its_parts_and_says_what_is_missing(flipped):
    still = flipped.model_copy(update={"diff": flipped.diff.model_copy(update={"moves": []}), "moved": []})
    many = [flipped, *(still.model_copy(update={"publisher": f"p{place}"}) for place in range(20))]
    told = text(RefreshJson(outcomes=many), limit=8000)
    assert len(told) <= 8000
    assert "## Verdicts that moved" in told
    assert "Left out, because the text would be too long: figures of `nato-2021-07-10`" in told
    assert len(text(RefreshJson(outcomes=many))) > 8000
    assert title(RefreshJson(outcomes=[])) == "Figures refreshed: no new release"


def test_the_command_writes_it_beside_what_it_prints(tmp_path):
    with socket.socket() as taken:  # bound and not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/page"
        pace = {"attempts": 1, "first_wait": 0.01, "connect": 0.5}
        (tmp_path / "up.yaml").write_text(
            yaml.safe_dump({"nato": {"how": "page", "address": address, "link": "xlsx$", "pace": pace}})
        )
        words = ["data", "refresh", "--store", str(tmp_path / "data"), "--upstreams", str(tmp_path / "up.yaml")]
        runs = [
            CliRunner().invoke(app, [*words, "--markdown", str(path)], env={"CLAIMBOOK_CACHE": str(tmp_path / "cache")})
            for path in (tmp_path / "new" / "refresh.md", tmp_path)
        ]
    assert [run.exit_code for run in runs] == [1, 1]
    told = (tmp_path / "new" / "refresh.md").read_text(encoding="utf-8")
    assert told.startswith("# Figures refreshed: no new release, 1 publisher failed\n") and "cannot be reached" in told
    assert "cannot be written" in runs[1].stderr and "in the store all the same" in runs[1].stderr
