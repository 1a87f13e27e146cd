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
    "wait_mean_s": Wording("Wait (s)", "待ち時間（秒）"),
    "walking_h_year": Wording("Walking (h/year)", "徒歩（時間/年）"),
}
"""Columns of `worth.parquet`, as differences to the case as it is."""
