"""Where trips go: a race of places by attraction and driving time.

Each traveller goes to the place with the highest `log(attraction) - driving time / reach + Gumbel lot`, which
is a choice with probability proportional to `attraction * exp(-time / reach)`. The lots are keyed by
traveller and place: a place that is added or taken away changes only the trips that go, or went, there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.travel_times import DenseTravelTimes
from scenarios.city import OUTSIDE, CityMap
from scenarios.errors import ScenarioFileError
from scenarios.people_sections import HOMES
from scenarios.population import homes
from scenarios.streams import stable_number, uniforms
from scenarios.walking import pairwise_m, straight_m

NOWHERE = -1
"""Destination of a traveller for whom every place is within walking distance."""


@dataclass(frozen=True, eq=False, slots=True)
class Destinations:
    """Candidates of one purpose.

    Parameters
    ----------
    nodes
        int32, shape (p,). Node of each candidate; of a town its middle.
    keys
        int64, shape (p,). Identity of each candidate.
    log_weight
        float32, shape (p, n). Logarithm of attraction times decay from each node; -inf within walking
        distance.
    town
        int64, shape (p,). Town of a candidate that stands for homes, else -1.
    walkable_m
        Nobody asks for a ride to what lies nearer.
    """

    nodes: npt.NDArray[np.int32]
    keys: npt.NDArray[np.int64]
    log_weight: npt.NDArray[np.float32]
    town: npt.NDArray[np.int64]
    walkable_m: int


def build_destinations(
    city: CityMap,
    travel_times: DenseTravelTimes,
    attraction: dict[str, float],
    reach_s: int,
    walkable_m: int,
    where: str,
) -> Destinations:
    """Candidates inside the city by the attraction of their name or, failing that, of their kind.

    Raises
    ------
    ScenarioFileError
        When a key names neither a kind nor a place, or nothing is left; the message begins with `where`.
    """
    names = {p.name for p in city.places} | {p.kind for p in city.places} | {HOMES}
    for key in attraction:
        if key not in names:
            kinds = ", ".join(sorted({p.kind for p in city.places} | {HOMES}))
            raise ScenarioFileError(
                f"{where}: {key!r} is neither a kind of place nor a place; kinds are {kinds}"
            )
    candidates: list[tuple[int, float, str, int]] = []
    for place in city.places:
        weight = attraction.get(place.name, attraction.get(place.kind, 0.0))
        if weight > 0.0 and city.area_of_node[place.node] != OUTSIDE:
            candidates.append((place.node, weight, place.name, -1))
    if attraction.get(HOMES, 0.0) > 0.0:
        for index, host in enumerate(city.towns):
            if host.population > 0:
                candidates.append(
                    (host.node, attraction[HOMES] * host.population, f"{HOMES} {host.name}", index)
                )
    if not candidates:
        raise ScenarioFileError(
            f"{where}: no place of {city.network.title} draws anybody; raise an attraction above 0"
        )
    nodes = np.array([c[0] for c in candidates], dtype=np.int32)
    decay = travel_times.tables.to_s[nodes].astype(np.float32) / np.float32(reach_s)
    log_weight = np.log(np.array([c[1] for c in candidates], dtype=np.float32))[:, None] - decay
    town = np.array([c[3] for c in candidates], dtype=np.int64)
    everywhere = np.arange(city.network.node_count, dtype=np.int32)
    log_weight[straight_m(city.network, nodes, everywhere) < walkable_m] = -np.inf
    return Destinations(
        nodes=nodes,
        keys=np.array([stable_number(c[2], 30) for c in candidates], dtype=np.int64),
        log_weight=log_weight,
        town=town,
        walkable_m=walkable_m,
    )


def choose(
    city: CityMap,
    candidates: Destinations,
    seed: int,
    traveller: npt.NDArray[np.int64],
    origin: npt.NDArray[np.int32],
) -> npt.NDArray[np.int32]:
    """Node each traveller goes to from `origin`: int32, shape (k,).

    `NOWHERE` if every candidate is within walking distance.
    """
    if not len(traveller):
        return np.zeros(0, np.int32)
    best = np.full(len(traveller), -np.inf)
    winner = np.full(len(traveller), NOWHERE)
    for index, key in enumerate(candidates.keys):
        u = uniforms(seed, f"destination {key}", traveller)[:, 0]
        score = candidates.log_weight[index, origin] - np.log(-np.log(np.maximum(u, 2.0**-60)))
        better = score > best
        best[better], winner[better] = score[better], index
    node = np.where(winner >= 0, candidates.nodes[winner], NOWHERE).astype(np.int32)
    visits = np.flatnonzero((winner >= 0) & (candidates.town[winner] >= 0))
    if len(visits):
        u = uniforms(seed, "host", traveller[visits])[:, 0]
        hosts = homes(city, candidates.town[winner[visits]], u)
        is_near = pairwise_m(city.network, origin[visits], hosts) < candidates.walkable_m
        node[visits] = np.where(is_near, NOWHERE, hosts)
    return node
