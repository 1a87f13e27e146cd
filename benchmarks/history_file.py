"""Rows of measured figures, appended to files under `benchmarks/history/`."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

HISTORY: Final = Path(__file__).resolve().parent / "history"
VERSIONS_OF: Final = ("numpy", "numba", "llvmlite", "simpy", "pandas")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Parameters
    ----------
    name
        What was measured on what: `grid40_10k/cpu_s`.
    value, unit
        As measured.
    ratio, ratio_to
        The same against something measured beside it in the same run, for what depends on the machine; None
        where it does not.
    repetitions
        Days or repetitions the value is the median of.
    better
        Whether less or more of the ratio (of the value where there is none) is better; "" for neither.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    ratio_to: str | None = None
    repetitions: int = 1
    better: Literal["less", "more", ""] = "less"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Where and on what a run was measured."""

    date: str
    commit: str
    is_clean: bool
    processor: str
    cores: int
    python: str
    versions: dict[str, str]


def conditions(*also: str) -> Conditions:
    """The conditions of this run: `is_clean` says whether the tree is the commit.

    `also`: packages whose versions matter beside `VERSIONS_OF`.
    """
    return Conditions(
        date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        commit=_git("rev-parse", "--short=12", "HEAD"),
        is_clean=not _git("status", "--porcelain", "--untracked-files=no"),
        processor=_processor(),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        versions={name: version(name) for name in (*VERSIONS_OF, *also)},
    )


def code_commit(*paths: str) -> tuple[str, bool]:
    """The last commit that touched these paths, and whether the tree has them, and nothing beside them, as it
    left them."""
    return (
        _git("log", "-1", "--format=%h", "--abbrev=12", "HEAD", "--", *(f":/{path}" for path in paths)),
        not _git("status", "--porcelain", "--", *(f":/{path}" for path in paths)),
    )


def last_figures(file: Path, processor: str) -> dict[str, dict[str, Any]]:
    """The last row of each figure that was measured on a processor of this name."""
    if not file.exists():
        return {}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {row["name"]: row for row in rows if row["processor"] == processor}


def append(file: Path, figures: Sequence[Figure], measured_under: Conditions) -> None:
    """Add one line a figure."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        for figure in figures:
            row = {**asdict(figure), **asdict(measured_under)}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def table(figures: Sequence[Figure], before: dict[str, dict[str, Any]]) -> str:
    """The figures as text, each beside its last value, and the change of the ratio (else of the value)."""
    lines = [f"{'figure':<36}{'value':>12} {'unit':<5}{'ratio':>10}{'before':>10}{'change':>9}"]
    for figure in figures:
        now = figure.value if figure.ratio is None else figure.ratio
        row = before.get(figure.name)
        was = None if row is None else (row["value"] if figure.ratio is None else row["ratio"])
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3f}"
        past = "" if was is None else f"{was:.3f}"
        change = "" if not was else f"{100 * (now / was - 1):+.1f} %"
        lines.append(
            f"{figure.name:<36}{figure.value:>12,.4f} {figure.unit:<5}{ratio:>10}{past:>10}{change:>9}"
        )
    return "\n".join(lines)


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=True, cwd=HISTORY.parent
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
