"""Cells with intervals, as `maas access`, `maas money` and `maas worth` print them."""

from __future__ import annotations

import math

import pytest

from maas.cli.cells import interval_cell, number_cell


def row(value: float, low: float, high: float) -> dict[str, float]:
    return {"x": value, "x_low": low, "x_high": high}


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (1234.4, 1000.0, 1500.0, "1,234 (1,000…1,500)"),
        (1234.4, math.nan, math.nan, "1,234"),  # a single day
        (1234.4, 1234.4, 1234.4, "1,234"),  # the same on every day
        (1234.4, 1234.1, 1234.9, "1,234 (1,234…1,235)"),
        (math.nan, math.nan, math.nan, "-"),
        (-0.2, -3.0, 2.0, "0 (-3…2)"),
    ],
)
def test_value_is_told_with_its_interval(value: float, low: float, high: float, said: str) -> None:
    assert interval_cell(row(value, low, high), "x") == said


def test_scale_decimals_and_sign() -> None:
    assert interval_cell(row(0.5, 0.25, 0.75), "x", scale=100, decimals=1) == "50.0 (25.0…75.0)"
    assert interval_cell(row(0.5, -0.25, 0.75), "x", decimals=2, is_signed=True) == "+0.50 (-0.25…+0.75)"
    assert number_cell(-0.001, decimals=1, is_signed=True) == "+0.0"
