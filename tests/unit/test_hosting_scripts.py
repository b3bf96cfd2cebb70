"""The scripts that hosts run: the branch that keeps the site, the pull request, the audit of dependencies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / ".ci"
WHO = {"GIT_AUTHOR_NAME": "A. Nalyst", "GIT_AUTHOR_EMAIL": "a@localhost", "GIT_COMMITTER_NAME": "A. Nalyst",
       "GIT_COMMITTER_EMAIL": "a@localhost", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}  # fmt: skip


def run(*command: str | Path, at: Path, fine: bool = True, **more: str) -> subprocess.CompletedProcess:
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | WHO | more
    done = subprocess.run([str(word) for word in command], cwd=at, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == fine, done.stdout + done.stderr
    return done


def git(at: Path, *words: str) -> str:
    return run("git", *words, at=at).stdout.strip()


def site(at: Path, *words: str | Path, fine: bool = True) -> str:
    done = run(SCRIPTS / "site", *words, at=at, fine=fine)
    return done.stdout if fine else done.stderr


def publish(folder: Path, version: str, generation: str) -> None:
    """What publishing does to a site: frozen files, a new generation, links that lead into it."""
    for path, text in (
        (f"v/{version}/index.html", f"the book of {version}\r\n"),
        (f"v/{version}/same.css", "in every version\n"),
        (f"changes/{version}/index.html", "what changed\n"),
        (f"generations/{generation}/versions.json", version),
        (f"generations/{generation}/.well-known/security.txt", "x"),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, newline="")
    for name, target in (("generations/now", generation), ("versions.json", "generations/now/versions.json"),
                         (".well-known", "generations/now/.well-known"), ("latest", f"v/{version}")):  # fmt: skip
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A project with an origin, cloned."""
    run("git", "init", "--quiet", "--bare", "--initial-branch=main", tmp_path / "origin.git", at=tmp_path)
    run("git", "clone", "--quiet", tmp_path / "origin.git", tmp_path / "clone", at=tmp_path)
    folder = tmp_path / "clone"
    (folder / "data" / "snapshots").mkdir(parents=True)
    (folder / "chapters").mkdir()
    (folder / "data" / "datapackage.json").write_text("{}\n")
    (folder / "data" / "snapshots" / "old.parquet").write_bytes(b"PAR1\x00old")
    (folder / "chapters" / "trade.ipynb").write_text("{}\n")
    (folder / ".gitattributes").write_text("* text=auto eol=crlf\n")
    (folder / ".gitignore").write_text("*.css\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "begin")
    git(folder, "push", "--quiet", "origin", "HEAD:main")
    git(folder, "fetch", "--quiet", "origin")
    return folder


def tree(folder: Path) -> dict[str, str | bytes]:
    """Every file's content and every link's target."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_a_site_is_restored_as_it_was_kept(clone, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert "no branch site yet" in site(clone, "restore", first, "2026.11")
    publish(first, "2026.11", "0001")
    site(clone, "keep", first, "2026.11")
    site(clone, "restore", second, "2026.12")
    assert tree(second) == tree(first)
    publish(second, "2026.12", "0002")
    site(clone, "keep", second, "2026.12")
    assert git(clone, "rev-list", "--count", "site") == "2"
    assert "nothing changed" in site(clone, "keep", second, "2026.12")
    same = {git(clone, "rev-parse", f"site:v/{version}/same.css") for version in ("2026.11", "2026.12")}
    assert len(same) == 1  # a file that two versions share is kept once
    assert git(clone, "status", "--porcelain") == "" and git(clone, "branch", "--show-current") != "site"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("v/2026.11/index.html", lambda path: path.write_text("another")),
        ("v/2026.11/index.html", lambda path: path.unlink()),
        ("v/2026.11/more.html", lambda path: path.write_text("more")),
        ("changes/2026.11/index.html", lambda path: path.write_text("another")),
        ("v/2026.110/index.html", lambda path: (path.parent.mkdir(), path.write_text("a version that was not named"))),
    ],
)
def test_a_change_to_a_frozen_file_is_not_kept(clone, tmp_path, path, change):
    publish(tmp_path / "site", "2026.11", "0001")
    site(clone, "keep", tmp_path / "site", "2026.11")
    before = git(clone, "rev-parse", "site")
    publish(tmp_path / "site", "2026.12", "0002")
    change(tmp_path / "site" / path)
    said = site(clone, "keep", tmp_path / "site", "2026.12", fine=False)
    assert "frozen files would change" in said and path in said
    assert git(clone, "rev-parse", "site") == before


def test_a_lost_branch_is_no_empty_site(clone, tmp_path):
    git(clone, "tag", "v2026.11")
    said = site(clone, "restore", tmp_path / "site", "2026.12", fine=False)
    assert "tags of other versions: v2026.11" in said and not (tmp_path / "site").exists()
    assert "no branch site yet" in site(clone, "restore", tmp_path / "site", "2026.11")
    (tmp_path / "new").mkdir()
    site(clone, "keep", tmp_path / "new")
    site(clone, "restore", tmp_path / "other", "2026.12")
    assert tree(tmp_path / "other") == {}


def test_what_is_there_is_not_written_over(clone, tmp_path):
    publish(tmp_path / "site", "2026.11", "0001")
    assert "is not empty" in site(clone, "restore", tmp_path / "site", fine=False)
    assert run(SCRIPTS / "site", at=clone, fine=False).returncode == 2


def test_branches_that_parted_are_not_guessed_at(clone, tmp_path):
    publish(tmp_path / "site", "2026.11", "0001")
    site(clone, "keep", tmp_path / "site", "2026.11")
    git(clone, "push", "--quiet", "origin", "site")
    git(clone, "branch", "--quiet", "--delete", "--force", "site")
    publish(tmp_path / "other", "2026.12", "0001")
    git(clone, "update-ref", "-d", "refs/remotes/origin/site")
    site(clone, "keep", tmp_path / "other", "2026.12")
    git(clone, "fetch", "--quiet", "origin")
    assert "have parted" in site(clone, "restore", tmp_path / "third", "2026.12", fine=False)


def test_what_is_handed_over_as_a_bundle_is_checked_and_pushed(clone, tmp_path):
    """The way of the workflow: one clone builds, another one pushes."""
    publish(tmp_path / "site", "2026.11", "0001")
    site(clone, "keep", tmp_path / "site", "2026.11")
    git(clone, "push", "--quiet", "origin", "site")
    publish(tmp_path / "site", "2026.12", "0002")
    site(clone, "keep", tmp_path / "site", "2026.12")
    bundle = tmp_path / "site.bundle"
    git(clone, "bundle", "create", str(bundle), "refs/heads/site", "--not", "--remotes=origin")
    run("git", "clone", "--quiet", tmp_path / "origin.git", tmp_path / "pusher", at=tmp_path)
    git(tmp_path / "pusher", "fetch", "--quiet", str(bundle), "refs/heads/site:refs/heads/site")
    site(tmp_path / "pusher", "check", "refs/remotes/origin/site", "refs/heads/site", "2026.12")
    said = site(tmp_path / "pusher", "check", "refs/remotes/origin/site", "refs/heads/site", "2026.10", fine=False)
    assert "v/2026.12/index.html" in said
    git(tmp_path / "pusher", "push", "--quiet", "origin", "refs/heads/site:refs/heads/site")
    assert git(tmp_path / "origin.git", "rev-list", "--count", "site") == "2"


def test_a_packed_site_has_no_links_and_the_same_bytes_each_time(clone, tmp_path):
    publish(tmp_path / "site", "2026.11", "0001")
    os.link(tmp_path / "site/v/2026.11/same.css", tmp_path / "site/v/2026.11/shared.css")
    for name in ("a.tar", "b.tar"):
        site(clone, "pack", tmp_path / "site", tmp_path / name)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
    with tarfile.open(tmp_path / "a.tar") as packed:
        members = {entry.name: entry for entry in packed.getmembers()}
        assert all(entry.isfile() or entry.isdir() for entry in members.values())
        assert all(entry.mode & 0o444 == 0o444 for entry in members.values())
        assert packed.extractfile("./latest/index.html").read() == b"the book of 2026.11\r\n"
        assert packed.extractfile("./versions.json").read() == b"2026.11"
    assert "./.well-known/security.txt" in members and "./v/2026.11/shared.css" in members
    assert not any(name.startswith("./generations") for name in members)
    (tmp_path / "site" / "lost").symlink_to("nowhere")
    assert "lost" in site(clone, "pack", tmp_path / "site", tmp_path / "c.tar", fine=False)


GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$GH_LOG"
for word in "$@"; do case "$word" in body=@*) cp "${word#body=@}" "$GH_LOG.body" ;; esac; done
case "$*" in *state=open*) printf '%s' "$GH_OPEN" ;; esac
"""


@pytest.fixture
def proposal(clone, tmp_path):
    """A refresh that was made in another clone, and a way to propose it; returns what gh was asked for."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(GH)
    (tmp_path / "bin" / "gh").chmod(0o755)
    (tmp_path / "refresh.md").write_text("# Figures refreshed: 1 new release\n\nThe text, with $(id) and `id`.\n")

    def make(changes: dict[str, bytes | None], fine: bool = True, already: str = "") -> str:
        made = tmp_path / "made"
        run("git", "clone", "--quiet", tmp_path / "origin.git", made, at=tmp_path)
        for path, content in changes.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).unlink(missing_ok=True)
            if content is not None:
                (made / path).write_bytes(content)
        git(made, "add", "--all")
        (tmp_path / "patch").write_text(run("git", "diff", "--cached", "--binary", at=made).stdout)
        run("rm", "-r", made, at=tmp_path)
        git(clone, "fetch", "--quiet", "origin")
        git(clone, "switch", "--quiet", "--detach", "origin/main")
        log = tmp_path / "gh.log"
        log.write_text("")
        done = run(
            SCRIPTS / "propose", tmp_path / "patch", tmp_path / "refresh.md", at=clone, fine=fine, BASE="main",
            GITHUB_REPOSITORY="owner/book", GH_TOKEN="", GH_LOG=str(log), GH_OPEN=already,
            PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        )  # fmt: skip
        return log.read_text() if fine else done.stderr

    return make


NEW = {"data/snapshots/new.parquet": b"PAR1\x00\xff new", "data/datapackage.json": b'{"a": 1}\n',
       "chapters/trade.ipynb": b'{"b": 2}\n'}  # fmt: skip


def test_a_refresh_becomes_a_branch_and_a_pull_request(proposal, tmp_path):
    asked = proposal(NEW)
    origin = tmp_path / "origin.git"
    assert (
        git(origin, "log", "-1", "--format=%cn|%s", "refresh") == "claimbook refresh|Figures refreshed: 1 new release"
    )
    assert set(git(origin, "diff", "--name-only", "main", "refresh").splitlines()) == set(NEW)
    assert "--method POST repos/owner/book/pulls --raw-field title=Figures refreshed: 1 new release" in asked
    assert "head=refresh" in asked and "base=main" in asked
    assert asked.splitlines()[-1] == "workflow run test.yml --ref refresh"
    assert (tmp_path / "gh.log.body").read_text() == "\nThe text, with $(id) and `id`.\n"
    assert git(origin, "rev-list", "--count", "main") == "1"


def test_the_next_refresh_brings_the_same_pull_request_up_to_date(proposal, tmp_path):
    proposal(NEW)
    asked = proposal({**NEW, "data/snapshots/newer.parquet": b"PAR1"}, already="7")
    assert "--method PATCH repos/owner/book/pulls/7" in asked and "POST" not in asked
    assert git(tmp_path / "origin.git", "rev-list", "--count", "main..refresh") == "1"


def test_what_somebody_else_committed_is_not_written_over(proposal, clone, tmp_path):
    proposal(NEW)
    git(clone, "switch", "--quiet", "refresh")
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "by hand")
    git(clone, "push", "--quiet", "origin", "refresh")
    kept = git(tmp_path / "origin.git", "rev-parse", "refresh")
    assert "somebody has committed to the branch refresh" in proposal(NEW, fine=False)
    assert git(tmp_path / "origin.git", "rev-parse", "refresh") == kept


@pytest.mark.parametrize(
    "changes",
    [
        {"src/code.py": b"import os\n"},
        {".github/workflows/test.yml": b"on: push\n"},
        {"data/snapshots/old.parquet": b"PAR1 another"},
        {"data/snapshots/old.parquet": None},
        {"data/claims.yaml": b"[]\n"},
        {"chapters/deep/other.ipynb": b"{}\n"},
    ],
)
def test_only_what_a_refresh_changes_is_proposed(proposal, changes, tmp_path):
    assert "not what a refresh changes" in proposal({**NEW, **changes}, fine=False)
    assert git(tmp_path / "origin.git", "branch", "--list", "refresh") == ""


@pytest.mark.parametrize(
    ("told", "status", "said"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 dependencies looked up, 0 advisories"),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "aliases": ["C-2"], "fix_versions": ["2"]}]}], 1,
         "a 1: X-1, C-2; mended in 2"),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "aliases": [], "fix_versions": []}]}], 1, "not mended yet"),
        ([{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1", "vulns": []}], 2,
         "1 of 2 dependencies could not be looked up"),
        ([], 2, "the file names none"),
        (None, 2, "nothing was audited, the advisories could not be had: no network"),
    ],
)  # fmt: skip
def test_an_audit_that_knows_nothing_is_no_good_news(tmp_path, told, status, said):
    """pip-audit itself leaves with 0 where a registry knows none of the packages."""
    stub = tmp_path / "pip_audit.py"
    answer = f"print({json.dumps(json.dumps({'dependencies': told}))})"
    stub.write_text(answer if told is not None else "import sys; sys.exit('a line\\nno network')")
    lock = tmp_path / "some.lock"
    lock.write_text("")
    done = subprocess.run(
        [sys.executable, SCRIPTS / "audit_dependencies.py", lock, "--accept", "X-9"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, said in done.stdout + done.stderr) == (status, True), done.stdout + done.stderr
