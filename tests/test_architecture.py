"""The tree keeps the house rules, and every rule is shown able to fail on a small tree that breaks it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests import architecture_rules as rules
from tests.source_tree import SourceFile, imports, read_tree

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (*rules.PACKAGES, *rules.OUTSIDE)


@pytest.fixture(scope="module")
def project() -> list[SourceFile]:
    return read_tree(ROOT, FOLDERS)


def tree(root: Path, files: dict[str, str]) -> list[SourceFile]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return read_tree(root, FOLDERS)


@pytest.fixture
def no_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small tree has none of the project's long files."""
    monkeypatch.setattr(rules, "LONG_FILES", {})


@pytest.mark.parametrize("check", rules.CHECKS, ids=lambda check: check.__name__)
def test_the_project_keeps_the_rule(check: rules.Check, project: list[SourceFile]) -> None:
    found = list(check(project))
    assert not found, f"{check.__doc__}\n" + "\n".join(found)


def test_the_project_was_read(project: list[SourceFile]) -> None:
    assert {file.package for file in project} >= {*rules.PACKAGES, "tests"}
    assert any(file.path == "maas/domain/values.py" for file in project)


def test_every_library_that_is_imported_is_pinned(project: list[SourceFile]) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    pinned = {re.split("==", entry)[0].replace("-", "_") for entry in declared}
    pinned.add("pydantic_core")  # pydantic's own other half, pinned by it
    imported = {name.top for file in rules.product(project) for name in imports(file)}
    assert {name for name in imported if name in rules.FENCES} <= pinned


BROKEN: list[tuple[rules.Check, str, str]] = [
    (rules.check_direction, "routing/network.py", "import maas.domain.values"),
    (rules.check_direction, "maas/metrics.py", "from simulation import run"),
    (rules.check_direction, "maas/metrics.py", "if TYPE_CHECKING:\n    import dashboards"),
    (rules.check_direction, "simulation/run.py", "def go():\n    from maas.cli.console import text"),
    (rules.check_direction, "simulation/run.py", "importlib.import_module('dashboards.planner')"),
    (rules.check_direction, "simulation/run.py", "from tests.builders import line_network"),
    (rules.check_direction, "routing/snapping.py", "from ..maas import metrics"),
    (rules.check_maas_rooms, "maas/domain/values.py", "from maas.dispatch import codec"),
    (rules.check_maas_rooms, "maas/dispatch/decide.py", "from maas.store.journal import Journal"),
    (rules.check_maas_rooms, "maas/dispatch/decide.py", "from ..store import journal"),
    (rules.check_maas_rooms, "maas/store/journal.py", "import maas.service.runner"),
    (rules.check_maas_rooms, "maas/metrics.py", "from maas.dispatch.tables import Tables"),
    (rules.check_maas_rooms, "maas/service_definition.py", "from maas import metrics"),
    (rules.check_maas_rooms, "maas/assorted.py", ""),
    (rules.check_fences, "maas/store/journal.py", "import numba"),
    (rules.check_fences, "routing/insertion.py", "from numba import njit"),
    (rules.check_fences, "maas/domain/values.py", "import numpy as np"),
    (rules.check_fences, "maas/domain/values.py", "from routing.quantities import UNREACHABLE"),
    (rules.check_fences, "maas/dispatch/decide.py", "import pandas as pd"),
    (rules.check_fences, "routing/_kernels_search.py", "import pyarrow"),
    (rules.check_fences, "simulation/run.py", "from scipy import optimize"),
    (rules.check_fences, "simulation/run.py", "import pydantic"),
    (rules.check_fences, "maas/service/runner.py", "import simpy"),
    (rules.check_fences, "simulation/run.py", "def draw():\n    import matplotlib.pyplot as plt"),
    (rules.check_fences, "simulation/run.py", "from rich.progress import Progress"),
    (rules.check_fences, "routing/network.py", "import leftpad"),
    (rules.check_front_door_is_light, "maas/cli/simulate.py", "import numpy"),
    (rules.check_front_door_is_light, "maas/cli/simulate.py", "from simulation.run import run_day"),
    (rules.check_clocks, "simulation/run.py", "import time\nstarted = time.time()"),
    (rules.check_clocks, "simulation/run.py", "from time import perf_counter as now\nnow()"),
    (rules.check_clocks, "maas/store/journal.py", "import datetime as dt\nstamp = dt.datetime.now"),
    (rules.check_clocks, "maas/store/journal.py", "from datetime import date\ndate.today()"),
    (rules.check_clocks, "maas/dispatch/decide.py", "import time\ntime.process_time()"),
    (rules.check_kernels, "routing/insertion.py", "@kernel\ndef search(): ..."),
    (rules.check_kernels, "routing/insertion.py", "@numba.njit(cache=True)\ndef search(): ..."),
    (rules.check_kernels, "routing/_kernels_search.py", "def plain(): ..."),
    (rules.check_kernels, "maas/dispatch/decide.py", "from routing._kernels_search import search"),
    (rules.check_lengths, "routing/network.py", "x = 1\n" * 401),
    (rules.check_asserts, "routing/network.py", "def length(x):\n    assert x > 0"),
    (rules.check_broad_excepts, "routing/network.py", "try:\n    x = 1\nexcept Exception:\n    x = 2"),
    (rules.check_broad_excepts, "routing/network.py", "try:\n    x = 1\nexcept:\n    x = 2"),
    (rules.check_broad_excepts, "tests/builders.py", "try:\n    x = 1\nexcept (OSError, BaseException): ..."),
    (rules.check_prints, "scenarios/loading.py", "print('loading')"),
    (rules.check_page_names, "dashboards/planner/maas.py", ""),
    (rules.check_page_names, "dashboards/planner/plotly/app.py", ""),
    (rules.check_page_names, "dashboards/calendar.py", ""),
]

