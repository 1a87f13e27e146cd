"""Weekdays on which a service runs: a calendar year less public holidays and the turn of the year.

Holidays follow from the rules in `sakura/holidays.toml`; the equinoxes from a formula of the Coast Guard's
hydrographic department (暦計算研究会編『新こよみ便利帳』), good from 1980 to 2099.
The official dates are announced in the February before.

A date of service has a seed of its own, so that a study of a year needs no other list of days: `DATE_SEEDS`
plus its digits, 1000020260401 for 2026-04-01. Whoever simulates such a seed simulates that weekday.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from scenarios.errors import StudyFileError

HOLIDAYS: Final = Path(__file__).resolve().parent / "sakura" / "holidays.toml"
FIRST_YEAR: Final = 2022
LAST_YEAR: Final = 2099
DATE_SEEDS: Final = 10**12
MOST_DAYS: Final = 3_700

_DAY: Final = datetime.timedelta(days=1)
_MONDAY, _SATURDAY, _SUNDAY = 0, 5, 6


def service_days(first: datetime.date, last: datetime.date) -> tuple[datetime.date, ...]:
    """Weekdays from `first` to `last` on which the service runs, both included."""
    closed = set(_said()["turn_of_the_year"]["dates"])
    days = (first + k * _DAY for k in range((last - first).days + 1))
    return tuple(
        day
        for day in days
        if day.weekday() < _SATURDAY and day not in holidays(day.year) and f"{day:%m-%d}" not in closed
    )


def days_of(text: str) -> tuple[datetime.date, ...]:
    """The service days of a range of dates such as `2026-04-01/2027-03-31`.

    Raises
    ------
    StudyFileError
        When the text is no range, lies outside the years that the calendar knows, or holds no service day.
    """
    try:
        first, last = (datetime.date.fromisoformat(part) for part in text.split("/"))
    except ValueError:
        raise StudyFileError(
            f"dates is {text!r}; give the first and the last date, as in 2026-04-01/2027-03-31"
        ) from None
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR or last < first:
        raise StudyFileError(
            f"dates is {text!r}; give dates from {FIRST_YEAR} to {LAST_YEAR}, the first one first"
        )
    if (last - first).days >= MOST_DAYS:
        raise StudyFileError(f"dates is {text!r}, more than ten years; give {MOST_DAYS} days at most")
    found = service_days(first, last)
    if not found:
        raise StudyFileError(
            f"dates is {text!r}, without a day of service; give a range with a weekday in it"
        )
    return found


@cache
def holidays(year: int) -> Mapping[datetime.date, str]:
    """Public holidays of a year by date, with their names."""
    said = _said()
    found = {datetime.date.fromisoformat(f"{year}-{day}"): name for day, name in said["dates"].items()}
    for rule, name in said["mondays"].items():
        month, number = (int(part) for part in rule.split("-"))
        first = datetime.date(year, month, 1)
        found[first + ((_MONDAY - first.weekday()) % 7 + 7 * (number - 1)) * _DAY] = name
    found[datetime.date(year, 3, _equinox(20.8431, year))] = "春分の日"
    found[datetime.date(year, 9, _equinox(23.2488, year))] = "秋分の日"
    named = dict(found)
    for day in sorted(named):
        if day.weekday() == _SUNDAY:
            free = day
            while free in found:
                free += _DAY
            found[free] = "振替休日"
    for day in sorted(named):
        between = day + _DAY
        if between not in found and between + _DAY in named:
            found[between] = "国民の休日"
    return dict(sorted(found.items()))


def _equinox(day_of_1980: float, year: int) -> int:
    since = year - 1980
    return int(day_of_1980 + 0.242194 * since - since // 4)


def seed_of(day: datetime.date) -> int:
    """The seed of a date."""
    return DATE_SEEDS + int(f"{day:%Y%m%d}")


def date_of(seed: int) -> datetime.date | None:
    """The date that a seed stands for; None where it stands for none."""
    digits = str(seed - DATE_SEEDS)
    if seed < DATE_SEEDS or len(digits) != len("20260401"):
        return None
    try:
        return datetime.date.fromisoformat(digits)
    except ValueError:
        return None


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(HOLIDAYS.read_text(encoding="utf-8"))
