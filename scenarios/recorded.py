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

from maas.i18n.wording import Wording
from maas.service_definition import AGE_BANDS, CHANNELS
from routing.errors import SnapError
from routing.snapping import Snapper
from scenarios.city import OUTSIDE, CityMap
from scenarios.csv_table import CsvTable, csv_table, read_csv
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


class _BadValueError(ValueError):
    """A value of a cell that cannot be used; the table names its line."""

    def __init__(self, wording: Wording) -> None:
        super().__init__(wording.en)
        self.wording = wording


def read_requests(path: Path | str, city: CityMap, snap_limit_m: float) -> DemandDay:
    """The requests of a CSV file on the network of a city, from door to door.

    Requests whose two ends lie at the same node are left out.

    Raises
    ------
    RequestFileError
        When the file is missing, a column is missing or misspelt, or a line is bad: a time that is none, a
        request asked for after its wish, a place too far from every road or outside the area.
    """
    return _requests(read_csv(Path(path), REQUIRED_COLUMNS, RequestFileError), city, snap_limit_m)


def requests_in(raw: bytes, name: str, city: CityMap, snap_limit_m: float) -> DemandDay:
    """As `read_requests`, of the bytes of a file that somebody hands over; messages call it `name`.

    Raises
    ------
    RequestFileError
        As `read_requests`, and when the bytes are no text.
    """
    return _requests(csv_table(raw, Path(name), REQUIRED_COLUMNS, RequestFileError), city, snap_limit_m)


def _requests(table: CsvTable, city: CityMap, snap_limit_m: float) -> DemandDay:
    _refuse_misspelt(table)
    table.refuse_repeats("request")
    count = len(table)
    booked_s = _times(table, "booked_at")
    wish_s = _times(table, "wish_at")
    for row in np.flatnonzero(booked_s > wish_s)[:1]:
        booked, wish = table.texts("booked_at")[row], table.texts("wish_at")[row]
        raise table.fault(
            int(row),
            Wording(
                f'booked_at {booked} lies after wish_at {wish}; write "D-1 17:00" for the day before',
                f"申込みbooked_at（{booked}）が希望wish_at（{wish}）より後です。前日の申込みは「D-1 17:00」と"
                "書いてください",
            ),
        )
    seats = _whole(table, "seats", 1, _LARGEST_PARTY)
    wheelchairs = _whole(table, "wheelchairs", 0, _LARGEST_PARTY)
    for row in np.flatnonzero(seats + wheelchairs == 0)[:1]:
        raise table.fault(
            int(row),
            Wording(
                "seats and wheelchairs are both 0; give at least one rider",
                "seatsとwheelchairsがどちらも0です。合わせて1人以上にしてください",
            ),
        )
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
                Wording(
                    f"{table.path} line 1: column {column!r} is not known; did you mean {close[0]!r}?",
                    f"{table.path} 1行目: 列{column!r}は使われていません。"
                    f"{close[0]!r}の書き誤りではありませんか",
                )
            )


def _read(table: CsvTable, column: str, parse: Callable[[str], T], blank: T) -> list[T]:
    """Values of a column; `blank` where it or its value is left out; a bad value is named with its line."""
    if not table.has(column):
        return [blank] * len(table)
    values: list[T] = []
    for row, text in enumerate(table.texts(column)):
        try:
            values.append(parse(text) if text else blank)
        except _BadValueError as error:
            raise table.fault(row, error.wording) from None
    return values


def _times(table: CsvTable, column: str) -> npt.NDArray[np.int64]:
    if column in REQUIRED_COLUMNS:
        for row, text in enumerate(table.texts(column)):
            if not text:
                raise table.fault(
                    row,
                    Wording(
                        f"{column} is empty; write a time as HH:MM, for example 08:30",
                        f"{column}が空です。時刻を08:30のように書いてください",
                    ),
                )

    def parse(text: str) -> int:
        try:
            return clock_seconds(text)
        except ValueError as error:
            raise _BadValueError(
                Wording(
                    str(error),
                    f"{column}の{text!r}は1日の時刻として読めません。08:30のように書いてください（30:00まで）",
                )
            ) from None

    return np.array(_read(table, column, parse, NEVER), dtype=np.int64)


def _whole(table: CsvTable, column: str, blank: int, most: int) -> npt.NDArray[np.int64]:
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) > most:
            raise _BadValueError(
                Wording(
                    f"{column} is {text!r}; give a whole number from 0 to {most}",
                    f"{column}が{text!r}です。0から{most}までの整数を書いてください",
                )
            )
        return int(text)

    return np.array(_read(table, column, parse, blank), dtype=np.int64)


def _codes(table: CsvTable, column: str, codes: Mapping[str, int], blank: int) -> npt.NDArray[np.int64]:
    def parse(text: str) -> int:
        if text.lower() not in codes:
            raise _BadValueError(
                Wording(
                    f"{column} is {text!r}; give one of {', '.join(codes)}",
                    f"{column}が{text!r}です。{'、'.join(codes)}のどれかを書いてください",
                )
            )
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
        place = f"{lats[row]:g}, {lons[row]:g}"
        try:
            nodes[row] = snapper.snap(float(lats[row]), float(lons[row]), snap_limit_m).node
        except SnapError as error:
            raise table.fault(
                row,
                Wording(
                    f"{end}: {error}",
                    f"{end}の場所（{place}）は緯度・経度の順に書かれていないか、"
                    f"最も近い道路から{snap_limit_m:,.0f} mより離れています。直すか、その行を除いてください",
                ),
            ) from None
        if city.area_of_node[nodes[row]] == OUTSIDE:
            raise table.fault(
                row,
                Wording(
                    f"{end} {place} lies outside the area; correct it or leave the line out",
                    f"{end}の場所（{place}）は対象区域の外です。直すか、その行を除いてください",
                ),
            )
    return nodes
