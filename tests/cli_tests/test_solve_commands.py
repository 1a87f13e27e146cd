"""`maas solve` and `maas check` on small instances."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maas.cli import main
from tests.solver_tests.test_instances import CORDEAU_2006, DATA, LI_LIM, needs_data

SOLVE = ["--lang", "en", "solve"]
QUICK = ["--solver", "ortools", "--iterations", "5"]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.txt"
    path.write_text(LI_LIM, encoding="utf-8")
    return path


def test_solve_writes_what_check_accepts(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solution, picture = tmp_path / "out.sol", tmp_path / "out.png"
    written = ["--json", "--solution", str(solution), "--plot", str(picture)]
    assert main([*SOLVE, str(instance), *QUICK, *written]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {"vehicles", "cost", "feasible", "unserved", "seconds", "iterations", "cpu_s"}
    # one van: (0, 0) (3, 4) (0, 5) (0, 10) (6, 8) (0, 0) takes 5 + root 10 + 5 + root 40 + 10
    assert figures["vehicles"] == 1
    assert figures["cost"] == pytest.approx(5 + 10**0.5 + 5 + 40**0.5 + 10, abs=1e-4)
    assert figures["feasible"] is True
    assert figures["unserved"] == []
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main(["--lang", "en", "check", str(instance), str(solution)]) == 0
    assert "Every rule is kept." in capsys.readouterr().out


def test_the_engine_that_needs_no_choice_is_the_neighbourhood_search(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SOLVE, str(instance), "--iterations", "100", "--threads", "2"]) == 0
    told = capsys.readouterr().out
    assert "(sisr)" in told
    assert "1 vehicles, cost 29.4868" in told


def test_both_speak_japanese(instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solution = tmp_path / "out.sol"
    assert main(["--lang", "ja", "solve", str(instance), *QUICK, "--solution", str(solution)]) == 0
    assert "車両1台" in capsys.readouterr().out
    assert main(["--lang", "ja", "check", str(instance), str(solution)]) == 0
    assert "すべての制約を満たしています。" in capsys.readouterr().out


def test_a_fleet_that_cannot_serve_all_is_an_answer_with_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # request 1 cannot be delivered by 3: it is 5 away from the depot and 5 more from its pickup
    path = tmp_path / "late.txt"
    path.write_text(CORDEAU_2006.replace("3 6 8 3 -1 10 25", "3 6 8 3 -1 0 3"), encoding="utf-8")
    assert main([*SOLVE, str(path), *QUICK, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["feasible"] is False
    assert figures["unserved"] == [
        {
            "row": 1,
            "reason": "request 0 cannot be served in time by any vehicle, even without other requests",
        }
    ]


def test_check_tells_what_is_broken(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solution = tmp_path / "bad.sol"
    solution.write_text("Route 1 : 3 1\n", encoding="utf-8")
    assert main(["--lang", "en", "check", str(instance), str(solution), "--json"]) == 1
    figures = json.loads(capsys.readouterr().out)
    assert figures["unserved"] == [4]
    assert figures["violations"] == ["vehicle 0 delivers request 0 before it picks it up"]
    assert main(["--lang", "en", "check", str(instance), str(solution)]) == 1
    assert "This is no solution." in capsys.readouterr().out


BAD = [
    (["solve", "tiny.txt", "--solver", "magic"], "there is no solver 'magic'; give one of"),
    (
        ["solve", "tiny.txt", "--seconds", "1", "--iterations", "2"],
        "give --seconds or --iterations, not both",
    ),
    (["solve", "tiny.txt", "--solver", "ortools", "--threads", "2"], "threads is 2; solver ortools has one"),
    (["solve", "tiny.txt", "--solution", "tiny.txt"], "tiny.txt: is read by this command and would be"),
    (["solve", "tiny.txt", "--solution", "nowhere/out.sol"], "cannot be written: name a file in a folder"),
    (["solve", "tiny.txt", "--plot", "out.jpg"], "give a name that ends in .png"),
    (["solve", "tiny.txt", "--format", "csv"], "format is 'csv'; known are li_lim"),
    (["solve", "tiny.txt", "--seed", str(2**63)], "Invalid value for '--seed'"),
    (["solve", "tiny.txt", "--threads", "257"], "Invalid value for '--threads'"),
    (["solve", "absent.txt"], "absent.txt: No such file"),
    (["check", "tiny.txt", "twice.sol"], "twice.sol: line 2: visits row 3 again, which line 1 visits"),
]


@pytest.mark.usefixtures("instance")
@pytest.mark.parametrize(("arguments", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "twice.sol").write_text("Route 1 : 1 3\nRoute 2 : 3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["--lang", "en", *arguments]) == 2
    told = capsys.readouterr().err
    assert sentence in " ".join(told.replace("│", " ").split())
    assert "Traceback" not in told


@needs_data
def test_a_published_ride_problem_is_solved_with_every_rider(capsys: pytest.CaptureFixture[str]) -> None:
    path = DATA / "darp" / "cordeau2006" / "a2-16.txt"
    assert main([*SOLVE, str(path), "--solver", "ortools", "--iterations", "60", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["feasible"] is True
    # the proven optimum is 294.25
    assert 294.24 < figures["cost"] < 310
