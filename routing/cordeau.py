"""Dial-a-ride instances of Cordeau (2006) and of Cordeau & Laporte (2003), which count differently.

First line `K n T Q L`: vehicles, requests or places, longest route, capacity, longest ride from the end of
boarding to the start of alighting. Then one row a place: `i x y service demand e l`. In 2006 n counts
requests, and the rows are depot, n pickups, n deliveries, depot; in 2003 it counts places, and there is one
depot. Request i is picked up in row i and delivered in row i + its number of requests. Travel time and cost
are the Euclidean distance in double precision; the least distance counts, with at most K vehicles and every
request served.
"""

from __future__ import annotations

from typing import Final

from routing.exact_figures import ExactFigures
from routing.instance_text import InstanceText
from routing.problem import Problem
from routing.stop_rows import Fleet, StopRow, distances, problem_of

SCALE: Final = 1000
HEADER: Final = "vehicles count duration capacity ride"
COLUMNS: Final = "id x y service demand earliest latest"


def read_cordeau_2006(text: InstanceText, name: str) -> tuple[Problem, ExactFigures, list[StopRow]]:
    """A file whose second number counts requests, with a depot at both ends of its rows.

    Raises
    ------
    InstanceError
        Rows are missing or left over, or hold other columns.
    """
    return _read(text, name, is_2006=True)


def read_cordeau_2003(text: InstanceText, name: str) -> tuple[Problem, ExactFigures, list[StopRow]]:
    """A file whose second number counts places, with one depot.

    Raises
    ------
    InstanceError
        Rows are missing or left over, or hold other columns.
    """
    return _read(text, name, is_2006=False)


def _read(text: InstanceText, name: str, *, is_2006: bool) -> tuple[Problem, ExactFigures, list[StopRow]]:
    header = text.rows[0]
    vehicles, count, duration, capacity, ride = text.numbers(header, HEADER)
    counted = text.count(header.line, count, "number of requests" if is_2006 else "number of places")
    if not is_2006 and counted % 2:
        raise text.error(header.line, f"number of places is {counted}; each request has two")
    requests = counted if is_2006 else counted // 2
    rows = _rows(text)
    wanted = 2 * requests + (2 if is_2006 else 1)
    if len(rows) != wanted:
        raise text.error(
            text.last_line,
            f"the file ends after {len(rows)} rows of places; {requests} requests need {wanted};"
            " the file may be cut off or of another format",
        )
    fleet = Fleet(
        size=text.count(header.line, vehicles, "number of vehicles"),
        capacity=text.whole(header.line, capacity, "capacity"),
        start=0,
        end=wanted - 1 if is_2006 else 0,
        max_ride=ride,
        max_duration=duration,
    )
    pairs = [(i, i + requests) for i in range(1, requests + 1)]
    problem, exact = problem_of(
        text, name, rows, pairs, fleet, distances(rows), scale=SCALE, vehicles_first=False
    )
    return problem, exact, rows


def _rows(text: InstanceText) -> list[StopRow]:
    rows: list[StopRow] = []
    for row in text.rows[1:]:
        number, x, y, service, demand, earliest, latest = text.numbers(row, COLUMNS)
        if number != len(rows):
            raise text.error(row.line, f"row number is {number:g}; {len(rows)} follows")
        rows.append(StopRow(row.line, x, y, demand, earliest, latest, service))
    return rows
