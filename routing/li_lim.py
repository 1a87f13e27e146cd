"""Instances of Li & Lim (2003): pickup and delivery with time windows, fewest vehicles, then least distance.

First line `K Q speed`, then one row a place: `id x y demand e l service p d`, where p is the pickup of a
delivery and d the delivery of a pickup, else 0; row 0 is the depot. Travel time and cost are the Euclidean
distance in double precision; the speed is not used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from routing.exact_figures import ExactFigures
from routing.instance_text import InstanceText
from routing.problem import Problem
from routing.stop_rows import Fleet, StopRow, distances, problem_of

SCALE: Final = 1000
COLUMNS: Final = "id x y demand earliest latest service pickup delivery"


def read_li_lim(text: InstanceText, name: str) -> tuple[Problem, ExactFigures, list[StopRow]]:
    """A Li & Lim file as a problem.

    Raises
    ------
    InstanceError
        A row has other columns, rows are missing, or a pickup and its delivery do not name each other.
    """
    header = text.rows[0]
    vehicles, capacity, _ = text.numbers(header, "vehicles capacity speed")
    rows, partners = _rows(text)
    pairs = pair_up(text, rows, partners)
    fleet = Fleet(
        size=text.count(header.line, vehicles, "number of vehicles"),
        capacity=text.whole(header.line, capacity, "capacity"),
        start=0,
        end=0,
        max_ride=math.inf,
        max_duration=math.inf,
    )
    problem, exact = problem_of(
        text, name, rows, pairs, fleet, distances(rows), scale=SCALE, vehicles_first=True
    )
    return problem, exact, rows


def pair_up(
    text: InstanceText, rows: Sequence[StopRow], partners: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Places of pickup and delivery of each request, from the (pickup, delivery) that each row names.

    Raises
    ------
    InstanceError
        A row names both or neither, a row that is not there, or one that does not name it back.
    """
    pairs: list[tuple[int, int]] = []
    for place, (pickup, delivery) in enumerate(partners):
        line = rows[place].line
        if place == 0:
            continue
        if (pickup > 0) == (delivery > 0):
            raise text.error(
                line, f"row {place} has pickup {pickup} and delivery {delivery}; exactly one must be 0"
            )
        partner = max(pickup, delivery)
        if not 0 < partner < len(rows):
            raise text.error(
                line,
                f"row {place} belongs to row {partner}, but the rows end with {len(rows) - 1}"
                f" on line {text.last_line}; the file may be cut off",
            )
        if partners[partner] != ((0, place) if pickup else (place, 0)):
            raise text.error(
                line,
                f"{'delivery' if pickup else 'pickup'} {place} names {partner} as its other half,"
                f" which does not name {place} (line {rows[partner].line})",
            )
        if delivery:
            pairs.append((place, delivery))
    if not pairs:
        raise text.error(text.last_line, "the file ends without a request; it may be cut off")
    return pairs


def _rows(text: InstanceText) -> tuple[list[StopRow], list[tuple[int, int]]]:
    rows: list[StopRow] = []
    partners = []
    for row in text.rows[1:]:
        number, x, y, demand, earliest, latest, service, pickup, delivery = text.numbers(row, COLUMNS)
        if number != len(rows):
            raise text.error(row.line, f"row number is {number:g}; {len(rows)} follows")
        rows.append(StopRow(row.line, x, y, demand, earliest, latest, service))
        partners.append((text.whole(row.line, pickup, "pickup"), text.whole(row.line, delivery, "delivery")))
    return rows, partners
