"""What is built from the project holds what the program needs at run time."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import architecture_rules as rules

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("maas-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_packages_is_in_the_wheel(packed: set[str]) -> None:
    needed = {
        path.relative_to(ROOT).as_posix()
        for package in rules.PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(path.startswith("scenarios/catalogue/") and path.endswith(".toml") for path in needed)
    assert needed <= packed


def test_nothing_but_the_packages_is_in_the_wheel(packed: set[str]) -> None:
    tops = {name.split("/", 1)[0] for name in packed}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(rules.PACKAGES)
    assert any(name.endswith("licenses/LICENSE") for name in packed)
