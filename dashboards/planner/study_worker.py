"""The process beside the pages that simulates: studies in the order in which they are asked for.

Orders come as lines of JSON on the standard input, answers go as lines of JSON to the standard output. The
process ends when its input ends, so it never outlives the pages, whatever becomes of them.

    {"order": 1, "study": "how_many_vans", "folder": "runs/studies/how_many_vans", "case_days": 60}
    {"order": 2, "definition": {...}, "folder": "runs/tried/0f3a", "replications": 1, "again": false}
    {"order": 3, "access": "runs/studies/how_many_vans", "cases": []}
    {"order": 5, "money": "runs/studies/how_many_vans"}
    {"order": 4, "worth": "runs/studies/how_many_vans", "cases": ["on_demand.vans-6"], "days": 10}
    {"order": 1, "phase": "days", "done": 3, "total": 56}
    {"order": 1, "outcome": "runs/studies/how_many_vans"}
    {"order": 2, "fault": "one sentence"}
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scenarios.study_definition import StudyDefinition, load_study
from simulation.errors import SimulationError
from simulation.series import Phase
from simulation.study_access import write_access
from simulation.study_cases import cases_of
from simulation.study_money import write_money
from simulation.study_outcome import read_study
from simulation.study_replication import prepared_here
from simulation.study_runs import run_study
from simulation.study_worth import write_worth

WARM: Final = "warm"
"""Key of an order that only loads what the days of a scenario need."""

ACCESS: Final = "access"
"""Key of an order that has access computed for the study in a folder."""

LEAST_DAYS: Final = 4
"""Of each case, however many there are: fewer say nothing about how much days differ."""

MONEY: Final = "money"
"""Key of an order that has a year's account reckoned for the study in a folder."""

WORTH: Final = "worth"
"""Key of an order that has the steps of `maas worth` simulated for the study in a folder."""

_KNOWN: Final = (SimulationError, ValueError, OSError, KeyError)


def main() -> None:
    """Take orders until the input ends."""
    orders: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    while True:
        order = orders.get()
        try:
            _carry_out(order)
        except _KNOWN as error:
            _tell(order, fault=" ".join(str(error).split()) or type(error).__name__)


def _listen(orders: queue.SimpleQueue[Mapping[str, Any]]) -> None:
    for line in sys.stdin:
        orders.put(json.loads(line))
    os._exit(0)


def _carry_out(order: Mapping[str, Any]) -> None:
    if WARM in order:
        for case in cases_of(_definition_of(order)):
            prepared_here(case.recipe)
        _tell(order, outcome="")
        return
    if ACCESS in order:
        folder = order[ACCESS]
        write_access(
            read_study(folder),
            lambda done, total: _report(order, Phase.DAYS, done, total),
            cases=order.get("cases", []),
        )
        _tell(order, outcome=folder)
        return
    if MONEY in order:
        folder = order[MONEY]
        write_money(read_study(folder))
        _tell(order, outcome=folder)
        return
    if WORTH in order:
        folder = order[WORTH]
        write_worth(
            read_study(folder),
            cases=order["cases"],
            days=order["days"],
            progress=lambda done, total: _report(order, Phase.DAYS, done, total),
        )
        _tell(order, outcome=folder)
        return
    study = _definition_of(order)
    run = run_study(
        study,
        Path(order["folder"]),
        replications=order["replications"] if "replications" in order else _days(study, order["case_days"]),
        again=bool(order.get("again", False)),
        report=lambda phase, done, total: _report(order, phase, done, total),
    )
    _tell(order, outcome=str(run.outcome.folder))


def _days(study: StudyDefinition, case_days: int) -> int | None:
    """Days of each case where all cases together should have about so many; never more than are asked for.
    None for a study of dates, which simulates each once."""
    if study.days.dates is not None:
        return None
    return min(study.days.replications, max(LEAST_DAYS, case_days // len(cases_of(study))))


def _definition_of(order: Mapping[str, Any]) -> StudyDefinition:
    if "study" in order:
        return load_study(order["study"])
    return StudyDefinition.model_validate_json(json.dumps(order["definition"]), strict=True)


def _report(order: Mapping[str, Any], phase: Phase, done: int, total: int) -> None:
    _tell(order, phase=phase.value, done=done, total=total)


def _tell(order: Mapping[str, Any], **said: object) -> None:
    sys.stdout.write(json.dumps({"order": order["order"], **said}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
