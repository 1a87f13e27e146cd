"""Travel times between the nodes of a network: the protocol everything above sees, and the dense tables that
serve small networks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from routing import _kernels_shortest_paths as kernels
from routing.errors import NetworkError, ProblemError
from routing.network import ROAD_CLASSES, Network
from routing.quantities import LARGEST_OUT_DEGREE, UNREACHABLE_MS
from routing.shortest_paths import check_node, one_to_all
from routing.target_trees import Progress, target_tables
from routing.travel_time_files import keep_tables, open_tables

Nodes: TypeAlias = Sequence[int] | npt.NDArray[np.integer]

NODE_LIMIT: Final = 12_000
_TRANSPOSE_BLOCK: Final = 64


class TravelTimes(Protocol):
    """Shortest planned times over node indices, in whole seconds (each path's milliseconds rounded half-up
    once)."""

    @property
    def node_count(self) -> int:
        """Number of nodes; indices are 0 to node_count - 1."""

    def seconds(self, origin: int, destination: int) -> int:
        """Seconds from one node to another, `UNREACHABLE` where there is no way."""

    def matrix(self, origins: Nodes, destinations: Nodes) -> npt.NDArray[np.int32]:
        """int32, shape (origins, destinations). Seconds, `UNREACHABLE` where there is no way."""

    def path(self, origin: int, destination: int) -> npt.NDArray[np.int32]:
        """int32. Nodes of the canonical path with both ends.

        At every node the canonical path takes, among the arcs that lie on a shortest path, the one to the
        lowest-numbered head.
        """


class TravelTables(NamedTuple):
    """Dense tables over all pairs of nodes of a strongly connected network, as kernels take them; all arrays
    are read-only.

    Parameters
    ----------
    to_s
        uint16 or int32, shape (n, n). `to_s[d, u]` = seconds u -> d: the row of a target.
    from_s
        The same transposed: `from_s[u, d]` = seconds u -> d, the row of an origin.
    next_arc
        uint8, shape (n, n). `next_arc[d, u]` = offset of the next arc of the canonical path u -> d, from
        `first_out[u]`; 255 where u == d.
    first_out, head, arc_ms, arc_m, arc_class
        The arcs of the network: int32 (n + 1,), then (m,) int32, int32 ms, int32 metres, uint8 `RoadClass`.
    """

    to_s: npt.NDArray[np.uint16] | npt.NDArray[np.int32]
    from_s: npt.NDArray[np.uint16] | npt.NDArray[np.int32]
    next_arc: npt.NDArray[np.uint8]
    first_out: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    arc_ms: npt.NDArray[np.int32]
    arc_m: npt.NDArray[np.int32]
    arc_class: npt.NDArray[np.uint8]


class DenseTravelTimes:
    """Travel times looked up in tables over all pairs of nodes.

    Notes
    -----
    Bytes: 5 n^2 (9 n^2 when a time reaches 65,535 s). Make it with `build` or `cached`.
    """

    __slots__ = ("network", "tables")

    def __init__(self, network: Network, tables: TravelTables) -> None:
        self.network = network
        self.tables = tables

    @classmethod
    def build(
        cls, network: Network, *, progress: Progress | None = None, node_limit: int = NODE_LIMIT
    ) -> DenseTravelTimes:
        """Compute the tables, by a hierarchy that is dropped afterwards.

        Parameters
        ----------
        progress
            Called with the number of targets done and the number of targets, now and then and at the end.
        node_limit
            Refuse larger networks.

        Raises
        ------
        NetworkError
            When the network is too large, not strongly connected, or more than 254 arcs leave one node.
        """
        check_dense(network, node_limit)
        to_s, next_arc = target_tables(network, progress)
        from_s = np.empty_like(to_s)
        to_s.flags.writeable = False
        kernels.transpose_by_blocks(to_s, _TRANSPOSE_BLOCK, from_s)
        return cls(network, tables_of(network, to_s, from_s, next_arc))

    @classmethod
    def cached(
        cls,
        network: Network,
        folder: Path | str,
        progress: Progress | None = None,
        *,
        node_limit: int = NODE_LIMIT,
    ) -> DenseTravelTimes:
        """Open the tables kept under `folder/<network hash>/` as memory maps; compute and keep them first if
        need be.

        Tables that are torn or of another version are computed again. A folder that cannot be written is
        logged, and the tables stay in memory. Several processes may do this at once.

        Raises
        ------
        NetworkError
            As `build`.
        """
        home = Path(folder)
        kept = open_tables(network, home) if network.node_count <= node_limit else None
        if kept is None:
            built = cls.build(network, progress=progress, node_limit=node_limit)
            keep_tables(
                network, home, {name: getattr(built.tables, name) for name in ("to_s", "from_s", "next_arc")}
            )
            kept = open_tables(network, home)
            if kept is None:
                return built
        return cls(network, tables_of(network, **kept))

    def warm_up(self) -> None:
        """Compile (or load) the kernels behind `path`, `metres_along`, `drive` and `next_node_at` for these
        tables."""
        self.path(0, 0)
        self.metres_along(0, 0)
        self.next_node_at(0, 0, 0, 0)
        self.drive(0, 0, 0, 0, np.ones((len(ROAD_CLASSES), 1)), 1)

    def __reduce__(self) -> tuple[Any, ...]:
        # Arrays come out of a pickle writable, which kernels take for another type.
        return _restored, (self.network, *self.tables[:3])

    @property
    def node_count(self) -> int:
        return self.network.node_count

    def seconds(self, origin: int, destination: int) -> int:
        """Seconds from one node to another."""
        self._check(origin, destination)
        return int(self.tables.from_s[origin, destination])

    def matrix(self, origins: Nodes, destinations: Nodes) -> npt.NDArray[np.int32]:
        """int32, shape (origins, destinations). Seconds."""
        rows, columns = self._checked(origins), self._checked(destinations)
        return self.tables.from_s[rows[:, None], columns[None, :]].astype(np.int32)

    def path(self, origin: int, destination: int) -> npt.NDArray[np.int32]:
        """int32. Nodes of the canonical path with both ends; one node if they are the same."""
        arcs = self.path_arcs(origin, destination)
        return np.concatenate((np.array([origin], np.int32), self.tables.head[arcs]))

    def path_arcs(self, origin: int, destination: int) -> npt.NDArray[np.int32]:
        """int32. Arcs of the canonical path in driving order; none if both ends are the same."""
        self._check(origin, destination)
        count = kernels.path_arcs(self.tables, origin, destination, np.empty(0, np.int32))
        arcs = np.empty(count, np.int32)
        kernels.path_arcs(self.tables, origin, destination, arcs)
        return arcs

    def metres_along(self, origin: int, destination: int) -> int:
        """Metres of the canonical path."""
        self._check(origin, destination)
        return int(kernels.walk_ms_m(self.tables, origin, destination)[1])

    def metres_matrix(self, nodes: Nodes) -> npt.NDArray[np.int32]:
        """int32, shape (k, k). Metres of the canonical path from each of k nodes (row) to each."""
        checked = self._checked(nodes)
        metres = np.zeros((len(checked), len(checked)), np.int32)
        kernels.metres_between(self.tables, checked, metres)
        return metres

    def next_node_at(self, origin: int, destination: int, depart_s: int, now_s: int) -> tuple[int, int, int]:
        """Where a vehicle that left for `destination` as planned can first be told something new at `now_s`.

        Parameters
        ----------
        depart_s
            Second at which it left `origin`.

        Returns
        -------
        The first node of the canonical path reached at or after `now_s` (the destination at the latest; the
        origin if it is left at or after `now_s`), the planned second there (`depart_s` + `seconds(origin,
        node)`), and the metres driven so far.
        """
        self._check(origin, destination)
        node, time_s, metres = kernels.next_node_at(self.tables, origin, destination, depart_s, now_s)
        return int(node), int(time_s), int(metres)

    def drive(
        self,
        origin: int,
        destination: int,
        depart_ms: int,
        until_ms: int,
        factors: npt.NDArray[np.float64],
        slot_s: int,
    ) -> tuple[int, int, int]:
        """Where a vehicle really is at `until_ms` when arcs take longer or shorter than planned.

        Parameters
        ----------
        depart_ms, until_ms
            Milliseconds on the journal's axis.
        factors
            float64, shape (road classes, slots). Realised over planned time of an arc entered in a slot;
            times before the first or after the last slot take that slot.
        slot_s
            Seconds of a slot; slot 0 begins at second 0.

        Returns
        -------
        The first node of the canonical path reached at or after `until_ms` (the destination at the latest;
        the origin if it is left at or after `until_ms`), the millisecond there, and the metres driven so far.

        Raises
        ------
        ProblemError
            When `factors` has another shape or type, or an entry that is not a positive number, or `slot_s`
            is below 1.
        """
        self._check(origin, destination)
        checked = checked_factors(factors, slot_s)
        node, time_ms, metres = kernels.drive(
            self.tables, checked, slot_s, origin, destination, depart_ms, until_ms
        )
        return int(node), int(time_ms), int(metres)

    def _check(self, *nodes: int) -> None:
        for node in nodes:
            check_node(self.network.node_count, node, self.network.title)

    def _checked(self, nodes: Nodes) -> npt.NDArray[np.int64]:
        array = np.asarray(nodes, np.int64)
        if array.size:
            self._check(int(array.min()), int(array.max()))
        return array


def checked_factors(factors: npt.NDArray[np.float64], slot_s: int) -> npt.NDArray[np.float64]:
    """A read-only view of traffic factors that the kernel `drive` can trust.

    Raises
    ------
    ProblemError
        When they have another shape or type, or an entry that is not a positive number, or `slot_s` is below
        1.
    """
    if slot_s < 1:
        raise ProblemError(f"traffic slots last {slot_s} s; give 1 s or more")
    if factors.dtype != np.float64 or factors.ndim != 2 or factors.shape[0] != len(ROAD_CLASSES):
        raise ProblemError(
            f"traffic factors are {factors.dtype} of shape {factors.shape};"
            f" give float64 of shape ({len(ROAD_CLASSES)} road classes, slots)"
        )
    if factors.shape[1] == 0 or not (np.isfinite(factors).all() and (factors > 0).all()):
        raise ProblemError(
            "traffic factors hold no slot, or an entry that is not a positive number; 1.0 = as planned"
        )
    view = np.ascontiguousarray(factors).view()
    view.flags.writeable = False
    return view


def check_dense(network: Network, node_limit: int = NODE_LIMIT) -> None:
    """Refuse a network that dense tables cannot hold.

    Raises
    ------
    NetworkError
        When it has more than `node_limit` nodes, more than 254 arcs leave one node, or some node does not
        reach another.
    """
    if network.node_count > node_limit:
        raise NetworkError(
            f"{network.title} has {network.node_count:,} nodes;"
            f" dense travel times are limited to {node_limit:,}: cut the area or raise node_limit"
        )
    degrees = np.diff(network.first_out)
    if int(degrees.max()) > LARGEST_OUT_DEGREE:
        node = int(degrees.argmax())
        raise NetworkError(
            f"{int(degrees[node])} arcs leave node {node} of {network.title};"
            f" the limit is {LARGEST_OUT_DEGREE}: drop parallel arcs"
        )
    for is_reverse, relation in ((False, "cannot be reached from"), (True, "cannot reach")):
        lost = np.flatnonzero(one_to_all(network, 0, is_reverse=is_reverse) == UNREACHABLE_MS)
        if len(lost):
            raise NetworkError(
                f"{len(lost):,} nodes of {network.title} {relation} node 0 (first: node {int(lost[0])});"
                " keep its strongly connected part (strongly_connected_part)"
            )


def tables_of(
    network: Network,
    to_s: npt.NDArray[np.uint16] | npt.NDArray[np.int32],
    from_s: npt.NDArray[np.uint16] | npt.NDArray[np.int32],
    next_arc: npt.NDArray[np.uint8],
) -> TravelTables:
    """Tables beside the arcs of their network, all read-only, so that kernels meet one type of array whoever
    made them."""
    for array in (to_s, from_s, next_arc):
        array.flags.writeable = False
    return TravelTables(
        to_s,
        from_s,
        next_arc,
        network.first_out,
        network.head,
        network.travel_ms,
        network.length_m,
        network.road_class,
    )


def _restored(network: Network, *pairs: npt.NDArray[Any]) -> DenseTravelTimes:
    return DenseTravelTimes(network, tables_of(network, *pairs))
