"""From 2021 to 2040: how many people, how old, and what that does to demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from dashboards.evidence.assumptions import case_scenario
from dashboards.evidence.chosen_cases import case_title, drawn_cases
from dashboards.evidence.drawing import in_lines, light_grid, svg_of
from dashboards.evidence.exhibits import ChartExhibit, Column, Exhibit, TableExhibit, rows_of
from dashboards.evidence.kpis import unvaried
from dashboards.evidence.number_text import age_text
from dashboards.evidence.palette import PAPER
from maas.i18n.wording import Language, Wording
from maas.service_definition import AGE_BANDS
from scenarios.errors import ScenarioError
from scenarios.loading import load_scenario
from scenarios.population import residents_by_band
from scenarios.preparation import city_of
from scenarios.scenario import EMBEDDED
from simulation.comparison import estimates
from simulation.study_outcome import StudyOutcome

YEARS: Final = (("2021", "sakura_on_demand"), ("2040", "sakura_2040"))
_COLOURS: Final = ("#dfe6ec", "#9fd0ec", "#3f97cf", "#0b4f7d")
_HATCHES: Final = ("", "", "..", "//")


def from_2021_to_2040(study: StudyOutcome, language: Language) -> list[Exhibit]:
    """People by age in both years, and the requests of each case by age; empty for another city."""
    people = {year: people_by_age(name) for year, name in YEARS}
    if not _is_about_sakura(study) or any(found is None for found in people.values()):
        return []
    bands = {year: found for year, found in people.items() if found is not None}
    cases = drawn_cases(study)
    requests = {case.name: _requests_by_age(study, case.name) for case in cases}
    has_requests = any(sum(values) for values in requests.values())

    def draw(figure: Figure) -> None:
        left, *right = figure.subplots(1, 1 + has_requests, squeeze=False)[0]
        _stack(
            left,
            [f"{year}年" if language == "ja" else year for year in bands],
            list(bands.values()),
            Wording("People", "人口（人）").text(language),
        )
        if has_requests:
            letters = (22 if language == "ja" else 36) // len(cases)
            names = [in_lines(case_title(case, language), letters) for case in cases]
            right[0].tick_params(axis="x", labelsize=8.5 if len(cases) < 3 else 7.0)
            _stack(
                right[0], names, [requests[case.name] for case in cases],
                Wording("Requests a weekday", "申込み（件/日）").text(language),
            )  # fmt: skip
        handles = [
            Patch(facecolor=colour, hatch=hatch, edgecolor=PAPER, label=age_text(band, language))
            for band, colour, hatch in zip(AGE_BANDS, _COLOURS, _HATCHES, strict=True)
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=4)

    chart = ChartExhibit(
        "population",
        Wording("From 2021 to 2040: fewer people, more of them old", "2021年から2040年へ: 人口減少と高齢化"),
        svg_of(draw, 2.7),
        Wording(
            "People by age in 2021 and 2040, and requests a weekday by age in each case",
            "2021年と2040年の年齢別人口と、案ごとの年齢別申込件数",
        ),
        Wording(
            "Totals: the city's policy paper (44,183 and 41,913). Ages of 2040: projection of 2013, scaled."
            " Ages and towns of 2021 are assumptions. Inmates are left out. How often people of an age travel"
            " is taken to stay as it is.",
            "総数は市の資料（44,183人、41,913人）。2040年の年齢構成は2013年推計による。"
            "2021年の年齢・地区構成は仮定。矯正施設の被収容者を除く。年齢別の利用頻度は変わらないと仮定。",
        ),
        _people_table(bands, language),
    )
    return [chart]


def people_by_age(scenario: str) -> list[float] | None:
    """Residents who travel by age band, of a shipped scenario; None where it is not to be had."""
    try:
        said = load_scenario(scenario)
        is_projected = said.population is not None and said.population.projection is not None
        if said.population is None:
            return None
        counts = residents_by_band(city_of(said), said.population, scenario, is_projected=is_projected)
    except ScenarioError:
        return None
    return [float(value) for value in counts.sum(axis=0)]


def _stack(axes: Axes, names: list[str], values: Sequence[Sequence[float]], label: str) -> None:
    base = np.zeros(len(names))
    for index, (colour, hatch) in enumerate(zip(_COLOURS, _HATCHES, strict=True)):
        heights = np.array([each[index] for each in values])
        axes.bar(
            names, heights, bottom=base, width=0.62, color=colour, hatch=hatch, edgecolor=PAPER, linewidth=0.4
        )
        base += heights
    axes.set_ylabel(label)
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.tick_params(axis="x", length=0)
    light_grid(axes, "y")


def _people_table(bands: Mapping[str, Sequence[float]], language: Language) -> TableExhibit:
    people = Wording("people", "人")
    columns = (
        Column("age", Wording("Age", "年齢")),
        *(Column(f"y{year}", Wording(year, f"{year}年"), people, decimals=0) for year in bands),
        Column("change", Wording("Change", "増減"), Wording("%", "%"), decimals=1, is_signed=True),
    )
    first, last = list(bands.values())
    names = [*(age_text(band, language) for band in AGE_BANDS), Wording("all", "合計").text(language)]
    pairs = [*zip(first, last, strict=True), (sum(first), sum(last))]
    keys = [f"y{year}" for year in bands]
    rows = [
        {
            "age": name,
            keys[0]: before,
            keys[1]: after,
            "change": 100 * (after / before - 1) if before else None,
        }
        for name, (before, after) in zip(names, pairs, strict=True)
    ]
    return TableExhibit("people", Wording("People by age", "年齢別人口"), columns, rows_of(columns, rows))


def _requests_by_age(study: StudyOutcome, case: str) -> list[float]:
    found = estimates(list(study.sample(case).days.values()))
    keys = [f"by_age_band.{band}.requests" for band in AGE_BANDS]
    return [found[key].mean if key in found else 0.0 for key in keys]


def _is_about_sakura(study: StudyOutcome) -> bool:
    scenarios = (case_scenario(study, case) for case in unvaried(study).cases[:1])
    return any(found is not None and found.city.network == EMBEDDED for found in scenarios)
