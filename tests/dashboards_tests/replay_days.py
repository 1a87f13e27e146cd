"""Hand-made days over the line of `tests.store_tests.journals`, ready to be replayed."""

from __future__ import annotations

from dataclasses import replace

from dashboards.map_sheet import Plane
from dashboards.replay_map.day import ReplayDay
from maas.store.journal import Journal
from routing.network import Network
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from tests.builders import line_network
from tests.store_tests.journals import Day

LINE = line_network(5, seconds=100, metres=1000)
"""0 - 1 - 2 - 3 - 4, 1,000 m and 100 s apart: the roads of the hand-made journals."""


def over_line(day: Day, network: Network = LINE) -> Journal:
    """The journal of a day, with the hash of its roads."""
    day.header = replace(day.header, network_hash=network.hash)
    return day.journal()


def book_of(network: Network) -> RoadBook:
    """Planned times all day."""
    return RoadBook(network, DenseTravelTimes.build(network))


def replay_day(day: Day, network: Network = LINE) -> ReplayDay:
    """A day ready to be drawn; metres east of node 0."""
    return ReplayDay.of(over_line(day, network), book_of(network), Plane.of(network))
