"""Erlang's formulas, against numbers reckoned by hand and against each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulation.erlang import erlang_a, erlang_b, erlang_c
from simulation.errors import QueueError


def test_loss_of_two_operators_at_one_erlang() -> None:
    # B(2, 1) = (1/2) / (1 + 1 + 1/2) = 0.2
    assert erlang_b(2, 1.0) == pytest.approx(0.2)


def test_one_operator_who_loses_nobody_is_the_textbook_queue() -> None:
    # M/M/1 at rho = 0.5, calls of 60 s: P(wait) = 0.5, mean wait = rho / (1 - rho) * 60 = 60 s
    found = erlang_c(1, 120, 60)
    assert (found.waits, found.wait_mean_s) == (pytest.approx(0.5), pytest.approx(60))
    assert (found.abandons, found.occupancy) == (0.0, pytest.approx(0.5))


def test_two_operators_at_one_erlang_let_a_third_wait() -> None:
    # C = n B / (n - a (1 - B)) = 2 * 0.2 / (2 - 0.8) = 1/3; wait = C * 90 / (2 - 1) = 30 s
    found = erlang_c(2, 90, 90)
    assert (found.waits, found.wait_mean_s) == (pytest.approx(1 / 3), pytest.approx(30))


def test_patience_as_long_as_a_call_makes_a_poisson_number_of_callers() -> None:
    # s = p: every caller leaves at the same rate (M/M/inf), so their number is Poisson(2). With n = 1:
    # P(k = 0) = e^-2, waits = 1 - e^-2, queue = 2 - (1 - e^-2) = 1 + e^-2, wait = queue * 50 s.
    empty = 0.1353352832366127
    found = erlang_a(1, 50, 100, 100)
    assert found.waits == pytest.approx(1 - empty)
    assert found.wait_mean_s == pytest.approx(50 * (1 + empty))
    assert found.abandons == pytest.approx((1 + empty) / 2)
    assert found.occupancy == pytest.approx(1 - empty)


@pytest.mark.parametrize(("operators", "load"), [(1, 0.7), (3, 2.5), (20, 17.0)])
def test_endless_patience_is_erlang_c(operators: int, load: float) -> None:
    patient, never = erlang_a(operators, 180 / load, 180, 1e9), erlang_c(operators, 180 / load, 180)
    assert patient.waits == pytest.approx(never.waits, rel=1e-4)
    assert patient.wait_mean_s == pytest.approx(never.wait_mean_s, rel=1e-4)


@pytest.mark.parametrize(("operators", "load"), [(1, 0.7), (3, 6.0), (400, 900.0)])
def test_whoever_is_not_lost_keeps_operators_busy(operators: int, load: float) -> None:
    # Conservation: load * (1 - abandons) = operators * occupancy
    found = erlang_a(operators, 180 / load, 180, 120)
    assert load * (1 - found.abandons) == pytest.approx(operators * found.occupancy)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: erlang_b(0, 1.0), "operators are 0; give 1 or more"),
        (lambda: erlang_c(2, 30, 60), "load is 2 erlangs for 2 operators; .* give 3 operators or more"),
        (lambda: erlang_a(1, 60, 60, 0), "mean patience is 0 s; give a number above 0"),
        (lambda: erlang_a(1, float("nan"), 60, 60), "mean time between calls is nan s"),
    ],
)
def test_impossible_queues_are_refused(ask: Callable[[], object], message: str) -> None:
    with pytest.raises(QueueError, match=message):
        ask()
