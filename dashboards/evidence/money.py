"""Who pays how much: cost, fares, public money and 収支率 of each case."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from dashboards.evidence.chosen_cases import case_title, drawn_cases, joined, left_out_note
from dashboards.evidence.drawing import light_grid, svg_of
from dashboards.evidence.exhibits import (
    INTERVAL,
    ROW_DECIMALS,
    ChartExhibit,
    Column,
    Exhibit,
    TableExhibit,
    interval_ends,
    rows_of,
)
from dashboards.evidence.missing_tables import missing_tables
from dashboards.evidence.number_text import span, with_unit
from dashboards.evidence.palette import PAPER
from dashboards.evidence.vehicle_names import group_titles
from maas.i18n.wording import Language, Wording
from scenarios.money_rules import load_money_rules
from simulation.comparison import estimates
from simulation.study_money import ALL, StudyMoney, read_money
from simulation.study_outcome import StudyOutcome

_OF_A_YEAR: Final = "public_money_yen of a year"
_YEN_DAY: Final = Wording("yen/weekday", "円/日")
_LINES: Final = (
    ("cost_yen", Wording("Cost (経費)", "経費"), _YEN_DAY, 1.0, 0),
    ("fares_yen", Wording("Fares (収入)", "運賃収入"), _YEN_DAY, 1.0, 0),
    ("public_money_yen", Wording("Public money", "公費（経費－収入）"), _YEN_DAY, 1.0, 0),
    (_OF_A_YEAR, Wording("Public money a year", "公費（年間）"),
     Wording("1,000 yen/year", "千円/年"), 1 / 1000, 0),
    ("public_money_per_trip_yen", Wording("Public money a ride", "利用者1人1回当たり公費"),
     Wording("yen", "円"), 1.0, 0),
    ("cost_recovery", Wording("Cost recovery (収支率)", "収支率（収入/経費）"), Wording("%", "%"), 100.0, 1),
    ("co2_kg", Wording("CO2 from the exhaust", "CO2排出量（走行分）"),
     Wording("kg/weekday", "kg/日"), 1.0, 1),
)  # fmt: skip


_THOUSANDS: Final = Wording("1,000 yen", "千円")
_PAYERS: Final = (
    ("fares", Wording("riders (fares)", "利用者（運賃）"), "#009E73", ""),
    ("national", Wording("nation", "国"), "#9fd0ec", ".."),
    ("prefecture", Wording("prefecture", "県"), "#3f97cf", "xx"),
    ("city", Wording("city", "市"), "#0b4f7d", "//"),
)
_ITEMS: Final = {
    "driver": Wording("Drivers", "乗務員"),
    "vehicle": Wording("Vehicles", "車両"),
    "fuel": Wording("Fuel", "燃料"),
    "booking": Wording("Booking desk", "予約受付"),
    "software": Wording("Software", "システム"),
    "cost": Wording("Cost", "経費 計"),
    "fares": Wording("Fares", "運賃収入"),
    "public_money": Wording("Public money", "公費"),
    "national": Wording("of which nation", "うち国"),
    "prefecture": Wording("of which prefecture", "うち県"),
    "city": Wording("of which city", "うち市"),
    "special_tax": Wording(
        "may come back to the city as special allocation tax", "市負担のうち特別交付税措置の見込み"
    ),
    "city_after_tax": Wording("left to the city", "市の実質負担"),
}
_PREFECTURE_NOT_KNOWN: Final = {
    "prefecture": Wording("of which prefecture: not known", "うち県（不明）"),
    "city": Wording("of which city, with what the prefecture may pay", "うち市（県補助があればそれを含む）"),
}
_CITY_OR_PREFECTURE: Final = Wording("city, or prefecture (not known)", "市（県の負担は不明）")
_CO2: Final = {
    "service": Wording("the service", "本サービス"),
    "lift": Wording("instead: lifts by family", "代替: 家族等の送迎"),
    "own_car": Wording("instead: own car", "代替: 自家用車"),
    "taxi": Wording("instead: taxi", "代替: タクシー"),
    "without": Wording("without the service", "サービスがない場合 計"),
    "difference": Wording("difference", "差（サービス－ない場合）"),
}


def money_table(study: StudyOutcome, language: Language) -> TableExhibit | None:
    """Money of a weekday and of a year, by case; None where the study counts none."""
    cases = drawn_cases(study)
    found = {case.name: estimates(list(study.sample(case.name).days.values())) for case in cases}
    weekdays = load_money_rules().service_days.value
    columns = (
        Column("line", Wording("Item", "項目")),
        Column("unit", Wording("Unit", "単位")),
        *(Column(case.name, case.title, decimals=0) for case in cases),
    )
    rows: list[dict[str, object]] = []
    for key, name, unit, scale, decimals in _LINES:
        if key == _OF_A_YEAR:
            key, scale = "public_money_yen", weekdays * scale
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
                f"Means of the simulated weekdays; a year is {weekdays} of them. Rates are those of the"
                " scenarios; many are assumptions (see there). Public money a ride and cost recovery divide"
                " the sums of all days.",
                f"平日1日のシミュレーションの平均。年間は{weekdays}日分。単価はシナリオの値で、仮定を多く含む。"
                "利用者1人当たり公費と収支率は全日の合計どうしの比。",
            ),
            left_out_note(study),
        ),
    )


def account_exhibits(study: StudyOutcome, language: Language) -> list[Exhibit]:
    """A year's account: payers, cost by part, 収支率 by service, CO2; a sentence where there is none."""
    found = read_money(study)
    if found is None:
        return [missing_tables(study, "money")]
    return [
        payers_chart(study, found, language),
        account_table(study, found, language),
        service_table(study, found, language),
        co2_table(study, found, language),
    ]


