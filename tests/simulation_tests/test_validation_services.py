"""Indicators of services: tours by hand, and rows without a verdict."""

from __future__ import annotations

import pytest

from maas.i18n.wording import Wording
from maas.ledger import Ride, ledger_of
from simulation import validation_services as services
from simulation.comparison import Estimate
from simulation.series import ScenarioChoice
from simulation.validation_service_rows import rows_of
from simulation.validation_services import Tours, indicators, tours_of
from tests.store_tests.journals import breakdown, morning


def ride(vehicle: int, begin_s: int, end_s: int | None, persons: int = 1) -> Ride:
    return Ride(0, vehicle, persons, begin_s, 0, end_s)


@pytest.mark.parametrize(
    ("rides", "tours"),
    [
        ([], Tours(0, 0, 0)),
        ([ride(0, 0, 10), ride(0, 11, 20)], Tours(2, 0, 2)),
        ([ride(0, 0, 10), ride(0, 9, 20)], Tours(1, 1, 2)),
        # Who boards where another alights keeps the vehicle from being empty.
        ([ride(0, 0, 10), ride(0, 10, 20)], Tours(1, 1, 2)),
        # The first goes on while the second comes and leaves, and the third joins.
        ([ride(0, 0, 50), ride(0, 10, 20), ride(0, 40, 60, persons=3)], Tours(1, 1, 5)),
        ([ride(0, 0, 10), ride(1, 5, 15)], Tours(2, 0, 2)),
        ([ride(0, 0, None)], Tours(0, 0, 0)),
    ],
)
def test_tours_last_from_empty_to_empty(rides: list[Ride], tours: Tours) -> None:
    assert tours_of(rides) == tours


def test_tours_of_days_by_hand() -> None:
    # Requests 1 (two persons) and 2 share van-1; after the breakdown one of three rides on in the taxi.
    assert tours_of(ledger_of(morning().journal()).rides) == Tours(1, 1, 3)
    assert tours_of(ledger_of(breakdown().journal()).rides) == Tours(2, 1, 4)


def test_a_day_has_every_indicator_of_the_rows() -> None:
    found = indicators(days=1)
    rows = rows_of(found)
    assert all(row.verdict == "information" for row in rows)
    assert all(row.note.en and row.note.ja and row.source.en for row in rows)
    assert not [row for row in rows if row.found.en == "-"]
    prepared = ScenarioChoice(services.ON_DEMAND).prepare()
    vehicles = len(prepared.service.vehicles)
    assert found["riders_per_vehicle_day"].mean == pytest.approx(found["riders_a_day"].mean / vehicles)
    assert found["hospital_riders_a_month"].mean % services.WEEKDAYS_A_MONTH == 0


def test_figures_are_shown_in_their_units() -> None:
    found = {"wait_mean_s": Estimate(90.0, 60.0, 120.0, 3), "unmet_share": Estimate(0.125, None, None, 1)}
    shown = {row.check.en: row.found for row in rows_of(found)}
    assert shown["Mean wait, all riders"] == Wording("1.5 ±0.5 min", "1.5 ±0.5分")
    assert shown["Requests without a ride"] == Wording("12 %", "12%")
    assert shown["Cost per rider"] == Wording("-", "-")
