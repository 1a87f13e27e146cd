"""Places beyond the wished limits, for services that refuse nobody for them."""

from __future__ import annotations

from collections.abc import Iterator

from maas.dispatch.policies.offering import Offering
from maas.dispatch.policies.offers import Window
from maas.domain.planning_rules import SoftLimits
from routing.insertion import Insertion

LONGEST_S = 86_400
"""How far beyond a limit a place is sought; a shift ends before."""


def find_softly(offering: Offering, window: Window, soft: SoftLimits) -> tuple[Window, Insertion | None]:
    """The cheapest place for a trip, within the limits or beyond them, and the limits to promise.

    The cost is that of an insertion plus what every second of a late pickup and of a late arrival costs.
    Beyond the limits the promise is the plan itself.
    """
    best = min(candidates(offering, window, soft), key=lambda found: found[0], default=None)
    if best is None:
        return window, None
    _, place = best
    earliest, latest_pickup, latest_dropoff, ride = window
    latest = max(latest_pickup, place.pickup_s), max(latest_dropoff, place.dropoff_s)
    return (earliest, *latest, ride), place


def candidates(offering: Offering, window: Window, soft: SoftLimits) -> Iterator[tuple[int, Insertion]]:
    """Up to four places and what each costs, in sixteenths of a second; the first within the limits.

    Notes
    -----
    The extra cost is linear in pickup and arrival where each is on one side of its limit: four searches, one
    a side and limit, each with the weights that hold there. A search with a free arrival may find a place
    that arrives in time; it is told with the cost that it has. MATSim's DRT has the same cost
    (`CostCalculationStrategy.DiscourageSoftConstraintViolations`).
    """
    earliest, latest_pickup, latest_dropoff, ride = window
    pickup_16, arrival_16 = (16 * p // 100 for p in (soft.late_pickup_percent, soft.late_arrival_percent))
    for is_pickup_late in (False, True):
        for is_arrival_late in (False, True):
            first = latest_pickup + 1 if is_pickup_late else earliest
            tried = (
                first,
                latest_pickup + (LONGEST_S if is_pickup_late else 0),
                latest_dropoff + (LONGEST_S if is_arrival_late else 0),
                ride,
            )
            ride_16 = arrival_16 if is_arrival_late else 0
            wait_16 = ride_16 + (pickup_16 if is_pickup_late else 0)
            found = offering.find(tried, extra_16=(wait_16, ride_16))
            if found is None:
                continue
            searched = wait_16 * (found.pickup_s - first) + ride_16 * (found.dropoff_s - found.pickup_s)
            late = pickup_16 * max(0, found.pickup_s - latest_pickup)
            late += arrival_16 * max(0, found.dropoff_s - latest_dropoff)
            yield found.cost - searched + offering.wait_16 * (first - earliest) + late, found
