"""What the public pays against what riders get, with ellipses over days."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from numpy.typing import NDArray

from dashboards.evidence.drawing import in_lines, light_grid, svg_of
from dashboards.evidence.exhibits import ChartExhibit, Column, TableExhibit, rows_of
from dashboards.evidence.kpis import figure_head, unvaried
from dashboards.evidence.palette import CASE_STYLES, INK, PAPER, CaseStyle, case_style
from dashboards.fonts import drawable
from maas.i18n.figures import wording
from maas.i18n.wording import Language, Wording
from simulation.ratios import day_values
from simulation.study_outcome import StudyOutcome

COST: Final = "public_money_yen"
SERVICES: Final = ("served_riders_share", "wait_mean_s")
CONFIDENCE: Final = 0.95
MOST_CASES_WITH_DAYS: Final = 4
"""With more cases, the days are left out: they would hide the means."""

_MOST_LETTERS: Final = 26
"""Of a label beside a panel, on one line."""


@dataclass(frozen=True, slots=True)
class EllipseShape:
    """Centre, full lengths of both axes, and the turn of the first one in degrees."""

    centre: tuple[float, float]
    lengths: tuple[float, float]
    angle_deg: float


@dataclass(frozen=True, eq=False, slots=True)
class _Cloud:
    """Two figures of a case: float64, shape (days, 2), as they are on each day, and what each day says of
    them (`simulation.ratios.day_values`)."""

    days: NDArray[np.float64]
    told: NDArray[np.float64]


def mean_ellipse(points: NDArray[np.float64], confidence: float = CONFIDENCE) -> EllipseShape | None:
    """Confidence region of the mean of two figures over days; None with fewer than three days.

    Parameters
    ----------
    points
        float64, shape (n, 2).

    Notes
    -----
    Hotelling's T²: (n-1)·2 / (n·(n-2)) times the F quantile with 2 and n-2 degrees of freedom, which has a
    closed form: F = (n-2)/2 · ((1-p)^(-2/(n-2)) - 1).
    """
    count = len(points)
    return _ellipse(points, 1.0 / count, confidence) if count > 2 else None


def day_ellipse(points: NDArray[np.float64], confidence: float = CONFIDENCE) -> EllipseShape | None:
    """Region that a further day falls into so often, if days are normal; see `mean_ellipse`."""
    count = len(points)
    return _ellipse(points, 1.0 + 1.0 / count, confidence) if count > 2 else None


def _ellipse(points: NDArray[np.float64], share: float, confidence: float) -> EllipseShape:
    count = len(points)
    freedom = count - 2
    quantile = freedom / 2 * ((1 - confidence) ** (-2 / freedom) - 1)
    reach = 2 * (count - 1) / freedom * share * quantile
    values, vectors = np.linalg.eigh(np.cov(points.T))
    lengths = 2 * np.sqrt(np.maximum(values, 0.0) * reach)
    x, y = points.mean(axis=0)
    angle = math.degrees(math.atan2(vectors[1, 1], vectors[0, 1]))
    return EllipseShape((float(x), float(y)), (float(lengths[1]), float(lengths[0])), angle)


def cost_against_service(study: StudyOutcome, language: Language) -> ChartExhibit | None:
    """One panel a service figure: public money to the right, service upwards; None without these figures."""
    plain = unvaried(study)
    services = [key for key in SERVICES if _has_days(plain, key)]
    if not plain.cases or not services or not _has_days(plain, COST):
        return None
    styles = [case_style(index) for index in range(len(plain.cases))]
    names = [drawable(case.title.text(language), case.name) for case in plain.cases]
    is_numbered = len(names) > len(CASE_STYLES)
    if is_numbered:  # looks come again: numbers tell them apart
        names = [f"{number}  {name}" for number, name in enumerate(names, 1)]

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, len(services), squeeze=False)[0]
        for axes, key in zip(panels, services, strict=True):
            clouds = [_cloud(plain, case.name, key) for case in plain.cases]
            _panel(axes, clouds, styles, is_numbered=is_numbered)
            axes.set_xlabel(figure_head(wording(COST), language))
            axes.set_ylabel(in_lines(figure_head(wording(key), language), _MOST_LETTERS))
        handles = [
            Line2D([], [], color=style.colour, marker=style.marker, linestyle="none", label=name)
            for style, name in zip(styles, names, strict=True)
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=2)

    height = 2.35 + 0.2 * math.ceil(len(names) / 2)
    return ChartExhibit(
        "cost_service",
        Wording("Cost against service", "費用とサービスの関係"),
        svg_of(draw, height),
        Wording(
            "Public money a weekday against the share of riders carried and the mean wait, one mark a case",
            "平日1日の公費と、運べた利用者の割合・平均待ち時間の関係。案ごとに1点",
        ),
        Wording(
            "Large mark: all days together, as in the table of key figures. Filled ellipse: its 95 %"
            " confidence region (Hotelling). Thin ellipse: holds 95 % of single days. Small dots: the days.",
            "大きい印は全日の値（主要指標の表と同じ）、塗りつぶした楕円はその95%信頼領域（Hotelling）、"
            "細い楕円は1日ごとの値の95%が入る範囲、小さい点は各日。",
        ),
        _table(plain, services, language),
    )


def _panel(axes: Axes, clouds: Sequence[_Cloud], styles: Sequence[CaseStyle], *, is_numbered: bool) -> None:
    with_days = len(clouds) <= MOST_CASES_WITH_DAYS
    for number, (cloud, style) in enumerate(zip(clouds, styles, strict=True), 1):
        if not len(cloud.days):
            continue
        if with_days:
            axes.plot(
                *cloud.days.T, linestyle="none", marker=".", markersize=2.5, color=style.colour, alpha=0.55
            )
            outer = day_ellipse(cloud.days)
            if outer is not None:
                axes.add_patch(_patch(outer, fill=False, edgecolor=style.colour, linewidth=0.8))
        inner = mean_ellipse(cloud.told)
        if inner is not None:
            axes.add_patch(
                _patch(inner, facecolor=style.colour, alpha=0.35, edgecolor=style.colour, linewidth=0.8)
            )
        x, y = cloud.told.mean(axis=0)
        axes.plot(
            [x], [y], linestyle="none", marker=style.marker, markersize=7, color=style.colour,
            markeredgecolor=PAPER, markeredgewidth=0.8, zorder=4,
        )  # fmt: skip
        if is_numbered:
            axes.annotate(f"{number}", (x, y), xytext=(5, 4), textcoords="offset points", fontsize=7)
    axes.margins(0.08)
    axes.autoscale_view()
    light_grid(axes)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.tick_params(colors=INK)


def _patch(shape: EllipseShape, **style: object) -> Ellipse:
    patch = Ellipse(shape.centre, *shape.lengths, angle=shape.angle_deg, zorder=3)
    patch.set(**style)
    return patch


def _cloud(study: StudyOutcome, case: str, key: str) -> _Cloud:
    scale = [wording(COST).scale, wording(key).scale]
    days = study.by_case[case][[COST, key]].to_numpy(np.float64)
    told = np.column_stack([day_values(each, study.columns(case)) for each in (COST, key)])
    known_days, known = (part[~np.isnan(part).any(axis=1)] * scale for part in (days, told))
    return _Cloud(known_days, known)


def _has_days(study: StudyOutcome, key: str) -> bool:
    return key in study.metrics.columns and bool(study.metrics[key].notna().any())


def _table(study: StudyOutcome, services: Sequence[str], language: Language) -> TableExhibit:
    keys = (COST, *services)
    columns = (
        Column("case", Wording("Case", "案")),
        Column("day", Wording("Day (seed)", "日（乱数の種）"), decimals=0),
        *(Column(key, wording(key).name, wording(key).unit, decimals=wording(key).decimals) for key in keys),
    )
    rows = [
        {
            "case": case.title.text(language),
            "day": float(str(seed)),
            **{key: day[key] * wording(key).scale for key in keys},
        }
        for case in study.cases
        for seed, day in study.by_case[case.name].iterrows()
    ]
    return TableExhibit(
        "cost_service_days",
        Wording("Cost and service, day by day", "費用とサービス（日別）"),
        columns,
        rows_of(columns, rows),
    )
