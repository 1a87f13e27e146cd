"""The workbook as openpyxl and Excel read it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dashboards.errors import ReportError
from dashboards.report.workbook import workbook_bytes, write_workbook
from tests.dashboards_tests.report_chapters import CHAPTERS, FRONT


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return load_workbook(write_workbook(CHAPTERS, tmp_path / "report.xlsx", "ja", front=FRONT))


def test_there_is_one_sheet_a_table_between_contents_and_definitions(book: Workbook) -> None:
    # Signs that Excel forbids in names of sheets are left out; the table behind the chart has a sheet too.
    assert book.sheetnames == ["目次", "町 一覧 すべて なし", "指標", "定義"]
    contents = book["目次"]
    assert contents["A1"].value == "バンかタクシーか"
    texts = [cell.value for row in contents.iter_rows() for cell in row if cell.value]
    assert any("abababab" in text for text in texts)
    assert "Roads: a survey" in texts
    links = {cell.hyperlink.location for row in contents.iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in book.sheetnames[1:]}


def test_heads_have_units_and_stay_in_sight(book: Workbook) -> None:
    sheet = book["町 一覧 すべて なし"]
    assert sheet["A1"].value == "町 [一覧]: すべて/なし"
    assert sheet["A2"].value.startswith("2021年時点。X: 5人未満")
    assert [cell.value for cell in sheet[4]] == ["町", "人口（人）", "増減（%）", "備考"]
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:D8"
    assert sheet.column_dimensions["A"].width >= 8
    assert sheet.print_title_rows == "$4:$4"


def test_numbers_are_numbers_with_the_digits_of_their_column_or_row(book: Workbook) -> None:
    towns, figures = book["町 一覧 すべて なし"], book["指標"]
    assert [towns.cell(row, 2).value for row in range(5, 9)] == [11_294, "X", 5, 0]
    assert [towns.cell(row, 3).value for row in range(5, 9)] == [-1.25, "X", None, 0]
    assert towns["B5"].number_format == "#,##0"
    assert towns["C5"].number_format == "+#,##0.0;-#,##0.0;#,##0.0"
    assert [figures.cell(row, 3).value for row in range(5, 9)] == [12.345, 3.2, 60_528.4, 234_625]
    assert [figures.cell(row, 3).number_format for row in (5, 7)] == ["#,##0.00", "#,##0"]


def test_no_text_becomes_a_formula_or_a_link(book: Workbook) -> None:
    sheet = book["町 一覧 すべて なし"]
    cells = [sheet.cell(row, 4) for row in range(5, 8)]
    assert [cell.value for cell in cells] == ["=1+1", "X", "http://example.org"]
    assert [cell.data_type for cell in cells] == ["s", "s", "s"]
    assert all(cell.hyperlink is None for cell in cells)


def test_definitions_tell_unit_and_meaning_of_every_column(book: Workbook) -> None:
    rows = list(book["定義"].iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("シート", "列", "単位", "定義")
    assert ("町 一覧 すべて なし", "増減", "%", "2021年から") in rows
    assert len(rows) == 1 + 1 + 4 + 4  # heads, one note, four columns each


def test_the_same_chapters_make_the_same_bytes_and_no_date_is_told(tmp_path: Path) -> None:
    one, two = (workbook_bytes(CHAPTERS, "en", front=FRONT) for _ in range(2))
    assert one == two
    path = write_workbook(CHAPTERS, tmp_path / "r.xlsx", "en", front=FRONT)
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_folder_that_is_missing_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        ReportError, match=r"r\.xlsx: cannot be written \(No such file or directory\); choose"
    ):
        write_workbook(CHAPTERS, tmp_path / "none" / "r.xlsx", "en", front=FRONT)
