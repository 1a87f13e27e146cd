"""Access and the account of a year in Sakura, as `maas access` and `maas money` leave them in a study."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboards.evidence import ChartExhibit, Exhibit, TableExhibit, TextExhibit, evidence, worth
from dashboards.evidence.access import access_exhibits
from dashboards.evidence.assumptions import assumption_tables
from dashboards.evidence.money import account_exhibits
from dashboards.evidence.population import from_2021_to_2040
from dashboards.evidence.worth import worth_exhibits
from dashboards.report.suppression import hidden_rows
from scenarios.bus_lines import SAKURA_LINES
from scenarios.preparation import city_of, service_of
from scenarios.study_definition import load_study
from simulation import study_tables
from simulation.study_access import read_access, write_access
from simulation.study_money import PAYERS, read_money, write_money
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_runs import run_study
from simulation.study_worth import StudyWorth


@pytest.fixture(scope="module")
def sakura(studies: Path, tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    """Three days of `today_or_on_demand` with access and account."""
    folder = tmp_path_factory.mktemp("sakura") / "study"
    shutil.copytree(studies / "studies" / "today_or_on_demand", folder)
    outcome = read_study(folder)
    write_access(outcome)
    write_money(outcome)
    return outcome


def by_name(exhibits: list[Exhibit]) -> dict[str, Exhibit]:
    return {exhibit.name: exhibit for exhibit in exhibits}


def test_without_the_files_a_sentence_names_the_command(wagons: StudyOutcome) -> None:
    for (text,), command in (
        (access_exhibits(wagons, "en"), "maas access"),
        (account_exhibits(wagons, "en"), "maas money"),
        (worth_exhibits(wagons, "en"), "maas worth"),
    ):
        assert isinstance(text, TextExhibit)
        assert command in text.paragraphs[0][1].en
        assert command in text.paragraphs[0][1].ja


def test_tables_of_the_past_are_not_shown(
    sakura: StudyOutcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "bus_lines.toml"
    other.write_bytes(SAKURA_LINES.read_bytes() + b"# one line more\n")
    monkeypatch.setitem(study_tables.RULES, "access", (study_tables.RULES["access"][0], (other,)))  # type: ignore[arg-type] # a dict is behind it
    (text,) = access_exhibits(sakura, "ja")
    assert isinstance(text, TextExhibit)
    assert "bus_lines.tomlが変わったため掲載しない" in text.paragraphs[0][1].ja
    assert "maas access" in text.paragraphs[0][1].ja


def test_cases_without_access_are_left_out(sakura: StudyOutcome, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(sakura.folder, folder)
    shutil.rmtree(folder / "access")
    outcome = read_study(folder)
    write_access(outcome, cases=["today"])
    table = by_name(access_exhibits(outcome, "en"))["access"]
    assert isinstance(table, TableExhibit)
    assert {"today", "on_demand"} & {column.key for column in table.columns} == {"today"}


def test_access_table_shows_the_city_of_the_file(sakura: StudyOutcome) -> None:
    access = read_access(sakura)
    assert access is not None
    table = by_name(access_exhibits(sakura, "en"))["access"]
    assert isinstance(table, TableExhibit)
    assert len(table.rows) == 3 * 2 * 3  # goals x groups x minutes
    places = access.places
    said = places[
        (places["place_kind"] == "city") & (places["early_arrival"] == "not_counted")
        & (places["case"] == "on_demand") & (places["goal"] == "hospital")
        & (places["minutes"] == 45) & (places["group"] == "75+")
    ]  # fmt: skip
    shown = table.rows[
        (table.rows["goal"] == "hospital") & (table.rows["group"] == "75 and over")
        & (table.rows["minutes"] == 45)
    ]  # fmt: skip
    assert shown["least_on_demand"].tolist() == pytest.approx([100 * said["by_any_least"].iloc[0]])
    difference = shown["d_on_demand"].iloc[0]
    if said["unknown_share"].iloc[0] > 0.01:
        assert difference == "not known: too few asked"
    else:
        assert difference.startswith(f"{100 * said['difference'].iloc[0]:+.1f} (")


def test_places_of_few_people_have_no_numbers(sakura: StudyOutcome) -> None:
    table = by_name(access_exhibits(sakura, "ja"))["access_places"]
    assert isinstance(table, TableExhibit)
    assert table.people_key == "people"
    assert table.is_export_only
    small = table.rows["people"] < 5
    assert hidden_rows(table)[small & (table.rows["people"] > 0)].all()


def test_account_adds_up_and_its_payers_pay_the_cost(sakura: StudyOutcome) -> None:
    money = read_money(sakura)
    assert money is not None
    found = by_name(account_exhibits(sakura, "en"))
    table = found["account"]
    assert isinstance(table, TableExhibit)
    rows = table.rows.set_index("item")["on_demand"]
    parts = rows[["Drivers", "Vehicles", "Fuel", "Booking desk", "Software"]].sum()
    assert parts == pytest.approx(rows["Cost"])
    payers = rows[["Fares", "of which nation", "of which city, with what the prefecture may pay"]].sum()
    assert payers == pytest.approx(rows["Cost"])
    # Not known is no 0 yen.
    assert math.isnan(rows["of which prefecture: not known"])
    assert isinstance(found["payers"], ChartExhibit)
    services = found["services"]
    assert isinstance(services, TableExhibit)
    assert services.rows["riders"].tolist() == pytest.approx(money.services["riders_year"].tolist())


def test_groups_of_vehicles_have_their_own_riders_and_add_up(sakura: StudyOutcome) -> None:
    money = read_money(sakura)
    assert money is not None
    for case in ("today", "on_demand"):
        rows = money.money[(money.money["case"] == case) & ~money.money["item"].isin(PAYERS)]
        yen = rows.pivot_table(index="item", columns="service", values="yen_year")
        assert yen.drop(columns="all").sum(axis=1).to_numpy() == pytest.approx(yen["all"].to_numpy())
        scenario = sakura.scenario(case)
        names = [one.vehicle_id for one in service_of(scenario, city_of(scenario)).vehicles]
        riders = dict.fromkeys((group.name for group in scenario.service.vehicles), 0)
        for one in sakura.requests(case).to_dict("records"):
            if one["status"] == "done":
                riders[names[int(one["vehicle"])].rstrip("0123456789")] += one["riders"]
        services = money.services[money.services["case"] == case].set_index("service")["riders_year"]
        for group, count in riders.items():
            assert services[group] == pytest.approx(count / len(sakura.seeds) * 243)


def test_steps_are_shown_in_riders_and_yen_of_a_year(
    wagons: StudyOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = {"case": "one", "step": "van.V", "kind": "van", "title_en": "a wagon more", "title_ja": "1台増"}
    for key, value in (("riders_year", 40.0), ("riders_per_million_yen", 8.0)):
        step |= {key: value, f"{key}_low": value - 5, f"{key}_high": value + 5}
    step |= {"cost_year": 5_000_000.0, "wait_mean_s": -30.0}
    step |= {"riders_year_if_alike": 400.0, "level_riders_day": 12.34}
    reason = {"case": "one", "reason": "booked_too_late", "refused_per_day": 3.0, "later_per_day": 2.0}
    reason |= {"later_median_min": 20.0, "other_place_per_day": 0.0, "other_place_median_m": float("nan")}
    reason |= {"one_vehicle_per_day": 1.0, "nothing_per_day": 0.5}
    found = StudyWorth({}, pd.DataFrame([step]), pd.DataFrame([reason]))
    monkeypatch.setattr(worth, "read_worth", lambda outcome: found)
    changes, steps = worth_exhibits(wagons, "en")
    assert isinstance(changes, TableExhibit)
    assert isinstance(steps, TableExhibit)
    minus = "\N{MINUS SIGN}"
    shown = [
        "one wagon",
        "one more vehicle: wagon",
        "+40",
        "+35 to +45",
        "+400",
        "+5,000",
        "8",
        "3 to 13",
        "12.3",
        f"{minus}0.50",
    ]
    assert steps.texts() == [shown]
    # Of the other cases of the study no step was simulated.
    assert steps.note is not None
    assert steps.note.en.endswith("Not simulated for: two wagons, notice 20; two wagons, notice 45.")
    assert changes.texts() == [["one wagon", "booked too late", "3.0", "2.0", "20", "0.0", "–", "1.0", "0.5"]]


def test_numbers_of_shipped_scenarios_come_with_their_ranges(sakura: StudyOutcome) -> None:
    text, table, whole = assumption_tables(sakura, "en")
    assert isinstance(text, TextExhibit)
    assert len(text.paragraphs) == 1
    assert isinstance(table, TableExhibit)
    assert isinstance(whole, TableExhibit)
    demand = table.rows[table.rows["key"] == "demand.latent_requests_per_weekday"]
    assert demand[["value", "range"]].to_numpy().tolist() == [["88 requests", "60 to 120 requests"]]
    assert set(table.rows["confidence"]) == {"A: has a source", "B: assumed, with a range"}
    assert len(whole.rows) > len(table.rows)


FUTURES = """
baseline = "today"
figures = ["served_riders"]
title = { en = "Futures", ja = "将来" }
question = { en = "How often?", ja = "どれだけか。" }
thresholds = { served_riders = { better = "higher", by = 1 } }
[days]
replications = 2
[[variants]]
name = "today"
title = { en = "today", ja = "現状" }
scenario = "sakura_today"
[[variants]]
name = "on_demand"
title = { en = "on demand", ja = "オンデマンド" }
scenario = "sakura_on_demand"
[[grid]]
name = "future"
title = { en = "future", ja = "将来" }
ranges = "futures"
count = 2
"""


def test_a_study_of_futures_lists_the_numbers_as_they_are_stated(tmp_path: Path) -> None:
    (tmp_path / "futures.toml").write_text(FUTURES, encoding="utf-8")
    study = run_study(load_study(tmp_path / "futures.toml"), tmp_path / "out").outcome
    text, table, whole = assumption_tables(study, "ja")
    assert isinstance(text, TextExhibit)
    assert len(text.paragraphs) == 1
    assert isinstance(table, TableExhibit)
    assert isinstance(whole, TableExhibit)
    rows = table.rows.set_index("key")
    demand = rows.loc["demand.latent_requests_per_weekday"]
    assert (demand["value"], demand["range"], demand["scenarios"]) == (
        "88件", "60～120件", "sakura_today, sakura_on_demand",
    )  # fmt: skip
    assert not whole.rows["origin"].str.contains("原文").any()
    ranged = {key.replace("[", ".").replace("]", "") for key in rows.index[rows["range"].notna()]}
    drawn = {key for case in study.cases for key in case.provenance["varied"]}
    assert drawn <= ranged


def test_report_of_sakura_has_every_chapter(sakura: StudyOutcome) -> None:
    names = [chapter.name for chapter in evidence(sakura, "ja")]
    assert names == [
        "summary", "results", "service", "refusals", "vehicles", "access", "money", "worth", "future",
        "logic_model", "assumptions", "method",
    ]  # fmt: skip
    (chart,) = from_2021_to_2040(sakura, "ja")
    assert isinstance(chart, ChartExhibit)
    assert chart.table is not None
    assert chart.table.rows["y2021"].iloc[-1] == 44_183
