"""What a planner changes in a scenario, and the small study that tells what comes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboards.planner.own_requests import scenario_file
from maas.i18n.figures import member
from maas.i18n.wording import Wording
from scenarios.city import embedded_city
from scenarios.loading import available_scenarios, load_scenario
from scenarios.overrides import VANS
from scenarios.scenario import EMBEDDED, Scenario
from scenarios.service_sections import OnDemandService
from scenarios.stated import clock_seconds

STATED, TRIED = "stated", "tried"
"""The two cases: the scenario as it is, and as it is changed."""

FIGURES: Final = (
    "served_riders",
    "served_riders_share",
    "wait_mean_s",
    "wait_p95_s",
    "in_vehicle_mean_s",
    "riders_per_vehicle_hour",
    "shared_riders_share",
    "fares_yen",
    "public_money_yen",
    "public_money_per_trip_yen",
)
EVERYWHERE: Final = ""

FIRST: Final = "sakura_on_demand"
"""The scenario that is offered first."""

TODAY: Final = "sakura_today"
"""Today's services: the other thing to compare with."""

_HALF_HOUR_S: Final = 1800
_SHARED: Final = ("city", "population", "demand", "date", "speeds", "road_changes")
"""Sections in which a scenario must be as today's for the two to be compared."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A service as a planner sets it.

    Parameters
    ----------
    vans
        Vehicles of all groups together.
    hours
        First and last second of all shifts.
    max_wait_min, notice_min
        Latest pickup after the wish; bookable until so long before it.
    flat_fare_yen
        One fare for all adults; None = by distance, as the scenario states.
    area
        The only area that is served, or `EVERYWHERE`.
    """

    vans: int
    hours: tuple[int, int]
    max_wait_min: int
    notice_min: int
    flat_fare_yen: int | None
    area: str


