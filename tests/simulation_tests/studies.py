"""Study files small enough to run in a moment, and workers made to fail."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from pathlib import Path

from simulation.study_replication import Order, Replicated, replicate
from tests.simulation_tests.study_inputs import write_scenario

STUDY = """
baseline = "one"
figures = ["served_riders", "wait_mean_s"]
[title]
en = "One wagon or two"
ja = "1台か2台か"
[question]
en = "Does a second wagon help?"
ja = "2台目は役立つか。"
[days]
first_seed = 5
replications = 3
[thresholds]
wait_mean_s = { better = "lower", by = 30 }
[[variants]]
name = "one"
title = { en = "one wagon", ja = "1台" }
scenario = "line.toml"
is_on_grid = false
[[variants]]
name = "two"
title = { en = "two wagons", ja = "2台" }
scenario = "line.toml"
set = { "service.vehicles.V.count" = 2 }
[[grid]]
name = "notice"
title = { en = "notice", ja = "締切" }
parameter = "service.rules.notice"
values = [20, 45]
"""


def write_study(folder: Path, text: str = STUDY, name: str = "wagons") -> Path:
    """One wagon against two, the two of them with two deadlines: three cases of three days on the line."""
    write_scenario(folder)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def end_in_worker(order: Order) -> Replicated:
    """Ends the worker process that seed 6 comes to, whenever it does."""
    if order.seed == 6 and parent_process() is not None:
        os._exit(9)
    return replicate(order)


def end_once_in_worker(order: Order) -> Replicated:
    """Ends the worker process that seed 6 comes to first; a file beside the scenario remembers it."""
    mark = Path(order.recipe.file).with_name("ended-once")
    if order.seed == 6 and parent_process() is not None and not mark.exists():
        mark.touch()
        os._exit(9)
    return replicate(order)
