"""Instances of Sartori & Buriol (2020): pickup and delivery in four cities, in whole minutes.

Lines `KEY: value`, then NODES with one row a place (`id lat lon demand e l service p d`), then EDGES with one
row of travel minutes for each place, which need not be symmetric, then EOF. Fewest vehicles, then least
minutes of travel; the fleet is not limited.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.exact_figures import ExactFigures
from routing.instance_text import InstanceText
from routing.li_lim import pair_up
from routing.problem import Problem
from routing.stop_rows import Fleet, StopRow, problem_of

SCALE: Final = 1
COLUMNS: Final = "id lat lon demand earliest latest service pickup delivery"


def read_sartori(text: InstanceText, name: str) -> tuple[Problem, ExactFigures, list[StopRow]]:
    """A Sartori & Buriol file as a problem with one vehicle for each request.

    Raises
    ------
    InstanceError
        A key or a row is missing, a row has other columns, or a travel time is negative.
    """
    keys = _keys(text)
    size = _value(text, keys, "SIZE")
    capacity = _value(text, keys, "CAPACITY")
    nodes = keys["NODES"][0] if "NODES" in keys else None
    if nodes is None:
        raise text.error(text.last_line, "the file ends before NODES; it may be cut off")
    rows, partners = _rows(text, nodes + 1, size)
    edges = nodes + 1 + size
    if edges >= len(text.rows) or text.rows[edges].words[0] != "EDGES":
        line = text.rows[min(edges, len(text.rows) - 1)].line
        raise text.error(line, f"EDGES must follow the {size} rows of NODES; the file may be cut off")
    travel = _minutes(text, edges + 1, size)
    pairs = pair_up(text, rows, partners)
    fleet = Fleet(
        size=len(pairs), capacity=capacity, start=0, end=0, max_ride=math.inf, max_duration=math.inf
    )
    problem, exact = problem_of(text, name, rows, pairs, fleet, travel, scale=SCALE, vehicles_first=True)
    return problem, exact, rows


def _keys(text: InstanceText) -> dict[str, tuple[int, str]]:
    """Index of the row and value of each key, as far as NODES."""
    keys: dict[str, tuple[int, str]] = {}
    for k, row in enumerate(text.rows):
        key = row.words[0].rstrip(":")
        keys[key] = k, " ".join(row.words[1:])
        if key == "NODES":
            break
    return keys


def _value(text: InstanceText, keys: dict[str, tuple[int, str]], key: str) -> int:
    if key not in keys:
        raise text.error(text.last_line, f"no line begins with {key}: before NODES; the file may be cut off")
    k, word = keys[key]
    return text.count(text.rows[k].line, text.number(text.rows[k], word, key), key)


def _rows(text: InstanceText, first: int, size: int) -> tuple[list[StopRow], list[tuple[int, int]]]:
    rows: list[StopRow] = []
    partners = []
    for row in text.rows[first : first + size]:
        number, lat, lon, demand, earliest, latest, service, pickup, delivery = text.numbers(row, COLUMNS)
        if number != len(rows):
            raise text.error(row.line, f"row number is {number:g}; {len(rows)} follows")
        rows.append(StopRow(row.line, lat, lon, demand, earliest, latest, service))
        partners.append((text.whole(row.line, pickup, "pickup"), text.whole(row.line, delivery, "delivery")))
    if len(rows) < size:
        raise text.error(
            text.last_line, f"the file ends after {len(rows)} of {size} rows of NODES; it is cut off"
        )
    return rows, partners


def _minutes(text: InstanceText, first: int, size: int) -> NDArray[np.float64]:
    lines = text.rows[first : first + size]
    travel = np.empty((size, size))
    for k, row in enumerate(lines):
        if row.words[0] == "EOF":
            lines = lines[:k]
            break
        if len(row.words) != size:
            raise text.error(
                row.line, f"row {k} of EDGES has {len(row.words)} travel times; {size} are needed"
            )
        for j, word in enumerate(row.words):
            minutes = text.number(row, word, f"travel time from {k} to {j}")
            if minutes < 0:
                raise text.error(
                    row.line, f"travel time from {k} to {j} is {minutes:g}; give every way its minutes"
                )
            travel[k, j] = text.whole(row.line, minutes, f"travel time from {k} to {j}")
    if len(lines) < size:
        raise text.error(
            text.last_line, f"the file ends after {len(lines)} of {size} rows of EDGES; it is cut off"
        )
    return travel
