"""Randomness keyed by what it decides: one (seed, cause, entity) draws the same number in whatever order.

Two scenarios that meet the same riders and the same traffic can then be compared rider by rider (common
random numbers), and adding a place or a rider leaves the draws of all others alone.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_TO_UNIT = 2.0**-53


def generator(seed: int, cause: str, *entity: int) -> np.random.Generator:
    """A generator of its own for one cause and entity, for draws too irregular for `uniforms`."""
    text = "\x1f".join([str(int(seed)), cause, *(str(int(e)) for e in entity)])
    key = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")
    return np.random.Generator(np.random.Philox(key=key))


def stable_number(text: str, bits: int = 62) -> int:
    """A number of `bits` bits that depends on `text` alone: who a town or a place is in keyed draws."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> (64 - bits)


def uniforms(
    seed: int, cause: str, entity_ids: npt.NDArray[np.int64], count: int = 1
) -> npt.NDArray[np.float64]:
    """Uniform numbers in [0, 1), one row an entity.

    Parameters
    ----------
    entity_ids
        int64, shape (n,). The same id always gets the same row.
    count
        Numbers wanted a row; the first columns do not change when more are asked for.

    Returns
    -------
    float64, shape (n, count).

    Notes
    -----
    Counter-based: two rounds of the finaliser of SplitMix64 (Steele, Lea, Flood 2014) over key + id, then one
    more for each column.
    """
    text = f"{int(seed)}\x1f{cause}"
    key = np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big"))
    ids = np.ascontiguousarray(entity_ids, dtype=np.int64).view(np.uint64)
    row = _mixed(_mixed(ids * _GOLDEN + key) ^ key)
    columns = np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN
    bits = _mixed(row[:, None] + columns[None, :])
    return (bits >> np.uint64(11)).astype(np.float64) * _TO_UNIT


def _mixed(z: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))
