"""How much one timetabled line of an outcome is used."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from maas.store.journal import read_journal
from simulation.comparison import Estimate, estimate
from simulation.errors import ComparisonError
from simulation.outcomes import JOURNAL, REQUESTS, Outcome


@dataclass(frozen=True, slots=True)
class LineUse:
    """Use of a line, over the days of an outcome.

    Parameters
    ----------
    runs
        Timetabled runs a day.
    riders
        Persons carried a day.
    empty_share
        Share of the runs that carried nobody.
    """

    runs: int
    riders: Estimate
    empty_share: Estimate


def line_use(outcome: Outcome, zone: str) -> LineUse:
    """Use of the runs that pick up or set down in `zone`.

    Raises
    ------
    ComparisonError
        When no run does.
    """
    riders: list[float] = []
    empty: list[float] = []
    runs: frozenset[int] = frozenset()
    for day in outcome.days:
        place = outcome.folder / day.folder
        service = read_journal(place / JOURNAL).header.service
        runs = frozenset(run.run_id for run in service.runs if zone in (run.pickup_zone, run.dropoff_zone))
        if not runs:
            raise ComparisonError(f"{place / JOURNAL}: no run serves zone {zone!r}; name a zone of its runs")
        requests = pd.read_parquet(place / REQUESTS, columns=["run", "riders", "status"])
        carried = requests[requests["run"].isin(runs) & (requests["status"] == "done")]
        riders.append(float(carried["riders"].sum()))
        empty.append(1 - carried["run"].nunique() / len(runs))
    return LineUse(len(runs), estimate(riders), estimate(empty))
