"""An updated metric equals one customised anew, whatever was changed before it and beside it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NetworkError, WeightError
from routing.hierarchy import Hierarchy, Metric
from routing.quantities import UNREACHABLE
from routing.weighted_graph import WeightedGraph
from tests.routing_tests.weighted_graphs import graph_of, graphs, luxembourg, new_york

LINE = [(0, 1, 10), (1, 2, 10), (2, 3, 10), (3, 0, 40), (1, 3, 50)]


def line() -> Metric:
    graph = graph_of(4, LINE, "line")
    return Hierarchy.build(graph).customise(graph.weight)


def answers(metric: Metric) -> list[list[int]]:
    everywhere = np.arange(metric.node_count)
    found: list[list[int]] = metric.matrix(everywhere, everywhere).tolist()
    return found


def test_a_closed_arc_is_avoided_and_the_old_metric_stays() -> None:
    before = line()
    after = before.update([3], [UNREACHABLE])  # arcs by tail: 0->1, 1->2, 1->3, 2->3, 3->0
    assert (before.distance(0, 3), after.distance(0, 3)) == (30, 60)  # 10 + 10 + 10; 10 + 50
    assert before.path(0, 3).tolist() == [0, 1, 3]
    assert after.path(0, 3).tolist() == [0, 2]
    again = after.update([3], [5])
    assert again.distance(0, 3) == 25


def test_an_update_of_nothing_changes_nothing() -> None:
    before = line()
    assert answers(before.update([], [])) == answers(before)
    assert answers(before.update([0], [10])) == answers(before)


@given(graph=graphs(most_nodes=9), changes=st.data())
def test_updates_one_after_the_other_and_side_by_side_equal_a_new_customisation(
    graph: WeightedGraph, changes: st.DataObject
) -> None:
    hierarchy = Hierarchy.build(graph)
    metrics = [(hierarchy.customise(graph.weight), graph.weight)]
    for _ in range(4):
        metric, weight = metrics[changes.draw(st.integers(0, len(metrics) - 1))]
        arc = st.integers(0, graph.arc_count - 1)
        arcs = changes.draw(st.lists(arc, unique=True, max_size=4)) if graph.arc_count else []
        fresh = [changes.draw(st.sampled_from([0, 1, 2, 4, 9, UNREACHABLE])) for _ in arcs]
        changed = weight.copy()
        changed[arcs] = fresh
        metrics.append((metric.update(arcs, fresh), changed))
    for metric, weight in metrics:
        anew = hierarchy.customise(weight)
        assert metric.weight.tolist() == weight.tolist()
        assert answers(metric) == answers(anew)
        assert metric.nbytes == anew.nbytes  # the same rows are pruned


def _neighbouring(graph: WeightedGraph, count: int) -> npt.NDArray[np.int64]:
    """Arcs met first in a search by breadth from the middle node."""
    seen, arcs = [graph.node_count // 2], []
    for node in seen:
        for arc in range(int(graph.first_out[node]), int(graph.first_out[node + 1])):
            arcs.append(arc)
            if int(graph.head[arc]) not in seen:
                seen.append(int(graph.head[arc]))
        if len(arcs) >= count:
            break
    return np.array(arcs[:count])


@pytest.mark.parametrize("load", [lambda: luxembourg()[0], new_york], ids=["Luxembourg", "New York"])
def test_a_hundred_changed_arcs_of_a_published_graph_equal_a_new_customisation(
    load: Callable[[], WeightedGraph],
) -> None:
    graph = load()
    generator = np.random.default_rng(3)
    hierarchy = Hierarchy.build(graph)
    metric = hierarchy.customise(graph.weight)
    places = generator.integers(0, graph.node_count, 200)
    weight = graph.weight.copy()
    for arcs in (_neighbouring(graph, 100), generator.choice(graph.arc_count, 100, replace=False)):
        for fresh in (weight[arcs] * 3, np.full(len(arcs), UNREACHABLE), graph.weight[arcs] // 2):
            weight[arcs] = fresh
            metric = metric.update(arcs, fresh)
            anew = hierarchy.customise(weight)
            assert np.array_equal(metric.matrix(places, places), anew.matrix(places, places))
            assert metric.nbytes == anew.nbytes


@pytest.mark.parametrize(
    ("arcs", "weights", "error", "message"),
    [
        ([5], [1], NetworkError, r"arc 5 is not in line; its arcs are 0 to 4"),
        ([-1], [1], NetworkError, r"arc -1 is not in line; its arcs are 0 to 4"),
        ([1, 0, 1], [1, 1, 1], NetworkError, r"arc 1 is named twice; give each arc one weight"),
        ([0.5], [1], NetworkError, r"arcs are float64 of shape \(1,\); give arc numbers in one dimension"),
        ([0], [1, 2], WeightError, r"weights have shape \(2,\) for 1 arcs; give one weight for each"),
        ([0], [-2], WeightError, r"the weight of entry 0 is -2; give 0 to 1073741822"),
    ],
)
def test_a_wrong_update_is_refused(
    arcs: list[float], weights: list[int], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        line().update(arcs, weights)
