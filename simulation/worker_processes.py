"""Processes that simulate beside the one that asks for days: spawned, never forked, and never left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Final

from simulation.errors import StudyError

MAX_PROCESSES: Final = 256


def refuse_wrong_jobs(processes: int) -> None:
    """Raise `StudyError` unless so many processes can be used."""
    if not 1 <= processes <= MAX_PROCESSES:
        raise StudyError(f"jobs is {processes}; give 1 to {MAX_PROCESSES}")


def worker_pool(processes: int) -> ProcessPoolExecutor:
    """Spawned processes that leave Ctrl-C to this one, and end with it, however it ends."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Wait for the starting process to end, by whatever cause, and end this one."""
    wait([sentinel])
    sys.stderr.flush()
    os._exit(1)
