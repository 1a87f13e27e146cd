"""What must hold of a problem before anything reads it; each refusal is one sentence with the value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.errors import ProblemError
from routing.quantities import UNREACHABLE

if TYPE_CHECKING:
    from routing.problem import Problem

Array = NDArray[Any]

SHAPES: dict[str, str] = {
    "travel": "pp", "cost": "pp", "period_start": "q", "travel_by_period": "qpp",
    "pickup": "r", "delivery": "r", "pickup_window": "r2",
    "delivery_window": "r2", "promise": "r2", "pickup_service": "r", "delivery_service": "r", "load": "rc",
    "max_ride": "r", "on_board": "r", "penalty": "r", "eligible": "rv", "start_place": "v", "end_place": "v",
    "shift": "v2", "visit_start": "v", "max_duration": "v", "fixed_cost": "v", "is_out": "v",
    "capacity": "vkd", "breaks": "b4",
}  # fmt: skip
"""Shape of each array by letters: p places, q periods, r requests, v vehicles, c kinds of load, d = c + 1."""


def table(name: str, values: ArrayLike, shape: tuple[int, ...] | None, dtype: Any = np.int32) -> Array:
    """A fresh array of one of a problem's fields, spread over `shape` where it is given.

    Raises
    ------
    ProblemError
        The values are no whole numbers in range, or do not have that shape.
    """
    given = np.asarray(values)
    if given.size == 0:
        given = given.astype(dtype) if shape is None or 0 not in shape else np.empty(shape, dtype)
    wanted = np.dtype(dtype)
    if given.dtype.kind not in ("b" if wanted.kind == "b" else "iu"):
        raise ProblemError(f"{name} holds {given.dtype} values; give {_words(wanted)}")
    if wanted.kind == "i" and given.size:
        limits = np.iinfo(wanted)
        low, high = int(given.min()), int(given.max())
        if low < limits.min or high > limits.max:
            far = low if low < limits.min else high
            raise ProblemError(f"{name} holds {far}, which does not fit {limits.bits} bits")
    try:
        spread = given if shape is None else np.broadcast_to(given, shape)
    except ValueError:
        raise ProblemError(f"{name} has shape {given.shape}; {shape} is needed") from None
    return np.array(spread, dtype=dtype, order="C")


def check_problem(problem: Problem) -> None:
    """Raise `ProblemError` with the first contradiction that is found."""
    if problem.scale < 1:
        raise ProblemError(f"{problem.name}: scale is {problem.scale}; it must be at least 1")
    if problem.late_weight < 0:
        raise ProblemError(f"{problem.name}: late_weight is {problem.late_weight}; it must not be negative")
    for rule in (_shapes, _periods, _matrices, _requests, _vehicles, _prefixes):
        for sentence in rule(problem):
            raise ProblemError(f"{problem.name}: {sentence}")


def _shapes(problem: Problem) -> Iterator[str]:
    for name, letters in SHAPES.items():
        dimensions = np.ndim(getattr(problem, name))
        if dimensions != len(letters):
            yield f"{name} has {dimensions} dimensions; {len(letters)} are needed"
    sizes = {
        "p": len(problem.travel), "q": len(problem.period_start), "r": len(problem.pickup),
        "v": len(problem.start_place), "c": problem.load.shape[1], "d": problem.load.shape[1] + 1,
        "k": problem.capacity.shape[1], "b": len(problem.breaks), "2": 2, "4": 4,
    }  # fmt: skip
    for name, letters in SHAPES.items():
        shape = getattr(problem, name).shape
        wanted = tuple(sizes[letter] for letter in letters)
        if shape != wanted:
            yield f"{name} has shape {shape}; {wanted} is needed"
    if sizes["v"] == 0:
        yield "there is no vehicle"
    if sizes["p"] == 0:
        yield "there is no place"


def _matrices(problem: Problem) -> Iterator[str]:
    for name in ("travel", "cost"):
        matrix = getattr(problem, name)
        for i, j in np.argwhere((matrix < 0) | (matrix > UNREACHABLE)):
            yield f"{name} from place {i} to place {j} is {matrix[i, j]}; give 0 to {UNREACHABLE} = no way"
    for i in np.flatnonzero(np.diagonal(problem.travel)):
        yield f"travel from place {i} to itself is {problem.travel[i, i]}; it must be 0"


def _periods(problem: Problem) -> Iterator[str]:
    by_period, starts = problem.travel_by_period, problem.period_start
    for q, i, j in np.argwhere((by_period < 0) | (by_period > UNREACHABLE)):
        yield (
            f"travel from place {i} to place {j} in period {q} is {by_period[q, i, j]};"
            f" give 0 to {UNREACHABLE} = no way"
        )
    for q, i in np.argwhere(np.diagonal(by_period, axis1=1, axis2=2)):
        yield f"travel from place {i} to itself in period {q} is {by_period[q, i, i]}; it must be 0"
    for q in np.flatnonzero(np.diff(starts) <= 0):
        yield f"period {q + 1} starts at {starts[q + 1]}, not after period {q} ({starts[q]})"
    if len(starts) and (least := by_period.min(axis=0) != problem.travel).any():
        i, j = np.argwhere(least)[0]
        yield f"travel from place {i} to place {j} is {problem.travel[i, j]}, not the least of all periods"


def _requests(problem: Problem) -> Iterator[str]:
    places, vehicles = len(problem.travel), problem.vehicle_count
    for r in range(problem.request_count):
        carrier = int(problem.on_board[r])
        if not -1 <= carrier < vehicles:
            yield f"request {r} is on board vehicle {carrier}; there are vehicles 0 to {vehicles - 1}"
        if carrier >= 0 and not problem.eligible[r, carrier]:
            yield f"request {r} is on board vehicle {carrier}, which may not serve it"
        if (problem.pickup[r] < 0) != (carrier >= 0):
            yield (
                f"request {r} has pickup place {problem.pickup[r]} and is on board vehicle {carrier};"
                " a rider on board has no pickup, every other has one"
            )
        for name, place in (("pickup", problem.pickup[r]), ("delivery", problem.delivery[r])):
            is_needed = name == "delivery" or carrier < 0
            if is_needed and not 0 <= place < places:
                yield f"{name} of request {r} is at place {place}; there are places 0 to {places - 1}"
        for name, (earliest, latest) in (
            ("pickup", problem.pickup_window[r]),
            ("delivery", problem.delivery_window[r]),
        ):
            if latest < earliest:
                yield f"{name} window of request {r} closes ({latest}) before it opens ({earliest})"
    for name in ("pickup_service", "delivery_service", "max_ride", "penalty"):
        for r in np.flatnonzero(getattr(problem, name) < 0).tolist():
            yield f"{name} of request {r} is {getattr(problem, name)[r]}; it must not be negative"
    for r, c in np.argwhere(problem.load < 0).tolist():
        yield f"load {c} of request {r} is {problem.load[r, c]}; it must not be negative"


def _vehicles(problem: Problem) -> Iterator[str]:
    places = len(problem.travel)
    shifts = problem.shift.tolist()
    for v, (earliest, latest) in enumerate(shifts):
        if not 0 <= problem.start_place[v] < places:
            yield f"vehicle {v} starts at place {problem.start_place[v]}; there are 0 to {places - 1}"
        if not -1 <= problem.end_place[v] < places:
            yield f"vehicle {v} ends at place {problem.end_place[v]}; there are 0 to {places - 1}"
        if latest < earliest:
            yield f"shift of vehicle {v} ends ({latest}) before it starts ({earliest})"
    for name in ("max_duration", "fixed_cost"):
        for v in np.flatnonzero(getattr(problem, name) < 0).tolist():
            yield f"{name} of vehicle {v} is {getattr(problem, name)[v]}; it must not be negative"
    for v, k, c in np.argwhere(problem.capacity < 0).tolist():
        yield f"capacity row {k} of vehicle {v} holds {problem.capacity[v, k, c]}; it must not be negative"
    for b, (vehicle, earliest, latest, duration) in enumerate(problem.breaks.tolist()):
        if not 0 <= vehicle < problem.vehicle_count:
            yield f"break {b} is of vehicle {vehicle}; there are 0 to {problem.vehicle_count - 1}"
        if latest < earliest:
            yield f"break {b} must start by {latest}, before its earliest start {earliest}"
        if duration < 0:
            yield f"break {b} lasts {duration}; it must not be negative"


def _prefixes(problem: Problem) -> Iterator[str]:
    if len(problem.prefix) != problem.vehicle_count:
        yield f"prefix is given for {len(problem.prefix)} vehicles; there are {problem.vehicle_count}"
    fixed: dict[int, int] = {}
    for v, visits in enumerate(problem.prefix):
        for visit in visits:
            if not 0 <= visit < 2 * problem.request_count + problem.break_count:
                yield f"prefix of vehicle {v} names visit {visit}, which does not exist"
            what = problem.describe_visit(visit)
            if visit in fixed:
                yield f"{what} is in the prefix of vehicle {fixed[visit]} and again of vehicle {v}"
            if visit >= 2 * problem.request_count:
                owner = int(problem.breaks[visit - 2 * problem.request_count, 0])
                if owner != v:
                    yield f"{what} of vehicle {owner} is in the prefix of vehicle {v}"
            else:
                carrier = int(problem.on_board[visit // 2])
                if visit % 2 == 0 and carrier >= 0:
                    yield f"{what} is in the prefix of vehicle {v}, but the rider is on board"
                if visit % 2 and carrier != v and fixed.get(visit - 1) != v:
                    yield f"{what} is in the prefix of vehicle {v} before its pickup"
                if not problem.eligible[visit // 2, v]:
                    yield f"{what} is in the prefix of vehicle {v}, which may not serve it"
            fixed[visit] = v


def _words(wanted: np.dtype[Any]) -> str:
    return "true and false" if wanted.kind == "b" else "whole numbers"
