"""Indicators of real services beside the simulated ones, as rows of the validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from maas.i18n.wording import Wording
from simulation.comparison import Estimate
from simulation.validation_rows import ValidationRow
from simulation.validation_services import WEEKDAYS_A_MONTH, indicators

PART: Final = "services"


@dataclass(frozen=True, slots=True)
class _Unit:
    """How a figure is shown: stored value * scale, digits after the point, unit."""

    scale: float
    decimals: int
    en: str
    ja: str

    def show(self, value: Estimate) -> Wording:
        """Mean and half of its 95 % interval."""
        text = f"{value.mean * self.scale:,.{self.decimals}f}"
        if value.half_width is not None:
            text += f" ±{value.half_width * self.scale:,.{self.decimals}f}"
        return Wording(f"{text}{self.en}", f"{text}{self.ja}")


_RIDERS: Final = _Unit(1, 1, "", "人")
_RATIO: Final = _Unit(1, 2, "", "人")
_MINUTES: Final = _Unit(1 / 60, 1, " min", "分")
_PERCENT: Final = _Unit(100, 0, " %", "%")
_YEN: Final = _Unit(1, 0, " yen", "円")

_TOMIOKA: Final = Wording("Tomioka 愛タク, 2021: 6 vans, 8-17 h", "富岡市 愛タク（2021年、6台、8～17時）")
_SHIOJIRI: Final = Wording("のるーと塩尻, 2020-11", "のるーと塩尻（2020年11月）")
_CHINO: Final = Wording("Chino のらざあ, 8 vans, twelfth month", "茅野市 のらざあ（8台、12か月目）")
_IWAKUNI: Final = Wording(
    "Iwakuni よべるん: 7,715 riders on 6,216 runs", "岩国市 よべるん（6,216便に7,715人）"
)
_TSUIN: Final = Wording("つういんコンタ号, summer of 2019", "つういんコンタ号（2019年夏）")
_TSUKUBA: Final = Wording("Tsukuba つくタク, FY2016", "つくば市 つくタク（2016年度）")

_SET: Final = Wording(
    "No evidence: the requests were set so that riders per head come to Tomioka's, with its fleet and hours",
    "検証にならない: 人口当たり利用者が富岡並みになるよう申込み数を定め、台数と時間も富岡に倣った",
)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A published figure, the simulated one by its name, and why they differ."""

    check: Wording
    published: Wording
    key: str
    unit: _Unit
    source: Wording
    note: Wording


