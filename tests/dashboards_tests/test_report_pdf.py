"""The PDF says what the exhibits say, carries its fonts, and is the same each time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from dashboards.errors import ReportError
from dashboards.evidence import evidence, tables_of
from dashboards.report import pdf
from dashboards.report.front import report_front
from dashboards.report.pdf import page_pictures, pdf_bytes, write_pdf
from maas.i18n.wording import Language
from simulation.study_outcome import StudyOutcome

LANGUAGES: tuple[Language, ...] = ("en", "ja")


def text_of(content: bytes) -> str:
    """All text without any white space: where lines break does not matter."""
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))


def fonts_of(content: bytes) -> Iterator[tuple[str, bool]]:
    """Name of each font, and whether its outlines are in the file."""
    for page in PdfReader(io.BytesIO(content)).pages:
        fonts: Any = page["/Resources"].get_object().get("/Font", {})  # type: ignore[attr-defined]
        for entry in fonts.values():
            font = entry.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner["/FontDescriptor"].get_object()
            keys = ("/FontFile", "/FontFile2", "/FontFile3")
            yield str(font["/BaseFont"]), any(key in descriptor for key in keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_has_the_figures_of_every_printed_table(wagons: StudyOutcome, language: Language) -> None:
    chapters = evidence(wagons, language)
    text = text_of(pdf_bytes(chapters, language, front=report_front(wagons)))
    kpi = tables_of(chapters)["kpi"]
    assert len(kpi.rows) == 15
    for name in ("kpi", "money", "fates", "wait_quantiles"):
        table = tables_of(chapters)[name]
        for line in table.texts():
            shown = [cell for column, cell in zip(table.shown_columns, line, strict=True)
                     if column.key != table.block_key]  # fmt: skip
            assert "".join("".join(shown).split()) in text, (name, shown)
    assert "".join(wagons.definition["question"][language].split()) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_fonts_are_in_the_file(wagons: StudyOutcome, language: Language) -> None:
    content = pdf_bytes(evidence(wagons, language), language, front=report_front(wagons))
    fonts = dict(fonts_of(content))
    assert all(fonts.values())
    assert any("IPAexGothic" in name for name in fonts)


def test_pages_are_a4_and_numbered(wagons: StudyOutcome) -> None:
    chapters = evidence(wagons, "ja")
    front = report_front(wagons)
    pages = PdfReader(io.BytesIO(pdf_bytes(chapters, "ja", front=front))).pages
    assert 5 <= len(pages) <= 12
    for number, page in enumerate(pages, 1):
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
        assert f"{number}/{len(pages)}" in page.extract_text().replace(" ", "")
        assert "IPAexGothic" in page.extract_text()  # the credits are on every page
    assert len(page_pictures(chapters, "ja", front=front, dots_per_inch=20)) == len(pages)


def test_same_study_gives_the_same_bytes(wagons: StudyOutcome) -> None:
    front = report_front(wagons)
    first, second = (pdf_bytes(evidence(wagons, "ja"), "ja", front=front) for _ in range(2))
    assert first == second
    assert PdfReader(io.BytesIO(first)).metadata is not None


def test_missing_font_is_told_in_one_sentence(
    wagons: StudyOutcome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "packaged_font_folder", lambda: None)
    with pytest.raises(ReportError, match=r"IPAexGothic is missing; install it with: pip install"):
        write_pdf(evidence(wagons, "ja"), tmp_path / "report.pdf", "ja", front=report_front(wagons))
    assert list(tmp_path.iterdir()) == []


def test_file_that_cannot_be_written_is_told(wagons: StudyOutcome, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "report.pdf"
    with pytest.raises(ReportError, match=r"report\.pdf: cannot be written"):
        write_pdf(evidence(wagons, "en"), target, "en", front=report_front(wagons))
