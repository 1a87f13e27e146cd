"""What the page of vehicles says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

CASE: Final = Wording("Case", "案")
DAY: Final = Wording("Day (seed)", "日（乱数の種）")
GANTT: Final = Wording("A day of every vehicle", "各車両の1日")
GANTT_NOTE: Final = Wording(
    "Each bar is a drive, darker with more people on board; the thin line is the shift. Point at a bar"
    " to read it.",
    "棒は1回の走行で、乗車人数が多いほど濃い色。細い線は勤務時間。棒に触れると内容を表示。",
)
LOAD: Final = Wording("On board", "乗車人数")
LOADS: Final = (
    Wording("empty", "空車"),
    Wording("1 person", "1人"),
    Wording("2 people", "2人"),
    Wording("3 or more", "3人以上"),
)
HOUR: Final = Wording("Hour of the day", "時刻（時）")
BY_HOUR: Final = Wording("Driving by hour and load", "時間帯別の走行と乗車人数")
BY_HOUR_NOTE: Final = Wording(
    "Minutes that all vehicles together drive in an hour, mean over the days.",
    "1時間に全車両が走行する時間の合計（分、各日の平均）。",
)
MINUTES: Final = Wording("Driving (vehicle-minutes)", "走行（分・台）")
EACH: Final = Wording("Each vehicle on an average day", "車両ごとの1日平均")
EACH_NOTE: Final = Wording("Mean over {days} days.", "{days}日分の平均。")
VEHICLE: Final = Wording("Vehicle", "車両")
KM: Final = Wording("Driven (km)", "走行距離（km）")
EMPTY: Final = Wording("Empty (%)", "空車（%）")
DRIVING: Final = Wording("Driving (h)", "走行時間（時間）")
RIDERS: Final = Wording("Riders", "利用者（人）")
REQUESTS: Final = Wording("Requests", "運行（件）")
MEAN_LOAD: Final = Wording("Mean load (people)", "平均乗車（人）")
TIMES: Final = Wording("Time", "時刻")
DISTANCE: Final = Wording("Distance (km)", "距離（km）")
NOTHING_DRIVEN: Final = Wording("No vehicle drove on this day.", "この日に走行した車両はありません。")
