"""The logic model of EBPM papers: inputs, activities, outputs, outcomes, each with an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboards.evidence.chosen_cases import drawn_cases
from dashboards.evidence.exhibits import ROW_DECIMALS, Column, TableExhibit, rows_of
from dashboards.evidence.kpis import figure_head, printed, threshold_words
from maas.i18n.figures import wording
from maas.i18n.wording import Language, Wording
from simulation.comparison import Estimate, estimates
from simulation.study_outcome import StudyCase, StudyOutcome

_FROM_MODEL: Final = Wording("simulation", "シミュレーション")
_FROM_OPERATION: Final = Wording("to be measured in operation", "運行後に計測")
_FROM_SURVEY: Final = Wording("survey of residents", "住民アンケート")

_INPUTS = Wording("Inputs", "投入")
_ACTIVITIES = Wording("Activities", "活動")
_OUTPUTS = Wording("Outputs", "産出")
_SHORT = Wording("Outcomes within a year", "短期成果")
_LONG = Wording("Outcomes in 3 to 5 years", "中長期成果")
_IMPACT = Wording("Impact", "インパクト")

_NODES: Final[Sequence[tuple[Wording, Wording, str | Wording]]] = (
    (_INPUTS, Wording("Public money for operation", "運行への公費"), "public_money_yen"),
    (_INPUTS, Wording("Vehicles and drivers", "車両と乗務員"), "vehicle_hours"),
    (_ACTIVITIES, Wording("Trips driven", "運行"), "vehicle_km"),
    (_ACTIVITIES, Wording("Bookings taken", "予約の受付"), "requests"),
    (_OUTPUTS, Wording("Riders carried", "利用者の輸送"), "served_riders"),
    (_OUTPUTS, Wording("Nobody left behind", "断らない運行"), "served_riders_share"),
    (_OUTPUTS, Wording("Short waits", "短い待ち時間"), "wait_mean_s"),
    (_OUTPUTS, Wording("Promises kept", "約束時刻の遵守"), "promises_kept_share"),
    (_SHORT, Wording("75 and over are carried", "75歳以上の移動手段"), "by_age_band.75+.served_share"),
    (_SHORT, Wording("Kitsuregawa is carried", "喜連川地区の移動手段"), "by_area.Kitsuregawa.served_share"),
    (_SHORT, Wording("Money is used well", "効率的な公費の使用"), "public_money_per_trip_yen"),
    (_LONG, Wording("Older residents go out more often", "高齢者の外出が増える"),
     Wording("outings a week at 65 and over", "65歳以上の週当たり外出回数")),
    (_LONG, Wording("Licences are given back without fear", "安心して免許を返納できる"),
     Wording("licences given back a year", "免許返納件数（年）")),
    (_IMPACT, Wording("People stay in the city they know", "住み慣れた地域で暮らし続けられる"),
     Wording("share who want to stay", "定住意向の割合")),
)  # fmt: skip


def logic_model(study: StudyOutcome, language: Language) -> TableExhibit:
    """One row a node: what is hoped for, its indicator, the baseline and the cases, target and source.

    What only operation or a survey can tell stays blank and says so.
    """
    cases = drawn_cases(study, most=3)
    figures = {case.name: estimates(list(study.sample(case.name).days.values())) for case in cases}
    columns = (
        Column("stage", Wording("Stage", "段階")),
        Column("node", Wording("What", "内容")),
        Column("indicator", Wording("Indicator", "指標")),
        *(Column(case.name, case.title, decimals=1) for case in cases),
        Column("target", Wording("Threshold", "基準値")),
        Column("source", Wording("Source", "出所")),
    )
    rows = [row for node in _NODES if (row := _row(study, node, cases, figures, language)) is not None]
    return TableExhibit(
        "logic_model",
        Wording("Logic model", "ロジックモデル"),
        columns,
        rows_of(columns, rows),
        Wording(
            "Figures of a simulated weekday. Thresholds are those of the study, against the baseline.",
            "数値は平日1日のシミュレーションによる。基準値は本検討で定めた、基準との差。",
        ),
        block_key="stage",
    )


def _row(
    study: StudyOutcome,
    node: tuple[Wording, Wording, str | Wording],
    cases: Sequence[StudyCase],
    figures: dict[str, dict[str, Estimate]],
    language: Language,
) -> dict[str, object] | None:
    stage, what, indicator = node
    row: dict[str, object] = {"stage": stage.text(language), "node": what.text(language)}
    if isinstance(indicator, Wording):
        asks = stage is _IMPACT or indicator.en.startswith("outings")
        return row | {
            "indicator": indicator.text(language),
            "source": (_FROM_SURVEY if asks else _FROM_OPERATION).text(language),
        }
    figure = printed(wording(indicator))
    values = {
        case.name: figures[case.name][indicator].mean * figure.scale
        for case in cases
        if indicator in figures[case.name]
    }
    if not values:
        return None
    return (
        row
        | values
        | {
            "indicator": figure_head(figure, language),
            "target": threshold_words(study, indicator, language),
            "source": _FROM_MODEL.text(language),
            ROW_DECIMALS: figure.decimals,
        }
    )
