"""Tables of the planner's page, as they come from outcome folders. Figures are read, never computed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from dashboards.planner import runs_wording as wording
from maas.i18n.figures import FIGURES, FigureWording
from maas.i18n.wording import Language
from simulation.outcome_folder import METRICS, PROVENANCE, read_json
from simulation.outcomes import REQUESTS, Outcome

WAIT_STEP_MIN: Final = 5
LONGEST_WAIT_MIN: Final = 60
"""Waits from here on share the last bar."""

_BOARDED: Final = ("aboard", "done")
_REFUSED: Final = "refused"


def outcome_folders(root: Path) -> list[Path]:
    """Every outcome below a folder, by name; those still being written (hidden) are left out."""
    found = (path.parent for path in root.rglob(PROVENANCE))
    return sorted(
        folder for folder in found if not any(part.startswith(".") for part in folder.relative_to(root).parts)
    )


def figure_table(outcomes: Mapping[str, Outcome], language: Language) -> pd.DataFrame:
    """One row a figure, one column an outcome: mean and 95 % interval as the study wrote them."""
    written = {name: read_json(outcome.folder / METRICS)["intervals"] for name, outcome in outcomes.items()}
    rows: dict[str, list[str]] = {
        wording.DAYS.text(language): [str(len(outcome.days)) for outcome in outcomes.values()]
    }
    for figure in FIGURES:
        if any(figure.key in intervals for intervals in written.values()):
            rows[figure.head(language)] = [
                _with_interval(figure, intervals.get(figure.key)) for intervals in written.values()
            ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(outcomes))


def requests_of(outcome: Outcome) -> pd.DataFrame:
    """Requests of all days of an outcome: columns `status`, `wait_s`, `wish_s`."""
    columns = ["status", "wait_s", "wish_s"]
    days = [pd.read_parquet(outcome.folder / day.folder / REQUESTS, columns=columns) for day in outcome.days]
    return pd.concat([day.astype({"status": str}) for day in days], ignore_index=True)


def wait_shares(requests: pd.DataFrame) -> pd.Series[float]:
    """Percent of those who boarded, by the minute at which a step of waits begins; the last is open."""
    waits = requests.loc[requests["status"].isin(_BOARDED), "wait_s"].dropna().astype(int)
    steps = (waits // (60 * WAIT_STEP_MIN) * WAIT_STEP_MIN).clip(upper=LONGEST_WAIT_MIN)
    begins = range(0, LONGEST_WAIT_MIN + 1, WAIT_STEP_MIN)
    counts = steps.value_counts().reindex(begins, fill_value=0)
    shares: pd.Series[float] = 100.0 * counts / max(len(waits), 1)
    return shares


def requests_by_hour(requests: pd.DataFrame, days: int, language: Language) -> pd.DataFrame:
    """Mean requests a day by hour of the wish, one column each for served, refused and other."""
    labels = [text.text(language) for text in (wording.SERVED, wording.REFUSED, wording.OTHER)]
    served, refused, other = labels
    fate = pd.Series(other, index=requests.index)
    fate[requests["status"].isin(_BOARDED)] = served
    fate[requests["status"] == _REFUSED] = refused
    hours = (requests["wish_s"].astype(int) // 3600).rename("hour")
    counts = pd.crosstab(hours, fate).reindex(columns=labels, fill_value=0)
    if len(counts):
        counts = counts.reindex(range(int(counts.index.min()), int(counts.index.max()) + 1), fill_value=0)
    return counts / days


def _with_interval(figure: FigureWording, estimate: Mapping[str, float | None] | None) -> str:
    if estimate is None:
        return "–"  # a hyphen alone would be shown as a bullet
    mean, low, high = (estimate[key] for key in ("mean", "ci95_low", "ci95_high"))
    if low is None or high is None:
        return figure.number(mean)
    return f"{figure.number(mean)} ({figure.number(low)} – {figure.number(high)})"
