"""Each exhibit counts what the study's tables hold, and leaves out what it does not have."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from dashboards.evidence import evidence, tables_of
from dashboards.evidence.assumption_names import assumption_name
from dashboards.evidence.assumptions import assumption_tables
from dashboards.evidence.chosen_cases import drawn_cases, style_of
from dashboards.evidence.cost_chart import cost_against_service
from dashboards.evidence.exhibits import TableExhibit, TextExhibit
from dashboards.evidence.hours import demand_by_hour, requests_by_hour
from dashboards.evidence.kpis import unvaried
from dashboards.evidence.logic_model import logic_model
from dashboards.evidence.method import provenance_table, run_hash
from dashboards.evidence.money import money_table
from dashboards.evidence.population import from_2021_to_2040, people_by_age
from dashboards.evidence.refusals import LEAST_PEOPLE, fate_table, refused_by_cell
from dashboards.evidence.sensitivity import sensitivity
from dashboards.evidence.summary import summary
from dashboards.evidence.vehicles import vehicle_gantt, vehicle_table
from dashboards.evidence.waits import wait_table
from dashboards.report.workbook import workbook_bytes
from routing.network import Network
from simulation.study_comparison import compare_study
from simulation.study_outcome import StudyOutcome
from tests.dashboards_tests.report_chapters import FRONT


def with_requests(study: StudyOutcome, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StudyOutcome, "requests", lambda self, case: table)


def test_wait_table_counts_served_requests(wagons: StudyOutcome) -> None:
    rows = wait_table(wagons, "en").rows
    requests = wagons.requests("one")
    waits = requests.loc[requests["status"] == "done", "wait_s"].astype(float) / 60
    assert rows["served"].iloc[0] == len(waits)
    assert rows["p50"].iloc[0] == pytest.approx(np.median(waits))
    assert rows["within_10"].iloc[0] == pytest.approx(100 * (waits <= 10).mean())


def test_no_number_is_a_text_in_the_workbook(wagons: StudyOutcome) -> None:
    chapters = evidence(wagons, "ja")
    book = load_workbook(io.BytesIO(workbook_bytes(chapters, "ja", front=FRONT)))
    number = re.compile(r"[−+-]?\d[\d,]*(\.\d+)?\s*(%|円|分|人|km|時間)?|.*\d～[−+]?\d+(\.\d+)?")
    texts = {
        (sheet.title, cell.value)
        for sheet in book.worksheets[1:-1]
        for row in sheet.iter_rows(min_row=5)
        for cell in row
        if cell.data_type == "s" and number.fullmatch(str(cell.value))
    }
    assert texts == set()
    sheet = book["シナリオの全数値"]
    heads = [cell.value for cell in sheet[4]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=5, values_only=True)]
    by_key = {row["ファイル内のキー"]: (row["値"], row["単位"], row["幅の下端"]) for row in rows}
    assert by_key["population.residents"] == (44_183, "人", None)


def test_hours_add_up_to_the_requests_of_a_day(wagons: StudyOutcome) -> None:
    counts = requests_by_hour(wagons, wagons.cases[0])
    assert counts.to_numpy().sum() == pytest.approx(wagons.by_case["one"]["requests"].mean())
    assert counts["served"].sum() == pytest.approx(wagons.by_case["one"]["served"].mean())
    assert demand_by_hour(wagons, "ja") is not None


def test_fates_add_up_to_the_requests(wagons: StudyOutcome) -> None:
    rows = fate_table(wagons, "en").rows.set_index("fate")
    for case in wagons.cases:
        assert rows[case.name].iloc[1:].sum() == pytest.approx(rows.loc["Requests", case.name])


def test_cells_with_fewer_than_five_people_are_left_out(
    wagons: StudyOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network.load(wagons.network_file("one"))
    first, last = int(network.node_id[0]), int(network.node_id[-1])
    origins = [first] * 2 + [last] * 2 + [-1]
    table = pd.DataFrame({"status": "refused", "origin": origins, "riders": [2, 3, 2, 2, 9]})
    with_requests(wagons, table, monkeypatch)
    cells = refused_by_cell(wagons, wagons.cases[0], network)
    assert cells["riders"].tolist() == [5]  # 2 + 3 at one end; 2 + 2 at the other are too few
    assert cells["requests"].tolist() == [2]
    assert cells["riders"].min() >= LEAST_PEOPLE


def test_money_of_a_year_is_that_of_its_weekdays(wagons: StudyOutcome) -> None:
    table = money_table(wagons, "en")
    assert table is not None
    rows = table.rows.set_index("line")
    day = wagons.by_case["one"]["public_money_yen"].mean()
    assert rows.loc["Public money", "one"] == pytest.approx(day)
    assert rows.loc["Public money a year", "one"] == pytest.approx(day * 243 / 1000)
    # A ratio of the sums, not the mean of the daily ratios.
    riders = wagons.by_case["one"]["served_riders"].mean()
    assert rows.loc["Public money a ride", "one"] == pytest.approx(day / riders)


def test_vehicles_drive_the_kilometres_of_the_figures(wagons: StudyOutcome) -> None:
    rows = vehicle_table(wagons, "en").rows
    two = wagons.cases[1]
    driven = rows.loc[rows["case"] == two.title.en, "km"].sum()
    assert driven == pytest.approx(wagons.by_case[two.name]["vehicle_km"].mean())
    assert vehicle_gantt(wagons, "ja") is not None


def test_summary_names_question_answer_and_what_would_change_our_mind(wagons: StudyOutcome) -> None:
    text = summary(wagons, compare_study(wagons))
    labels = [label.en for label, _ in text.paragraphs if label is not None]
    assert labels == ["Question", "Answer", "What would change our mind", "How surely", "Be careful"]
    said = " ".join(words.ja for _, words in text.paragraphs)
    assert "2台目は役立つか。" in said
    assert "6日" in said


def test_what_only_operation_can_tell_stays_blank_in_the_logic_model(wagons: StudyOutcome) -> None:
    rows = logic_model(wagons, "en").rows
    blank = rows[rows["source"] != "simulation"]
    assert len(blank) == 3
    assert blank["one"].isna().all()
    assert rows["one"].notna().sum() == len(rows) - 3


def test_ranges_of_a_scenario_that_is_not_at_hand_are_told_missing(wagons: StudyOutcome) -> None:
    text, *tables = assumption_tables(wagons, "en")
    assert isinstance(text, TextExhibit)
    assert text.paragraphs[-1][1].en.startswith("The ranges of line.toml are not listed")
    assert [table.name for table in tables] == ["assumptions", "assumptions_all"]
    assert from_2021_to_2040(wagons, "en") == []


def test_people_of_both_years_are_those_of_the_city() -> None:
    before, after = people_by_age("sakura_on_demand"), people_by_age("sakura_2040")
    assert before is not None
    assert after is not None
    assert sum(before) == 44_183
    assert after[-1] / sum(after) == pytest.approx(0.187, abs=0.001)
    assert people_by_age("no_such_scenario") is None


def test_assumptions_have_names() -> None:
    assert assumption_name("service.vehicle_types.wagon.co2", "en") == "CO2 a kilometre: wagon"
    assert (
        assumption_name("service.lines.つういんコンタ号(行き).awareness", "ja")
        == "認知率（つういんコンタ号(行き)）"
    )
    assert assumption_name("a.b_c", "ja") == "a.b_c"


def test_few_of_many_cases_are_drawn_and_keep_their_look(wagons: StudyOutcome) -> None:
    said = wagons.provenance["cases"]
    many = [said[0], *({**said[1], "name": f"two.{k}"} for k in range(9))]
    study = replace(wagons, provenance={**wagons.provenance, "cases": many})
    assert [case.name for case in drawn_cases(study)] == ["one", "two.0", "two.4", "two.8"]
    styles = [style_of(study, case) for case in drawn_cases(study)]
    assert len(set(styles)) == 4


def test_many_cases_are_numbered_in_the_picture_of_cost(wagons: StudyOutcome) -> None:
    said = wagons.provenance["cases"]
    few = cost_against_service(wagons, "en")
    many = [said[0], *(said[1] for _ in range(6))]
    chart = cost_against_service(replace(wagons, provenance={**wagons.provenance, "cases": many}), "en")
    assert few is not None
    assert chart is not None
    assert chart.table is not None
    assert len(chart.table.rows) == 7 * 6
    assert chart.svg.count(b'<g id="text_') > few.svg.count(b'<g id="text_') + 2 * 7


def test_tornado_has_a_bar_for_each_assumption(tornado_study: StudyOutcome) -> None:
    (chart,) = sensitivity(tornado_study, "ja")
    table = tables_of(evidence(tornado_study, "ja"))["tornado_table_two"]
    assert chart.name == "tornado_two"
    assert set(table.rows["key"]) == {"service.rules.stop", "walking.detour"}
    assert [case.name for case in unvaried(tornado_study).cases] == ["one.range-stated", "two.range-stated"]


def test_a_study_of_futures_shows_shares_and_no_key_figures(futures_study: StudyOutcome) -> None:
    chapters = evidence(futures_study, "en")
    names = [exhibit.name for chapter in chapters for exhibit in chapter.exhibits]
    assert "kpi" not in names
    assert "assumption_summary" in names
    listed = tables_of(chapters)["assumptions_all"].rows
    assert "service.rules.max_wait" in set(listed["key"])
    # The scenario is not at hand as it was, so that numbers drawn from a range are not told as stated ones.
    drawn = set(futures_study.provenance["cases"][0]["varied"])
    assert len(drawn) > 5
    assert not drawn & set(listed["key"])
    table = tables_of(chapters)["futures"]
    assert table.rows["count"].tolist() == [3]
    assert 0 <= table.rows["share"].iloc[0] <= 100


def test_run_hash_follows_what_was_run(wagons: StudyOutcome) -> None:
    assert run_hash(wagons) == run_hash(replace(wagons))
    changed = replace(wagons, provenance={**wagons.provenance, "first_seed": 6})
    assert run_hash(changed) != run_hash(wagons)
    table: TableExhibit = provenance_table(wagons, "en")
    assert table.rows["value"].iloc[0] == run_hash(wagons)
