"""Expected access, resident by resident and request by request: no groups, no sorting, no sums over cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Request = Mapping[str, Any]


def surplus_s(request: Request, *, counts_early_arrival: bool) -> float | None:
    """Seconds lost beyond the direct drive; None for who was not brought to the destination."""
    if request["status"] != "done" or request["is_set_down_elsewhere"]:
        return None
    boarding_s = request["left_s"] - request["picked_up_s"]
    lost_s = request["wait_s"] + boarding_s + request["in_vehicle_s"] - request["direct_s"]
    if counts_early_arrival and request["time_kind"] == "arrive_by":
        lost_s += max(request["wish_s"] - request["arrived_s"], 0)
    return float(lost_s)


def chance(
    drive_and_walk_s: float,
    limit_s: float,
    town: int,
    area_of_town: Sequence[int],
    requests: Sequence[tuple[int, Request]],
    *,
    least_asked: int,
    counts_early_arrival: bool,
) -> float | None:
    """Chance of one resident to arrive in time with the service; None where too few asked to tell.

    Parameters
    ----------
    requests
        Town of origin and request, of residents, to the goal.
    """
    asked = [(where, one) for where, one in requests if one["status"] not in ("cancelled", "no_show")]
    own = [one for where, one in asked if where == town]
    area = [one for where, one in asked if area_of_town[where] == area_of_town[town]]
    for group in (own, area):
        if len(group) < least_asked:
            continue
        in_time = 0
        for one in group:
            lost_s = surplus_s(one, counts_early_arrival=counts_early_arrival)
            in_time += lost_s is not None and drive_and_walk_s + lost_s <= limit_s
        return in_time / len(group)
    return None


def best_share(
    people: Sequence[float], certain: Sequence[float], by_service: Sequence[float | None], unknown: float
) -> float:
    """Share of people who arrive in time by the best single way."""
    total = arrived = 0.0
    for count, sure, maybe in zip(people, certain, by_service, strict=True):
        total += count
        arrived += count * max(sure, unknown if maybe is None else maybe)
    return arrived / total
