"""Services that contradict themselves are told so when they are made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.domain.errors import ServiceDefinitionError
from maas.domain.planning_rules import LARGEST_WEIGHT_16, InsertionWeights
from maas.service_definition import FareStep, ServiceDefinition, Zone
from tests.store_tests.journals import RUNS


@pytest.mark.parametrize(
    ("wait_16", "ride_16", "is_valid"),
    [
        (0, 0, True), (8, 8, True), (8, 9, False), (LARGEST_WEIGHT_16, 0, True),
        (LARGEST_WEIGHT_16 + 1, 0, False), (8, -1, False),
    ],
)  # fmt: skip
def test_a_ride_costs_no_more_than_a_wait(wait_16: int, ride_16: int, is_valid: bool) -> None:
    """Else a later pickup pays, and the bounds of the search leave out cheaper places."""
    if is_valid:
        assert InsertionWeights(wait_16, ride_16).wait_16 == wait_16
        return
    with pytest.raises(ServiceDefinitionError, match=r"give 0 to 10000, the ride no more than the wait"):
        InsertionWeights(wait_16, ride_16)


@pytest.mark.parametrize(("up_to_m", "yen"), [(-1, 300), (0, -1)])
def test_no_fare_is_negative(up_to_m: int, yen: int) -> None:
    with pytest.raises(ServiceDefinitionError, match="holds a negative figure; give 0 or more"):
        FareStep(up_to_m, yen)


@pytest.mark.parametrize(
    "twice", [{"runs": (*RUNS.runs, RUNS.runs[0])}, {"zones": (*RUNS.zones, Zone("west", (1004,)))}]
)
def test_zones_and_runs_are_named_once(twice: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(ServiceDefinitionError, match="names a zone or a run twice; they must differ"):
        replace(RUNS, **twice)  # type: ignore[arg-type]
    assert isinstance(RUNS, ServiceDefinition)
