"""Travel tables of every state of the roads: by the period of the day, and by the changes in force.

A state is a set of arc weights; dense tables are computed for it when it first holds, and kept. Two moments
whose weights are the same have the same tables, as one object, so that a user sees by identity that nothing
has changed.

Dense tables want every node to reach every other. So a closed stretch is not taken out: nobody drives into
it, and whoever is on it drives out. Let the rest of the town be the largest part of the network within which
everybody reaches everybody without the stretch. An arc that leaves this part for the stretch, or for a place
from which only the stretch leads back, takes `WAY_IN_S` longer; so does an arc of the stretch from one of its
two ends. All others keep their time. A trip to a place on the stretch is then hours too long to be offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from routing.errors import ClosureError, NoSuchRoadError
from routing.fleet_tables import CLOSED_S
from routing.network import Network, build_network
from routing.network_check import ARRAY_DTYPES, TEXT_FIELDS
from routing.quantities import MS_PER_S, UNREACHABLE
from routing.road_closures import RoadClosure, closed_arcs, cut_off
from routing.road_references import reference_arcs, road_references
from routing.speed_profiles import DAY_S, SpeedProfiles, period_weights, scaled_weights
from routing.target_trees import Progress
from routing.travel_quantiles import QuantileTables
from routing.travel_times import DenseTravelTimes, TravelTables

WAY_IN_S: Final = CLOSED_S
"""What driving into a closed stretch costs: longer than any trip that is offered, and still a number of
seconds like the others."""

FURTHER_NOTICE_S: Final = 2**30
"""End of a change that holds until further notice."""

_PER_MILLE: Final = 1000
_DEGREE_E6: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class RoadChange:
    """A stretch of a road that is closed or slower for a while; whole numbers only, as a row of a journal.

    Parameters
    ----------
    reference
        The road, by its place in `road_references(network)`; 0 is no road.
    first_lat_e6, first_lon_e6, last_lat_e6, last_lon_e6
        Two positions near the road, in millionths of a degree (of a metre in a planar network): the stretch
        lies between them and is meant in both directions.
    factor_pm
        Per mille of the planned time: 1500 = half as long again; 0 = closed.
    begin_s, end_s
        Seconds on the journal's axis; the end is the first second at which it no longer holds,
        `FURTHER_NOTICE_S` if nobody knows it.
    """

    reference: int
    first_lat_e6: int
    first_lon_e6: int
    last_lat_e6: int
    last_lon_e6: int
    factor_pm: int
    begin_s: int
    end_s: int

    def is_in_force(self, at_s: int) -> bool:
        """Whether it holds at a second of the journal's axis."""
        return self.begin_s <= at_s < self.end_s