def payers_chart(study: StudyOutcome, money: StudyMoney, language: Language) -> ChartExhibit:
    """Who pays the cost of a year: riders, nation, prefecture, city; one bar a case."""
    cases = drawn_cases(study)
    whole = money.money[money.money["service"] == ALL].set_index(["case", "item"])["yen_year"] / 1e6
    share = 100 * rule_of(money, "subsidies.national_share")
    limit = rule_of(money, "subsidies.national_limit")
    known = _knows_prefecture(money)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        left = np.zeros(len(cases))
        for key, words, colour, hatch in _PAYERS:
            part = np.array([float(whole.get((case.name, key), 0.0)) for case in cases])
            if np.isnan(part).all() or not part.any():
                continue
            if key == "city" and not known:
                words = _CITY_OR_PREFECTURE
            axes.barh(
                range(len(cases)), part, left=left, height=0.6, color=colour, hatch=hatch, edgecolor=PAPER,
                linewidth=0.4, label=words.text(language),
            )  # fmt: skip
            left += part
        for row, total in enumerate(left):
            axes.annotate(
                with_unit(total, "百万円" if language == "ja" else "M yen", 1, language=language),
                (total, row), xytext=(4, 0), textcoords="offset points", va="center",
            )  # fmt: skip
        axes.set_yticks(range(len(cases)), [case_title(case, language) for case in cases])
        axes.set_ylim(len(cases) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0, left.max() * 1.18 or 1.0)
        axes.set_xlabel(Wording("Million yen a year", "百万円/年").text(language))
        light_grid(axes, "x")
        figure.legend(loc="outside upper left", ncols=4)

    return ChartExhibit(
        "payers",
        Wording("Who pays for a year", "年間経費の負担"),
        svg_of(draw, 0.95 + 0.42 * len(cases)),
        Wording(
            "Cost of a year by who pays it: fares, nation, prefecture, city; one bar a case",
            "年間経費の負担内訳（運賃・国・県・市）。案ごとに1本の帯",
        ),
        Wording(
            f"National subsidy: {share:.0f} % of public money up to {limit / 1e6:g} million yen a year"
            " (docs/money.md says where from; Sakura's own limit was not found)."
            + ("" if known else " What the prefecture pays is not known: its part is in the city's."),
            f"国庫補助は公費の{share:.0f}%、年{limit / 10_000:,.0f}万円を上限とする仮定"
            "（根拠はdocs/money.md。本市の限度額は不明）。"
            + ("" if known else "県の負担は不明で、市の負担に含めて示す。"),
        ),
    )


def account_table(study: StudyOutcome, money: StudyMoney, language: Language) -> TableExhibit:
    """Cost by part, fares and payers of a year, by case."""
    cases = drawn_cases(study)
    whole = {
        (line["case"], line["item"]): line
        for line in money.money[money.money["service"] == ALL].to_dict("records")
    }
    columns = (
        Column("item", Wording("Item", "費目")),
        *(Column(case.name, case.title, _THOUSANDS, decimals=0) for case in cases),
        *(
            Column(
                f"{case.name}_{end}",
                Wording(f"{case.title.en}, {en}", f"{case.title.ja} {ja}"),
                _THOUSANDS,
                decimals=0,
                is_export_only=True,
            )
            for case in cases
            for end, en, ja in (("low", "lower end", "下端"), ("high", "upper end", "上端"))
        ),
    )
    days = rule_of(money, "service_days")
    rows = []
    for item, words in (_ITEMS if _knows_prefecture(money) else _ITEMS | _PREFECTURE_NOT_KNOWN).items():
        row: dict[str, object] = {"item": words.text(language)}
        for case in cases:
            line = whole[case.name, item]
            row[case.name] = float(line["yen_year"]) / 1000
            row |= {f"{case.name}_{end}": float(line[f"yen_year_{end}"]) / 1000 for end in ("low", "high")}
        rows.append(row)
    return TableExhibit(
        "account",
        Wording("Account of a year", "年間収支"),
        columns,
        rows_of(columns, rows),
        Wording(
            f"Means of the days times {days} service days. Intervals over days are in the workbook; the rates"
            " themselves are the larger doubt.",
            f"1日平均×年間{days}日。日単位の信頼区間はExcelブックに掲載。単価の不確かさのほうが大きい。",
        ),
    )


