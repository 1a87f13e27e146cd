"""Fixtures of studies: small inputs, and a cache of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation_tests.study_inputs import write_scenario, write_workload


@pytest.fixture(autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """A workload folder; see `write_workload`."""
    return write_workload(tmp_path / "inputs" / "ring")


@pytest.fixture
def line_scenario(tmp_path: Path) -> Path:
    """A scenario file; see `write_scenario`."""
    return write_scenario(tmp_path / "inputs")
