"""Riders who phone: when their requests reach the dispatcher, and who gives up before that."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from maas.service_definition import AGE_BANDS, CHANNELS
from scenarios.demand_day import NEVER, DemandDay, Int64s
from scenarios.phone_calls import CallCentreRules
from scenarios.streams import uniforms
from simulation.call_centre import (
    DAY_S,
    NOT_ANSWERED,
    CallCentre,
    Callers,
    Floats,
    PhoneRecord,
)

_PHONE: Final = CHANNELS.index("phone")
_RUSH_S: Final = 600  # calls held back until the phone is answered spread over ten minutes
_AFTER_ANSWER_S: Final = 60  # nobody cancels sooner after a booking


@dataclass(frozen=True, slots=True)
class PhoneFigures:
    """The phone on one day.

    Parameters
    ----------
    callers
        Riders who call, once for the way there and back if they ask for both together.
    calls, answered, abandoned, turned_away
        Calls, several for who tried again, and how they ended: answered, hung up, or waiting at closing time.
    gave_up, lost_requests, lost_riders
        Callers who never reached an operator, the requests that they could not make, and the persons in them.
    lost_by_age_band
        The lost requests by age of who called, every band listed.
    wait_mean_s
        Mean time in the queue of a call, those not answered included; None without calls.
    occupancy
        Time on calls over the time of all operators in the opening hours; overtime can lift it above 1.
    """

    callers: int
    calls: int
    answered: int
    abandoned: int
    turned_away: int
    gave_up: int
    lost_requests: int
    lost_riders: int
    lost_by_age_band: Mapping[str, int]
    wait_mean_s: float | None
    occupancy: float

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON document."""
        return asdict(self)

    def beside(self, figures: Mapping[str, Any]) -> dict[str, Any]:
        """The phone, with the shares served of all who wanted to travel: of the requests in `figures`
        (`Metrics.to_json`) and of those lost on the phone."""
        requests = figures["requests"] + self.lost_requests
        riders = figures["requested_riders"] + self.lost_riders
        return self.to_json() | {
            "served_share": figures["served"] / requests if requests else None,
            "served_riders_share": figures["served_riders"] / riders if riders else None,
        }


def through_the_phone(
    day: DemandDay, rules: CallCentreRules, seed: int, travellers: Int64s | None = None
) -> tuple[DemandDay, PhoneFigures]:
    """The requests as they reach the dispatcher: by phone when the call has ended, by app as before.

    The requests of who gives up are left out.

    Parameters
    ----------
    day
        Requests; `booked_at_s` is when riders first call. Calls outside the hours are made in the ten minutes
        after the next opening.
    seed
        Keys the draws, together with the rider: two call centres meet the same callers.
    travellers
        int64, shape (n,). Whose request each one is: what one asks within ten minutes is asked in
        one call, the way back with the way there. None = every request is a call of its own.

    Notes
    -----
    The requests of a service day are called in on several days before it, and on each of those days the phone
    also rings for other service days. Days are taken to be alike (assumption): all calls of the service day
    queue within one day, by their time of day, as the calls of several service days would.
    """
    phones = np.flatnonzero(day.channel == _PHONE)
    opens_s, closes_s = rules.hours
    u = uniforms(seed, "phone call", day.rider[phones], 2)
    asked_s = day.booked_at_s[phones].astype(np.int64)
    second = asked_s % DAY_S
    rush_s = opens_s + np.floor(u[:, 0] * min(_RUSH_S, closes_s - opens_s)).astype(np.int64)
    is_open = (second >= opens_s) & (second < closes_s)
    calls_s = np.where(is_open, second, rush_s)
    day_s = asked_s - second + np.where(second >= closes_s, DAY_S, 0)

    persons = (day.rider if travellers is None else travellers)[phones]
    first, call_of = _calls(day.rider[phones], persons, calls_s, day_s)
    latest_s = np.full(len(first), np.inf)
    np.minimum.at(latest_s, call_of, day.wish_s[phones] - day_s[first][call_of])
    callers = Callers(
        calls_at_s=calls_s[first].astype(np.float64),
        length_s=_lengths(rules, u[first, 1]),
        patience_s=_patience(rules, day, phones[first], seed),
        calls_again_after_s=_calls_again(rules, day, phones[first], seed),
        latest_s=latest_s,
    )
    record = CallCentre(rules.operators, rules.hours).run(callers)
    ended_s = day_s[first] + record.answered_at_s + callers.length_s
    lost = day.take(phones[~np.isfinite(ended_s[call_of])])
    return _after_calls(day, phones, ended_s[call_of]), _figures(rules, record, lost)


