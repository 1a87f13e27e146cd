"""Gaps, vehicles and duels from runs on instances whose best known plans are given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.quality_figures import (
    NOT_APPLICABLE,
    SOLVED,
    WRONG,
    Outcome,
    duel_table,
    duels,
    summarise,
    summary_table,
)
from benchmarks.quality_goals import goals

BEST = Outcome("town", "t1", 1, 10.0, "sisr", SOLVED, 100.0, best_vehicles=5, vehicles=5, cost=100.0)


def test_gap_is_of_runs_with_as_many_vehicles_as_the_best_known() -> None:
    runs = [
        BEST,
        replace(BEST, seed=2, cost=104.0),
        replace(BEST, instance="t2", vehicles=7, cost=80.0),
        replace(BEST, instance="t2", seed=2, cost=102.0),
    ]
    (found,) = summarise(runs)
    assert (found.instances, found.seeds, found.runs, found.infeasible) == (2, 2, 4, 0)
    assert found.gap_mean_pct == pytest.approx(2)  # of 0, 4 and 2
    assert (found.gap_median_pct, found.gap_worst_pct) == (pytest.approx(2), pytest.approx(4))
    assert found.vehicles_above_mean == 0.5  # 2 of 4 runs
    assert found.vehicles_above_most == 2
    assert found.vehicles_above_pct == pytest.approx(10)  # 2 above 4 * 5
    assert found.at_best_vehicles_pct == 75
    assert found.best_of_seeds_at_best_pct == 50  # t1 alone


def test_plan_that_breaks_a_rule_is_counted_and_not_compared() -> None:
    (found,) = summarise([BEST, replace(BEST, seed=2, status=WRONG, vehicles=1, cost=1.0)])
    assert (found.infeasible, found.gap_mean_pct, found.vehicles_above_mean) == (1, 0, 0)
    assert found.at_best_vehicles_pct == 50


def test_run_without_a_plan_misses_what_is_to_be_at_most_something() -> None:
    runs = [replace(BEST, family="li_lim_100"), replace(BEST, family="li_lim_100", seed=2, status=WRONG)]
    reached = {goal.title.rsplit(": ")[1]: goal for goal in goals(summarise(runs), runs)}
    assert not reached["gap mean"].is_reached
    assert reached["best of seeds at best"].is_reached


def test_family_without_a_single_plan_has_no_gap() -> None:
    (found,) = summarise([replace(BEST, status=WRONG)])
    assert (found.gap_mean_pct, found.vehicles_above_mean) == (None, None)
    assert [figure.name.rsplit("/", 1)[1] for figure in found.figures()] == [
        "infeasible_runs", "best_of_seeds_at_best", "at_best_vehicles",
    ]  # fmt: skip


def test_best_known_is_reached_within_the_decimals_it_is_told_with() -> None:
    assert replace(BEST, cost=100.005).is_at_best
    assert not replace(BEST, cost=100.006).is_at_best
    assert replace(BEST, vehicles=4, cost=200.0).is_at_best
    assert not replace(BEST, vehicles=6, cost=50.0).is_at_best


def test_figures_name_the_set_they_were_measured_on() -> None:
    (found,) = summarise([BEST, replace(BEST, seed=2)])
    gap = found.figures()[1]
    assert (gap.name, gap.value, gap.unit, gap.better) == ("town/1x2/10s/sisr/gap_mean", 0, "%", "less")


def test_vehicles_are_no_figure_where_they_are_not_counted() -> None:
    (found,) = summarise([replace(BEST, best_vehicles=None, vehicles=3, cost=101.0)])
    assert found.gap_mean_pct == pytest.approx(1)
    assert not any("vehicles" in figure.name for figure in found.figures())


def test_duel_is_by_instance_on_plans_then_vehicles_then_cost() -> None:
    def pair(instance: str, ours: Outcome, theirs: Outcome) -> list[Outcome]:
        return [replace(ours, instance=instance), replace(theirs, instance=instance, solver="peer")]

    runs = [
        *pair("t1", BEST, replace(BEST, status=WRONG, vehicles=0, cost=0.0)),
        *pair("t2", BEST, replace(BEST, vehicles=6, cost=50.0)),
        *pair("t3", replace(BEST, cost=101.0), BEST),
        *pair("t4", BEST, replace(BEST, cost=100.00000001)),
        replace(BEST, instance="t5"),
    ]
    (duel,) = duels(runs, "sisr")
    assert (duel.ahead, duel.level, duel.behind) == (("t1", "t2"), ("t4",), ("t3",))
    assert (
        duel_table([duel])
        == "town 10 s, sisr against peer: on the mean ahead; 2 ahead, 1 level, 1 behind: t3"
    )


def test_duel_is_on_means_over_seeds() -> None:
    runs = [BEST, replace(BEST, seed=2, cost=110.0), replace(BEST, solver="peer", cost=104.0)]
    assert duels(runs, "sisr")[0].behind == ("t1",)  # 105 against 104


def test_table_says_what_is_not_applicable_and_why() -> None:
    runs = [BEST, replace(BEST, solver="pyvrp", status=NOT_APPLICABLE, said="ride-time limits")]
    lines = summary_table(runs).splitlines()
    assert lines[0] == "town: 1 instances"
    assert lines[2].split() == [
        "10", "sisr", "1", "of", "1", "+0.00", "100", "%", "0.00", "%", "0.00", "%", "0.00", "%",
        "100", "%", "0.0", "s",
    ]  # fmt: skip
    assert lines[3].split(maxsplit=2) == ["10", "pyvrp", "not applicable: ride-time limits"]
    assert duels(runs, "sisr") == []


@pytest.mark.parametrize(
    ("theirs", "verdict"),
    [
        # Ours: 5 vehicles and 100, twice. Fewer vehicles in all come before less cost.
        ([(5, 100.0), (5, 100.0)], 0),
        ([(4, 400.0), (5, 100.0)], 1),
        ([(6, 10.0), (5, 10.0)], -1),
        ([(4, 100.0), (6, 100.0)], 0),
        ([(5, 97.0), (5, 102.0)], 1),
        ([(5, 97.0), (5, 104.0)], -1),
    ],
)
def test_family_is_judged_on_its_mean(theirs: list[tuple[int, float]], verdict: int) -> None:
    runs = [replace(BEST, instance=name, vehicles=5, cost=100.0) for name in ("t1", "t2")]
    runs += [
        replace(one, solver="peer", vehicles=vehicles, cost=cost)
        for one, (vehicles, cost) in zip(runs, theirs, strict=True)
    ]
    (duel,) = duels(runs, "sisr")
    assert duel.on_the_mean == verdict
