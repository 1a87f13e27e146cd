"""Every number that the cases rest on: its value, how sure it is, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashboards.evidence.assumption_names import assumption_name
from dashboards.evidence.exhibits import ROW_DECIMALS, Column, Exhibit, TableExhibit, TextExhibit, rows_of
from dashboards.evidence.kpis import unvaried
from dashboards.evidence.stated_values import unit_text, value_text
from dashboards.evidence.vehicle_names import groups_of
from maas.i18n.wording import Language, Wording
from routing.network import Network
from scenarios.errors import ScenarioError
from scenarios.overrides import scenario_with
from scenarios.preparation import scenario_hash
from scenarios.provenance import Entry, entries
from scenarios.reasons import reason_text
from scenarios.scenario import Scenario
from simulation.errors import OutcomeError
from simulation.study_outcome import StudyCase, StudyOutcome

SOURCED: Final = Wording("A: has a source", "A: 出典あり")
RANGED: Final = Wording("B: assumed, with a range", "B: 仮定（幅あり）")
ASSUMED: Final = Wording("C: assumed", "C: 仮定")

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_PAIR: Final = re.compile(r"[\d.]+, [\d.]+")

_COLUMNS: Final = (
    Column("name", Wording("Number", "項目")),
    Column("value", Wording("Value", "値"), is_print_only=True),
    Column("range", Wording("Range", "幅"), is_print_only=True),
    Column("number", Wording("Value", "値"), decimals=0, is_export_only=True),
    Column("unit", Wording("Unit", "単位"), is_export_only=True),
    Column("low", Wording("Range, lower end", "幅の下端"), decimals=0, is_export_only=True),
    Column("high", Wording("Range, upper end", "幅の上端"), decimals=0, is_export_only=True),
    Column(
        "words",
        Wording("Value in words", "値（表・時刻など）"),
        definition=Wording(
            "Times, lists and tables, which are more than one number",
            "一つの数値でないもの（時刻・一覧・表）",
        ),
        is_export_only=True,
    ),
    Column("confidence", Wording("How sure", "確かさ")),
    Column("origin", Wording("Source or reason", "出典・根拠")),
    Column("scenarios", Wording("Scenario file", "シナリオのファイル名"), is_export_only=True),
    Column("key", Wording("Key in the file", "ファイル内のキー"), is_export_only=True),
)


def assumption_tables(study: StudyOutcome, language: Language) -> list[Exhibit]:
    """The numbers with a range or a source as a printed table, all of them as one for export.

    Where the file of a scenario was changed since, or cannot be found, a sentence says that its ranges are
    missing.
    """
    found: dict[str, list[Entry]] = {}
    groups: dict[str, str] = {}
    missing: list[str] = []
    for case in unvaried(study).cases or study.cases:
        name = str(case.provenance["scenario"])
        if name in (*found, *missing):
            continue
        scenario = stated_scenario(study, case)
        if scenario is not None:
            groups |= groups_of(scenario, language)
            found[name] = [entry for entry in entries(scenario) if not _is_moved(study, case, entry)]
        if not any(entry.span is not None for entry in found.get(name, [])):
            missing.append(name)
    lines = _merged(found)
    rows = [_row(entry, names, groups, language) for entry, names in lines]
    counts = {word: sum(row["confidence"] == word.text(language) for row in rows)
              for word in (SOURCED, RANGED, ASSUMED)}  # fmt: skip
    if not rows and not missing:
        return []
    exhibits: list[Exhibit] = [_summary(counts, missing)]
    if rows:
        key = ASSUMED.text(language)
        exhibits.append(
            TableExhibit(
                "assumptions",
                Wording("Numbers with a source or a range", "出典または幅のある数値"),
                _COLUMNS,
                rows_of(_COLUMNS, [row for row in rows if row["confidence"] != key]),
                Wording(
                    "The workbook lists every number, those without a range too.",
                    "幅のない仮定も含む全項目はExcelブックに掲載。",
                ),
                block_key="confidence",
            )
        )
        exhibits.append(
            TableExhibit(
                "assumptions_all",
                Wording("Every number of the scenarios", "シナリオの全数値"),
                _COLUMNS,
                rows_of(_COLUMNS, rows),
                is_export_only=True,
            )
        )
    return exhibits


def stated_scenario(study: StudyOutcome, case: StudyCase) -> Scenario | None:
    """The scenario of a case with its numbers as its file states them, also where the case moves them over
    their ranges; where the file says something else by now, as it was simulated."""
    if case.provenance["varied"] and _unchanged(study, case, study.settings(case.name)) is not None:
        variant = next(said for said in study.definition["variants"] if said["name"] == case.variant)
        return _changed(study, case, variant["set"])
    return case_scenario(study, case)


def case_scenario(study: StudyOutcome, case: StudyCase) -> Scenario | None:
    """The scenario that a case was simulated from, with the ranges of its numbers where its file still says
    the same; None where the study's folder does not tell it."""
    unchanged = _unchanged(study, case, study.settings(case.name))
    if unchanged is not None:
        return unchanged
    try:
        return study.scenario(case.name)
    except (OutcomeError, ValueError):
        return None


