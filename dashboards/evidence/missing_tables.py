"""A sentence in the place of tables that a study does not have, or that are of the past."""

from __future__ import annotations

from dashboards.evidence.exhibits import TextExhibit
from maas.i18n.study_tables import TABLES, missing
from simulation.study_outcome import StudyOutcome
from simulation.study_tables import what_changed


def missing_tables(study: StudyOutcome, name: str) -> TextExhibit:
    """Why tables of `maas access`, `maas money` or `maas worth` (`name`) are not shown, and what to run."""
    told = missing(name, what_changed(study, name))
    return TextExhibit(f"{name}_missing", TABLES[name], ((None, told),))
