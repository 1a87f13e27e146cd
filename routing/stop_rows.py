"""From the rows of a benchmark file to a problem: what all formats have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.exact_figures import ExactFigures, rounded, rounded_down, rounded_up
from routing.instance_text import InstanceText
from routing.problem import Problem, build_problem

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class StopRow:
    """One place of a file: a depot, a pickup or a delivery. Its index in the file is its place."""

    line: int
    x: float
    y: float
    demand: float
    earliest: float
    latest: float
    service: float


@dataclass(frozen=True, slots=True)
class Fleet:
    """Equal vehicles between two depots (places)."""

    size: int
    capacity: float
    start: int
    end: int
    max_ride: float
    max_duration: float


def distances(rows: Sequence[StopRow]) -> Array:
    """Euclidean distances in double precision, float64 (p, p)."""
    at = np.array([(row.x, row.y) for row in rows])
    return np.asarray(np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1]))


def problem_of(
    text: InstanceText,
    name: str,
    rows: Sequence[StopRow],
    pairs: Sequence[tuple[int, int]],
    fleet: Fleet,
    travel: Array,
    *,
    scale: int,
    vehicles_first: bool,
) -> tuple[Problem, ExactFigures]:
    """The problem in integers of 1 / `scale`, and its figures in doubles.

    `pairs` are the places of pickup and delivery of each request.

    Raises
    ------
    InstanceError
        A window closes before it opens, or a request needs more room than a vehicle has: named by line.
    """
    for row in rows:
        if row.latest < row.earliest:
            raise text.error(
                row.line, f"window closes ({row.latest:g}) before it opens ({row.earliest:g}); give l >= e"
            )
        if row.service < 0:
            raise text.error(row.line, f"service time is {row.service:g}; it must not be negative")
    for p, d in pairs:
        if rows[p].demand > fleet.capacity:
            raise text.error(
                rows[p].line,
                f"load {rows[p].demand:g} fits no vehicle; each holds {fleet.capacity:g}",
            )
        if rows[p].demand < 0 or rows[d].demand != -rows[p].demand:
            raise text.error(
                rows[d].line,
                f"delivers {-rows[d].demand:g} of the {rows[p].demand:g} picked up on line {rows[p].line};"
                " the two must be equal and not negative",
            )
    window = np.array([(row.earliest, row.latest) for row in rows])
    service = np.array([row.service for row in rows])
    load = np.array([text.whole(rows[p].line, rows[p].demand, "load") for p, _ in pairs], np.int64)
    pickup, delivery = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    shift = (rows[fleet.start].earliest, rows[fleet.end].latest)
    exact = ExactFigures(
        travel=travel,
        cost=travel,
        pickup_window=window[pickup],
        delivery_window=window[delivery],
        pickup_service=service[pickup],
        delivery_service=service[delivery],
        max_ride=np.full(len(pairs), fleet.max_ride),
        shift=np.tile(shift, (fleet.size, 1)),
        max_duration=np.full(fleet.size, fleet.max_duration),
    )
    problem = build_problem(
        name=name,
        scale=scale,
        travel=rounded_up(travel, scale),
        cost=rounded(travel, scale),
        pickup=pickup,
        delivery=delivery,
        pickup_window=_scaled_windows(exact.pickup_window, scale),
        delivery_window=_scaled_windows(exact.delivery_window, scale),
        pickup_service=rounded_up(exact.pickup_service, scale),
        delivery_service=rounded_up(exact.delivery_service, scale),
        load=load,
        max_ride=rounded_down(exact.max_ride, scale),
        start_place=np.full(fleet.size, fleet.start),
        end_place=np.full(fleet.size, fleet.end),
        shift=_scaled_windows(exact.shift, scale),
        max_duration=rounded_down(exact.max_duration, scale),
        capacity=np.full(fleet.size, int(fleet.capacity)),
        vehicles_first=vehicles_first,
    )
    return problem, exact


def _scaled_windows(windows: Array, scale: int) -> Array:
    return np.stack([rounded_up(windows[:, 0], scale), rounded_down(windows[:, 1], scale)], axis=1)
