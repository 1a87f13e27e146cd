"""Which studies lie in the folder of outcomes, read once and again only when a file has changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from maas.i18n.wording import Language, Wording
from scenarios.study_definition import available_studies
from simulation.errors import OutcomeError
from simulation.program import program
from simulation.study_comparison import StudyComparison, compare_study
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_store import STUDY

STUDIES: Final = "studies"
"""Folder of studies below the folder of outcomes."""

FIRST: Final = ("today_or_on_demand", "how_many_vans", "sakura_2040")
"""Shipped studies that a planner meets first; the others follow by name."""

_KEPT: Final = 16

Stamp = tuple[str, int]
"""A study's folder, and when its `study.json` was written (ns): the key of everything read from it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder that looks like a study and cannot be read, and why."""

    folder: Path
    reason: str


ROOT: Final = "MAAS_RUNS"
"""Names the folder of outcomes in the environment."""


def root_folder() -> Path:
    """The folder of outcomes: `runs`, or what `MAAS_RUNS` names."""
    return Path(os.environ.get(ROOT, "runs"))


def shipped_in_order() -> list[str]:
    """Names of the shipped studies in the order in which they are computed and shown."""
    known = available_studies()
    return [name for name in FIRST if name in known] + [name for name in known if name not in FIRST]


def studies(root: Path) -> tuple[dict[str, Stamp], list[Unreadable]]:
    """Stamps of the finished studies by name, shipped ones first; and what could not be read.

    A study that is still being computed has no finished `study.json` and is in neither.
    """
    found: dict[str, Stamp] = {}
    unreadable: list[Unreadable] = []
    for folder in _folders(root):
        try:
            stamp = (str(folder), (folder / STUDY).stat().st_mtime_ns)
            study_at(stamp)
        except OutcomeError as error:
            if "is not finished" not in str(error):
                unreadable.append(Unreadable(folder, str(error)))
        except OSError as error:
            unreadable.append(Unreadable(folder, f"{folder}: {error.strerror or error}"))
        else:
            found[folder.name] = stamp
    order = {name: place for place, name in enumerate(shipped_in_order())}
    return dict(sorted(found.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))), unreadable


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def study_at(stamp: Stamp) -> StudyOutcome:
    """The study of a stamp; its tables are read when first asked for.

    Raises
    ------
    OutcomeError
        When it cannot be read, is not finished, or lacks its figures.
    """
    study = read_study(stamp[0])
    try:
        is_empty = study.metrics.empty or not study.cases or not study.seeds
        texts = [
            study.definition[key][language] for key in ("title", "question") for language in ("en", "ja")
        ]
    except OutcomeError:
        raise  # a ValueError that is a sentence already
    except (KeyError, TypeError, ValueError) as error:
        raise OutcomeError(
            f"{study.folder / STUDY}: {error!r} is missing or wrong; run the study again"
        ) from error
    if is_empty or not all(texts):
        raise OutcomeError(f"{study.folder}: has no day, or no title; run the study again")
    return study


@st.cache_resource(max_entries=4 * _KEPT, show_spinner=False)
def comparison_at(stamp: Stamp, figures: tuple[str, ...] | None = None) -> StudyComparison:
    """Every case of a study against its baseline."""
    return compare_study(study_at(stamp), figures)


def is_of_this_program(study: StudyOutcome) -> bool:
    """Whether the study was simulated by the files that run now."""
    return bool(study.provenance.get("program") == program())


def said(text: dict[str, str], language: Language) -> str:
    """A text of the study file in one language."""
    return Wording(text["en"], text["ja"]).text(language)


def _folders(root: Path) -> list[Path]:
    """Folders with a `study.json`, by name; the root itself where it is one."""
    places = [root, *_inside(root), *_inside(root / STUDIES)]
    return [place for place in places if (place / STUDY).is_file()]


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []
