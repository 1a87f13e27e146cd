"""What stands around the chapters of every paper: title, what it is, run hash, credits."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.evidence.method import FONT_CREDIT, run_hash
from dashboards.evidence.program_version import version_remark
from maas.i18n.wording import Language, Wording
from simulation.study_outcome import StudyOutcome


@dataclass(frozen=True, slots=True)
class Front:
    """The head and the foot of a paper.

    Parameters
    ----------
    title, kind
        Of the study, and what the paper is: `Report of a study`.
    lines
        Below the title: days, cases, program.
    credits
        On every page.
    run_hash
        SHA-256 (hex) of what was run.
    remarks
        What the reader must know before the first figure.
    """

    title: Wording
    kind: Wording
    lines: tuple[Wording, ...]
    credits: tuple[str, ...]
    run_hash: str
    remarks: tuple[Wording, ...] = ()

    def text(self, language: Language) -> str:
        """The title in one language."""
        return self.title.text(language)


def report_front(study: StudyOutcome) -> Front:
    """Front of the report of a study."""
    said = study.definition["title"]
    days, cases = len(study.seeds), len(study.cases)
    remark = version_remark(study)
    version = study.provenance["program"]["versions"]["maas"]
    return Front(
        Wording(said["en"], said["ja"]),
        Wording(
            "Evidence for decision: report of a simulation study",
            "政策判断のための根拠資料（シミュレーション）",
        ),
        (
            Wording(
                f"{cases} cases, {days} simulated weekdays each, maas {version}",
                f"{cases}案、各{days}日（平日）のシミュレーション、maas {version}",
            ),
        ),
        (*study.credits, FONT_CREDIT),
        run_hash(study),
        () if remark is None else (remark,),
    )
