"""Whole numbers as short text: differences as variable-length bytes in base64, for pages that carry a day.

A number takes 7 bits a byte, its sign in the lowest bit (zigzag), as in Protocol Buffers; small differences
take one byte. `page/packing.js` reads it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

_BITS = 7
_MORE = 1 << _BITS
_LARGEST = 1 << 51


def packed(numbers: Iterable[int]) -> str:
    """Numbers as text.

    Raises
    ------
    OverflowError
        When a number has more bits than JavaScript keeps exactly.
    """
    values = np.asarray(list(numbers), np.int64)
    for large in values[np.abs(values) >= _LARGEST][:1]:
        raise OverflowError(f"{large} has more than {_LARGEST.bit_length() - 1} bits")
    zigzag = (values << 1) ^ (values >> 63)
    lengths = np.ones(len(values), np.int64)
    for count in range(1, 10):
        lengths += (zigzag >> (_BITS * count)) != 0
    first = np.concatenate(([0], np.cumsum(lengths)))
    found = np.zeros(int(first[-1]), np.uint8)
    for place in range(int(lengths.max(initial=0))):
        has = lengths > place
        part = (zigzag[has] >> (_BITS * place)) & (_MORE - 1)
        found[first[:-1][has] + place] = part + np.where(lengths[has] > place + 1, _MORE, 0)
    return base64.b64encode(found.tobytes()).decode("ascii")


def unpacked(text: str) -> npt.NDArray[np.int64]:
    """int64. The numbers of `packed`.

    Raises
    ------
    ValueError
        When the text is not of `packed`.
    """
    numbers: list[int] = []
    value = shift = 0
    for byte in base64.b64decode(text, validate=True):
        value |= (byte & (_MORE - 1)) << shift
        shift += _BITS
        if byte < _MORE:
            numbers.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    if shift:
        raise ValueError("packed numbers end in the middle of a number")
    return np.array(numbers, np.int64)


def packed_lines(lines: Iterable[npt.NDArray[np.float64]], heads: Iterable[int] | None = None) -> str:
    """Lines of points as whole metres: for each its head, if there are any, its number of points, and the
    differences from point to point; the first point of a line is told from the last one before it."""
    numbers: list[int] = []
    x = y = 0
    chosen = iter(heads) if heads is not None else None
    for line in lines:
        points = np.rint(line).astype(np.int64)
        keeps = np.ones(len(points), np.bool_)
        keeps[1:-1] = (points[1:-1] != points[:-2]).any(axis=1)
        if chosen is not None:
            numbers.append(next(chosen))
        numbers.append(int(keeps.sum()))
        for to_x, to_y in points[keeps].tolist():
            numbers += (to_x - x, to_y - y)
            x, y = to_x, to_y
    return packed(numbers)
