"""The call centre: tiny days by hand, and stationary queues against Erlang's formulas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from simulation.call_centre import DAY_S, NOT_ANSWERED, CallCentre, Callers, PhoneRecord
from simulation.erlang import erlang_c
from simulation.erlang_agreement import (
    CALL_LENGTH_S,
    PATIENCE_S,
    Agreement,
    agreement_with_erlang_a,
    stationary_run,
)
from simulation.errors import QueueError
from simulation.study_comparison import holm


def callers(
    at: Sequence[float],
    length: float = 100.0,
    patience: Sequence[float] = (NOT_ANSWERED,),
    again: Sequence[float] = (),
    latest: float = NOT_ANSWERED,
) -> Callers:
    """Callers alike but for the time of their first call."""
    n = len(at)
    return Callers(
        np.array(at, float),
        np.full(n, length),
        np.tile(np.array(patience, float), (n, 1)),
        np.tile(np.array(again, float).reshape(1, -1), (n, 1)),
        np.full(n, latest),
    )


def counted(record: PhoneRecord) -> tuple[int, int, int, int]:
    return record.calls, record.answered, record.abandoned, record.turned_away


def test_callers_are_answered_in_the_order_of_their_calls() -> None:
    record = CallCentre(1).run(callers([0, 10, 20]))
    assert record.answered_at_s.tolist() == [0, 100, 200]
    assert record.wait_s.tolist() == [0, 90, 180]
    assert (record.wait_mean_s, record.talk_total_s) == (90, 300)


def test_a_second_operator_takes_the_second_call() -> None:
    assert CallCentre(2).run(callers([0, 10, 20])).answered_at_s.tolist() == [0, 10, 100]


def test_who_hangs_up_gives_up_without_another_attempt() -> None:
    record = CallCentre(1).run(callers([0, 10], patience=[89]))
    assert record.answered_at_s.tolist() == [0, NOT_ANSWERED]
    assert counted(record) == (2, 1, 1, 0)
    assert record.wait_total_s == 89


def test_who_waits_one_second_longer_is_answered() -> None:
    assert CallCentre(1).run(callers([0, 10], patience=[91])).answered_at_s.tolist() == [0, 100]


def test_who_hangs_up_calls_again() -> None:
    # Hangs up at 10 + 30, calls again at 40 + 25 = 65, waits 35 s for the end of the first call.
    record = CallCentre(1).run(callers([0, 10], patience=[30, 60], again=[25]))
    assert record.answered_at_s.tolist() == [0, 100]
    assert counted(record) == (3, 2, 1, 0)
    assert record.wait_total_s == 30 + 35


@pytest.mark.parametrize(("latest", "answered"), [(64, 1), (65, 2)])
def test_nobody_calls_again_when_it_is_too_late(latest: float, answered: int) -> None:
    assert (
        CallCentre(1).run(callers([0, 10], patience=[30, 60], again=[25], latest=latest)).answered == answered
    )


def test_closing_time_turns_away_who_waits_and_lets_the_call_end() -> None:
    # Open from 1000 to 1050: the first call lasts until 1100; the second caller is turned away at 1050.
    record = CallCentre(1, (1000, 1050)).run(callers([1000, 1010]))
    assert record.answered_at_s.tolist() == [1000, NOT_ANSWERED]
    assert counted(record) == (2, 1, 0, 1)
    assert (record.wait_total_s, record.talk_total_s) == (40, 100)


@pytest.mark.parametrize(("after", "second"), [(49, 1049), (50, 1000)])
def test_who_is_turned_away_calls_after_the_next_opening(after: float, second: int) -> None:
    # 50 s after the opening the phone is closed again: called right at the opening instead.
    day = callers([1000, 1010], patience=[NOT_ANSWERED] * 2, again=[after])
    record = CallCentre(1, (1000, 1050)).run(day)
    assert record.answered_at_s.tolist() == [1000, DAY_S + second]
    assert counted(record) == (3, 2, 0, 1)


@pytest.mark.parametrize(("at", "answered"), [(999, 1000), (1000, 1000), (1049, 1049), (1050, DAY_S + 1000)])
def test_calls_outside_the_hours_are_made_at_the_next_opening(at: int, answered: int) -> None:
    assert CallCentre(1, (1000, 1050)).run(callers([at])).answered_at_s.tolist() == [answered]


def test_impossible_centres_and_callers_are_refused() -> None:
    with pytest.raises(QueueError, match="operators are 0; give 1 or more"):
        CallCentre(0)
    with pytest.raises(QueueError, match="hours are 10 to 10 s"):
        CallCentre(1, (10, 10))
    with pytest.raises(QueueError, match="not in the order of their calls; sort them"):
        callers([2, 1])
    with pytest.raises(QueueError, match="give one row a caller"):
        Callers(np.zeros(2), np.zeros(1), np.zeros((2, 1)), np.zeros((2, 0)), np.zeros(2))


@pytest.fixture(scope="module")
def beside_erlang_a() -> tuple[Agreement, ...]:
    return agreement_with_erlang_a()


def test_five_loads_agree_with_erlang_a(beside_erlang_a: tuple[Agreement, ...]) -> None:
    assert len(beside_erlang_a) == 10
    assert all(row.agrees for row in beside_erlang_a), beside_erlang_a
    assert {row.figure for row in beside_erlang_a} == {"wait_mean_s", "abandons"}
    for row in beside_erlang_a:
        assert row.p_holm >= row.p
        assert row.simulated.half_width is not None


def test_the_comparison_would_see_patience_longer_by_a_fifth() -> None:
    rows = agreement_with_erlang_a(formula_patience_s=1.2 * PATIENCE_S)
    assert min(row.p_holm for row in rows) < 0.001
    assert sum(not row.agrees for row in rows) >= 5


def test_too_little_to_compare_is_refused() -> None:
    with pytest.raises(QueueError, match="1 runs of 1300 calls; give 2 runs and 201 calls or more"):
        agreement_with_erlang_a(1)
    with pytest.raises(QueueError, match="2 runs of 200 calls"):
        agreement_with_erlang_a(2, 200)


def test_five_loads_without_hanging_up_agree_with_erlang_c() -> None:
    p = []
    for operators, load in ((1, 0.4), (2, 1.0), (3, 1.8), (5, 3.5), (8, 6.0)):
        waits = [stationary_run(operators, load, seed, 1300, None)[0] for seed in range(1, 25)]
        formula = erlang_c(operators, CALL_LENGTH_S / load, CALL_LENGTH_S)
        p.append(float(stats.ttest_1samp(waits, formula.wait_mean_s).pvalue))
    assert min(holm(p)) > 0.05, p
