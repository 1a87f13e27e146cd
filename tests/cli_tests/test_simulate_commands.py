"""`maas simulate`, `maas compare` and `maas replay`: what they print, keep and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from maas.cli import main
from maas.cli.console import set_language
from maas.cli.study_progress import PAUSE_S, plain_lines
from maas.store.journal import read_journal
from simulation.outcomes import JOURNAL, NETWORK, PROVENANCE
from simulation.series import Phase
from tests.simulation_tests.study_inputs import write_scenario, write_workload

REQUIRED = (
    "requests",
    "served_share",
    "wait_mean_s",
    "wait_p95_s",
    "in_vehicle_mean_s",
    "detour_ratio",
    "vehicle_km",
    "empty_km_share",
    "promises_kept_share",
    "cpu_s",
    "peak_rss_mb",
    "driving_hours",
    "vehicle_hours",
    "riders_per_vehicle_hour",
    "cost_yen",
    "intervals",
    "replications",
    "days",
)

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_folder_and_language(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COLUMNS", "120")
    yield
    set_language(None)


@pytest.fixture
def ring() -> Path:
    return write_workload(Path("inputs/ring"))


def run(*arguments: str) -> int:
    return main(["--lang", "en", *arguments])


def object_printed(capsys: Printed) -> dict[str, Any]:
    content = json.loads(capsys.readouterr().out)
    assert isinstance(content, dict)
    return content


def refusal(capsys: Printed, *arguments: str) -> str:
    """The one sentence of a command that ends with exit code 2."""
    assert run(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    last = [line for line in printed.err.splitlines() if line.startswith("Error: ")]
    assert len(last) == 1
    return last[0]


def test_simulate_prints_one_json_object_with_all_figures(ring: Path, capsys: Printed) -> None:
    assert run("simulate", "--workload", str(ring), "--policy", "insertion", "--json") == 0
    content = object_printed(capsys)
    assert [key for key in REQUIRED if key not in content] == []
    assert (content["requests"], content["replications"], content["seed"]) == (12, 1, 1)
    assert content["intervals"]["requests"] == {"mean": 12.0, "ci95_low": None, "ci95_high": None}
    assert content["outcome"] == str(Path("runs/ring"))
    assert len(content["journals"]["1"]) == 64
    assert Path("runs/ring", JOURNAL).is_file()


def test_jittered_workload_tells_means_and_the_original_day(ring: Path, capsys: Printed) -> None:
    arguments = ("simulate", "--workload", str(ring), "--jitter", "30", "--replications", "3", "--seed", "4")
    assert run(*arguments, "--out", "moved", "--json") == 0
    content = object_printed(capsys)
    assert [day["seed"] for day in content["days"]] == [4, 5, 6]
    assert content["original_day"]["requests"] == 12
    shares = [day["served_share"] for day in content["days"]]
    assert content["served_share"] == pytest.approx(sum(shares) / 3)
    assert run(*arguments, "--out", "moved") == 0
    printed = capsys.readouterr().out
    assert "Original day" in printed
    assert "Wait, mean (min)" in printed
    assert "Outcome: moved" in printed


def test_jobs_change_no_byte(ring: Path, capsys: Printed) -> None:
    arguments = ("simulate", "--workload", str(ring), "--jitter", "30", "--replications", "2", "--json")
    journals = []
    for jobs in ("1", "2"):
        assert run(*arguments, "--jobs", jobs, "--out", f"jobs-{jobs}") == 0
        journals.append(object_printed(capsys)["journals"])
    assert journals[0] == journals[1]


def test_rules_of_a_workload_are_options(ring: Path, capsys: Printed) -> None:
    assert run("simulate", "--workload", str(ring), "--json") == 0
    usual = object_printed(capsys)
    rules = ("--max-wait", "0", "--detour-alpha", "1.0", "--detour-beta", "0", "--stop-seconds", "0")
    assert run("simulate", "--workload", str(ring), *rules, "--json") == 0
    assert object_printed(capsys)["served"] < usual["served"]


def test_days_of_an_exact_workload_are_told_to_be_the_same(ring: Path, capsys: Printed) -> None:
    assert run("simulate", "--workload", str(ring), "--replications", "2") == 0
    assert "every day is the same" in capsys.readouterr().err


def test_japanese_tables(ring: Path, capsys: Printed) -> None:
    assert main(["--lang", "ja", "simulate", "--workload", str(ring)]) == 0
    printed = capsys.readouterr().out
    assert "待ち時間 平均 (分)" in printed
    assert "結果: " in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--replications", "0"), "replications is 0; give 1 to 100000"),
        (("--jitter", "-1"), "jitter is -1 s"),
        (("--jobs", "0"), "jobs is 0"),
        (("--seed", "-1"), "seed is -1"),
        (
            ("--policy", "magic"),
            "policy is 'magic'; give one of insertion, rolling_horizon, batch, scheduled_runs",
        ),
        (("--max-wait", "-1"), "longest wait is -1 s"),
        (("--policy", "scheduled_runs"), "no run; give its timetable"),
        (("--out", "letters"), "holds something else than an outcome"),
        (("--out", "inputs"), "inputs: holds inputs/ring, which this command reads"),
        (("--out", "inputs/ring/nodes.csv/x"), "cannot be written"),
    ],
)
def test_impossible_simulations_are_one_sentence_and_exit_code_2(
    ring: Path, capsys: Printed, arguments: tuple[str, ...], message: str
) -> None:
    Path("letters").mkdir()
    Path("letters/dear.txt").write_text("dear", encoding="utf-8")
    assert message in refusal(capsys, "simulate", "--workload", str(ring), *arguments)
    assert not Path("runs").exists()
    assert [path.name for path in Path("letters").iterdir()] == ["dear.txt"]


def test_unknown_scenario_and_incomplete_workload_are_refused(ring: Path, capsys: Printed) -> None:
    assert "did you mean 'sakura_today'" in refusal(capsys, "simulate", "sakura_tody")
    (ring / "requests.csv").unlink()
    assert "requests.csv" in refusal(capsys, "simulate", "--workload", str(ring))


@pytest.mark.parametrize(
    "arguments",
    [
        ("simulate", "--json"),
        ("simulate", "sakura_today", "--workload", "ring"),
        ("simulate", "sakura_today", "--max-wait", "300"),
        ("simulate", "--workload", "ring", "--replications", "many"),
        ("compare",),
        ("replay",),
    ],
)
def test_wrong_use_ends_with_exit_code_2(arguments: tuple[str, ...], capsys: Printed) -> None:
    assert run(*arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_compare_simulates_scenarios_and_tells_paired_differences(capsys: Printed) -> None:
    one = write_scenario(Path("inputs"), "one", vehicles=1)
    two = write_scenario(Path("inputs"), "two", vehicles=2)
    assert run("compare", str(one), str(two), "--replications", "3", "--json") == 0
    content = object_printed(capsys)
    assert content["replications"] == {"one": 3, "two": 3}
    waits = content["outcomes"]["two"]["differences_to_first"]["wait_mean_s"]
    assert waits["is_paired"] is True
    assert waits["mean"] < 0  # a second wagon shortens waits
    assert content["outcomes"]["one"]["differences_to_first"] == {}
    assert Path("runs/one/provenance.json").is_file()
    assert Path("runs/two/provenance.json").is_file()


def test_compare_reads_outcome_folders(ring: Path, capsys: Printed) -> None:
    for jitter, name in (("0", "plain"), ("40", "moved")):
        arguments = ("--jitter", jitter, "--replications", "2", "--out", name)
        assert run("simulate", "--workload", str(ring), *arguments) == 0
    capsys.readouterr()
    assert run("compare", "plain", "moved") == 0
    printed = capsys.readouterr().out
    assert "n = 2 days" in printed
    assert "Served share (%)" in printed
    assert "±" in printed
    heads = printed.splitlines()[1]
    assert "plain" in heads
    assert "moved" in heads  # both have the title of the workload, so their names tell them apart


def test_impossible_comparisons_are_refused(ring: Path, capsys: Printed) -> None:
    assert "give two or more" in refusal(capsys, "compare", "sakura_today")
    assert "given twice" in refusal(capsys, "compare", "sakura_today", "sakura_today")
    assert "did you mean" in refusal(capsys, "compare", "sakura_today", "sakura_2041")
    assert "provenance.json: cannot be read" in refusal(capsys, "compare", "sakura_today", str(ring))
    one, other = write_scenario(Path("a"), "same"), write_scenario(Path("b"), "same")
    assert "same is given twice" in refusal(capsys, "compare", str(one), str(other))
    assert "replications is 0" in refusal(capsys, "compare", str(one), "sakura_today", "--replications", "0")
    assert not Path("runs").exists()


def test_replay_tells_the_figures_of_the_run(ring: Path, capsys: Printed) -> None:
    assert run("simulate", "--workload", str(ring), "--out", "out", "--json") == 0
    simulated = object_printed(capsys)
    journal = str(Path("out", JOURNAL))
    assert run("replay", journal, "--json") == 0
    replayed = object_printed(capsys)
    assert {key: simulated[key] for key in replayed} == replayed
    assert run("replay", journal, "--decide-again") == 0
    assert "every decision taken anew with the same result" in capsys.readouterr().out


def test_replay_converts_to_readable_lines_that_replay_alike(ring: Path, capsys: Printed) -> None:
    assert run("simulate", "--workload", str(ring), "--out", "out") == 0
    assert run("replay", str(Path("out", JOURNAL)), "--jsonl", "j.jsonl") == 0
    capsys.readouterr()
    assert run("replay", "j.jsonl", "--network", str(Path("out", NETWORK)), "--json") == 0
    from_lines = object_printed(capsys)
    assert run("replay", str(Path("out", JOURNAL)), "--json") == 0
    assert object_printed(capsys) == from_lines
    assert run("replay", "j.jsonl") == 0
    assert "no network.net beside it" in capsys.readouterr().out


def test_replay_cuts_a_torn_line_and_reports_it(ring: Path, capsys: Printed) -> None:
    assert run("simulate", "--workload", str(ring), "--out", "out") == 0
    assert run("replay", str(Path("out", JOURNAL)), "--jsonl", "j.jsonl") == 0
    lines = Path("j.jsonl").read_text(encoding="utf-8").splitlines()
    Path("torn.jsonl").write_text("\n".join(lines[:9]) + "\n" + lines[9][:30], encoding="utf-8")
    capsys.readouterr()
    assert run("replay", "torn.jsonl") == 0
    assert "torn.jsonl line 10 is torn" in capsys.readouterr().err


def test_replay_refuses_a_changed_record_and_a_foreign_network(ring: Path, capsys: Printed) -> None:
    assert run("simulate", "--workload", str(ring), "--out", "out") == 0
    assert run("replay", str(Path("out", JOURNAL)), "--jsonl", "j.jsonl") == 0
    lines = Path("j.jsonl").read_text(encoding="utf-8").splitlines()
    lines[4] = lines[4].replace('"at":', '"at":1', 1)
    Path("changed.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_scenario(Path("inputs"))
    capsys.readouterr()
    assert "changed.jsonl line 5: record 4 was changed" in refusal(capsys, "replay", "changed.jsonl")
    assert "give the network.net of its outcome" in refusal(
        capsys, "replay", "j.jsonl", "--network", "inputs/line.net"
    )
    assert "does not exist" in refusal(capsys, "replay", "nowhere.parquet")
    assert run("replay", "j.jsonl", "--jsonl", "j.jsonl") == 2
    assert run("replay", "j.jsonl", "--jsonl", "j.txt") == 2
    assert run("replay", "j.jsonl", "--decide-again") == 2


def test_progress_without_a_terminal_is_a_line_now_and_then() -> None:
    set_language(None)
    main(["--lang", "en"])  # sets the language
    lines: list[str] = []
    now = [0.0]
    report = plain_lines("sakura", lines.append, lambda: now[0])
    report(Phase.ROADS, 0, 0)
    report(Phase.ROADS, 0, 0)
    report(Phase.DAYS, 0, 10)
    now[0] = PAUSE_S - 1
    report(Phase.DAYS, 1, 10)  # too soon for another line
    now[0] = 20.0
    report(Phase.DAYS, 2, 10)  # 20 s for 2 of 10 days: 80 s left
    report(Phase.DAYS, 10, 10)  # done: nothing to tell
    assert lines == [
        "sakura: preparing roads and riders",
        "sakura: simulating day 1 of 10",
        "sakura: simulating day 3 of 10; about 1 min 20 s left",
    ]


def test_idle_vehicles_wait_where_the_command_says(tmp_path: Path, capsys: Printed) -> None:
    folder = write_workload(tmp_path / "ring")
    for rule in ("off", "refusals", "recent", "forecast"):
        assert main(["simulate", "--workload", str(folder), "--reposition", rule, "--reach", "300"]) == 0
        outcome = tmp_path / "runs" / f"ring-idle-{rule}"
        provenance = json.loads((outcome / PROVENANCE).read_text(encoding="utf-8"))
        assert provenance["choice"]["idle"] == {
            "follows": rule,
            "aim": "shares",
            "reach_s": 300,
            "empty_cost_percent": 50,
        }
        header = read_journal(outcome / JOURNAL).header
        assert (header.service.repositioning is None) == (rule == "off")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--reposition", "stars"], "repositioning is 'stars'; give one of off, refusals, recent, forecast"),
        (["--reposition", "recent", "--reach", "0"], "repositioning reaches 0 s at a cost of 50 %"),
        (
            ["--reposition", "recent", "--aim", "high"],
            "repositioning aims at 'high'; give one of shares, coverage",
        ),
        (["--reach", "60"], "--aim, --reach and --empty-cost belong to --reposition"),
    ],
)
def test_a_wrong_place_to_wait_is_refused(
    tmp_path: Path, capsys: Printed, options: list[str], words: str
) -> None:
    folder = write_workload(tmp_path / "ring")
    assert main(["simulate", "--workload", str(folder), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_hindsight_stands_beside_what_the_policy_did(ring: Path, capsys: Printed) -> None:
    arguments = (
        "simulate",
        "--workload",
        str(ring),
        "--max-wait",
        "60",
        "--jitter",
        "30",
        "--replications",
        "2",
    )
    found = []
    for jobs in ("1", "2"):
        assert run(*arguments, "--hindsight", "--hindsight-iterations", "200", "--jobs", jobs, "--json") == 0
        found.append(object_printed(capsys))
    content = found[0]
    assert content["hindsight"] == found[1]["hindsight"]
    assert [day["seed"] for day in content["hindsight"]["days"]] == [1, 2]
    assert content["served"] <= content["hindsight"]["served"] <= content["hindsight"]["served_at_most"]
    assert json.loads(Path("runs/ring/hindsight.json").read_text("utf-8")) == content["hindsight"]
    assert run(*arguments, "--hindsight", "--hindsight-iterations", "200") == 0
    printed = capsys.readouterr().out
    assert "In hindsight: a plan found with all requests known (200 iterations)" in printed
    assert "Requests served at most (proven)" in printed


def test_hindsight_asks_for_a_number_of_iterations(ring: Path, capsys: Printed) -> None:
    arguments = ("simulate", "--workload", str(ring), "--hindsight-iterations", "0")
    assert run(*arguments) == 2
    assert "--hindsight-iterations belongs to --hindsight" in " ".join(capsys.readouterr().err.split())
    sentence = refusal(capsys, *arguments, "--hindsight")
    assert "iterations in hindsight are 0; give 1 to 100000000" in sentence
