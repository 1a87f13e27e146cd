"""Parts of a network, each around one node, so that "where riders are" is a short list of numbers.

The cells come from travel times alone: a network without coordinates has them too, and a river parts what a
grid would join.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.errors import ProblemError
from routing.travel_times import TravelTables

_ROUNDS: Final = 8


@dataclass(frozen=True, eq=False, slots=True)
class DemandCells:
    """A partition of the nodes.

    Parameters
    ----------
    cell_of_node
        int32, shape (n,). Cell of each node, 0 to c - 1.
    centre
        int32, shape (c,). The node of each cell that all of it is nearest to, on average.
    """

    cell_of_node: npt.NDArray[np.int32]
    centre: npt.NDArray[np.int32]


def demand_cells(travel: TravelTables, count: int) -> DemandCells:
    """Cut a network into at most `count` cells of nodes that are near to each other by road.

    Centres are spread out farthest-first (Gonzalez 1985), then moved to the medoids of their cells until
    nothing changes or eight rounds are over (Park & Jun 2009). A node belongs to the centre it is reached
    from soonest; ties go to the lower cell, so the same tables give the same cells.

    Raises
    ------
    ProblemError
        When `count` is below 1.
    """
    if count < 1:
        raise ProblemError(f"{count} cells were asked for; give 1 or more")
    centre = _spread_out(travel, min(count, len(travel.first_out) - 1))
    cell_of_node = _nearest(travel, centre)
    for _ in range(_ROUNDS):
        moved = np.array([_medoid(travel, cell_of_node == cell) for cell in range(len(centre))])
        if (moved == centre).all():
            break
        centre, cell_of_node = moved, _nearest(travel, moved)
    return DemandCells(cell_of_node, centre.astype(np.int32))


def _spread_out(travel: TravelTables, count: int) -> npt.NDArray[np.intp]:
    centres = [0]
    soonest_s = travel.from_s[0].astype(np.int64)
    while len(centres) < count:
        centres.append(int(np.argmax(soonest_s)))
        soonest_s = np.minimum(soonest_s, travel.from_s[centres[-1]])
    return np.unique(np.array(centres, np.intp))


def _nearest(travel: TravelTables, centre: npt.NDArray[np.intp]) -> npt.NDArray[np.int32]:
    cell: npt.NDArray[np.int32] = np.argmin(travel.from_s[centre], axis=0).astype(np.int32)
    cell[centre] = np.arange(len(centre))  # also where two nodes are no second apart
    return cell


def _medoid(travel: TravelTables, is_member: npt.NDArray[np.bool_]) -> int:
    nodes = np.flatnonzero(is_member)
    total_s = travel.from_s[np.ix_(nodes, nodes)].sum(axis=1, dtype=np.int64)
    return int(nodes[np.argmin(total_s)])
