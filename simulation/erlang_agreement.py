"""Whether the simulated call centre agrees with Erlang A where it has to.

Stationary Poisson calls, exponential call lengths and patience, nobody calls again: there the mean wait and
the share of callers who hang up have formulas, and the simulated days must scatter around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from scenarios.streams import uniforms
from simulation.call_centre import NOT_ANSWERED, CallCentre, Callers
from simulation.comparison import CONFIDENCE, Estimate, estimate
from simulation.erlang import erlang_a
from simulation.errors import QueueError
from simulation.study_comparison import holm, paired_p

CALL_LENGTH_S: Final = 180.0
PATIENCE_S: Final = 120.0
LOADS: Final[tuple[tuple[int, float], ...]] = ((1, 0.6), (2, 1.8), (3, 3.0), (5, 4.5), (4, 6.0))
"""Operators and erlangs; the third and the fifth could not be borne if nobody hung up."""

_FIRST_CALLS: Final = 200
"""Calls of each run that are not counted: the queue begins empty."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure at one load: simulated, by the formula, and whether they agree.

    Parameters
    ----------
    operators, load_erlangs
        Operators, and mean call length over mean time between calls.
    figure
        Mean wait of all calls in seconds, or share of callers who hang up.
    simulated
        Mean over independent runs with its 95 % interval.
    formula
        By Erlang A.
    p, p_holm
        Two-sided, of no difference, by Student's t over the runs; the same, corrected by Holm's procedure for
        all rows.
    """

    operators: int
    load_erlangs: float
    figure: Literal["wait_mean_s", "abandons"]
    simulated: Estimate
    formula: float
    p: float
    p_holm: float

    @property
    def agrees(self) -> bool:
        """Whether the difference may well be chance."""
        return self.p_holm >= 1 - CONFIDENCE


def agreement_with_erlang_a(
    runs: int = 24,
    calls: int = 1300,
    *,
    loads: Sequence[tuple[int, float]] = LOADS,
    seed: int = 1,
    formula_patience_s: float = PATIENCE_S,
) -> tuple[Agreement, ...]:
    """Mean wait and share of callers who hang up beside Erlang A: two rows a load.

    Parameters
    ----------
    runs
        Independent runs of each load, 2 or more.
    calls
        Calls of a run; the first 200 are not counted.
    loads
        (operators, erlangs) of each load.
    seed
        Of the first run.
    formula_patience_s
        Mean patience that is put into the formula; callers have `PATIENCE_S`. Another one shows whether
        the comparison would see a wrong model.

    Raises
    ------
    QueueError
        If there are too few runs or calls, or no queue has such a load.
    """
    if runs < 2 or calls <= _FIRST_CALLS:
        raise QueueError(f"{runs} runs of {calls} calls; give 2 runs and {_FIRST_CALLS + 1} calls or more")
    rows: list[Agreement] = []
    for operators, load in loads:
        formula = erlang_a(operators, CALL_LENGTH_S / load, CALL_LENGTH_S, formula_patience_s)
        found = [stationary_run(operators, load, seed + k, calls, PATIENCE_S) for k in range(runs)]
        waits, abandons = [wait for wait, _ in found], [share for _, share in found]
        rows.append(_row(operators, load, "wait_mean_s", waits, formula.wait_mean_s))
        rows.append(_row(operators, load, "abandons", abandons, formula.abandons))
    corrected = holm([row.p for row in rows])
    return tuple(replace(row, p_holm=p) for row, p in zip(rows, corrected, strict=True))


def stationary_run(
    operators: int, load: float, seed: int, calls: int, patience_s: float | None
) -> tuple[float, float]:
    """Mean wait (s) of Poisson calls after the first 200, and the share of them who hang up.

    Parameters
    ----------
    patience_s
        Mean, exponential; None = everybody waits until answered.
    """
    u = -np.log1p(-uniforms(seed, f"stationary {operators} {load}", np.arange(calls), 3))
    patience = np.full(calls, NOT_ANSWERED) if patience_s is None else u[:, 2] * patience_s
    record = CallCentre(operators).run(
        Callers(
            np.cumsum(u[:, 0] * CALL_LENGTH_S / load),
            u[:, 1] * CALL_LENGTH_S,
            patience.reshape(-1, 1),
            np.empty((calls, 0)),
            np.full(calls, NOT_ANSWERED),
        )
    )
    settled = slice(_FIRST_CALLS, None)
    gave_up = ~np.isfinite(record.answered_at_s[settled])
    return float(record.wait_s[settled].mean()), float(gave_up.mean())


def _row(
    operators: int,
    load: float,
    figure: Literal["wait_mean_s", "abandons"],
    values: Sequence[float],
    formula: float,
) -> Agreement:
    p = paired_p([value - formula for value in values]) or 0.0
    return Agreement(operators, load, figure, estimate(values), formula, p, p)
