"""Splitting against a search over (last arc, arcs remembered) that knows nothing of split nodes."""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import OsmFileError
from routing.network import Network, RoadClass
from routing.osm_import import import_osm_file
from routing.osm_node_ids import COPY_STRIDE, copy_id, is_split, place_of
from routing.osm_roads import RoadArc
from routing.osm_turns import SplitCounts, Turn, TurnGraph, split_places, turn_graph
from tests.builders import network_of
from tests.routing_tests.osm_xml import extract


def road(tail: int, head: int, way: int = 1) -> RoadArc:
    return RoadArc(tail, head, (), 36.0, RoadClass.RESIDENTIAL, "", "", way)


def graph_of(streets: Sequence[tuple[int, int, int]]) -> TurnGraph:
    """Two-way streets (a, b, ms)."""
    arcs = [road(*ends) for a, b, _ in streets for ends in ((a, b), (b, a))]
    return turn_graph(arcs, [ms for _, _, ms in streets for _ in range(2)])


def arc_of(graph: TurnGraph, tail: int, head: int) -> int:
    return next(k for k, arc in enumerate(graph.arcs) if (arc.tail_id, arc.head_id) == (tail, head))


def turn(graph: TurnGraph, *nodes: int) -> Turn:
    return tuple(arc_of(graph, a, b) for a, b in pairwise(nodes))


def legal_ms(graph: TurnGraph, forbidden: set[Turn], start: int, goal: int) -> int | None:
    """Shortest way by the rules themselves: no forbidden sequence, U-turns where nothing else is open."""
    longest = max((len(one) for one in forbidden), default=1)

    def is_allowed(driven: Turn) -> bool:
        return not any(driven[k:] in forbidden for k in range(len(driven)))

    heap: list[tuple[int, int, Turn]] = [(0, start, ())]
    done: set[tuple[int, Turn]] = set()
    while heap:
        at_ms, node, driven = heapq.heappop(heap)
        if node == goal:
            return at_ms
        if (node, driven) in done:
            continue
        done.add((node, driven))
        onward = [arc for arc in graph.out.get(node, ()) if is_allowed((*driven, arc))]
        back = graph.reverse.get(driven[-1]) if driven else None
        others = [arc for arc in onward if arc != back]
        for arc in others or onward:
            heapq.heappush(
                heap,
                (
                    at_ms + graph.travel_ms[arc],
                    graph.arcs[arc].head_id,
                    (*driven, arc)[-max(longest - 1, 1) :],
                ),
            )
    return None


def split_ms(graph: TurnGraph, arcs: Sequence[RoadArc], start: int, goal: int) -> int | None:
    """Shortest way in the split graph, where every arc goes."""
    ms = {
        (arc.way_id, arc.inner, arc.tail_id, arc.head_id): graph.travel_ms[k]
        for k, arc in enumerate(graph.arcs)
    }
    out: dict[int, list[tuple[int, int]]] = {}
    for arc in arcs:
        tail, head = (place_of(np.array([node])).item() for node in (arc.tail_id, arc.head_id))
        out.setdefault(arc.tail_id, []).append((arc.head_id, ms[arc.way_id, arc.inner, tail, head]))
    heap, done = [(0, start)], set()
    while heap:
        at_ms, node = heapq.heappop(heap)
        if node == goal:
            return at_ms
        if node not in done:
            done.add(node)
            for head, arc_ms in out.get(node, ()):
                heapq.heappush(heap, (at_ms + arc_ms, head))
    return None


CROSS = [(1, 5, 10), (5, 2, 10), (3, 5, 10), (5, 4, 10), (2, 4, 50)]
"""A crossing 5 with the arms 1, 2 (straight on), 3, 4; 2 and 4 are joined behind it."""


def test_without_forbidden_turns_nothing_is_split() -> None:
    graph = graph_of(CROSS)
    arcs, copies, counts = split_places(graph, set())
    assert (tuple(arcs), copies, counts) == (graph.arcs, {}, SplitCounts())


