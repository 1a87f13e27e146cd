"""Idle vehicles at the desk: who is sent where, when the desk wakes, and the same on both clocks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maas.dispatch import codec
from maas.dispatch.dispatcher import Dispatcher
from maas.domain.errors import ServiceDefinitionError
from maas.domain.planning_rules import ExpectedRequests
from maas.service_definition import Repositioning
from tests.builders import FIRST_ID, line_network
from tests.support.desks import ask
from tests.support.services import RULES, desk, service, vehicle
from tests.test_same_log_on_both_clocks import journal_of, live_day, simulated_day, two_towns

RECENT = Repositioning("recent", every_s=60, reach_s=900, empty_cost_percent=0, memory_s=600, cells=2)


def _line_desk(rule: Repositioning, *nodes: int, returns: bool = False, end_s: int = 86_400) -> Dispatcher:
    """Cars at nodes of a line of ten, 60 s between neighbours."""
    fleet = tuple(
        vehicle(f"car {k}", node, returns_to_base=returns, end_s=end_s) for k, node in enumerate(nodes)
    )
    return desk(line_network(10, seconds=60), replace(service(fleet, RULES), repositioning=rule))


def _sent(dispatcher: Dispatcher, now: int) -> list[tuple[int, int]]:
    """(vehicle, node) of everybody sent at a wake-up."""
    records = dispatcher.handle_batch([(codec.WAKE,)], now)
    return [event[1:] for _, _, events in records for event in events if event[0] == codec.VEHICLE_SENT]


def test_a_vehicle_goes_to_where_nobody_came_in_time() -> None:
    dispatcher = _line_desk(Repositioning("refusals"), 0, 9)
    rules = replace(dispatcher.state.service.rules, max_wait_s=60)
    dispatcher.state.service = replace(dispatcher.state.service, rules=rules)
    dispatcher.handle(ask(0, 3, 5, 100), 100)
    assert dispatcher.next_wakeup() == 120
    assert _sent(dispatcher, 120) == [(0, 3)]
    assert dispatcher.heading(0) == (3, 120)


def test_idle_vehicles_follow_recent_requests() -> None:
    dispatcher = _line_desk(RECENT, 0, 1, 2)
    for request in range(3):
        dispatcher.handle(ask(request, 9, 8, 10_000), 100)
    sent = _sent(dispatcher, 120)
    assert sent
    assert all(node == 7 for _, node in sent)
    assert all(k not in dict(sent) for k in range(3) if dispatcher.state.routes.tables.vehicles[k, 5] > 1)


def test_the_desk_wakes_at_multiples_while_requests_are_remembered() -> None:
    dispatcher = _line_desk(RECENT, 0)
    assert dispatcher.next_wakeup() is None
    dispatcher.handle(ask(0, 4, 5, 130), 130)
    wakeups = []
    while (at := dispatcher.next_wakeup()) is not None:
        wakeups.append(at)
        dispatcher.handle_batch([(codec.WAKE,)], at)
    assert wakeups == [131, *range(180, 721, 60)]  # the offer expires first


def test_vehicles_with_a_base_go_home_when_it_is_quiet_and_before_their_shift_ends() -> None:
    quiet = _line_desk(RECENT, 0, returns=True)
    quiet.handle(ask(0, 9, 8, 100), 100)
    vehicles = quiet.state.routes.tables.vehicles
    quiet.state.routes.stand(0, 7, 100)
    quiet.state.routes.remove(0, 0, 0, 100)
    assert int(vehicles[0, 5]) == 0
    assert _sent(quiet, 600) == []
    assert _sent(quiet, 720) == [(0, 0)]
    ending = _line_desk(RECENT, 0, returns=True, end_s=1000)
    ending.handle(ask(0, 9, 8, 480), 480)  # too late for the shift: refused, but remembered
    ending.state.routes.stand(0, 7, 480)
    assert _sent(ending, 480) == []
    assert _sent(ending, 540) == [(0, 0)]


def test_a_forecast_needs_no_request() -> None:
    expected = tuple(ExpectedRequests(hour, FIRST_ID + 8, 1000) for hour in (0, 1))
    dispatcher = _line_desk(replace(RECENT, follows="forecast", forecast=expected), 0)
    dispatcher.handle_batch([], 20)
    assert dispatcher.next_wakeup() == 60
    assert _sent(dispatcher, 60) == [(0, 7)]


@pytest.mark.parametrize(
    ("rule", "aim"), [("recent", "shares"), ("recent", "coverage"), ("refusals", "shares")]
)
@pytest.mark.parametrize("seed", range(1, 9))
def test_both_clocks_send_idle_vehicles_alike(seed: int, rule: str, aim: str, tmp_path: Path) -> None:
    _, book, definition = two_towns()
    definition = replace(definition, repositioning=replace(RECENT, follows=rule, aim=aim, cells=5))
    simulated = simulated_day(definition, book, seed)
    live = live_day(definition, book, seed)
    for name, dispatcher in (("simulated", simulated), ("live", live)):
        journal_of(dispatcher, book, seed).write(tmp_path / f"{name}.jsonl")
    assert (tmp_path / "live.jsonl").read_bytes() == (tmp_path / "simulated.jsonl").read_bytes()
    again = Dispatcher(definition, book, book.network.node_id)
    again.replay(simulated.records)
    folded = Dispatcher(definition, book, book.network.node_id)
    folded.fold(simulated.records)
    for other in (again, folded):
        assert other.records == simulated.records
        assert np.array_equal(other.state.requests, simulated.state.requests)
        assert other.state.last_asked_s == simulated.state.last_asked_s


def test_the_days_send_vehicles_elsewhere_than_home() -> None:
    _, book, definition = two_towns()
    dispatcher = simulated_day(replace(definition, repositioning=RECENT), book, 1)
    sent = [
        event for _, _, events in dispatcher.records for event in events if event[0] == codec.VEHICLE_SENT
    ]
    assert any(node != dispatcher.state.bases[who] for _, who, node in sent)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"follows": "stars"}, "repositioning follows 'stars'; give one of refusals, recent, forecast"),
        ({"aim": "high"}, "repositioning aims at 'high'; give one of shares, coverage"),
        ({"busy_percent": 100}, "repositioning busy_percent is 100; give 0 to 99"),
        ({"every_s": 0}, "repositioning every_s is 0; give 1 or more"),
        ({"empty_cost_percent": -1}, "repositioning empty_cost_percent is -1; give 0 or more"),
        ({"follows": "forecast"}, "repositioning by forecast needs expected requests"),
        ({"forecast": (ExpectedRequests(0, 1, 1),)}, "repositioning by forecast needs expected requests"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ServiceDefinitionError, match=words):
        replace(RECENT, **change)  # type: ignore[arg-type]


def test_a_forecast_for_a_place_that_is_not_there_is_refused() -> None:
    rule = Repositioning("forecast", forecast=(ExpectedRequests(0, 7, 1),))
    with pytest.raises(ServiceDefinitionError, match="the forecast of repositioning names place 7"):
        _line_desk(rule, 0)
