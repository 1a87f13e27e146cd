"""A study as it stands in its folder: figures, tables and journals of its cases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from maas.i18n.wording import Wording
from maas.store.journal import Journal
from scenarios.scenario import EMBEDDED, Scenario
from simulation.comparison import Sample
from simulation.errors import OutcomeError
from simulation.ratios import Columns
from simulation.study_store import AGAIN, METRICS, NETWORKS, SCENARIOS, STUDY, kept_journal, study_json

SAMPLE_SHARE: Final = 0.5
"""Demand below this share of the scenario's own is a sample: waits, detours and shared rides of a sample are
not those of the whole, and counts must not be scaled up."""


_KEYS: Final = {
    "name": str,
    "definition": dict,
    "first_seed": int,
    "replications": int,
    "networks": dict,
    "cases": list,
}
_DEFINITION_KEYS: Final = {
    "title": dict,
    "question": dict,
    "baseline": str,
    "figures": list,
    "variants": list,
    "grid": list,
    "thresholds": dict,
}
_CASE_KEYS: Final = {
    "name": str,
    "title": dict,
    "variant": str,
    "point": dict,
    "scenario": str,
    "settings": dict,
    "varied": dict,
    "demand_share": (int, float),
    "network": str,
    "baseline": str,
}
"""What `study.json` must hold, and of which kind."""


@dataclass(frozen=True, slots=True)
class StudyCase:
    """A case of a finished study; see `study_cases.Case`. `provenance` is its entry in `study.json`."""

    name: str
    title: Wording
    variant: str
    point: Mapping[str, str]
    provenance: Mapping[str, Any]


@dataclass(frozen=True)
class StudyOutcome:
    """A finished study.

    Parameters
    ----------
    folder
        Where it was read from.
    provenance
        Content of `study.json`.
    """

    folder: Path
    provenance: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the study."""
        return str(self.provenance["name"])

    @property
    def definition(self) -> Mapping[str, Any]:
        """The study file as it was read: title, question, baseline, variants, grid, thresholds."""
        definition: Mapping[str, Any] = self.provenance["definition"]
        return definition

    @cached_property
    def cases(self) -> tuple[StudyCase, ...]:
        """In the order of the study."""
        return tuple(
            StudyCase(
                said["name"],
                Wording(said["title"]["en"], said["title"]["ja"]),
                said["variant"],
                said["point"],
                said,
            )
            for said in self.provenance["cases"]
        )

    def baseline(self, case: str) -> str:
        """Name of the case with which another one is compared; that of the baseline is its own."""
        said = next(known for known in self.cases if known.name == case)
        return str(said.provenance["baseline"])

    def settings(self, case: str) -> Mapping[str, Any]:
        """What was changed in the scenario of a case, by dotted key."""
        said: Mapping[str, Any] = next(known for known in self.cases if known.name == case).provenance
        settings: Mapping[str, Any] = said["settings"]
        return settings

    @property
    def samples(self) -> tuple[StudyCase, ...]:
        """Cases with less than `SAMPLE_SHARE` of their scenario's demand: samples of it, not the whole."""
        return tuple(case for case in self.cases if case.provenance["demand_share"] < SAMPLE_SHARE)

    @property
    def seeds(self) -> Sequence[int]:
        """Of the days; every case meets the same ones."""
        if "seeds" in self.provenance:
            return tuple(int(seed) for seed in self.provenance["seeds"])
        first = int(self.provenance["first_seed"])
        return range(first, first + int(self.provenance["replications"]))

    @property
    def dates(self) -> str | None:
        """First and last date of a study of the weekdays of a calendar; None where all days are draws of one
        date."""
        dates: str | None = self.definition["days"].get("dates")
        return dates

    @property
    def credits(self) -> tuple[str, ...]:
        """Whom to thank for the roads."""
        lines = (line for network in self.provenance["networks"].values() for line in network["credits"])
        return tuple(dict.fromkeys(str(line) for line in lines))

    @property
    def is_approximate(self) -> bool:
        """Whether the roads of a case are not surveyed."""
        return any(network["is_approximate"] for network in self.provenance["networks"].values())

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """One row a replication: `case`, `seed`, and every number of the figures by dotted key; NaN where a
        day does not have it."""
        return self._table(Path(METRICS))

    @cached_property
    def by_case(self) -> Mapping[str, pd.DataFrame]:
        """`metrics` of each case, by seed in the order of `seeds`."""
        return {str(name): rows.set_index("seed") for name, rows in self.metrics.groupby("case", sort=False)}

    def columns(self, case: str) -> Columns:
        """The figures of the days of a case by key, as `simulation.ratios` takes them."""
        rows = self.by_case[case]
        return lambda key: rows[key].to_numpy(np.float64) if key in rows else None

    def requests(self, case: str) -> pd.DataFrame:
        """`riders_table` of every day of a case, with its `seed`."""
        return self._table(Path("requests") / f"{case}.parquet")

    def legs(self, case: str) -> pd.DataFrame:
        """`legs_table` of every day of a case, with its `seed`."""
        return self._table(Path("legs") / f"{case}.parquet")

    def journal(self, case: str, seed: int | None = None) -> Journal:
        """The journal of a day, that of the first seed if none is given.

        Raises
        ------
        OutcomeError
            When it was not kept.
        """
        return kept_journal(self.folder, case, self.seeds[0] if seed is None else seed)

    def scenario(self, case: str) -> Scenario:
        """The scenario of a case as it was simulated, over the roads of this folder; without the ranges of
        its numbers.

        Raises
        ------
        OutcomeError
            When the folder does not tell.
        """
        rows = self._table(Path(SCENARIOS)).set_index("case")["scenario"]
        said = next(known for known in self.cases if known.name == case).provenance
        file = self.folder / f"{Path(str(said['scenario'])).stem}.toml"
        content = {**json.loads(str(rows[case])), "file": str(file)}
        if content["city"]["network"] != EMBEDDED:
            # The roads were kept, wherever the scenario had them.
            content["city"]["network"] = f"{NETWORKS}/{said['network']}.net"
        return Scenario.model_validate_json(json.dumps(content), strict=True)

    def network_file(self, case: str) -> Path:
        """File of the roads of a case."""
        said = next(known for known in self.cases if known.name == case)
        return self.folder / NETWORKS / f"{said.provenance['network']}.net"

    def sample(self, case: str) -> Sample:
        """The days of a case as `compare` wants them."""
        rows = self.by_case[case].drop(columns="case")
        days = {
            int(seed): {str(key): float(value) for key, value in row.items() if value == value}
            for seed, row in zip(rows.index, rows.to_dict("records"), strict=True)
        }
        return Sample(case, days)

    def _table(self, name: Path) -> pd.DataFrame:
        path = self.folder / name
        if not path.exists():
            raise OutcomeError(f"{path}: is not there; run the study again, as this version keeps it")
        try:
            table: pd.DataFrame = pq.read_table(path).to_pandas()
        except (OSError, ValueError) as error:
            raise OutcomeError(f"{path}: cannot be read ({error}); run the study again") from error
        return table


