"""From doors to stops on foot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from routing.geometry import distance_m
from routing.network import Network
from scenarios.demand_day import ARRIVE_BY, DemandDay


@dataclass(frozen=True, slots=True)
class Walking:
    """How riders walk.

    Parameters
    ----------
    limit_m, speed_kph
        Longest walk and speed by age band.
    detour
        Walking distance over straight line.
    """

    limit_m: tuple[float, float, float, float]
    speed_kph: tuple[float, float, float, float]
    detour: float


def straight_m(
    network: Network, nodes: npt.NDArray[np.int32], others: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """Straight metres between two sets of nodes, float64, shape (nodes, others)."""
    lat, lon = network.lat, network.lon
    if network.is_planar:
        return np.asarray(np.hypot(lat[nodes, None] - lat[others], lon[nodes, None] - lon[others]))
    return distance_m(lat[nodes, None], lon[nodes, None], lat[others], lon[others])


def pairwise_m(
    network: Network, nodes: npt.NDArray[np.int32], others: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """Straight metres from each node to the other of the same row, float64, shape (nodes,)."""
    lat, lon = network.lat, network.lon
    if network.is_planar:
        return np.asarray(np.hypot(lat[nodes] - lat[others], lon[nodes] - lon[others]))
    return distance_m(lat[nodes], lon[nodes], lat[others], lon[others])


def at_stops(day: DemandDay, network: Network, stops: npt.NDArray[np.int32], walking: Walking) -> DemandDay:
    """The same requests, met at stops: pickup, drop-off, walks and wishes change, doors and bookings do not.

    Each rider walks to the stop nearest to the door, and from the stop nearest to the destination. Where both
    doors have the same nearest stop, the ride ends at the nearest of the other stops. A rider with no stop
    within the walking limit walks to the nearest all the same and is marked. Wheelchair users are met at the
    door. A departure is wished for when the stop is reached, an arrival so much earlier as the walk from the
    stop takes.

    Parameters
    ----------
    stops
        int32, sorted nodes of at least two stops.
    """
    on_foot = np.flatnonzero(day.wheelchairs == 0)
    pickup, dropoff = day.origin.copy(), day.destination.copy()
    to_m, from_m = np.zeros(len(day)), np.zeros(len(day))
    if len(on_foot):
        pickup[on_foot], to_m[on_foot] = _nearest(network, stops, day.origin[on_foot], None)
        dropoff[on_foot], from_m[on_foot] = _nearest(
            network, stops, day.destination[on_foot], pickup[on_foot]
        )
    to_m, from_m = to_m * walking.detour, from_m * walking.detour
    metres_per_s = np.array(walking.speed_kph)[day.age_band] / 3.6
    to_s, from_s = (np.floor(m / metres_per_s + 0.5).astype(np.int32) for m in (to_m, from_m))
    return replace(
        day,
        pickup=pickup,
        dropoff=dropoff,
        walk_to_pickup_s=to_s,
        walk_from_dropoff_s=from_s,
        wish_s=day.wish_s + np.where(day.time_kind == ARRIVE_BY, -from_s, to_s).astype(np.int32),
        walks_too_far=np.maximum(to_m, from_m) > np.array(walking.limit_m)[day.age_band],
    )


def _nearest(
    network: Network,
    stops: npt.NDArray[np.int32],
    doors: npt.NDArray[np.int32],
    taken: npt.NDArray[np.int32] | None,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """Nearest stop to each door other than the one taken, and straight metres to it."""
    metres = straight_m(network, doors, stops)
    if taken is not None:
        metres[stops[None, :] == taken[:, None]] = np.inf
    nearest = metres.argmin(axis=1)
    return stops[nearest], metres[np.arange(len(doors)), nearest]
