"""Demand hour by hour: served, refused, and neither."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from dashboards.evidence.chosen_cases import case_title, drawn_cases, joined, left_out_note
from dashboards.evidence.drawing import light_grid, panel_title, svg_of
from dashboards.evidence.exhibits import ChartExhibit, Column, TableExhibit, rows_of
from dashboards.evidence.palette import INK, NEITHER, PAPER, REFUSED, SERVED
from maas.i18n.wording import Language, Wording
from simulation.study_outcome import StudyCase, StudyOutcome

FATES: Final = (
    ("served", Wording("served", "運行"), SERVED, ""),
    ("refused", Wording("refused", "受けられなかった"), REFUSED, "////"),
    ("neither", Wording("declined, cancelled, not there", "辞退・取消・不在"), NEITHER, ""),
)
_PER_DAY: Final = Wording("requests a day", "件/日")


def requests_by_hour(study: StudyOutcome, case: StudyCase) -> pd.DataFrame:
    """Mean requests a day by hour of the wish, columns `served`, `refused`, `neither`."""
    requests = study.requests(case.name)
    fate = np.select(
        [requests["status"] == "done", requests["status"] == "refused"], ["served", "refused"], "neither"
    )
    hours = requests["wish_s"].to_numpy(np.int64) // 3600
    counts = pd.crosstab(pd.Series(hours, name="hour"), pd.Series(fate))
    keys = [key for key, *_ in FATES]
    if len(counts):
        counts = counts.reindex(range(int(hours.min()), int(hours.max()) + 1), fill_value=0)
    return counts.reindex(columns=keys, fill_value=0) / len(study.seeds)


def demand_by_hour(study: StudyOutcome, language: Language) -> ChartExhibit | None:
    """One panel a case: bars of requests by hour; None without any request."""
    cases = drawn_cases(study)
    counts = {case.name: requests_by_hour(study, case) for case in cases}
    shown = [case for case in cases if len(counts[case.name])]
    if not shown:
        return None
    hours = range(
        min(int(counts[case.name].index.min()) for case in shown),
        max(int(counts[case.name].index.max()) for case in shown) + 1,
    )
    columns = len(shown)

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, columns, squeeze=False, sharex=True, sharey=True).ravel()
        for axes, case in zip(panels, shown, strict=True):
            table = counts[case.name].reindex(hours, fill_value=0)
            base = np.zeros(len(table))
            for key, _, colour, hatch in FATES:
                axes.bar(
                    table.index, table[key], bottom=base, width=0.82, color=colour, hatch=hatch,
                    edgecolor=PAPER, linewidth=0.4,
                )  # fmt: skip
                base += table[key].to_numpy()
            axes.set_title(panel_title(case_title(case, language), columns, language))
            light_grid(axes, "y")
            axes.xaxis.set_major_locator(MaxNLocator(8 if columns <= 2 else 5, integer=True))
            axes.tick_params(labelbottom=True)
        figure.supxlabel(
            Wording("Hour of the wish", "希望時刻（時台）").text(language), fontsize=8.5, color=INK
        )
        figure.supylabel(Wording("Requests a day", "1日の件数").text(language), fontsize=8.5, color=INK)
        handles = [
            Patch(facecolor=colour, hatch=hatch, edgecolor=PAPER, label=title.text(language))
            for _, title, colour, hatch in FATES
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=3)

    return ChartExhibit(
        "hours",
        Wording("Demand by hour", "時間帯別の申込み"),
        svg_of(draw, 2.7),
        Wording(
            "Requests a day by hour of the wish, served and refused, one panel a case",
            "希望時刻の時間帯別にみた1日の申込件数（運行・受けられなかった件数など）",
        ),
        joined(
            Wording(
                f"Mean of {len(study.seeds)} days. A request counts in the hour for which it was wished.",
                f"{len(study.seeds)}日の平均。申込みは希望時刻の時間帯に数える。",
            ),
            left_out_note(study),
        ),
        _table(counts, shown, language),
    )


def _table(counts: dict[str, pd.DataFrame], cases: list[StudyCase], language: Language) -> TableExhibit:
    columns = (
        Column("case", Wording("Case", "案")),
        Column("hour", Wording("Hour", "時間帯"), Wording("o'clock", "時台"), decimals=0),
        *(Column(key, title, _PER_DAY, decimals=2) for key, title, *_ in FATES),
    )
    rows = [
        {"case": case.title.text(language), "hour": hour, **{key: line[key] for key, *_ in FATES}}
        for case in cases
        for hour, line in counts[case.name].iterrows()
    ]
    return TableExhibit(
        "requests_by_hour", Wording("Demand by hour", "時間帯別の申込み"), columns, rows_of(columns, rows)
    )
