"""The trade of served share against empty kilometres: the price of empty driving, swept for each rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.history_file import Figure
from dashboards.trade_chart import TradePanel, TradePoint, draw_trades
from simulation.idle_choice import OFF, IdleChoice

PRICES: Final = (25, 75, 150, 250, 400, 600)
"""Per cent of a second of driving in service, strongest rule first."""

RULES: Final = (
    ("shares", "recent", "shares"),
    ("coverage", "recent", "coverage"),
)
"""Words, what it follows, what it aims at."""


@dataclass(frozen=True, slots=True)
class Means:
    """Of the days of one workload under one rule."""

    served_share: float
    wait_s: float
    vehicle_km: float
    empty_km: float
    requests: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule at a price; `rule` and `price` None for vehicles that stay where they are."""

    rule: str | None
    price: int | None
    idle: IdleChoice
    means: Means


def swept(measure: Callable[[IdleChoice], Means], told: Callable[[str, Means], None]) -> list[Setting]:
    """Every rule at every price, and none, told as they come."""
    found = []
    choices: list[tuple[str | None, int | None, IdleChoice]] = [(None, None, IdleChoice(OFF))]
    choices += [
        (rule, price, IdleChoice(follows, aim, empty_cost_percent=price))
        for rule, follows, aim in RULES
        for price in PRICES
    ]
    for rule, price, idle in choices:
        means = measure(idle)
        told(OFF if rule is None else f"{rule} {price} %", means)
        found.append(Setting(rule, price, idle, means))
    return found


def rows_of(case: str, settings: Sequence[Setting], days: int) -> list[Figure]:
    """Rows for the history."""
    rows = []
    for one in settings:
        rule = OFF if one.rule is None else f"{one.idle.follows}_{one.idle.aim}_{one.price}"
        rows += [
            Figure(f"{case}/curve/{rule}/served_share", one.means.served_share, "", None, None, days, "more"),
            Figure(f"{case}/curve/{rule}/wait_mean_s", one.means.wait_s, "s", repetitions=days),
            Figure(f"{case}/curve/{rule}/empty_km", one.means.empty_km, "km", repetitions=days),
        ]
    return rows


def draw(cases: Sequence[tuple[str, Sequence[Setting], int]], picture: Path) -> Path:
    """One panel a workload: name, settings, days."""
    panels = []
    for case, settings, days in cases:
        (without,) = (one for one in settings if one.rule is None)
        lines = [
            (rule, [_point(one, f"{one.price} %") for one in settings if one.rule == rule])
            for rule, *_ in RULES
        ]
        title = f"{case}: {without.means.requests:,.0f} requests, {days} day{'s' if days > 1 else ''}"
        panels.append(TradePanel(title, _point(without, "nobody moves"), lines))
    note = (
        "Idle vehicles go where requests came from in the last half hour. Points: price of empty driving,"
        f" {PRICES[-1]} % (left) to {PRICES[0]} % (right)"
    )
    return draw_trades(
        panels, picture, title="Served share against empty driving", note=note,
        axes=("empty vehicle-km a day", "requests served, %"),
    )  # fmt: skip


def _point(one: Setting, label: str) -> TradePoint:
    return TradePoint(one.means.empty_km, 100 * one.means.served_share, label)
