"""A scenario: everything a study of one service in one city depends on."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from scenarios.choice_section import ChoiceSection
from scenarios.people_sections import (
    City,
    ModelledDemand,
    Population,
    RecordedRequests,
    Traffic,
    WalkingSection,
)
from scenarios.phone_calls import CallCentreSection
from scenarios.road_sections import RoadChangeSection, Speeds
from scenarios.service_sections import OnDemandService, ScheduledService
from scenarios.stated import DAY_S, DayWindow, Section

EMBEDDED = "sakura"
"""Stands for the network that the package makes itself, in the place of a file."""


class Title(Section):
    """A text in both languages."""

    en: str
    ja: str


class Scenario(Section):
    """A scenario file after its parents have been filled in; `load_scenario` makes it.

    `file` is set by the loader: relative paths start from its folder, and its stem is the name of the
    scenario.
    """

    file: str = Field(exclude=True)
    title: Title
    about: Title
    date: str = Field(description='the service day, for example "2026-11-24"')
    horizon: DayWindow = Field(description="first and last second of the day that matters")
    city: City
    population: Population | None = None
    demand: Annotated[ModelledDemand | RecordedRequests, Field(discriminator="kind")]
    walking: WalkingSection | None = None
    traffic: Traffic | None = None
    speeds: Speeds | None = None
    road_changes: tuple[RoadChangeSection, ...] = ()
    call_centre: CallCentreSection | None = Field(default=None, exclude_if=lambda section: section is None)
    choice: ChoiceSection | None = Field(
        default=None, exclude_if=lambda section: section is None or not section.is_on
    )
    service: Annotated[OnDemandService | ScheduledService, Field(discriminator="policy")]

    @property
    def files(self) -> tuple[str, ...]:
        """The files beside its own, as it names them: network and recorded requests."""
        network = () if self.city.network == EMBEDDED else (self.city.network,)
        return (*network, self.demand.file) if isinstance(self.demand, RecordedRequests) else network

    @field_validator("date")
    @classmethod
    def _is_a_date(cls, text: str) -> str:
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"date {text!r} is none; write it as 2026-11-24") from None
        return text

    @model_validator(mode="after")
    def _has_people(self) -> Scenario:
        if isinstance(self.demand, ModelledDemand) and self.population is None:
            raise ValueError("population is missing; modelled demand is drawn from it")
        if self.service.access.doors == "stops" and self.walking is None:
            raise ValueError("walking is missing; riders walk to stops")
        return self

    @model_validator(mode="after")
    def _has_what_a_choice_needs(self) -> Scenario:
        if self.choice is None or not self.choice.is_on:
            return self
        if not isinstance(self.demand, ModelledDemand):
            raise ValueError(
                'choice needs demand.kind = "model", since recorded requests have been chosen already;'
                ' give choice.model = "off"'
            )
        if self.walking is None:
            raise ValueError("walking is missing; people who choose may walk to a bus")
        return self

    @model_validator(mode="after")
    def _phone_is_answered_within_a_day(self) -> Scenario:
        hours = self.service.access.phone_hours
        if self.call_centre is not None and not 0 <= hours.seconds[0] < hours.seconds[1] <= DAY_S:
            raise ValueError(
                f"call_centre needs service.access.phone_hours within one day, not {'-'.join(hours.value)};"
                " give hours between 00:00 and 24:00"
            )
        return self

    @property
    def name(self) -> str:
        return Path(self.file).stem

    @property
    def weekday(self) -> int:
        """0 = Monday."""
        return datetime.date.fromisoformat(self.date).weekday()
