"""`maas demo` on the embedded city, and the words of its checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.image import imread

from maas.cli import main
from maas.cli.console import Language, set_language
from maas.cli.demo import _city_riders, _line_empty, _line_riders
from simulation.comparison import Estimate
from simulation.outcomes import read_outcome


@pytest.fixture(autouse=True)
def _own_folder_and_language(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    set_language(Language.EN)
    yield
    set_language(None)


def test_demo_compares_three_services_and_keeps_outcomes_and_picture(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--lang", "en", "demo", "--replications", "2"]) == 0
    printed = capsys.readouterr().out
    for words in (
        "Sakura 2040",
        "Served share (%)",
        "n = 2 days",
        "Roads: an approximation",
        "Credits: ",
        "つういんコンタ号: ",
        "reported: 38-57",
        "about 105",
        "Outcomes: runs/sakura_today, runs/sakura_on_demand, runs/sakura_2040",
    ):
        assert words in " ".join(printed.split()), words
    assert imread("runs/demo.png").shape[1] > 1000
    outcomes = [
        read_outcome(Path("runs", name)) for name in ("sakura_today", "sakura_on_demand", "sakura_2040")
    ]
    assert [[day.seed for day in outcome.days] for outcome in outcomes] == [[1, 2]] * 3
    assert all(outcome.is_approximate and outcome.credits for outcome in outcomes)


@pytest.mark.parametrize(
    ("a_day", "told"),
    [
        (2.0, "42 ± 21 riders a month of 21 weekdays; reported: 38-57. Met."),
        (1.0, "21 ± 21 riders a month of 21 weekdays; reported: 38-57. Missed by -17 riders, within the 95"),
        (3.0, "63 ± 21 riders a month of 21 weekdays; reported: 38-57. Missed by +6 riders, within the 95"),
        (4.0, "84 ± 21 riders a month of 21 weekdays; reported: 38-57. Missed by +27 riders."),
    ],
)
def test_riders_of_the_hospital_line_are_set_beside_the_reported_ones(a_day: float, told: str) -> None:
    assert told in _line_riders(Estimate(a_day, a_day - 1, a_day + 1, 10))


def test_empty_runs_are_set_beside_the_reported_share() -> None:
    assert "77 ± 6 % of 6 a day; reported: more than half. Met." in _line_empty(
        Estimate(0.77, 0.71, 0.83, 9), 6
    )
    assert "Missed by -10 points." in _line_empty(Estimate(0.4, None, None, 1), 6)


def test_city_wide_riders_are_set_beside_tomioka() -> None:
    assert "126 riders served a weekday" in _city_riders(Estimate(126.0, None, None, 1))
    assert "(+20 %)" in _city_riders(Estimate(126.0, None, None, 1))  # 126 / 105 = 1.20
    set_language(Language.JA)
    assert "（+20%）" in _city_riders(Estimate(126.0, None, None, 1))
