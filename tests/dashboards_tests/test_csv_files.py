"""Tables as CSV files: plain numbers, two encodings, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.errors import ReportError
from dashboards.report.csv_files import Unwritten, csv_bytes, write_csv_files
from tests.dashboards_tests.report_chapters import CHAPTERS, FIGURES, TOWNS


def read(path: Path, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def test_every_table_and_the_definitions_are_written_for_excel(tmp_path: Path) -> None:
    done = write_csv_files(CHAPTERS, tmp_path / "new" / "csv", "en")
    assert [path.name for path in done.paths] == ["towns.csv", "figures.csv", "definitions.csv"]
    assert done.unwritten == ()
    content = done.paths[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbfTown,Residents (people),Change (%),Remark\r\n")
    definitions = read(done.paths[2], "utf-8-sig")
    assert definitions[0] == ["Table", "Title", "Column", "Unit", "Definition"]
    assert ["towns", "Towns: all/none", "Change", "%", "Since 2021"] in definitions
    assert any(line[:2] == ["towns", "Towns: all/none"] and "fewer than 5" in line[4] for line in definitions)


def test_numbers_are_plain_missing_ones_empty_and_small_groups_hidden(tmp_path: Path) -> None:
    towns, figures, _ = write_csv_files(CHAPTERS, tmp_path, "ja").paths
    lines = read(towns, "utf-8-sig")
    assert lines[0] == ["町", "人口（人）", "増減（%）", "備考"]
    assert [line[1:3] for line in lines[1:]] == [["11294", "-1.25"], ["X", "X"], ["5", ""], ["0", "0"]]
    assert [line[2] for line in read(figures, "utf-8-sig")[1:]] == ["12.345", "3.2", "60528.4", "234625"]


def test_a_text_that_could_be_a_formula_is_written_as_text(tmp_path: Path) -> None:
    towns = read(write_csv_files(CHAPTERS, tmp_path, "en").paths[0], "utf-8-sig")
    assert [line[3] for line in towns[1:]] == ["'=1+1", "X", "http://example.org", ""]


def test_cp932_replaces_what_it_does_not_have_and_lists_it(tmp_path: Path) -> None:
    done = write_csv_files(CHAPTERS, tmp_path, "ja", encoding="cp932")
    # 髙 is in cp932; the dash becomes a hyphen, 𠮷 (beyond the code page) a geta.
    assert read(done.paths[0], "cp932")[2][0] == "髙根-沢〓"
    assert done.unwritten == (
        Unwritten("towns.csv", 3, 1, "\N{EN DASH}", "-"),
        Unwritten("towns.csv", 3, 1, "𠮷", "〓"),
    )
    assert done.paths[-1].name == "unwritten_characters.csv"
    listed = read(done.paths[-1], "cp932")
    assert listed[1] == ["towns.csv", "3", "1", "U+2013 EN DASH", "'-"]
    assert listed[2][3:] == ["U+20BB7 CJK UNIFIED IDEOGRAPH-20BB7", "〓"]


def test_a_similar_character_makes_no_formula() -> None:
    rows = TOWNS.rows.assign(town=["\N{EN DASH}1", "a", "b", "c"])
    assert (
        csv_bytes(replace(TOWNS, rows=rows), "en", "cp932").decode("cp932").splitlines()[1].startswith("'-1,")
    )


def test_the_list_of_an_earlier_encoding_does_not_stay(tmp_path: Path) -> None:
    write_csv_files(CHAPTERS, tmp_path, "ja", encoding="cp932")
    write_csv_files(CHAPTERS, tmp_path, "ja")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["definitions.csv", "figures.csv", "towns.csv"]


def test_a_download_has_the_bytes_of_the_file(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "cp932"):
        towns, figures, *_ = write_csv_files(CHAPTERS, tmp_path, "ja", encoding=encoding).paths
        assert csv_bytes(TOWNS, "ja", encoding) == towns.read_bytes()
        assert csv_bytes(FIGURES, "ja", encoding) == figures.read_bytes()


def test_another_encoding_or_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="encoding 'shift_jis' is unknown; give utf-8-sig or cp932"):
        write_csv_files(CHAPTERS, tmp_path, "ja", encoding="shift_jis")  # type: ignore[arg-type]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match="cannot be made"):
        write_csv_files(CHAPTERS, tmp_path / "file", "ja")
