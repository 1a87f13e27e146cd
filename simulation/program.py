"""Which program simulates: two with one fingerprint leave the same bytes on one kind of processor."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

VERSIONS_OF: Final = ("maas", "numpy", "numba", "ortools", "scipy", "simpy", "pandas", "pyarrow")
SOURCES: Final = (
    "routing/*.py",
    "maas/*.py",
    "maas/dispatch/**/*.py",
    "maas/domain/*.py",
    "maas/i18n/wording.py",
    "maas/store/*.py",
    "scenarios/*.py",
    "scenarios/sakura/*.csv",
    "scenarios/sakura/*.toml",
    "simulation/*.py",
)
_AROUND: Final = (
    "access",
    "comparison",
    "erlang",
    "errors",
    "jackknife",
    "next_steps",
    "outcome",
    "program",
    "ratios",
    "replay",
    "replications",
    "study_access",
    "study_cluster",
    "study_comparison",
    "study_journal",
    "study_money",
    "study_outcome",
    "study_runs",
    "study_sensitivity",
    "study_store",
    "study_tables",
    "study_workers",
    "study_worth",
    "validation",
    "worker_processes",
)
"""Beginnings of the names of files in `simulation/` for which `is_around` holds."""

_OF_ACCOUNTS: Final = ("scenarios/money_rules.py", "scenarios/sakura/money.toml")
"""Rules of accounts, which are reckoned from days that were simulated: `study_tables` keeps their hash."""


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that a day depends on, and the kind of processor."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in VERSIONS_OF},
        "machine": platform.machine(),
    }


@cache
def source_hash(*, is_whole: bool = False) -> str:
    """SHA-256 (hex) of every source and data file of the program that decides what happens in a day.

    Parameters
    ----------
    is_whole
        Count also the files that arrange days and read what they left.
    """
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            if not is_whole and is_around(name):
                continue
            digest.update(f"{name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def is_around(name: str) -> bool:
    """Whether a file arranges days or reads what they left, but decides nothing in them."""
    return name in _OF_ACCOUNTS or name.startswith(tuple(f"simulation/{stem}" for stem in _AROUND))


def installation() -> dict[str, Any]:
    """The program with all that machines must have in common to share the work of a study."""
    return {"sources": source_hash(is_whole=True), "versions": versions()}


def program() -> dict[str, Any]:
    """The program as a study records it."""
    return {"sources": source_hash(), "versions": versions()}
