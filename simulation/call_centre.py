"""A call centre: operators as a SimPy resource, callers who queue, hang up, and try again or give up.

All draws are made before the first call and belong to the caller, so what happens on the phone changes
nobody's draws.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import simpy

from simulation.errors import QueueError

DAY_S: Final = 86_400
NOT_ANSWERED: Final = float("inf")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Callers:
    """Who calls when, and how each behaves; row = caller.

    Parameters
    ----------
    calls_at_s
        float64, shape (n,). Second of the first call, not falling.
    length_s
        float64, shape (n,). Length of the call once answered.
    patience_s
        float64, shape (n, attempts). Longest wait in the queue at each attempt; infinite = hangs up never.
    calls_again_after_s
        float64, shape (n, attempts - 1). From hanging up to the next attempt; infinite = gives up instead.
    latest_s
        float64, shape (n,). Nobody calls again after this second.

    Raises
    ------
    QueueError
        If shapes do not fit or calls are out of order.
    """

    calls_at_s: Floats
    length_s: Floats
    patience_s: Floats
    calls_again_after_s: Floats
    latest_s: Floats

    def __post_init__(self) -> None:
        count = len(self.calls_at_s)
        attempts = self.patience_s.shape[1] if self.patience_s.ndim == 2 else 0
        shapes = (self.length_s.shape, self.patience_s.shape, self.calls_again_after_s.shape)
        if attempts < 1 or shapes != ((count,), (count, attempts), (count, attempts - 1)):
            raise QueueError(f"arrays of {count} callers have shapes {shapes}; give one row a caller")
        if self.latest_s.shape != (count,) or bool((np.diff(self.calls_at_s) < 0).any()):
            raise QueueError(f"the {count} callers are not in the order of their calls; sort them")


@dataclass(frozen=True, eq=False, slots=True)
class PhoneRecord:
    """What happened on the phone.

    Parameters
    ----------
    answered_at_s, wait_s
        float64, shape (n,). `NOT_ANSWERED` for who gave up; seconds in the queue at the last attempt.
    calls, answered, abandoned, turned_away
        Attempts, and how they ended: answered, hung up out of impatience, or still waiting at closing time.
    wait_total_s
        Time in the queue over all attempts.
    talk_total_s
        Time of operators on calls.
    """

    answered_at_s: Floats
    wait_s: Floats
    calls: int
    answered: int
    abandoned: int
    turned_away: int
    wait_total_s: float
    talk_total_s: float

    @property
    def wait_mean_s(self) -> float | None:
        """Mean time in the queue of an attempt, None without calls."""
        return self.wait_total_s / self.calls if self.calls else None


class CallCentre:
    """Operators who answer calls one after the other.

    Parameters
    ----------
    operators
        How many, 1 or more.
    hours
        Opens and closes, seconds of every day; None = always open. A call that has begun is finished after
        closing time.

    Raises
    ------
    QueueError
        If a parameter is out of range.
    """

    def __init__(self, operators: int, hours: tuple[int, int] | None = None) -> None:
        if operators < 1:
            raise QueueError(f"operators are {operators}; give 1 or more")
        if hours is not None and not 0 <= hours[0] < hours[1] <= DAY_S:
            raise QueueError(f"hours are {hours[0]} to {hours[1]} s; give two seconds of one day in order")
        self._operators = operators
        self._hours = hours

    def run(self, callers: Callers) -> PhoneRecord:
        """Take all calls, in the order in which they come; of the same second, in the order of rows."""
        environment = simpy.Environment()
        line = _Line(environment, simpy.Resource(environment, self._operators), self._hours, callers)
        environment.process(line.arrivals())
        environment.run()
        return line.record()


class _Line:
    """The phone while it runs."""

    def __init__(
        self,
        environment: simpy.Environment,
        desk: simpy.Resource,
        hours: tuple[int, int] | None,
        callers: Callers,
    ) -> None:
        self._environment = environment
        self._desk = desk
        self._hours = hours
        self._callers = callers
        self._answered_at = np.full(len(callers.calls_at_s), NOT_ANSWERED)
        self._wait = np.zeros(len(callers.calls_at_s))
        self._calls = self._abandoned = self._turned_away = 0
        self._wait_total = 0.0

    def arrivals(self) -> Generator[Any, Any, None]:
        """First calls as they come."""
        environment = self._environment
        for caller, at in enumerate(self._callers.calls_at_s.tolist()):
            opens = self._opening(at)
            if opens > environment.now:
                yield environment.timeout(opens - environment.now)
            environment.process(self._caller(caller))

    def record(self) -> PhoneRecord:
        """What has happened so far."""
        is_answered = np.isfinite(self._answered_at)
        return PhoneRecord(
            answered_at_s=self._answered_at,
            wait_s=self._wait,
            calls=self._calls,
            answered=int(is_answered.sum()),
            abandoned=self._abandoned,
            turned_away=self._turned_away,
            wait_total_s=self._wait_total,
            talk_total_s=float(self._callers.length_s[is_answered].sum()),
        )

    def _caller(self, caller: int) -> Generator[Any, Any, None]:
        environment, callers = self._environment, self._callers
        for attempt, patience_s in enumerate(callers.patience_s[caller].tolist()):
            begun = environment.now
            until_closing = self._closing(begun) - begun
            self._calls += 1
            with self._desk.request() as turn:
                limit = min(patience_s, until_closing)
                if not turn.triggered:
                    yield turn if limit == NOT_ANSWERED else turn | environment.timeout(limit)
                waited = environment.now - begun
                self._wait[caller] = waited
                self._wait_total += waited
                if turn.triggered:
                    self._answered_at[caller] = environment.now
                    yield environment.timeout(float(callers.length_s[caller]))
                    return
            if patience_s <= until_closing:
                self._abandoned += 1
            else:
                self._turned_away += 1
            if attempt == callers.calls_again_after_s.shape[1]:
                return
            again = self._again(environment.now, float(callers.calls_again_after_s[caller, attempt]))
            if again > callers.latest_s[caller]:
                return
            yield environment.timeout(again - environment.now)

    def _again(self, now: float, after_s: float) -> float:
        """Second of the next attempt; if the phone is closed then, as long after the next opening, or at the
        opening itself where the phone would be closed again."""
        if after_s == NOT_ANSWERED:
            return NOT_ANSWERED
        opens = self._opening(now + after_s)
        if opens == now + after_s:
            return opens
        return opens + after_s if self._opening(opens + after_s) == opens + after_s else opens

    def _opening(self, at: float) -> float:
        """The second itself while the phone is answered, else the next opening."""
        if self._hours is None:
            return at
        opens_s, closes_s = self._hours
        second = at % DAY_S
        if opens_s <= second < closes_s:
            return at
        return at - second + opens_s + (DAY_S if second >= closes_s else 0)

    def _closing(self, at: float) -> float:
        """When the phone is next closed."""
        return NOT_ANSWERED if self._hours is None else at - at % DAY_S + self._hours[1]
