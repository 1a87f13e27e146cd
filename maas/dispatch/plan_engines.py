"""Better routes by the engines of `routing.solve`: the fleet as a problem, its plan as orders."""

from __future__ import annotations

from typing import Final

from maas.dispatch.dispatch_problem import problem_of
from maas.dispatch.problem_rows import Orders
from maas.dispatch.tables import DispatchState
from routing.solve import solve

SEEDS: Final = 2**31
"""Seconds of the journal may be negative; seeds may not."""


def solved_routes(
    state: DispatchState,
    now: int,
    engine: str,
    iterations: int,
    *,
    pays_way_home: bool = False,
    is_repair: bool = False,
) -> tuple[int, Orders]:
    """(saving, changed): sixteenths of seconds that a plan as of second `now` saves, and the new order of
    firm stops of each route that it changes; nothing where the engine finds nothing better.

    Parameters
    ----------
    engine
        A name of `routing.solve.ENGINES`.
    iterations
        Of the engine. The second seeds it, so that the same day gives the same plans.
    pays_way_home, is_repair
        As `problem_of` takes them.
    """
    made = problem_of(state, now, pays_way_home=pays_way_home, is_repair=is_repair)
    if made is None or not (made.problem.on_board < 0).any():
        return 0, {}
    plan = solve(made.problem, engine, seed=now % SEEDS, iterations=iterations, start=made.start).plan
    if plan.rank(made.problem) >= made.start.rank(made.problem):
        return 0, {}
    return 16 * (made.start.cost - plan.cost) // made.price, made.orders(plan)
