"""How evenly something is spread, person by person: slow, and without curves or weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product


def persons(value: Sequence[int], people: Sequence[int]) -> list[int]:
    """What each person has, those with least first."""
    return sorted(one for one, count in zip(value, people, strict=True) for _ in range(count))


def gini(value: Sequence[int], people: Sequence[int]) -> Fraction:
    """Half the mean difference of all pairs of persons, over the mean (Gini 1912)."""
    everybody = persons(value, people)
    count = len(everybody)
    gaps = sum(abs(a - b) for a, b in product(everybody, repeat=2))
    return Fraction(gaps, 2 * count * sum(everybody))


def value_share_of(value: Sequence[int], people: Sequence[int], share: Fraction) -> Fraction:
    """What the persons with least, that share of them, have of all; of a person who is cut, a part."""
    everybody = persons(value, people)
    left = share * len(everybody)
    had = Fraction(0)
    for one in everybody:
        part = min(Fraction(1), max(left, Fraction(0)))
        had += part * one
        left -= 1
    return had / sum(everybody)


def palma(value: Sequence[int], people: Sequence[int]) -> Fraction | None:
    """The tenth with most over the four tenths with least; None where these have nothing."""
    least = value_share_of(value, people, Fraction(4, 10))
    most = 1 - value_share_of(value, people, Fraction(9, 10))
    return most / least if least else None
