"""Peak memory of a stretch of work."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.resident_memory import forget_peak_memory, peak_memory_mb, present_memory_mb

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux counts it")


def test_peak_counts_what_was_taken_since_it_was_forgotten_and_nothing_before() -> None:
    before = np.ones(25_000_000)  # 200 MB
    del before
    forget_peak_memory()
    start_mb = present_memory_mb()
    assert peak_memory_mb() - start_mb < 20
    work = np.ones(10_000_000)  # 80 MB
    del work
    assert 70 < peak_memory_mb() - start_mb < 110
