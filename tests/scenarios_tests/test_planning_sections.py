"""Where idle vehicles wait, as a scenario file says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from maas.service_definition import Repositioning
from scenarios.errors import ScenarioFileError
from scenarios.loading import load_scenario
from scenarios.preparation import prepare
from scenarios.prepared import PreparedScenario
from tests.simulation_tests.study_inputs import write_scenario


def prepared_with(folder: Path, section: str) -> PreparedScenario:
    """Eight recorded requests over a line, with a section `[service.repositioning]`."""
    path = write_scenario(folder)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[service.repositioning]\n{section}\n", encoding="utf-8")
    return prepare(load_scenario(path))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path / "cache"))


def test_what_is_left_out_is_as_by_default(tmp_path: Path) -> None:
    assert prepare(load_scenario(write_scenario(tmp_path))).service.repositioning is None
    assert prepared_with(tmp_path, 'follows = "recent"').service.repositioning == Repositioning("recent")


def test_every_figure_may_be_stated(tmp_path: Path) -> None:
    section = """
follows = "recent"
aim = "coverage"
every = { value = 2, unit = "min", assumption = "test" }
reach = { value = 10, unit = "min", assumption = "test" }
empty_cost = { value = 150, unit = "%", assumption = "test" }
memory = { value = 1, unit = "h", assumption = "test" }
cells = { value = 8, assumption = "test" }
within = { value = 400, unit = "s", assumption = "test" }
busy = { value = 60, unit = "%", assumption = "test" }
"""
    assert prepared_with(tmp_path, section).service.repositioning == Repositioning(
        "recent", 120, 600, 150, 3600, 8, "coverage", 400, 60
    )


def test_a_forecast_is_drawn_from_the_demand_of_the_scenario(tmp_path: Path) -> None:
    rule = prepared_with(tmp_path, 'follows = "forecast"').service.repositioning
    assert rule is not None
    # The eight recorded requests are their own forecast: 1,000 in 1,000 days each.
    assert sum(one.per_thousand_days for one in rule.forecast) == 8000
    assert {one.hour for one in rule.forecast} == {9}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            'follows = "stars"',
            "service.repositioning.follows is \"stars\"; give 'refusals', 'recent' or 'forecast'",
        ),
        (
            'follows = "recent"\nreach = { value = 0, unit = "s", assumption = "test" }',
            "service.repositioning: repositioning reach_s is 0; give 1 or more",
        ),
        ('follows = "recent"\nreech = 3', "service.repositioning.reech is not known; did you mean 'reach'?"),
    ],
)
def test_a_wrong_section_is_refused_in_one_sentence(tmp_path: Path, section: str, message: str) -> None:
    with pytest.raises(ScenarioFileError) as caught:
        prepared_with(tmp_path, section)
    assert message in str(caught.value)
