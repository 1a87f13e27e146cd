"""Insertion with ejections and by regret, by trying everything; feasibility by the independent checker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from routing.plan import make_plan
from routing.problem import Problem
from routing.verify import verify

Route = tuple[int, ...]


def insertions(route: Route, request: int) -> Iterator[Route]:
    """The route with the request at every pair of positions, by the pickup's, then the delivery's."""
    for i in range(len(route) + 1):
        for j in range(i, len(route) + 1):
            yield (*route[:i], 2 * request, *route[i:j], 2 * request + 1, *route[j:])


def feasible_insertions(problem: Problem, v: int, route: Route, request: int) -> list[Route]:
    """Those that vehicle v can drive."""
    found = []
    for candidate in insertions(route, request):
        routes: list[Route] = [()] * problem.vehicle_count
        routes[v] = candidate
        if not verify(problem, routes).violations:
            found.append(candidate)
    return found


def lightest_ejection(
    problem: Problem, routes: Sequence[Route], request: int, weight: Sequence[int], most: int
) -> int | None:
    """Least sum of weights of 1 to `most` requests of one route without whom the request fits into it.

    None where no sum is below the request's own weight. Empty routes eject nobody.
    """
    sums = [
        total
        for v, route in enumerate(routes)
        for size in range(1, most + 1)
        for leaving in combinations({x // 2 for x in route}, size)
        if (total := sum(weight[r] for r in leaving)) < weight[request]
        and feasible_insertions(problem, v, tuple(x for x in route if x // 2 not in leaving), request)
    ]
    return min(sums, default=None)


def insert_by_regret(
    problem: Problem, routes: Sequence[Route], absent: Sequence[int], depth: int
) -> tuple[list[Route], list[int]]:
    """Routes and who is left after insertion of the greatest regret first; penalties as in the problem."""
    now, left = list(routes), list(absent)
    while left:
        offers = [_offers(problem, now, r) for r in left]
        regrets = []
        for r, offer in zip(left, offers, strict=True):
            penalty = int(problem.penalty[r])
            prices = sorted([price for price, _, _ in offer if price < penalty]) + [penalty] * 3
            regrets.append(sum(prices[k] - prices[0] for k in range(1, depth)) if prices[0] < penalty else -1)
        if max(regrets) < 0:
            break
        k = regrets.index(max(regrets))
        _, v, route = min(offers[k], key=lambda offer: offer[0])
        now[v] = route
        left[k] = left[-1]
        left.pop()
    return now, left


def _offers(problem: Problem, routes: list[Route], request: int) -> list[tuple[int, int, Route]]:
    """Price, vehicle and route of the cheapest insertion into each vehicle that can take the request."""
    found = []
    for v, route in enumerate(routes):
        if not route and any(
            not routes[other] and problem.kind[other] == problem.kind[v] for other in range(v)
        ):
            continue
        before = make_plan(problem, routes).cost
        offers = []
        for candidate in feasible_insertions(problem, v, route, request):
            changed = [*routes[:v], candidate, *routes[v + 1 :]]
            price = make_plan(problem, changed).cost - before + int(problem.penalty[request])
            offers.append((price, v, candidate))
        if offers:
            found.append(min(offers, key=lambda offer: offer[0]))
    return found
