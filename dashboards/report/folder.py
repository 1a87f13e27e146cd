"""A report in a folder of its own: all its papers, or none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from dashboards.errors import ReportError
from dashboards.evidence import Chapter, evidence
from dashboards.evidence.method import run_hash
from dashboards.report.csv_files import Encoding, write_csv_files
from dashboards.report.front import Front, report_front
from dashboards.report.html_file import write_html
from dashboards.report.moving_map import moving_map
from dashboards.report.pdf import refuse_missing_font, write_pdf
from dashboards.report.self_evaluation import form_front, self_evaluation
from dashboards.report.workbook import write_workbook
from maas.i18n.wording import Language, Wording
from simulation.outcome_folder import FolderKind, replaced_folder
from simulation.study_outcome import StudyOutcome

CONTENTS: Final = "report.json"
"""Names the study and the files of a report; a folder that has it may be replaced by a newer report."""

_REPORT_KIND: Final = FolderKind("report", (CONTENTS,), ReportError)

PDF: Final = "report.pdf"
FORM: Final = "self_evaluation.pdf"
HTML: Final = "report.html"
WORKBOOK: Final = "report.xlsx"
CSV: Final = "csv"

Step = Callable[[str], None]
Remark = Callable[[Wording], None]


def write_report(
    study: StudyOutcome,
    folder: Path | str,
    language: Language,
    step: Step = lambda name: None,
    *,
    remark: Remark = lambda words: None,
    encoding: Encoding = "utf-8-sig",
) -> list[Path]:
    """Every paper of a study in one folder, which appears whole or not at all.

    Parameters
    ----------
    folder
        New, empty, or an older report, which is replaced.
    step
        Called with the name of each file before it is made.
    remark
        Called with what the reader of the report should know about the study: that it is of an older program,
        that a day could not be shown.
    encoding
        Of the CSV files.

    Returns
    -------
    The files, `report.json` last.

    Raises
    ------
    ReportError
        When the folder holds something else or cannot be written, or a paper cannot be made.
    OutcomeError
        When a table of the study cannot be read.
    """
    place = Path(os.path.abspath(folder))
    with replaced_folder(Path(folder), _REPORT_KIND) as new:
        refuse_missing_font()
        _write_papers(study, new, language, step, remark, encoding)
        _write_contents(study, new, language)
    return [place / name for name in _files(place) if name != CONTENTS] + [place / CONTENTS]


def _write_papers(
    study: StudyOutcome, folder: Path, language: Language, step: Step, remark: Remark, encoding: Encoding
) -> None:
    step("evidence")
    chapters: Sequence[Chapter] = evidence(study, language)
    front: Front = report_front(study)
    for words in front.remarks:
        remark(words)
    step(PDF)
    write_pdf(chapters, folder / PDF, language, front=front)
    step(HTML)
    map_of_day = moving_map(study, language)
    if map_of_day.remark is not None:
        remark(map_of_day.remark)
    write_html(
        chapters,
        folder / HTML,
        language,
        front=front,
        replay_html=map_of_day.page,
        replay_remark=map_of_day.remark,
    )
    step(WORKBOOK)
    write_workbook(chapters, folder / WORKBOOK, language, front=front)
    step(CSV)
    write_csv_files(chapters, folder / CSV, language, encoding=encoding)
    step(FORM)
    write_pdf(self_evaluation(study, language), folder / FORM, language, front=form_front(study))


def _write_contents(study: StudyOutcome, folder: Path, language: Language) -> None:
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _files(folder)}
    content = {"study": study.name, "run": run_hash(study), "language": language, "files": files}
    (folder / CONTENTS).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
