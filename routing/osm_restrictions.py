"""Turn restrictions of OpenStreetMap: what a relation says, and which sequences of arcs it forbids.

Sources: the OpenStreetMap wiki pages `Relation:restriction`, `Key:except` and `Conditional restrictions`. A
`no_*` forbids to go from its `from` over its `via` to its `to`; an `only_*` forbids everything else to
whoever comes from its `from`. Via a way, `only_*` binds whoever has turned from `from` into the `via`. The
direction in the value (left, right, straight) is not compared with the geometry: the members say which turn
is meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from routing.osm_rules import Vehicle
from routing.osm_turns import Turn, TurnGraph

Member = tuple[str, int, str]
"""Kind ("n", "w" or "r"), id and role of one member of a relation."""

KINDS: Final = frozenset(
    {
        "no_left_turn",
        "no_right_turn",
        "no_straight_on",
        "no_u_turn",
        "no_entry",
        "no_exit",
        "only_left_turn",
        "only_right_turn",
        "only_straight_on",
        "only_u_turn",
    }
)
_HOURS: Final = ("day_on", "day_off", "hour_on", "hour_off")
_MOST_VIA_ARCS: Final = 64


class IgnoreReason(StrEnum):
    """Why a turn restriction of the file changes nothing in the network."""

    CONDITIONAL = "conditional"  # holds at some hours or under some condition
    EXEMPT = "exempt"  # `except` names our vehicle
    OTHER_VEHICLE = "other_vehicle"  # restriction:hgv and the like
    UNKNOWN_KIND = "unknown_kind"  # no restriction value, or one we do not know
    BAD_MEMBERS = "bad_members"  # not one from, one via (or a line of ways) and one to
    MISSING_MEMBERS = "missing_members"  # outside the extract
    CLOSED_MEMBERS = "closed_members"  # on ways that are no road for us, or not in the main part
    IMPOSSIBLE = "impossible"  # the members do not meet, or a one-way road excludes the turn anyway
    AMBIGUOUS = "ambiguous"  # a way passes through the via, so that two turns fit
    DEAD_END = "dead_end"  # would forbid to leave a dead end


@dataclass(frozen=True, slots=True)
class TurnRestriction:
    """One relation that concerns our vehicle: ids of ways, and of the node if the via is one."""

    is_only: bool
    from_ways: tuple[int, ...]
    via_node: int | None
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]

    @property
    def ways(self) -> tuple[int, ...]:
        return (*self.from_ways, *self.via_ways, *self.to_ways)


@dataclass(frozen=True, slots=True)
class RestrictionCounts:
    """What became of the turn restrictions of a file.

    Parameters
    ----------
    in_file
        All of them; `applied` and `ignored` add up to it.
    split_places
        Crossings that are more than one node now.
    extra_nodes
        Nodes more than crossings.
    u_turns_forbidden
        U-turns at other nodes that would have evaded a restriction.
    u_turns_left
        Such U-turns that are still open.
    """

    in_file: int = 0
    applied: int = 0
    ignored: Mapping[IgnoreReason, int] = field(default_factory=dict)
    split_places: int = 0
    extra_nodes: int = 0
    u_turns_forbidden: int = 0
    u_turns_left: int = 0


def is_restriction(tags: Mapping[str, str]) -> bool:
    kind = tags.get("type", "")
    return kind == "restriction" or kind.startswith("restriction:")


def read_restriction(
    tags: Mapping[str, str], members: Sequence[Member], vehicle: Vehicle
) -> TurnRestriction | IgnoreReason:
    """What a restriction relation asks of the vehicle, or why nothing."""
    value = _value_for(tags, vehicle)
    if isinstance(value, IgnoreReason):
        return value
    exempt = {part.strip() for part in tags.get("except", "").lower().split(";")}
    if exempt & set(vehicle.keys):
        return IgnoreReason.EXEMPT
    if any(key in tags for key in _HOURS):
        return IgnoreReason.CONDITIONAL
    if value not in KINDS:
        return IgnoreReason.UNKNOWN_KIND
    ways: dict[str, list[int]] = defaultdict(list)
    via_nodes: list[int] = []
    for kind, member, role in members:
        if kind == "w" and role in {"from", "via", "to"}:
            ways[role].append(member)
        elif kind == "n" and role == "via":
            via_nodes.append(member)
    many_from, many_to = value == "no_entry", value == "no_exit"
    if (
        not (len(ways["from"]) == 1 or (many_from and ways["from"]))
        or not (len(ways["to"]) == 1 or (many_to and ways["to"]))
        or len(via_nodes) + bool(ways["via"]) != 1
    ):
        return IgnoreReason.BAD_MEMBERS
    return TurnRestriction(
        is_only=value.startswith("only_"),
        from_ways=tuple(ways["from"]),
        via_node=via_nodes[0] if via_nodes else None,
        via_ways=tuple(ways["via"]),
        to_ways=tuple(ways["to"]),
    )


def _value_for(tags: Mapping[str, str], vehicle: Vehicle) -> str | IgnoreReason:
    """The restriction value for the vehicle: that of its most special key, else the general one."""
    kind = tags.get("type", "")
    only_for = kind.removeprefix("restriction:") if kind.startswith("restriction:") else None
    if only_for is not None and only_for not in vehicle.keys:
        return IgnoreReason.OTHER_VEHICLE
    names = [f"restriction:{key}" for key in vehicle.keys] + ["restriction"]
    for name in names:
        if name in tags:
            return tags[name].strip().lower()
    if any(f"{name}:conditional" in tags for name in names):
        return IgnoreReason.CONDITIONAL
    if any(key.startswith("restriction:") for key in tags):
        return IgnoreReason.OTHER_VEHICLE
    return IgnoreReason.UNKNOWN_KIND


@dataclass(frozen=True, slots=True)
class KnownWays:
    """Ids of the ways that the file holds: the roads of our vehicle, and the other highways."""

    roads: Set[int] = frozenset()
    others: Set[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TurnRules:
    """The turn restrictions of a source, and what is needed to judge them.

    Parameters
    ----------
    restrictions
        Those that concern our vehicle.
    ignored
        How many of the others there were, by reason.
    known
        Tells a member outside the extract from one that is closed to us.
    """

    restrictions: tuple[TurnRestriction, ...] = ()
    ignored: Mapping[IgnoreReason, int] = field(default_factory=dict)
    known: KnownWays = field(default_factory=KnownWays)


def forbidden_turns(
    rules: TurnRules, graph: TurnGraph, nodes: Container[int]
) -> tuple[set[Turn], RestrictionCounts]:
    """Sequences of arcs that the restrictions forbid, and what became of each restriction.

    Parameters
    ----------
    graph
        Arcs of the main part of the network.
    nodes
        Nodes of the extract that lie on roads.
    """
    places = _Places(graph)
    forbidden: set[Turn] = set()
    ignored = Counter(rules.ignored)
    in_file = len(rules.restrictions) + ignored.total()
    for restriction in rules.restrictions:
        found = _turns_of(restriction, graph, places, rules.known, nodes)
        if isinstance(found, IgnoreReason):
            ignored[found] += 1
        else:
            forbidden |= found
    by_reason = {reason: ignored[reason] for reason in IgnoreReason if ignored[reason]}
    return forbidden, RestrictionCounts(in_file, in_file - ignored.total(), by_reason)


class _Places:
    """The arcs of a graph by way and by the node where they begin or end."""

    def __init__(self, graph: TurnGraph) -> None:
        self.into: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.out_of: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.of_way: dict[int, list[int]] = defaultdict(list)
        for k, arc in enumerate(graph.arcs):
            self.into[arc.way_id, arc.head_id].append(k)
            self.out_of[arc.way_id, arc.tail_id].append(k)
            self.of_way[arc.way_id].append(k)


def _turns_of(
    restriction: TurnRestriction,
    graph: TurnGraph,
    places: _Places,
    known: KnownWays,
    nodes: Container[int],
) -> set[Turn] | IgnoreReason:
    if any(way not in known.roads and way not in known.others for way in restriction.ways):
        return IgnoreReason.MISSING_MEMBERS
    if restriction.via_node is not None and restriction.via_node not in nodes:
        return IgnoreReason.MISSING_MEMBERS
    if any(way in known.others or way not in places.of_way for way in restriction.ways):
        return IgnoreReason.CLOSED_MEMBERS
    turns: set[Turn] = set()
    for from_way in restriction.from_ways:
        for to_way in restriction.to_ways:
            if restriction.via_node is None:
                fitting = list(_via_ways(from_way, restriction.via_ways, to_way, graph, places))
            else:
                at = restriction.via_node
                fitting = [
                    (into, out) for into in places.into[from_way, at] for out in places.out_of[to_way, at]
                ]
                if from_way == to_way:  # to turn back, not to go straight on
                    fitting = [turn for turn in fitting if graph.reverse.get(turn[0]) == turn[1]]
            if not fitting:
                return IgnoreReason.IMPOSSIBLE
            is_back = all(len(turn) == 2 and graph.reverse.get(turn[0]) == turn[1] for turn in fitting)
            if len(fitting) > 1 and not (is_back and not restriction.is_only):
                return IgnoreReason.AMBIGUOUS
            if restriction.is_only:
                turns.update(_all_others(fitting[0], graph))
            elif not is_back:
                turns.update(fitting)
            elif any(len(graph.follows(turn[0])) == 1 for turn in fitting):
                return IgnoreReason.DEAD_END
            # else a U-turn at a crossing, which no path makes anyway: see routing.osm_turns
    return turns


def _all_others(turn: Turn, graph: TurnGraph) -> Iterator[Turn]:
    """Every sequence that begins like the turn, with the via way if there is one, and then leaves it."""
    for length in range(min(2, len(turn) - 1), len(turn)):
        for other in graph.follows(turn[length - 1]):
            if other != turn[length]:
                yield (*turn[:length], other)


def _via_ways(
    from_way: int, via_ways: Sequence[int], to_way: int, graph: TurnGraph, places: _Places
) -> Iterator[Turn]:
    """Every way to drive from one way over the via ways, all of them and in their order, to another."""
    for first in places.of_way[from_way]:
        for via in places.out_of[via_ways[0], graph.arcs[first].head_id]:
            if graph.reverse.get(first) != via:
                yield from _onward((first, via), 0, via_ways, to_way, graph, places)


def _onward(
    driven: Turn, at: int, via_ways: Sequence[int], to_way: int, graph: TurnGraph, places: _Places
) -> Iterator[Turn]:
    last = driven[-1]
    node = graph.arcs[last].head_id
    back = graph.reverse.get(last)
    if at + 1 == len(via_ways):
        ends = [arc for arc in places.out_of.get((to_way, node), ()) if arc != back]
        if ends:
            yield from ((*driven, arc) for arc in ends)
            return
    if len(driven) > _MOST_VIA_ARCS:
        return
    for step in (at, at + 1):
        for arc in places.out_of.get((via_ways[step], node), ()) if step < len(via_ways) else ():
            if arc != back and arc not in driven:
                yield from _onward((*driven, arc), step, via_ways, to_way, graph, places)
