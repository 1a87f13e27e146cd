"""A day of one service as the page draws it: whole metres, seconds and numbers, packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboards.map_sheet import Plane, courses
from dashboards.replay_map.drives import Drive, drives_of, nodes_of
from dashboards.replay_map.landmarks import Landmark, near_names
from dashboards.replay_map.packing import packed, packed_lines
from dashboards.replay_map.rider_courses import NEVER, RiderCourses, load_steps, rider_courses
from dashboards.replay_map.road_news import stretches
from maas.dispatch import codec
from maas.i18n.wording import Language
from maas.service_definition import VehicleType
from maas.store.journal import Journal
from routing.road_book import RoadBook

_QUARTER_S: Final = 900

REQUEST_COLUMNS: Final = (
    "request", "origin", "destination", "riders", "asked_s", "wished_s", "due_s", "pickup_s", "ride_s",
    "end_s", "vehicle", "fate", "reason",
)  # fmt: skip
"""Order of the columns of a request in the page; `page/day.js` reads them by this order."""


@dataclass(frozen=True, eq=False, slots=True)
class ReplayDay:
    """A journal over its roads, ready to be drawn.

    Parameters
    ----------
    journal, plane
        What happened; where its metres are counted from.
    drives
        By vehicle and time.
    riders
        One entry a request.
    bases
        int64, shape (vehicles,). Nodes.
    """

    journal: Journal
    book: RoadBook
    plane: Plane
    drives: list[Drive]
    riders: RiderCourses
    bases: npt.NDArray[np.int64]

    @classmethod
    def of(cls, journal: Journal, book: RoadBook, plane: Plane) -> ReplayDay:
        """Prepare a journal.

        Raises
        ------
        ReplayError
            When it names a place that the network does not have.
        JournalError
            When it contradicts itself.
        """
        bases = np.array([vehicle.base for vehicle in journal.header.service.vehicles], np.int64)
        return cls(
            journal,
            book,
            plane,
            drives_of(journal, book),
            rider_courses(journal, book.network),
            nodes_of(book.network, bases),
        )

    @property
    def span_s(self) -> tuple[int, int]:
        """First and last second that is worth showing, on quarters of an hour."""
        service = self.journal.header.service
        begins = [vehicle.start_s for vehicle in service.vehicles]
        ends = [vehicle.end_s for vehicle in service.vehicles]
        begins += [drive.depart_s for drive in self.drives]
        ends += [drive.arrive_s for drive in self.drives]
        wished = self.riders.wished_s
        begins.append(int(wished.min(initial=begins[0])))
        ends.append(int(wished.max(initial=ends[0])))
        return max(min(begins), 0) // _QUARTER_S * _QUARTER_S, -(-max(ends) // _QUARTER_S) * _QUARTER_S

    def to_json(self, title: str, marks: Sequence[Landmark], language: Language) -> dict[str, Any]:
        """What the page gets of this day."""
        network, riders = self.book.network, self.riders
        used = np.unique(np.concatenate([drive.arcs for drive in self.drives] or [np.zeros(0, np.int32)]))
        stops = [node for drive in self.drives for node in (drive.from_node, drive.to_node)]
        ends = np.unique(
            np.concatenate((riders.origin, riders.destination, self.bases, stops)).astype(np.int64)
        )
        at = self.plane.xy(network.lat[ends], network.lon[ends])
        names = near_names(marks, at)
        known = sorted({name.text(language) for name in names if name is not None})
        called = [-1 if name is None else known.index(name.text(language)) for name in names]
        place_of = {int(node): place for place, node in enumerate(ends)}
        return {
            "title": title,
            "vehicles": self._vehicles(place_of),
            "names": known,
            "places": packed(
                number
                for (x, y), name in zip(np.rint(at).astype(int).tolist(), called, strict=True)
                for number in (x, y, name)
            ),
            "stretches": self._stretches(),
            "arcs": packed_lines(courses(network, used.astype(np.int64), self.plane)),
            "drives": packed(self._drive_numbers(used, place_of)),
            "requests": packed(self._request_numbers(place_of)),
            "requestCount": len(riders),
        }

    def _vehicles(self, place_of: dict[int, int]) -> list[dict[str, Any]]:
        service = self.journal.header.service
        loads = load_steps(self.journal, self.riders)
        breaks = self._breaks(len(service.vehicles))
        failed = self.journal.columns(codec.VEHICLE_FAILED)
        failed_s = dict(zip(failed["vehicle"].tolist(), failed["at"].tolist(), strict=True))
        types = {kind.name: kind for kind in service.vehicle_types}
        return [
            {
                "id": vehicle.vehicle_id,
                "type": vehicle.vehicle_type,
                "seats": most_riders(types[vehicle.vehicle_type]),
                "base": place_of[int(self.bases[place])],
                "shift": [vehicle.start_s, vehicle.end_s],
                "breaks": breaks[place],
                "failed": failed_s.get(place),
                "loads": [number for step in loads[place] for number in step],
            }
            for place, vehicle in enumerate(service.vehicles)
        ]

    def _breaks(self, fleet: int) -> list[list[list[int]]]:
        started, ended = (self.journal.columns(kind) for kind in (codec.BREAK_STARTED, codec.BREAK_ENDED))
        found: list[list[list[int]]] = [[] for _ in range(fleet)]
        for vehicle, at_s in zip(started["vehicle"].tolist(), started["at"].tolist(), strict=True):
            later = ended["at"][(ended["vehicle"] == vehicle) & (ended["at"] >= at_s)]
            found[vehicle].append([at_s, int(later.min(initial=NEVER))])
        return found

    def _stretches(self) -> list[dict[str, Any]]:
        return [
            {
                "from": one.from_s,
                "until": one.until_s,
                "isClosed": one.is_closed,
                "lines": packed_lines(courses(self.book.network, one.arcs, self.plane)),
            }
            for one in stretches(self.journal, self.book)
        ]

    def _drive_numbers(self, used: npt.NDArray[np.int32], place_of: dict[int, int]) -> list[int]:
        """For each drive: vehicle, departure (after that of the drive before), places, number of arcs, and of
        each arc its difference in number to the one before and how long it took."""
        numbers: list[int] = []
        before_s = 0
        for drive in self.drives:
            arcs = np.searchsorted(used, drive.arcs)
            numbers += (
                drive.vehicle,
                drive.depart_s - before_s,
                drive.arrive_s - drive.depart_s,
                place_of[drive.from_node],
                place_of[drive.to_node],
                len(arcs),
            )
            numbers += (
                np.column_stack((np.diff(arcs, prepend=0), np.diff(drive.until_ds, prepend=0)))
                .ravel()
                .tolist()
            )
            before_s = drive.depart_s
        return numbers

    def _request_numbers(self, place_of: dict[int, int]) -> list[int]:
        """Column after column; places by their number in the page, times from the wished departure on."""
        riders = self.riders
        columns: list[npt.NDArray[np.int64]] = []
        for name in REQUEST_COLUMNS:
            column: npt.NDArray[np.int64] = getattr(riders, name)
            if name in ("origin", "destination"):
                column = np.array([place_of[int(node)] for node in column], np.int64)
            columns.append(column)
        return [number for column in columns for number in column.tolist()]


def busiest_s(days: Sequence[ReplayDay]) -> int:
    """The quarter of an hour at which most people are on board of all services together."""
    first, last = min(day.span_s[0] for day in days), max(day.span_s[1] for day in days)
    return max(
        range(first, last + 1, _QUARTER_S),
        key=lambda second: sum(day.riders.riders_at(second)["riding"] for day in days),
    )


def most_riders(kind: VehicleType) -> int:
    """How many persons a vehicle takes if none sits in a wheelchair; of several rows the tightest counts."""
    return min((row.limit // row.seats for row in kind.capacity if row.seats), default=0)