KEPT = {
    "routing/_jit.py": "import numba\ndef kernel(function):\n    return numba.njit(function)",
    "routing/_kernels_search.py": "from routing._jit import kernel\n@kernel\ndef search(): ...",
    "routing/insertion.py": "from routing._kernels_search import search\nimport scipy.sparse, numpy",
    "maas/domain/values.py": "from dataclasses import dataclass\nfrom . import errors",
    "maas/dispatch/decide.py": "from maas.domain import values\nfrom routing import insertion",
    "maas/store/journal.py": "import pyarrow\nfrom maas.dispatch.codec import rows",
    "maas/metrics.py": "from maas.dispatch import codec\nfrom maas.store.journal import Journal",
    "maas/service/runner.py": "try:\n    x = 1\nexcept Exception:\n    x = 2",
    "maas/service/wall_clock.py": "import time\ntime.time()",
    "maas/cli/simulate.py": """
import time, typer
if TYPE_CHECKING:
    import numpy
def simulate():
    from simulation.run import run_day
    print(time.monotonic())""",
    "scenarios/loading.py": "import pydantic\ntry:\n    x = 1\nexcept (BaseException):\n    raise",
    "simulation/run.py": "import simpy, time\nfrom scipy import stats\ntime.process_time()",
    "dashboards/planner/app.py": "import streamlit\nfrom simulation import outcomes",
    "tests/test_run.py": "import simulation.run, numba, maas.cli\nassert simulation.run",
    "benchmarks/bench.py": "import time\nimport maas.cli\nprint(time.perf_counter())",
    "routing/network.py": "x = 1\n" * 400,
}


@pytest.mark.usefixtures("no_reasons")
@pytest.mark.parametrize(("check", "path", "text"), BROKEN, ids=lambda part: getattr(part, "__name__", None))
def test_a_tree_that_breaks_the_rule_is_found(
    tmp_path: Path, check: rules.Check, path: str, text: str
) -> None:
    found = list(check(tree(tmp_path, {path: text})))
    assert len(found) == 1, found
    assert found[0].startswith(path + ":")


@pytest.mark.parametrize("check", rules.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.usefixtures("no_reasons")
def test_a_tree_that_keeps_the_rules_passes(tmp_path: Path, check: rules.Check) -> None:
    files = tree(tmp_path, KEPT)
    assert len(files) == len(KEPT)
    assert list(check(files)) == []


def test_a_reason_without_its_long_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rules, "LONG_FILES", {"routing/network.py": "one table", "routing/old.py": "one table"}
    )
    files = tree(tmp_path, {"routing/network.py": "x = 1\n" * 401, "routing/old.py": "x = 1\n"})
    assert list(rules.check_lengths(files)) == [
        "routing/old.py: not over 400 lines; take it out of LONG_FILES"
    ]
