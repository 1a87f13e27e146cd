"""The published instances that solution quality is measured on, with the best known values told beside them.

Conventions as the instances were published: Li & Lim and Sartori & Buriol count vehicles first, then cost;
Cordeau's dial-a-ride problems count cost alone, with all requests served.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final


class CasesAbsentError(LookupError):
    """A family's files are not there, or no best known value is told for one; says which."""


@dataclass(frozen=True, slots=True)
class Family:
    """Instances of one kind and size.

    Parameters
    ----------
    folder, pattern
        Where its files are under the folder of the data, and how they are called.
    best_known, cost_column
        Its table of best known values, and their column.
    seeds
        Seeds of a whole run.
    short
        Instances of a short run.
    """

    folder: str
    pattern: str
    best_known: str
    cost_column: str
    seeds: int
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One instance; `best_vehicles` is None where vehicles are not counted."""

    family: str
    name: str
    path: Path
    best_vehicles: int | None
    best_cost: float


def _li_lim(size: int, seeds: int, *short: str) -> Family:
    return Family(
        f"pdptw/li_lim/pdp_{size}", "*.txt", "pdptw/li_lim/best_known.csv", "distance", seeds, short
    )


def _cordeau(pattern: str, seeds: int, *short: str) -> Family:
    return Family("darp/cordeau2006", pattern, "darp/cordeau2006/best_known.csv", "cost", seeds, short)


FAMILIES: Final[dict[str, Family]] = {
    "li_lim_100": _li_lim(100, 10, "lc103", "lr104", "lr112", "lrc105", "lrc204"),
    "li_lim_200": _li_lim(200, 3, "LR1_2_10"),
    "li_lim_400": _li_lim(400, 3, "LRC1_4_5"),
    "li_lim_600": _li_lim(600, 3),
    "li_lim_1000": _li_lim(1000, 3),
    "sartori": Family(
        "pdptw/sartori", "*-n*.txt", "pdptw/sartori/best_known.csv", "cost", 3, ("poa-n100-2", "bar-n200-1")
    ),
    "darp_a": _cordeau("a*-*.txt", 10, "a3-36", "a4-48", "a6-72", "a8-96"),
    "darp_b": _cordeau("b*-*.txt", 10),
    "darp_pr": Family(
        "darp/cordeau_laporte2003", "pr??", "darp/cordeau_laporte2003/best_known.csv", "cost", 3, ("pr01",)
    ),
}
"""By name, as the history tells them."""


def cases_of(name: str, data: Path, *, is_short: bool) -> list[Case]:
    """The cases of a family, by instance; none if a short run leaves the family out.

    Raises
    ------
    CasesAbsentError
        When its files are not there, or the table tells no best value of one.
    """
    family = FAMILIES[name]
    if is_short and not family.short:
        return []
    table = data / family.best_known
    if not table.is_file():
        raise CasesAbsentError(f"{table} is not there; name the folder of pdptw/ and darp/ with --data")
    best = dict(_best_known(table, family.cost_column))
    paths = [
        path
        for path in sorted((data / family.folder).glob(family.pattern))
        if not is_short or path.stem in family.short
    ]
    if not paths:
        raise CasesAbsentError(f"{data / family.folder} has no files {family.pattern}")
    without = [path.stem for path in paths if path.stem not in best]
    if without:
        raise CasesAbsentError(f"{table} tells no best known value of {', '.join(without)}")
    return [Case(name, path.stem, path, *best[path.stem]) for path in paths]


def _best_known(table: Path, cost_column: str) -> Iterator[tuple[str, tuple[int | None, float]]]:
    with table.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            vehicles = int(row["vehicles"]) if "vehicles" in row else None
            yield row["instance"], (vehicles, float(row[cost_column]))
