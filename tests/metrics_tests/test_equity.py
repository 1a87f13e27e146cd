from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maas.domain.errors import EquityError
from maas.equity import gini, lorenz_curve, masked, palma_ratio, spread, spread_by_group
from tests.reference import equity as reference

ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=1, max_size=7)
"""What each has, and how many people."""


@given(ROWS)
def test_agrees_with_counting_person_by_person(rows: list[tuple[int, int]]) -> None:
    value, people = [one for one, _ in rows], [count for _, count in rows]
    assume(sum(one * count for one, count in rows) > 0)
    assert gini(value, people) == pytest.approx(float(reference.gini(value, people)), abs=1e-12)
    expected = reference.palma(value, people)
    found = palma_ratio(value, people)
    assert (found is None) == (expected is None)
    if expected is not None:
        assert found == pytest.approx(float(expected))
    curve = lorenz_curve(value, people)
    for tenth in range(11):
        share = reference.value_share_of(value, people, Fraction(tenth, 10))
        assert curve.value_share_of(tenth / 10) == pytest.approx(float(share), abs=1e-12)


def test_lorenz_curve_begins_with_those_who_have_least() -> None:
    # 3 people have 1 each, 1 person has 5: total 8. Three quarters of the people have 3/8.
    curve = lorenz_curve([5.0, 1.0], [1.0, 3.0])
    assert curve.people_share.tolist() == [0.0, 0.75, 1.0]
    assert curve.value_share.tolist() == [0.0, 0.375, 1.0]
    # Two of the three with least: half the people, 2/8.
    assert curve.value_share_of(0.5) == pytest.approx(0.25)


def test_gini_by_hand() -> None:
    # Area under the curve above: 0.75 * 0.375 / 2 + 0.25 * 1.375 / 2 = 0.140625 + 0.171875 = 0.3125.
    assert gini([5.0, 1.0], [1.0, 3.0]) == pytest.approx(1 - 2 * 0.3125)


def test_gini_is_half_the_mean_difference_over_the_mean() -> None:
    value, people = np.array([0.2, 0.0, 0.9, 0.4]), np.array([3.0, 1.0, 2.0, 5.0])
    mean = (value * people).sum() / people.sum()
    pairs = (np.abs(value[:, None] - value) * people[:, None] * people).sum() / people.sum() ** 2
    assert gini(value, people) == pytest.approx(pairs / (2 * mean))


def test_equal_values_give_gini_0_and_palma_a_quarter() -> None:
    assert gini([2.0, 2.0, 2.0], [1.0, 5.0, 4.0]) == pytest.approx(0.0, abs=1e-12)
    assert palma_ratio([2.0, 2.0, 2.0], [1.0, 5.0, 4.0]) == pytest.approx(0.25)


def test_palma_ratio_by_hand() -> None:
    # Ten people: four have 1, five have 2, one has 6: the top tenth has 6, the four tenths have 4.
    assert palma_ratio([1.0, 2.0, 6.0], [4.0, 5.0, 1.0]) == pytest.approx(1.5)


def test_palma_ratio_counts_a_cut_row_in_part() -> None:
    # Ten people: two have 1, eight have 2. Least four tenths: 2 * 1 + 2 * 2 = 6; top tenth: 2.
    assert palma_ratio([1.0, 2.0], [2.0, 8.0]) == pytest.approx(2 / 6)


def test_palma_ratio_is_none_where_four_tenths_have_nothing() -> None:
    assert palma_ratio([0.0, 1.0], [4.0, 6.0]) is None
    # Of 10 people 3.9 have nothing: the four tenths have 0.1 * 1, the top tenth 1.
    assert palma_ratio([0.0, 1.0], [3.9, 6.1]) == pytest.approx(1 / 0.1)


def test_splitting_a_row_changes_nothing() -> None:
    assert gini([1.0, 4.0], [3.0, 2.0]) == pytest.approx(gini([4.0, 1.0, 4.0, 1.0], [0.5, 1.0, 1.5, 2.0]))


def test_spread_is_undefined_without_people_and_without_value() -> None:
    nobody = spread([1.0], [0.0])
    assert (nobody.people, nobody.mean, nobody.gini, nobody.palma) == (0.0, None, None, None)
    nothing = spread([0.0, 0.0], [2.0, 3.0])
    assert (nothing.people, nothing.mean, nothing.gini, nothing.palma) == (5.0, 0.0, None, None)


def test_groups_have_their_own_means() -> None:
    everyone = [2.0, 6.0]
    found = spread_by_group(
        [1.0, 0.5],
        {"all": everyone, "65+": [1.0, 1.0], "north": masked(everyone, ["north", "south"], "north")},
    )
    # (2 * 1 + 6 * 0.5) / 8, (1 + 0.5) / 2, and the first row alone.
    assert [found[name].mean for name in ("all", "65+", "north")] == [0.625, 0.75, 1.0]
    assert found["north"].people == 2.0


@pytest.mark.parametrize(
    ("value", "people", "said"),
    [
        ([1.0, -0.5], [1.0, 1.0], "value of row 1 is -0.5"),
        ([1.0, float("nan")], [1.0, 1.0], "value of row 1 is nan"),
        ([1.0, 1.0], [-1.0, 1.0], "people of row 0 is -1"),
        ([1.0], [1.0, 1.0], "one of each a row"),
        ([0.0], [1.0], "needs both above 0"),
    ],
)
def test_what_has_no_curve_is_refused(value: list[float], people: list[float], said: str) -> None:
    with pytest.raises(EquityError, match=said):
        lorenz_curve(value, people)
