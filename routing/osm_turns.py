"""Forbidden turns in a network without turns: the crossings concerned are split, all others stay one node.

A vehicle remembers the last arcs it drove as far as a forbidden sequence of arcs may begin with them (the
automaton of Aho and Corasick, 1975). Where that memory changes which arcs may follow, the crossing becomes
several nodes, one for each memory that makes a difference (Moore, 1956); a restriction at a node thus costs
one node, one via a way as many as it has crossings.

U-turns. In a network without restrictions a shortest path never turns back on the spot: it would see a place
twice. With split crossings it may: straight over the crossing, turn round behind it, and take the forbidden
turn from the other side. To forbid that at every node would double or triple the network. Instead the turns
that could be part of a shortest path are found and forbidden one by one, until there is none. A vehicle may
turn round where nothing else is allowed: at a dead end.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from routing.errors import OsmFileError
from routing.osm_node_ids import COPY_STRIDE, MOST_COPIES, copy_id
from routing.osm_roads import Position, RoadArc

Turn = tuple[int, ...]
"""Two or more arcs driven one after the other, by index; as a memory, none or more."""

_Drive = tuple[int, int, Turn]
"""Milliseconds driven, the last arc, and what is remembered at its end."""

MOST_ROUNDS: Final = 1_000
MOST_MEMORIES_EACH: Final = 50
"""Memories for each forbidden turn at which the search for U-turns ends; Campo Grande needs 7."""
_NOTHING: Final[Turn] = ()


@dataclass(frozen=True, slots=True)
class TurnGraph:
    """Arcs as turning sees them, in a fixed order.

    Parameters
    ----------
    arcs
        Distinct arcs without self-loops.
    travel_ms
        Milliseconds of each, 1 or more.
    out
        The arcs that leave each node, by node id.
    reverse
        The arc back along the same piece of road, of each arc that has one.
    """

    arcs: tuple[RoadArc, ...]
    travel_ms: tuple[int, ...]
    out: Mapping[int, Sequence[int]]
    reverse: Mapping[int, int]

    def follows(self, arc: int) -> Sequence[int]:
        """The arcs that leave the node where this one ends, back along it among them."""
        return self.out.get(self.arcs[arc].head_id, ())


def turn_graph(arcs: Iterable[RoadArc], travel_ms: Iterable[int]) -> TurnGraph:
    """The arcs in an order that does not depend on the given one."""
    pairs = sorted(zip(arcs, travel_ms, strict=True), key=lambda pair: _arc_key(pair[0]))
    ordered = tuple(arc for arc, _ in pairs)
    out: dict[int, list[int]] = defaultdict(list)
    index = {}
    for k, arc in enumerate(ordered):
        out[arc.tail_id].append(k)
        index[arc.tail_id, arc.head_id, arc.inner] = k
    reverse = {}
    for k, arc in enumerate(ordered):
        back = index.get((arc.head_id, arc.tail_id, arc.inner[::-1]))
        if back is not None:
            reverse[k] = back
    return TurnGraph(ordered, tuple(ms for _, ms in pairs), dict(out), reverse)


def _arc_key(arc: RoadArc) -> tuple[int, int, int, tuple[Position, ...]]:
    return arc.way_id, arc.tail_id, arc.head_id, arc.inner


class TurnMemory:
    """What a vehicle must remember of its last arcs in order to obey, and what it may do next."""

    def __init__(self, forbidden: Iterable[Turn]) -> None:
        self._forbidden: set[Turn] = set()
        self.memories: set[Turn] = set()  # every proper, non-empty beginning of a forbidden turn
        self._ends: set[Turn] = set()  # what a memory ends in
        for turn in forbidden:
            self.forbid(turn)

    def forbid(self, turn: Turn) -> None:
        self._forbidden.add(turn)
        for length in range(1, len(turn)):
            self.memories.add(turn[:length])
            self._ends.update(turn[start:length] for start in range(1, length))

    def after(self, memory: Turn, arc: int) -> Turn | None:
        """Memory after one more arc; None when the arc is forbidden."""
        driven = (*memory, arc)
        suffixes = [driven[start:] for start in range(len(driven))]
        if any(suffix in self._forbidden for suffix in suffixes):
            return None
        return next((suffix for suffix in suffixes if suffix in self.memories), _NOTHING)

    def possible(self) -> set[Turn]:
        """The memories that a vehicle can have: those that contain nothing forbidden."""
        return {
            memory
            for memory in self.memories
            if not any(
                memory[start:end] in self._forbidden
                for end in range(2, len(memory) + 1)
                for start in range(end - 1)
            )
        }

    def surely_known(self, memory: Turn) -> int:
        """Of the beginnings of a memory the shortest that was all there was to remember at the time."""
        return next(
            length for length in range(1, len(memory) + 1)
            if length == len(memory) or memory[:length] not in self._ends
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SplitCounts:
    """What splitting did.

    Parameters
    ----------
    u_turns_forbidden
        U-turns that a shortest path could have used to evade a restriction, and that were taken away.
    u_turns_left
        The same, but left open because the limits on the search were reached; 0 on every network but the odd.
    """

    u_turns_forbidden: int = 0
    u_turns_left: int = 0


def split_places(
    graph: TurnGraph, forbidden: Set[Turn], *, most_rounds: int = MOST_ROUNDS
) -> tuple[list[RoadArc], dict[int, int], SplitCounts]:
    """Arcs between split nodes such that every path obeys, the place of each new node id, and the counts.

    Parameters
    ----------
    graph
        All arcs.
    forbidden
        Sequences of two or more consecutive arcs that no path may contain.
    most_rounds
        How often U-turns are looked for, forbidden, and looked for again one node farther.

    Notes
    -----
    Between two nodes that are not split, a shortest path of the result is a shortest one among all ways to
    drive that contain no forbidden sequence and turn round at dead ends only.

    Raises
    ------
    OsmFileError
        When the ids of the nodes leave no room for those of copies.
    """
    memory = TurnMemory(forbidden)
    most_memories = MOST_MEMORIES_EACH * (len(forbidden) + 100)
    u_turns_forbidden, rounds = 0, 0
    looked_at: set[Turn] = set()
    while True:
        detours = list(_u_turn_detours(graph, memory, memory.possible() - looked_at))
        if not detours and looked_at:  # what was in order once may not be, with more to remember
            detours = list(_u_turn_detours(graph, memory, memory.possible()))
        if not detours or rounds == most_rounds or len(memory.memories) > most_memories:
            break
        looked_at = memory.possible()
        rounds += 1
        u_turns_forbidden += len(detours)
        for turn in detours:
            memory.forbid(turn)
    counts = SplitCounts(u_turns_forbidden, u_turns_left=len(detours))
    arcs, place_of_copy = _split_arcs(graph, memory)
    largest = max((abs(place) for place in graph.out), default=0)
    if place_of_copy and largest >= COPY_STRIDE:
        raise OsmFileError(
            f"node {largest} leaves no room for the ids of split crossings, which begin at {COPY_STRIDE};"
            " renumber the nodes of the file"
        )
    return arcs, place_of_copy, counts


def _u_turn_detours(graph: TurnGraph, memory: TurnMemory, memories: Iterable[Turn]) -> Iterator[Turn]:
    """U-turns that some shortest path may contain, each as what the vehicle remembers + out + back.

    Sound because a path that returns to a place with no memory, or to a place from which the rest of its way
    was open at once, is not a shortest one: only places that are remembered need to be looked at.
    """
    places = {graph.arcs[remembered[-1]].head_id for remembered in memory.memories}
    for remembered in sorted(memories, key=lambda turn: (len(turn), turn)):
        last = remembered[-1]
        starts = _starts(graph, memory, remembered, places)
        for out in graph.follows(last):
            back = graph.reverse.get(out)
            there = memory.after(remembered, out)
            if back is None or there is None:
                continue
            if out == graph.reverse.get(last) and not _is_dead_end(graph, memory, last, remembered):
                continue  # it turned round once already, which is looked at from where it came from
            here = memory.after(there, back)
            if here is None or _is_dead_end(graph, memory, out, there):
                continue
            since_ms = sum(graph.travel_ms[arc] for arc in (*remembered, out, back))
            if any(
                _pays(graph, memory, remembered, (here, onward), since_ms, starts)
                for onward in graph.follows(last)
            ):
                yield (*remembered, out, back)


def _is_dead_end(graph: TurnGraph, memory: TurnMemory, arc: int, after_it: Turn) -> bool:
    """Whether a vehicle at the end of the arc can do nothing but turn round."""
    back = graph.reverse.get(arc)
    return all(memory.after(after_it, out) is None for out in graph.follows(arc) if out != back)


def _starts(graph: TurnGraph, memory: TurnMemory, remembered: Turn, places: Set[int]) -> list[_Drive]:
    """From where another way may begin, in milliseconds since the first of the remembered arcs began.

    Before that arc, where nothing is remembered: then over any arc to a place where nothing is remembered
    (had the path come from there, it would not be a shortest one). Else at the earliest end of a remembered
    arc at which it is certain what was remembered.
    """
    first = remembered[0]
    tail = graph.arcs[first].tail_id
    if tail not in places:
        return [
            (graph.travel_ms[arc], arc, memory.after(_NOTHING, arc) or _NOTHING)
            for arc in graph.out[tail]
            if arc == first or graph.arcs[arc].head_id not in places
        ]
    known = remembered[: memory.surely_known(remembered)]
    return [(sum(graph.travel_ms[arc] for arc in known), known[-1], known)]


def _pays(
    graph: TurnGraph,
    memory: TurnMemory,
    remembered: Turn,
    after_turning: tuple[Turn, int],
    since_ms: int,
    starts: list[_Drive],
) -> bool:
    """Whether coming back with another memory opens the arc onward when no legal way is as fast."""
    here, onward = after_turning
    goal = memory.after(here, onward)
    if goal is None:
        return False
    direct = memory.after(remembered, onward)
    if direct is not None and _is_as_free(direct, goal):
        return False
    limit_ms = since_ms + graph.travel_ms[onward]
    return not _is_reached(graph, memory, starts, graph.arcs[onward].head_id, goal, limit_ms)


def _is_as_free(one: Turn, other: Turn) -> bool:
    """Whether every way onward that `other` allows is open with memory `one` too: it is an end of `other`."""
    return one == other[len(other) - len(one) :]


def _is_reached(
    graph: TurnGraph, memory: TurnMemory, starts: list[_Drive], place: int, goal: Turn, limit_ms: int
) -> bool:
    """Whether a vehicle gets to the place, as free as `goal`, in time, turning round at dead ends only."""
    heap = sorted(starts)
    done: set[tuple[int, Turn]] = set()
    while heap:
        at_ms, last, now = heapq.heappop(heap)
        if at_ms > limit_ms:
            return False
        if (last, now) in done:
            continue
        done.add((last, now))
        if graph.arcs[last].head_id == place and _is_as_free(now, goal):
            return True
        back = graph.reverse.get(last)
        may_turn = _is_dead_end(graph, memory, last, now)
        for arc in graph.follows(last):
            then = memory.after(now, arc)
            if then is not None and (arc != back or may_turn):
                heapq.heappush(heap, (at_ms + graph.travel_ms[arc], arc, then))
    return False


def _split_arcs(graph: TurnGraph, memory: TurnMemory) -> tuple[list[RoadArc], dict[int, int]]:
    """The arcs from and to the nodes that are needed, and the place of each node that is a copy."""
    memories: dict[int, list[Turn]] = defaultdict(list)
    for remembered in memory.possible():
        memories[graph.arcs[remembered[-1]].head_id].append(remembered)
    states = {
        place: sorted([_NOTHING, *found], key=lambda turn: (len(turn), turn))
        for place, found in memories.items()
    }
    steps = {
        (place, state): [
            (arc, then) for arc in graph.out.get(place, ()) if (then := memory.after(state, arc)) is not None
        ]
        for place, found in states.items()
        for state in found
    }
    node_of = _numbered_copies(graph, states, _merged(graph, states, steps))
    arcs: list[RoadArc] = []
    seen: set[tuple[int, int]] = set()
    for k, arc in enumerate(graph.arcs):
        if arc.tail_id not in states:
            then = memory.after(_NOTHING, k) or _NOTHING  # one arc alone is never forbidden
            arcs.append(dataclasses.replace(arc, head_id=node_of.get((arc.head_id, then), arc.head_id)))
    for (place, state), onward in steps.items():
        tail = node_of.get((place, state))
        if tail is None:
            continue
        for k, then in onward:
            if (tail, k) not in seen:
                seen.add((tail, k))
                head_place = graph.arcs[k].head_id
                head = node_of.get((head_place, then), head_place)
                arcs.append(dataclasses.replace(graph.arcs[k], tail_id=tail, head_id=head))
    return arcs, {node: place for (place, _), node in node_of.items() if node != place}


def _merged(
    graph: TurnGraph,
    states: Mapping[int, Sequence[Turn]],
    steps: Mapping[tuple[int, Turn], Sequence[tuple[int, Turn]]],
) -> dict[tuple[int, Turn], int]:
    """Class of each memory at each place; memories of one class allow the same ways onward, for ever."""
    group: dict[tuple[int, Turn], int] = {
        (place, state): number for number, (place, found) in enumerate(states.items()) for state in found
    }
    count = len(states)
    while True:
        numbers: dict[tuple[object, ...], int] = {}
        refined = {}
        for key, onward in steps.items():
            ways = tuple((arc, group.get((graph.arcs[arc].head_id, then))) for arc, then in onward)
            refined[key] = numbers.setdefault((group[key], ways), len(numbers))
        if len(numbers) == count:
            return refined
        group, count = refined, len(numbers)


def _numbered_copies(
    graph: TurnGraph, states: Mapping[int, Sequence[Turn]], group: Mapping[tuple[int, Turn], int]
) -> dict[tuple[int, Turn], int]:
    """Node id of each memory at each place; memories in which nobody arrives get none.

    The copy with the shortest memory, which is none wherever somebody arrives without one, is number 0.
    """
    restricted_arrivals: dict[int, set[int]] = defaultdict(set)
    for place, found in states.items():
        for state in found:
            if len(state) == 1:
                restricted_arrivals[place].add(state[0])
    arrivals: dict[int, int] = defaultdict(int)
    for arc in graph.arcs:
        arrivals[arc.head_id] += arc.head_id in states
    node_of: dict[tuple[int, Turn], int] = {}
    for place, found in states.items():
        number_of: dict[int, int] = {}
        for state in found:
            if state == _NOTHING and len(restricted_arrivals[place]) == arrivals[place]:
                continue  # every arc that arrives is remembered
            number_of.setdefault(group[place, state], len(number_of))
        if len(number_of) > MOST_COPIES:
            raise OsmFileError(
                f"node {place} must be split into {len(number_of)} nodes for its turn restrictions; at most"
                f" {MOST_COPIES} are possible: remove some of them from the file"
            )
        for state in found:
            if (number := number_of.get(group[place, state])) is not None:
                node_of[place, state] = copy_id(place, number)
    return node_of
