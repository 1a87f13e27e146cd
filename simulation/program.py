"""Which program simulates: two with one fingerprint leave the same bytes on one kind of processor."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

VERSIONS_OF: Final = ("maas", "numpy", "numba", "simpy", "pandas", "pyarrow")
_SOURCES: Final = (
    "routing/*.py",
    "maas/*.py",
    "maas/dispatch/**/*.py",
    "maas/domain/*.py",
    "maas/store/*.py",
    "scenarios/*.py",
    "scenarios/sakura/*.csv",
    "simulation/*.py",
)
_AROUND: Final = ("study_", "comparison", "outcome", "series", "replications", "replay", "errors", "program")
"""Files of `simulation/` that arrange days and read what they left, but decide nothing in them."""


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that a day depends on, and the kind of processor."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in VERSIONS_OF},
        "machine": platform.machine(),
    }


@cache
def source_hash() -> str:
    """SHA-256 (hex) of every source and data file of the program that decides what happens in a day."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            if name.startswith(tuple(f"simulation/{stem}" for stem in _AROUND)):
                continue
            digest.update(f"{name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def program() -> dict[str, Any]:
    """The program as a study records it."""
    return {"sources": source_hash(), "versions": versions()}
