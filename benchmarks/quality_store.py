"""Finished runs, a JSON line each, so that none is made twice on the same code and processor.

A line is written when its run has ended. A process that is killed loses the runs under way; a line that it
left torn is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.history_file import Conditions, code_commit
from benchmarks.quality_cases import Case
from benchmarks.quality_figures import Outcome
from benchmarks.quality_peers import PEERS
from benchmarks.quality_runs import Run

_OUR_CODE: Final = ("routing",)
_PEERS_CODE: Final = ("benchmarks/quality_peers.py",)


def code_of(solver: str, package: str) -> str | None:
    """Which code a solver's runs are runs of; None where the tree differs from every commit there.

    Ours are of the last commit that touched `routing/`, those of others of their version and of the last
    commit that changed how they are asked.
    """
    commit, is_clean = code_commit(*(_PEERS_CODE if solver in PEERS else _OUR_CODE))
    return f"{commit} {package} {version(package)}" if is_clean else None


@dataclass(slots=True)
class RunStore:
    """The runs in a file.

    Parameters
    ----------
    file
        JSON lines.
    code
        By solver, as `code_of` says.
    under
        The conditions of new runs.
    """

    file: Path
    code: Mapping[str, str | None]
    under: Conditions

    def kept(self) -> dict[Run, Outcome]:
        """Those of this code and processor."""
        if not self.file.exists():
            return {}
        found = {}
        for line in self.file.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            told = row.pop("under")
            code = self.code.get(row["solver"])
            if code is None or (told["code"], told["processor"]) != (code, self.under.processor):
                continue
            path = Path(row.pop("path"))
            one = Outcome(**row)
            case = Case(one.family, one.instance, path, one.best_vehicles, one.best_cost)
            found[Run(case, one.solver, one.seed, one.budget_s)] = one
        return found

    def keep(self, run: Run, outcome: Outcome, yardstick_s: float) -> None:
        """Add one line, on the disk when this returns as far as the system is asked."""
        row: dict[str, Any] = {
            "path": str(run.case.path),
            **asdict(outcome),
            "under": {
                "code": self.code[run.solver],
                "commit": self.under.commit,
                "processor": self.under.processor,
                "yardstick_ms": round(1e3 * yardstick_s, 3),
                "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
            },
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a+b") as stream:
            is_torn = stream.tell() > 0 and not _ends_a_line(self.file)
            stream.write(b"\n" * is_torn + json.dumps(row).encode() + b"\n")


def _ends_a_line(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) == b"\n"
