from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from scenarios.money_rules import SubsidiesSection, load_money_rules
from scenarios.stated import Stated
from scenarios.study_definition import load_study
from simulation.study_money import COST_ITEMS, StudyMoney, payers_of, read_money, write_money
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from tests.simulation_tests.studies import STUDY, write_study
from tests.simulation_tests.study_inputs import write_runs_scenario

DAYS_A_YEAR = 243


@pytest.fixture
def line(tmp_path: Path) -> tuple[StudyOutcome, StudyMoney]:
    outcome = run_study(load_study(write_study(tmp_path / "in")), tmp_path / "out").outcome
    return outcome, write_money(outcome)


def yen(money: pd.DataFrame, case: str, service: str = "all") -> dict[str, float]:
    rows = money[(money.case == case) & (money.service == service)]
    return {str(item): float(value) for item, value in zip(rows.item, rows.yen_year, strict=True)}


def test_cost_fares_and_public_money_are_those_of_the_metrics(line: tuple[StudyOutcome, StudyMoney]) -> None:
    outcome, found = line
    for case, days in outcome.by_case.items():
        account = yen(found.money, case)
        # The metrics round hours and kilometres of a day to yen.
        assert account["cost"] == pytest.approx(days.cost_yen.mean() * DAYS_A_YEAR, abs=DAYS_A_YEAR)
        assert account["fares"] == pytest.approx(days.fares_yen.mean() * DAYS_A_YEAR)
        assert sum(account[item] for item in COST_ITEMS) == pytest.approx(account["cost"])
        assert account["public_money"] == pytest.approx(account["cost"] - account["fares"])
        row = found.services[(found.services.case == case) & (found.services.service == "all")].iloc[0]
        assert row.riders_year == pytest.approx(days.served_riders.mean() * DAYS_A_YEAR)
        assert row.cost_recovery == pytest.approx(account["fares"] / account["cost"])


def test_parts_by_hand(line: tuple[StudyOutcome, StudyMoney]) -> None:
    account = yen(line[1].money, "one")
    # One wagon 8:00-17:00: 9 h x 3,300 yen, 0.67 of it the driver's; a desk of 1 x 9 h x 1,650 yen; a licence
    # of 100,000 yen a month of 21 days.
    assert account["driver"] == pytest.approx(9 * 3300 * 0.67 * DAYS_A_YEAR)
    assert account["vehicle"] == pytest.approx(9 * 3300 * 0.33 * DAYS_A_YEAR)
    assert account["booking"] == pytest.approx(9 * 1650 * DAYS_A_YEAR, abs=DAYS_A_YEAR)
    assert account["software"] == pytest.approx(100_000 / 21 * DAYS_A_YEAR)


def test_nation_pays_its_share_up_to_the_limit(line: tuple[StudyOutcome, StudyMoney]) -> None:
    for case in ("one", "two.notice-20"):
        account = yen(line[1].money, case)
        assert account["national"] == pytest.approx(min(0.4 * account["public_money"], 10_180_000))
        # What the prefecture pays is not known: no number, and its part is in the city's.
        assert math.isnan(account["prefecture"])
        assert account["national"] + account["city"] == pytest.approx(account["public_money"])
        assert account["special_tax"] + account["city_after_tax"] == pytest.approx(account["city"])
        assert account["special_tax"] == pytest.approx(0.8 * account["city"])


@pytest.mark.parametrize(
    ("public", "prefecture", "expected"),
    [
        # Half from the nation, as 6 of 10 M yen would be above the limit of 5 M; a tenth from the prefecture;
        # 4 M left, of which 0.8 come back.
        (10e6, 0.1, (5e6, 1e6, 4e6, 3.2e6, 0.8e6)),
        # At the limit, and one yen short of it.
        (5e6 / 0.6, 0.0, (5e6, 0.0, 5e6 / 0.6 - 5e6, 0.8 * (5e6 / 0.6 - 5e6), 0.2 * (5e6 / 0.6 - 5e6))),
        (5e6, 0.2, (3e6, 1e6, 1e6, 0.8e6, 0.2e6)),
        # A gain is the city's alone, and brings no tax.
        (-2e6, 0.2, (0.0, 0.0, -2e6, 0.0, -2e6)),
        (0.0, 0.2, (0.0, 0.0, 0.0, 0.0, 0.0)),
        # Not known: the city's part holds it.
        (5e6, "not known", (3e6, math.nan, 2e6, 1.6e6, 0.4e6)),
        (math.nan, 0.2, (math.nan,) * 5),
    ],
)
def test_public_money_is_split_as_by_hand(
    public: float, prefecture: float | str, expected: tuple[float, ...]
) -> None:
    known = load_money_rules().subsidies
    rules = SubsidiesSection(
        national_share=Stated(value=0.6, assumption=True),
        national_limit=Stated(value=5_000_000, assumption=True),
        prefecture_share=Stated(value=prefecture, assumption=True),  # type: ignore[arg-type] # of either kind
        special_tax_share=known.special_tax_share,
    )
    assert tuple(payers_of(public, rules).values()) == pytest.approx(expected, nan_ok=True)


def test_limit_holds(line: tuple[StudyOutcome, StudyMoney]) -> None:
    from simulation.study_money import study_money

    rules = load_money_rules()
    limit = rules.subsidies.national_limit.model_copy(update={"value": 1_000_000})
    subsidies = rules.subsidies.model_copy(update={"national_limit": limit})
    account = yen(study_money(line[0], rules.model_copy(update={"subsidies": subsidies}))["money"], "one")
    assert account["national"] == 1_000_000
    assert account["city"] == pytest.approx(account["public_money"] - 1_000_000)


