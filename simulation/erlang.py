"""Formulas of Erlang and Palm: what callers of a stationary call centre meet on average.

Poisson calls, exponential call lengths, callers served in the order of their calls. They are what the
simulated call centre is held against; a simulated day has opening hours and callers who try again, and has no
formula.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulation.errors import QueueError

_NEGLIGIBLE = 1e-15
_MOST_STATES = 1_000_000


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What callers and operators meet in the long run.

    Parameters
    ----------
    waits
        Share of callers who do not reach an operator at once.
    abandons
        Share of callers who hang up before they are answered.
    wait_mean_s
        Mean time in the queue of all callers, those who hang up included.
    occupancy
        Share of the operators' time spent on calls.
    """

    waits: float
    abandons: float
    wait_mean_s: float
    occupancy: float


def erlang_b(operators: int, load: float) -> float:
    """Share of calls lost where nobody waits.

    Parameters
    ----------
    operators
        1 or more.
    load
        Mean call length / mean time between calls, in erlangs.

    Raises
    ------
    QueueError
        If a parameter is out of range.

    Notes
    -----
    Recursion B(n) = a B(n-1) / (n + a B(n-1)), B(0) = 1, of the loss formula of Erlang (1917).
    """
    _check(operators, load)
    blocked = 1.0
    for n in range(1, operators + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(operators: int, between_calls_s: float, call_length_s: float) -> QueueFigures:
    """M/M/n: everybody waits until answered.

    Parameters
    ----------
    operators
        1 or more.
    between_calls_s, call_length_s
        Means.

    Raises
    ------
    QueueError
        If a parameter is out of range, or there are too few operators for the calls.

    Notes
    -----
    Erlang's delay formula: C = n B / (n - a (1 - B)), mean wait C s / (n - a).
    """
    load = _load(operators, between_calls_s, call_length_s)
    if load >= operators:
        raise QueueError(
            f"load is {load:g} erlangs for {operators} operators; without hanging up the queue would grow for"
            f" ever: give {math.floor(load) + 1} operators or more"
        )
    blocked = erlang_b(operators, load)
    waits = operators * blocked / (operators - load * (1 - blocked))
    return QueueFigures(waits, 0.0, waits * call_length_s / (operators - load), load / operators)


def erlang_a(operators: int, between_calls_s: float, call_length_s: float, patience_s: float) -> QueueFigures:
    """M/M/n+M: callers hang up after exponential patience and do not call again.

    Parameters
    ----------
    operators
        1 or more.
    between_calls_s, call_length_s, patience_s
        Means.

    Raises
    ------
    QueueError
        If a parameter is out of range.

    Notes
    -----
    Palm's model: Garnett, Mandelbaum and Reiman (2002), "Designing a call center with impatient customers";
    Mandelbaum and Zeltyn, "Service engineering in action: the Palm/Erlang-A queue, with applications to call
    centers" (doi 10.1007/978-3-540-29860-1_2). The probabilities of the birth-and-death chain (calls at rate
    1/b, ends at rate min(k, n)/s + max(k - n, 0)/p in state k) are added up until the rest is below 1e-15.
    The mean wait follows from the mean queue by Little's law, and abandons = wait_mean_s / patience_s.
    """
    _load(operators, between_calls_s, call_length_s)
    _check_time("patience", patience_s)
    calls, ends, leaves = 1 / between_calls_s, 1 / call_length_s, 1 / patience_s
    weight, total, waiting, queue, busy = 1.0, 1.0, 0.0, 0.0, 0.0
    for k in range(1, _MOST_STATES + 1):
        rate = min(k, operators) * ends + max(k - operators, 0) * leaves
        weight *= calls / rate
        if weight > 1e200:  # only ratios count
            total, waiting, queue, busy = (x / weight for x in (total, waiting, queue, busy))
            weight = 1.0
        total += weight
        queue += max(k - operators, 0) * weight
        busy += min(k, operators) * weight
        waiting += weight if k >= operators else 0.0
        if rate > calls and k > operators and weight * k < _NEGLIGIBLE * total * (1 - calls / rate):
            break
    else:
        raise QueueError(
            f"patience is {patience_s:g} s; the queue has more than {_MOST_STATES} states: give a shorter one"
        )
    wait_mean_s = queue / total * between_calls_s
    return QueueFigures(waiting / total, wait_mean_s / patience_s, wait_mean_s, busy / total / operators)


def _load(operators: int, between_calls_s: float, call_length_s: float) -> float:
    _check_time("time between calls", between_calls_s)
    _check_time("call length", call_length_s)
    load = call_length_s / between_calls_s
    _check(operators, load)
    return load


def _check(operators: int, load: float) -> None:
    if operators < 1:
        raise QueueError(f"operators are {operators}; give 1 or more")
    if not (math.isfinite(load) and load > 0):
        raise QueueError(f"load is {load:g} erlangs; give a number above 0")


def _check_time(what: str, seconds: float) -> None:
    if not (math.isfinite(seconds) and seconds > 0):
        raise QueueError(f"mean {what} is {seconds:g} s; give a number above 0")
