"""Groups of one to four people are hidden alike in PDF, HTML, workbook and CSV."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from dashboards.evidence.exhibits import Chapter, TableExhibit, rows_of
from dashboards.report.csv_files import write_csv_files
from dashboards.report.html_file import report_html
from dashboards.report.pdf import pdf_bytes
from dashboards.report.suppression import HIDDEN_NOTE
from dashboards.report.workbook import workbook_bytes
from maas.i18n.wording import Wording
from tests.dashboards_tests.report_chapters import CHAPTERS, FRONT, TOWN_COLUMNS

COUNTS = {"One": 1.0, "Four": 4.0, "Five": 5.0, "None": 0.0}
TABLE = TableExhibit(
    "cells",
    Wording("Cells", "メッシュ"),
    TOWN_COLUMNS,
    # 71.1 for the group of one, 74.1 of four, 75.1 of five, 70.1 of none: each number stands once in a paper.
    rows_of(
        TOWN_COLUMNS,
        [
            {"town": name, "people": people, "change": 70.1 + people, "remark": f"remark {name}"}
            for name, people in COUNTS.items()
        ],
    ),
    people_key="people",
)
PAPERS = (CHAPTERS[0], Chapter("cells", Wording("Cells", "メッシュ"), (TABLE,)))


def pdf_text(folder: Path) -> str:
    pages = PdfReader(io.BytesIO(pdf_bytes(PAPERS, "en", front=FRONT))).pages
    return " ".join(page.extract_text() for page in pages)


def html_text(folder: Path) -> str:
    return report_html(PAPERS, "en", front=FRONT)


def workbook_text(folder: Path) -> str:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(PAPERS, "en", front=FRONT)))
    return " ".join(str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line)


def csv_text(folder: Path) -> str:
    files = write_csv_files(PAPERS, folder, "en").paths
    return " ".join(path.read_text(encoding="utf-8-sig") for path in files)


@pytest.mark.parametrize("text_of", [pdf_text, html_text, workbook_text, csv_text])
def test_no_paper_tells_the_numbers_of_one_to_four_people(
    text_of: Callable[[Path], str], tmp_path: Path
) -> None:
    text = re.sub(r"\s+", " ", text_of(tmp_path))
    for name, people in COUNTS.items():
        number = f"{70.1 + people:.1f}"
        assert name in text
        assert (number in text) is (people in (0.0, 5.0)), (name, number)
    assert "remark One" not in text
    assert "remark Four" not in text
    assert HIDDEN_NOTE.en in text