@dataclass(frozen=True, slots=True)
class Base:
    """A scenario that can be changed: what it states, and within what it can be set.

    Parameters
    ----------
    name, title, stated
        Of the scenario, and what it states.
    horizon
        First and last second of the day that is simulated.
    rests
        Begin of the first and end of the last window of a rest: every shift must hold them.
    areas
        Names of the areas that can be served alone.
    is_beside_today
        Whether today's services meet the same riders on the same roads, so that both can be compared.
    """

    name: str
    title: Wording
    stated: Plan
    horizon: tuple[int, int]
    rests: tuple[int, int]
    areas: tuple[str, ...]
    is_beside_today: bool = True

    @property
    def half_hours(self) -> list[int]:
        """Seconds at which shifts may begin and end."""
        first, last = self.horizon
        return list(range(-(-first // _HALF_HOUR_S) * _HALF_HOUR_S, last + 1, _HALF_HOUR_S))

    def with_rests(self, hours: tuple[int, int]) -> tuple[int, int]:
        """The hours, long enough for the rests of the drivers to lie within them."""
        return min(hours[0], self.rests[0]), max(hours[1], self.rests[1])


def bases() -> dict[str, Base]:
    """Shipped on-demand scenarios whose vehicles all have one shift, by name."""
    found = {}
    names = [name for name, _ in available_scenarios()]
    for name in sorted(names, key=lambda name: (name != FIRST, name)):
        base = _base(name, load_scenario(name))
        if base is not None:
            found[name] = base
    return found


def settings(base: Base, plan: Plan) -> dict[str, Any]:
    """What the plan changes in the scenario, by dotted key; empty where it changes nothing."""
    stated = base.stated
    found: dict[str, Any] = {}
    if plan.vans != stated.vans:
        found[VANS] = plan.vans
    if plan.hours != stated.hours:
        found["service.vehicles.*.shift"] = [clock(second) for second in plan.hours]
    if plan.max_wait_min != stated.max_wait_min:
        found["service.rules.max_wait"] = {"value": plan.max_wait_min, "unit": "min"}
    if plan.notice_min != stated.notice_min:
        found["service.rules.notice"] = {"value": plan.notice_min, "unit": "min"}
    if plan.flat_fare_yen != stated.flat_fare_yen:
        found["service.fares.steps"] = [{"up_to": 0, "yen": plan.flat_fare_yen}]
    if plan.area != stated.area:
        found["service.access.area"] = plan.area
    return found


def definition(
    base: Base,
    changed: Mapping[str, Any],
    label: Wording,
    *,
    is_beside_today: bool = False,
    own: tuple[Path, str] | None = None,
) -> dict[str, Any]:
    """The study of two cases, as `StudyDefinition` takes it; equal changes have equal definitions.

    Parameters
    ----------
    is_beside_today
        Compare with today's services, not with the scenario as it is.
    own
        Folder and digest of requests as `own_requests.kept` leaves them: both cases meet these.
    """
    before = TODAY if is_beside_today else base.name
    title = {"en": "today's services", "ja": "今のサービス"}
    variants = [
        {
            "name": STATED,
            "title": title if is_beside_today else {"en": "as stated", "ja": "変更前"},
            "scenario": scenario_file(before) if own else before,
        },
        {
            "name": TRIED,
            "title": {"en": label.en, "ja": label.ja},
            "scenario": scenario_file(base.name) if own else base.name,
            "set": dict(changed),
        },
    ]
    file = f"{TRIED}.toml"
    return {
        "name": folder_name(base, changed, is_beside_today=is_beside_today, digest=own[1] if own else ""),
        "file": str(own[0] / file) if own else file,
        "title": {"en": f"{base.title.en}: {label.en}", "ja": f"{base.title.ja}: {label.ja}"},
        "question": {"en": "What does the change do?", "ja": "変更すると何が変わるか。"},
        "baseline": STATED,
        "figures": list(FIGURES),
        "variants": variants,
    }


def folder_name(
    base: Base, changed: Mapping[str, Any], *, is_beside_today: bool = False, digest: str = ""
) -> str:
    """Name of the folder of what was tried."""
    text = json.dumps([base.name, changed, is_beside_today, digest], sort_keys=True)
    return f"{base.name[:24]}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def label_of(base: Base, plan: Plan) -> Wording:
    """What was changed, in words."""
    stated, en, ja = base.stated, list[str](), list[str]()
    if plan.vans != stated.vans:
        en.append(f"{plan.vans} vans")
        ja.append(f"{plan.vans}台")
    if plan.hours != stated.hours:
        first, last = map(clock, plan.hours)
        en.append(f"{first}–{last}")
        ja.append(f"{first}～{last}")
    if plan.max_wait_min != stated.max_wait_min:
        en.append(f"wait up to {plan.max_wait_min} min")
        ja.append(f"待ち上限{plan.max_wait_min}分")
    if plan.notice_min != stated.notice_min:
        en.append(f"book {plan.notice_min} min ahead")
        ja.append(f"締切{plan.notice_min}分前")
    if plan.flat_fare_yen != stated.flat_fare_yen:
        en.append(f"fare {plan.flat_fare_yen} yen")
        ja.append(f"運賃一律{plan.flat_fare_yen}円")
    if plan.area != stated.area:
        en.append(f"{member(plan.area, 'en')} only")
        ja.append(f"{member(plan.area, 'ja')}のみ")
    return Wording(", ".join(en) or "no change", "・".join(ja) or "変更なし")


def clock(second: int) -> str:
    """A second of the day as scenario files write it: 08:30."""
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def _base(name: str, scenario: Scenario) -> Base | None:
    service = scenario.service
    if not isinstance(service, OnDemandService) or scenario.city.network != EMBEDDED:
        return None
    shifts = {group.shift.value for group in service.vehicles}
    if len(shifts) != 1:
        return None
    first, last = (clock_seconds(text) for text in shifts.pop())
    rests = [rest.window.seconds for group in service.vehicles for rest in group.breaks]
    steps = service.fares.steps.value
    stated = Plan(
        vans=sum(group.count.value for group in service.vehicles),
        hours=(first, last),
        max_wait_min=service.rules.max_wait.seconds // 60,
        notice_min=service.rules.notice.seconds // 60,
        flat_fare_yen=steps[0].yen if len(steps) == 1 else None,
        area=service.access.area or EVERYWHERE,
    )
    today = load_scenario(TODAY)
    alike = all(getattr(scenario, key) == getattr(today, key) for key in _SHARED)
    within = (min((rest[0] for rest in rests), default=last), max((rest[1] for rest in rests), default=first))
    title = Wording(scenario.title.en, scenario.title.ja)
    return Base(name, title, stated, scenario.horizon.seconds, within, embedded_city().areas, alike)
