"""Names, units and formats of the figures of `maas.metrics`, for tables and pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from maas.i18n.wording import Language, Wording

_NONE: Final = Wording("", "")
_PERCENT: Final = Wording("%", "%")
_MINUTES: Final = Wording("min", "分")
_KM: Final = Wording("km", "km")
_HOURS: Final = Wording("h", "時間")
_YEN: Final = Wording("yen", "円")
_THOUSAND_YEN: Final = Wording("1,000 yen", "千円")


@dataclass(frozen=True, slots=True)
class FigureWording:
    """How a figure is called and shown.

    Parameters
    ----------
    key
        Its name in the metrics.
    name, unit
        In words; the unit is empty for plain numbers.
    scale
        Shown value = stored value * scale.
    decimals
        Digits after the point.
    is_optional
        Left out where it is 0 in everything that is shown.
    least, most
        What the figure can be; the ends of an interval are shown within.
    """

    key: str
    name: Wording
    unit: Wording = _NONE
    scale: float = 1.0
    decimals: int = 0
    is_optional: bool = False
    least: float = 0.0
    most: float = math.inf

    def head(self, language: Language) -> str:
        """Name and unit: `Wait, mean (min)`."""
        unit = self.unit.text(language)
        return f"{self.name.text(language)} ({unit})" if unit else self.name.text(language)

    def within(self, value: float) -> float:
        """The nearest value that the figure can have."""
        return min(max(value, self.least), self.most)

    def number(self, value: float | None, *, signed: bool = False) -> str:
        """A stored value as it is shown, without its unit; a dash for None."""
        if value is None:
            return "-"
        shown = round(value * self.scale, self.decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
        return f"{shown:{'+' if signed else ''},.{self.decimals}f}"


def shown(samples: Sequence[Mapping[str, float]]) -> list[FigureWording]:
    """The figures that a table of these samples shows; each sample holds stored values by key."""
    return [
        figure
        for figure in FIGURES
        if any(figure.key in sample for sample in samples)
        and not (figure.is_optional and not any(sample.get(figure.key) for sample in samples))
    ]


def _count(key: str, en: str, ja: str, *, is_optional: bool = False) -> FigureWording:
    return FigureWording(key, Wording(en, ja), decimals=1, is_optional=is_optional)


def _share(key: str, en: str, ja: str, *, most: float = 1.0) -> FigureWording:
    return FigureWording(key, Wording(en, ja), _PERCENT, 100.0, 1, most=most)


def _minutes(key: str, en: str, ja: str) -> FigureWording:
    return FigureWording(key, Wording(en, ja), _MINUTES, 1 / 60, 2)


def _thousand_yen(key: str, en: str, ja: str) -> FigureWording:
    return FigureWording(key, Wording(en, ja), _THOUSAND_YEN, 1 / 1000, 1, is_optional=True)


def _yen(key: str, en: str, ja: str) -> FigureWording:
    return FigureWording(key, Wording(en, ja), _YEN, is_optional=True, least=-math.inf)


FIGURES: Final[tuple[FigureWording, ...]] = (
    _count("requests", "Requests", "申込件数"),
    _count("served", "Requests served", "運行件数"),
    _count("served_riders", "Riders served", "利用者数"),
    _share("served_share", "Served share", "運行率（運行/申込）"),
    _count("refused", "Requests refused", "受けられなかった件数"),
    _count("cancelled", "Cancelled", "取消件数", is_optional=True),
    _count("no_shows", "No-shows", "無断不乗車", is_optional=True),
    _count("plans_adopted", "Better plans adopted", "改善計画の採用数", is_optional=True),
    _count("reassignments", "Bookings given to another vehicle", "車両を替えた予約", is_optional=True),
    _count("breakdowns", "Vehicles that broke down", "故障した車両", is_optional=True),
    _count("abandoned", "Bookings nobody could take over", "代わりの車両がなかった予約", is_optional=True),
    _count("promises_mended", "Broken promises kept after all", "立て直して守れた約束", is_optional=True),
    _count("set_down_elsewhere", "Set down before a closed road", "通行止めの手前で降車", is_optional=True),
    _count("call_centre.calls", "Calls", "電話の件数"),
    _count("call_centre.answered", "Calls answered", "つながった電話"),
    _count("call_centre.abandoned", "Calls hung up while waiting", "待てずに切られた電話"),
    _count(
        "call_centre.turned_away", "Calls waiting at closing time", "受付終了で切れた電話", is_optional=True
    ),
    _count("call_centre.gave_up", "Callers who gave up", "電話がつながらず諦めた人"),
    _count("call_centre.lost_requests", "Requests lost on the phone", "電話で失われた申込"),
    _share(
        "call_centre.served_share", "Served share, lost callers counted", "運行率（電話で諦めた人を含む）"
    ),
    _minutes("call_centre.wait_mean_s", "Wait on the phone, mean", "電話の待ち時間 平均"),
    _share("call_centre.occupancy", "Operators busy", "電話係の稼働率", most=math.inf),
    _count("choice.outings", "Outings weighed", "検討された外出"),
    _share("choice.shares.service", "Outings by the service", "この交通を選んだ外出"),
    _count("choice.instead.stay", "Outings made possible", "新たに可能になった外出"),
    FigureWording(
        "choice.surplus_yen",
        Wording("Worth to residents (consumer surplus)", "住民にとっての価値（消費者余剰）"),
        _THOUSAND_YEN,
        1 / 1000,
        1,
    ),
    FigureWording(
        "choice.replaced_co2_kg",
        Wording("CO2 of cars replaced", "置き換えた自家用車のCO2"),
        Wording("kg", "kg"),
        decimals=1,
    ),
    _count("choice.unsettled", "Expectations not settled", "期待と実際が一致せず", is_optional=True),
    _minutes("wait_mean_s", "Wait, mean", "待ち時間 平均"),
    _minutes("wait_median_s", "Wait, median", "待ち時間 中央値"),
    _minutes("wait_p95_s", "Wait, 95th percentile", "待ち時間 95%点"),
    _minutes("in_vehicle_mean_s", "In vehicle, mean", "乗車時間 平均"),
    FigureWording("detour_ratio", Wording("Detour (ride / direct)", "迂回率（乗車/直行）"), decimals=2),
    _share("promises_kept_share", "Promises kept", "約束時刻の遵守率"),
    _minutes("lateness_mean_s", "Lateness of the late", "遅れた場合の平均遅れ"),
    FigureWording("vehicle_km", Wording("Driven", "走行距離"), _KM, decimals=1),
    _share("empty_km_share", "Driven empty", "空車走行率"),
    FigureWording("driving_hours", Wording("Driving", "走行時間"), _HOURS, decimals=1),
    FigureWording("vehicle_hours", Wording("Paid vehicle-hours", "稼働時間"), _HOURS, decimals=1),
    FigureWording(
        "riders_per_vehicle_hour", Wording("Riders per vehicle-hour", "稼働1時間の利用者"), decimals=2
    ),
    FigureWording("mean_occupancy", Wording("Mean occupancy", "平均乗車人数"), decimals=2),
    _share("shared_riders_share", "Riders sharing", "相乗りした利用者"),
    _share("shared_km_share", "Shared distance", "相乗り走行率"),
    _share("runs_empty_share", "Runs not operated", "運休した便"),
    _thousand_yen("cost_yen", "Cost", "費用"),
    _thousand_yen("fares_yen", "Fares", "運賃収入"),
    _share("cost_recovery", "Cost recovery", "収支率", most=math.inf),
    _yen("public_money_per_trip_yen", "Public money per rider", "利用者1人の公費"),
    FigureWording("co2_kg", Wording("CO2", "CO2排出量"), Wording("kg", "kg"), decimals=1, is_optional=True),
)
"""In the order in which tables show them."""

FURTHER: Final[tuple[FigureWording, ...]] = (
    _share("choice.shares.lift", "Outings by a lift", "家族などの送迎による外出"),
    _share("choice.shares.car", "Outings by own car", "自家用車による外出"),
    _share("choice.shares.bus", "Outings by bus", "路線バスによる外出"),
    _share("choice.shares.stay", "Outings not made", "取りやめた外出"),
    _share("choice.service_share_expected", "Outings by the service, expected", "この交通を選ぶ確率"),
    _count("choice.instead.lift", "Lifts replaced", "送迎から転換した外出"),
    _count("choice.instead.car", "Car outings replaced", "自家用車から転換した外出"),
    _count("choice.instead.bus", "Bus outings replaced", "路線バスから転換した外出"),
    FigureWording(
        "choice.replaced_km", Wording("Car km replaced", "置き換えた自家用車の走行"), _KM, decimals=1
    ),
    FigureWording(
        "choice.gap_yen", Wording("Expected and met differ by", "期待と実際の差"), _YEN, decimals=1
    ),
    _share(
        "call_centre.served_riders_share",
        "Riders served of those who wanted to travel",
        "利用者の割合（電話で諦めた人を含む）",
    ),
    _count("call_centre.lost_riders", "Riders lost on the phone", "電話で失われた利用者"),
    _count("call_centre.callers", "Callers", "電話をかけた人"),
    _share("served_riders_share", "Riders served of those who asked", "利用者の割合（運行/申込）"),
    FigureWording(
        "public_money_yen",
        Wording("Public money", "公費"),
        _THOUSAND_YEN,
        1 / 1000,
        1,
        is_optional=True,
        least=-math.inf,
    ),
)
"""Figures that studies may be about, beside those of every table."""

BY_KEY: Final = {figure.key: figure for figure in (*FIGURES, *FURTHER)}

REFUSALS: Final = {
    "no_service_here": Wording("no service here", "サービス区域外"),
    "outside_hours": Wording("outside hours", "運行時間外"),
    "booked_too_late": Wording("booked too late", "申込みが遅い"),
    "booked_too_early": Wording("booked too early", "申込みが早すぎる"),
    "party_too_large": Wording("party too large", "人数が多い"),
    "no_vehicle_in_time": Wording("no vehicle in time", "間に合う車両なし"),
}
"""Reasons of refusals by their name in the metrics."""

GROUPS: Final = {
    "by_age_band": Wording("Age", "年齢"),
    "by_area": Wording("Area", "地区"),
    "by_channel": Wording("Booked by", "申込方法"),
}
"""Breakdowns by group of bookers, by their name in the metrics."""

_MEMBERS: Final = {
    "phone": Wording("phone", "電話"),
    "app": Wording("app", "アプリ"),
    "Ujiie": Wording("Ujiie", "氏家"),
    "Kitsuregawa": Wording("Kitsuregawa", "喜連川"),
}


def member(name: str, language: Language) -> str:
    """A group of bookers in words; a name that has no translation stands for itself."""
    return _MEMBERS[name].text(language) if name in _MEMBERS else name


def wording_of(key: str) -> FigureWording | None:
    """Wording of a figure by its key, also within a group of bookers (`by_area.Ujiie.served_share`); None
    where there is none."""
    if key in BY_KEY:
        return BY_KEY[key]
    group, _, rest = key.partition(".")
    name, _, inner = rest.rpartition(".")
    if group not in GROUPS or not name or inner not in BY_KEY:
        return None
    figure = BY_KEY[inner]
    words = Wording(
        f"{GROUPS[group].en} {member(name, 'en')}: {figure.name.en}",
        f"{GROUPS[group].ja} {member(name, 'ja')}: {figure.name.ja}",
    )
    return replace(figure, key=key, name=words)


def wording(key: str) -> FigureWording:
    """Wording of a figure; its bare key where there is no other."""
    return wording_of(key) or FigureWording(key, Wording(key, key), decimals=2, least=-math.inf)
