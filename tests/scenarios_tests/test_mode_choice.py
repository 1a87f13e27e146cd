"""The logit: shares and logsums by hand, lots that follow the shares, and better ways that lose nobody."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scenarios.mode_choice import BUS, MODES, SERVICE, STAY, best_ways, gumbel_lots, logit_shares, logsum_yen

SHUT = -math.inf


def test_shares_of_three_open_ways_by_hand() -> None:
    # Weights e^(ln 2) = 2, e^0 = 1 and e^(ln 5) = 5, spread 100 yen: 2/8, 1/8, 5/8.
    benefit = np.array([[100 * math.log(2), SHUT, SHUT, 0.0, 100 * math.log(5)]])
    assert logit_shares(benefit, 100.0)[0] == pytest.approx([0.25, 0.0, 0.0, 0.125, 0.625])
    assert logsum_yen(benefit, 100.0)[0] == pytest.approx(100 * math.log(8))


def test_two_even_ways_are_worth_the_spread_times_log_two_more_than_one() -> None:
    one, two = np.array([[500.0, SHUT]]), np.array([[500.0, 500.0]])
    assert logsum_yen(two, 300.0) - logsum_yen(one, 300.0) == pytest.approx(300 * math.log(2))


def test_large_benefits_do_not_overflow() -> None:
    benefit = np.array([[1e6, 0.0]])
    assert logit_shares(benefit, 1.0)[0].tolist() == [1.0, 0.0]
    assert logsum_yen(benefit, 1.0)[0] == 1e6


def test_drawn_ways_follow_the_shares() -> None:
    n = 40_000
    benefit = np.tile([200.0, 0.0, 400.0, SHUT, 100.0], (n, 1))
    share = logit_shares(benefit[:1], 250.0)[0]
    taken, instead = best_ways(benefit, 250.0, gumbel_lots(1, np.arange(n)))
    found = np.bincount(taken, minlength=5) / n
    # Four standard errors of a share of one half over 40,000 are 0.01.
    assert np.abs(found - share).max() < 0.01
    assert found[BUS] == 0.0
    # Without the service its share is spread over the others in proportion.
    others = np.where(np.arange(5) == SERVICE, 0.0, share) / (1 - share[SERVICE])
    assert np.abs(np.bincount(instead, minlength=5) / n - others).max() < 0.01


def test_a_better_service_keeps_all_it_had_and_only_others_change() -> None:
    n = 5_000
    lots = gumbel_lots(7, np.arange(n))
    before = np.tile([0.0, 100.0, 50.0, -50.0, 0.0], (n, 1))
    after = before.copy()
    after[:, SERVICE] += 30.0
    (was, other_was), (now, other_now) = (best_ways(b, 200.0, lots) for b in (before, after))
    assert bool((now[was == SERVICE] == SERVICE).all())
    assert (now == SERVICE).sum() > (was == SERVICE).sum()
    assert bool((now[now != SERVICE] == was[now != SERVICE]).all())
    assert bool((other_was == other_now).all())


def test_lots_belong_to_person_and_day() -> None:
    all_lots = gumbel_lots(3, np.arange(10))
    assert gumbel_lots(3, np.array([8, 2])).tolist() == all_lots[[8, 2]].tolist()
    assert not np.array_equal(gumbel_lots(4, np.arange(10)), all_lots)
    assert bool(np.isfinite(all_lots).all())


def test_whoever_has_nothing_but_home_stays() -> None:
    benefit = np.full((1, len(MODES)), SHUT)
    benefit[0, STAY] = 0.0
    taken, instead = best_ways(benefit, 100.0, gumbel_lots(1, np.arange(1)))
    assert (taken[0], instead[0]) == (STAY, STAY)
