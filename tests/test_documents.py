"""What the documents point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from maas.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
READMES = ("README.md", "README.ja.md")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_inside_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_readme_shows_every_command_and_no_other(name: str) -> None:
    shown = re.findall(r"`maas ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert set(shown) == {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", READMES)
def test_readme_shows_targets_that_make_has(name: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    shown = re.findall(r"\bmake ([a-z]+)(?= |\n|`)", (ROOT / name).read_text(encoding="utf-8"))
    wanted = {"demo", "test", "dashboard"}
    assert wanted <= set(shown)
    assert wanted <= set(targets)


def test_the_lock_file_names_no_host_and_no_place_on_a_machine() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|^\s*/|@ ", lock, re.MULTILINE)
    packages = re.findall(r"^[A-Za-z0-9].*$", lock, re.MULTILINE)
    assert packages
    assert all(re.match(r"[a-z0-9._-]+==\S+ ", line) for line in packages)
    assert lock.count("--hash=sha256:") >= len(packages)
