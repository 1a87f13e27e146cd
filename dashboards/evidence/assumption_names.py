"""Names of the numbers of a scenario, for people."""

from __future__ import annotations

from collections.abc import Mapping
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
    "horizon": Wording("Hours that are simulated", "計算する時間帯"),
    "snap_limit": Wording("Farthest from a road", "道路からの最大距離"),
    "inmates_are_counted": Wording("Inmates are in the number of residents", "人口に被収容者を含むか"),
    "projection.residents": Wording("Residents in 2040", "人口（2040年推計）"),
    "projection.child_share": Wording("Share of children in 2040", "年少人口の割合（2040年推計）"),
    "projection.old_share": Wording("Share of 65 and over in 2040", "65歳以上の割合（2040年推計）"),
    "projection.oldest_share": Wording("Share of 75 and over in 2040", "75歳以上の割合（2040年推計）"),
    "weekday_factor": Wording("Demand by day of the week", "曜日による需要の比"),
    "outward_hours": Wording("Outward trips by hour", "往路の出発時間帯の割合"),
    "latest_return": Wording("Latest return", "帰りの最終時刻"),
    "wish_step": Wording("Wished times in steps of", "希望時刻の刻み"),
    "appointment_step": Wording("Appointments in steps of", "予約時刻の刻み"),
    "licence_share": Wording("Share with a driving licence", "免許保有率"),
    "rate_with_licence": Wording("Requests, with a licence", "申込みの頻度の比（免許あり）"),
    "rate_without_licence": Wording("Requests, without a licence", "申込みの頻度の比（免許なし）"),
    "expected_delay": Wording("Time reckoned with beyond the drive", "直行時間に加えて見込む時間"),
    "walkable": Wording("Distances that are walked", "徒歩で行く距離"),
    "app_share": Wording("Share who book by app", "アプリで予約する割合"),
    "answer_on_phone": Wording("Time to answer on the phone", "電話で回答するまでの時間"),
    "answer_in_app": Wording("Time to answer in the app", "アプリで回答するまでの時間"),
    "wheelchair_share": Wording("Share of wheelchair users", "車いす利用者の割合"),
    "disabled_share": Wording("Share with a certificate of disability", "障害者手帳を持つ割合"),
    "party_size": Wording("Parties of 1, 2, 3 ...", "人数別の割合（1人、2人、3人…）"),
    "lead_time.day_before": Wording("Booked a day ahead between", "前日予約の時間帯"),
    "lead_time.earliest": Wording("Earliest booking of the day", "当日予約の最早時刻"),
    "lead_time.same_day": Wording("Booked on the day, ahead by", "当日予約の先行時間"),
    "lead_time.short": Wording("Booked shortly, ahead by", "直前予約の先行時間"),
    "return_with_outward_share": Wording("Returns booked at once", "帰りを往路と同時に予約する割合"),
    "return_short": Wording("Returns booked shortly, ahead by", "帰りの直前予約の先行時間"),
    "share": Wording("Share of a purpose", "目的別の割合"),
    "destinations": Wording("Weights of destinations", "行き先の重み"),
    "reach": Wording("How far people go", "行き先の近さの尺度"),
    "arrive_by_share": Wording("Share with an arrival wished", "到着時刻を指定する割合"),
    "stay": Wording("Stay", "滞在時間"),
    "max_shift": Wording("Largest shift of the wish", "希望時刻からずらせる上限"),
    "visitors.trains": Wording("Trains of visitors", "来訪者の列車の時間帯"),
    "walk_out": Wording("From platform to kerb", "ホームから乗り場まで"),
    "age_share": Wording("Visitors by age", "来訪者の年齢構成"),
    "walking.limit": Wording("Longest walk", "徒歩の上限"),
    "walking.speed": Wording("Walking speed", "歩く速さ"),
    "sigma_by_class": Wording("Spread of driving times by road class", "道路種別の所要時間のばらつき"),
    "periods.window": Wording("Period of the day", "時間帯"),
    "breaks.window": Wording("Break between", "休憩の時間帯"),
    "breaks.length": Wording("Length of the break", "休憩の長さ"),
    "class_factors": Wording("Driving times by road class", "道路種別の所要時間の倍率"),
    "road_factors": Wording("Driving times on roads", "路線別の所要時間の倍率"),
    "choice.worth": Wording("Choice: worth of an outing", "選択: 外出の価値"),
    "car_share": Wording("Choice: licence holders with a car", "選択: 車を使える免許保有者の割合"),
    "lift_share": Wording("Choice: people who have a lift", "選択: 送迎を頼める人の割合"),
    "trouble.service": Wording("Choice: trouble of the service", "選択: 本サービスの手間"),
    "trouble.lift": Wording("Choice: trouble of a lift", "選択: 送迎を頼む手間"),
    "trouble.car": Wording("Choice: trouble of driving", "選択: 運転の負担"),
    "trouble.bus": Wording("Choice: trouble of the bus", "選択: バスの負担"),
    "expected.wait": Wording("Choice: wait expected at first", "選択: 最初に見込む待ち時間"),
    "expected.ride_ratio": Wording("Choice: detour expected at first", "選択: 最初に見込む迂回率"),
    "expected.served_share": Wording("Choice: chance expected at first", "選択: 最初に見込む乗れる割合"),
    "learning.rounds": Wording("Choice: rounds of learning", "選択: 学習の回数"),
    "learning.days": Wording("Choice: days of a round", "選択: 学習1回の日数"),
    "learning.step": Wording("Choice: step of learning", "選択: 学習の歩幅"),
    "learning.settled": Wording("Choice: settled within", "選択: 収束とみなす差"),
    "access.app": Wording("Bookable by app", "アプリ予約の有無"),
    "phone_hours": Wording("Hours of the phone", "電話受付の時間帯"),
    "for_visitors": Wording("Open to visitors", "来訪者の利用の可否"),
    "detour_percent": Wording("Latest arrival: share of drive", "到着の上限: 直行時間に対する割合"),
    "detour_extra": Wording("Latest arrival: beyond that", "到着の上限: 加える時間"),
    "ride_percent": Wording("Longest ride: share of the drive", "乗車の上限: 直行時間に対する割合"),
    "ride_extra": Wording("Longest ride: beyond that", "乗車の上限: 加える時間"),
    "ride_limit": Wording("Longest ride", "乗車時間の上限"),
    "arrive_early": Wording("Earliest arrival before the wish", "到着の早さの上限"),
    "promise_before": Wording("Promise: before the planned pickup", "約束の幅: 乗車予定の前"),
    "promise_after": Wording("Promise: after the planned pickup", "約束の幅: 乗車予定の後"),
    "rules.offers": Wording("Offers to choose from", "提案の数"),
    "offer_hold": Wording("Offers are held for", "提案の有効時間"),
    "alternative_step": Wording("Alternatives in steps of", "代替案の間隔"),
    "no_show_wait": Wording("Wait for a rider at the stop", "乗車場所で待つ時間"),
    "wheelchair_stop": Wording("Time at a stop with a wheelchair", "停車時間（車いす）"),
    "capacity": Wording("Seats", "定員"),
    "steps": Wording("Fares by distance", "距離別の運賃"),
    "discounts.age": Wording("Fare reductions by age", "運賃割引（年齢）"),
    "discounts.disability": Wording("Fare reduction with a certificate", "運賃割引（障がい者）"),
    "service_days_per_month": Wording("Days of service a month", "月間運行日数"),
    "call_length": Wording("Length of a call", "通話時間"),
    "call_length_spread": Wording("Spread of the length of calls", "通話時間のばらつき"),
    "patience": Wording("Patience of callers", "電話を待てる時間"),
    "calls_again": Wording("Share who call again", "かけ直す割合"),
    "calls_again_after": Wording("Call again after", "かけ直すまでの時間"),
    "attempts": Wording("Calls at most", "電話の回数の上限"),
    "between": Wording("Stretch of road", "区間の両端（緯度・経度）"),
    "begin": Wording("Begins at", "開始時刻"),
    "departures": Wording("Departures", "発車時刻"),
    "run_length": Wording("Length of a run", "1便の所要時間"),
    "deadline": Wording("Booking closes before a run", "便の予約締切"),
    "first_deadline": Wording("Booking closes, first run", "始発便の予約締切"),
}  # fmt: skip
"""By the end of their key."""


