"""Numbers that no service can have are refused, where they would end in an overflow or in nonsense."""

from __future__ import annotations

import pytest

from scenarios.errors import ScenarioFileError
from scenarios.overrides import scenario_with
from scenarios.preparation import prepare


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("service.rules.max_wait", 1e18, "is 1e+18 min; give 3650 days or less"),
        ("service.rules.max_wait", 1e308, "is 1e+308 min; give 3650 days or less"),
        ("demand.visitors.stay", [60, 1e18], "is 1e+18 min; give 3650 days or less"),
        ("demand.visitors.headway", 0, "is 0 min; give at least a second"),
        ("demand.visitors.headway", 0.001, "is 0.001 min; give at least a second"),
        ("demand.wish_step", 0, "give at least a second"),
        ("demand.appointment_step", 0, "give at least a second"),
        ("demand.purposes.clinic.reach", 0, "give at least a second"),
        ("call_centre.patience", 0, "give at least a second"),
        ("call_centre.attempts", 101, "is 101; give 100 or less"),
        ("service.vehicles.*.count", 10**18, "give 10000 or less"),
        ("service.rules.detour_percent", 10**18, "give 10000 or less"),
        ("walking.speed.75+", 1e-9, "give 0.1 or more"),
        ("walking.detour", 0.9, "give 1 or more"),
    ],
)
def test_number_out_of_all_reason_is_refused(key: str, value: object, words: str) -> None:
    with pytest.raises(ScenarioFileError) as refused:
        scenario_with("sakura_phone", {key: value}, where="here", reason="a test")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_weekdays_without_any_request_are_refused() -> None:
    days = {f"demand.weekday_factor.{day}": 0.0 for day in ("mon", "tue", "wed", "thu", "fri")}
    with pytest.raises(ScenarioFileError, match="factors of Monday to Friday are all 0; give at least one"):
        scenario_with("sakura_on_demand", days, where="here", reason="a test")
    assert (
        scenario_with("sakura_on_demand", dict(list(days.items())[:4]), where="here", reason="a test").name
        == "sakura_on_demand"
    )


def test_more_people_than_there_are_numbers_for_are_refused() -> None:
    """Persons of a town and age band have 18 bits: one more would be somebody of another band."""
    huge = scenario_with(
        "sakura_on_demand", {"population.residents": 10_000_000}, where="here", reason="a test"
    )
    with pytest.raises(
        ScenarioFileError, match=r"population\.residents\.value puts \d+ people .* 262144 fit"
    ):
        prepare(huge)