def test_one_forbidden_turn_costs_one_node() -> None:
    graph = graph_of(CROSS)
    # 1 -> 5 -> 4 is forbidden. Round by 2: 10 + 10 + 50 = 70; turning back at 2: 10 + 10 + 10 + 10 = 40.
    forbidden = {turn(graph, 1, 5, 4)}
    arcs, copies, counts = split_places(graph, forbidden)
    # 3 is a dead end, where one may turn round: 1, 5, 3, 5, 4 takes 40 as well, so both copies of 5 remain,
    # and turning round at 2 wins nothing.
    assert copies == {copy_id(5, 1): 5}
    assert split_ms(graph, arcs, 1, 4) == legal_ms(graph, forbidden, 1, 4) == 40
    assert counts == SplitCounts(u_turns_forbidden=0)


def test_turning_round_behind_the_crossing_does_not_evade_the_restriction() -> None:
    # As above with the arms 1 and 3 joined behind too, so that there is no dead end.
    graph = graph_of([*CROSS, (1, 3, 50)])
    forbidden = {turn(graph, 1, 5, 4)}
    arcs, copies, counts = split_places(graph, forbidden)
    # by 2: 10 + 10 + 50 = 70; by 3 from behind: 50 + 10 + 10 = 70
    assert split_ms(graph, arcs, 1, 4) == legal_ms(graph, forbidden, 1, 4) == 70
    # Turning round at 2 and at 3 is taken away: a copy of each for those who come that way.
    assert set(copies.values()) == {2, 3, 5}
    assert counts == SplitCounts(u_turns_forbidden=2)


def test_the_search_for_u_turns_may_be_limited_and_says_what_is_left() -> None:
    graph = graph_of([*CROSS, (1, 3, 50)])
    arcs, copies, counts = split_places(graph, {turn(graph, 1, 5, 4)}, most_rounds=0)
    assert split_ms(graph, arcs, 1, 4) == 40
    assert set(copies.values()) == {5}
    assert counts == SplitCounts(u_turns_forbidden=0, u_turns_left=2)


def test_arrivals_with_the_same_rule_share_a_copy() -> None:
    graph = graph_of(CROSS)
    _, copies, _ = split_places(graph, {turn(graph, 1, 5, 4), turn(graph, 3, 5, 4)})
    # Of 5 one node for those from 1 and 3, one for those from 2 and 4; of 2 one that must not turn round.
    assert copies == {copy_id(5, 1): 5, copy_id(2, 1): 2}


def test_a_crossing_with_one_rule_for_every_arrival_is_not_split() -> None:
    graph = graph_of(CROSS)
    _, copies, _ = split_places(graph, {turn(graph, a, 5, 4) for a in (1, 2, 3, 4)})
    assert copies == {}


def test_ids_of_copies_can_be_read_back() -> None:
    ids = np.array([7, copy_id(7, 1), copy_id(7, 3), -7, copy_id(-7, 2)])
    assert ids.tolist() == [7, 7 + COPY_STRIDE, 7 + 3 * COPY_STRIDE, -7, -7 - 2 * COPY_STRIDE]
    assert place_of(ids).tolist() == [7, 7, 7, -7, -7]


def test_large_ids_of_other_sources_are_no_copies() -> None:
    places = [(0.0, 0.0), (0.0, 100.0), (0.0, 0.0)]
    arcs = [(a, b, 1_000) for a in range(3) for b in range(3) if a != b]
    network = network_of(arcs, places=places)
    apart = dataclasses.replace(network, node_id=np.array([7, copy_id(7, 1), 8]))
    assert is_split(apart).tolist() == [False, False, False]
    together = dataclasses.replace(network, node_id=np.array([7, 8, copy_id(7, 1)]))
    assert is_split(together).tolist() == [True, False, True]


def test_ids_too_large_for_copies_are_refused() -> None:
    far = COPY_STRIDE + 1
    graph = graph_of([(1, 5, 10), (5, 2, 10), (3, 5, 10), (5, far, 10), (2, far, 50)])
    with pytest.raises(OsmFileError, match=f"node {far} leaves no room for the ids of split crossings"):
        split_places(graph, {turn(graph, 1, 5, far)})


