"""Rows of metrics that are gone make room for others, and never under a metric that is still asked."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from routing.hierarchy import Hierarchy, Metric
from routing.quantities import UNREACHABLE
from routing.row_store import RowStore, Span
from routing.shortcuts import ShortcutValues
from tests.builders import grid_network


def store_of_ten() -> RowStore:
    values = ShortcutValues(*(np.zeros(10, np.int32) for _ in range(4)))
    return RowStore(values, np.zeros((10, 2), np.int32), [(2, 10)], [(1, 10)])


def append(store: RowStore, values: int, arcs: int) -> Span:
    room = store.room()[0]
    return store.take(room, room[0][0] + values, room[1][0] + arcs)


def test_what_a_dropped_span_held_is_free_again_and_joined_with_its_neighbours() -> None:
    store = store_of_ten()
    first, second, third = (append(store, 2, 1) for _ in range(3))
    assert (store.free_values, store.free_arcs) == ([(8, 10)], [(4, 10)])
    del first
    assert store.room()[0] == ((2, 4), (1, 2))  # as much as the largest needed: 2 values, 1 arc
    assert store.free_values == [(2, 4), (8, 10)]
    del third
    store.room()
    assert (store.free_values, store.free_arcs) == ([(2, 4), (6, 10)], [(1, 2), (3, 10)])
    del second
    store.room()
    assert (store.free_values, store.free_arcs) == ([(2, 10)], [(1, 10)])


def test_a_part_that_may_be_too_small_is_tried_before_the_largest_only_if_it_fits_the_largest_need() -> None:
    store = store_of_ten()
    small, large = append(store, 1, 1), append(store, 3, 3)
    del small
    assert store.room() == [((6, 10), (5, 10))]  # the hole of 1 is too small for 3
    del large
    assert store.room() == [((2, 10), (1, 10))]


def test_a_full_store_offers_no_room_and_takes_nothing() -> None:
    store = store_of_ten()
    kept = append(store, 8, 9)
    assert store.room() == [((0, 0), (0, 0))]
    nothing = store.take(store.room()[0], 0, 0)
    assert store.free_values == []
    del nothing
    store.room()
    assert store.free_values == []
    del kept


def changed(metric: Metric, seed: int) -> tuple[list[int], list[int]]:
    generator = np.random.default_rng(seed)
    arcs = generator.choice(len(metric.weight), 12, replace=False)
    return arcs.tolist(), generator.choice([1, 40_000, 90_000, UNREACHABLE], 12).tolist()


@pytest.mark.parametrize("spare", [0, 60, 100_000], ids=["no spare room", "little", "ample"])
def test_metrics_pinned_places_and_their_copies_stay_right_while_others_come_and_go(
    spare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.row_store._LEAST_SPARE", spare)
    monkeypatch.setattr("routing.row_store._SPARE_VALUES", 1)
    network = grid_network(7, 6)
    hierarchy = Hierarchy.build(network)
    everywhere = np.arange(network.node_count)
    base = hierarchy.customise(network.travel_ms)
    alive: dict[int, Metric] = {}
    wanted: dict[int, list[list[int]]] = {}
    pinned = {}
    for seed in range(120):
        of = base if seed % 3 else alive.get(seed - 4, base)
        arcs, weights = changed(of, seed)
        one = of.update(arcs, weights)
        anew = hierarchy.customise(one.weight)
        wanted[seed] = anew.matrix(everywhere, everywhere).tolist()
        assert one.matrix(everywhere, everywhere).tolist() == wanted[seed]
        alive[seed] = one
        if seed % 10 == 0:
            pinned[seed] = one.pin_targets(everywhere)
        alive.pop(seed - 7 + seed % 5, None)
        if seed % 30 == 29:
            gc.collect()
            for kept, metric in alive.items():
                assert metric.matrix(everywhere, everywhere).tolist() == wanted[kept]
            for kept, places in pinned.items():
                assert places.matrix(everywhere).tolist() == wanted[kept]
    assert (
        base.matrix(everywhere, everywhere).tolist()
        == hierarchy.customise(network.travel_ms).matrix(everywhere, everywhere).tolist()
    )


def test_an_update_again_and_again_from_one_metric_writes_to_the_same_place() -> None:
    network = grid_network(7, 6)
    base = Hierarchy.build(network).customise(network.travel_ms)
    arcs, weights = changed(base, 1)
    store = base._weighed.store  # what fills up is not to be seen from outside
    ends = []
    for _ in range(50):
        base.update(arcs, weights)
        store.room()
        ends.append(store.free_values)
    assert ends[1:] == ends[:-1]
    assert base._weighed.store is store


def test_thousands_of_updates_one_after_the_other_are_dropped_at_once() -> None:
    network = grid_network(3, 2)
    metric = Hierarchy.build(network).customise(network.travel_ms)
    for turn in range(3000):
        metric = metric.update([0], [30_000 + turn % 7])
    assert metric.distance(0, 5) == metric.update([], []).distance(0, 5)
    del metric
    gc.collect()
