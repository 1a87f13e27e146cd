"""What groups of vehicles are called: `U` of a scenario's file is a wagon that stands at the city hall."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from dashboards.evidence.assumption_names import entry_name
from maas.i18n.wording import Language, Wording
from maas.i18n.worth import KINDS
from scenarios.scenario import Scenario
from simulation.errors import OutcomeError
from simulation.study_outcome import StudyOutcome

_CODE: Final = re.compile(r"[A-Z]{1,3}")
"""Names that say nothing to a reader; others (うのはな) stand for themselves."""

_BASES: Final = {
    "Sakura city hall": Wording("city hall", "市役所"),
    "Kitsuregawa branch office": Wording("Kitsuregawa branch office", "喜連川支所"),
    "Ujiie station": Wording("Ujiie station", "氏家駅"),
}


def groups_of(scenario: Scenario, language: Language) -> dict[str, str]:
    """Title by name of the groups of a scenario whose name is a code."""
    titles = {}
    for group in scenario.service.vehicles:
        if _CODE.fullmatch(group.name):
            kind, place = entry_name(group.type, language), group.base.place
            base = _BASES[place].text(language) if place in _BASES else place
            titles[group.name] = kind if base is None else _at(base, kind, language)
    return titles


def group_titles(study: StudyOutcome, case: str, language: Language) -> dict[str, str]:
    """As `groups_of` of a case; empty where the folder of the study does not tell its scenario."""
    try:
        return groups_of(study.scenario(case), language)
    except (OutcomeError, ValueError):
        return {}


def groups_note(titles: Mapping[str, str], language: Language) -> str:
    """All of them in one line: `U: wagon (city hall); K: ...`."""
    return ("; " if language == "en" else "、").join(f"{name}: {title}" for name, title in titles.items())


def step_title(line: Mapping[Any, Any], titles: Mapping[str, str], language: Language) -> str:
    """What a row of `maas worth` changes, with groups of vehicles by their titles."""
    kind, _, name = str(line["step"]).partition(".")
    if name not in titles or kind not in ("van", "van_less"):
        return str(line[f"title_{language}"])
    change = KINDS[kind].text(language)
    if language == "en":
        return f"{change}: {titles[name]}"
    return change.replace("車両", titles[name], 1)


def _at(base: str, kind: str, language: Language) -> str:
    return f"{kind} ({base})" if language == "en" else f"{base}の{kind}"
