"""Who pays how much: cost, fares, public money and 収支率 of each case."""

from __future__ import annotations

from typing import Final

from dashboards.evidence.chosen_cases import drawn_cases, joined, left_out_note
from dashboards.evidence.exhibits import ROW_DECIMALS, Column, TableExhibit, rows_of
from maas.i18n.wording import Language, Wording
from simulation.comparison import estimates
from simulation.study_outcome import StudyOutcome

WEEKDAYS: Final = 243
"""Service days of a year: weekdays without holidays and the turn of the year."""

_YEN_DAY: Final = Wording("yen/weekday", "円/日")
_LINES: Final = (
    ("cost_yen", Wording("Cost (経費)", "経費"), _YEN_DAY, 1.0, 0),
    ("fares_yen", Wording("Fares (収入)", "運賃収入"), _YEN_DAY, 1.0, 0),
    ("public_money_yen", Wording("Public money", "公費（経費－収入）"), _YEN_DAY, 1.0, 0),
    ("public_money_yen", Wording("Public money a year", "公費（年間）"),
     Wording("1,000 yen/year", "千円/年"), WEEKDAYS / 1000, 0),
    ("public_money_per_trip_yen", Wording("Public money a ride", "利用者1人1回当たり公費"),
     Wording("yen", "円"), 1.0, 0),
    ("cost_recovery", Wording("Cost recovery (収支率)", "収支率（収入/経費）"), Wording("%", "%"), 100.0, 1),
    ("co2_kg", Wording("CO2 from the exhaust", "CO2排出量（走行分）"),
     Wording("kg/weekday", "kg/日"), 1.0, 1),
)  # fmt: skip


def money_table(study: StudyOutcome, language: Language) -> TableExhibit | None:
    """Money of a weekday and of a year, by case; None where the study counts none."""
    cases = drawn_cases(study)
    found = {case.name: estimates(list(study.sample(case.name).days.values())) for case in cases}
    columns = (
        Column("line", Wording("", "")),
        Column("unit", Wording("Unit", "単位")),
        *(Column(case.name, case.title, decimals=0) for case in cases),
    )
    rows: list[dict[str, object]] = []
    for key, name, unit, scale, decimals in _LINES:
        values = {case.name: found[case.name][key].mean * scale for case in cases if key in found[case.name]}
        if any(values.values()):
            rows.append(
                {"line": name.text(language), "unit": unit.text(language), **values, ROW_DECIMALS: decimals}
            )
    if not rows:
        return None
    return TableExhibit(
        "money",
        Wording("Money", "収支"),
        columns,
        rows_of(columns, rows),
        joined(
            Wording(
                f"Means of the simulated weekdays; a year is {WEEKDAYS} of them. Rates are those of the"
                " scenarios; many are assumptions (see there).",
                f"平日1日のシミュレーションの平均。年間は{WEEKDAYS}日分。単価はシナリオの値で、仮定を多く含む。",
            ),
            left_out_note(study),
        ),
    )
