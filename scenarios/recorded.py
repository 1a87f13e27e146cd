"""Requests that were recorded or written down: one line each in a CSV file.

`docs/scenarios.md` describes the columns.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from maas.service_definition import AGE_BANDS, CHANNELS
from routing.errors import SnapError
from routing.snapping import Snapper
from scenarios.city import OUTSIDE, CityMap
from scenarios.csv_table import CsvTable, read_csv
from scenarios.demand_day import ARRIVE_BY, DEPART_AFTER, NEVER, PURPOSES, DemandDay, demand_day
from scenarios.errors import RequestFileError
from scenarios.stated import clock_seconds

REQUIRED_COLUMNS = (
    "request",
    "booked_at",
    "wish_at",
    "origin_lat",
    "origin_lon",
    "destination_lat",
    "destination_lon",
)
OPTIONAL_COLUMNS = (
    "time_kind",
    "seats",
    "wheelchairs",
    "age_band",
    "channel",
    "purpose",
    "is_disabled",
    "is_resident",
    "answer_s",
    "max_shift_min",
    "cancels_at",
    "is_no_show",
)
TIME_KINDS = {"depart": DEPART_AFTER, "arrive": ARRIVE_BY}

_TRUTHS = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
_ANSWER_S = 20
_MAX_SHIFT_MIN = 60
_LARGEST_PARTY = 60

T = TypeVar("T")


def read_requests(path: Path | str, city: CityMap, snap_limit_m: float) -> DemandDay:
    """The requests of a CSV file on the network of a city, from door to door.

    Requests whose two ends lie at the same node are left out.

    Raises
    ------
    RequestFileError
        When the file is missing, a column is missing or misspelt, or a line is bad: a time that is none, a
        request asked for after its wish, a place too far from every road or outside the area.
    """
    table = read_csv(Path(path), REQUIRED_COLUMNS, RequestFileError)
    _refuse_misspelt(table)
    table.refuse_repeats("request")
    count = len(table)
    booked_s = _times(table, "booked_at")
    wish_s = _times(table, "wish_at")
    for row in np.flatnonzero(booked_s > wish_s)[:1]:
        raise table.fault(
            int(row),
            f"booked_at {table.texts('booked_at')[row]} lies after wish_at {table.texts('wish_at')[row]};"
            ' write "D-1 17:00" for the day before',
        )
    seats = _whole(table, "seats", 1, _LARGEST_PARTY)
    wheelchairs = _whole(table, "wheelchairs", 0, _LARGEST_PARTY)
    for row in np.flatnonzero(seats + wheelchairs == 0)[:1]:
        raise table.fault(int(row), "seats and wheelchairs are both 0; give at least one rider")
    snapper = Snapper(city.network)
    origin = _places(table, "origin", city, snapper, snap_limit_m)
    destination = _places(table, "destination", city, snapper, snap_limit_m)
    nothing = np.zeros(count, np.int32)
    day = demand_day(
        rider=table.integers("request", 0),
        booked_at_s=booked_s,
        origin=origin,
        destination=destination,
        pickup=origin,
        dropoff=destination,
        walk_to_pickup_s=nothing,
        walk_from_dropoff_s=nothing,
        time_kind=_codes(table, "time_kind", TIME_KINDS, DEPART_AFTER),
        wish_s=wish_s,
        seats=seats,
        wheelchairs=wheelchairs,
        age_band=_codes(table, "age_band", _numbered(AGE_BANDS), AGE_BANDS.index("15-64")),
        channel=_codes(table, "channel", _numbered(CHANNELS), CHANNELS.index("phone")),
        area=np.maximum(city.area_of_node[origin], 0),
        purpose=_codes(table, "purpose", _numbered(PURPOSES), PURPOSES.index("unknown")),
        is_disabled=_codes(table, "is_disabled", _TRUTHS, False),
        is_resident=_codes(table, "is_resident", _TRUTHS, True),
        answer_s=_whole(table, "answer_s", _ANSWER_S, 86_400),
        max_shift_s=_whole(table, "max_shift_min", _MAX_SHIFT_MIN, 1_440) * 60,
        cancels_at_s=_times(table, "cancels_at"),
        is_no_show=_codes(table, "is_no_show", _TRUTHS, False),
        knows_service=~nothing.astype(np.bool_),
        walks_too_far=nothing,
    )
    return day.take(day.origin != day.destination)


def _refuse_misspelt(table: CsvTable) -> None:
    """Further columns are allowed, unless they look like one of ours."""
    known = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
    for column in table.columns:
        close = difflib.get_close_matches(column, known, 1, 0.8)
        if column not in known and close and close[0] not in table.columns:
            raise table.error(
                f"{table.path} line 1: column {column!r} is not known; did you mean {close[0]!r}?"
            )


def _read(table: CsvTable, column: str, parse: Callable[[str], T], blank: T) -> list[T]:
    """Values of a column; `blank` where it or its value is left out. A `ValueError` names the line."""
    if not table.has(column):
        return [blank] * len(table)
    values: list[T] = []
    for row, text in enumerate(table.texts(column)):
        try:
            values.append(parse(text) if text else blank)
        except ValueError as error:
            raise table.fault(row, str(error)) from None
    return values


def _times(table: CsvTable, column: str) -> npt.NDArray[np.int64]:
    if column in REQUIRED_COLUMNS:
        for row, text in enumerate(table.texts(column)):
            if not text:
                raise table.fault(row, f"{column} is empty; write a time as HH:MM, for example 08:30")
    return np.array(_read(table, column, clock_seconds, NEVER), dtype=np.int64)


def _whole(table: CsvTable, column: str, blank: int, most: int) -> npt.NDArray[np.int64]:
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) > most:
            raise ValueError(f"{column} is {text!r}; give a whole number from 0 to {most}")
        return int(text)

    return np.array(_read(table, column, parse, blank), dtype=np.int64)


def _codes(table: CsvTable, column: str, codes: Mapping[str, int], blank: int) -> npt.NDArray[np.int64]:
    def parse(text: str) -> int:
        if text.lower() not in codes:
            raise ValueError(f"{column} is {text!r}; give one of {', '.join(codes)}")
        return codes[text.lower()]

    return np.array(_read(table, column, parse, blank), dtype=np.int64)


def _numbered(names: tuple[str, ...]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _places(
    table: CsvTable, end: str, city: CityMap, snapper: Snapper, snap_limit_m: float
) -> npt.NDArray[np.int64]:
    """Nodes of one end of the requests."""
    lats, lons = table.floats(f"{end}_lat"), table.floats(f"{end}_lon")
    nodes = np.empty(len(table), np.int64)
    for row in range(len(table)):
        where = f"{end} {lats[row]:g}, {lons[row]:g}"
        try:
            nodes[row] = snapper.snap(float(lats[row]), float(lons[row]), snap_limit_m).node
        except SnapError as error:
            raise table.fault(row, f"{end}: {error}") from None
        if city.area_of_node[nodes[row]] == OUTSIDE:
            raise table.fault(row, f"{where} lies outside the area; correct it or leave the line out")
    return nodes
