"""Keyed randomness and realised traffic."""

from __future__ import annotations

import numpy as np
import pytest

from routing.network import ROAD_CLASSES
from scenarios.streams import generator, stable_number, uniforms
from scenarios.traffic import SLOTS, TrafficModel

IDS = np.arange(20_000, dtype=np.int64)
GOLDEN = [
    "0.651369714655",
    "0.513135495836",
    "0.630840451102",
    "0.556833841910",
    "0.759678884272",
    "0.174418455460",
]


def test_uniforms_depend_on_the_entity_not_on_its_position() -> None:
    drawn = uniforms(7, "trip", IDS, 3)
    shuffled = np.random.Generator(np.random.Philox(1)).permutation(IDS)
    assert np.array_equal(uniforms(7, "trip", shuffled, 3), drawn[shuffled])
    assert np.array_equal(uniforms(7, "trip", np.array([42], np.int64), 3)[0], drawn[42])


def test_asking_for_more_columns_leaves_the_first_as_they_were() -> None:
    assert np.array_equal(uniforms(7, "trip", IDS, 5)[:, :2], uniforms(7, "trip", IDS, 2))


@pytest.mark.parametrize(("seed", "cause"), [(8, "trip"), (7, "trap"), (77, "rip")])
def test_another_seed_or_cause_draws_other_numbers(seed: int, cause: str) -> None:
    a, b = uniforms(7, "trip", IDS)[:, 0], uniforms(seed, cause, IDS)[:, 0]
    # The correlation of n = 20,000 independent pairs has a standard deviation of 1/sqrt(n) = 0.007.
    assert abs(float(np.corrcoef(a, b)[0, 1])) < 0.03


def test_uniforms_fill_the_unit_interval_evenly() -> None:
    u = uniforms(7, "trip", IDS, 2)
    assert u.min() >= 0.0
    assert u.max() < 1.0
    for column in u.T:
        # 20 bins of 1,000 expected: the standard deviation of a count is about 31.
        assert np.abs(np.histogram(column, 20, (0.0, 1.0))[0] - 1_000).max() < 150
    # Neighbouring ids and neighbouring columns are unrelated.
    assert abs(float(np.corrcoef(u[:-1, 0], u[1:, 0])[0, 1])) < 0.03
    assert abs(float(np.corrcoef(u[:, 0], u[:, 1])[0, 1])) < 0.03


def test_uniforms_are_the_same_numbers_on_every_machine() -> None:
    # Frozen: a change here changes every simulated day.
    u = uniforms(1, "golden", np.array([0, 1, -1], np.int64), 2)
    assert u.shape == (3, 2)
    assert [f"{x:.12f}" for x in u.ravel()] == GOLDEN


def test_generators_of_one_key_agree_and_of_two_keys_differ() -> None:
    assert generator(3, "cause", 1, 2).random() == generator(3, "cause", 1, 2).random()
    assert generator(3, "cause", 1, 2).random() != generator(3, "cause", 12).random()


def test_stable_number_has_the_bits_asked_for() -> None:
    assert stable_number("氏家") == stable_number("氏家")
    assert 0 <= stable_number("氏家", 20) < 2**20


def traffic(sigma: float) -> TrafficModel:
    return TrafficModel((sigma,) * len(ROAD_CLASSES))


def test_traffic_without_spread_is_as_planned() -> None:
    factors = traffic(0.0).realised_factors(5)
    assert factors.shape == (len(ROAD_CLASSES), SLOTS)
    assert (factors == 1.0).all()


def test_mean_of_realised_traffic_is_as_planned() -> None:
    days = np.stack([traffic(0.2).realised_factors(seed) for seed in range(400)])
    # 400 days x 8 classes x 4 slots = 12,800 draws of standard deviation about 0.2: the mean moves by 0.002.
    assert float(days[:, :, 28:32].mean()) == pytest.approx(1.0, abs=0.01)
    assert float(np.log(days).std()) == pytest.approx(0.2, abs=0.005)


def test_traffic_refuses_a_spread_below_none() -> None:
    with pytest.raises(ValueError, match="spreads of traffic must be 0 or more"):
        TrafficModel((-0.1,) * len(ROAD_CLASSES))
    with pytest.raises(ValueError, match="traffic has 7 spreads; give 8"):
        TrafficModel((0.1,) * 7)
