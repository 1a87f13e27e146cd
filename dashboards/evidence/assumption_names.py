"""Names of the numbers of a scenario, for people."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from maas.i18n.wording import Language, Wording

_NAMES: Final = {
    "latent_requests_per_weekday": Wording("Requests a weekday if the service suits", "潜在需要（平日1日）"),
    "residents": Wording("Residents", "人口"),
    "child_share": Wording("Share of children (0-14)", "年少人口の割合"),
    "old_share": Wording("Share of 65 and over", "65歳以上の割合"),
    "oldest_share": Wording("Share of 75 and over", "75歳以上の割合"),
    "oldest_share_of_old": Wording("75 and over among 65 and over", "65歳以上に占める75歳以上"),
    "inmates": Wording("Inmates (left out)", "矯正施設の被収容者（除外）"),
    "station.destinations": Wording("Boardings at the stations", "駅の乗車人員"),
    "headway": Wording("Time between trains", "列車の間隔"),
    "return_share": Wording("Share who return by the service", "往復とも利用する割合"),
    "companion_share": Wording("Share of wheelchair users with a companion", "車いす利用者の同伴割合"),
    "cancel_share": Wording("Share of bookings cancelled", "取消の割合"),
    "no_show_share": Wording("Share of no-shows", "無断不乗車の割合"),
    "day_before_share": Wording("Share booked a day ahead", "前日までに予約する割合"),
    "same_day_share": Wording("Share booked on the day", "当日（1時間以上前）に予約する割合"),
    "request_share": Wording("Requests of visitors", "来訪者の申込みの割合"),
    "walking.detour": Wording("Walking distance over straight line", "徒歩の迂回率"),
    "stop": Wording("Time at a stop", "停車時間"),
    "awareness": Wording("Who knows of it", "認知率"),
    "co2": Wording("CO2 a kilometre", "CO2排出係数"),
    "vehicle_hour": Wording("Cost of a vehicle-hour", "車両1時間の費用"),
    "vehicle_km": Wording("Cost of a vehicle-kilometre", "車両1kmの費用"),
    "operators": Wording("Operators on the phone", "電話オペレーター数"),
    "operator_hours": Wording("Hours of the phone", "電話受付の時間"),
    "operator_hour": Wording("Cost of an operator's hour", "オペレーター1時間の費用"),
    "licence_per_vehicle_month": Wording("Software, vehicle and month", "システム利用料（車両・月）"),
    "max_wait": Wording("Longest wait", "最長待ち時間"),
    "notice": Wording("Book ahead by", "予約の締切"),
    "advance": Wording("Book at the earliest", "予約の開始"),
    "shift": Wording("Hours of service", "運行時間"),
    "count": Wording("Vehicles", "車両数"),
    "outings_per_request": Wording("Outings that could change, a request", "申込み1件当たりの変わりうる外出"),
    "spread": Wording("Choice: spread of tastes", "選択: 好みのばらつき"),
    "choice.minute": Wording("Choice: a minute in the vehicle", "選択: 乗車1分の価値"),
    "wait_weight": Wording("Choice: weight of waiting", "選択: 待ち時間の重み"),
    "walk_weight": Wording("Choice: weight of walking", "選択: 徒歩の重み"),
    "choice.refusal": Wording("Choice: price of being refused", "選択: 断られることの費用"),
    "car_km": Wording("Cost of a car-kilometre", "自家用車1kmの費用"),
    "car_co2": Wording("CO2 a car-kilometre", "自家用車のCO2排出係数"),
    "lift_km_factor": Wording("Ways of a lift", "送迎の走行距離の倍率"),
    "fleet.vans": Wording("Vehicles of the fleet", "車両数"),
}  # fmt: skip
"""By the end of their key."""


def assumption_name(key: str, language: Language) -> str:
    """What a dotted key stands for, with the entry of a list that it is about; else the key."""
    parts = key.split(".")
    for length in (2, 1):
        name = _NAMES.get(".".join(parts[-length:]))
        if name is None:
            continue
        about = _entry(parts[:-length])
        if not about:
            return name.text(language)
        return f"{name.text(language)}: {about}" if language == "en" else f"{name.text(language)}（{about}）"
    return key


def _entry(parts: list[str]) -> str:
    """The entry of a list, such as a line or a vehicle type; empty where there is none."""
    lists = {"lines", "vehicles", "vehicle_types", "purposes"}
    return next((after for before, after in pairwise(parts) if before in lists), "")
