"""The fleet against Erlang C, whose answer is known.

A fleet is a queue of Erlang where every trip begins at one place, vehicles come back to it, and nobody
shares: a line of nodes whose far ends lie at exponential distances from the first. The vehicles of that line
are driven by the dispatcher and the engine of every other day; nothing is written for the purpose but the
riders and the road.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from maas.dispatch import codec
from maas.domain.planning_rules import InsertionWeights
from maas.service_definition import (
    BookingRules,
    CapacityRow,
    CostRates,
    Fares,
    FareStep,
    ServiceDefinition,
    Vehicle,
    VehicleType,
)
from routing.network import Network, RoadClass, build_network
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from scenarios.demand_day import DemandDay, plain_day
from scenarios.prepared import PreparedScenario, RecordedDemand
from scenarios.streams import uniforms
from simulation.comparison import Estimate, estimate
from simulation.erlang import erlang_c
from simulation.run import roads_of, simulate

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TRIP_S: Final = 300.0
"""Mean drive from the first place of the line to where riders go; a vehicle is away for twice as long."""
PLACES: Final = 200
FLEET_LOADS: Final = ((1, 0.4), (2, 1.2), (3, 2.1), (5, 3.5), (8, 6.0))
"""Vehicles and erlangs: 40, 60, 70, 70 and 75 % of the vehicles' time is taken."""

_AT_ONCE_16: Final = 16 * 10_000
"""Weight of a wait so large that the vehicle that is there first takes the rider, wherever it comes from."""
_AS_LONG_AS_IT_TAKES_S: Final = 86_400
_DATE: Final = "2026-11-24"
_SETTLED: Final = 200
"""Riders of a day who come before it is like any other hour; they are not counted."""


@dataclass(frozen=True, slots=True)
class QueueCheck:
    """A figure of a stationary queue: by its formula, and as simulated over independent days.

    Parameters
    ----------
    servers, load
        Vehicles (or operators), and erlangs.
    figure
        `wait_mean_s`, `waits` (share who wait) or `abandons` (share who hang up).
    formula
        What theory says.
    found
        Mean and 95 % interval over the days.
    p, p_holm
        Of Student's t-test over the days that they agree; the second after Holm over all checks of its kind.
    """

    servers: int
    load: float
    figure: str
    formula: float
    found: Estimate
    p: float
    p_holm: float

    @property
    def holds(self) -> bool:
        """Whether theory and simulation do not differ for sure, with 5 % of false alarms over all."""
        return self.p_holm >= 0.05


@dataclass(frozen=True, slots=True)
class FleetChecks:
    """The fleet as a queue.

    Parameters
    ----------
    checks
        Against Erlang C.
    riders, strangers
        Riders for whom vehicles were driven, and those whose wait differs by a second or more from that of a
        queue in order of arrival (Kiefer and Wolfowitz), which the same requests were put through.
    """

    checks: tuple[QueueCheck, ...]
    riders: int
    strangers: int


def fleet_checks(
    days: int = 60,
    driven_days: int = 6,
    requests: int = 1500,
    loads: Sequence[tuple[int, float]] = FLEET_LOADS,
    progress: Callable[[int, int], None] | None = None,
) -> FleetChecks:
    """The simulated fleet against Erlang C: mean wait and share of riders who wait, each load.

    Riders of every day go through a queue in order of arrival; on the first days vehicles are driven for them
    as well, and their waits have to be those of the queue to the second.

    Parameters
    ----------
    days, driven_days, requests
        Independent days a load, how many of them are driven, and requests of each day.
    progress
        Called with loads done and loads to do.
    """
    network = exponential_line(PLACES, TRIP_S)
    travel_times = DenseTravelTimes.build(network)
    trips_s = travel_times.matrix([0], range(1, network.node_count))[0].astype(np.int64)
    away_s = 2 * float(trips_s.mean())
    found = []
    strangers = 0
    for done, (vehicles, load) in enumerate(loads):
        formula = erlang_c(vehicles, away_s / load, away_s)
        waits = np.empty((days, 2))
        for day in range(days):
            asked_s, trip, wait_s = _queue_day(day + 1, vehicles, load, trips_s, requests)
            if day < driven_days:
                driven = _driven_waits(network, travel_times, vehicles, asked_s, 1 + trip)
                strangers += int((driven != wait_s).sum())
                wait_s = driven
            settled = wait_s[_SETTLED:]
            waits[day] = settled.mean(), (settled > 0).mean()
        found.append((vehicles, load, "wait_mean_s", formula.wait_mean_s, waits[:, 0]))
        found.append((vehicles, load, "waits", formula.waits, waits[:, 1]))
        if progress is not None:
            progress(done + 1, len(loads))
    return FleetChecks(tuple(_checked(found)), driven_days * requests * len(loads), strangers)


