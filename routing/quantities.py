"""Named constants and the one rounding rule of times and distances."""

from __future__ import annotations

from typing import Final

UNREACHABLE: Final = 2**30
"""Seconds between two places with no way from one to the other: larger than any horizon. With any smaller
time added it still fits an int32; two of them are 1 too much for it."""

NO_LIMIT: Final = 2**30
"""A ride, a duration, a promise or a latest time without bound: later than any horizon."""

NOWHERE: Final = -1
"""In a routing problem: place of the pickup of a rider on board and of a break, end of a vehicle that may end
anywhere, vehicle of a rider who is on board of none."""

UNREACHABLE_MS: Final = 2**62
"""The same in milliseconds (int64)."""

MS_PER_S: Final = 1000

NO_ARC: Final = 255
"""Entry of a uint8 table of arc offsets where there is no next arc (already there, or no way)."""

LARGEST_OUT_DEGREE: Final = 254
"""Arcs that may leave one node, so that every offset fits beside `NO_ARC`."""


def seconds_of(milliseconds: int) -> int:
    """Whole seconds nearest to a sum of milliseconds; halves go up. Applied once per path, never per arc."""
    return (milliseconds + MS_PER_S // 2) // MS_PER_S