def _unchanged(study: StudyOutcome, case: StudyCase, settings: Mapping[str, Any]) -> Scenario | None:
    """The scenario of a case from its file; None where that no longer says what was simulated."""
    try:
        network = Network.load(study.network_file(case.name))
        changed = _changed(study, case, settings)
        return changed if scenario_hash(changed, network.hash) == case.provenance["scenario_hash"] else None
    except (ScenarioError, OSError, ValueError):
        return None


def _changed(study: StudyOutcome, case: StudyCase, settings: Mapping[str, Any]) -> Scenario:
    scenario = str(case.provenance["scenario"])
    return scenario_with(scenario, settings, where=case.name, reason=_reason(study))


def _is_moved(study: StudyOutcome, case: StudyCase, entry: Entry) -> bool:
    """Whether a number is not as it is stated, but where the case moved it in its range."""
    is_varied = plain_key(_key(entry)) in case.provenance["varied"]
    return is_varied and entry.reason == _reason(study)


def _key(entry: Entry) -> str:
    return f"{entry.section}.{entry.key}" if entry.section else entry.key


def _reason(study: StudyOutcome) -> str:
    return f"set by the study {study.name}"


def _summary(counts: Mapping[Wording, int], missing: list[str]) -> TextExhibit:
    said = sum(counts.values())
    paragraphs: list[tuple[Wording | None, Wording]] = []
    if said:
        sourced, ranged, assumed = counts.values()
        paragraphs.append(
            (
                None,
                Wording(
                    f"The cases rest on {said} numbers: {sourced} have a source (A), {ranged} are assumptions"
                    f" with a range within which the truth is thought to lie (B), {assumed} are assumptions"
                    " without one (C). None of B and C is a fact about the city.",
                    f"各案は{said}個の数値に基づく。出典のあるものが{sourced}個（A）、"
                    f"真の値がその中にあると考えられる幅を付けた仮定が{ranged}個（B）、"
                    f"幅のない仮定が{assumed}個（C）である。BとCは本市についての事実ではない。",
                ),
            )
        )
    paragraphs += [
        (
            None,
            Wording(
                f"The ranges of {name} are not listed: its file is not at hand, or was changed since.",
                f"{name}の数値の幅は掲載していない。ファイルが見つからないか、計算後に変更されている。",
            ),
        )
        for name in missing
    ]
    return TextExhibit(
        "assumption_summary", Wording("How sure the numbers are", "数値の確かさ"), tuple(paragraphs)
    )


def _merged(by_scenario: Mapping[str, list[Entry]]) -> Iterator[tuple[Entry, list[str]]]:
    """Numbers that several scenarios state alike stand once, those with a source first."""
    seen: dict[tuple[object, ...], tuple[Entry, list[str]]] = {}
    for name, listed in by_scenario.items():
        for entry in listed:
            if entry.origin:
                key = (entry.section, entry.key, entry.value, entry.unit, entry.span, entry.origin)
                seen.setdefault(key, (entry, []))[1].append(name)
    yield from sorted(seen.values(), key=lambda found: _rank(found[0]))


def _rank(entry: Entry) -> int:
    return 0 if not entry.is_assumption else 1 if entry.span is not None else 2


def _row(entry: Entry, names: list[str], groups: Mapping[str, str], language: Language) -> dict[str, object]:
    confidence = (SOURCED, RANGED, ASSUMED)[_rank(entry)]
    key = _key(entry)
    span = None
    if entry.span is not None:
        span = value_text(", ".join(entry.span), entry.unit, language, is_span=True)
    value = value_text(entry.value, entry.unit, language, is_span=is_pair(entry))
    is_number = _NUMBER.fullmatch(entry.value) is not None
    numbers = [entry.value, *(entry.span or ())] if is_number else []
    return {
        "name": assumption_name(plain_key(key), language, groups),
        "value": value,
        "range": span,
        **dict(zip(("number", "low", "high"), map(float, numbers), strict=False)),
        "unit": unit_text(entry.unit, language) if is_number else None,
        "words": None if is_number else value,
        ROW_DECIMALS: max((len(text.partition(".")[2]) for text in numbers), default=0),
        "confidence": confidence.text(language),
        "origin": reason_text(entry, language),
        "scenarios": ", ".join(names),
        "key": key,
    }


def is_pair(entry: Entry) -> bool:
    """Whether a value is a shortest and a longest time."""
    return entry.unit in ("s", "min", "h", "days") and _PAIR.fullmatch(entry.value) is not None


def plain_key(key: str) -> str:
    """`vehicles[U]` as `vehicles.U`."""
    return key.replace("[", ".").replace("]", "")