class RoadBook:
    """The travel tables that hold at a second of the journal's axis, under the changes known.

    Parameters
    ----------
    network
        The roads, with planned times.
    travel_times
        Tables of those planned times: what holds when no profile and no change says otherwise.
    profiles
        Factors on planned times by the hour; None = planned times all day.
    folder
        Where tables are kept between runs, as memory maps; None keeps them in memory.

    Raises
    ------
    ProfileError
        When the profiles make an arc longer than a weight may be.
    NoSuchRoadError
        When they name a road that the network does not have.

    Notes
    -----
    A state of n nodes takes 5 n^2 bytes, on disk or in memory.
    """

    def __init__(
        self,
        network: Network,
        travel_times: DenseTravelTimes,
        profiles: SpeedProfiles | None = None,
        folder: Path | None = None,
    ) -> None:
        self.network = network
        self.profiles = profiles
        self._folder = folder
        self._planned = travel_times
        planned_ms = network.travel_ms
        self._periods = planned_ms[None, :] if profiles is None else period_weights(network, profiles)
        self._references = road_references(network)
        self._states: dict[bytes, DenseTravelTimes] = {_key(planned_ms): travel_times}
        self._keys: dict[tuple[int, frozenset[RoadChange]], bytes] = {}
        self._arcs: dict[RoadChange, npt.NDArray[np.int32]] = {}
        self._ways_in: dict[frozenset[RoadChange], npt.NDArray[np.int64]] = {}
        self._quantiles: dict[tuple[float, int, int], QuantileTables] = {}
        self._stay: tuple[tuple[RoadChange, ...], int, int | None] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return RoadBook, (self.network, self._planned, self.profiles, self._folder)

    @classmethod
    def fixed(cls, tables: TravelTables) -> RoadBook:
        """Roads that never change, of which nothing is known but their tables: they carry no references, so
        that no change can name one."""
        nodes = len(tables.first_out) - 1
        network = build_network(
            tail=np.repeat(np.arange(nodes), np.diff(tables.first_out)),
            head=tables.head,
            length_m=tables.arc_m,
            travel_ms=tables.arc_ms,
            road_class=tables.arc_class,
            lat=np.zeros(nodes),
            lon=np.zeros(nodes),
            title="a network of fixed tables",
            is_planar=True,
        )
        return cls(network, DenseTravelTimes(network, tables))

    def tables(self, changes: Sequence[RoadChange], at_s: int) -> TravelTables:
        """The tables that hold at a second; the same object whenever the weights are the same.

        Raises
        ------
        NoSuchRoadError, SnapError, ClosureError, ProfileError
            As `check`, for a change that holds then.
        """
        return self.travel_times(changes, at_s).tables

    def travel_times(self, changes: Sequence[RoadChange], at_s: int) -> DenseTravelTimes:
        """The travel times that hold at a second, and raise as `tables`."""
        return self._state(changes, at_s, None)

    def quantiles(self, sigma: float, slot_s: int, percent: int) -> QuantileTables:
        """What makes tables of quantiles of these (as `QuantileTables`), each once for all who ask."""
        rule = sigma, slot_s, percent
        if rule not in self._quantiles:
            self._quantiles[rule] = QuantileTables(*rule)
        return self._quantiles[rule]

    def next_border(self, changes: Sequence[RoadChange], at_s: int) -> int | None:
        """First second after `at_s` at which other tables hold than at `at_s`; None if none ever do.

        Raises
        ------
        NoSuchRoadError, SnapError, ClosureError, ProfileError
            As `check`.
        """
        known = tuple(changes)
        if self._stay is not None:
            of, from_s, border_s = self._stay
            if of == known and from_s <= at_s and (border_s is None or at_s < border_s):
                return border_s
        border_s = self._search_border(known, at_s)
        self._stay = known, at_s, border_s
        return border_s

    def check(self, change: RoadChange) -> None:
        """Refuse a change that means nothing here.

        Raises
        ------
        NoSuchRoadError
            When it names no road of the network.
        SnapError
            When a position is too far from that road, or is no place.
        ClosureError
            When it ends before it begins, its factor is none, or the road does not lead from one position to
            the other.
        ProfileError
            When it slows an arc beyond what a weight may be.
        """
        arcs = self._arcs_of(change)
        if change.factor_pm:
            factor = np.full(len(arcs), change.factor_pm / _PER_MILLE)
            for row in self._periods:
                scaled_weights(row[arcs], factor, "a slowed road")

    def prepare(
        self, changes: Sequence[RoadChange], from_s: int, until_s: int, progress: Progress | None = None
    ) -> int:
        """Compute every state that holds from one second to another, and say how many there are.

        Parameters
        ----------
        progress
            Called with targets done and targets in all, over all states that have to be computed.
        """
        moments, at_s = [from_s], self.next_border(changes, from_s)
        while at_s is not None and at_s <= until_s:
            moments.append(at_s)
            at_s = self.next_border(changes, at_s)
        keys = {self._key_at(tuple(changes), moment): moment for moment in reversed(moments)}
        missing = sorted(moment for key, moment in keys.items() if key not in self._states)
        for place, moment in enumerate(missing):
            self._state(changes, moment, _part(progress, place, len(missing)))
        return len(keys)

    def reference_of(self, name: str) -> int:
        """The number of a road in a `RoadChange`.

        Raises
        ------
        NoSuchRoadError
            When no road has that reference.
        """
        reference_arcs(self.network, name)
        return self._references.index(name)

    def reference_name(self, reference: int) -> str:
        """The road that a `RoadChange` means, as its signs name it.

        Raises
        ------
        NoSuchRoadError
            When there is no such number, or it is 0.
        """
        if not 0 < reference < len(self._references):
            known = ", ".join(f"{number} = {name}" for number, name in enumerate(self._references) if number)
            remedy = f"give one of {known}" if known else "its roads carry no references"
            raise NoSuchRoadError(
                f"a change names road {reference}, which {self.network.title} does not have; {remedy}"
            )
        return self._references[reference]

    def _state(self, changes: Sequence[RoadChange], at_s: int, progress: Progress | None) -> DenseTravelTimes:
        key = self._key_at(tuple(changes), at_s)
        if key not in self._states:
            roads = reweighted(self.network, self._weights(*self._what_holds(tuple(changes), at_s)))
            if self._folder is None:
                self._states[key] = DenseTravelTimes.build(roads, progress=progress)
            else:
                self._states[key] = DenseTravelTimes.cached(roads, self._folder, progress)
        return self._states[key]

    def _what_holds(self, changes: tuple[RoadChange, ...], at_s: int) -> tuple[int, frozenset[RoadChange]]:
        """Period of a second, and the changes in force, without their times."""
        period = 0 if self.profiles is None else self.profiles.period_at(at_s)
        in_force = frozenset(
            replace(change, begin_s=0, end_s=1) for change in changes if change.is_in_force(at_s)
        )
        return period, in_force

    def _key_at(self, changes: tuple[RoadChange, ...], at_s: int) -> bytes:
        holds = self._what_holds(changes, at_s)
        if holds not in self._keys:
            self._keys[holds] = _key(self._weights(*holds))
        return self._keys[holds]

    def _weights(self, period: int, in_force: frozenset[RoadChange]) -> npt.NDArray[np.int32]:
        """Milliseconds of every arc; of several slow-downs the strongest counts, and a closure before all."""
        base: npt.NDArray[np.int32] = self._periods[period]
        if not in_force:
            return base
        factor = np.ones(len(base))
        for change in in_force:
            arcs = self._arcs_of(change)
            factor[arcs] = np.maximum(factor[arcs], change.factor_pm / _PER_MILLE)
        weights: npt.NDArray[np.int32] = scaled_weights(base, factor, "a slowed road")
        weights[self._closed_ways_in(in_force)] += WAY_IN_S * MS_PER_S
        return weights

    def _closed_ways_in(self, in_force: frozenset[RoadChange]) -> npt.NDArray[np.int64]:
        """Arcs by which nobody may drive, ascending."""
        closures = frozenset(change for change in in_force if change.factor_pm == 0)
        if closures not in self._ways_in:
            stretches = [self._arcs_of(change) for change in closures]
            arcs = np.unique(np.concatenate([np.zeros(0, np.int32), *stretches]))
            self._ways_in[closures] = ways_into(self.network, arcs)
        return self._ways_in[closures]

    def _arcs_of(self, change: RoadChange) -> npt.NDArray[np.int32]:
        if change not in self._arcs:
            self._arcs[change] = closed_arcs(self.network, self._closure(change))
        return self._arcs[change]

    def _closure(self, change: RoadChange) -> RoadClosure:
        name = self.reference_name(change.reference)
        if change.factor_pm and change.factor_pm <= _PER_MILLE:
            raise ClosureError(
                f"the change of {name} makes {change.factor_pm} per mille of the planned time;"
                f" give more than {_PER_MILLE}, or 0 to close the road"
            )
        first = change.first_lat_e6 / _DEGREE_E6, change.first_lon_e6 / _DEGREE_E6
        last = change.last_lat_e6 / _DEGREE_E6, change.last_lon_e6 / _DEGREE_E6
        return RoadClosure(
            name,
            change.begin_s,
            change.end_s,
            (first, last),
            slow_factor=change.factor_pm / _PER_MILLE if change.factor_pm else None,
        )

    def _search_border(self, changes: tuple[RoadChange, ...], at_s: int) -> int | None:
        """Go through the seconds at which something begins or ends; while no change does, days repeat."""
        now = self._key_at(changes, at_s)
        edges = sorted({edge for one in changes for edge in (one.begin_s, one.end_s)})
        later = [edge for edge in edges if at_s < edge < FURTHER_NOTICE_S]
        for from_s, until_s in pairwise([at_s, *later, FURTHER_NOTICE_S]):
            for border_s in self._borders_between(from_s, min(until_s, from_s + DAY_S + 1)):
                if border_s > at_s and self._key_at(changes, border_s) != now:
                    return border_s
        return None

    def _borders_between(self, from_s: int, until_s: int) -> list[int]:
        """`from_s`, and the begins of periods after it and before `until_s`, ascending."""
        if self.profiles is None:
            return [from_s]
        midnight_s = from_s - from_s % DAY_S
        begins = self.profiles.borders_s()[:-1].tolist()
        later = [midnight_s + days * DAY_S + begin for days in (0, 1) for begin in begins]
        return [from_s, *(second for second in later if from_s < second < until_s)]


