"""The roads of a scenario: travel times by the hour, and the changes that its service is told of."""

from __future__ import annotations

from pathlib import Path

from routing.errors import ClosureError, NoSuchRoadError, ProfileError, RoutingError, SnapError
from routing.road_book import RoadBook, RoadChange
from routing.travel_times import DenseTravelTimes
from scenarios.errors import ScenarioFileError
from scenarios.scenario import Scenario

RoadMessage = tuple[int, RoadChange]
"""Second at which a change becomes known, and the change."""


def road_book_of(scenario: Scenario, travel_times: DenseTravelTimes, folder: Path | None) -> RoadBook:
    """Travel tables of the hours that a scenario tells apart.

    Raises
    ------
    ScenarioFileError
        When its speeds name a road that the network does not have, or make one too slow.
    """
    profiles = None if scenario.speeds is None else scenario.speeds.profiles
    try:
        return RoadBook(travel_times.network, travel_times, profiles, folder)
    except (NoSuchRoadError, ProfileError) as error:
        raise ScenarioFileError(f"{scenario.file}: speeds.periods: {error}") from None


def road_messages(scenario: Scenario, book: RoadBook) -> tuple[RoadMessage, ...]:
    """The changes of a scenario, in the order in which they become known.

    Raises
    ------
    ScenarioFileError
        When a change names no road, or a stretch that does not lie on it.
    """
    found = []
    for place, section in enumerate(scenario.road_changes):
        key = f"{scenario.file}: road_changes[{place}]"
        try:
            change = RoadChange(
                book.reference_of(section.road),
                *section.stretch_e6,
                section.factor_pm,
                section.begin_s,
                section.end_s,
            )
            book.check(change)
        except RoutingError as error:
            raise ScenarioFileError(f"{key}.{_key_of(error)}: {error}") from None
        found.append((section.announced_s, change))
    return tuple(sorted(found, key=lambda message: message[0]))


def _key_of(error: RoutingError) -> str:
    match error:
        case NoSuchRoadError():
            return "road"
        case SnapError() | ClosureError():
            return "between"
        case _:
            return "factor"
