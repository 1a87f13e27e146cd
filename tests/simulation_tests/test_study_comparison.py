"""Cases against their baseline: paired intervals, quantiles over days, many comparisons, and words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from maas.i18n.effects import effect_words
from maas.i18n.figures import BY_KEY, wording_of
from scenarios.streams import generator
from scenarios.study_definition import load_study
from simulation.comparison import Estimate
from simulation.errors import ComparisonError
from simulation.study_cases import cases_of
from simulation.study_comparison import (
    compare_study,
    days_needed,
    holm,
    mark_of,
    paired_p,
    pooled_quantile,
    quantile_difference,
)
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from tests.simulation_tests.studies import STUDY, write_study


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        text = STUDY.replace('"wait_mean_s"]', '"wait_mean_s", "wait_p95_s", "in_vehicle_mean_s"]')
        study = load_study(write_study(folder / "in", text))
        return run_study(study, folder / "out", replications=6).outcome


def test_difference_is_that_of_the_days_with_equal_seeds(outcome: StudyOutcome) -> None:
    effect = compare_study(outcome).by_key["two.notice-20", "in_vehicle_mean_s"]
    days = outcome.metrics.pivot(index="seed", columns="case", values="in_vehicle_mean_s")
    apart = days["two.notice-20"] - days["one"]
    assert effect.difference.mean == pytest.approx(apart.mean())
    low, high = stats.t.interval(0.95, 5, loc=apart.mean(), scale=stats.sem(apart))
    assert (effect.difference.low, effect.difference.high) == pytest.approx((low, high))
    assert effect.p == pytest.approx(stats.ttest_rel(days["two.notice-20"], days["one"]).pvalue)
    assert effect.value - effect.base == pytest.approx(effect.difference.mean)


def test_baseline_has_no_effect_and_all_effects_are_corrected_together(outcome: StudyOutcome) -> None:
    effects = compare_study(outcome).effects
    assert {effect.case for effect in effects} == {"two.notice-20", "two.notice-45"}
    told = [effect for effect in effects if effect.p is not None]
    assert [effect.p_holm for effect in told] == holm([effect.p or 0.0 for effect in told])


def test_quantile_is_that_of_the_served_requests_of_all_days(outcome: StudyOutcome) -> None:
    table = outcome.requests("two.notice-20")
    waits = table.loc[table["status"] == "done", "wait_s"].astype(float)
    assert pooled_quantile(outcome, "two.notice-20", "wait_p95_s") == pytest.approx(waits.quantile(0.95))
    effect = compare_study(outcome).by_key["two.notice-20", "wait_p95_s"]
    assert effect.value == pytest.approx(waits.quantile(0.95))
    assert effect.difference.mean == pytest.approx(effect.value - effect.base)
    alone = compare_study(outcome, ["wait_p95_s"]).by_key["two.notice-20", "wait_p95_s"]
    assert alone.difference == effect.difference


def test_unknown_figure_is_refused(outcome: StudyOutcome) -> None:
    with pytest.raises(ComparisonError, match="no day has the figure 'wait'"):
        compare_study(outcome, ["wait"])


def test_figure_of_the_study_that_no_day_has_is_left_out(outcome: StudyOutcome) -> None:
    definition = {**outcome.definition, "figures": ["call_centre.wait_mean_s", "served_riders"]}
    without = StudyOutcome(outcome.folder, {**outcome.provenance, "definition": definition})
    assert {effect.figure for effect in compare_study(without).effects} == {"served_riders"}


def test_same_shift_of_every_rider_is_the_whole_interval() -> None:
    random = np.random.default_rng(1)
    base = [random.normal(100, 20, 30) for _ in range(8)]
    at, under, difference, p = quantile_difference([day - 10 for day in base], base, 0.95, random)
    assert under == pytest.approx(np.quantile(np.concatenate(base), 0.95))
    assert at - under == pytest.approx(-10)
    assert (difference.low, difference.high) == pytest.approx((-10, -10))
    assert p is not None
    assert p < 0.01


def test_days_are_drawn_and_not_riders() -> None:
    # Within a day everybody waits alike, so that riders by the hundred say no more than one: over two days,
    # the median of a draw is that of day 0 (0), of day 1 (60) or between them (30).
    base = [np.zeros(500), np.zeros(500)]
    days = [np.zeros(500), np.full(500, 60.0)]
    _, _, difference, p = quantile_difference(days, base, 0.5, np.random.default_rng(1))
    assert (difference.low, difference.high) == (0.0, 60.0)
    assert p is not None
    assert p > 0.05


def test_same_days_are_drawn_on_both_sides() -> None:
    # Days differ by hours, the cases by one second: drawn apart, the interval would span the days.
    base = [np.full(10, 3600.0 * day) for day in range(6)]
    _, _, difference, _ = quantile_difference([day + 1 for day in base], base, 0.5, np.random.default_rng(3))
    assert (difference.low, difference.high) == (1.0, 1.0)


def test_bootstrap_repeats_with_its_seed() -> None:
    random = np.random.default_rng(5)
    days = [random.exponential(60, 12) for _ in range(10)]
    base = [random.exponential(70, 12) for _ in range(10)]
    once, again = (quantile_difference(days, base, 0.95, generator(1, "x")) for _ in range(2))
    assert once == again


def test_single_day_has_no_interval_and_no_p() -> None:
    _, _, difference, p = quantile_difference([np.ones(3)], [np.zeros(3)], 0.5, np.random.default_rng(1))
    assert (difference.mean, difference.low, difference.high, p) == (1.0, None, None, None)
    assert paired_p([1.0]) is None
    assert days_needed([1.0], 0.5) is None


def test_holm_by_hand() -> None:
    # Four values in rising order times 4, 3, 2, 1: 0.004, 0.03, 0.08, 0.05; none may be below the one before.
    assert holm([0.01, 0.001, 0.05, 0.04]) == pytest.approx([0.03, 0.004, 0.08, 0.08])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_p_of_days_that_all_differ_alike() -> None:
    assert paired_p([0.0, 0.0, 0.0]) == 1.0
    assert paired_p([2.0, 2.0]) == 0.0
    assert paired_p([1.0, 2.0, 4.0]) == pytest.approx(stats.ttest_1samp([1.0, 2.0, 4.0], 0.0).pvalue)


def test_days_needed_by_hand() -> None:
    # Spread 10: t(98) = 1.9845 gives 1.9845 * 10 / sqrt(99) = 1.994 <= 2, and t(97) = 1.9847 gives 2.005 > 2.
    scale = 10.0 / np.std([-1.0, 1.0], ddof=1)
    assert days_needed([-scale, scale], 2.0) == 99
    assert days_needed([3.0, 3.0], 2.0) == 2
    with pytest.raises(ComparisonError, match="wanted half-width is 0"):
        days_needed([1.0, 2.0], 0.0)


@pytest.mark.parametrize(
    ("low", "high", "mark"),
    [
        (-90.0, -60.0, "better"),  # at least 60 s shorter
        (-90.0, -59.0, "open"),
        (-10.0, 10.0, "open"),
        (0.0, 5.0, "open"),
        (1.0, 5.0, "worse"),
    ],
)
def test_mark_compares_the_whole_interval(low: float, high: float, mark: str) -> None:
    difference = Estimate((low + high) / 2, low, high, 9)
    assert mark_of(difference, {"better": "lower", "by": 60.0}) == mark
    turned = Estimate(-(low + high) / 2, -high, -low, 9)
    assert mark_of(turned, {"better": "higher", "by": 60.0}) == mark


def test_without_threshold_or_interval_there_is_no_mark() -> None:
    assert mark_of(Estimate(1.0, 0.5, 1.5, 9), None) is None
    assert mark_of(Estimate(1.0, None, None, 1), {"better": "lower", "by": 0.0}) is None
    assert mark_of(Estimate(0.0, 0.0, 0.0, 9), {"better": "lower", "by": 0.0}) == "open"


@pytest.mark.parametrize(
    ("key", "mean", "low", "high", "en", "ja"),
    [
        ("wait_mean_s", -186, -228, -144, "3.1 minutes shorter, 2.4 to 3.8", "3.1分短い（2.4～3.8）"),
        ("wait_mean_s", 186, 144, 228, "3.1 minutes longer, 2.4 to 3.8", "3.1分長い（2.4～3.8）"),
        (
            "wait_mean_s",
            3,
            -30,
            36,
            "no clear difference (-0.5 to +0.6 minutes)",
            "明らかな差なし（-0.5～+0.6分）",
        ),
        ("served_share", 0.021, 0.012, 0.03, "2.1 points higher, 1.2 to 3.0", "2.1ポイント高い（1.2～3.0）"),
        ("cost_yen", -4100, -5000, -3200, "4,100 yen less, 3,200 to 5,000", "4,100円少ない（3,200～5,000）"),
        ("served_riders", 12.5, None, None, "12.5 more (one day)", "12.5人多い（1日のみ）"),
        ("promises_kept_share", 0.0, 0.0, 0.0, "no difference", "差なし"),
    ],
)
def test_effect_in_plain_words(
    key: str, mean: float, low: float | None, high: float | None, en: str, ja: str
) -> None:
    assert effect_words(BY_KEY[key], mean, low, high, "en") == en
    assert effect_words(BY_KEY[key], mean, low, high, "ja") == ja


def test_demand_that_is_scaled_down_is_known(tmp_path: Path) -> None:
    text = STUDY.replace('"line.toml"', '"sakura_on_demand"').replace(
        '"service.vehicles.V.count" = 2', '"demand.latent_requests_per_weekday" = 22'
    )
    cases = cases_of(load_study(write_study(tmp_path, text)))
    assert [case.demand_share for case in cases] == [1.0, 0.25, 0.25]  # 22 of 88
    provenance = {
        "cases": [
            {
                "name": case.name,
                "title": {"en": "", "ja": ""},
                "variant": case.variant,
                "point": {},
                "demand_share": case.demand_share,
            }
            for case in cases
        ]
    }
    assert [case.name for case in StudyOutcome(tmp_path, provenance).samples] == [
        cases[1].name,
        cases[2].name,
    ]


def test_figure_of_a_group_is_called_by_group_and_figure() -> None:
    figure = wording_of("by_area.Kitsuregawa.served_share")
    assert figure is not None
    assert figure.head("en") == "Area Kitsuregawa: Served share (%)"
    assert figure.head("ja") == "地区 喜連川: 運行率（運行/申込） (%)"
    assert effect_words(figure, 0.1, 0.05, 0.15, "en") == "10.0 points higher, 5.0 to 15.0"
    assert [wording_of(key) for key in ("by_area.Kitsuregawa", "by_town.X.served", "x")] == [None] * 3
