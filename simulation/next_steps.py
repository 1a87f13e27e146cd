"""What a service could have more or less of by one: a vehicle, an hour, a run, a stop."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from maas.i18n.wording import Wording
from scenarios.demand import draw_demand
from scenarios.errors import ScenarioFileError
from scenarios.loading import ScenarioText
from scenarios.overrides import scenario_with
from scenarios.prepared import PreparedScenario
from scenarios.scenario import Scenario
from scenarios.service_sections import ScheduledService, VehicleGroup
from scenarios.stated import clock_seconds
from scenarios.walking import straight_m

KINDS: Final = ("van", "van_less", "hour", "run", "stop")
HOUR_S: Final = 3600
_REASON: Final = "one more, to see what it would bring"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One change of a service.

    Parameters
    ----------
    name
        Short and unique within a case, for example `van.U`.
    kind
        One of `KINDS`.
    title
        For people. It says "at least" of steps that would meet demand which nobody knows.
    scenario
        The scenario with the change.
    """

    name: str
    kind: str
    title: Wording
    scenario: Scenario


def next_steps(scenario: Scenario) -> Iterator[NextStep]:
    """One more vehicle of each group, one less where a group has several, one more hour at each end of the
    day (or one more run of each line); `next_stop` has the stop.

    Notes
    -----
    A step that the scenario does not allow is left out: an hour beyond the day that is simulated, or a
    departure for which the vehicles have no time.
    """
    service = scenario.service
    for group in service.vehicles:
        count = f"service.vehicles.{group.name}.count"
        yield from _step(
            scenario, f"van.{group.name}", "van", {count: group.count.value + 1},
            Wording(f"one more vehicle {group.name}", f"車両{group.name}を1台増やす"),
        )  # fmt: skip
        if group.count.value > 1:
            yield from _step(
                scenario, f"van_less.{group.name}", "van_less", {count: group.count.value - 1},
                Wording(f"one vehicle {group.name} less", f"車両{group.name}を1台減らす"),
            )  # fmt: skip
    if isinstance(service, ScheduledService):
        yield from _runs(scenario, service)
        return
    for name, ends, title in (
        (
            "hour.earlier",
            (-HOUR_S, 0),
            Wording("start an hour earlier: at least", "開始を1時間早める（下限）"),
        ),
        ("hour.later", (0, HOUR_S), Wording("end an hour later: at least", "終了を1時間遅らせる（下限）")),
    ):
        settings = {
            f"service.vehicles.{group.name}.shift": _longer(group, *ends) for group in service.vehicles
        }
        yield from _step(scenario, name, "hour", settings, title)


def next_stop(scenario: Scenario, prepared: PreparedScenario, seeds: Sequence[int]) -> NextStep | None:
    """One more stop, at the door where it spares most metres of walking to and from stops on the given days;
    None for a service that comes to the door, and where nobody would walk less."""
    if scenario.service.access.doors != "stops" or scenario.walking is None:
        return None
    network = prepared.network
    days = [draw_demand(prepared, seed) for seed in seeds]
    door = np.concatenate([part for day in days for part in (day.origin, day.destination)])
    stop = np.concatenate([part for day in days for part in (day.pickup, day.dropoff)])
    walks = door != stop
    doors, count = np.unique(np.stack((door[walks], stop[walks])), axis=1, return_counts=True)
    if not len(count):
        return None
    # Pairs of door and nearest stop; what each candidate door would spare all of them together.
    now_m = np.array([straight_m(network, doors[:1, k], doors[1:, k])[0, 0] for k in range(len(count))])
    places = np.unique(doors[0])
    spared = np.array(
        [
            float(count @ np.maximum(now_m - straight_m(network, place[None], doors[0])[0], 0.0))
            for place in places
        ]
    )
    best = int(places[spared.argmax()])
    position = [float(network.lat[best]), float(network.lon[best])]
    stops = [section.model_dump(mode="json") for section in scenario.service.access.extra_stops]
    stops.append({"name": "next stop", "position": {"value": position, "assumption": _REASON}})
    where = f"{position[0]:.5f}, {position[1]:.5f}"
    title = Wording(f"one more stop at {where}: at least", f"停留所を1か所増やす（{where}、下限）")
    return next(_step(scenario, "stop", "stop", {"service.access.extra_stops": stops}, title), None)


def _runs(scenario: Scenario, service: ScheduledService) -> Iterator[NextStep]:
    """One more run of each line, an hour after its last one; its vehicles work on if need be."""
    groups = {group.name: group for group in service.vehicles}
    for line in service.lines:
        last_s = max(line.departure_seconds) + HOUR_S
        settings: dict[str, Any] = {
            f"service.lines.{line.name}.departures": [*line.departures.value, _clock(last_s)]
        }
        for name in line.vehicles:
            missing_s = last_s + line.run_length.seconds - groups[name].shift.seconds[1]
            if missing_s > 0:
                settings[f"service.vehicles.{name}.shift"] = _longer(groups[name], 0, missing_s)
        yield from _step(
            scenario, f"run.{line.name}", "run", settings,
            Wording(f"one more run of {line.name} at {_clock(last_s)}: at least",
                    f"{line.name}に{_clock(last_s)}発の便を増やす（下限）"),
        )  # fmt: skip


def _step(
    scenario: Scenario, name: str, kind: str, settings: dict[str, Any], title: Wording
) -> Iterator[NextStep]:
    content = json.loads(scenario.model_dump_json(by_alias=True))
    path = Path(scenario.file)
    text = ScenarioText(path, ((path, content),), content)
    try:
        changed = scenario_with(text, settings, where=f"{scenario.name}: {name}", reason=_REASON)
    except ScenarioFileError:
        return
    yield NextStep(name, kind, title, changed)


def _longer(group: VehicleGroup, start_s: int, end_s: int) -> list[str]:
    first, last = group.shift.value
    return [_clock(clock_seconds(first) + start_s), _clock(clock_seconds(last) + end_s)]


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"
