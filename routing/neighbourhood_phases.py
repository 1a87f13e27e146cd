"""One search with its own routes, memo and random numbers: first fewer vehicles, then less cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routing._kernels_neighbourhood import improve
from routing._kernels_neighbourhood_guided import guide
from routing.budget import Budget
from routing.neighbourhood_arrays import (
    BEST_ABSENT,
    BEST_COST,
    EJECTION_TESTS,
    LONGEST_STRING,
    MEAN_REMOVED,
    MOST_EJECTED,
    PLAIN_STATE,
    REGRET_PERCENT,
    RELATED_PERCENT,
    SCATTERED_PERCENT,
    SETTINGS,
    SPLIT_PERCENT,
    START_PLACE,
    TIMELY_PERCENT,
    Terms,
)
from routing.neighbourhood_state import Visits, best_routes, load_routes, new_state
from routing.problem import Problem
from routing.quantities import UNREACHABLE

Array = NDArray[Any]

STEP_ITERATIONS: Final = 5
"""Iterations that a step of the guided ejection search counts for; it takes about as long."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """Parameters of the search.

    Attributes
    ----------
    mean_removed
        Visits that a ruin removes on average.
    longest_string
        Most visits removed from one route.
    split_share
        Per cent of the strings that keep visits in their middle.
    blink
        Probability of overlooking half of the positions of a route.
    warmest, reheated, coldest
        Temperature at the beginning, at each beginning anew, and at the end, in shares of the mean cost
        between start and visits.
    reheat_at
        Parts of the annealing at which the temperature rises again.
    fleet_warmth
        Temperature of the fleet phase, in shares of the same.
    ejection_tests
        Routes that an iteration of the fleet phase may try for an ejection, on average: of long ones so many
        sets of requests could leave that nothing else would be done (LR2_4_5).
    most_ejected
        Requests that may leave a route for one, 1 to 3.
    guided_from
        Part of the fleet phase after which it goes on as a guided ejection search (plain problems).
    stirring_moves
        Random moves tried after each of its ejections (Nagata and Kobayashi 2010: 1,000).
    guided_tests
        Routes that one of its steps may try for an ejection.
    regret_percent
        Per cent of the recreations that insert by regret.
    related_percent, scattered_percent
        Per cent of the ruins that remove single requests, near one visit or anywhere.
    timely_percent
        Per cent of the ruins that go by time and distance in place of distance alone.
    partition_at
        Parts of the annealing after which the routes seen so far are put together anew.
    pool_margin
        Solutions this much dearer than the best still give their routes to the pool.
    pooling_warmth
        Temperature above which only better solutions do.
    memo_slots, pool_routes
        Sizes; powers of two.
    """

    mean_removed: int = 10
    longest_string: int = 10
    split_share: int = 50
    blink: float = 0.01
    warmest: float = 1.0
    reheated: float = 0.4
    coldest: float = 0.05
    reheat_at: tuple[float, ...] = (0.5, 0.75)
    fleet_warmth: float = 0.02
    ejection_tests: int = 20
    most_ejected: int = 3
    guided_from: float = 0.45
    stirring_moves: int = 1_000
    guided_tests: int = 2_000
    regret_percent: int = 5
    related_percent: int = 0
    scattered_percent: int = 0
    timely_percent: int = 30
    partition_at: tuple[float, ...] = (0.5, 0.75, 0.95)
    pool_margin: float = 0.02
    pooling_warmth: float = 0.3
    memo_slots: int = 2**17
    pool_routes: int = 2**14

    def warmth(self, progress: float) -> float:
        """Temperature at a part of the annealing: it falls from the warmest, and again from a lesser one."""
        begin, end, warmest = 0.0, self.reheat_at[0], self.warmest
        for at, until in pairwise((*self.reheat_at, 1.0)):
            if progress >= at:
                begin, end, warmest = at, until, self.reheated
        fallen = (progress - begin) / (end - begin) if end > begin else 1.0
        return float(warmest * (self.coldest / warmest) ** min(1.0, fallen))


class Searcher:
    """A search that runs in parts; two of them may run on two threads, as they share nothing that changes."""

    def __init__(self, problem: Problem, terms: Terms, seed: int, tuning: Tuning) -> None:
        self.problem = problem
        self.terms = terms
        self.tuning = tuning
        self.state = new_state(
            problem, terms, seed, memo_slots=tuning.memo_slots, pool_routes=tuning.pool_routes
        )
        self.is_stopped: Callable[[], bool] = lambda: False
        self.done = 0
        self._chunk = 20
        self._complete: tuple[int, Visits] | None = None
        self._is_saving = False
        self._is_guided = False
        self._chosen = np.zeros(4, np.int64)
        self._settings = np.zeros(SETTINGS, np.int64)
        self._settings[MEAN_REMOVED] = tuning.mean_removed
        self._settings[LONGEST_STRING] = tuning.longest_string
        self._settings[SPLIT_PERCENT] = tuning.split_share
        self._settings[EJECTION_TESTS] = tuning.ejection_tests
        self._settings[MOST_EJECTED] = tuning.most_ejected
        self._settings[REGRET_PERCENT] = tuning.regret_percent
        self._settings[RELATED_PERCENT] = tuning.related_percent
        self._settings[SCATTERED_PERCENT] = tuning.scattered_percent
        self._settings[TIMELY_PERCENT] = tuning.timely_percent
        ways = terms.cost[terms.vehicle[0, START_PLACE], terms.place[: 2 * problem.request_count]]
        ways = ways[ways < UNREACHABLE - 1]  # the dispatcher's dearest way is one that does not exist
        self._unit = float(np.mean(ways)) if len(ways) else 0.0
        self._may_close = np.array([not visits for visits in problem.prefix], dtype=bool) & ~np.isin(
            np.arange(problem.vehicle_count), problem.on_board
        )

    def begin(self, visits: Sequence[Sequence[int]]) -> None:
        """Start from these routes, and insert greedily whom they leave out."""
        load_routes(self.terms, self.state, visits)
        self._improve(1, self._unit, 1.0, is_fleet=False)
        self._note_complete()

    def best(self) -> Visits:
        """The best routes so far."""
        if self._complete is not None and self._complete[0] <= self.state.counters[BEST_COST]:
            return self._complete[1]
        return best_routes(self.state)

    def rank(self) -> int:
        """What the best routes cost, vehicles and absent requests included; less is better."""
        own = int(self.state.counters[BEST_COST])
        return own if self._complete is None else min(own, self._complete[0])

    def adopt(self, visits: Visits) -> None:
        """Continue from better routes that somebody else has found."""
        load_routes(self.terms, self.state, visits)
        self._note_complete()
        if self._is_saving:
            self._close_one()
        elif self.problem.vehicles_first and self._complete is not None:
            self._open_used()

    def run(
        self, budget: Budget, share: float, until: int | None, is_saving: bool, fleet_share: float
    ) -> None:
        """Go on until `share` of the budget is spent, or `until` iterations are done.

        The search that is not asked to stop by others' word counts its iterations in the budget.
        """
        if is_saving != self._is_saving:
            self._is_saving = is_saving
            if is_saving:
                self._close_one()
            else:
                self._is_guided = False
                self._end_saving()
        while not self.is_stopped():
            if until is not None:
                left = until - self.done
                now = self.done / budget.iterations if budget.iterations else 1.0
            else:
                left = self._chunk
                now = budget.share
            if left <= 0 or (until is None and now >= share):
                return
            count = min(left, self._chunk)
            began = budget.cpu_s
            if is_saving:
                self._change_to_guided(now / fleet_share)
                ran = self._save(count)
            else:
                ran = self._anneal(count, (now - fleet_share) / (1.0 - fleet_share))
            self.done += ran
            if until is None:
                self._pace(budget.cpu_s - began)
            if is_saving and self.state.counters[BEST_ABSENT] == 0:
                self._note_complete()
                if not self._close_one():
                    return

    def warm_up(self) -> None:
        """Run each kernel once."""
        self.begin(self.problem.prefix)
        if self.problem.vehicles_first and len(self.state) == PLAIN_STATE:
            guide(self.terms, self.state, 0, 1, 0, 0)

    def _save(self, count: int) -> int:
        """About so many iterations of the fleet phase; how many."""
        if not self._is_guided:
            return self._improve(count, self.tuning.fleet_warmth * self._unit, 1.0, is_fleet=True)
        tuning = self.tuning
        steps = max(1, count // STEP_ITERATIONS)
        ran = guide(
            self.terms, self.state, steps, tuning.most_ejected, tuning.stirring_moves, tuning.guided_tests
        )
        return min(count, STEP_ITERATIONS * max(1, ran))

    def _change_to_guided(self, progress: float) -> None:
        """From its part of the fleet phase on, go on as a guided ejection search from the best routes."""
        is_plain = len(self.state) == PLAIN_STATE
        if not self._is_guided and progress >= self.tuning.guided_from and is_plain:
            self._is_guided = True
            if self._complete is None:
                load_routes(self.terms, self.state, best_routes(self.state))
            self._close_one()
            self.state.routes.absences[:] = 0

    def _pace(self, spent_s: float) -> None:
        """Keep the time between two looks at the clock near 10 ms."""
        if spent_s < 0.005:
            self._chunk = min(2 * self._chunk, 2000)
        elif spent_s > 0.02:
            self._chunk = max(1, self._chunk // 2)

    def _anneal(self, count: int, progress: float) -> int:
        temperature = self._unit * self.tuning.warmth(min(max(progress, 0.0), 1.0))
        return self._improve(count, temperature, 1.0, is_fleet=False)

    def _improve(self, count: int, temperature: float, cooling: float, *, is_fleet: bool) -> int:
        tuning = self.tuning
        return int(
            improve(
                self.terms,
                self.state,
                count,
                temperature,
                cooling,
                is_fleet,
                self._settings,
                tuning.blink,
                tuning.pool_margin if temperature <= tuning.pooling_warmth * self._unit else 0.0,
                self._chosen,
            )
        )

    def _note_complete(self) -> None:
        """Keep the best routes if they serve everybody at less cost than those kept."""
        counters = self.state.counters
        if counters[BEST_ABSENT] == 0:
            cost = int(counters[BEST_COST])
            if self._complete is None or cost < self._complete[0]:
                self._complete = (cost, best_routes(self.state))

    def _close_one(self) -> bool:
        """Take the vehicle whose requests were absent least often out of the complete routes.

        False where there is none to take. Christiaens and Vanden Berghe (2020), section 4.
        """
        if self._complete is None:
            return True
        routes = self._complete[1]
        absences = self.state.routes.absences
        candidates = [
            (sum(int(absences[x // 2]) for x in visits if x // 2 < len(absences)), v)
            for v, visits in enumerate(routes)
            if visits and self._may_close[v]
        ]
        if len(candidates) + int((~self._may_close).sum()) <= 1 or not candidates:
            return False
        closed = min(candidates)[1]
        left = [() if v == closed else visits for v, visits in enumerate(routes)]
        self.state.routes.is_open[:] = [bool(visits) for visits in left] | ~self._may_close
        load_routes(self.terms, self.state, left)
        if self._is_guided:
            absences[:] = 0
        return True

    def _end_saving(self) -> None:
        """Back to the complete routes, with no more vehicles than they use."""
        if self._complete is not None:
            self._open_used()
            load_routes(self.terms, self.state, self._complete[1])
        else:
            self.state.routes.is_open[:] = True
            load_routes(self.terms, self.state, best_routes(self.state))

    def _open_used(self) -> None:
        if self._complete is not None:
            is_used = np.array([bool(visits) for visits in self._complete[1]])
            self.state.routes.is_open[:] = is_used | ~self._may_close
