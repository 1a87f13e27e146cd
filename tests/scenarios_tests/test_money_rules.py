from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.errors import ScenarioFileError
from scenarios.loading import load_scenario
from scenarios.money_rules import NOT_KNOWN, SAKURA_MONEY, load_money_rules


def test_every_shipped_number_has_an_origin_and_a_range() -> None:
    numbers = list(load_money_rules().stated())
    assert {"service_days", "subsidies.national_limit", "without.lift_factor"} <= {n["key"] for n in numbers}
    for number in numbers:
        assert (number["source"] is None) != (number["assumption"] is None)
        if number["value"] == NOT_KNOWN:
            assert number["key"] == "subsidies.prefecture_share"
            continue
        assert number["range"][0] <= number["value"] <= number["range"][1]


def test_cars_and_lifts_are_stated_as_the_scenarios_state_them() -> None:
    without, choice = load_money_rules().without, load_scenario("sakura_on_demand").choice
    assert choice is not None
    assert (without.car_co2.value, without.car_co2.span) == (choice.car_co2.value, choice.car_co2.span)
    assert without.lift_factor.value == choice.lift_km_factor.value
    assert without.lift_factor.span == choice.lift_km_factor.span


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lift = { value = 0.40", "lift = { value = 0.45", "add up to 1.05; make them add up to 1"),
        ('prefecture_share = { value = "not known"', "prefecture_share = { value = 0.7",
         "national_share and prefecture_share add up to 1.1; lower one"),
        ('prefecture_share = { value = "not known"', 'prefecture_share = { value = "unknown"',
         "subsidies.prefecture_share"),
        ('prefecture_share = { value = "not known"', "prefecture_share = { value = 1.2",
         "subsidies.prefecture_share"),
        ("service_days = {", "service_dais = {", "service_dais is not known; did you mean 'service_days'"),
    ],
)  # fmt: skip
def test_wrong_rules_are_refused_with_the_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "money.toml"
    path.write_text(SAKURA_MONEY.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioFileError, match=message) as caught:
        load_money_rules(path)
    assert str(path) in str(caught.value)
