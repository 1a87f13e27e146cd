"""Who reaches a hospital, a supermarket, a station in time, and how evenly: what `maas access` counted."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

from dashboards.evidence.access_places import GOALS, GROUPS, PERCENT, POINTS, group_name, town_table
from dashboards.evidence.chosen_cases import case_title, drawn_cases, style_of
from dashboards.evidence.drawing import WIDTH_IN, light_grid, svg_of
from dashboards.evidence.exhibits import (
    INTERVAL,
    ChartExhibit,
    Column,
    Exhibit,
    TableExhibit,
    interval_ends,
    rows_of,
)
from dashboards.evidence.missing_tables import missing_tables
from dashboards.evidence.number_text import number, span
from dashboards.evidence.palette import INK, MUTED
from dashboards.evidence.roads_picture import draw_roads
from dashboards.map_sheet import Plane
from maas.i18n.wording import Language, Wording
from routing.network import Network
from simulation.study_access import StudyAccess, read_access
from simulation.study_outcome import StudyCase, StudyOutcome

SHOWN_MINUTES: Final = 45
"""Of the maps and curves; the tables have 30, 45 and 60."""

SHOWN_GROUP: Final = "75+"

UNKNOWN: Final = Wording("not known: too few asked", "不明（申込みが少ない）")
_DIFFERENCE: Final = {"mean": "difference", "low": "difference_low", "high": "difference_high"}
_KNOWN_POINTS: Final = 1.0
"""Least and most that lie nearer together are shown as one number."""

_CELL_SIZE_PT: Final = 2.2
_SHADES: Final = LinearSegmentedColormap.from_list(
    "access", ["#f3ead8", "#9fd0ec", "#3f97cf", "#0b4f7d", "#08203f"]
)


def access_exhibits(study: StudyOutcome, language: Language) -> list[Exhibit]:
    """Tables, map and Lorenz curves; a sentence where access was not computed for these days and cases."""
    found = read_access(study)
    if found is None or not _cases(study, found):
        return [missing_tables(study, "access")]
    return [
        access_table(study, found, language),
        access_map(study, found, language),
        spread_table(study, found, language),
        lorenz_chart(study, found, language),
        town_table(study, found, language),
    ]


def _cases(study: StudyOutcome, access: StudyAccess, most: int | None = None) -> list[StudyCase]:
    """The drawn cases that have access."""
    drawn = drawn_cases(study) if most is None else drawn_cases(study, most=most)
    return [case for case in drawn if case.name in access.cases]


def access_table(study: StudyOutcome, access: StudyAccess, language: Language) -> TableExhibit:
    """Share of people who reach each goal in time, by case, and the difference to the baseline."""
    cases = _cases(study, access)
    differences = [
        Column(
            f"d_{case.name}",
            Wording(f"Difference: {case.title.en}", f"差: {case.title.ja}"),
            POINTS,
            Wording("Empty where it is not known: too few asked", "空欄は不明（申込みが少ない）"),
            decimals=1,
            is_signed=True,
            is_export_only=True,
        )
        for case in cases
        if study.baseline(case.name) != case.name
    ]
    columns = (
        Column("goal", Wording("Goal", "目的地")),
        Column("group", Wording("People", "対象")),
        Column("minutes", Wording("Within", "時間内"), Wording("min", "分"), decimals=0),
        *(
            Column(case.name, Wording(f"{case.title.en} (%)", f"{case.title.ja}（%）"), is_print_only=True)
            for case in cases
        ),
        *(Column(difference.key, difference.title, is_print_only=True) for difference in differences),
        *(
            Column(
                f"{end}_{case.name}",
                Wording(f"{case.title.en}, at {end}", f"{case.title.ja} {ja}"),
                PERCENT,
                decimals=1,
                is_export_only=True,
            )
            for case in cases
            for end, ja in (("least", "下限"), ("most", "上限"))
        ),
        *(
            column
            for difference in differences
            for column in (replace(difference, key=f"{difference.key}_mean"), *interval_ends(difference))
        ),
    )
    city = access.places[access.places["place_kind"] == "city"]
    city = city[(city["early_arrival"] == "not_counted") & city["group"].isin(["all", SHOWN_GROUP])]
    rows = []
    for (goal, group, minutes), part in city.groupby(["goal", "group", "minutes"], sort=False):
        by_case = part.set_index("case").to_dict("index")
        row: dict[str, object] = {
            "goal": GOALS[str(goal)].text(language),
            "group": group_name(str(group), language),
            "minutes": minutes,
        }
        for case in cases:
            line = by_case[case.name]
            least, most = 100 * float(line["by_any_least"]), 100 * float(line["by_any_most"])
            row |= {f"least_{case.name}": least, f"most_{case.name}": most}
            is_known = most - least < _KNOWN_POINTS
            row[case.name] = number(least, 1) if is_known else span(least, most, 1, language=language)
            baseline = study.baseline(case.name)
            if baseline != case.name:
                is_known &= float(by_case[baseline]["unknown_share"]) < _KNOWN_POINTS / 100
                row[f"d_{case.name}"] = (
                    _points(line, "difference", language) if is_known else UNKNOWN.text(language)
                )
                if is_known:
                    row |= {
                        f"d_{case.name}_{end}": 100 * float(line[key]) for end, key in _DIFFERENCE.items()
                    }
        rows.append(row)
    return TableExhibit(
        "access",
        Wording("Who reaches what in time", "時間内に目的地へ着ける人の割合"),
        columns,
        rows_of(columns, rows),
        Wording(
            "On foot, by a bus that exists, or by the service, waiting and the chance of getting a seat"
            " included; the best single way of each home. Points with 95 % intervals (jackknife over"
            " days). Time lost by being brought too early is not counted; the workbook has both. Buses' runs"
            " and hours are assumptions; so is where people live within a town.",
            "徒歩・既存バス・本サービスのうち最良の手段で、待ち時間と乗れない可能性を含めて着ける割合。"
            "差はポイント、95%信頼区間（日単位のジャックナイフ）。"
            "早く着きすぎる時間は含まない（両方をExcelブックに掲載）。"
            "バスの便数・時間帯と町内の居住分布は仮定。",
        ),
        block_key="goal",
    )


def access_map(study: StudyOutcome, access: StudyAccess, language: Language) -> ChartExhibit:
    """Cells of 250 m by the share of people who reach the hospital in time, one panel a case."""
    cases = _cases(study, access, most=2)
    cells = access.cells
    chosen = cells[
        (cells["early_arrival"] == "not_counted") & (cells["goal"] == "hospital")
        & (cells["minutes"] == SHOWN_MINUTES) & (cells["group"] == "all") & ~cells["is_suppressed"]
    ]  # fmt: skip
    scale = Normalize(0, 100)

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, len(cases), squeeze=False)[0]
        for axes, case in zip(panels, cases, strict=True):
            network = Network.load(study.network_file(case.name))
            part = chosen[chosen["case"] == case.name]
            xy = Plane.of(network).xy(part["lat"], part["lon"])
            draw_roads(axes, network)
            points = axes.scatter(
                *xy.T, c=100 * part["by_any_least"], cmap=_SHADES, norm=scale, marker="s", s=_CELL_SIZE_PT**2,
                linewidth=0, zorder=3,
            )  # fmt: skip
            axes.set_title(case_title(case, language))
        bar = figure.colorbar(
            points, ax=panels.tolist(), orientation="horizontal", fraction=0.035, pad=0.02, aspect=45
        )
        bar.set_label(
            Wording(
                f"reach the hospital within {SHOWN_MINUTES} min (%)",
                f"{SHOWN_MINUTES}分以内に病院へ着ける割合（%）",
            ).text(language)
        )
        bar.outline.set_visible(False)
        bar.ax.tick_params(colors=INK)

    return ChartExhibit(
        "access_map",
        Wording(f"The hospital within {SHOWN_MINUTES} minutes", f"病院へ{SHOWN_MINUTES}分以内"),
        svg_of(draw, WIDTH_IN / 2 + 0.8 if len(cases) > 1 else 5.0, WIDTH_IN if len(cases) > 1 else 4.6),
        Wording(
            "Cells of 250 m, darker where more people reach the hospital in time",
            "250mメッシュごとの割合。濃いほど多くの人が時間内に病院へ着ける",
        ),
        Wording(
            "Cells of 250 m with 5 people or more. Homes are spread along generated streets: an assumption."
            " Where too few asked to tell, the least is shown.",
            "5人以上の250mメッシュ。居住地は生成した道路に沿って割り振った仮定による。"
            "申込みが少なく割合が不明な場合は下限を示す。",
        ),
    )


def lorenz_chart(study: StudyOutcome, access: StudyAccess, language: Language) -> ChartExhibit:
    """Lorenz curves of access to the hospital, people of 75 and over, one curve a case."""
    cases = _cases(study, access)
    curves = access.lorenz
    chosen = curves[
        (curves["early_arrival"] == "not_counted") & (curves["goal"] == "hospital")
        & (curves["minutes"] == SHOWN_MINUTES) & (curves["group"] == SHOWN_GROUP)
    ]  # fmt: skip

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([0, 100], [0, 100], color=MUTED, linewidth=0.8, linestyle=":")
        for case in cases:
            part, style = chosen[chosen["case"] == case.name], style_of(study, case)
            axes.plot(
                100 * part["people_share"], 100 * part["value_share"], color=style.colour,
                linestyle=style.dash, linewidth=1.8, label=case_title(case, language),
            )  # fmt: skip
        axes.set_aspect("equal")
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 100)
        axes.set_xlabel(
            Wording("Share of people, least access first (%)", "人の割合（少ない順、%）").text(language)
        )
        axes.set_ylabel(Wording("Share of all access (%)", "アクセスの累積割合（%）").text(language))
        light_grid(axes)
        figure.legend(loc="outside upper left")

    columns = (
        Column("case", Wording("Case", "案")),
        Column("people", Wording("Share of people", "人の割合"), PERCENT, decimals=1),
        Column("value", Wording("Share of access", "アクセスの累積割合"), PERCENT, decimals=1),
    )
    titles = {case.name: case.title.text(language) for case in cases}
    rows = [
        {
            "case": titles[line["case"]],
            "people": 100 * line["people_share"],
            "value": 100 * line["value_share"],
        }
        for line in chosen.to_dict("records")
        if line["case"] in titles
    ]
    name = GROUPS[SHOWN_GROUP]
    return ChartExhibit(
        "lorenz",
        Wording(f"How evenly: hospital, {name.en}", f"公平さ: 病院、{name.ja}"),
        svg_of(draw, 3.5, 3.9),
        Wording(
            "Lorenz curves of access to the hospital; the nearer to the diagonal, the more even",
            "病院へのアクセスのローレンツ曲線。対角線に近いほど均等",
        ),
        Wording(
            f"Within {SHOWN_MINUTES} minutes. Dotted: everybody has the same. Even is not good by"
            " itself: see the mean.",
            f"{SHOWN_MINUTES}分以内。点線は完全に均等な場合。均等でも水準が低ければ良いとはいえない。",
        ),
        TableExhibit(
            "lorenz_points", Wording("Lorenz curves", "ローレンツ曲線"), columns, rows_of(columns, rows)
        ),
    )


def spread_table(study: StudyOutcome, access: StudyAccess, language: Language) -> TableExhibit:
    """Mean, Gini coefficient and Palma ratio of access to the hospital, by group."""
    cases = {case.name: case.title.text(language) for case in _cases(study, access)}
    gini = Column("gini", Wording("Gini", "ジニ係数"), decimals=3)
    columns = (
        Column("group", Wording("People", "対象")),
        Column("case", Wording("Case", "案")),
        Column("people", Wording("People", "人数"), Wording("people", "人"), decimals=0),
        Column("mean", Wording("Reach it", "着ける割合"), PERCENT, decimals=1),
        gini,
        Column("gini_span", INTERVAL, is_print_only=True),
        *interval_ends(gini),
        Column("palma", Wording("Palma", "パルマ比"), decimals=2),
    )
    chosen = access.spread[
        (access.spread["early_arrival"] == "not_counted") & (access.spread["goal"] == "hospital")
        & (access.spread["minutes"] == SHOWN_MINUTES) & access.spread["case"].isin(list(cases))
    ]  # fmt: skip
    rows = [
        {
            "group": group_name(str(group), language),
            "case": cases[str(line["case"])],
            "people": line["people"],
            "mean": 100 * line["mean"],
            "gini": line["gini"],
            "gini_low": line["gini_low"],
            "gini_high": line["gini_high"],
            "gini_span": _ends(line["gini_low"], line["gini_high"], 3, language),
            "palma": line["palma"],
        }
        for group, part in chosen.groupby("group", sort=False)
        for _, line in part.iterrows()
    ]
    return TableExhibit(
        "spread",
        Wording(
            f"How evenly: hospital within {SHOWN_MINUTES} minutes", f"公平さ: 病院へ{SHOWN_MINUTES}分以内"
        ),
        columns,
        rows_of(columns, rows),
        Wording(
            "Gini: 0 is even, 1 is one who has all. Palma: what the best-off tenth has over what the"
            " worst-off four tenths have; 0.25 is even; none where the latter have nothing.",
            "ジニ係数は0で均等、1で一人占め。パルマ比は上位1割の取り分÷下位4割の取り分で、"
            "0.25で均等（下位4割が0なら空欄）。",
        ),
        block_key="group",
        people_key="people",
    )


def _points(line: Mapping[Hashable, Any], key: str, language: Language) -> str | None:
    mean, low, high = (100 * float(line[name]) for name in (key, f"{key}_low", f"{key}_high"))
    if np.isnan(mean):
        return None
    ends = span(low, high, 1, language=language, signed=True)
    shown = number(mean, 1, signed=True)
    return f"{shown} ({ends})" if language == "en" else f"{shown}（{ends}）"


def _ends(low: float, high: float, decimals: int, language: Language) -> str | None:
    return None if np.isnan(low) or np.isnan(high) else span(low, high, decimals, language=language)
