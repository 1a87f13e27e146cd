"""Tiny networks with names, and a random one: planar, with node ids that differ from node indices."""

from __future__ import annotations

import numpy as np

from routing.network import Network, RoadClass, build_network

FIRST_ID = 1000
"""Node i of every network built here has the id 1000 + i, so that an index taken for an identity is found
out."""


def network_of(
    arcs: list[tuple[int, int, int]],
    *,
    places: list[tuple[float, float]] | None = None,
    metres: list[int] | None = None,
    road_class: list[int] | None = None,
    title: str = "test network",
) -> Network:
    """Network of one-way arcs (tail, head, milliseconds).

    `places` are (x, y) in metres, by default 100 m apart on a line; `metres` by default one for every 100 ms.
    """
    nodes = 1 + max(max(tail, head) for tail, head, _ in arcs) if places is None else len(places)
    places = [(100.0 * node, 0.0) for node in range(nodes)] if places is None else places
    return build_network(
        tail=[arc[0] for arc in arcs],
        head=[arc[1] for arc in arcs],
        travel_ms=[arc[2] for arc in arcs],
        length_m=[arc[2] // 100 for arc in arcs] if metres is None else metres,
        road_class=[RoadClass.RESIDENTIAL] * len(arcs) if road_class is None else road_class,
        lon=[place[0] for place in places],
        lat=[place[1] for place in places],
        node_id=[FIRST_ID + node for node in range(nodes)],
        title=title,
        is_planar=True,
    )


def line_network(nodes: int = 5, seconds: int = 10, metres: int = 100) -> Network:
    """0 - 1 - 2 - 3 - 4 along the x axis, two-way, 10 s and 100 m between neighbours."""
    pairs = [(node, node + 1) for node in range(nodes - 1)]
    both_ways = pairs + [(head, tail) for tail, head in pairs]
    return network_of(
        [(tail, head, 1000 * seconds) for tail, head in both_ways],
        places=[(float(metres * node), 0.0) for node in range(nodes)],
        metres=[metres] * len(both_ways),
        title=f"line of {nodes}",
    )


def grid_network(columns: int = 4, rows: int = 3, seconds: int = 30, metres: int = 250) -> Network:
    """Two-way streets; node `row * columns + column` lies at x = column, y = row, 30 s and 250 m between
    neighbours."""
    pairs = [
        (row * columns + column, row * columns + column + step)
        for row in range(rows)
        for column in range(columns)
        for step, is_inside in ((1, column + 1 < columns), (columns, row + 1 < rows))
        if is_inside
    ]
    both_ways = pairs + [(head, tail) for tail, head in pairs]
    return network_of(
        [(tail, head, 1000 * seconds) for tail, head in both_ways],
        places=[
            (float(metres * column), float(metres * row)) for row in range(rows) for column in range(columns)
        ],
        metres=[metres] * len(both_ways),
        title=f"grid of {columns} x {rows}",
    )


def one_way_ring(nodes: int = 5, seconds: int = 10) -> Network:
    """0 -> 1 -> 2 -> 3 -> 4 -> 0, 10 s each: the way back is long."""
    return network_of(
        [(node, (node + 1) % nodes, 1000 * seconds) for node in range(nodes)], title=f"ring of {nodes}"
    )


def random_network(seed: int, nodes: int = 12, extra_arcs: int = 24) -> Network:
    """Strongly connected: a one-way ring through all nodes in random order, and random arcs with few distinct
    times.

    Few distinct times make many ties; halves of seconds make the rounding count; parallel arcs occur.
    """
    generator = np.random.default_rng(seed)
    order = generator.permutation(nodes)
    tail = np.concatenate((order, generator.integers(0, nodes, extra_arcs)))
    head = np.concatenate((np.roll(order, -1), generator.integers(0, nodes, extra_arcs)))
    kept = tail != head
    count = int(kept.sum())
    travel_ms = generator.choice([1, 499, 500, 1000, 1500, 2000], count)
    return build_network(
        tail=tail[kept],
        head=head[kept],
        travel_ms=travel_ms,
        length_m=generator.integers(0, 500, count),
        road_class=generator.integers(0, len(RoadClass), count),
        lat=generator.uniform(0.0, 1000.0, nodes),
        lon=generator.uniform(0.0, 1000.0, nodes),
        node_id=generator.permutation(nodes) + FIRST_ID,
        title=f"random network {seed}",
        is_planar=True,
    )
