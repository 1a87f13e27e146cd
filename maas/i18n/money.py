"""Names of the items of an account, for tables and pictures."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

ITEMS: Final = {
    "driver": Wording("drivers", "運転者"),
    "vehicle": Wording("vehicles", "車両"),
    "fuel": Wording("fuel and wear by the kilometre", "燃料など走行分"),
    "booking": Wording("booking desk", "予約受付"),
    "software": Wording("dispatch software", "配車システム"),
    "cost": Wording("Cost", "経費"),
    "fares": Wording("Fares", "運賃収入"),
    "public_money": Wording("Public money (cost less fares)", "公費（経費－運賃収入）"),
    "national": Wording("nation", "国庫補助"),
    "prefecture": Wording("prefecture", "県補助"),
    "city": Wording("city", "市の負担"),
    "special_tax": Wording("of that back as special allocation tax", "うち特別交付税"),
    "city_after_tax": Wording("city after that", "市の実質負担"),
}
"""Items by their name in `money.parquet`, in their order; the last two are parts of the city's."""

NOT_KNOWN: Final = Wording("not known", "不明")
"""In the place of a sum that nobody has found."""

PREFECTURE_NOT_KNOWN: Final = {
    "prefecture": Wording("prefecture: not known", "県補助: 不明"),
    "city": Wording("city, with what the prefecture may pay", "市の負担（県補助があればそれを含む）"),
}
"""In the place of names of `ITEMS` where the prefecture's part is not known."""

RATIOS: Final = {
    "riders_year": Wording("Riders a year", "年間利用者数"),
    "cost_recovery": Wording("Cost recovery", "収支率"),
    "public_money_per_rider": Wording("Public money a rider", "利用者1人当たり公費"),
}
"""Columns of `services.parquet`."""

CO2: Final = {
    "service": Wording("the service", "当サービス"),
    "lift": Wording("lifts by family, there and back", "家族等の送迎（往復）"),
    "own_car": Wording("own car", "自分の車"),
    "taxi": Wording("taxi, empty ways included", "タクシー（空車を含む）"),
    "without": Wording("the same trips without the service", "同じ移動をサービスなしでした場合"),
    "difference": Wording("difference", "差"),
}
"""Items by their name in `co2.parquet`, in their order; lift, own car and taxi add up to `without`."""
