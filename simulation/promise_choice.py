"""A study's choice of how surely promises are planned, in the place of what its scenario says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from routing.travel_quantiles import QUANTILES
from scenarios.preparation import text_hash
from scenarios.prepared import PreparedScenario
from simulation.errors import StudyError


@dataclass(frozen=True, slots=True)
class PromiseChoice:
    """How surely promises are planned: `promise_quantile_percent` of the booking rules, 0 = by means."""

    quantile_percent: int

    def __post_init__(self) -> None:
        if self.quantile_percent and self.quantile_percent not in QUANTILES:
            raise StudyError(
                f"quantile of promises is {self.quantile_percent} %; give {QUANTILES.start} to"
                f" {QUANTILES.stop - 1}, or 0 for means"
            )

    def applied(self, prepared: PreparedScenario) -> PreparedScenario:
        """The same scenario with promises planned as chosen.

        Raises
        ------
        StudyError
            When its driving times are exact, so that there is nothing to be sure against.
        """
        rules = prepared.service.rules
        if self.quantile_percent == rules.promise_quantile_percent:
            return prepared
        if prepared.traffic is None:
            raise StudyError(
                f"{prepared.name} has exact driving times, so promises need no quantile; leave it out, or"
                " give the scenario traffic"
            )
        return replace(
            prepared,
            service=replace(
                prepared.service,
                rules=replace(rules, promise_quantile_percent=self.quantile_percent),
                travel_spread=prepared.traffic.spread if self.quantile_percent else None,
            ),
            scenario_hash=text_hash(prepared.scenario_hash, "promise", self.quantile_percent),
        )
