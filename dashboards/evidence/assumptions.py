"""Every number that the cases rest on: its value, how sure it is, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dashboards.evidence.assumption_names import assumption_name
from dashboards.evidence.exhibits import Column, Exhibit, TableExhibit, TextExhibit, rows_of
from dashboards.evidence.kpis import unvaried
from maas.i18n.wording import Language, Wording
from routing.network import Network
from scenarios.errors import ScenarioError
from scenarios.overrides import scenario_with
from scenarios.preparation import scenario_hash
from scenarios.provenance import Entry, entries
from scenarios.scenario import Scenario
from simulation.errors import OutcomeError
from simulation.study_outcome import StudyCase, StudyOutcome

SOURCED: Final = Wording("A: has a source", "A: 出典あり")
RANGED: Final = Wording("B: assumed, with a range", "B: 仮定（幅あり）")
ASSUMED: Final = Wording("C: assumed", "C: 仮定")

_COLUMNS: Final = (
    Column("name", Wording("Number", "項目")),
    Column("value", Wording("Value", "値")),
    Column("range", Wording("Range", "幅")),
    Column("confidence", Wording("How sure", "確かさ")),
    Column("origin", Wording("Source or reason", "出典・根拠（原文）")),
    Column("scenarios", Wording("Scenario", "シナリオ"), is_export_only=True),
    Column("key", Wording("Key", "キー"), is_export_only=True),
)


def assumption_tables(study: StudyOutcome, language: Language) -> list[Exhibit]:
    """The numbers with a range or a source as a printed table, all of them as one for export.

    Where the file of a scenario was changed since, or cannot be found, a sentence says that its ranges are
    missing.
    """
    found: dict[str, Scenario] = {}
    missing: list[str] = []
    for case in unvaried(study).cases:
        name = str(case.provenance["scenario"])
        if name in (*found, *missing):
            continue
        scenario = case_scenario(study, case)
        if scenario is not None:
            found[name] = scenario
        if scenario is None or not _has_ranges(scenario):
            missing.append(name)
    lines = _merged({name: entries(scenario) for name, scenario in found.items()})
    rows = [_row(entry, names, language) for entry, names in lines]
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


def case_scenario(study: StudyOutcome, case: StudyCase) -> Scenario | None:
    """The scenario that a case was simulated from, with the ranges of its numbers where its file still says
    the same; None where the study's folder does not tell it."""
    said = case.provenance
    try:
        changed = scenario_with(
            said["scenario"], study.settings(case.name), where=case.name,
            reason=f"set by the study {study.name}",
        )  # fmt: skip
        network = Network.load(study.network_file(case.name))
        if scenario_hash(changed, network.hash) == said["scenario_hash"]:
            return changed
    except (ScenarioError, OSError, ValueError):
        pass
    try:
        return study.scenario(case.name)
    except (OutcomeError, ValueError):
        return None


def _has_ranges(scenario: Scenario) -> bool:
    return any(entry.span is not None for entry in entries(scenario))


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


def _row(entry: Entry, names: list[str], language: Language) -> dict[str, object]:
    confidence = (SOURCED, RANGED, ASSUMED)[_rank(entry)]
    key = f"{entry.section}.{entry.key}" if entry.section else entry.key
    span = None
    if entry.span is not None:
        span = "～".join(entry.span) if language == "ja" else " to ".join(entry.span)
    return {
        "name": assumption_name(_plain_key(key), language),
        "value": f"{entry.value} {entry.unit}".strip(),
        "range": span,
        "confidence": confidence.text(language),
        "origin": entry.origin.removeprefix("assumption: ").removeprefix("assumption"),
        "scenarios": ", ".join(names),
        "key": key,
    }


def _plain_key(key: str) -> str:
    """`vehicles[U]` as `vehicles.U`."""
    return key.replace("[", ".").replace("]", "")