def _calls(riders: Int64s, persons: Int64s, calls_s: Int64s, day_s: Int64s) -> tuple[Int64s, Int64s]:
    """The request with which each call begins, in the order of calls; and the call of each request."""
    at_s = day_s + calls_s
    by_person = np.lexsort((riders, at_s, persons))
    begins = np.ones(len(riders), np.bool_)
    is_other = persons[by_person][1:] != persons[by_person][:-1]
    begins[1:] = is_other | (np.diff(at_s[by_person]) >= _RUSH_S)
    first = by_person[begins]
    order = np.lexsort((riders[first], calls_s[first]))
    place = np.empty(len(first), np.int64)
    place[order] = np.arange(len(first))
    call_of = np.empty(len(riders), np.int64)
    call_of[by_person] = place[np.cumsum(begins) - 1]
    return first[order], call_of


def _lengths(rules: CallCentreRules, u: Floats) -> Floats:
    """Lognormal, in whole seconds, at least one."""
    sigma_2 = math.log1p(rules.call_length_spread**2)
    normal = NormalDist()
    z = np.array([normal.inv_cdf(min(max(p, 1e-12), 1 - 1e-12)) for p in u.tolist()], dtype=np.float64)
    length_s = np.exp(math.log(rules.call_length_s) - sigma_2 / 2 + math.sqrt(sigma_2) * z)
    rounded: Floats = np.maximum(1.0, np.rint(length_s))
    return rounded


def _patience(rules: CallCentreRules, day: DemandDay, phones: Any, seed: int) -> Floats:
    """Exponential, in whole seconds, at least one; drawn anew for every attempt."""
    u = uniforms(seed, "phone patience", day.rider[phones], rules.attempts)
    patience_s: Floats = np.maximum(1.0, np.rint(-np.log1p(-u) * rules.patience_s))
    return patience_s


def _calls_again(rules: CallCentreRules, day: DemandDay, phones: Any, seed: int) -> Floats:
    """Whole seconds until the next attempt, infinite for who gives up."""
    more = rules.attempts - 1
    chance = uniforms(seed, "phones again", day.rider[phones], more)
    when = uniforms(seed, "phones again after", day.rider[phones], more)
    shortest_s, longest_s = rules.calls_again_after_s
    after_s = shortest_s + np.floor(when * (longest_s - shortest_s + 1))
    again_s: Floats = np.where(chance < rules.calls_again_share, after_s, NOT_ANSWERED)
    return again_s


def _after_calls(day: DemandDay, phones: Any, ended_s: Floats) -> DemandDay:
    """The day with each request by phone at the end of its call, without those that end never."""
    is_answered = np.isfinite(ended_s)
    booked_s = day.booked_at_s.copy()
    booked_s[phones[is_answered]] = ended_s[is_answered].astype(np.int32)
    earliest_s = booked_s + day.answer_s + _AFTER_ANSWER_S
    is_cancelled = (day.cancels_at_s != NEVER) & (booked_s != day.booked_at_s)
    cancels_s = np.where(is_cancelled, np.maximum(day.cancels_at_s, earliest_s), day.cancels_at_s)
    asks = np.ones(len(day), np.bool_)
    asks[phones[~is_answered]] = False
    called = replace(day, booked_at_s=booked_s, cancels_at_s=cancels_s.astype(np.int32)).take(asks)
    return called.take(np.lexsort((called.rider, called.booked_at_s)))


def _figures(rules: CallCentreRules, record: PhoneRecord, lost: DemandDay) -> PhoneFigures:
    count = len(record.answered_at_s)
    opens_s, closes_s = rules.hours
    return PhoneFigures(
        callers=count,
        calls=record.calls,
        answered=record.answered,
        abandoned=record.abandoned,
        turned_away=record.turned_away,
        gave_up=count - record.answered,
        lost_requests=len(lost),
        lost_riders=int(lost.seats.sum() + lost.wheelchairs.sum()),
        lost_by_age_band={band: int((lost.age_band == k).sum()) for k, band in enumerate(AGE_BANDS)},
        wait_mean_s=record.wait_mean_s,
        occupancy=record.talk_total_s / (rules.operators * (closes_s - opens_s)),
    )
