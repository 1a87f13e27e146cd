"""Settings and fixtures shared by all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

from routing.network import Network
from tests.builders import grid_network, line_network

pytest.register_assert_rewrite("tests.contracts.travel_times")

# Fixed examples, the same in every run; compiling kernels inside an example must not count as a slow one.
settings.register_profile("maas", derandomize=True, deadline=None, max_examples=40, print_blob=True)
settings.load_profile("maas")


@pytest.fixture(scope="session")
def line() -> Network:
    """0 - 1 - 2 - 3 - 4, two-way, 10 s and 100 m between neighbours."""
    return line_network()


@pytest.fixture(scope="session")
def grid() -> Network:
    """4 columns x 3 rows, two-way, 30 s and 250 m between neighbours."""
    return grid_network()