_LISTS: Final = frozenset(
    {"lines", "vehicles", "vehicle_types", "purposes", "periods", "road_changes", "visitors"}
)

_ENTRIES: Final = {
    "wagon": Wording("wagon", "ワゴン"),
    "wheelchair wagon": Wording("wagon for wheelchairs", "車いす対応ワゴン"),
    "sedan": Wording("sedan", "セダン"),
    "small school bus": Wording("small school bus", "小型スクールバス"),
    "clinic": Wording("clinic", "通院"),
    "shopping": Wording("shopping", "買い物"),
    "station": Wording("station", "駅"),
    "bath": Wording("public hall or bath", "公共施設・温浴"),
    "social": Wording("visiting", "知人宅"),
}
"""Entries of lists; others go by the name that the scenario gives them."""


def entry_name(name: str, language: Language) -> str:
    """What an entry of a scenario's lists is called: a vehicle type, a purpose, a line."""
    return _ENTRIES[name].text(language) if name in _ENTRIES else name


def assumption_name(key: str, language: Language, groups: Mapping[str, str] | None = None) -> str:
    """What a dotted key stands for, with the entry of a list that it is about; else the key.

    Parameters
    ----------
    groups
        Titles of groups of vehicles by their name, where a name is a code.
    """
    parts = key.split(".")
    plain = [part for part in parts if not part.isdecimal()]
    found = (_NAMES.get(".".join(plain[-length:])) for length in (2, 1))
    name = next((words.text(language) for words in found if words is not None), None)
    if name is None:
        return key
    about = _entry(parts[:-1], language, groups or {})
    if not about or about in name:
        return name
    return f"{name}: {about}" if language == "en" else f"{name}（{about}）"


def _entry(parts: list[str], language: Language, groups: Mapping[str, str]) -> str:
    """The entries of lists that a key is about, numbered from 1 where they have no names."""
    if parts[-1:] == ["visitors"]:
        return Wording("visitors", "来訪者").text(language)
    named = [(before, after) for before, after in pairwise(parts) if before in _LISTS]
    return " ".join(
        str(int(name) + 1)
        if name.isdecimal()
        else groups.get(name) or entry_name(name, language)
        if before == "vehicles"
        else entry_name(name, language)
        for before, name in named
    )
