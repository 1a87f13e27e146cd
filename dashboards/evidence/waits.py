"""How long riders wait: the whole distribution, not only its mean."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from dashboards.evidence.chosen_cases import case_title, drawn_cases, joined, left_out_note, style_of
from dashboards.evidence.drawing import light_grid, svg_of
from dashboards.evidence.exhibits import ChartExhibit, Column, TableExhibit, rows_of
from maas.i18n.wording import Language, Wording
from simulation.study_outcome import StudyCase, StudyOutcome

QUANTILES: Final = (0.5, 0.9, 0.95)
WITHIN_MIN: Final = (5, 10, 30)
_MINUTES: Final = Wording("min", "分")
_TICKS_MIN: Final = 10.0
_LONGEST_MIN: Final = 90.0


def served_waits_min(study: StudyOutcome, case: StudyCase) -> NDArray[np.float64]:
    """Waits of all served requests of all days, rising, in minutes."""
    requests = study.requests(case.name)
    served = requests.loc[(requests["status"] == "done") & requests["wait_s"].notna(), "wait_s"]
    return np.sort(served.to_numpy(np.float64)) / 60


def waiting_curves(study: StudyOutcome, language: Language) -> ChartExhibit | None:
    """Share of served requests that waited at most so long, one curve a case; None if nobody was served."""
    cases = drawn_cases(study)
    waits = {case.name: served_waits_min(study, case) for case in cases}
    if not any(len(values) for values in waits.values()):
        return None
    longest = min(_LONGEST_MIN, max(float(values[-1]) for values in waits.values() if len(values)))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for case in cases:
            values, style = waits[case.name], style_of(study, case)
            if not len(values):
                continue
            shares = 100 * np.arange(1, len(values) + 1) / len(values)
            axes.step(
                np.concatenate(([0.0], values, [max(longest, values[-1])])),
                np.concatenate(([0.0], shares, [100.0])),
                where="post", color=style.colour, linestyle=style.dash, linewidth=1.8,
                label=case_title(case, language),
            )  # fmt: skip
            at = np.quantile(values, QUANTILES)
            axes.plot(
                at, 100 * np.array(QUANTILES), linestyle="none", marker=style.marker, markersize=5,
                color=style.colour, markeredgecolor="white", markeredgewidth=0.6, zorder=4,
            )  # fmt: skip
        axes.set_xlim(0, longest * 1.02 or 1.0)
        axes.set_ylim(0, 102)
        axes.set_yticks([0, 25, 50, 75, 90, 100])
        if longest > _TICKS_MIN:
            axes.xaxis.set_major_locator(MultipleLocator(_TICKS_MIN if longest > 30 else _TICKS_MIN / 2))
        axes.set_xlabel(Wording("Wait (min)", "待ち時間（分）").text(language))
        axes.set_ylabel(Wording("Share of served requests (%)", "運行した申込みの割合（%）").text(language))
        light_grid(axes)
        figure.legend(loc="outside upper left", ncols=2)

    return ChartExhibit(
        "waits",
        Wording("How long riders wait", "待ち時間の分布"),
        svg_of(draw, 2.3 + 0.2 * (len(cases) // 2)),
        Wording(
            "Cumulative share of served requests by wait, one curve a case",
            "待ち時間ごとの累積割合。案ごとに1本の曲線",
        ),
        joined(
            Wording(
                "Wait: from the wished departure until the vehicle stops; where a later offer was taken, the"
                " shift counts. Marks: median, 90th and 95th percentile. All served requests of all days.",
                "待ち時間は希望時刻から車両の到着まで。遅い便を受け入れた場合はその差も含む。"
                "印は中央値・90%点・95%点。全日の運行した申込みによる。",
            ),
            left_out_note(study),
        ),
    )


def wait_table(study: StudyOutcome, language: Language) -> TableExhibit:
    """Quantiles of the wait and shares within 5, 10 and 30 minutes."""
    columns = (
        Column("case", Wording("Case", "案")),
        Column("served", Wording("Requests served", "運行件数"), decimals=0),
        *(
            Column(f"p{100 * share:g}", Wording(f"{100 * share:g} % point", f"{100 * share:g}%点"), _MINUTES,
                   decimals=1)
            for share in QUANTILES
        ),
        *(
            Column(f"within_{limit}", Wording(f"within {limit} min", f"{limit}分以内"), Wording("%", "%"),
                   decimals=1)
            for limit in WITHIN_MIN
        ),
    )  # fmt: skip
    rows = []
    for case in drawn_cases(study):
        values = served_waits_min(study, case)
        row: dict[str, object] = {"case": case.title.text(language), "served": len(values)}
        if len(values):
            row |= {f"p{100 * share:g}": float(np.quantile(values, share)) for share in QUANTILES}
            row |= {f"within_{limit}": 100 * float(np.mean(values <= limit)) for limit in WITHIN_MIN}
        rows.append(row)
    return TableExhibit("wait_quantiles", Wording("Waits", "待ち時間"), columns, rows_of(columns, rows))
