"""Tiny problems on a line of places that lie 10 s apart."""

from __future__ import annotations

from typing import Any

from routing.problem import Problem, build_problem

DAY = (0, 1000)


def line_problem(
    pairs: list[tuple[int, int]], *, places: int = 6, vehicles: int = 1, **changes: Any
) -> Problem:
    """Requests between places of a line, served by vans of two seats that start and end at place 0."""
    given: dict[str, Any] = {
        "name": "line",
        "travel": [[10 * abs(i - j) for j in range(places)] for i in range(places)],
        "pickup": [pickup for pickup, _ in pairs],
        "delivery": [delivery for _, delivery in pairs],
        "pickup_window": [DAY] * len(pairs),
        "delivery_window": [DAY] * len(pairs),
        "start_place": [0] * vehicles,
        "shift": [DAY] * vehicles,
        "load": [1] * len(pairs),
        "capacity": [2] * vehicles,
    }
    return build_problem(**(given | changes))
