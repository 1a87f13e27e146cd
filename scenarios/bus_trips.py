"""Trips by the bus lines that exist, from door to door, for people who could take something else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.network import Network
from scenarios.bus_lines import BusLine, BusLines
from scenarios.walking import straight_m

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class BusTrips:
    """The best way by bus of each trip, in columns of shape (n,), float64.

    Parameters
    ----------
    wait_s, walk_s, ride_s
        Half the headway, walking at both ends, riding; infinite where no line is of use.
    fare_yen
        Of the ride; 0 where no line is of use.
    """

    wait_s: Floats
    walk_s: Floats
    ride_s: Floats
    fare_yen: Floats


def bus_trips(
    network: Network,
    lines: BusLines | None,
    origin: Int32s,
    destination: Int32s,
    *,
    metres_per_s: Floats,
    detour: float,
) -> BusTrips:
    """The line and the stops with the shortest time from door to door, the wait included.

    Parameters
    ----------
    lines
        None = there are none.
    origin, destination
        int32, shape (n,). Nodes of the doors.
    metres_per_s
        float64, shape (n,). Walking speeds.
    detour
        Walking distance over straight line.

    Notes
    -----
    The fare of a part of a line is taken in proportion to its riding time, up to the next 10 yen. Nobody
    changes between lines.
    """
    nowhere = np.full(len(origin), np.inf)
    best = BusTrips(nowhere, nowhere, nowhere, np.zeros(len(origin)))
    if lines is None or not len(origin):
        return best
    for line in lines.lines:
        found = _by_line(network, line, lines.longest_walk_m, origin, destination, metres_per_s, detour)
        is_better = found.wait_s + found.walk_s + found.ride_s < best.wait_s + best.walk_s + best.ride_s
        best = BusTrips(
            wait_s=np.where(is_better, found.wait_s, best.wait_s),
            walk_s=np.where(is_better, found.walk_s, best.walk_s),
            ride_s=np.where(is_better, found.ride_s, best.ride_s),
            fare_yen=np.where(is_better, found.fare_yen, best.fare_yen),
        )
    return best


def _by_line(
    network: Network,
    line: BusLine,
    longest_walk_m: float,
    origin: Int32s,
    destination: Int32s,
    metres_per_s: Floats,
    detour: float,
) -> BusTrips:
    """The best pair of stops of one line for each trip."""
    to_m = straight_m(network, origin, line.stops) * detour
    from_m = straight_m(network, destination, line.stops) * detour
    walk_s = [np.where(m <= longest_walk_m, m / metres_per_s[:, None], np.inf) for m in (to_m, from_m)]
    ride_s = np.abs(line.ride_s[:, None] - line.ride_s)
    np.fill_diagonal(ride_s, np.inf)
    moving_s = walk_s[0][:, :, None] + ride_s + walk_s[1][:, None, :]
    pair = moving_s.reshape(len(origin), -1).argmin(axis=1)
    board, alight = np.divmod(pair, len(line.stops))
    row = np.arange(len(origin))
    is_open = np.isfinite(moving_s[row, board, alight])
    ride = np.where(is_open, ride_s[board, alight], np.inf)
    part = np.where(is_open, ride_s[board, alight], 0.0) / float(line.ride_s.max())
    return BusTrips(
        wait_s=np.where(is_open, line.headway_s / 2, np.inf),
        walk_s=np.where(is_open, walk_s[0][row, board] + walk_s[1][row, alight], np.inf),
        ride_s=ride,
        fare_yen=np.ceil(part * line.fare_yen / 10) * 10,
    )
