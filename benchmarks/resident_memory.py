"""Resident memory of this process, as Linux counts it."""

from __future__ import annotations

import ctypes
import gc
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")
_FORGET_PEAK: Final = "5"


def present_memory_mb() -> float:
    """Resident now, in millions of bytes."""
    return _field_mb("VmRSS")


def peak_memory_mb() -> float:
    """Most that was resident since the start or `forget_peak_memory`, in millions of bytes."""
    return _field_mb("VmHWM")


def forget_peak_memory() -> None:
    """Let the peak begin anew from what is in use now.

    What earlier work has freed goes back to the system first, so that it neither counts nor hides what later
    work takes.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    Path("/proc/self/clear_refs").write_text(_FORGET_PEAK, encoding="ascii")


def _field_mb(name: str) -> float:
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError(f"{_STATUS} has no field {name}: memory is measured on Linux only")
