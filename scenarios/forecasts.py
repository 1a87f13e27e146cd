"""What a dispatcher may expect of a day: requests by hour and pickup place, averaged over drawn days."""

from __future__ import annotations

from typing import Final

import numpy as np

from maas.domain.planning_rules import ExpectedRequests
from scenarios.demand import draw_demand
from scenarios.prepared import PreparedScenario, RecordedDemand

FORECAST_DAYS: Final = 40
_FIRST_SEED: Final = 1_000_000_007
_HOUR_S: Final = 3600
_DAY_HOURS: Final = 24


def expected_requests(prepared: PreparedScenario) -> tuple[ExpectedRequests, ...]:
    """Requests per thousand days by the hour of the wish and the pickup place, sorted.

    Averaged over `FORECAST_DAYS` days drawn with seeds that no study uses. A recorded day is its own
    forecast, which is more than a dispatcher can know.
    """
    is_recorded = isinstance(prepared.demand, RecordedDemand)
    seeds = range(_FIRST_SEED, _FIRST_SEED + (1 if is_recorded else FORECAST_DAYS))
    counts = np.zeros((_DAY_HOURS, prepared.network.node_count), np.int64)
    for seed in seeds:
        day = draw_demand(prepared, seed).asking()
        np.add.at(counts, (day.wish_s // _HOUR_S % _DAY_HOURS, day.pickup), 1)
    hours, nodes = np.nonzero(counts)
    figures = np.round(counts[hours, nodes] * (1000 / len(seeds))).astype(np.int64)
    places = prepared.network.node_id[nodes]
    rows = sorted(zip(hours.tolist(), places.tolist(), figures.tolist(), strict=True))
    return tuple(ExpectedRequests(*row) for row in rows)
