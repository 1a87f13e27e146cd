"""Speed profiles that tests share."""

from __future__ import annotations

from routing.network import ROAD_CLASSES
from routing.speed_profiles import DAY_S, SpeedPeriod, SpeedProfiles

SOURCE = "made up for this test"
AS_PLANNED = (1.0,) * len(ROAD_CLASSES)
H = 3600


def period(begin_s: int, end_s: int, factor: float = 1.0, **roads: float) -> SpeedPeriod:
    """A period in which all classes share a factor."""
    return SpeedPeriod(begin_s, end_s, (factor,) * len(ROAD_CLASSES), tuple(roads.items()))


def profiles_of(*periods: SpeedPeriod) -> SpeedProfiles:
    return SpeedProfiles(periods, SOURCE, is_assumed=True)


def peak(factor: float) -> SpeedProfiles:
    """As planned, but from 07:00 to 09:00 every arc takes `factor` times as long."""
    return profiles_of(period(0, 7 * H), period(7 * H, 9 * H, factor), period(9 * H, DAY_S))
