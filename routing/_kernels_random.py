"""Random numbers inside kernels: a state array is an argument, so that a seed decides every draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from routing._jit import bare_kernel

Array = npt.NDArray[Any]

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53
BY_11 = np.uint64(11)
BY_27 = np.uint64(27)
BY_30 = np.uint64(30)
BY_31 = np.uint64(31)


@bare_kernel
def scramble(word: np.uint64) -> np.uint64:
    """A word whose every bit depends on every bit of `word` (the finaliser of SplitMix64)."""
    word = (word ^ (word >> BY_30)) * FIRST
    word = (word ^ (word >> BY_27)) * SECOND
    return word ^ (word >> BY_31)


@bare_kernel
def unit(random: Array) -> float:
    """The next number in [0, 1): SplitMix64 (Steele, Lea and Flood 2014). `random` is uint64, shape (1,)."""
    random[0] += STEP
    return (scramble(random[0]) >> BY_11) * TO_UNIT


@bare_kernel
def below(random: Array, n: int) -> int:
    """The next integer in 0..n-1."""
    return int(unit(random) * n)
