"""How a service plans ahead while its day goes on: parameters of the policies that do more than insert."""

from __future__ import annotations

from dataclasses import dataclass

from maas.domain.errors import ServiceDefinitionError

ITERATIONS: dict[str, int] = {"reinsertion": 50, "sisr": 200, "ortools": 5}
"""Engines, and iterations of each that are worth their time every half minute."""

ENGINES: tuple[str, ...] = tuple(ITERATIONS)

DAY_S = 86_400

LARGEST_WEIGHT_16 = 160_000
"""A second costs at most ten thousand seconds of driving."""


@dataclass(frozen=True, slots=True)
class ExpectedRequests:
    """Requests per thousand service days that begin at a place (place_id) within an hour (0 to 23) of the
    day."""

    hour: int
    place: int
    per_thousand_days: int

    def __post_init__(self) -> None:
        if not 0 <= self.hour < 24 or self.per_thousand_days < 0:
            raise ServiceDefinitionError(
                f"expected requests {self} are not valid; give an hour from 0 to 23 and a figure of 0 or more"
            )


@dataclass(frozen=True, slots=True)
class InsertionWeights:
    """Weights of the cost of an insertion, in sixteenths: driving seconds + wait_16/16 * wait + ride_16/16 *
    (ride beyond direct).

    The search finds the cheapest place only while a later pickup never pays: a second on board may not cost
    more than a second of waiting.
    """

    wait_16: int = 24
    ride_16: int = 8

    def __post_init__(self) -> None:
        if not 0 <= self.ride_16 <= self.wait_16 <= LARGEST_WEIGHT_16:
            raise ServiceDefinitionError(
                f"weights of an insertion are wait {self.wait_16 / 16:g} and ride {self.ride_16 / 16:g};"
                f" give 0 to {LARGEST_WEIGHT_16 // 16}, the ride no more than the wait"
            )


DEFAULT_WEIGHTS = InsertionWeights()


@dataclass(frozen=True, slots=True)
class Replanning:
    """How routes are improved while the day goes on, within what has been promised.

    Parameters
    ----------
    every_s
        Seconds between solves, which begin at multiples of it.
    iterations
        Steps of a solve.
    request_iterations
        Steps of the search at a request: riders already booked may change their vehicles so that she has a
        place, or a better one. 0 = plain insertion.
    delay_s
        Seconds from the beginning of a solve to its answer.
    engine
        What solves: `reinsertion` takes riders out and puts them back by the dispatcher's own insertion;
        `sisr` and `ortools` are the engines of `maas solve` on the fleet as a routing problem.
    overnight_iterations, overnight_at_s, overnight_delay_s
        Iterations of the long solve of all bookings that are known at this second of each day (22:00), by
        `engine`, or by `sisr` where that is `reinsertion`; 0 = none. Seconds until it answers.
    repair_iterations
        Iterations of the solve that follows a breakdown or a closure that breaks promises, by the same engine
        as overnight; 0 = none. It answers after `delay_s`.
    """

    every_s: int = 30
    iterations: int = 50
    delay_s: int = 1
    engine: str = "reinsertion"
    overnight_iterations: int = 0
    overnight_at_s: int = 79_200
    overnight_delay_s: int = 60
    repair_iterations: int = 500
    request_iterations: int = 20

    @property
    def problem_engine(self) -> str:
        """What solves the fleet as a routing problem."""
        return "sisr" if self.engine == "reinsertion" else self.engine

    def is_overnight(self, second: int) -> bool:
        """Whether the long solve begins at a second of the journal's axis."""
        return self.overnight_iterations > 0 and second % DAY_S == self.overnight_at_s

    def __post_init__(self) -> None:
        for name, least, most in (
            ("every_s", 1, 86_400),
            ("iterations", 1, 10_000_000),
            ("delay_s", 0, 86_400),
            ("overnight_iterations", 0, 10_000_000),
            ("repair_iterations", 0, 10_000_000),
            ("overnight_at_s", 0, DAY_S - 1),
            ("overnight_delay_s", 0, DAY_S),
            ("request_iterations", 0, 10_000_000),
        ):
            if not least <= getattr(self, name) <= most:
                raise ServiceDefinitionError(
                    f"replanning {name} is {getattr(self, name)}; give {least} to {most}"
                )
        if self.engine not in ENGINES:
            raise ServiceDefinitionError(
                f"replanning engine is {self.engine!r}; give one of {', '.join(ENGINES)}"
            )


@dataclass(frozen=True, slots=True)
class Batching:
    """How requests are gathered and answered together.

    Parameters
    ----------
    every_s
        Seconds between answers, which are sought at multiples of it.
    delay_s
        Seconds from the beginning of a solve to its answer.
    """

    every_s: int = 30
    delay_s: int = 1

    def __post_init__(self) -> None:
        for name, least, most in (("every_s", 1, 3600), ("delay_s", 0, 3600)):
            if not least <= getattr(self, name) <= most:
                raise ServiceDefinitionError(
                    f"batching {name} is {getattr(self, name)}; give {least} to {most}"
                )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a vehicle does with the time before a rider who is booked may board.

    Parameters
    ----------
    drives_first
        It leaves for its next pickup at once and stands there, free to be sent elsewhere. Otherwise it waits
        where it is and drives as late as it can (drive first and wait first of Mitrović-Minić and Laporte
        2004, "Waiting strategies for the dynamic pickup and delivery problem with time windows").
    idle_cost_percent
        When a vehicle is chosen for a request: what a second costs, in hundredths of a second of driving,
        that it would have to wait for the new rider. 100 counts waiting as work, as MATSim's DRT does.
    """

    drives_first: bool = False
    idle_cost_percent: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.idle_cost_percent <= 1000:
            raise ServiceDefinitionError(
                f"waiting idle_cost_percent is {self.idle_cost_percent}; give 0 to 1000"
            )


@dataclass(frozen=True, slots=True)
class SoftLimits:
    """The longest wait and the latest arrival are preferences, so that nobody is refused for them: a trip
    beyond them costs extra, and is promised as it is planned.

    Parameters
    ----------
    late_pickup_percent, late_arrival_percent
        What a second beyond the longest wait, and beyond the latest arrival, costs in hundredths of a second
        of driving. The defaults are those of MATSim's DRT with rejections off.
    """

    late_pickup_percent: int = 100
    late_arrival_percent: int = 1000

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= 100_000:
                raise ServiceDefinitionError(f"soft limits {name} is {getattr(self, name)}; give 0 to 100000")
