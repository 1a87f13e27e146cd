from __future__ import annotations

import numpy as np
import pytest

from scenarios.city import embedded_city
from scenarios.errors import ScenarioFileError
from scenarios.loading import load_scenario
from scenarios.people_sections import ModelledDemand, Population
from scenarios.population import residents_by_band
from scenarios.residents_by_cell import (
    ResidentsByCell,
    middle_of_mesh,
    quarter_mesh,
    residents_by_cell,
)
from tests.scenarios_tests.cities import line_city


@pytest.fixture(scope="module")
def sakura() -> ResidentsByCell:
    scenario = load_scenario("sakura_today")
    assert isinstance(scenario.population, Population)
    assert isinstance(scenario.demand, ModelledDemand)
    city = embedded_city()
    counts = residents_by_band(city, scenario.population, scenario.file, is_projected=False)
    return residents_by_cell(city, counts, scenario.demand.licence_share.value.values)


def test_code_of_a_cell_by_hand() -> None:
    # Ujiie station. 36.681696 * 480 = 17607.2: 55 * 320 + 7, 7 = 0 * 40 + 1 * 4 + 1 * 2 + 1.
    # 39.9621 * 320 = 12787.9: 39 * 320 + 307, 307 = 7 * 40 + 6 * 4 + 1 * 2 + 1.
    # So 5539, 07, 16, north-east half 4, north-east quarter 4.
    assert quarter_mesh(np.array([36.681696]), np.array([139.9621])).tolist() == [5539071644]


def test_middle_of_a_cell_lies_in_it_and_half_a_cell_from_its_corner() -> None:
    code = np.array([5539071644, 5539071611, 5439677721])
    lat, lon = middle_of_mesh(code)
    assert quarter_mesh(lat, lon).tolist() == code.tolist()
    assert lat[0] == pytest.approx(17607.5 / 480)
    assert lon[0] == pytest.approx(100 + 12787.5 / 320)


def test_every_resident_but_the_inmates_has_a_cell(sakura: ResidentsByCell) -> None:
    # The register of 44,183 does not count the inmates, so nobody is taken out.
    groups = sakura.groups(embedded_city().areas)
    assert groups["all"].sum() == pytest.approx(44_183)
    assert groups["Ujiie"].sum() + groups["Kitsuregawa"].sum() == pytest.approx(44_183)
    assert 0 < groups["75+"].sum() < groups["65+"].sum() < groups["no licence"].sum() < 44_183


def test_cells_are_small_and_many(sakura: ResidentsByCell) -> None:
    city = embedded_city()
    lat, lon = middle_of_mesh(sakura.cell)
    # Half a cell is 3.75 s and 5.625 s of arc.
    assert np.abs(city.network.lat[sakura.node] - lat).max() <= 3.75 / 3600 + 1e-9
    assert np.abs(city.network.lon[sakura.node] - lon).max() <= 5.625 / 3600 + 1e-9
    assert len(np.unique(sakura.cell)) > 500


def test_a_plane_has_no_cells() -> None:
    with pytest.raises(ScenarioFileError, match="lies in a plane"):
        residents_by_cell(line_city(), np.ones((2, 4), np.int64), (0.0, 1.0, 1.0, 0.5))
