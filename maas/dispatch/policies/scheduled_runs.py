"""Policy `scheduled_runs`: what many towns run today. Timetabled departures by area, booked until a deadline;
an unbooked run stays at its base."""

from __future__ import annotations

from maas.dispatch.codec import Row
from maas.dispatch.policies.offering import Offering
from maas.dispatch.policies.offers import Window
from maas.dispatch.policies.refusals import fits_some_vehicle, one_more_would_do, refusal_row
from maas.dispatch.tables import DispatchState
from maas.domain.values import RefusalReason, TimeKind
from maas.service_definition import Run
from routing.fleet_tables import IN_SERVICE
from routing.insertion import Insertion


class ScheduledRunsPolicy:
    """Offers the runs nearest to the wish that go from the rider's area to where she wants to go."""

    def quote(self, state: DispatchState, requested: Row, command: Row, now: int) -> list[Row]:
        _, _, origin, destination, time_kind, wish, seats, chairs, *_ = requested
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
        with Offering(state, requested, command, now) as offering:
            for run in suiting:
                if now > run.booking_deadline_s:
                    continue
                window = _window(run, requested)
                found = _place_in(state, offering, window, run)
                if found is not None:
                    offering.add(window, found, run.run_id)
                if len(offering.rows) == state.service.rules.offers_max:
                    break
            return offering.rows or [_refusal(state, offering, requested, covering, suiting, now)]


def _window(run: Run, requested: Row) -> Window:
    return run.depart_s, run.end_s, run.end_s, requested[11]


def _place_in(state: DispatchState, offering: Offering, window: Window, run: Run) -> Insertion | None:
    """The best place in a run, None if it is full or its vehicle has failed."""
    vehicle = next(k for k, v in enumerate(state.service.vehicles) if v.vehicle_id == run.vehicle_id)
    is_there = bool(state.routes.tables.vehicles[vehicle, IN_SERVICE])
    return offering.find(window, vehicle) if is_there else None


def _refusal(
    state: DispatchState,
    offering: Offering,
    requested: Row,
    covering: list[Run],
    suiting: list[Run],
    now: int,
) -> Row:
    """Why no run takes the rider, and how much later she would have to arrive for one that does."""
    wish = requested[5]
    bookable = [run for run in covering if now <= run.booking_deadline_s]
    later_s = 0
    # Who departs after a time has been shown all later runs; who must be there by a time, only earlier ones.
    if requested[4] == TimeKind.ARRIVE_BY:
        for run in sorted(bookable, key=lambda run: run.end_s):
            if run.end_s > wish and _place_in(state, offering, _window(run, requested), run) is not None:
                later_s = run.end_s - wish
                break
    full = [run for run in suiting if run in bookable]
    if full:
        missing = any(one_more_would_do(state, requested, _window(run, requested), now) for run in full)
        return refusal_row(requested, RefusalReason.NO_VEHICLE_IN_TIME, later_s, None, int(missing))
    reason = RefusalReason.BOOKED_TOO_LATE if suiting else RefusalReason.OUTSIDE_HOURS
    return refusal_row(requested, reason, later_s)
