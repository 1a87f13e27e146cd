"""What several test files share."""

from __future__ import annotations

import pytest

from scenarios.demand_model import DemandModel
from tests.scenarios_tests.cities import line_city, line_scenario, model_of


@pytest.fixture(scope="package")
def model(tmp_path_factory: pytest.TempPathFactory) -> DemandModel:
    """The line's demand under a service that everybody knows, from door to door."""
    return model_of(line_scenario(tmp_path_factory.mktemp("line")), line_city())
