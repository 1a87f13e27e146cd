"""Closed and slow roads on the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dashboards.replay_map.road_news import stretches
from maas.domain.commands import ChangeRoads
from maas.domain.events import RoadsChanged
from routing.road_book import FURTHER_NOTICE_S
from tests.dashboards_tests.replay_days import LINE, book_of, over_line, replay_day
from tests.store_tests.journals import EIGHT, Day

ROAD = replace(
    LINE, references=("", "R1"), reference_index=np.ones(LINE.arc_count, np.int16), title="a numbered road"
)


def told(
    day: Day, at_s: int, number: int, ends_m: tuple[int, int], factor_pm: int, span: tuple[int, int]
) -> Day:
    """R1 between two points of the line is closed (0) or slower."""
    first, last = (metres * 1_000_000 for metres in ends_m)
    row = (number, 1, 0, first, 0, last, factor_pm, *span)
    return day.hear(at_s, ChangeRoads(*row), RoadsChanged(*row))


def found(day: Day) -> list[tuple[int, int, bool, list[tuple[int, int]]]]:
    """Begin and end after eight o'clock, closed or not, and the pieces of road as pairs of nodes."""
    tail = ROAD.tail
    return [
        (
            one.from_s - EIGHT,
            one.until_s - EIGHT,
            one.is_closed,
            [(int(tail[arc]), int(ROAD.head[arc])) for arc in one.arcs],
        )
        for one in stretches(over_line(day, ROAD), book_of(ROAD))
    ]


def test_a_closure_holds_from_when_it_is_known_and_is_drawn_once() -> None:
    day = told(Day(), EIGHT + 100, 1, (1_000, 3_000), 0, (EIGHT - 50, EIGHT + 900))
    assert found(day) == [(100, 900, True, [(1, 2), (2, 3)])]


def test_one_announced_early_holds_from_its_begin() -> None:
    day = told(Day(), EIGHT, 1, (0, 1_000), 1_500, (EIGHT + 300, EIGHT + 600))
    assert found(day) == [(300, 600, False, [(0, 1)])]


def test_the_same_number_again_replaces_what_was_said() -> None:
    day = told(Day(), EIGHT, 1, (0, 1_000), 0, (EIGHT, FURTHER_NOTICE_S))
    told(day, EIGHT + 500, 1, (0, 1_000), 0, (EIGHT, EIGHT + 500))  # open again
    told(day, EIGHT + 600, 2, (3_000, 4_000), 0, (EIGHT + 600, EIGHT + 700))
    assert found(day) == [(0, 500, True, [(0, 1)]), (600, 700, True, [(3, 4)])]


def test_the_page_gets_the_stretches_of_its_day() -> None:
    day = told(Day(), EIGHT, 1, (0, 1_000), 0, (EIGHT, EIGHT + 600))
    (stretch,) = replay_day(day, ROAD).to_json("closed", (), "en")["stretches"]
    assert (stretch["from"], stretch["until"], stretch["isClosed"]) == (EIGHT, EIGHT + 600, True)
