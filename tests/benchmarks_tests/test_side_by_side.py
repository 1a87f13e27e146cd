"""Turns, passes, medians, checksums, the void rule and the table of comparisons, with a clock by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.side_by_side import (
    Asked,
    Timed,
    Work,
    checksum,
    comparison_table,
    passes_for,
    timed_in_turns,
)

QUERY = Asked("query", "one query", "us", 1000)
MATRIX = Asked("matrix_100", "matrix 100 x 100", "M/s", 10_000)


class HandClock:
    """Seconds that pass only while somebody works."""

    def __init__(self) -> None:
        self.now = 0.0
        self.turns: list[str] = []

    def __call__(self) -> float:
        return self.now

    def work(self, engine: str, seconds: float, answer: object) -> Callable[[], object]:
        def run() -> object:
            self.now += seconds
            self.turns.append(engine)
            return answer

        return run


def test_value_is_time_of_one_answer_or_answers_in_a_second() -> None:
    assert QUERY.value(0.03) == pytest.approx(30)  # 0.03 s / 1,000 = 30 us
    assert MATRIX.value(0.002) == pytest.approx(5)  # 10,000 / 0.002 s = 5 M/s
    assert Asked("build", "build", "s").value(2.5) == 2.5
    assert Asked("one_to_all", "one to all", "ms", 4).value(0.1) == pytest.approx(25)  # 100 ms / 4


@pytest.mark.parametrize(
    ("first_s", "passes", "quick"),
    [(0.09, 15, 3), (0.1, 5, 3), (10.0, 5, 3), (10.1, 3, 1), (40.0, 3, 1), (40.1, 1, 1)],
)
def test_long_work_gets_fewer_passes(first_s: float, passes: int, quick: int) -> None:
    assert passes_for(first_s) == passes
    assert passes_for(first_s, is_quick=True) == quick


def test_engines_take_turns_and_each_turn_begins_with_another() -> None:
    clock = HandClock()
    works = {
        "ours": Work(clock.work("ours", 1.0, [7]), list),
        "theirs": Work(clock.work("theirs", 12.0, np.array([7.0])), list),
    }
    timed = timed_in_turns(QUERY, works, clock=clock)
    # 12 s is long: three passes; 1 s is not: five.
    assert clock.turns == ["ours", "theirs", "theirs", "ours", "ours", "theirs", "ours", "ours"]
    assert timed.cpu_s == {"ours": [1.0] * 5, "theirs": [12.0] * 3}
    assert not timed.disagreements
    assert timed.times_faster("ours", "theirs") == 12.0


def test_turning_an_answer_into_lengths_is_not_timed() -> None:
    clock = HandClock()

    def lengths(_: object) -> list[int]:
        clock.now += 100
        return [1]

    timed = timed_in_turns(QUERY, {"ours": Work(clock.work("ours", 1.0, None), lengths)}, clock=clock)
    assert set(timed.cpu_s["ours"]) == {1.0}


def test_one_wrong_answer_in_any_pass_is_a_disagreement_that_names_the_engine() -> None:
    clock = HandClock()
    answers = iter([[3], [3], [4], [3], [3]])
    works = {
        "ours": Work(clock.work("ours", 1.0, [3]), list),
        "theirs": Work(clock.work("theirs", 1.0, None), lambda _: next(answers)),
    }
    (said,) = timed_in_turns(QUERY, works, clock=clock).disagreements
    assert said == f"query: theirs answers {checksum([4])}, ours {checksum([3])}"


def test_an_answer_that_nobody_checks_is_not_set_beside_one_that_is_checked() -> None:
    clock = HandClock()
    works = {"ours": Work(clock.work("ours", 1.0, [3]), list), "theirs": Work(clock.work("theirs", 1.0, [3]))}
    with pytest.raises(ValueError, match="query: nobody checks what theirs answers"):
        timed_in_turns(QUERY, works, clock=clock)
    assert clock.turns == []


def test_checksum_is_of_whole_numbers_and_shape_whatever_type_holds_them() -> None:
    assert checksum(np.array([[1, 2]], np.int32)) == checksum([[1.0, 2.0]])
    assert checksum([[1, 2]]) != checksum([[1], [2]])
    assert checksum([1, 2]) != checksum([2, 1])


def test_value_is_the_median_and_ratio_the_median_of_ratios_of_passes_both_did() -> None:
    timed = Timed(MATRIX, {"ours": [0.001, 0.002, 0.004, 0.002, 0.002], "theirs": [0.004, 0.004, 0.004]})
    assert timed.value("ours") == pytest.approx(5)
    assert timed.times_faster("ours", "theirs") == 2  # of 4, 2 and 1


def test_table_shows_a_dash_for_who_cannot_and_passes_where_they_are_few() -> None:
    measured = [
        Timed(QUERY, {"ours": [0.03] * 5, "slow": [0.3] * 3}),
        Timed(MATRIX, {"ours": [0.002] * 5}),
        Timed(Asked("setup", "set up", "s"), {"slow": [1500.0]}),
    ]
    lines = comparison_table("town", measured, ("ours", "slow", "absent")).splitlines()
    assert lines[0].split() == ["town", "unit", "ours", "slow", "absent"]
    assert lines[1].split() == ["one", "query", "us", "30", "300", "10.00x", "[3]", "-"]
    assert lines[2].split() == ["matrix", "100", "x", "100", "M/s", "5", "-", "-"]
    assert lines[3].split() == ["set", "up", "s", "-", "1,500", "[1]", "-"]
