"""The sections of a service about what it does beyond inserting riders: where vehicles wait, how routes are
improved, how requests are gathered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from maas.domain.planning_rules import ITERATIONS, Batching, ExpectedRequests, Replanning, SoftLimits, Waiting
from maas.service_definition import Repositioning
from scenarios.stated import Amount, Count, Duration, Percent, Section, Stated, TimeOfDay


class RepositioningSection(Section):
    """Where idle vehicles wait; what is left out is as `Repositioning` has it."""

    follows: Literal["refusals", "recent", "forecast"]
    aim: Literal["shares", "coverage"] = "shares"
    every: Duration | None = Field(default=None, description="time between wake-ups")
    reach: Duration | None = Field(default=None, description="longest drive without riders")
    empty_cost: Stated[Amount] | None = Field(
        default=None, description="%, cost of a second of empty driving"
    )
    memory: Duration | None = Field(default=None, description="how long a request is remembered")
    cells: Stated[Count] | None = Field(default=None, description="into how many cells the network is cut")
    within: Duration | None = Field(
        default=None, description="coverage: who comes within this, comes in time"
    )
    busy: Stated[Percent] | None = Field(
        default=None, description="coverage: %, how likely a vehicle is taken when it is needed"
    )

    def rule(self, forecast: tuple[ExpectedRequests, ...]) -> Repositioning:
        """The same for the dispatcher.

        Parameters
        ----------
        forecast
            What is expected, for `forecast`; empty otherwise.

        Raises
        ------
        ServiceDefinitionError
            When a figure is none.
        """
        times = {
            "every_s": self.every,
            "reach_s": self.reach,
            "memory_s": self.memory,
            "within_s": self.within,
        }
        figures = {"empty_cost_percent": self.empty_cost, "cells": self.cells, "busy_percent": self.busy}
        given = {name: time.seconds for name, time in times.items() if time is not None}
        given |= {name: figure.value for name, figure in figures.items() if figure is not None}
        return Repositioning(self.follows, aim=self.aim, forecast=forecast, **given)


class ReplanningSection(Section):
    """How routes are improved while the day goes on; what is left out is as `Replanning` has it."""

    engine: Literal["reinsertion", "sisr", "ortools"] = "reinsertion"
    every: Duration | None = Field(default=None, description="time between solves")
    iterations: Stated[Count] | None = Field(default=None, description="steps of a solve")
    delay: Duration | None = Field(default=None, description="from the beginning of a solve to its answer")
    request_iterations: Stated[Amount] | None = Field(
        default=None, description="steps of the search at a request; 0 = plain insertion"
    )
    repair_iterations: Stated[Amount] | None = Field(
        default=None, description="iterations after a breakdown or closure; 0 = no repair"
    )
    overnight_iterations: Stated[Amount] | None = Field(
        default=None, description="iterations of the long solve of each night; 0 = none"
    )
    overnight_at: TimeOfDay | None = Field(default=None, description="when the long solve begins")
    overnight_delay: Duration | None = Field(default=None, description="until the long solve answers")

    def rule(self) -> Replanning:
        """The same for the dispatcher.

        Raises
        ------
        ServiceDefinitionError
            When a figure is none.
        """
        times = {
            "every_s": self.every,
            "delay_s": self.delay,
            "overnight_at_s": self.overnight_at,
            "overnight_delay_s": self.overnight_delay,
        }
        counts = {
            "request_iterations": self.request_iterations,
            "repair_iterations": self.repair_iterations,
            "overnight_iterations": self.overnight_iterations,
        }
        given = {name: time.seconds for name, time in times.items() if time is not None}
        given |= {name: count.value for name, count in counts.items() if count is not None}
        given["iterations"] = ITERATIONS[self.engine] if self.iterations is None else self.iterations.value
        return Replanning(engine=self.engine, **given)


class BatchingSection(Section):
    """How requests are answered together; what is left out is as `Batching` has it."""

    every: Duration | None = Field(default=None, description="time between answers")
    delay: Duration | None = Field(default=None, description="from the beginning of a solve to its answer")

    def rule(self) -> Batching:
        """The same for the dispatcher.

        Raises
        ------
        ServiceDefinitionError
            When a figure is none.
        """
        times = {"every_s": self.every, "delay_s": self.delay}
        return Batching(**{name: time.seconds for name, time in times.items() if time is not None})


class SoftLimitsSection(Section):
    """Nobody is refused for the longest wait or the latest arrival; what is left out is as `SoftLimits` has
    it."""

    late_pickup: Stated[Amount] | None = Field(
        default=None, description="%, cost of a second beyond the longest wait against one of driving"
    )
    late_arrival: Stated[Amount] | None = Field(
        default=None, description="%, cost of a second beyond the latest arrival against one of driving"
    )

    def rule(self) -> SoftLimits:
        """The same for the dispatcher.

        Raises
        ------
        ServiceDefinitionError
            When a figure is none.
        """
        figures = {"late_pickup_percent": self.late_pickup, "late_arrival_percent": self.late_arrival}
        return SoftLimits(**{name: figure.value for name, figure in figures.items() if figure is not None})


class WaitingSection(Section):
    """What a vehicle does with the time before a rider who is booked may board; what is left out is as
    `Waiting` has it."""

    leaves: Literal["late", "at_once"] = Field(
        default="late",
        description="for its next pickup: as late as it can, or at once, to stand there",
    )
    idle_cost: Stated[Amount] | None = Field(
        default=None, description="%, cost of a second of waiting for a new rider against one of driving"
    )

    def rule(self) -> Waiting:
        """The same for the dispatcher.

        Raises
        ------
        ServiceDefinitionError
            When a figure is none.
        """
        return Waiting(self.leaves == "at_once", 0 if self.idle_cost is None else self.idle_cost.value)
