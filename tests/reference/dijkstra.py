"""Slow and obvious shortest paths: plain lists, no heap, no sharing of work."""

from __future__ import annotations

import math

from routing.network import Network

Arc = tuple[int, int, int, int, int]
"""tail, head, milliseconds, metres, road class, in the order of the network."""


def arcs_of(network: Network) -> list[Arc]:
    """The arcs of a network as tuples of plain integers."""
    return [
        tuple(int(value) for value in row)  # type: ignore[misc]  # five columns give five values
        for row in zip(
            network.tail, network.head, network.travel_ms, network.length_m, network.road_class, strict=True
        )
    ]


def times_ms(network: Network, target: int) -> list[float]:
    """Milliseconds from every node to `target`, infinite where there is no way: relax all arcs until nothing
    changes."""
    arcs = arcs_of(network)
    time = [math.inf] * network.node_count
    time[target] = 0
    changed = True
    while changed:
        changed = False
        for tail, head, travel_ms, _, _ in arcs:
            if travel_ms + time[head] < time[tail]:
                time[tail] = travel_ms + time[head]
                changed = True
    return time


def rounded_s(milliseconds: float) -> int:
    """Seconds, halves up."""
    return math.floor(milliseconds / 1000 + 0.5)


def canonical_arcs(network: Network, origin: int, destination: int) -> list[Arc]:
    """Arcs of the canonical path: at every node the shortest way on, of several the lowest head, then the
    first arc."""
    time = times_ms(network, destination)
    node, taken = origin, []
    while node != destination:
        ways_on = [arc for arc in arcs_of(network) if arc[0] == node and arc[2] + time[arc[1]] == time[node]]
        best = min(ways_on, key=lambda arc: arc[1])
        taken.append(best)
        node = best[1]
    return taken


def driven(
    network: Network,
    origin: int,
    destination: int,
    depart_ms: int,
    until_ms: int,
    factors: list[list[float]],
    slot_s: int,
) -> tuple[int, int, int]:
    """Node, time and metres at the first node of the canonical path reached at or after `until_ms`."""
    node, time, metres = origin, depart_ms, 0
    for _, head, travel_ms, length_m, road_class in canonical_arcs(network, origin, destination):
        if time >= until_ms:
            break
        slot = min(max(time // (1000 * slot_s), 0), len(factors[0]) - 1)
        time += max(1, math.floor(travel_ms * factors[road_class][slot] + 0.5))
        metres += length_m
        node = head
    return node, time, metres


def planned(
    network: Network, origin: int, destination: int, depart_s: int, now_s: int
) -> tuple[int, int, int]:
    """Node, planned second and metres at the first node of the canonical path reached at or after `now_s`."""
    node, time_s, milliseconds, metres = origin, depart_s, 0, 0
    for _, head, travel_ms, length_m, _ in canonical_arcs(network, origin, destination):
        if time_s >= now_s:
            break
        milliseconds += travel_ms
        metres += length_m
        node, time_s = head, depart_s + rounded_s(milliseconds)
    return node, time_s, metres
