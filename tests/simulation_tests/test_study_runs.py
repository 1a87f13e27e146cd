"""Studies: the same folder however they were simulated, stopped and resumed; failures; what is refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from scenarios.demand_model import DemandModel
from scenarios.loading import load_scenario
from scenarios.people_sections import WEEKDAYS
from scenarios.preparation import prepare
from scenarios.service_days import seed_of
from scenarios.study_definition import load_study
from simulation.errors import OutcomeError, StudyError
from simulation.run import on_its_date
from simulation.study_outcome import read_study
from simulation.study_replication import Order, Replicated, replicate
from simulation.study_runs import StudyRun, run_study
from simulation.study_store import PARTS, STUDY, opened_store
from simulation.study_workers import LocalWorkers
from tests.simulation_tests.studies import STUDY as WAGONS
from tests.simulation_tests.studies import end_in_worker, end_once_in_worker, write_study
from tests.simulation_tests.test_replications import contents
from tests.support.processes import children_of, is_alive

CASES = ["one", "two.notice-20", "two.notice-45"]
SEEDS = [5, 6, 7]


@pytest.fixture
def study_file(tmp_path: Path) -> Path:
    return write_study(tmp_path / "inputs")


def run(study_file: Path, out: Path, **options: Any) -> StudyRun:
    return run_study(load_study(study_file), out, **options)


def test_study_leaves_the_same_bytes_on_one_process_and_on_two(study_file: Path, tmp_path: Path) -> None:
    run(study_file, tmp_path / "one")
    run(study_file, tmp_path / "two", workers=LocalWorkers(2))
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_folder_holds_every_day_of_every_case(study_file: Path, tmp_path: Path) -> None:
    done = run(study_file, tmp_path / "out")
    assert (done.simulated, done.reused) == (9, 0)
    outcome = read_study(tmp_path / "out")
    assert [case.name for case in outcome.cases] == CASES
    assert outcome.metrics[["case", "seed"]].to_numpy().tolist() == [[c, s] for c in CASES for s in SEEDS]
    requests = outcome.requests("one")
    assert requests.groupby("seed").size().to_dict() == {5: 8, 6: 8, 7: 8}  # eight recorded requests a day
    served = (requests["status"] == "done").groupby(requests["seed"]).sum()
    of_case = outcome.metrics[outcome.metrics["case"] == "one"].set_index("seed")["served"]
    assert served.to_dict() == of_case.to_dict()
    assert set(outcome.legs("two.notice-20")["seed"]) == set(SEEDS)
    assert outcome.network_file("one").is_file()


def test_every_case_meets_the_same_riders_and_settings_reach_it(study_file: Path, tmp_path: Path) -> None:
    outcome = run(study_file, tmp_path / "out").outcome
    one, two = (outcome.requests(case) for case in CASES[:2])
    asked = ["seed", "request", "asked_at_s", "wish_s", "origin", "destination"]
    assert one[asked].equals(two[asked])
    assert len(outcome.journal("one").header.service.vehicles) == 1
    assert len(outcome.journal("two.notice-20").header.service.vehicles) == 2
    assert outcome.journal("two.notice-45").header.service.rules.notice_min_s == 45 * 60


def test_days_may_be_the_weekdays_of_a_calendar(tmp_path: Path) -> None:
    # Wednesday 29 April is a holiday, 3 to 5 May are holidays, 6 May is their substitute.
    days = '[days]\ndates = "2026-04-28/2026-05-07"\n'
    text = WAGONS.replace("[days]\nfirst_seed = 5\nreplications = 3\n", days)
    file = write_study(tmp_path / "inputs", text)
    outcome = run(file, tmp_path / "out", keep_journals=True).outcome
    seeds = [1000020260428, 1000020260430, 1000020260501, 1000020260507]
    assert (list(outcome.seeds), outcome.dates) == (seeds, "2026-04-28/2026-05-07")
    assert outcome.by_case["one"].index.tolist() == seeds
    header = outcome.journal("one", seeds[1]).header
    assert (header.date, header.seed) == ("2026-04-30", seeds[1])
    assert run(file, tmp_path / "out", keep_journals=True).simulated == 0
    with pytest.raises(StudyError, match="simulates the weekdays of 2026-04-28/2026-05-07, each once; leave"):
        run(file, tmp_path / "out", replications=2)


def test_a_date_has_the_demand_of_its_weekday() -> None:
    monday = prepare(load_scenario("sakura_on_demand"))
    first = date.fromisoformat(monday.date).weekday()
    model = monday.demand
    assert isinstance(model, DemandModel)
    factors = model.demand.weekday_factor.value
    for day in (date(2026, 4, 6), date(2026, 4, 10)):  # a Monday, a Friday
        made = on_its_date(monday, seed_of(day))
        assert made.date == day.isoformat()
        assert isinstance(made.demand, DemandModel)
        change = factors[WEEKDAYS[day.weekday()]] / factors[WEEKDAYS[first]]
        assert made.demand.resident_factor == pytest.approx(change * model.resident_factor)
        assert made.demand.visitor_factor == pytest.approx(change * model.visitor_factor)
    assert on_its_date(monday, 7) is monday


def test_journals_of_further_days_are_kept_only_if_asked_for(study_file: Path, tmp_path: Path) -> None:
    outcome = run(study_file, tmp_path / "out").outcome
    assert outcome.journal("one", 5).header.seed == 5
    with pytest.raises(OutcomeError, match="--keep-journals"):
        outcome.journal("one", 6)
    more = run(study_file, tmp_path / "out", keep_journals=True)
    assert (more.simulated, more.reused) == (6, 3)  # two days of three cases lacked theirs
    assert more.outcome.journal("one", 6).header.seed == 6


def test_more_days_and_a_second_call_simulate_only_what_is_missing(study_file: Path, tmp_path: Path) -> None:
    run(study_file, tmp_path / "out", replications=2)
    more = run(study_file, tmp_path / "out")
    assert (more.simulated, more.reused) == (3, 6)
    before = contents(tmp_path / "out")
    again = run(study_file, tmp_path / "out")
    assert (again.simulated, again.reused, again.cpu_s) == (0, 9, None)
    assert contents(tmp_path / "out") == before
    run(study_file, tmp_path / "whole")
    assert contents(tmp_path / "whole") == before


@pytest.mark.parametrize(
    "broken", ["metrics.parquet", "scenarios.parquet", "requests/one.parquet", "networks/*"]
)
def test_table_that_is_broken_or_gone_is_made_again_from_the_days(
    study_file: Path, tmp_path: Path, broken: str
) -> None:
    out = tmp_path / "out"
    run(study_file, out)
    before = contents(out)
    (path,) = out.glob(broken)
    path.write_bytes(b"PAR1 and no more")
    again = run(study_file, out)
    assert (again.simulated, contents(out)) == (0, before)
    path.unlink()
    run(study_file, out)
    assert contents(out) == before


def test_broken_table_of_a_day_is_named_with_what_to_remove(study_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(study_file, out, replications=2)
    before = contents(out)
    part = out / PARTS / "one" / "6"
    (part / "legs.parquet").write_bytes(b"junk")
    (out / "legs" / "one.parquet").unlink()
    with pytest.raises(
        OutcomeError, match=r"one/6/legs\.parquet: cannot be read .*; remove the folder .*/one/6"
    ):
        run(study_file, out, replications=2)
    shutil.rmtree(part)
    assert run(study_file, out, replications=2).simulated == 1
    assert contents(out) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cases": None}, "cases is missing or of the wrong kind"),
        ({"definition": {}}, r"definition\.title is missing"),
        ({"cases": [{"name": "one"}]}, r"cases\[0\]\.title is missing"),
        ({"cases": ["one"]}, r"cases\[0\]\.name is missing"),
    ],
)
def test_study_that_lacks_a_key_is_refused(
    study_file: Path, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    out = tmp_path / "out"
    run(study_file, out, replications=1)
    said = json.loads((out / STUDY).read_text(encoding="utf-8"))
    (out / STUDY).write_text(json.dumps({**said, **change}), encoding="utf-8")
    with pytest.raises(OutcomeError, match=rf"study\.json: {words}.* give --again"):
        read_study(out)
    (out / STUDY).write_text("{", encoding="utf-8")
    with pytest.raises(OutcomeError, match=r"study\.json: is no JSON .*; give --again"):
        run(study_file, out, replications=1)


def test_changed_scenario_is_simulated_anew_and_the_unchanged_cases_are_kept(
    study_file: Path, tmp_path: Path
) -> None:
    run(study_file, tmp_path / "out")
    text = study_file.read_text(encoding="utf-8").replace(
        '"service.vehicles.V.count" = 2', '"service.vehicles.V.count" = 3'
    )
    study_file.write_text(text, encoding="utf-8")
    more = run(study_file, tmp_path / "out")
    assert (more.simulated, more.reused) == (6, 3)
    requests = study_file.with_name("requests.csv")
    requests.write_text(requests.read_text(encoding="utf-8").replace("09:05", "09:06"), encoding="utf-8")
    assert run(study_file, tmp_path / "out").simulated == 9


def test_study_stopped_by_sigkill_goes_on_where_it_was(study_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "maas.cli", "study", str(study_file), "--jobs", "2"]
    command += ["--out", str(out), "--replications", "12"]
    process = subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 300
    while len(list(out.glob(f"{PARTS}/*/[0-9]*"))) < 5 and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.02)
    workers = children_of(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    finished = {str(path.relative_to(out)): path.read_bytes() for path in out.glob(f"{PARTS}/*/[0-9]*/*")}
    assert len({name.rsplit("/", 1)[0] for name in finished}) >= 5
    assert not json.loads((out / STUDY).read_text(encoding="utf-8"))["is_complete"]
    with pytest.raises(OutcomeError, match="not finished; run maas study again"):
        read_study(out)
    while any(is_alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert workers
    assert not any(is_alive(worker) for worker in workers)
    whole = run(study_file, out, replications=12)
    assert whole.reused >= 5
    assert whole.reused + whole.simulated == 36
    assert {name: (out / name).read_bytes() for name in finished} == finished
    run(study_file, tmp_path / "undisturbed", replications=12)
    assert contents(out) == contents(tmp_path / "undisturbed")


def test_failed_replication_is_told_and_tried_once_more(study_file: Path, tmp_path: Path) -> None:
    failed: list[Order] = []

    def fail_once(order: Order) -> Replicated:
        if order.seed == 6 and order.case == "one" and not failed:
            failed.append(order)
            raise ZeroDivisionError("of all things")
        return replicate(order)

    told: list[tuple[str, int, str]] = []
    run(
        study_file,
        tmp_path / "out",
        workers=LocalWorkers(simulate=fail_once),
        remark=lambda *what: told.append(what),
    )
    assert told == [("one", 6, "ZeroDivisionError: of all things")]
    run(study_file, tmp_path / "plain")
    assert contents(tmp_path / "out") == contents(tmp_path / "plain")


def test_replication_that_fails_twice_ends_the_study_and_the_others_are_kept(
    study_file: Path, tmp_path: Path
) -> None:
    def fail(order: Order) -> Replicated:
        if order.seed == 6:
            raise ZeroDivisionError("of all things")
        return replicate(order)

    with pytest.raises(
        StudyError, match=r"3 of 9 replications failed twice, first one with seed 6 \(ZeroDivisionError"
    ):
        run(study_file, tmp_path / "out", workers=LocalWorkers(simulate=fail))
    more = run(study_file, tmp_path / "out")
    assert (more.simulated, more.reused) == (3, 6)


def test_worker_process_that_dies_loses_nothing(study_file: Path, tmp_path: Path) -> None:
    run(study_file, tmp_path / "out", workers=LocalWorkers(2, simulate=end_once_in_worker))
    assert study_file.with_name("ended-once").exists()
    run(study_file, tmp_path / "plain")
    assert contents(tmp_path / "out") == contents(tmp_path / "plain")


def test_worker_processes_that_always_die_end_the_study_with_a_remedy(
    study_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(StudyError, match="try fewer --jobs and run the study again"):
        run(study_file, tmp_path / "out", workers=LocalWorkers(2, simulate=end_in_worker))
    more = run(study_file, tmp_path / "out")
    assert more.simulated >= 3
    assert more.reused + more.simulated == 9


def test_results_of_an_older_version_are_refused_and_kept(study_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(study_file, out)
    said = json.loads((out / STUDY).read_text(encoding="utf-8"))
    older = json.dumps({**said, "program": {**said["program"], "sources": "0" * 64}})
    (out / STUDY).write_text(older, encoding="utf-8")
    before = contents(out)
    with pytest.raises(OutcomeError, match="made by another version of the program; give --again"):
        run(study_file, out)
    assert contents(out) == before
    assert run(study_file, out, again=True).simulated == 9
    (out / STUDY).write_text(json.dumps({**said, "format": 0}), encoding="utf-8")
    with pytest.raises(OutcomeError, match="format is 0, this program reads 2"):
        run(study_file, out)
    with pytest.raises(OutcomeError, match="format is 0"):
        read_study(out)


def test_folder_that_cannot_be_used_is_refused_before_anything_is_simulated(
    study_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutcomeError, match="cannot be written"):
        run(study_file, tmp_path / "file" / "out")
    with pytest.raises(OutcomeError, match="is no folder"):
        run(study_file, tmp_path / "file")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("x")
    with pytest.raises(OutcomeError, match="holds something else than a study"):
        run(study_file, tmp_path / "thesis")


def test_folder_without_permission_to_write_is_refused() -> None:
    is_superuser = os.geteuid() == 0
    with TemporaryDirectory() as place:
        Path(place).chmod(0o555)
        if is_superuser:
            os.seteuid(65534)  # who may write everywhere is nobody for a moment
        try:
            with (
                pytest.raises(OutcomeError, match=r"Permission denied.*choose a folder that is writable"),
                opened_store(Path(place) / "out"),
            ):
                pytest.fail("was opened")
        finally:
            if is_superuser:
                os.seteuid(0)
            Path(place).chmod(0o755)


def test_folder_that_another_process_writes_is_refused(study_file: Path, tmp_path: Path) -> None:
    def run_beside(order: Order) -> Replicated:
        with pytest.raises(OutcomeError, match="another maas study is writing there"):
            run(study_file, tmp_path / "out")
        return replicate(order)

    run(study_file, tmp_path / "out", replications=1, workers=LocalWorkers(simulate=run_beside))


def test_folder_whose_lock_was_taken_away_meanwhile_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner ended between our opening the file and our locking it: a third may hold a new one."""
    import fcntl

    def lock_what_is_gone(handle: int, operation: int) -> None:
        (tmp_path / ".lock").unlink()

    monkeypatch.setattr(fcntl, "flock", lock_what_is_gone)
    with pytest.raises(OutcomeError, match="another maas study is writing there"), opened_store(tmp_path):
        pytest.fail("was opened")


def test_impossible_numbers_are_refused(study_file: Path, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="jobs is 0; give 1"):
        LocalWorkers(0)
    with pytest.raises(StudyError, match="replications is 0; give 1"):
        run(study_file, tmp_path / "out", replications=0)
    with pytest.raises(OutcomeError, match=r"has no study\.json"):
        read_study(tmp_path)
