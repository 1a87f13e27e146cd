"""Money: what a year costs by part, who pays it, 収支率 and CO2 of each service, as the report has them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.evidence.exhibits import ChartExhibit, TableExhibit
from dashboards.evidence.money import account_exhibits, rule_of
from dashboards.evidence.number_text import number
from dashboards.planner import cards
from dashboards.planner import money_wording as wording
from dashboards.planner.computed import offer
from dashboards.planner.exhibit_view import show_chart, show_table
from dashboards.planner.frame import Frame, chosen_case, heading
from dashboards.planner.shelf import Stamp, study_at
from dashboards.planner.study_worker import MONEY as ORDER
from maas.i18n.study_tables import missing
from maas.i18n.wording import Language, Wording
from simulation.study_money import ALL, MONEY, StudyMoney, read_money
from simulation.study_tables import what_changed


def page(frame: Frame) -> None:
    """One case in four cards; then who pays, cost by part, services and CO2 of all cases."""
    study = frame.study
    stamp, written = frame.stamp or ("", 0), _written(study.folder)
    changed = what_changed(study, MONEY)
    money = money_at(stamp, written) if changed == () else None
    if money is None:
        folder = str(study.folder)
        told = frame.say(wording.NOT_COMPUTED, folder=folder)
        if changed:
            told = frame.say(missing(MONEY, changed, folder))
        st.info(told, icon=":material/info:")
        offer(frame, {ORDER: str(study.folder)}, key="money_compute", written=written)
        return
    _show_case(frame, money)
    chart, account, services, co2 = exhibits_at(stamp, written, frame.language)
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(frame, chart)
        show_table(frame, co2)
    with right:
        show_table(frame, account)
    show_table(frame, services)


@st.cache_resource(max_entries=8, show_spinner=False)
def money_at(stamp: Stamp, written: int) -> StudyMoney | None:
    """Accounts of a study as they were written at some time; None where they were not."""
    return read_money(study_at(stamp)) if written else None


@st.cache_resource(max_entries=8, show_spinner=False)
def exhibits_at(
    stamp: Stamp, written: int, language: Language
) -> tuple[ChartExhibit, TableExhibit, TableExhibit, TableExhibit]:
    """What the report has of them: who pays, cost by part, services, CO2."""
    chart, *tables = account_exhibits(study_at(stamp), language)
    account, services, co2 = (table for table in tables if isinstance(table, TableExhibit))
    if not isinstance(chart, ChartExhibit):
        raise TypeError(f"the account of a year begins with {type(chart).__name__}, not with its chart")
    return chart, account, services, co2


def _written(folder: Path) -> int:
    try:
        return (folder / MONEY / f"{MONEY}.json").stat().st_mtime_ns
    except OSError:
        return 0


def _show_case(frame: Frame, money: StudyMoney) -> None:
    case = chosen_case(frame, wording.CASE, key="money_case")
    heading(
        frame,
        wording.HEAD,
        wording.HEAD_NOTE,
        days=money.facts["days"],
        year=int(rule_of(money, "service_days")),
    )
    whole = [
        table[(table["case"] == case.name) & (table["service"] == ALL)]
        for table in (money.money, money.services)
    ]
    items = {str(row["item"]): row for row in whole[0].to_dict("records")}
    (ratios,) = whole[1].to_dict("records")
    co2 = next(
        row for row in money.co2[money.co2["case"] == case.name].to_dict("records")
        if row["item"] == "difference"
    )  # fmt: skip
    cost, fares = (number(items[name]["yen_year"] / 1000) for name in ("cost", "fares"))
    least, most = (number(co2[f"kg_year_{end}"] / 1000, 1, signed=True) for end in ("least", "most"))
    public = items["public_money"]
    made = [
        _card(frame, wording.PUBLIC_MONEY, wording.THOUSAND_YEN, public, "yen_year", 1 / 1000, 0,
              frame.say(wording.COST_OF, cost=cost, fares=fares)),
        _card(frame, wording.RECOVERY, Wording("%", "%"), ratios, "cost_recovery", 100, 1,
              frame.say(wording.RIDERS_OF, riders=number(ratios["riders_year"]))),
        _card(frame, wording.PER_RIDER, wording.YEN, ratios, "public_money_per_rider", 1, 0, ""),
        _card(frame, wording.CO2, wording.TONNES, co2, "kg_year", 1 / 1000, 1,
              frame.say(wording.CO2_OF, least=least, most=most), is_signed=True),
    ]  # fmt: skip
    st.html(cards.cards(made))


def _card(
    frame: Frame,
    title: Wording,
    unit: Wording,
    row: dict[Any, Any],
    key: str,
    scale: float,
    decimals: int,
    below: str,
    *,
    is_signed: bool = False,
) -> str:
    value, low, high = (float(row[name]) * scale for name in (key, f"{key}_low", f"{key}_high"))
    ends = ""
    if low == low and high == high:
        told = frame.say(
            cards.INTERVAL,
            low=number(low, decimals, signed=is_signed),
            high=number(high, decimals, signed=is_signed),
        )
        ends = f'<span class="i wide">({escape(told)})</span>'
    return (
        f'<div class="m-card" data-figure="{escape(key)}"><h4><span>{escape(frame.say(title))}</span></h4>'
        f'<div class="v">{escape(number(value, decimals, signed=is_signed))}'
        f'<span class="u">{escape(frame.say(unit))}</span>{ends}</div>'
        f'<div class="b">{escape(below)}</div></div>'
    )