@st.composite
def towns(draw: st.DrawFn) -> tuple[TurnGraph, set[Turn]]:
    """A connected town of 4 to 9 nodes, some streets one-way, with forbidden sequences of 2 or 3 arcs."""
    count = draw(st.integers(4, 9))
    arcs: dict[tuple[int, int], int] = {}
    for node in range(1, count):
        ms = draw(st.integers(1, 30))
        other = draw(st.integers(0, node - 1))
        arcs[node, other] = arcs[other, node] = ms
    for _ in range(draw(st.integers(1, 8))):
        a, b = draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))
        if a != b and (a, b) not in arcs and (b, a) not in arcs:
            ms = draw(st.integers(1, 30))
            arcs[a, b] = ms
            if draw(st.booleans()):
                arcs[b, a] = ms
    graph = turn_graph([road(a + 1, b + 1) for a, b in arcs], list(arcs.values()))
    forbidden: set[Turn] = set()
    for _ in range(draw(st.integers(1, 5))):
        driven: Turn = (draw(st.integers(0, len(graph.arcs) - 1)),)
        for _ in range(draw(st.integers(1, 2))):
            onward = [arc for arc in graph.follows(driven[-1]) if arc != graph.reverse.get(driven[-1])]
            if onward:
                driven = (*driven, draw(st.sampled_from(onward)))
        if len(driven) > 1 and draw(st.booleans()):
            forbidden.add(driven)  # no_*
        elif len(driven) > 1 and not any(turn[:-1] == driven[:-1] for turn in forbidden):
            others = set(graph.follows(driven[-2])) - {driven[-1]}
            forbidden |= {(*driven[:-1], other) for other in others}  # only_*
    return graph, forbidden


@given(towns())
def test_ways_between_unsplit_nodes_are_the_shortest_legal_ones(town: tuple[TurnGraph, set[Turn]]) -> None:
    graph, forbidden = town
    arcs, copies, counts = split_places(graph, forbidden)
    assert counts.u_turns_left == 0
    remembered = {graph.arcs[arc].head_id for turn in forbidden for arc in turn[:-1]}
    whole = sorted(set(graph.out) - remembered - set(copies.values()))
    for start in whole:
        for goal in whole:
            assert split_ms(graph, arcs, start, goal) == legal_ms(graph, forbidden, start, goal), (
                start,
                goal,
            )


def graph_of_network(network: Network) -> TurnGraph:
    ids, tails = network.node_id.tolist(), network.tail.tolist()
    arcs = []
    for arc, (tail, head) in enumerate(zip(tails, network.head.tolist(), strict=True)):
        inner = slice(network.geometry_first[arc], network.geometry_first[arc + 1])
        course = zip(network.geometry_lat[inner].tolist(), network.geometry_lon[inner].tolist(), strict=True)
        way = int(network.way_id[arc])
        arcs.append(dataclasses.replace(road(ids[tail], ids[head], way), inner=tuple(course)))
    return turn_graph(arcs, network.travel_ms.tolist())


def test_ways_across_a_real_town_with_many_restrictions_are_legal_ones() -> None:
    graph = graph_of_network(import_osm_file(extract("monaco.osm.gz"))[0])
    draw = np.random.default_rng(20261124)
    turns = [
        (arc, onward)
        for arc in range(len(graph.arcs))
        for onward in graph.follows(arc)
        if len(graph.follows(arc)) > 2 and onward != graph.reverse.get(arc)
    ]
    forbidden: set[Turn] = {turns[k] for k in draw.choice(len(turns), 40, replace=False).tolist()}
    arcs, copies, counts = split_places(graph, forbidden)
    assert counts.u_turns_left == 0
    assert counts.u_turns_forbidden > 10
    whole = set(graph.out) - {graph.arcs[turn[0]].head_id for turn in forbidden} - set(copies.values())
    compared = 0
    for first, second in sorted(forbidden):  # from before the crossing to behind it, and far away
        start, goal = graph.arcs[first].tail_id, graph.arcs[second].head_id
        for end in (goal, sorted(whole)[first % len(whole)]):
            if start in whole and end in whole:
                compared += 1
                assert split_ms(graph, arcs, start, end) == legal_ms(graph, forbidden, start, end)
    assert compared > 20
