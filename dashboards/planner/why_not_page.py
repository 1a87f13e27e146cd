"""Why not: who was refused, for what reason, and the smallest change that would have served them."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.evidence.number_text import age_text, clock
from dashboards.evidence.palette import INK
from dashboards.planner import why_not_wording as wording
from dashboards.planner.chart_style import AXIS, BLUE, SERIES, styled
from dashboards.planner.downloads import download_of_bookings
from dashboards.planner.frame import Frame, chosen_case, heading
from dashboards.planner.place_names import names_of, town_by_place
from dashboards.planner.refusal_tables import helped_by, refusals, refusals_by_hour
from dashboards.planner.worth_view import show_worth
from maas.i18n.figures import REFUSALS
from simulation.study_outcome import StudyCase

_DAY_S: Final = 86_400


def page(frame: Frame) -> None:
    """Refusals by hour and reason, what would have helped, the list of a day, and what one more step"
    " brings."""
    study = frame.study
    refused = {name: float(rows["refused"].mean()) for name, rows in study.by_case.items()}
    case = chosen_case(frame, wording.CASE, key="why_not_case", first=max(refused, key=refused.__getitem__))
    requests = study.requests(case.name)
    hours = refusals_by_hour(requests, len(study.seeds))
    if hours.empty:
        st.success(frame.say(wording.NOBODY), icon=":material/check_circle:")
        return
    table = refusals(requests)
    left, right = st.columns(2, gap="medium")
    with left:
        total = f"{hours['requests'].sum():,.1f}"
        heading(frame, wording.BY_HOUR, wording.BY_HOUR_NOTE, days=len(study.seeds), total=total)
        st.altair_chart(_hours_chart(frame, hours), width="stretch", theme=None)
    with right:
        heading(frame, wording.HELPED, wording.HELPED_NOTE)
        counts = helped_by(table, len(study.seeds))
        st.altair_chart(_helped_chart(frame, counts), width="stretch", theme=None)
    _show_list(frame, case, table)
    show_worth(frame, case)


def reason(name: str, frame: Frame) -> str:
    """A reason in words."""
    return frame.say(REFUSALS[name]) if name in REFUSALS else name


def _hours_chart(frame: Frame, hours: pd.DataFrame) -> Any:
    order = [reason(name, frame) for name in REFUSALS if name in set(hours["reason"])]
    table = hours.assign(said=[reason(name, frame) for name in hours["reason"]]).round({"requests": 2})
    colours = list(SERIES)[: len(order)]
    chart = (
        alt.Chart(table)
        .mark_bar(stroke="#FFFFFF", strokeWidth=0.6)
        .encode(
            x=alt.X(
                "hour:O",
                title=frame.say(wording.HOUR),
                axis=alt.Axis(labelAngle=0),
                scale=alt.Scale(domain=list(range(table["hour"].min(), table["hour"].max() + 1))),
            ),
            y=alt.Y("requests:Q", title=frame.say(wording.REQUESTS), axis=AXIS),
            color=alt.Color(
                "said:N",
                scale=alt.Scale(domain=order, range=colours),
                legend=alt.Legend(orient="top", title=None),
            ),
            tooltip=[
                alt.Tooltip("hour:O", title=frame.say(wording.HOUR)),
                alt.Tooltip("said:N", title=frame.say(wording.REASON)),
                alt.Tooltip("requests:Q", title=frame.say(wording.REQUESTS)),
            ],
        )
        .properties(height=240)
    )
    return styled(chart)


def _helped_chart(frame: Frame, counts: dict[str, float]) -> Any:
    table = pd.DataFrame(
        {
            "change": [frame.say(wording.CHANGES[name]) for name in counts],
            "count": list(counts.values()),
            "said": [f"{count:.1f}" for count in counts.values()],
        }
    )
    base = alt.Chart(table).encode(
        y=alt.Y(
            "change:N",
            sort=table["change"].tolist(),
            title=None,
            axis=alt.Axis(labelLimit=260, domain=False, ticks=False),
        ),
        x=alt.X("count:Q", title=frame.say(wording.REQUESTS), axis=AXIS),
    )
    bars = base.mark_bar(color=BLUE, height=22)
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(text="said:N")
    return styled(alt.layer(bars, labels).properties(height=240))


def _show_list(frame: Frame, case: StudyCase, table: pd.DataFrame) -> None:
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    with left:
        heading(frame, wording.LIST, wording.LIST_NOTE)
    with right:
        seed = st.selectbox(frame.say(wording.DAY), list(frame.study.seeds), key="why_seed")
    day = table[table["seed"] == seed]
    if day.empty:
        st.success(frame.say(wording.NOBODY_THAT_DAY), icon=":material/check_circle:")
        return
    known = town_by_place(str(frame.study.network_file(case.name)))
    said = pd.DataFrame(
        {
            frame.say(wording.ASKED): [_asked(frame, int(second)) for second in day["asked_at_s"]],
            frame.say(wording.WISH): [
                frame.say(wording.ARRIVE if kind == "arrive_by" else wording.DEPART, time=clock(second))
                for kind, second in zip(day["time_kind"], day["wish_s"], strict=True)
            ],
            frame.say(wording.FROM): names_of(day["origin"], known),
            frame.say(wording.TO): names_of(day["destination"], known),
            frame.say(wording.PARTY): day["riders"].astype(int),
            frame.say(wording.AGE): [age_text(str(band), frame.language) for band in day["age_band"]],
            frame.say(wording.REASON): [reason(str(name), frame) for name in day["reason"]],
            frame.say(wording.CHANGE): [_change(frame, row) for row in day.to_dict("records")],
        }
    )
    st.dataframe(said, hide_index=True, width="stretch", height=min(36 * len(said) + 40, 330))
    download_of_bookings(frame, said, f"{frame.study.name}_{case.name}_refusals", [case.name])


def _asked(frame: Frame, second: int) -> str:
    if second < 0:
        return frame.say(wording.DAY_BEFORE, time=clock(second % _DAY_S))
    return clock(second)


def _change(frame: Frame, row: dict[Any, Any]) -> str:
    match row["change"]:
        case "little_later" | "later":
            return frame.say(wording.LATER, minutes=-(-int(row["later_s"]) // 60))
        case "walk":
            return frame.say(wording.WALK, metres=f"{int(row['other_place_m']):,}")
        case "vehicle":
            return frame.say(wording.VEHICLE)
        case _:
            return frame.say(wording.NONE)