def exponential_line(places: int, mean_s: float) -> Network:
    """A two-way line: drives from node 0 to the others are the mean values of an exponential distribution
    over `places` ranges of equal probability, so that a node drawn at random lies at an exponential distance
    of mean `mean_s`."""
    edge = -np.log1p(-np.arange(places) / places)
    # Integral of x exp(-x) is -(x + 1) exp(-x); the last range is open.
    tail = np.append((edge + 1) * np.exp(-edge), 0.0)
    at_s = np.rint((tail[:-1] - tail[1:]) * places * mean_s).astype(np.int64)
    # Whole seconds, so that nothing is rounded where a vehicle turns; a trip of no length could be slipped in
    # before any other.
    gap_ms = 1000 * np.maximum(np.diff(np.append(0, at_s)), 1)
    near, far = np.arange(places), np.arange(1, places + 1)
    return build_network(
        tail=np.append(near, far),
        head=np.append(far, near),
        travel_ms=np.tile(gap_ms, 2),
        length_m=np.tile(np.maximum(gap_ms // 100, 1), 2),
        road_class=np.full(2 * places, int(RoadClass.UNCLASSIFIED)),
        lon=np.append(0.0, np.cumsum(gap_ms) / 100),
        lat=np.zeros(places + 1),
        title=f"line of {places} places at exponential distances",
        is_planar=True,
    )


def _checked(found: Sequence[tuple[int, float, str, float, Floats]]) -> list[QueueCheck]:
    """Tests of all figures, held to one level together."""
    from scipy import stats

    from simulation.study_comparison import holm

    p_values = [float(stats.ttest_1samp(days, formula).pvalue) for _, _, _, formula, days in found]
    return [
        QueueCheck(servers, load, figure, formula, estimate(days.tolist()), p, p_holm)
        for (servers, load, figure, formula, days), p, p_holm in zip(
            found, p_values, holm(p_values), strict=True
        )
    ]


def _queue_day(
    seed: int, servers: int, load: float, trips_s: Ints, requests: int
) -> tuple[Ints, npt.NDArray[np.intp], Ints]:
    """Poisson requests of a day: when they are asked, to which of the trips, and how long each waits."""
    drawn = uniforms(seed, f"validation fleet {servers} {load}", np.arange(requests), 2)
    between_s = 2 * float(trips_s.mean()) / load
    asked_s = np.cumsum(-np.log1p(-drawn[:, 0]) * between_s).astype(np.int64)
    trip = (drawn[:, 1] * len(trips_s)).astype(np.intp)
    return asked_s, trip, first_come_first_served(asked_s, 2 * trips_s[trip], servers)


def _driven_waits(
    network: Network, travel_times: DenseTravelTimes, vehicles: int, asked_s: Ints, goal: Ints
) -> Ints:
    """Waits of the riders of a day as the engine has them driven, -1 for who was not."""
    last_s = 2 * int(asked_s[-1]) + _AS_LONG_AS_IT_TAKES_S
    prepared = _line_service(network, travel_times, vehicles, last_s)
    dispatcher, _ = simulate(prepared, _line_day(asked_s, goal), roads_of(prepared, 0))
    wait_s = np.full(len(asked_s), -1, np.int64)
    for _, _, events in dispatcher.records:
        for event in events:
            if event[0] == codec.RIDER_BOARDED:
                wait_s[event[1]] = event[3] - asked_s[event[1]]
    return wait_s


def first_come_first_served(asked_s: Ints, away_s: Ints, servers: int) -> Ints:
    """int64, shape (n,). Wait of each of n riders who are taken in the order in which they ask, each by the
    server that is free first, for `away_s` seconds.

    Notes
    -----
    Recursion of Kiefer and Wolfowitz (1955).
    """
    free_s = [0] * servers
    wait_s = np.zeros(len(asked_s), np.int64)
    for rider, (asked, away) in enumerate(zip(asked_s.tolist(), away_s.tolist(), strict=True)):
        begins = max(heapq.heappop(free_s), asked)
        wait_s[rider] = begins - asked
        heapq.heappush(free_s, begins + away)
    return wait_s


def _line_service(
    network: Network, travel_times: DenseTravelTimes, vehicles: int, last_s: int
) -> PreparedScenario:
    """Vehicles of one seat that wait at node 0, come back to it, and refuse nobody."""
    home = int(network.node_id[0])
    service = ServiceDefinition(
        name="line",
        policy="insertion",
        rules=BookingRules(
            advance_max_s=0,
            notice_min_s=0,
            max_wait_s=_AS_LONG_AS_IT_TAKES_S,
            detour_alpha_percent=100,
            detour_beta_s=_AS_LONG_AS_IT_TAKES_S,
            promise_before_s=_AS_LONG_AS_IT_TAKES_S,
            promise_after_s=1,  # who came first stays first
            stop_s=0,
            wheelchair_stop_s=0,
        ),
        vehicle_types=(VehicleType("one seat", (CapacityRow(1, 1, 1),), 0),),
        vehicles=tuple(
            Vehicle(f"van-{number + 1}", "one seat", home, 0, last_s) for number in range(vehicles)
        ),
        fares=Fares((FareStep(0, 0),)),
        costs=CostRates(0, 0, 0),
        weights=InsertionWeights(wait_16=_AT_ONCE_16, ride_16=0),
    )
    return PreparedScenario(
        name="line",
        title_en=network.title,
        title_ja=network.title,
        scenario_hash="",
        network=network,
        travel_times=travel_times,
        service=service,
        roads=RoadBook(network, travel_times),
        road_changes=(),
        traffic=None,
        demand=RecordedDemand(_line_day(np.zeros(0, np.int64), np.zeros(0, np.int64))),
        horizon=(0, last_s),
        date=_DATE,
        areas=("line",),
    )


def _line_day(asked_s: Ints, goal: Ints) -> DemandDay:
    """Riders who all start at node 0, each known at the second of her request."""
    start = np.zeros(len(asked_s), np.int64)
    return plain_day(np.arange(len(asked_s)), asked_s, start, goal)