_PAIRS: Final = (
    _Pair(
        Wording("Riders per vehicle-hour", "稼働1時間の利用者"),
        Wording("2.0", "2.0人"), "riders_per_vehicle_hour", _RATIO, _TOMIOKA, _SET,
    ),
    _Pair(
        Wording("Riders per vehicle and day", "1台1日の利用者"),
        Wording("18", "18人"), "riders_per_vehicle_day", _RIDERS, _TOMIOKA, _SET,
    ),
    _Pair(
        Wording("Mean wait, all riders", "平均待ち時間（全利用者）"),
        Wording("8 min 32 s", "8分32秒"), "wait_mean_s", _MINUTES, _SHIOJIRI,
        Wording(
            "Not like for like: here trips are booked at least 20 min ahead, most of them the day before,"
            " and the wait counts from the wished time; how Shiojiri counts is not known",
            "条件が異なる: ここでは20分以上前（多くは前日）に予約し、希望時刻から数える。塩尻の数え方は不明",
        ),
    ),
    _Pair(
        Wording("Mean wait, asked within the hour", "平均待ち時間（1時間以内の申込み）"),
        Wording("8 min 32 s", "8分32秒"), "wait_at_once_s", _MINUTES, _SHIOJIRI,
        Wording(
            "20 min of notice all the same, which a van has to come; add up to as much to compare with vans"
            " that are sent at once",
            "この場合も20分前が締切で、その間に車両が来られる。即時配車と比べるには最大で締切分を加える",
        ),
    ),
    _Pair(
        Wording("Riders a booking", "予約1件の人数"),
        Wording("1.44", "1.44人"), "riders_a_booking", _RATIO, _SHIOJIRI,
        Wording(
            "An input: parties of 1.22 riders are assumed",
            "同行人数は岩国に近い1.22人と仮定したもの",
        ),
    ),
    _Pair(
        Wording("Riders in bookings of several", "複数人予約の利用者の割合"),
        Wording("18.6 %", "18.6%"), "grouped_riders_share", _PERCENT, _CHINO,
        Wording(
            "Contradicts the row above: if Chino is the better guide, parties are assumed too large here",
            "上の塩尻と逆の差。茅野が近いなら、ここでの同行人数の仮定は大きすぎる",
        ),
    ),
    _Pair(
        Wording("Runs shared by bookings", "相乗りした運行の割合"),
        Wording("51.4 %", "51.4%"), "shared_tours_share", _PERCENT, _CHINO,
        Wording(
            "A run is from empty to empty here, Chino's definition is not known; Chino has 21"
            " riders a van and"
            " day and turns people away, so that its vans are fuller",
            "ここでは空車から空車までが1運行（茅野の定義は不明）。茅野は1台1日21人で断りも多く、"
            "より混んでいる",
        ),
    ),
    _Pair(
        Wording("Riders a run, on demand", "1運行の利用者（オンデマンド）"),
        Wording("1.24", "1.24人"), "riders_a_tour", _RATIO, _IWAKUNI,
        Wording(
            "Iwakuni carries 13 riders a day, so that few meet; what it calls a run is not known",
            "岩国は1日13人と少なく、乗り合わせにくい。便の数え方も不明",
        ),
    ),
    _Pair(
        Wording("Riders a run, today's demand taxis", "1便の利用者（現在のデマンドタクシー）"),
        Wording("1.24", "1.24人"), "today_riders_a_run", _RATIO, _IWAKUNI,
        Wording(
            "Hourly runs gather riders; that Sakura's are hourly is an assumption (no timetable published)",
            "毎時の便に利用が集まる。さくら市が毎時運行なのは仮定（時刻表は非公表）",
        ),
    ),
    _Pair(
        Wording("Requests without a ride", "断られた申込みの割合"),
        Wording("16 - 21 %", "16～21%"), "unmet_share", _PERCENT, _CHINO,
        Wording(
            "953 unmet in a month beside 165 riders a day on 22 to 30 days; whether one person"
            " asks several times"
            " is not known. Here demand was set to what is carried elsewhere: who is turned away"
            " there is missing",
            "月953件の不成立を1日165人・月22～30日と対比（同じ人の繰り返しを含むかは不明）。ここでは他市の"
            "利用実績に需要を合わせたため、断られた人の分が欠けている",
        ),
    ),
    _Pair(
        Wording("Riders a month to Kurosu hospital", "黒須病院への月間利用者"),
        Wording("38 - 57", "38～57人"), "hospital_riders_a_month", _Unit(1, 0, "", "人"), _TSUIN,
        Wording(
            f"No evidence: who knows of the line (50 %) was set so; {WEEKDAYS_A_MONTH} weekdays a month",
            f"検証にならない: 認知率50%をこの値に合わせて定めた。月{WEEKDAYS_A_MONTH}日で換算",
        ),
    ),
    _Pair(
        Wording("Runs to the hospital that carry nobody", "利用のない通院便の割合"),
        Wording("more than 50 %", "50%超"), "hospital_runs_empty_share", _PERCENT, _TSUIN,
        Wording(
            "Follows from the riders and from six runs a day; how many there were is not published",
            "利用者数と1日6便（仮定、実際の便数は非公表）から決まる",
        ),
    ),
    _Pair(
        Wording("Cost per rider", "利用者1人の費用"),
        Wording("2,712 yen", "2,712円"), "cost_per_rider_yen", _YEN, _TSUKUBA,
        Wording(
            "Hours at 3,300 yen by a vendor's price of 2023; riders per van-hour were set to Tomioka's",
            "1時間3,300円（2023年の事業者の例）。1台当たりの利用は富岡並みに定めた",
        ),
    ),
)  # fmt: skip


def service_rows(progress: Callable[[int, int], None] | None = None) -> list[ValidationRow]:
    """Published indicators beside the simulated ones; for information, nothing can fail."""
    return rows_of(indicators(progress=progress))


def rows_of(found: Mapping[str, Estimate]) -> list[ValidationRow]:
    """The rows of what was found."""
    return [
        ValidationRow(
            part=PART,
            check=pair.check,
            expected=pair.published,
            found=pair.unit.show(found[pair.key]) if pair.key in found else Wording("-", "-"),
            verdict="information",
            source=pair.source,
            note=pair.note,
        )
        for pair in _PAIRS
    ]