def read_study(folder: Path | str) -> StudyOutcome:
    """Read the folder of a finished study; tables and journals stay on disk until they are asked for.

    Raises
    ------
    OutcomeError
        When there is no study, it is of another format, or it is not finished.
    """
    place = Path(folder)
    said = study_json(place)
    if said is None:
        raise OutcomeError(f"{place}: has no {STUDY}; give the folder that maas study wrote")
    if said.get("is_complete") is not True:
        raise OutcomeError(f"{place / STUDY}: the study is not finished; run maas study again, it goes on")
    _refuse_gaps(place / STUDY, said, _KEYS)
    _refuse_gaps(place / STUDY, said["definition"], _DEFINITION_KEYS, "definition.")
    for k, case in enumerate(said["cases"]):
        _refuse_gaps(place / STUDY, case, _CASE_KEYS, f"cases[{k}].")
    return StudyOutcome(place, said)


def _refuse_gaps(path: Path, said: Any, kinds: Mapping[str, Any], where: str = "") -> None:
    """Raise unless a table of `study.json` has every key, each of its kind."""
    for key, kind in kinds.items():
        if not isinstance(said, Mapping) or not isinstance(said.get(key), kind):
            raise OutcomeError(
                f"{path}: {where}{key} is missing or of the wrong kind; run maas study again and {AGAIN}"
            )
