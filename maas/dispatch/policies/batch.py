"""Policy `batch`: who wants to leave at once is answered together with others, who wants to leave later at
once."""

from __future__ import annotations

from maas.dispatch.codec import TRIP_GATHERED, Row
from maas.dispatch.policies.insertion import answers
from maas.dispatch.policies.refusals import fits_some_vehicle
from maas.dispatch.tables import DispatchState


class BatchPolicy:
    """Gathers the requests whose pickup could begin before an answer is worked out; answers all others by
    insertion."""

    def quote(self, state: DispatchState, requested: Row, command: Row, now: int) -> list[Row]:
        rule = state.service.batching
        is_soon = rule is not None and requested[8] <= now + rule.every_s + rule.delay_s
        if is_soon and fits_some_vehicle(state, requested[6], requested[7]):
            return [(TRIP_GATHERED, requested[1], command[8], command[11])]
        return answers(state, requested, command, now)
