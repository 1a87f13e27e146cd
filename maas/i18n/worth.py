"""Names of what would have helped a refused request, for tables and pictures."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

KINDS: Final = {
    "van": Wording("one more vehicle", "車両を1台増やす"),
    "van_less": Wording("one vehicle less", "車両を1台減らす"),
    "hour": Wording("one more hour", "1時間延ばす"),
    "run": Wording("one more run", "1便増やす"),
    "stop": Wording("one more stop", "停留所を1か所増やす"),
}
"""Kinds of steps by their name in `worth.parquet`."""

AT_LEAST: Final = Wording(
    "At least: nobody knows who would travel before or after today's hours, and riders walk to their stop"
    " however far it is, so that what an hour, a run or a stop would attract is not in it. Beside it stands"
    " what an hour or a run brings if as many ask for it as for the one beside it, and how many riders a"
    " weekday it needs to cost no more a rider than the service does now.",
    "「下限」: 現在の運行時間外の需要は不明で、停留所が遠くても歩くと仮定しているため、"
    "時間・便・停留所の追加が生む新たな利用は含まない。時間・便については、隣の時間（便）並みに申込みがある場合の"
    "利用者と、1人当たり経費が今と同じになる利用者数を併記する。",
)
"""What "at least" in the title of a step means."""

CHANGES: Final = {
    "later": Wording("a later trip", "時刻を遅らせる"),
    "other_place": Wording("another stop", "別の停留所"),
    "one_vehicle": Wording("one more vehicle", "車両がもう1台"),
    "nothing": Wording("none of these", "いずれも不可"),
}
"""Smallest changes by the beginning of their columns in `refusals.parquet`."""

COLUMNS: Final = {
    "riders_year": Wording("Riders a year", "年間利用者"),
    "cost_year": Wording("Cost a year (1,000 yen)", "年間経費（千円）"),
    "public_money_year": Wording("Public money a year (1,000 yen)", "年間公費（千円）"),
    "riders_per_million_yen": Wording("Riders per million yen", "100万円当たり利用者"),
    "riders_year_if_alike": Wording(
        "Riders a year, if as many ask as in the hour beside", "年間利用者（隣の時間並みに申込みがある場合）"
    ),
    "level_riders_day": Wording(
        "Riders a weekday it needs to cost no more a rider than now",
        "1人当たり経費が今と同じになる利用者（人/日）",
    ),
    "surplus_year": Wording("Worth to residents a year (1,000 yen)", "住民の便益（千円/年）"),
    "wait_mean_s": Wording("Wait (s)", "待ち時間（秒）"),
    "walking_h_year": Wording("Walking (h/year)", "徒歩（時間/年）"),
}
"""Columns of `worth.parquet`, as differences to the case as it is."""
