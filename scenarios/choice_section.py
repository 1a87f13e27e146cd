"""The [choice] section of a scenario file: how people choose between the service and what else they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from scenarios.stated import (
    Amount,
    ByAge,
    Count,
    Duration,
    NotNegative,
    Positive,
    Section,
    Share,
    Stated,
)

Four = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ChoiceRules:
    """How people choose, in yen, metres and seconds; values by age are in the order of `AGE_BANDS`.

    Parameters
    ----------
    outings_per_request
        Outings that are weighed for each latent request of the demand.
    worth_yen
        What an outing is worth to whoever makes it, whichever way.
    service_trouble_yen, lift_trouble_yen, car_trouble_yen, bus_trouble_yen
        What a way costs beyond money and time, there and back: booking, asking somebody, driving.
    spread_yen
        Scale of the Gumbel lots.
    yen_per_minute
        Value of a minute in a vehicle.
    wait_weight, walk_weight
        A minute of waiting, and of walking, in minutes in a vehicle.
    refusal_yen
        What it would cost to be refused for certain.
    licence_share, car_share, lift_share
        Who may drive, who of them has a car, who has somebody to drive them; drawn for life.
    car_yen_per_km, car_co2_g_per_km
        Of a private car.
    lift_km_factor
        Kilometres driven for each kilometre that somebody is driven.
    expected_wait_s, expected_ride_ratio, expected_served_share
        What people expect of the service before they know better: wait, ride over direct drive, chance of a
        seat.
    rounds, days
        How often people may correct what they expect, and over how many days each time; no rounds = never.
    step
        Part of a difference that is corrected at a time.
    settled_yen
        Expectations are settled once the mean difference is at most this.
    """

    outings_per_request: float
    worth_yen: Four
    service_trouble_yen: Four
    lift_trouble_yen: Four
    car_trouble_yen: Four
    bus_trouble_yen: Four
    spread_yen: float
    yen_per_minute: float
    wait_weight: float
    walk_weight: float
    refusal_yen: float
    licence_share: Four
    car_share: Four
    lift_share: Four
    car_yen_per_km: float
    car_co2_g_per_km: float
    lift_km_factor: float
    expected_wait_s: float
    expected_ride_ratio: float
    expected_served_share: float
    rounds: int
    days: int
    step: float
    settled_yen: float


class Troubles(Section):
    """What each way costs beyond money and time, there and back, by age."""

    service: Stated[ByAge[NotNegative]] = Field(description="yen: booking, sharing")
    lift: Stated[ByAge[NotNegative]] = Field(description="yen: asking somebody and their time")
    car: Stated[ByAge[NotNegative]] = Field(description="yen: driving and parking")
    bus: Stated[ByAge[NotNegative]] = Field(description="yen: standing, steps, the timetable")


class Expected(Section):
    """What people expect of the service before they know better."""

    wait: Duration
    ride_ratio: Stated[Positive] = Field(description="time on board over the direct drive")
    served_share: Stated[Share] = Field(description="chance of a seat")


class Learning(Section):
    """How people correct what they expect by what they meet."""

    rounds: Stated[Amount] = Field(description="at most; 0 = they keep to what they expect")
    days: Stated[Count] = Field(description="days that are looked back on in each round")
    step: Stated[Share] = Field(description="part of a difference that is corrected in a round")
    settled: Stated[Positive] = Field(description="yen: mean difference at which expectations are settled")

    @model_validator(mode="after")
    def _moves(self) -> Learning:
        if self.rounds.value and not self.step.value:
            raise ValueError("step is 0, so that nobody learns; give more than 0, or rounds = 0")
        return self


class ChoiceSection(Section):
    """People choose between the service, a lift, the own car, the bus and staying at home."""

    model: Literal["off", "logit"] = Field(
        description="off = every latent request asks for the service, whatever it is like"
    )
    outings_per_request: Stated[Positive] = Field(description="outings weighed for each latent request")
    worth: Stated[ByAge[NotNegative]] = Field(description="yen: what an outing is worth")
    spread: Stated[Positive] = Field(description="yen: scale of the Gumbel lots")
    minute: Stated[NotNegative] = Field(description="yen: value of a minute in a vehicle")
    wait_weight: Stated[NotNegative] = Field(description="minutes in a vehicle as bad as one of waiting")
    walk_weight: Stated[NotNegative] = Field(description="minutes in a vehicle as bad as one of walking")
    refusal: Stated[NotNegative] = Field(description="yen: being refused for certain")
    car_share: Stated[ByAge[Share]] = Field(description="of licence holders, those with a car at hand")
    lift_share: Stated[ByAge[Share]] = Field(description="people with somebody who would drive them")
    car_km: Stated[NotNegative] = Field(description="yen for a kilometre by car")
    car_co2: Stated[NotNegative] = Field(description="g/km of a private car")
    lift_km_factor: Stated[Positive] = Field(
        description="kilometres driven for each that somebody is driven: the driver comes or goes alone"
    )
    trouble: Troubles
    expected: Expected
    learning: Learning

    @property
    def is_on(self) -> bool:
        return self.model != "off"

    def rules(self, licence_share: Four) -> ChoiceRules:
        """The same for the model, with the share of licence holders by age."""
        trouble, expected, learning = self.trouble, self.expected, self.learning
        return ChoiceRules(
            outings_per_request=self.outings_per_request.value,
            worth_yen=self.worth.value.values,
            service_trouble_yen=trouble.service.value.values,
            lift_trouble_yen=trouble.lift.value.values,
            car_trouble_yen=trouble.car.value.values,
            bus_trouble_yen=trouble.bus.value.values,
            spread_yen=self.spread.value,
            yen_per_minute=self.minute.value,
            wait_weight=self.wait_weight.value,
            walk_weight=self.walk_weight.value,
            refusal_yen=self.refusal.value,
            licence_share=licence_share,
            car_share=self.car_share.value.values,
            lift_share=self.lift_share.value.values,
            car_yen_per_km=self.car_km.value,
            car_co2_g_per_km=self.car_co2.value,
            lift_km_factor=self.lift_km_factor.value,
            expected_wait_s=expected.wait.seconds,
            expected_ride_ratio=expected.ride_ratio.value,
            expected_served_share=expected.served_share.value,
            rounds=learning.rounds.value,
            days=learning.days.value,
            step=learning.step.value,
            settled_yen=learning.settled.value,
        )
