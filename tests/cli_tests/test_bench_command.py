"""`maas bench show`: latest beside best, like with like, and what is wrong with a history in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.history_file import Figure, append, conditions
from maas.cli import main

ROW: dict[str, Any] = {
    "name": "town/query/ours", "value": 20.0, "unit": "us", "ratio": None, "ratio_to": None, "repetitions": 5,
    "date": "2026-11-23T09:00Z", "commit": "aaaaaaaaaaaa", "is_clean": True, "processor": "P", "cores": 2,
    "python": "3.11.2", "versions": {"numpy": "2.4.6"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """benchmarks/history of an empty source tree, which is where the command starts."""
    monkeypatch.chdir(tmp_path)
    history = tmp_path / "benchmarks" / "history"
    history.mkdir(parents=True)
    return history


def keep(folder: Path, *rows: dict[str, Any], file: str = "routing") -> None:
    lines = [json.dumps({**ROW, **row}) + "\n" for row in rows]
    (folder / f"{file}.jsonl").write_text("".join(lines), encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *arguments: str, lang: str = "en") -> tuple[int, str, str]:
    code = main(["--lang", lang, "bench", "show", *arguments])
    written = capsys.readouterr()
    return code, written.out, written.err


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    code, out, err = run(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    return list(json.loads(out)["figures"])


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    return err


def test_latest_is_set_beside_the_best_with_the_change(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, {"commit": "first"}, {"value": 16.0, "commit": "second"}, {"value": 20.0, "commit": "third"})
    (figure,) = shown(capsys)
    assert (figure["latest"]["commit"], figure["best"]["commit"], figure["rows"]) == ("third", "second", 3)
    assert figure["change"] == pytest.approx(0.25)  # 20 / 16 - 1
    code, out, _ = run(capsys)
    assert code == 0
    assert ["town/query/ours", "20", "us", "16", "+25.0", "%", "3", "third"] in [
        line.split() for line in out.splitlines()
    ]


def test_ratio_is_compared_where_there_is_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slow_machine = {"value": 40.0, "ratio": 1.0, "ratio_to": "yardstick"}
    keep(folder, {"ratio": 2.0, "ratio_to": "yardstick"}, slow_machine)
    (figure,) = shown(capsys)
    assert figure["best"] == figure["latest"]
    assert figure["change"] == 0
    assert "best" in run(capsys)[1].splitlines()[2].split()


def test_best_is_the_most_where_more_is_better(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, {"value": 30.0, "better": "more"}, {"value": 24.0, "better": "more"})
    (figure,) = shown(capsys)
    assert figure["best"]["value"] == 30
    assert figure["change"] == pytest.approx(-0.2)


def test_served_share_of_older_rows_is_better_when_more(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "grid/served_share"
    keep(folder, {"name": name, "value": 0.9, "unit": ""}, {"name": name, "value": 0.8, "unit": ""})
    assert shown(capsys)[0]["best"]["value"] == 0.9


def test_what_is_neither_better_nor_worse_has_no_best(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, {"better": ""})
    (figure,) = shown(capsys)
    assert (figure["best"], figure["change"]) == (None, None)
    assert run(capsys)[1].splitlines()[2].split()[-4:] == ["-", "-", "1", "aaaaaaaa"]


@pytest.mark.parametrize(
    "unlike",
    [
        {"unit": "ms"},
        {"processor": "Q"},
        {"ratio": 0.1, "ratio_to": "yardstick"},
        {"versions": {"numpy": "2.4.6", "ours": "0.9"}},
        {"is_clean": False},
    ],
    ids=lambda unlike: "-".join(unlike),
)
def test_unlike_rows_are_never_the_best(
    unlike: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, {"value": 1.0, **unlike}, {"value": 20.0})
    (figure,) = shown(capsys)
    assert figure["best"]["value"] == 20


def test_dirty_latest_row_is_shown_and_marked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, {}, {"value": 10.0, "is_clean": False, "commit": "bbbbbbbbbbbb"})
    line = run(capsys)[1].splitlines()[2].split()
    assert line == ["town/query/ours", "10", "us", "20", "-50.0", "%", "2", "bbbbbbbb*"]


def test_change_from_a_best_of_zero_is_a_difference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, {"value": 0.0, "unit": "%"}, {"value": 0.5, "unit": "%"})
    assert shown(capsys)[0]["change"] is None
    assert run(capsys)[1].splitlines()[2].split() == [
        "town/query/ours", "0.5", "%", "0", "+0.5", "2", "aaaaaaaa",
    ]  # fmt: skip


def test_figures_are_chosen_by_words_and_by_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, {"name": "town/matrix_100/ours"}, {"name": "town/matrix_100/scipy"}, {"name": "city/build"})
    keep(folder, {"name": "town/cpu_s"}, file="workloads")
    assert [one["name"] for one in shown(capsys, "town", "matrix")] == [
        "town/matrix_100/ours",
        "town/matrix_100/scipy",
    ]
    assert [one["name"] for one in shown(capsys, "t*n/*scipy")] == ["town/matrix_100/scipy"]
    assert [one["name"] for one in shown(capsys, "--file", "workloads")] == ["town/cpu_s"]
    assert "none of 4 figures has village in its name" in refused(capsys, "village")
    assert "has no file quality; there are routing, workloads" in refused(capsys, "--file", "quality")


def test_rows_that_benchmarks_add_are_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = [Figure("town/build", 2.0, "s"), Figure("town/rate", 1.0, "M/s", better="more")]
    append(folder / "routing.jsonl", figures, conditions("scipy"))
    assert [one["better"] for one in shown(capsys)] == ["less", "more"]


def test_history_of_the_source_tree_is_shown_wherever_the_command_starts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.rmdir()
    assert {one["file"] for one in shown(capsys)} >= {"travel_times", "workloads"}


def test_installed_program_without_a_source_tree_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.rmdir()
    monkeypatch.setattr("maas.figure_history.__file__", str(folder / "maas" / "figure_history.py"))
    assert "belongs to the source tree and is not installed" in refused(capsys)


def test_missing_or_empty_folder_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere is not a folder" in refused(capsys, "--history", "nowhere")
    assert "has no .jsonl files: nothing was measured yet" in refused(capsys, "--history", str(folder))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"name": "town', "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1, 2]", "[1, 2] is not a row of a figure"),
        (b'{"name": "town"}', "the row has no value"),
        (json.dumps({**ROW, "value": "fast"}).encode(), 'value is "fast"'),
        (json.dumps({**ROW, "value": True}).encode(), "value is true"),
        (json.dumps({**ROW, "value": float("nan")}).encode(), "value is NaN"),
        (json.dumps({**ROW, "better": "faster"}).encode(), 'better is "faster", not "less", "more" or ""'),
    ],
)
def test_damaged_line_is_named_by_file_and_number(
    line: bytes, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.dumps(ROW).encode()
    (folder / "routing.jsonl").write_bytes(b"\n".join([whole, line, whole]) + b"\n")
    error = refused(capsys)
    assert f"{Path('benchmarks', 'history', 'routing.jsonl')}, line 2: {said};" in error


def test_japanese_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, {})
    code, out, _ = run(capsys, lang="ja")
    assert code == 0
    assert out.splitlines()[1].split() == ["指標", "最新", "比", "最良", "差", "回数", "コミット"]
