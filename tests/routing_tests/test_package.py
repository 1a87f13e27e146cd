"""What importing `routing` gives, and costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import routing
from routing import errors


def test_every_exported_name_can_be_imported() -> None:
    for name in routing.__all__:
        assert getattr(routing, name) is not None
        assert name in dir(routing)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'routing' has no attribute 'Nowhere'"):
        _ = routing.Nowhere


def test_importing_the_package_imports_no_heavy_library() -> None:
    heavy = ("numba", "numpy", "scipy", "shapely")
    code = f"import sys, routing; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.NetworkError, ValueError),
        (errors.OsmFileError, ValueError),
        (errors.SnapError, LookupError),
        (errors.DownloadError, OSError),
        (errors.ProblemError, ValueError),
        (errors.OrderError, ValueError),
        (errors.WeightError, ValueError),
        (errors.NoWayError, LookupError),
        (errors.IsochroneError, ValueError),
    ],
)
def test_every_error_has_the_root_and_a_built_in(
    error: type[errors.RoutingError], builtin: type[Exception]
) -> None:
    assert issubclass(error, errors.RoutingError)
    assert issubclass(error, builtin)
