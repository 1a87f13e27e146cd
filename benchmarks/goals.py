"""Figures to reach beside those found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure to reach, scaled to this machine."""

    title: str
    found: float
    bound: float
    unit: str
    is_at_least: bool = False

    @property
    def is_reached(self) -> bool:
        return self.found >= self.bound if self.is_at_least else self.found <= self.bound


def goal_table(reached: Sequence[Goal]) -> str:
    """One line a figure."""
    lines = [f"{'figure to reach':<58}{'found':>10}   {'wanted':>13} {'unit':<7}"]
    for goal in reached:
        wanted = f"{'at least' if goal.is_at_least else 'at most'} {goal.bound:,.4g}"
        verdict = "reached" if goal.is_reached else "MISSED"
        lines.append(f"{goal.title:<58}{goal.found:>10,.4g}   {wanted:>15} {goal.unit:<7} {verdict}")
    return "\n".join(lines)
