"""What a vehicle does before a rider who is booked may board: wait and drive, or drive and stand there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from maas.conservation import conservation
from maas.dispatch import codec
from maas.dispatch.dispatcher import Dispatcher
from maas.domain.errors import ServiceDefinitionError
from maas.domain.planning_rules import Batching, InsertionWeights, Waiting
from maas.store.journal_check import check_journal
from scenarios.preparation import prepare_workload
from simulation.run import run_day
from simulation.validation_prebooking import known_ahead, waiting_so
from tests.builders import line_network
from tests.simulation_tests.study_inputs import write_workload
from tests.support.desks import ask, booked, offers_of
from tests.support.services import desk, service, vehicle

DRIVING_ALONE = InsertionWeights(0, 0)


def waiting_desk(waiting: Waiting | None, *bases: int) -> Dispatcher:
    vehicles = tuple(vehicle(f"v{k}", base) for k, base in enumerate(bases))
    return desk(line_network(), replace(service(vehicles, weights=DRIVING_ALONE), waiting=waiting))


@pytest.mark.parametrize(
    ("waiting", "leaves_s"),
    [(None, 960), (Waiting(), 960), (Waiting(drives_first=True), 100)],
)
def test_who_drives_first_leaves_at_once(waiting: Waiting | None, leaves_s: int) -> None:
    # 0 - 1 - 2 - 3 - 4, 10 s each: the car at 0 is booked at 100 for 1,000 at 4, 40 s away.
    dispatcher = waiting_desk(waiting, 0)
    booked(dispatcher, ask(0, 4, 0, 1_000), 100)
    assert dispatcher.heading(0) == (4, leaves_s)


def test_who_came_early_stands_there_and_can_be_sent_elsewhere() -> None:
    dispatcher = waiting_desk(Waiting(drives_first=True), 0)
    booked(dispatcher, ask(0, 4, 0, 1_000), 100)
    ((_, _, events),) = dispatcher.handle_batch([(codec.ARRIVE_AT_STOP, 0, 4, 400, 40)], 140)
    assert list(events) == [(codec.VEHICLE_STOOD, 0, 4, 400, 40)]
    assert not dispatcher.is_at_stop(0)
    assert dispatcher.heading(0) == (4, 1_000)
    # Somebody at 2 asks at 200 for 3: 20 s back, she is there at 220, at 3 at 290, at 4 long before 1,000.
    (offered,) = offers_of(dispatcher.handle(ask(1, 2, 3, 200), 200))
    assert (offered.pickup_s, offered.dropoff_s) == (220, 290)


def test_at_the_booked_second_the_visit_begins() -> None:
    dispatcher = waiting_desk(Waiting(drives_first=True), 0)
    booked(dispatcher, ask(0, 4, 0, 1_000), 100)
    dispatcher.handle_batch([(codec.ARRIVE_AT_STOP, 0, 4, 400, 40)], 140)
    ((_, _, events),) = dispatcher.handle_batch([(codec.ARRIVE_AT_STOP, 0, 4, 0, 0)], 1_000)
    assert events[0] == (codec.VEHICLE_ARRIVED, 0, 4, 0, 0)
    assert dispatcher.is_at_stop(0)


@pytest.mark.parametrize(("percent", "taken"), [(0, 1), (100, 0)])
def test_idle_seconds_count_as_work_if_wished(percent: int, taken: int) -> None:
    # Car 0 takes somebody from 4 to 3 at 900 and is free there at 1,030; car 1 stands idle at 2. For a rider
    # at 2 for 1,100, car 0 drives 10 s more than car 1 and waits 60 s, car 1 waits 1,000 s.
    dispatcher = waiting_desk(Waiting(idle_cost_percent=percent), 4, 2)
    booked(dispatcher, ask(0, 4, 3, 900), 100)
    (offered,) = offers_of(dispatcher.handle(ask(1, 2, 1, 1_100), 100))
    assert offered.vehicle == taken


def test_days_with_drivers_who_drive_first_add_up(tmp_path: Path) -> None:
    folder = write_workload(tmp_path / "ring")
    ring = prepare_workload(folder, max_wait_s=600, detour_alpha=1.3, detour_beta_s=400, stop_s=60)
    stood = 0
    for seed in range(3):
        made = waiting_so(known_ahead(ring, 0.9, seed), Waiting(drives_first=True, idle_cost_percent=100))
        journal = run_day(made, seed).journal
        stood += len(journal.columns(codec.VEHICLE_STOOD)["at"])
        assert check_journal(journal) == []
        assert all(law.holds for law in conservation(journal))
    assert stood > 0


def test_an_idle_cost_needs_insertion() -> None:
    made = service((vehicle("a", 0),))
    with pytest.raises(ServiceDefinitionError, match="counts when a request is inserted alone; give policy"):
        replace(made, policy="batch", batching=Batching(), waiting=Waiting(idle_cost_percent=1))


@pytest.mark.parametrize(("percent", "is_valid"), [(-1, False), (0, True), (1000, True), (1001, False)])
def test_idle_cost_is_checked(percent: int, is_valid: bool) -> None:
    if is_valid:
        assert Waiting(idle_cost_percent=percent).idle_cost_percent == percent
        return
    with pytest.raises(ServiceDefinitionError, match=f"idle_cost_percent is {percent}; give 0 to 1000"):
        Waiting(idle_cost_percent=percent)
