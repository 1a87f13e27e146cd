"""Columns of an arc list on their way into a network: exact conversion, ranges, inner points in order."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from routing.errors import NetworkError


def integers(name: str, values: npt.ArrayLike, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """A copy as `dtype`, shape (k,); refuses fractions and what does not fit."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise NetworkError(f"field {name} has shape {array.shape}; it must have one dimension")
    if array.size == 0:
        return np.zeros(array.shape, dtype)
    if array.dtype.kind not in "iu":
        raise NetworkError(f"field {name} holds {array.dtype}; give whole numbers ({dtype})")
    limits = np.iinfo(dtype.str)
    wrong = np.flatnonzero((array < limits.min) | (array > limits.max))
    if len(wrong):
        raise NetworkError(
            f"field {name}: entry {int(wrong[0])} is {int(array[wrong[0]])};"
            f" {dtype} holds {limits.min} to {limits.max}"
        )
    return array.astype(dtype)


def floats(name: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """A copy as float64, shape (k,); refuses what is no number."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise NetworkError(f"field {name} has shape {array.shape}; it must have one dimension")
    if array.size and array.dtype.kind not in "iuf":
        raise NetworkError(f"field {name} holds {array.dtype}; give numbers")
    return array.astype(np.float64)


def ranges(first: npt.NDArray[Any], count: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Indices of several ranges, one after the other: first[i], first[i] + 1, ... (count[i] of them)."""
    counts = count.astype(np.int64)
    starts = np.cumsum(counts) - counts
    return np.repeat(first.astype(np.int64) - starts, counts) + np.arange(int(counts.sum()))


def ordered_geometry(
    order: npt.NDArray[np.int64],
    geometry_first: npt.ArrayLike | None,
    geometry_lat: npt.ArrayLike | None,
    geometry_lon: npt.ArrayLike | None,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Inner points rearranged from the given order of arcs to `order`."""
    if geometry_first is None or geometry_lat is None or geometry_lon is None:
        if not (geometry_first is geometry_lat is geometry_lon is None):
            raise NetworkError(
                "fields geometry_first, geometry_lat and geometry_lon go together; give all three or none"
            )
        return np.zeros(len(order) + 1, np.int32), np.zeros(0), np.zeros(0)
    first = integers("geometry_first", geometry_first, np.dtype(np.int32)).astype(np.int32)
    lat, lon = floats("geometry_lat", geometry_lat), floats("geometry_lon", geometry_lon)
    if len(first) != len(order) + 1 or first[0] != 0 or np.any(np.diff(first) < 0) or first[-1] != len(lat):
        raise NetworkError(
            f"field geometry_first: must rise from 0 to {len(lat)} in {len(order) + 1} entries"
            f" (one more than there are arcs); it has {len(first)}"
        )
    count = np.diff(first)[order]
    points = ranges(first[:-1][order], count)
    ordered = np.zeros(len(order) + 1, np.int32)
    np.cumsum(count, out=ordered[1:])
    return ordered, lat[points], lon[points]
