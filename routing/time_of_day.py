"""Travel times for a departure, under planned times that change by period: exact over arcs, and quick over
pairs of places.

Leaving later never arrives earlier (FIFO), to the millisecond, in both.

Over arcs (`RoadsByPeriod`): the speed on an arc is constant within a period and time is its integral
(Ichoua, Gendreau & Potvin 2003). What is left of an arc when a period ends is kept as milliseconds at that
period's pace and carried over the border in proportion to the next pace, rounded half-up. FIFO: let one
vehicle enter an arc before another. Within a period both drive the same distance in the same time, so the
second stays behind; a border maps what is left by one rising function, and what is left is never more than
the whole arc, which is what the second still has to do if it enters only now. So it stays behind until the
end of the arc. Arrival over a path is a chain of rising functions, and the least of several rising functions
rises.

Over pairs (`TimesByDeparture`): each period has a frozen answer, the shortest time D_k of the pair if that
period never ended. Taking it as it stands breaks FIFO: where D falls at a border, leaving just before the
border arrives later than leaving at it. So the pair is taken as one arc of pace D_k: a trip that crosses a
border has driven the share (time to the border) / D_k of its way, and drives the rest at the pace of the next
period. Between D_k before the border and the border itself the answer moves linearly from D_k to D_(k+1), and
FIFO holds by the argument above. Where all arcs share one factor in each period this is exact but for the
rounding; elsewhere it is not: it knows neither where on its way a trip meets the border, nor a way that is
the shortest in no period. `docs/time_of_day.md` has the error measured.

An arc, or a pair, that is closed in a period (`UNREACHABLE`) is waited for: nothing is driven until a period
in which it is open. Waiting is FIFO; being turned away, and let in later, would not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from routing import _kernels_time_of_day as kernels
from routing.errors import NetworkError, NoWayError, ProfileError
from routing.network import Network
from routing.quantities import MS_PER_S, UNREACHABLE, UNREACHABLE_MS
from routing.shortest_paths import check_node
from routing.speed_profiles import DAY_S, SpeedProfiles, period_weights
from routing.weighted_graph import checked_weights

_KEY_BITS: Final = 62
_DAY_MS: Final = DAY_S * MS_PER_S


class PeriodTables(NamedTuple):
    """Arcs with one time a period, as kernels take them; read-only.

    first_out: int32 (n + 1,). head: int32 (m,). borders_ms: int64 (K + 1,), begins of the periods, then the
    length of the day. weight_ms: int32 (K, m), `UNREACHABLE` = closed.
    """

    first_out: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    borders_ms: npt.NDArray[np.int64]
    weight_ms: npt.NDArray[np.int32]


class RoadsByPeriod:
    """A network whose arcs take their own time in each period: earliest arrivals, exact.

    Parameters
    ----------
    weights
        int32, shape (K, m). Milliseconds, `UNREACHABLE` = closed; by default those of `period_weights`.

    Raises
    ------
    ProfileError
        When there is not one row of weights for each period.
    NetworkError
        When the times are too long for one search.
    WeightError, NoSuchRoadError
        As `period_weights`.
    """

    __slots__ = ("_node_bits", "network", "profiles", "tables")

    def __init__(
        self, network: Network, profiles: SpeedProfiles, weights: npt.ArrayLike | None = None
    ) -> None:
        rows = period_weights(network, profiles) if weights is None else np.asarray(weights)
        periods = len(profiles.periods)
        if rows.ndim != 2 or len(rows) != periods:
            raise ProfileError(
                f"weights have shape {rows.shape} for {periods} periods and {network.arc_count} arcs;"
                " give one row for each period"
            )
        weight_ms = np.stack([checked_weights(row, network.arc_count) for row in rows])
        borders_ms = profiles.borders_s() * MS_PER_S
        for array in (weight_ms, borders_ms):
            array.flags.writeable = False
        self.network = network
        self.profiles = profiles
        self.tables = PeriodTables(network.first_out, network.head, borders_ms, weight_ms)
        self._node_bits = _node_bits(network, self.tables)

    def one_to_all(self, source: int, depart_s: int) -> npt.NDArray[np.int64]:
        """Least travel time from `source`, left at `depart_s` on the journal's axis, to every node.

        Returns
        -------
        int64, shape (n,). Milliseconds; `UNREACHABLE_MS` where there is no way.

        Raises
        ------
        NetworkError
            When `source` is not a node of the network.
        """
        return self._search(source, depart_s)[0]

    def path(self, source: int, target: int, depart_s: int) -> npt.NDArray[np.int32]:
        """int32. Arcs of a way that arrives earliest, in driving order, the same at every call.

        Raises
        ------
        NetworkError
            When a node is not in the network.
        NoWayError
            When there is no way.
        """
        check_node(self.network.node_count, target, self.network.title)
        elapsed, via = self._search(source, depart_s)
        if elapsed[target] == UNREACHABLE_MS:
            raise NoWayError(f"there is no way from node {source} to node {target} in {self.network.title}")
        tail = self.network.tail
        arcs, node = [], target
        while node != source:
            arcs.append(int(via[node]))
            node = int(tail[arcs[-1]])
        return np.array(arcs[::-1], np.int32)

    def time_along(self, arcs: npt.ArrayLike, depart_s: int) -> int:
        """Milliseconds over given arcs, one after the other, from `depart_s`; `UNREACHABLE_MS` where one is
        closed all day.

        Raises
        ------
        NetworkError
            When an arc is not in the network.
        """
        driven = np.asarray(arcs)
        driven = np.zeros(0, np.int64) if driven.size == 0 else driven.astype(np.int64)
        wrong = driven[(driven < 0) | (driven >= self.network.arc_count)]
        if len(wrong):
            raise NetworkError(
                f"arc {int(wrong[0])} is not in {self.network.title}; its arcs are 0 to"
                f" {self.network.arc_count - 1}"
            )
        tables = self.tables
        elapsed = int(
            kernels.time_along(tables.borders_ms, tables.weight_ms, driven, depart_s * MS_PER_S, UNREACHABLE)
        )
        return UNREACHABLE_MS if elapsed < 0 else elapsed

    def _search(self, source: int, depart_s: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        n = self.network.node_count
        check_node(n, source, self.network.title)
        elapsed, via = np.empty(n, np.int64), np.empty(n, np.int32)
        heap = np.empty(self.network.arc_count + 1, np.int64)
        kernels.earliest_arrivals(
            self.tables,
            source,
            depart_s * MS_PER_S,
            self._node_bits,
            UNREACHABLE,
            UNREACHABLE_MS,
            heap,
            elapsed,
            via,
        )
        return elapsed, via


class PeriodMetric(Protocol):
    """Shortest times of one period: a `Metric` of the hierarchy, or dense tables."""

    def matrix(
        self, sources: npt.NDArray[np.int64], targets: npt.NDArray[np.int64], /
    ) -> npt.NDArray[np.int32]:
        """int32, shape (sources, targets). `UNREACHABLE` where there is no way."""


class TimesByDeparture:
    """Travel times between places by departure, from one metric a period (see above).

    Parameters
    ----------
    metrics
        One for each period; periods with the same weights may share one.
    unit_ms
        Milliseconds of one unit of the metrics: 1, or 1000 for tables in seconds.

    Raises
    ------
    ProfileError
        When there is not one metric for each period, or the unit is below 1 ms.
    """

    __slots__ = ("_borders_ms", "metrics", "profiles", "unit_ms")

    def __init__(self, profiles: SpeedProfiles, metrics: Sequence[PeriodMetric], *, unit_ms: int = 1) -> None:
        if len(metrics) != len(profiles.periods):
            raise ProfileError(
                f"{len(metrics)} metrics for {len(profiles.periods)} periods; give one for each period"
            )
        if unit_ms < 1:
            raise ProfileError(f"a unit of the metrics lasts {unit_ms} ms; give 1 ms or more")
        self.profiles = profiles
        self.metrics = tuple(metrics)
        self.unit_ms = unit_ms
        self._borders_ms = profiles.borders_s() * MS_PER_S

    def seconds(self, origin: int, destination: int, depart_s: int) -> int:
        """Seconds from one node to another for a departure, `UNREACHABLE` where there is never a way."""
        return int(self.matrix([origin], [destination], depart_s)[0, 0])

    def matrix(
        self, origins: npt.ArrayLike, destinations: npt.ArrayLike, depart_s: npt.ArrayLike
    ) -> npt.NDArray[np.int32]:
        """Seconds between places for departures.

        Parameters
        ----------
        depart_s
            Second on the journal's axis at which all origins are left, or one for each, shape (s,).

        Returns
        -------
        int32, shape (s, t). Rounded half-up once; `UNREACHABLE` where there is a way in no period.

        Raises
        ------
        ProfileError
            When `depart_s` has another shape.
        """
        sources = np.atleast_1d(np.asarray(origins)).astype(np.int64)
        targets = np.atleast_1d(np.asarray(destinations)).astype(np.int64)
        departs = np.asarray(depart_s).astype(np.int64)
        if departs.shape not in ((), (len(sources),)):
            raise ProfileError(
                f"departures have shape {departs.shape} for {len(sources)} origins; give one for all or each"
            )
        of_day = np.broadcast_to(departs * MS_PER_S % _DAY_MS, (len(sources),))
        period = np.searchsorted(self._borders_ms, of_day, side="right") - 1
        answer = np.empty((len(sources), len(targets)), np.int32)
        for first in np.unique(period).tolist():
            rows = np.flatnonzero(period == first)
            room_ms = self._borders_ms[first + 1] - of_day[rows]
            answer[rows] = self._seconds(sources[rows], targets, first, room_ms)
        return answer

    def _seconds(
        self,
        sources: npt.NDArray[np.int64],
        targets: npt.NDArray[np.int64],
        period: int,
        room_ms: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int32]:
        """Seconds for departures in one period, `room_ms` (s,) before it ends: `arc_crossing` for pairs."""
        shape = len(sources), len(targets)
        left, pace = np.ones(shape, np.int64), np.ones(shape, np.int64)
        passed = np.zeros((len(sources), 1), np.int64)
        found = np.full(shape, UNREACHABLE_MS, np.int64)
        shut = np.zeros(shape, np.int64)
        under_way = np.ones(shape, np.bool_)
        room = room_ms[:, None]
        periods = len(self.metrics)
        while under_way.any():
            here = self.metrics[period].matrix(sources, targets).astype(np.int64)
            is_open = (here != UNREACHABLE) & under_way
            here *= self.unit_ms
            if int(here.max(where=is_open, initial=0)) > UNREACHABLE:
                raise ProfileError(
                    f"a time of period {self.profiles.periods[period].span} is more than {UNREACHABLE} ms;"
                    " check the unit of the metrics"
                )
            carried = (left * here + pace // 2) // np.maximum(pace, 1)
            left, pace = np.where(is_open, carried, left), np.where(is_open, here, pace)
            arrives = is_open & (left <= room)
            found = np.where(arrives, passed + left, found)
            left = np.where(is_open, left - room, left)
            shut = np.where(is_open, 0, shut + 1)
            under_way &= ~arrives & (shut < periods)
            passed = passed + room
            period = (period + 1) % periods
            room = np.full_like(room, self._borders_ms[period + 1] - self._borders_ms[period])
        # Departures are whole seconds: rounding the time rounds the arrival, which keeps the order.
        rounded = (found + MS_PER_S // 2) // MS_PER_S
        return np.where(found == UNREACHABLE_MS, UNREACHABLE, rounded).astype(np.int32)


def _node_bits(network: Network, tables: PeriodTables) -> int:
    """Bits of a heap key that hold the node, checked against the longest possible path."""
    is_closed = tables.weight_ms == UNREACHABLE
    longest_ms = np.where(is_closed, 0, tables.weight_ms).max(axis=0, initial=0).astype(np.int64)
    # An arc that is closed at times is driven for at least the shortest period of each day.
    shortest_ms = int(np.diff(tables.borders_ms).min())
    longest_ms += np.where(is_closed.any(axis=0), (longest_ms // shortest_ms + 2) * _DAY_MS, 0)
    bits = max(1, (network.node_count - 1).bit_length())
    sum_ms = int(longest_ms.sum())
    if sum_ms.bit_length() + bits > _KEY_BITS:
        raise NetworkError(
            f"travel times of {network.title} sum to {sum_ms} ms over {network.node_count} nodes, too much"
            " for one search; check that they are milliseconds, and that periods last minutes or more"
        )
    return bits
