"""Cells of the tables of `maas access`, `maas money` and `maas worth`: values with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOTHING = "-"


def number_cell(value: float, *, decimals: int = 0, is_signed: bool = False) -> str:
    """A number with marks between thousands; a dash for NaN."""
    if value != value:
        return NOTHING
    shown = round(value, decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
    return f"{shown:{'+' if is_signed else ''},.{decimals}f}"


def interval_cell(
    row: Mapping[Any, Any], name: str, *, scale: float = 1.0, decimals: int = 0, is_signed: bool = False
) -> str:
    """`12.0 (10.5…13.5)` for the columns `name`, `name_low` and `name_high` of a row; a dash for no value.

    The interval is left out where there is none, or where both ends are shown like the value.
    """
    said, low, high = (
        number_cell(float(row[key]) * scale, decimals=decimals, is_signed=is_signed)
        for key in (name, f"{name}_low", f"{name}_high")
    )
    has_ends = NOTHING not in (said, low) and (low, high) != (said, said)
    return f"{said} ({low}…{high})" if has_ends else said