def ways_into(network: Network, stretch: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Arcs by which one would drive into a closed stretch, as the head of this file defines them.

    Parameters
    ----------
    stretch
        int32, shape (k,). The arcs that are closed, of one stretch or of several.

    Returns
    -------
    int64, ascending. Without them the rest of the town is left by nobody, and nobody enters the stretch at
    its ends.
    """
    is_closed = np.zeros(network.arc_count, np.bool_)
    is_closed[stretch] = True
    tail, head = network.tail, network.head
    is_outside = np.ones(network.node_count, np.bool_)
    is_outside[cut_off(network, np.where(is_closed, UNREACHABLE, network.travel_ms))] = False
    ends = np.column_stack((tail[stretch], head[stretch]))
    neighbours = np.unique(np.concatenate((ends, ends[:, ::-1])), axis=0)[:, 0]
    is_end = np.bincount(neighbours, minlength=network.node_count) == 1
    leaves = is_outside[tail] & (is_closed | ~is_outside[head])
    return np.flatnonzero(leaves | (is_closed & is_end[tail]))


def reweighted(network: Network, weights: npt.NDArray[np.int32]) -> Network:
    """The same roads with other planned times; parallel arcs change places where their order is another
    now."""
    texts = {name: getattr(network, name) for name in TEXT_FIELDS}
    arrays = {name: getattr(network, name) for name in ARRAY_DTYPES}
    del arrays["first_out"]
    return build_network(tail=network.tail, **{**arrays, **texts, "travel_ms": weights})


def _key(weights: npt.NDArray[np.int32]) -> bytes:
    return sha256(weights.tobytes()).digest()


def _part(progress: Progress | None, place: int, places: int) -> Progress | None:
    """Progress of one of several tables, as progress of all of them."""
    if progress is None:
        return None
    return lambda done, total: progress(place * total + done, places * total)
