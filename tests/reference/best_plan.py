"""The best plan of a tiny problem by trying every assignment and order; the checker judges each route."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import permutations, product

from routing.plan import make_plan, way_cost
from routing.problem import Problem
from routing.schedule import lateness_cost
from routing.verify import verify


def best_rank(problem: Problem) -> tuple[int, ...]:
    """Rank of the best plan that keeps every rule, however many requests it serves."""
    vehicles = range(problem.vehicle_count)

    @cache
    def best_route(vehicle: int, requests: frozenset[int]) -> tuple[int, ...] | None:
        kept = [route for route in _orders(problem, vehicle, requests) if _is_kept(problem, vehicle, route)]
        return min(
            kept,
            key=lambda route: way_cost(problem, vehicle, route) + lateness_cost(problem, vehicle, route),
            default=None,
        )

    ranks = []
    for carriers in product([None, *vehicles], repeat=problem.request_count):
        if any(carriers[r] != v for r, v in enumerate(problem.on_board.tolist()) if v >= 0):
            continue
        groups = [frozenset(r for r, v in enumerate(carriers) if v == own) for own in vehicles]
        routes = [best_route(v, group) for v, group in enumerate(groups)]
        if None not in routes:
            ranks.append(make_plan(problem, [route or () for route in routes]).rank(problem))
    return min(ranks)


def _orders(problem: Problem, vehicle: int, requests: frozenset[int]) -> Iterator[tuple[int, ...]]:
    visits = [n for r in requests for n in (2 * r, 2 * r + 1) if n % 2 or problem.on_board[r] < 0]
    if not visits:
        yield ()
        return
    first_break = 2 * problem.request_count
    visits += [first_break + b for b, owner in enumerate(problem.breaks[:, 0].tolist()) if owner == vehicle]
    for order in permutations(visits):
        if all(n % 2 == 0 or n >= first_break or n - 1 not in order[order.index(n) :] for n in order):
            yield order


def _is_kept(problem: Problem, vehicle: int, route: tuple[int, ...]) -> bool:
    routes = [list(route) if v == vehicle else [] for v in range(problem.vehicle_count)]
    told = verify(problem, routes).violations
    return not any(one.startswith(f"vehicle {vehicle} ") for one in told)
