"""Slow and obvious travel times by departure: a vehicle moved from border to border in plain integers, and
the same in exact fractions without any rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from routing.network import Network

DAY_MS = 86_400_000

Paces = Sequence[float]
"""Milliseconds over one arc in each period, infinite while it is closed."""


def next_border(begins_ms: Sequence[int], at_ms: int) -> tuple[int, int]:
    """Period at a millisecond, and the millisecond at which the next period begins."""
    midnight = at_ms // DAY_MS * DAY_MS
    begun = [begin for begin in begins_ms if midnight + begin <= at_ms]
    period = len(begun) - 1
    later = [*begins_ms[1:], DAY_MS]
    return period, midnight + later[period]


def arrival_ms(paces: Paces, begins_ms: Sequence[int], enters_ms: int) -> float:
    """Millisecond at the end of an arc: at each border what is left is rounded half-up at the next pace."""
    if all(math.isinf(pace) for pace in paces):
        return math.inf
    at, left = enters_ms, Fraction(1)  # the share of the arc that is left, always (whole milliseconds) / pace
    while True:
        period, border = next_border(begins_ms, at)
        pace = paces[period]
        if not math.isinf(pace):
            left_ms = math.floor(left * int(pace) + Fraction(1, 2))
            if at + left_ms <= border:
                return at + left_ms
            left = Fraction(left_ms - (border - at), int(pace))
        at = border


def exact_arrival_ms(paces: Paces, begins_ms: Sequence[int], enters_ms: int) -> Fraction:
    """The same, without rounding: the integral of the speed over time reaches one arc."""
    at, left = Fraction(enters_ms), Fraction(1)
    while True:
        period, border = next_border(begins_ms, math.floor(at))
        pace = paces[period]
        if not math.isinf(pace):
            if at + left * int(pace) <= border:
                return at + left * int(pace)
            left -= (border - at) / int(pace)
        at = Fraction(border)


def arrivals_ms(
    network: Network, weights: Sequence[Paces], begins_ms: Sequence[int], source: int, depart_ms: int
) -> list[float]:
    """Earliest arrival at every node, infinite where there is no way: relax all arcs until nothing changes.

    `weights` has one row of paces for each arc of the network.
    """
    arcs = [
        (int(tail), int(head), paces)
        for tail, head, paces in zip(network.tail, network.head, weights, strict=True)
    ]
    at: list[float] = [math.inf] * network.node_count
    at[source] = depart_ms
    changed = True
    while changed:
        changed = False
        for tail, head, paces in arcs:
            if math.isinf(at[tail]):
                continue
            arrives = arrival_ms(paces, begins_ms, int(at[tail]))
            if arrives < at[head]:
                at[head] = arrives
                changed = True
    return at
