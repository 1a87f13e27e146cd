"""The fingerprint of the program: which files it holds."""

from __future__ import annotations

import ast
from pathlib import Path

from simulation.program import SOURCES, installation, is_around, program, source_hash

AROUND_A_DAY = ("outcomes", "outcome_folder", "comparison")
"""Named by `study_replication` for file names, and what those import."""
ROOT = Path(__file__).parents[2]


def first_party(path: Path) -> set[Path]:
    """Files that a file imports from the five packages, at any place in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            place = ROOT / Path(*name.split("."))
            found |= {file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()}
    return found


def test_all_that_a_simulated_day_imports_is_in_the_fingerprint() -> None:
    counted = {path for pattern in SOURCES for path in ROOT.glob(pattern)}
    counted = {path for path in counted if not is_around(path.relative_to(ROOT).as_posix())}
    reached: set[Path] = set()
    ahead = {
        ROOT / "simulation" / "run.py",
        ROOT / "maas" / "metrics.py",
        ROOT / "scenarios" / "preparation.py",
    }
    while ahead:
        path = ahead.pop()
        reached.add(path)
        ahead |= first_party(path) - reached
    assert len(reached) > 60
    harmless = {ROOT / "simulation" / f"{name}.py" for name in ("errors", "program", *AROUND_A_DAY)}
    assert {str(path.relative_to(ROOT)) for path in reached - counted - harmless} == set()


def test_rules_of_accounts_are_no_part_of_a_day() -> None:
    assert is_around("scenarios/sakura/money.toml")
    assert not is_around("scenarios/sakura/bus_lines.toml")


def test_program_and_installation_name_the_versions() -> None:
    assert program()["versions"]["numpy"]
    assert program()["sources"] == source_hash()
    assert installation()["sources"] != program()["sources"]
