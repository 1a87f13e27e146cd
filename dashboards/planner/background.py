"""Processes beside the pages that simulate, and how far they are.

Pages ask, and go on showing what is there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import streamlit as st

SOURCES: Final = Path(__file__).resolve().parents[2]
WORKER: Final = "dashboards.planner.study_worker"

SHIPPED, TRIED = "shipped", "tried"
"""The two processes: what a planner tries does not wait for the shipped studies."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an order is.

    Parameters
    ----------
    phase, done, total
        As `simulation.series.Report` tells them; empty until the order begins.
    outcome
        Folder of the finished study.
    fault
        Why there is none, in one sentence.
    """

    phase: str = ""
    done: int = 0
    total: int = 0
    outcome: str | None = None
    fault: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.outcome is not None or self.fault is not None

    @property
    def share(self) -> float:
        """Part that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


@dataclass(slots=True)
class StudyProcess:
    """One simulating process; it is started with the first order, and again after it died."""

    _process: subprocess.Popen[str] | None = None
    _states: dict[int, Progress] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, content: Mapping[str, Any]) -> int:
        """Ask for a study; gives the number under which `progress` tells of it."""
        with self._lock:
            number = len(self._states) + 1
            self._states[number] = Progress()
            process = self._running()
        line = json.dumps({**content, "order": number}, ensure_ascii=False)
        try:
            if process.stdin is not None:
                process.stdin.write(line + "\n")
                process.stdin.flush()
        except OSError as error:
            self._set(number, fault=f"the simulating process ended ({error.strerror})")
        return number

    def progress(self, number: int) -> Progress:
        """How far an order is."""
        with self._lock:
            return self._states[number]

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", WORKER],
                cwd=None,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=_environment(),
            )
            threading.Thread(target=self._follow, args=(self._process,), daemon=True).start()
        return self._process

    def _follow(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            for line in process.stdout:
                said = json.loads(line)
                self._set(said.pop("order"), **said)
        process.wait()
        with self._lock:
            for number, state in self._states.items():
                if not state.is_over:
                    self._states[number] = replace(state, fault="the simulating process ended; try again")

    def _set(self, number: int, **said: Any) -> None:
        with self._lock:
            self._states[number] = replace(self._states[number], **said)


@st.cache_resource(show_spinner=False)
def study_process(role: str) -> StudyProcess:
    """The process of a role, one for all readers of these pages."""
    return StudyProcess()


def _environment() -> dict[str, str]:
    import os

    path = os.pathsep.join(filter(None, (str(SOURCES), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}
