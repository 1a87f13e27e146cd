"""Who was not carried: why, and from where."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from dashboards.evidence.chosen_cases import case_title, drawn_cases, joined, left_out_note
from dashboards.evidence.drawing import WIDTH_IN, panel_title, svg_of
from dashboards.evidence.exhibits import ChartExhibit, Column, TableExhibit, rows_of
from dashboards.evidence.palette import INK, REFUSED
from dashboards.evidence.roads_picture import draw_roads
from dashboards.map_sheet import Plane
from maas.i18n.figures import REFUSALS
from maas.i18n.wording import Language, Wording
from routing.network import Network
from simulation.study_outcome import StudyCase, StudyOutcome

LEAST_PEOPLE: Final = 5
"""Cells with fewer people are shown nowhere."""

CELL_M: Final = 500.0
_MOST_IN_A_ROW: Final = 3
_DOT_AREA: Final = 90.0
"""Points² of one request a day."""

_OTHERS: Final = {
    "declined": Wording("offer turned down", "提案を辞退"),
    "expired": Wording("offer left to lapse", "提案の期限切れ"),
    "cancelled": Wording("cancelled by the rider", "利用者の取消"),
    "no_shows": Wording("rider not there", "無断不乗車"),
    "abandoned": Wording("no vehicle after a breakdown", "故障後の代車なし"),
    "unfinished": Wording("open at the end of the day", "終了時に未了"),
}


def fate_table(study: StudyOutcome, language: Language) -> TableExhibit:
    """What became of the requests of a day, by case: served, refused for which reason, given up."""
    cases = drawn_cases(study)
    columns = (
        Column("fate", Wording("What became of it", "申込みの結果")),
        *(Column(case.name, case.title, Wording("a day", "件/日"), decimals=1) for case in cases),
    )
    lines = [
        ("requests", Wording("Requests", "申込み")),
        ("served", Wording("served", "運行")),
        *(
            (f"refusals.{key}", Wording(f"refused: {words.en}", f"受けられず: {words.ja}"))
            for key, words in REFUSALS.items()
        ),
        *_OTHERS.items(),
    ]
    rows = []
    for key, words in lines:
        means = {case.name: _mean(study, case, key) for case in cases}
        if any(means.values()):
            rows.append({"fate": words.text(language), **means})
    return TableExhibit(
        "fates",
        Wording("What became of the requests", "申込みの結果"),
        columns,
        rows_of(columns, rows),
        joined(
            Wording(
                "Mean of the days. Each request is in one class.", "各日の平均。各申込みは一つの区分に入る。"
            ),
            left_out_note(study),
        ),
    )


def refused_by_cell(study: StudyOutcome, case: StudyCase, network: Network) -> pd.DataFrame:
    """Refused requests by the cell of 500 m in which they begin.

    Returns
    -------
    Columns `x`, `y` (metres east and north, middle of the cell), `requests` and `riders` over all days; cells
    with fewer than 5 riders are left out.
    """
    requests = study.requests(case.name)
    refused = requests[requests["status"] == "refused"]
    order = np.argsort(network.node_id, kind="stable")
    wanted = refused["origin"].to_numpy(np.int64)
    places = np.searchsorted(network.node_id[order], wanted).clip(max=network.node_count - 1)
    nodes = order[places]
    is_known = network.node_id[nodes] == wanted
    nodes = nodes[is_known]
    xy = Plane.of(network).xy(network.lat[nodes], network.lon[nodes])
    cells = (np.floor(xy / CELL_M) + 0.5) * CELL_M
    table = pd.DataFrame(
        {"x": cells[:, 0], "y": cells[:, 1], "riders": refused["riders"].to_numpy()[is_known]}
    )
    grouped = table.groupby(["x", "y"])["riders"].agg(["size", "sum"]).reset_index()
    grouped.columns = pd.Index(["x", "y", "requests", "riders"])
    return grouped[grouped["riders"] >= LEAST_PEOPLE].reset_index(drop=True)


def refusal_map(study: StudyOutcome, language: Language) -> ChartExhibit | None:
    """Where refused requests begin, one panel a case with a cell that may be shown; None where none has."""
    refusing = [case for case in drawn_cases(study) if _mean(study, case, "refused")]
    networks = {case.name: Network.load(study.network_file(case.name)) for case in refusing}
    cells = {case.name: refused_by_cell(study, case, networks[case.name]) for case in refusing}
    cases = [case for case in refusing if len(cells[case.name])]
    if not cases:
        return None
    columns = len(cases) if len(cases) <= _MOST_IN_A_ROW else 2
    rows = -(-len(cases) // columns)
    days = len(study.seeds)
    others = [case for case in refusing if case not in cases]

    def draw(figure: Figure) -> None:
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes in panels[len(cases) :]:
            axes.set_visible(False)
        for axes, case in zip(panels, cases, strict=False):
            draw_roads(axes, networks[case.name])
            table = cells[case.name]
            axes.scatter(
                table["x"], table["y"], s=_DOT_AREA * table["requests"] / days, color=REFUSED, alpha=0.7,
                edgecolor=INK, linewidth=0.4, zorder=3,
            )  # fmt: skip
            axes.set_title(panel_title(case_title(case, language), columns, language))
        _legend(figure, language)

    width = WIDTH_IN if columns > 1 else 4.2
    return ChartExhibit(
        "refusal_map",
        Wording("Where requests are refused", "受けられなかった申込みの出発地"),
        svg_of(draw, 0.4 + rows * (width / columns) * 0.98, width),
        Wording(
            "Roads of the city with a dot in each cell of 500 m where refused requests begin",
            "市内の道路と、受けられなかった申込みの出発地を500mメッシュごとに示した点",
        ),
        Wording(
            f"Area of a dot: refused requests a day from a cell of 500 m, mean of {days} days. Cells with"
            f" fewer than {LEAST_PEOPLE} people over all days are not shown."
            + (f" None: {'; '.join(case.title.en for case in others)}." if others else "")
            + (" Roads: an approximation, not surveyed." if study.is_approximate else ""),
            f"点の面積は500mメッシュからの1日当たり件数（{days}日の平均）。"
            f"全日で{LEAST_PEOPLE}人未満のメッシュは非表示。"
            + (f"該当なし: {'；'.join(case.title.ja for case in others)}。" if others else "")
            + ("道路は測量によらない概略。" if study.is_approximate else ""),
        ),
        _cell_table(cells, cases, language),
    )


def _legend(figure: Figure, language: Language) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [], [], linestyle="none", marker="o", markersize=math.sqrt(_DOT_AREA * count), color=REFUSED,
            alpha=0.7, markeredgecolor=INK, markeredgewidth=0.4,
            label=Wording(f"{count:g} a day", f"1日{count:g}件").text(language),
        )
        for count in (0.2, 1.0)
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper left", ncols=2, borderpad=0.8, columnspacing=2.5)


def _cell_table(cells: dict[str, pd.DataFrame], cases: list[StudyCase], language: Language) -> TableExhibit:
    columns = (
        Column("case", Wording("Case", "案")),
        Column("x", Wording("East", "東方向"), Wording("m", "m"), decimals=0),
        Column("y", Wording("North", "北方向"), Wording("m", "m"), decimals=0),
        Column("requests", Wording("Refused requests, all days", "受けられなかった件数（全日）"), decimals=0),
        Column("riders", Wording("Riders", "人数"), Wording("people", "人"), decimals=0),
    )
    rows = [
        {"case": case.title.text(language), **{str(key): value for key, value in line.items()}}
        for case in cases
        for line in cells[case.name].astype(object).to_dict("index").values()
    ]
    return TableExhibit(
        "refused_cells",
        Wording("Refused requests by cell", "メッシュ別の受けられなかった申込み"),
        columns,
        rows_of(columns, rows),
        Wording(
            "Metres from the middle of the network; cells with fewer than 5 people are left out.",
            "座標は道路網の中心からの距離。5人未満のメッシュは除く。",
        ),
        people_key="riders",
    )


def _mean(study: StudyOutcome, case: StudyCase, key: str) -> float | None:
    days = study.by_case[case.name]
    if key not in days.columns or not days[key].notna().any():
        return None
    return float(days[key].mean())
