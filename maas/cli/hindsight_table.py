"""Days in hindsight as a table beside what the policy made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from maas.cli.console import language, text
from maas.i18n.figures import BY_KEY

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.comparison import Estimate
    from simulation.hindsight import Hindsight

_KEYS = ("served", "served_share", "vehicle_km", "wait_mean_s")


def hindsight_title(days: Sequence[Hindsight]) -> str:
    """What the table shows, in one sentence."""
    iterations = f"{days[0].iterations:,}"
    return text(
        f"In hindsight: a plan found with all requests known ({iterations} iterations);"
        " a better one may exist",
        f"事後計画: 全申込みを事前に知る場合に見つかった計画（反復{iterations}回）。より良い計画もあり得る",
    )


def hindsight_table(days: Sequence[Hindsight], done: Mapping[str, Estimate]) -> Table:
    """Means over the days: what was done, and what a solver that knows all requests makes of it."""
    from rich.table import Table

    from simulation.hindsight import hindsight_json

    means = hindsight_json(range(len(days)), days)
    table = Table()
    table.add_column(text("Figure", "指標"), no_wrap=True)
    for head in (text("As it was", "実際"), text("In hindsight", "事後計画")):
        table.add_column(head, justify="right")
    for key in _KEYS:
        figure = BY_KEY[key]
        mean = done[key].mean if key in done else None
        table.add_row(figure.head(language().value), figure.number(mean), figure.number(means[key]))
    most = text("Requests served at most (proven)", "運べる申込みの上限（証明済み）")
    table.add_row(most, "", BY_KEY["served"].number(means["served_at_most"]))
    return table