def rule_of(money: StudyMoney, key: str) -> float:
    """A number of the rules on which the account rests."""
    value: float = next(rule["value"] for rule in money.facts["rules"] if rule["key"] == key)
    return value


def _knows_prefecture(money: StudyMoney) -> bool:
    return bool(money.money.loc[money.money["item"] == "prefecture", "yen_year"].notna().any())


def service_table(study: StudyOutcome, money: StudyMoney, language: Language) -> TableExhibit:
    """Riders, 収支率 and public money a rider of each service, or group of vehicles."""
    recovery = Column("recovery", Wording("Cost recovery", "収支率"), Wording("%", "%"), decimals=1)
    public = Column(
        "public", Wording("Public money a ride", "1人1回当たり公費"), Wording("yen", "円"), decimals=0
    )
    columns = (
        Column("case", Wording("Case", "案")),
        Column("service", Wording("Service or vehicles", "サービス・車両群")),
        Column("riders", Wording("Riders", "利用者数"), Wording("a year", "人/年"), decimals=0),
        recovery,
        Column("recovery_span", INTERVAL, is_print_only=True),
        *interval_ends(recovery),
        public,
        Column("public_span", INTERVAL, is_print_only=True),
        *interval_ends(public),
    )
    titles = {case.name: case.title.text(language) for case in drawn_cases(study)}
    groups = {name: group_titles(study, name, language) for name in titles}
    whole = Wording("all", "全体").text(language)
    rows = [
        {
            "case": titles[str(line["case"])],
            "service": whole
            if line["service"] == ALL
            else groups[str(line["case"])].get(str(line["service"]), line["service"]),
            "riders": line["riders_year"],
            "recovery": 100 * line["cost_recovery"],
            "recovery_low": 100 * line["cost_recovery_low"],
            "recovery_high": 100 * line["cost_recovery_high"],
            "recovery_span": span(
                100 * line["cost_recovery_low"], 100 * line["cost_recovery_high"], 1, language=language
            ),
            "public": line["public_money_per_rider"],
            "public_low": line["public_money_per_rider_low"],
            "public_high": line["public_money_per_rider_high"],
            "public_span": span(
                line["public_money_per_rider_low"], line["public_money_per_rider_high"], language=language
            ),
        }
        for _, line in money.services.iterrows()
        if line["case"] in titles
    ]
    return TableExhibit(
        "services",
        Wording("By service", "サービス別の収支率"),
        columns,
        rows_of(columns, rows),
        Wording("Ratios of the sums of all days.", "比は全日の合計どうしの比。"),
        block_key="case",
    )


def co2_table(study: StudyOutcome, money: StudyMoney, language: Language) -> TableExhibit:
    """Exhaust of a year, and what the same trips would emit without the service."""
    tonnes = Wording("t/year", "t/年")
    columns = (
        Column("case", Wording("Case", "案")),
        Column("item", Wording("What", "項目")),
        Column("mean", Wording("Mean", "平均"), tonnes, decimals=1),
        Column("least", Wording("Least", "最小"), tonnes, decimals=1),
        Column("most", Wording("Most", "最大"), tonnes, decimals=1),
    )
    titles = {case.name: case.title.text(language) for case in drawn_cases(study)}
    rows = [
        {
            "case": titles[str(line["case"])],
            "item": _CO2[str(line["item"])].text(language),
            "mean": line["kg_year"] / 1000,
            "least": line["kg_year_least"] / 1000,
            "most": line["kg_year_most"] / 1000,
        }
        for _, line in money.co2.iterrows()
        if line["case"] in titles
    ]
    return TableExhibit(
        "co2",
        Wording("CO2 with and without the service", "CO2排出量: サービスの有無による比較"),
        columns,
        rows_of(columns, rows),
        Wording(
            "Least and most: every assumption about what riders would do instead at the end of its range."
            " Difference above 0: the service emits more than the trips would.",
            "最小・最大は、代わりの移動手段に関する仮定をすべて幅の端に置いた場合。差が正ならサービスの排出のほうが多い。",
        ),
        block_key="case",
    )
