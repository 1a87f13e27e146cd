"""Simulated drivers, one vehicle at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from maas.dispatch import codec
from maas.dispatch.dispatcher import Dispatcher, Record
from maas.domain.values import ReportFault
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from simulation.drivers import Drivers
from simulation.engine import Engine
from simulation.riders import Riders
from simulation.roads import PlannedRoads
from tests.builders import line_network
from tests.support.services import random_day, service, vehicle


class Disturbed(Drivers):
    """Hears after every batch that the answer of rider 0 was refused; vehicle 0 is not meant."""

    def hear(self, records: Iterable[Record], now: int) -> None:
        refused = (codec.COMMAND_REJECTED, 0, int(ReportFault.OFFER_GONE))
        super().hear([*records, (now, (codec.ACCEPT_OFFER, 0, 1), (refused,))], now)


def test_a_driver_comes_to_stand_whatever_others_are_refused_meanwhile() -> None:
    # 0 - 1 - 2 - 3 - 4, 10 s and 100 m each. Leaves 0 at 1000 for the rider at 4, who gives up at 1015: it
    # stands at 2 at 1020.
    network = line_network()
    book = RoadBook(network, DenseTravelTimes.build(network))
    dispatcher = Dispatcher(service((vehicle("a", 0),)), book, network.node_id)
    columns = {
        "origin": 4, "pickup": 4, "destination": 0, "dropoff": 0, "booked_at_s": 1000, "wish_s": 1000,
        "walk_to_pickup_s": 0, "answer_s": 0, "cancels_at_s": 1015, "seats": 1, "wheelchairs": 0,
        "time_kind": 0,
    }  # fmt: skip
    day = random_day(network, 1, 1)
    arrays = {name: np.full(1, value, getattr(day, name).dtype) for name, value in columns.items()}
    riders = Riders(replace(day, **arrays))
    Engine(dispatcher, riders, Disturbed(dispatcher, PlannedRoads(book), riders, 120)).run()
    stood = [event[1:] for _, _, events in dispatcher.records for event in events
             if event[0] == codec.VEHICLE_STOOD]  # fmt: skip
    assert stood == [(0, 2, 200, 20)]
    assert dispatcher.records[-1][0] == 1020
