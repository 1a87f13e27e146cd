"""Roads that are closed, or slower, for a while: which arcs are meant, their weights, and whom that cuts
off."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.errors import ClosureError
from routing.network import Network
from routing.quantities import UNREACHABLE
from routing.road_references import reference_arcs
from routing.road_stretches import CARRIAGEWAYS_M, Position, positions_on, shown, stretch_between
from routing.snapping import DEFAULT_LIMIT_M
from routing.speed_profiles import scaled_weights
from routing.weighted_graph import checked_weights

_LONGEST_OTHER_WAY: Final = 1.5
"""The other direction of a stretch is at most this many times as long; a longer one is another way round."""


class Direction(IntEnum):
    """Which vehicles a closure stops: all, or those that drive from its first position to its second, or
    back."""

    BOTH = 0
    FORWARD = 1
    BACKWARD = 2


@dataclass(frozen=True, slots=True)
class RoadClosure:
    """A road, or a stretch of it, that is closed or slower from a second to a second.

    Parameters
    ----------
    reference
        The road as its signs name it: R293. Where two roads share a stretch, either name finds it.
    from_s, until_s
        Seconds on the journal's axis; the end is the first second at which the road is open again.
    between
        Two positions near the road; None = the whole road.
    direction
        What is stopped between the two positions; a whole road is closed in both directions.
    slow_factor
        How many times as long an arc takes, above 1; None = closed.
    limit_m
        How far a position may lie from the road.

    Raises
    ------
    ClosureError
        When the closure ends before it begins, its factor is not above 1, or it has a direction but no
        positions.
    """

    reference: str
    from_s: int
    until_s: int
    between: tuple[Position, Position] | None = None
    direction: Direction = Direction.BOTH
    slow_factor: float | None = None
    limit_m: float = DEFAULT_LIMIT_M

    def __post_init__(self) -> None:
        if self.until_s <= self.from_s:
            raise ClosureError(
                f"closure of {self.reference} ends ({self.until_s} s) before or as it begins"
                f" ({self.from_s} s); give a later end"
            )
        factor = self.slow_factor
        if factor is not None and not (math.isfinite(factor) and factor > 1):
            raise ClosureError(
                f"closure of {self.reference} slows it by the factor {factor};"
                " give a number above 1, or none to close it"
            )
        if self.between is None and self.direction != Direction.BOTH:
            raise ClosureError(
                f"closure of {self.reference} has a direction but no positions;"
                " give two positions, in the order in which the closed direction passes them"
            )
        if not self.limit_m >= 0:
            raise ClosureError(
                f"closure of {self.reference} has a limit of {self.limit_m} m; give 0 m or more"
            )

    def is_active(self, at_s: int) -> bool:
        """Whether it holds at a second of the journal's axis."""
        return self.from_s <= at_s < self.until_s


def closed_arcs(network: Network, closure: RoadClosure) -> npt.NDArray[np.int32]:
    """The arcs that a closure means.

    Arcs are whole: those at the ends of the stretch belong to it if it covers a metre of them.

    Returns
    -------
    int32, shape (k,), ascending, k >= 1. Arcs of that road on the shortest way along it between the two
    positions, in the directions asked for; one of a one-way road in the only direction it has.

    Raises
    ------
    NoSuchRoadError
        When no road of the network has that reference.
    SnapError
        When a position is farther from the road than the limit, or is no place.
    ClosureError
        When the stretch is empty, or the road does not lead from one position to the other.
    """
    arcs = reference_arcs(network, closure.reference)
    if closure.between is None:
        return arcs
    first, second = (
        positions_on(network, arcs, at, closure.limit_m, closure.reference) for at in closure.between
    )
    ways = {Direction.FORWARD: (first, second), Direction.BACKWARD: (second, first)}
    tail = network.tail
    found = {way: stretch_between(network, tail, arcs, *ends) for way, ends in ways.items()}
    lengths = [one.length_m for one in found.values() if one is not None]
    if not lengths:
        raise _gap(closure, "")
    longest_m = _LONGEST_OTHER_WAY * min(lengths) + 4 * CARRIAGEWAYS_M
    wanted = list(ways) if closure.direction == Direction.BOTH else [closure.direction]
    stretches = [one for one in (found[way] for way in wanted) if one is not None]
    kept = [one for one in stretches if one.length_m <= longest_m]
    if not kept:
        raise _gap(closure, " in that direction")
    closed = np.unique(np.concatenate([np.array(one.arcs, np.int32) for one in kept]))
    if len(closed) == 0:
        raise ClosureError(
            f"the closed stretch of {closure.reference} is empty: {shown(closure.between[0])} and"
            f" {shown(closure.between[1])} meet the road at one point; give positions farther apart"
        )
    return closed


def weights_with(
    network: Network, base_weights: npt.ArrayLike, closures: Iterable[RoadClosure], at_s: int
) -> npt.NDArray[np.int32]:
    """Arc weights under the closures that hold at a second.

    Parameters
    ----------
    base_weights
        int32, shape (m,). The `travel_ms` of the network, or a row of `period_weights`.

    Returns
    -------
    int32, shape (m,), read-only. `UNREACHABLE` for closed arcs; where several slow one arc, the strongest
    counts.

    Raises
    ------
    WeightError
        When `base_weights` are no weights.
    ProfileError
        When a slowed arc takes longer than a weight may be.
    NoSuchRoadError, SnapError, ClosureError
        As `closed_arcs`, for the closures that hold.
    """
    base = checked_weights(base_weights, network.arc_count)
    factor = np.ones(network.arc_count)
    is_closed = np.zeros(network.arc_count, np.bool_)
    for closure in closures:
        if not closure.is_active(at_s):
            continue
        arcs = closed_arcs(network, closure)
        if closure.slow_factor is None:
            is_closed[arcs] = True
        else:
            factor[arcs] = np.maximum(factor[arcs], closure.slow_factor)
    weights = scaled_weights(base, factor, "a slowed road") if (factor > 1).any() else base.copy()
    weights[is_closed] = UNREACHABLE
    weights.flags.writeable = False
    return weights


def changes_s(closures: Iterable[RoadClosure]) -> tuple[int, ...]:
    """Seconds at which `weights_with` changes, ascending."""
    return tuple(sorted({at_s for one in closures for at_s in (one.from_s, one.until_s)}))


def cut_off(network: Network, weights: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Nodes that some open road no longer leads to, or from.

    Returns
    -------
    int32, shape (k,), ascending. All nodes outside the largest part within which everybody reaches everybody
    (of two of one size the one with the lowest node); none if no arc that matters is closed.

    Raises
    ------
    WeightError
        When `weights` are no weights of this network.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = network.node_count
    is_open = checked_weights(weights, network.arc_count) != UNREACHABLE
    ends = network.tail[is_open], network.head[is_open]
    adjacency = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(n, n)).tocsr()
    count, part = connected_components(adjacency, directed=True, connection="strong")
    first_node = np.full(count, n)
    np.minimum.at(first_node, part, np.arange(n))
    largest = np.lexsort((first_node, -np.bincount(part)))[0]
    return np.flatnonzero(part != largest).astype(np.int32)


def _gap(closure: RoadClosure, where: str) -> ClosureError:
    places = " to ".join(shown(at) for at in closure.between or ())
    return ClosureError(
        f"{closure.reference} does not lead from {places}{where}: it has a gap between them, or one way only;"
        " close its parts by themselves, or both directions"
    )