def test_services_add_up_where_operated_runs_are_paid(tmp_path: Path) -> None:
    write_runs_scenario(tmp_path / "in")
    text = STUDY.replace('"line.toml"', '"runs.toml"').replace("values = [20, 45]", "values = [0, 5]")
    outcome = run_study(load_study(write_study(tmp_path / "in", text)), tmp_path / "out").outcome
    found = write_money(outcome)
    day = outcome.by_case["one"]
    assert 0 < day.runs_operated.mean() < day.runs_scheduled.mean()
    whole, group = yen(found.money, "one"), yen(found.money, "one", "V")
    assert whole["cost"] == pytest.approx(day.cost_yen.mean() * DAYS_A_YEAR, abs=DAYS_A_YEAR)
    assert {item: whole[item] for item in group} == pytest.approx(group)


def test_lifts_drive_twice_the_way(line: tuple[StudyOutcome, StudyMoney]) -> None:
    outcome, found = line
    served = outcome.requests("one").query("status == 'done'")
    km_year = served.direct_m.sum() / 1000 / len(outcome.seeds) * DAYS_A_YEAR
    co2 = found.co2[found.co2.case == "one"].set_index("item").kg_year
    assert co2["lift"] == pytest.approx(km_year * 0.4 * 2.0 * 170 / 1000)
    assert co2["own_car"] == pytest.approx(km_year * 0.25 * 170 / 1000)
    assert co2["taxi"] == pytest.approx(km_year * 0.1 * 1.8 * 230 / 1000)
    assert co2["without"] == pytest.approx(co2["lift"] + co2["own_car"] + co2["taxi"])
    assert co2["service"] == pytest.approx(outcome.by_case["one"].co2_kg.mean() * DAYS_A_YEAR)
    assert co2["difference"] == pytest.approx(co2["service"] - co2["without"])
    ends = found.co2[found.co2.case == "one"].set_index("item")
    # Everything at its low end: 0.2 lifted, once the way, at 130 g, 0.1 own cars, no taxi.
    least = km_year * (0.2 * 1.0 * 130 + 0.1 * 130) / 1000
    # At its high end 0.6 + 0.5 + 0.2 = 1.3 shares, scaled to 1; cars 200 g, taxis 2.2 x 265 g.
    most = km_year * (0.6 * 2 * 200 + 0.5 * 200 + 0.2 * 2.2 * 265) / 1.3 / 1000
    assert ends.kg_year_least["without"] == pytest.approx(least)
    assert ends.kg_year_most["without"] == pytest.approx(most)
    assert ends.kg_year_most["difference"] == pytest.approx(co2["service"] - least)


def test_accounts_are_read_again_and_belong_to_their_study(line: tuple[StudyOutcome, StudyMoney]) -> None:
    outcome, found = line
    again = read_money(outcome)
    assert again is not None
    pd.testing.assert_frame_equal(again.money, found.money)
    assert any(rule["key"] == "subsidies.national_share" for rule in again.facts["rules"])
    assert read_money(StudyOutcome(outcome.folder, {**outcome.provenance, "replications": 9})) is None


def test_second_choices_of_riders_take_the_place_of_shares(line: tuple[StudyOutcome, StudyMoney]) -> None:
    outcome, _ = line
    path = outcome.folder / "requests" / "one.parquet"
    requests = pd.read_parquet(path)
    served = requests.index[requests.status == "done"]
    ways = ["lift", "car", "bus", "stay", None]
    requests["instead"] = pd.Series(
        [ways[k % len(ways)] for k in range(len(served))], index=served, dtype="object"
    ).reindex(requests.index)
    requests.to_parquet(path)
    km = (
        requests.loc[served]
        .assign(way=requests.instead.loc[served].fillna("?"))
        .groupby("way")
        .direct_m.sum()
    )
    km = km / 1000 / len(outcome.seeds) * DAYS_A_YEAR
    co2 = write_money(outcome).co2.query("case == 'one'").set_index("item").kg_year
    assert co2["lift"] == pytest.approx((km["lift"] + 0.4 * km["?"]) * 2.0 * 170 / 1000)
    assert co2["own_car"] == pytest.approx((km["car"] + 0.25 * km["?"]) * 170 / 1000)
    assert co2["taxi"] == pytest.approx(0.1 * km["?"] * 1.8 * 230 / 1000)


def test_cost_recovery_and_public_money_a_rider_are_those_of_requests_and_drives(
    line: tuple[StudyOutcome, StudyMoney],
) -> None:
    outcome, found = line
    requests, legs = outcome.requests("two.notice-20"), outcome.legs("two.notice-20")
    fares = riders = 0
    for one in requests.to_dict("records"):
        if one["status"] == "done":
            fares += one["fare_yen"]
            riders += one["riders"]
    km = sum(leg["leg_m"] for leg in legs.to_dict("records")) / 1000
    # Each day: two wagons of 9 h at 3,300 yen, a desk of 9 h at 1,650 yen, two licences of 100,000 yen a
    # month of 21 days, rounded to yen together with the desk; 20 yen a kilometre.
    days = len(outcome.seeds)
    cost = days * (2 * 9 * 3300 + round(9 * 1650 + 2 * 100_000 / 21)) + 20 * km
    row = found.services.set_index(["case", "service"]).loc[("two.notice-20", "all")]
    assert riders > 0
    assert row.cost_recovery == pytest.approx(fares / cost)
    assert row.public_money_per_rider == pytest.approx((cost - fares) / riders)
    assert row.riders_year == pytest.approx(riders / days * DAYS_A_YEAR)
