"""Weekdays of a calendar year: public holidays by rule, and seeds that stand for dates."""

from __future__ import annotations

from datetime import date

import pytest

from scenarios.errors import StudyFileError
from scenarios.service_days import DATE_SEEDS, date_of, days_of, holidays, seed_of


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-12", "成人の日"),  # second Monday
        ("2026-03-20", "春分の日"),
        ("2026-05-06", "振替休日"),  # 3 May is a Sunday, 4 and 5 May are holidays
        ("2026-09-22", "国民の休日"),  # between 敬老の日 (21) and 秋分の日 (23)
        ("2027-03-22", "振替休日"),  # 21 March, an equinox, is a Sunday
        ("2024-02-12", "振替休日"),
        ("2024-09-22", "秋分の日"),
        ("2032-09-21", "国民の休日"),
    ],
)
def test_holidays_are_those_of_the_law(day: str, name: str) -> None:
    when = date.fromisoformat(day)
    assert holidays(when.year)[when] == name


def test_a_year_has_as_many_holidays_as_the_law_names() -> None:
    # 16 named days; 2026 adds one substitute and one citizens' holiday, 2025 three substitutes.
    assert (len(holidays(2026)), len(holidays(2025))) == (18, 19)


def test_service_days_leave_out_weekends_holidays_and_the_turn_of_the_year() -> None:
    days = days_of("2026-12-25/2027-01-05")
    # Friday 25, Monday 28; 29 December to 3 January closed; Monday 4 and Tuesday 5.
    assert [day.isoformat() for day in days] == ["2026-12-25", "2026-12-28", "2027-01-04", "2027-01-05"]
    # 261 weekdays from 1 April 2026 to 31 March 2027, 17 of them holidays (1 January too), and 29, 30 and 31
    # December (2 and 3 January are a weekend): 261 - 17 - 3.
    assert len(days_of("2026-04-01/2027-03-31")) == 241


def test_a_seed_stands_for_a_date() -> None:
    when = date(2026, 4, 1)
    assert seed_of(when) == DATE_SEEDS + 20260401
    assert date_of(seed_of(when)) == when
    for seed in (0, 20260401, DATE_SEEDS, DATE_SEEDS + 20260431, DATE_SEEDS + 120260401, 2**61):
        assert date_of(seed) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2026-04-01", "give the first and the last date"),
        ("2026-04-31/2026-05-30", "give the first and the last date"),
        ("2027-03-31/2026-04-01", "the first one first"),
        ("2021-04-01/2022-03-31", "give dates from 2022 to 2099"),
        ("2026-04-04/2026-04-05", "without a day of service"),
        ("2026-04-01/2037-03-31", "more than ten years"),
    ],
)
def test_a_range_that_is_none_is_refused(text: str, fault: str) -> None:
    with pytest.raises(StudyFileError, match=fault):
        days_of(text)
