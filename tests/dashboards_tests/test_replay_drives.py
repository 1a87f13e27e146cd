"""The ways of vehicles on the map are those of the journal."""

from __future__ import annotations

import numpy as np
import pytest

from dashboards.errors import ReplayError
from dashboards.replay_map.drives import Drive, drives_of
from maas.domain.commands import Wake
from maas.domain.events import RouteChanged
from routing.network import Network
from simulation.study_outcome import StudyOutcome
from tests.builders import line_network
from tests.dashboards_tests.replay_days import LINE, book_of, over_line
from tests.store_tests.journals import EIGHT, Day, morning


def nodes_along(network: Network, drive: Drive) -> list[int]:
    """Nodes passed, both ends included."""
    return [drive.from_node, *network.head[drive.arcs].tolist()]


def test_a_drive_follows_the_roads_and_arrives_when_the_journal_says() -> None:
    drives = drives_of(over_line(morning()), book_of(LINE))
    # van-1: 0 - 1 - 2 - 3; taxi-1: 4 - 3 - 2 and back.
    assert [nodes_along(LINE, drive) for drive in drives] == [[0, 1], [1, 2], [2, 3], [4, 3, 2], [2, 3, 4]]
    assert [drive.arrive_s - EIGHT for drive in drives] == [60, 220, 380, 600, 980]
    assert [drive.depart_s - EIGHT for drive in drives] == [0, 120, 280, 400, 780]
    assert all(drive.is_certain for drive in drives)


def test_time_passes_as_planned_stretched_to_the_real_arrival() -> None:
    drives = drives_of(over_line(morning()), book_of(LINE))
    # 0 - 1 is planned to take 100 s and took 60 s; 4 - 3 - 2 took the 200 s planned, 100 s an arc.
    assert drives[0].until_ds.tolist() == [600]
    assert drives[3].until_ds.tolist() == [1000, 2000]


def turned_at_three(told_s: int = EIGHT + 250) -> Day:
    """A van on its way from 0 to 4 is sent back to 1 when it comes to 3: 3,000 m + 2,000 m."""
    day = Day()
    day.hear(told_s, Wake(), RouteChanged(0, 2, 3, EIGHT + 300))
    return day.arrive(EIGHT + 500, 0, 1, 5_000, 500)


def test_a_vehicle_that_was_turned_on_its_way_passes_the_node_of_its_new_route() -> None:
    (drive,) = drives_of(over_line(turned_at_three()), book_of(LINE))
    assert nodes_along(LINE, drive) == [0, 1, 2, 3, 2, 1]
    assert drive.until_ds.tolist() == [1000, 2000, 3000, 4000, 5000]
    assert drive.is_certain


def test_a_vehicle_that_turned_before_or_after_the_node_believed_is_found() -> None:
    for metres, way in ((3_000, [0, 1, 2, 1]), (7_000, [0, 1, 2, 3, 4, 3, 2, 1])):
        day = Day().hear(EIGHT + 250, Wake(), RouteChanged(0, 2, 3, EIGHT + 300))
        day.arrive(EIGHT + 700, 0, 1, metres, metres // 10)
        (drive,) = drives_of(over_line(day), book_of(LINE))
        assert nodes_along(LINE, drive) == way
        assert drive.is_certain


def test_a_route_changed_without_a_turn_leaves_the_way_as_it_is() -> None:
    day = Day()
    day.hear(EIGHT + 150, Wake(), RouteChanged(0, 2, 2, EIGHT + 200))
    day.arrive(EIGHT + 400, 0, 4, 4_000, 400)
    (drive,) = drives_of(over_line(day), book_of(LINE))
    assert nodes_along(LINE, drive) == [0, 1, 2, 3, 4]


def test_a_way_of_another_length_than_the_journals_is_not_called_certain() -> None:
    day = Day().arrive(EIGHT + 100, 0, 1, 1_700, 100)
    (drive,) = drives_of(over_line(day), book_of(LINE))
    assert nodes_along(LINE, drive) == [0, 1]
    assert not drive.is_certain


def test_a_place_that_the_network_does_not_have_is_refused() -> None:
    shorter = line_network(4, seconds=100, metres=1000)
    with pytest.raises(ReplayError, match="the journal names place 1004, which line of 4 does not have"):
        drives_of(over_line(morning(), shorter), book_of(shorter))


def test_every_drive_of_a_simulated_day_is_as_long_as_its_journal_says(wagons: StudyOutcome) -> None:
    for case in wagons.cases:
        network = Network.load(wagons.network_file(case.name))
        drives = drives_of(wagons.journal(case.name), book_of(network))
        legs = wagons.legs(case.name)
        legs = legs[legs["seed"] == wagons.seeds[0]]
        assert len(drives) == len(legs) > 10
        assert [drive.arrive_s for drive in drives] == legs["arrive_s"].tolist()
        metres = [int(network.length_m[drive.arcs].sum()) for drive in drives]
        assert metres == legs["leg_m"].tolist()
        for drive in drives:
            assert np.all(np.diff(drive.until_ds) >= 0)
            assert drive.until_ds[-1] == 10 * (drive.arrive_s - drive.depart_s)
