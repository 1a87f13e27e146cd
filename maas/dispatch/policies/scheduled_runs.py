"""Policy `scheduled_runs`: what many towns run today. Timetabled departures by area, booked until a deadline;
an unbooked run stays at its base."""

from __future__ import annotations

from maas.dispatch.apply import apply
from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import Row
from maas.dispatch.policies.offers import (
    fits_some_vehicle,
    in_service,
    offer_row,
    promise_of,
    refusal_row,
)
from maas.dispatch.tables import DispatchState
from maas.domain.values import RefusalReason, TimeKind
from maas.service_definition import Run
from routing.insertion import new_ask


class ScheduledRunsPolicy:
    """Offers the runs nearest to the wish that go from the rider's area to where she wants to go."""

    def __init__(self) -> None:
        self._ask = new_ask()

    def quote(self, state: DispatchState, requested: Row, command: Row, now: int) -> list[Row]:
        _, _, origin, destination, time_kind, wish, seats, chairs, *_, ride, direct_s, _ = requested
        covering = [
            run
            for run in state.service.runs
            if state.zones[run.pickup_zone][origin] and state.zones[run.dropoff_zone][destination]
        ]
        if not covering:
            return [refusal_row(requested, RefusalReason.NO_SERVICE_HERE)]
        if not fits_some_vehicle(state, seats, chairs):
            return [refusal_row(requested, RefusalReason.PARTY_TOO_LARGE)]
        by_arrival = time_kind == TimeKind.ARRIVE_BY
        suiting = sorted(
            (run for run in covering if (run.end_s <= wish if by_arrival else run.depart_s >= wish)),
            key=lambda run: (abs((run.end_s if by_arrival else run.depart_s) - wish), run.run_id),
        )
        bookable = [run for run in suiting if now <= run.booking_deadline_s]
        position = {v.vehicle_id: k for k, v in enumerate(state.service.vehicles)}
        offers: list[Row] = []
        trial = state.fork()
        apply(trial, requested, now)
        full = 0
        for run in bookable:
            if len(offers) == state.service.rules.offers_max:
                break
            vehicle = position[run.vehicle_id]
            window = (run.depart_s, run.end_s, run.end_s, max(ride, direct_s) if ride else 0)
            fill_ask(
                self._ask, trial.service, (requested[1], origin, destination), window, (seats, chairs), now,
                state.service.rules.offer_hold_s,
            )  # fmt: skip
            found = trial.routes.search_in(vehicle, self._ask) if in_service(trial, vehicle) else None
            if found is None:
                full += 1
                continue
            promise = promise_of(state, window, found)
            offers.append(
                offer_row(state, requested, command, len(offers) + 1, found, promise, run.run_id, now)
            )
            apply(trial, offers[-1], now)
        return offers or [_refusal(requested, covering, suiting, bookable, full, wish, by_arrival, now)]


def _refusal(
    requested: Row,
    covering: list[Run],
    suiting: list[Run],
    bookable: list[Run],
    full: int,
    wish: int,
    by_arrival: bool,
    now: int,
) -> Row:
    """Why no run takes the rider, and how much later the next one goes that she could still book."""
    open_runs = [run for run in covering if now <= run.booking_deadline_s and run not in bookable]
    later = [run.depart_s - wish for run in open_runs if run.depart_s > wish]
    later_s = min(later, default=0) if by_arrival else 0
    if full:
        return refusal_row(requested, RefusalReason.NO_VEHICLE_IN_TIME, later_s, None, 1)
    reason = RefusalReason.BOOKED_TOO_LATE if suiting else RefusalReason.OUTSIDE_HOURS
    return refusal_row(requested, reason, later_s)
