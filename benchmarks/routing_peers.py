"""Routing engines behind one face: which of the questions each can answer, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from benchmarks.graphs import Whole, dijkstra_rows, tails_of
from benchmarks.routing_questions import (
    SIDES,
    Changes,
    Questions,
    lengths_along_arcs,
    lengths_along_nodes,
    whole_lengths,
)
from benchmarks.side_by_side import Work
from routing.hierarchy import Hierarchy, Metric
from routing.weighted_graph import WeightedGraph

OURS: Final = "maas"

_SCIPY_SIDES: Final = (100, 1000)
"""A row of a matrix is a search over the whole graph: 5,000 of them on New York take three minutes."""

_PANDANA_SIDES: Final = (100, 1000)
"""Pairs alone: 25 million of them would take more than a quarter of an hour."""

_SLICE: Final = 50


class Engine(Protocol):
    """Something that finds shortest ways."""

    def works(self, graph: WeightedGraph, questions: Questions) -> Mapping[str, Work]:
        """How it answers each question that it can; the first ones prepare it for those that follow."""


def engines() -> dict[str, Engine]:
    """Those that are installed, ours first."""
    found: dict[str, Engine] = {OURS: _Ours()}
    for name, engine in _PEERS.items():
        try:
            version(name)
        except PackageNotFoundError:
            continue
        found[name] = engine
    return found


def peer_names() -> tuple[str, ...]:
    """All engines that we are compared with, installed or not."""
    return tuple(_PEERS)


class _Ours:
    def works(self, graph: WeightedGraph, questions: Questions) -> Mapping[str, Work]:
        ready: dict[str, Any] = {}

        def build() -> None:
            ready["hierarchy"] = Hierarchy.build(graph)

        def customise() -> None:
            ready["metric"] = ready["changing"] = ready["hierarchy"].customise(graph.weight)

        def prepare() -> None:
            build()
            customise()

        def asked() -> Metric:
            metric: Metric = ready["metric"]
            return metric

        def update(changes: Changes) -> Work:
            return Work(
                lambda: asked().update(changes.arcs, changes.weights),
                lambda changed: _lengths(changed, changes.sources, changes.targets),
            )

        def update_chained(changes: Changes) -> Work:
            weight = graph.weight[changes.arcs]

            def run() -> None:
                ready["changing"] = ready["changing"].update(changes.arcs, changes.weights)

            def lengths(_: None) -> list[int]:
                found = _lengths(ready["changing"], changes.sources, changes.targets)
                ready["changing"] = ready["changing"].update(changes.arcs, weight)
                return found

            return Work(run, lengths)

        def path(pairs: tuple[Whole, Whole]) -> Work:
            sources, targets = (side.tolist() for side in pairs)
            return Work(
                lambda: list(map(asked().path, sources, targets)),
                lambda ways: lengths_along_arcs(graph, pairs, ways),
            )

        def matrix(sources: Whole, targets: Whole) -> Work:
            return Work(lambda: asked().matrix(sources, targets), _as_given)

        lengths = Work(lambda: _lengths(asked(), *questions.pairs), _as_given)
        return {
            "build": Work(build),
            "customise": Work(customise),
            "prepare": Work(prepare),
            "update_near": update(questions.near),
            "update_random": update(questions.random),
            "update_near_chained": update_chained(questions.near),
            "update_random_chained": update_chained(questions.random),
            "query": lengths,
            "pairs": lengths,
            "path": path(questions.pairs),
            "path_few": path(questions.few),
            "one_to_all": Work(
                lambda: [asked().one_to_all(node) for node in questions.single.tolist()], _as_given
            ),
            "one_to_all_32": Work(lambda: asked().many_to_all(questions.batch), _as_given),
            **{f"matrix_{side}": matrix(*square) for side, square in questions.squares.items()},
        }


class _PyRoutingKit:
    """RoutingKit's customisable contraction hierarchy.

    Every query of it gives the path. An update changes its one metric, so updates come one after another.
    """

    def works(self, graph: WeightedGraph, questions: Questions) -> Mapping[str, Work]:
        kit = import_module("pyroutingkit")
        arcs = tails_of(graph).astype(np.uint32), graph.head.astype(np.uint32)
        places = graph.lat.astype(np.float32), graph.lon.astype(np.float32)
        weight = graph.weight.astype(np.uint32)
        every = np.arange(graph.node_count, dtype=np.uint32)
        ready: dict[str, Any] = {}

        def build() -> None:
            ready["topology"] = kit.CCHTopology()
            ready["topology"].build(*arcs, *places, graph.node_count)

        def customise() -> None:
            ready["metric"] = kit.CCHMetric(ready["topology"])
            ready["metric"].customize(weight)

        def prepare() -> None:
            build()
            customise()

        def update_chained(changes: Changes) -> Work:
            changed = changes.arcs.astype(np.uint32)
            slower = changes.weights.astype(np.uint32)

            def lengths(_: None) -> list[int]:
                metric = ready["metric"]
                pairs = zip(changes.sources.tolist(), changes.targets.tolist(), strict=True)
                found = [metric.query(*pair)[0] for pair in pairs]
                metric.update_weights(changed, weight[changes.arcs])
                return found

            return Work(lambda: ready["metric"].update_weights(changed, slower), lengths)

        def path(pairs: tuple[Whole, Whole]) -> Work:
            sources, targets = (side.tolist() for side in pairs)
            return Work(
                lambda: list(map(ready["metric"].query, sources, targets)),
                lambda found: lengths_along_arcs(graph, pairs, [arcs for _, _, arcs in found]),
            )

        def matrix(sources: Whole, targets: npt.NDArray[np.integer]) -> Work:
            ends = sources.astype(np.uint32), targets.astype(np.uint32)
            return Work(
                lambda: ready["metric"].distances_many_to_many(*ends),
                lambda found: whole_lengths(found.reshape(len(sources), -1), kit.INF_WEIGHT),
            )

        one_by_one = [matrix(questions.single[at : at + 1], every) for at in range(len(questions.single))]
        return {
            "build": Work(build),
            "customise": Work(customise),
            "prepare": Work(prepare),
            "update_near_chained": update_chained(questions.near),
            "update_random_chained": update_chained(questions.random),
            "path": path(questions.pairs),
            "path_few": path(questions.few),
            "one_to_all": Work(
                lambda: [work.run() for work in one_by_one],
                lambda found: whole_lengths(np.array(found).reshape(len(found), -1), kit.INF_WEIGHT),
            ),
            "one_to_all_32": matrix(questions.batch, every),
            **{f"matrix_{side}": matrix(*square) for side, square in questions.squares.items()},
        }


class _Pandana:
    """A contraction hierarchy for pairs; weights are whole thousandths in it, the rest is cut off."""

    def works(self, graph: WeightedGraph, questions: Questions) -> Mapping[str, Work]:
        import pandas as pd

        pandana = import_module("pandana")
        ends = pd.Series(tails_of(graph)), pd.Series(graph.head.astype(np.int64))
        thousandths = pd.DataFrame({"weight": (graph.weight + 0.5) / 1000})
        x, y = pd.Series(graph.lon), pd.Series(graph.lat)
        ready: dict[str, Any] = {}

        def prepare() -> None:
            ready["network"] = pandana.Network(x, y, *ends, thousandths, twoway=False)

        def whole(found: npt.ArrayLike) -> npt.NDArray[np.int64]:
            return whole_lengths(np.asarray(found, np.float64) * 1000, np.inf)

        def one_by_one(name: str, pairs: tuple[Whole, Whole]) -> list[Any]:
            return list(map(getattr(ready["network"], name), *(side.tolist() for side in pairs)))

        def matrix(sources: Whole, targets: Whole) -> Work:
            pairs = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
            return Work(
                lambda: ready["network"].shortest_path_lengths(*pairs),
                lambda found: whole(found).reshape(len(sources), -1),
            )

        def path(pairs: tuple[Whole, Whole]) -> Work:
            return Work(
                lambda: one_by_one("shortest_path", pairs),
                lambda ways: lengths_along_nodes(graph, pairs, ways),
            )

        return {
            "prepare": Work(prepare),
            "query": Work(lambda: one_by_one("shortest_path_length", questions.pairs), whole),
            "pairs": Work(lambda: ready["network"].shortest_path_lengths(*questions.pairs), whole),
            "path": path(questions.pairs),
            "path_few": path(questions.few),
            **{
                f"matrix_{side}": matrix(*questions.squares[side]) for side in SIDES if side in _PANDANA_SIDES
            },
        }


class _SciPy:
    """Dijkstra in compiled code, from one node to all; it cannot stop at a target, so it has no queries."""

    def works(self, graph: WeightedGraph, questions: Questions) -> Mapping[str, Work]:
        rows = dijkstra_rows(graph)

        def whole(found: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
            return whole_lengths(found, np.inf)

        def matrix(sources: Whole, targets: Whole) -> Work:
            slices = [sources[at : at + _SLICE] for at in range(0, len(sources), _SLICE)]
            return Work(lambda: np.concatenate([rows(some)[:, targets] for some in slices]), whole)

        return {
            "one_to_all": Work(
                lambda: np.concatenate(
                    [rows(one) for one in np.split(questions.single, len(questions.single))]
                ),
                whole,
            ),
            "one_to_all_32": Work(lambda: rows(questions.batch), whole),
            **{f"matrix_{side}": matrix(*questions.squares[side]) for side in SIDES if side in _SCIPY_SIDES},
        }


class _NetworkX:
    """Dijkstra in Python."""

    def works(self, graph: WeightedGraph, questions: Questions) -> Mapping[str, Work]:
        import networkx as nx

        arcs = zip(tails_of(graph).tolist(), graph.head.tolist(), graph.weight.tolist(), strict=True)
        streets = nx.DiGraph()
        streets.add_weighted_edges_from(arcs)
        nodes = range(graph.node_count)
        few = list(zip(*(side.tolist() for side in questions.few), strict=True))
        return {
            "path_few": Work(
                lambda: [nx.bidirectional_dijkstra(streets, *pair)[1] for pair in few],
                lambda ways: lengths_along_nodes(graph, questions.few, ways),
            ),
            "one_to_all": Work(
                lambda: [
                    nx.single_source_dijkstra_path_length(streets, node) for node in questions.single.tolist()
                ],
                lambda found: [[lengths[node] for node in nodes] for lengths in found],
            ),
        }


def _lengths(metric: Metric, sources: Whole, targets: Whole) -> list[int]:
    return list(map(metric.distance, sources.tolist(), targets.tolist()))


def _as_given(lengths: npt.ArrayLike) -> npt.ArrayLike:
    return lengths


_PEERS: Final[dict[str, Engine]] = {
    "pyroutingkit": _PyRoutingKit(),
    "pandana": _Pandana(),
    "scipy": _SciPy(),
    "networkx": _NetworkX(),
}
