"""A study's choice of where idle vehicles wait, in the place of what its scenario says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from maas.domain.errors import ServiceDefinitionError
from maas.service_definition import AIMS, EMPTY_COST_PERCENT, REACH_S, REPOSITIONING, Repositioning
from scenarios.forecasts import expected_requests
from scenarios.preparation import text_hash
from scenarios.prepared import PreparedScenario
from simulation.errors import StudyError

OFF = "off"
CHOICES: tuple[str, ...] = (OFF, *REPOSITIONING)


@dataclass(frozen=True, slots=True)
class IdleChoice:
    """Where idle vehicles wait.

    Parameters
    ----------
    follows
        `off`, or what `Repositioning` follows.
    aim, reach_s, empty_cost_percent
        As in `Repositioning`.
    """

    follows: str
    aim: str = AIMS[0]
    reach_s: int = REACH_S
    empty_cost_percent: int = EMPTY_COST_PERCENT

    def __post_init__(self) -> None:
        if self.follows not in CHOICES:
            raise StudyError(f"repositioning is {self.follows!r}; give one of {', '.join(CHOICES)}")
        if self.aim not in AIMS:
            raise StudyError(f"repositioning aims at {self.aim!r}; give one of {', '.join(AIMS)}")
        if not 1 <= self.reach_s <= 86_400 or not 0 <= self.empty_cost_percent <= 10_000:
            raise StudyError(
                f"repositioning reaches {self.reach_s} s at a cost of {self.empty_cost_percent} %;"
                " give 1 to 86400 s and 0 to 10000 %"
            )

    def applied(self, prepared: PreparedScenario) -> PreparedScenario:
        """The same scenario with idle vehicles that wait as chosen."""
        rule: Repositioning | None = None
        if self.follows != OFF:
            forecast = expected_requests(prepared) if self.follows == "forecast" else ()
            try:
                rule = Repositioning(
                    self.follows,
                    aim=self.aim,
                    reach_s=self.reach_s,
                    empty_cost_percent=self.empty_cost_percent,
                    forecast=forecast,
                )
            except ServiceDefinitionError as error:
                raise StudyError(f"{prepared.name}: {error}") from None
        if rule == prepared.service.repositioning:
            return prepared
        return replace(
            prepared,
            service=replace(prepared.service, repositioning=rule),
            scenario_hash=text_hash(
                prepared.scenario_hash, self.follows, self.aim, self.reach_s, self.empty_cost_percent
            ),
        )
