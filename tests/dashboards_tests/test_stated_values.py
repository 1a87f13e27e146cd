"""Values of a scenario as people write them."""

from __future__ import annotations

import pytest

from dashboards.evidence.assumption_names import assumption_name
from dashboards.evidence.stated_values import value_text
from scenarios.loading import available_scenarios, load_scenario
from scenarios.provenance import entries


@pytest.mark.parametrize(
    ("value", "unit", "is_span", "english", "japanese"),
    [
        ("44183", "people", False, "44,183 people", "44,183人"),
        ("08:00, 17:00", "", False, "08:00 to 17:00", "08:00～17:00"),
        ("D-1 08:30, D-1 17:00", "", False, "D-1 08:30 to D-1 17:00", "前日08:30～前日17:00"),
        ("10, 30", "s", True, "10 to 30 s", "10～30秒"),
        ("50000, 150000", "", True, "50,000 to 150,000", "50,000～150,000"),
        ("0.115, 0.145", "", True, "0.115 to 0.145", "0.115～0.145"),
        ("36.6986, 140.013", "", False, "36.6986, 140.013", "36.6986, 140.013"),
        ("0-14 500, 75+ 4500", "m", False, "0-14 500, 75+ 4,500 m", "0～14歳 500, 75歳以上 4,500 m"),
        ("Ujiie station 3215", "", False, "Ujiie station 3,215", "氏家駅 3,215"),
        ("260", "g/km", False, "260 g/km", "260 g/km"),
    ],
)
def test_values_have_units_and_thousands(
    value: str, unit: str, is_span: bool, english: str, japanese: str
) -> None:
    assert value_text(value, unit, "en", is_span=is_span) == english
    assert value_text(value, unit, "ja", is_span=is_span) == japanese


def test_every_number_of_a_shipped_scenario_has_a_name() -> None:
    keys = {
        f"{entry.section}.{entry.key}".strip(".").replace("[", ".").replace("]", "")
        for name, _ in available_scenarios()
        for entry in entries(load_scenario(name))
        if entry.origin
    }
    assert [key for key in sorted(keys) if assumption_name(key, "ja") == key] == []
    assert assumption_name("service.vehicles.U.breaks.0.window", "ja") == "休憩の時間帯（U）"
    assert (
        assumption_name("service.vehicle_types.wheelchair wagon.co2", "ja")
        == "CO2排出係数（車いす対応ワゴン）"
    )
    assert assumption_name("demand.visitors.request_share", "ja") == "来訪者の申込みの割合"
    assert assumption_name("demand.visitors.stay", "en") == "Stay: visitors"
