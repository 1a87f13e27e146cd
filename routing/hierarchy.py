"""Customisable contraction hierarchy: prepared once a network, weighed in milliseconds, asked in
microseconds.

Dibbelt, Strasser and Wagner (2016): nodes are contracted in an order that knows no weights, so a change of
weights (another hour, a closed road) is a customisation, not a new preparation.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from routing.elimination_tree import places_of_arcs, tree_height, upward_graph
from routing.hierarchy_paths import Scratch, steps_by_rank
from routing.metric import Base, Metric, weighed
from routing.node_order import checked_order, neighbours, node_order
from routing.shortcuts import FAR
from routing.weighted_graph import Roads, checked_weights

__all__ = ["Hierarchy", "Metric"]


class Hierarchy:
    """The part of a hierarchy that depends on the arcs alone; make it with `build`.

    Self-loops, parallel arcs, networks in several parts and weights of zero are all allowed. Nodes and arcs
    keep the numbers of the network.
    """

    __slots__ = ("base",)

    def __init__(self, base: Base) -> None:
        self.base = base

    @classmethod
    def build(
        cls,
        network: Roads,
        *,
        folder: Path | str | None = None,
        order: npt.ArrayLike | None = None,
    ) -> Hierarchy:
        """Order the nodes, contract them, and place every arc.

        Parameters
        ----------
        network
            A `Network` or a `WeightedGraph`.
        folder
            Where node orders are kept, each under the hash of its topology; ordering takes most of the time.
            None: computed anew.
        order
            The order to use instead, int, shape (n,): nodes from the first contracted to the last.

        Raises
        ------
        OrderError
            When `order`, or the file in the folder, is not an order of this network.
        """
        adjacency = neighbours(network)
        n = len(network.first_out) - 1
        ranked = node_order(network, adjacency, folder) if order is None else checked_order(order, n)
        up = upward_graph(adjacency, ranked)
        height = tree_height(up.parent)
        per_arc = places_of_arcs(network, up), *steps_by_rank(network, up.order, up.rank)
        for array in (*up, *per_arc):
            array.flags.writeable = False
        return cls(Base(network, up, *per_arc, height, Scratch(n, height, FAR)))

    def customise(self, weight: npt.ArrayLike) -> Metric:
        """The hierarchy under one set of weights.

        Parameters
        ----------
        weight
            Whole numbers, shape (m,), one for each arc of the network in any unit (milliseconds); 0 to
            `LARGEST_WEIGHT`, or `UNREACHABLE` for a closed arc.

        Raises
        ------
        WeightError
            When a weight is out of range, or there is not one for each arc, or shortest ways may be longer
            than `LARGEST_WEIGHT`.
        """
        return weighed(self.base, checked_weights(weight, self.arc_count))

    @property
    def node_count(self) -> int:
        return len(self.base.up.parent)

    @property
    def arc_count(self) -> int:
        return len(self.base.place)

    @property
    def order(self) -> npt.NDArray[np.int32]:
        """int32, shape (n,). Nodes from the first contracted to the last."""
        return self.base.up.order

    @property
    def slot_count(self) -> int:
        """Pairs of nodes joined in the hierarchy: its arcs, each usable both ways."""
        return len(self.base.up.up_head)

    @property
    def height(self) -> int:
        """Most nodes that a query climbs."""
        return self.base.height

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays of this object, the network's apart."""
        return sum(
            array.nbytes for array in (*self.base.up, self.base.place, self.base.first_step, self.base.steps)
        )
