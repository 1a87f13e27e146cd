"""What the map says of riders at a second is what the journal says."""

from __future__ import annotations

from dashboards.replay_map.rider_courses import Fate, load_steps, rider_courses
from maas.domain.events import TripRefused
from maas.domain.values import RefusalReason
from maas.metrics import metrics_of
from tests.dashboards_tests.replay_days import LINE, over_line
from tests.store_tests.journals import EIGHT, breakdown, morning

MORNING = over_line(morning())
COURSES = rider_courses(MORNING, LINE)


def at(second: int) -> dict[str, int]:
    """States that somebody is in, `second` after eight o'clock."""
    return {name: count for name, count in COURSES.riders_at(EIGHT + second).items() if count}


def test_riders_are_booked_waiting_riding_delivered() -> None:
    # Request 1 (two persons) asks and is due at 0, is booked at 5, met at 60, set down at 380.
    assert at(4) == {"booked": 2}
    assert at(5) == {"waiting": 2}
    assert at(59) == {"waiting": 2}
    assert at(60) == {"riding": 2}
    # Request 2 joins them at 220. By then request 3 has been refused at 200.
    assert at(150) == {"riding": 2, "waiting": 1}
    assert at(220) == {"riding": 3, "refused": 1}
    assert COURSES.riders_at(EIGHT + 379)["riding"] == 3
    assert COURSES.riders_at(EIGHT + 380)["delivered"] == 3


def test_every_request_ends_in_one_state_and_the_day_in_its_figures() -> None:
    figures = metrics_of(MORNING)
    last = COURSES.riders_at(EIGHT + 36_000)
    assert sum(last.values()) == figures.requested_riders == 9
    assert last["delivered"] == figures.served_riders == 3
    assert last["refused"] == 1
    # Two who turned the offer down, and one each whose offer lapsed, who cancelled, who was not there.
    assert last["others"] == 5


def test_fates_reasons_and_vehicles_are_those_of_the_requests() -> None:
    assert COURSES.fate.tolist() == [
        Fate.DELIVERED, Fate.DELIVERED, Fate.REFUSED, Fate.DECLINED, Fate.DECLINED, Fate.CANCELLED,
        Fate.NO_SHOW,
    ]  # fmt: skip
    assert COURSES.reason.tolist() == [-1, -1, 5, -1, -1, -1, -1]  # the sixth: no vehicle in time
    assert COURSES.vehicle.tolist() == [0, 0, -1, -1, -1, 0, 1]


def test_a_refusal_is_shown_at_the_wished_time_unless_it_came_later() -> None:
    refused = TripRefused(8, RefusalReason.NO_VEHICLE_IN_TIME, 0, 0, 0, 0)
    day = morning().ask(EIGHT + 990, 8, 0, 4, refused, wish_s=EIGHT + 5_000)
    courses = rider_courses(over_line(day), LINE)
    assert int(courses.end_s[-1]) == EIGHT + 5_000
    assert int(courses.end_s[2]) == EIGHT + 200  # asked and wished for at 200


def test_the_load_of_a_vehicle_steps_with_boarding_and_alighting() -> None:
    van, taxi = load_steps(MORNING, COURSES)
    assert [(second - EIGHT, load) for second, load in van] == [(60, 2), (220, 3), (380, 0)]
    assert taxi == []


def test_a_breakdown_empties_the_vehicle_and_the_next_one_takes_over() -> None:
    journal = over_line(breakdown())
    van, taxi = load_steps(journal, rider_courses(journal, LINE))
    # Three board at 100; the van fails at 260; one of them boards the taxi at 520 and is there at 620.
    assert [(second - EIGHT, load) for second, load in van] == [(100, 3), (260, 0)]
    assert [(second - EIGHT, load) for second, load in taxi] == [(520, 1), (620, 0)]
