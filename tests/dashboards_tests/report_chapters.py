"""Two small chapters with everything that a report may hold, and what is awkward to write."""

from __future__ import annotations

import math
from typing import Final

from dashboards.evidence.exhibits import (
    ROW_DECIMALS,
    Chapter,
    ChartExhibit,
    Column,
    TableExhibit,
    TextExhibit,
    rows_of,
)
from dashboards.report.front import Front
from maas.i18n.wording import Wording

FRONT: Final = Front(
    Wording("Vans <or> taxis", "バンかタクシーか"),
    Wording("Report", "報告書"),
    (Wording("2 cases & 3 days", "2案、3日"),),
    ("Roads: a survey",),
    "ab" * 32,
)

_PEOPLE = Wording("people", "人")
TOWN_COLUMNS: Final = (
    Column("town", Wording("Town", "町")),
    Column("people", Wording("Residents", "人口"), _PEOPLE, decimals=0),
    Column(
        "change", Wording("Change", "増減"), Wording("%", "%"), Wording("Since 2021", "2021年から"), 1, True
    ),
    Column("remark", Wording("Remark", "備考"), is_export_only=True),
)
TOWN_ROWS: Final = (
    {"town": "氏家", "people": 11_294.0, "change": -1.25, "remark": "=1+1"},
    {"town": "髙根\N{EN DASH}沢𠮷", "people": 4.0, "change": 50.0, "remark": "-3"},
    {"town": "<b>桜</b>", "people": 5.0, "change": math.nan, "remark": "http://example.org"},
    {"town": "空き地", "people": 0.0, "change": 0.0, "remark": None},
)
TOWNS: Final = TableExhibit(
    "towns",
    Wording("Towns: all/none", "町 [一覧]: すべて/なし"),
    TOWN_COLUMNS,
    rows_of(TOWN_COLUMNS, TOWN_ROWS),
    Wording("As of 2021.", "2021年時点。"),
    people_key="people",
)

_FIGURE_COLUMNS = (
    Column("figure", Wording("Figure", "指標")),
    Column("case", Wording("Case", "案")),
    Column("mean", Wording("Mean", "平均"), decimals=1),
    Column("mark", Wording("○△×", "判定")),
)
FIGURES: Final = TableExhibit(
    "figures",
    Wording("Figures", "指標"),
    _FIGURE_COLUMNS,
    rows_of(
        _FIGURE_COLUMNS,
        [
            {"figure": "Wait (min)", "case": "today", "mean": 12.345, "mark": "", ROW_DECIMALS: 2},
            {"figure": "Wait (min)", "case": "vans", "mean": 3.2, "mark": "○", ROW_DECIMALS: 2},
            {"figure": "Cost (yen)", "case": "today", "mean": 60_528.4, "mark": "", ROW_DECIMALS: 0},
            {"figure": "Cost (yen)", "case": "vans", "mean": 234_625.0, "mark": "×", ROW_DECIMALS: 0},
        ],
    ),
    block_key="figure",
)

SVG: Final = (
    b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">\n'
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40pt" height="20pt" viewBox="0 0 40 20">\n'
    b"<metadata>who, when</metadata><rect width='40' height='20' fill='#0072B2'/></svg>"
)
CHART: Final = ChartExhibit(
    "bars", Wording("Bars", "棒"), SVG, Wording('A "bar"', "「棒」1本"), Wording("Note", "注"), FIGURES
)

CHAPTERS: Final = (
    Chapter(
        "summary",
        Wording("Summary", "要旨"),
        (
            TextExhibit(
                "summary",
                Wording("Summary", "要旨"),
                (
                    (Wording("Question", "問い"), Wording("Vans & taxis?", "バンとタクシー？")),
                    (None, Wording("No label <here>", "見出しなし<ここ>")),
                ),
            ),
        ),
    ),
    Chapter("towns", Wording("Towns", "町"), (TOWNS, CHART)),
)
