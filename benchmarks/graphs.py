"""Road graphs to measure on, as every engine can take them: no self-loops, the fastest of parallel
arcs, the largest strongly connected part, weights of at least 1.

Weights of zero are raised to 1 because one engine computes with 1 in their place; the published queries of
Luxembourg are asked on the graph as it was published.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from routing import Network
from routing.osm_import import import_osm_file
from routing.quantities import UNREACHABLE
from routing.weighted_graph import WeightedGraph
from scenarios.sakura_network import build_sakura_network

Whole = npt.NDArray[np.int64]

_SEED: Final = 20261123
_COPIES: Final = 4
_JOINING_ARCS: Final = 100
_JOINING_WEIGHT: Final = 10_000
_ROD_SOURCES: Final = 5
_PUBLISHED_NO_WAY: Final = 2**31 - 1


class GraphAbsentError(LookupError):
    """A graph's files are not there; says which, and what names their folder."""


@dataclass(frozen=True, slots=True, eq=False)
class PublishedQueries:
    """A graph as published, with published answers.

    Parameters
    ----------
    graph
        The graph.
    source, target
        int64, shape (k,). Nodes.
    length
        int64, shape (k,). Length of the shortest way, `UNREACHABLE` where there is none.
    """

    graph: WeightedGraph
    source: Whole
    target: Whole
    length: Whole


def load_graph(name: str, data: Path) -> WeightedGraph:
    """A graph of `GRAPHS` from the files under the folder `data`.

    Raises
    ------
    GraphAbsentError
        When its files are not there.
    """
    return GRAPHS[name](data)


def street_graph(
    tail: npt.ArrayLike, head: npt.ArrayLike, weight: npt.ArrayLike, title: str
) -> tuple[WeightedGraph, Whole]:
    """The graph that every engine is given, and which nodes of the arc list it has.

    Parameters
    ----------
    tail, head, weight
        Whole numbers, shape (m,): arcs in any order.

    Returns
    -------
    The graph without coordinates, arcs sorted by tail and head; int64, shape (n,): its nodes in the old
    numbers, rising.
    """
    ends = np.asarray(tail, np.int64), np.asarray(head, np.int64), np.maximum(np.asarray(weight), 1)
    order = np.lexsort((ends[2], ends[1], ends[0]))
    tails, heads, weights = (one[order] for one in ends)
    is_first = np.r_[True, (np.diff(tails) != 0) | (np.diff(heads) != 0)] & (tails != heads)
    tails, heads, weights = tails[is_first], heads[is_first], weights[is_first]
    n = int(max(ends[0].max(), ends[1].max())) + 1
    arcs = csr_array((np.ones(len(tails), np.int8), (tails, heads)), shape=(n, n))
    _, part = connected_components(arcs, directed=True, connection="strong")
    is_kept = part == np.bincount(part).argmax()
    inside = is_kept[tails] & is_kept[heads]
    number = np.cumsum(is_kept) - 1
    kept = np.flatnonzero(is_kept)
    first_out = np.searchsorted(number[tails[inside]], np.arange(len(kept) + 1))
    return Network.from_csr(
        first_out, number[heads[inside]], weights[inside].astype(np.int64), title=title
    ), kept


def with_places(graph: WeightedGraph, lat: npt.ArrayLike, lon: npt.ArrayLike) -> WeightedGraph:
    """The graph with coordinates."""
    return Network.from_csr(graph.first_out, graph.head, graph.weight, lat, lon, graph.title)


def with_distances_as_places(graph: WeightedGraph) -> WeightedGraph:
    """The graph with distances from two far nodes for coordinates, in degrees up to 1.

    pyroutingkit orders nodes by coordinates, and the published New York has none. Measured there: 6.5 s to
    order and build and 68 ms to customise with these, 4.7 s and 11.7 s with all at one place.
    """
    rows = dijkstra_rows(graph)
    (from_zero,) = rows(np.zeros(1, np.int64))
    (from_one,) = rows(np.argmax(from_zero, keepdims=True))
    (from_other,) = rows(np.argmax(from_one, keepdims=True))
    return with_places(graph, from_one / from_one.max(), from_other / from_other.max())


def dijkstra_rows(graph: WeightedGraph) -> Callable[[Whole], npt.NDArray[np.float64]]:
    """SciPy's Dijkstra over a graph: takes sources, int64 (k,), gives float64 (k, n), infinite for no way."""
    n = graph.node_count
    matrix = csr_array((graph.weight.astype(np.float64), graph.head, graph.first_out), shape=(n, n))
    return lambda sources: np.asarray(dijkstra(matrix, indices=sources), np.float64)


def new_york_rod_s(data: Path) -> float | None:
    """CPU seconds of Dijkstra from one node of New York to all, median of five sources; None if it is not
    there."""
    try:
        graph = load_graph("new_york", data)
    except GraphAbsentError:
        return None
    rows = dijkstra_rows(graph)
    times = []
    for k in range(_ROD_SOURCES):
        source = np.array([k * graph.node_count // _ROD_SOURCES])
        begun = process_time()
        rows(source)
        times.append(process_time() - begun)
    return median(times)


def tails_of(graph: WeightedGraph) -> Whole:
    """int64, shape (m,). Node each arc leaves."""
    return np.repeat(np.arange(graph.node_count, dtype=np.int64), np.diff(graph.first_out))


def luxembourg_queries(data: Path) -> PublishedQueries:
    """Luxembourg as published, zeros, loops and parts without a way included, and its 100,000 answers.

    Raises
    ------
    GraphAbsentError
        When the files are not there.
    """
    length = _luxembourg(data, "query_reference_travel_time_length")
    first_out, head, weight = (_luxembourg(data, name) for name in ("first_out", "head", "travel_time"))
    graph = Network.from_csr(first_out, head, weight, title="raw Luxembourg")
    return PublishedQueries(
        graph,
        _luxembourg(data, "source_node"),
        _luxembourg(data, "target_node"),
        np.where(length == _PUBLISHED_NO_WAY, UNREACHABLE, length),
    )


def main_part(published: PublishedQueries) -> PublishedQueries:
    """The largest strongly connected part, weights as published, and the queries that lie in it."""
    raw = published.graph
    tail = tails_of(raw)
    part, kept = street_graph(tail, raw.head, np.ones(raw.arc_count, np.int64), "main part of Luxembourg")
    number = np.full(raw.node_count, -1, np.int64)
    number[kept] = np.arange(len(kept))
    fastest = np.full(part.arc_count, UNREACHABLE, np.int64)
    inside = (number[tail] >= 0) & (number[raw.head] >= 0) & (tail != raw.head)
    keys = tails_of(part) * part.node_count + part.head
    place = np.searchsorted(keys, number[tail[inside]] * part.node_count + number[raw.head[inside]])
    np.minimum.at(fastest, place, raw.weight[inside].astype(np.int64))
    is_asked = (number[published.source] >= 0) & (number[published.target] >= 0)
    return PublishedQueries(
        Network.from_csr(part.first_out, part.head, fastest, title=part.title),
        number[published.source[is_asked]],
        number[published.target[is_asked]],
        published.length[is_asked],
    )


def _campo_grande(data: Path) -> WeightedGraph:
    network, _ = import_osm_file(_present(data / "osm" / "campo-grande.osm.gz"))
    return _streets_of(network, "campo-grande")


def _sakura(_: Path) -> WeightedGraph:
    return _streets_of(build_sakura_network(), "Sakura")


def _streets_of(network: Network, title: str) -> WeightedGraph:
    graph, kept = street_graph(network.tail, network.head, network.travel_ms, title)
    return with_places(graph, network.lat[kept], network.lon[kept])


def _luxembourg_graph(data: Path) -> WeightedGraph:
    first_out = _luxembourg(data, "first_out")
    tail = np.repeat(np.arange(len(first_out) - 1), np.diff(first_out))
    graph, kept = street_graph(
        tail, _luxembourg(data, "head"), _luxembourg(data, "travel_time"), "Luxembourg"
    )
    lat, lon = (
        np.fromfile(_present(data / "graphs" / "luxembourg" / f"luxembourg_{name}"), "<f4")
        for name in ("latitude", "longitude")
    )
    return with_places(graph, lat[kept], lon[kept])


def _luxembourg(data: Path, name: str) -> Whole:
    path = _present(data / "graphs" / "luxembourg" / f"luxembourg_{name}")
    return np.fromfile(path, "<u4").astype(np.int64)


def _new_york(data: Path) -> WeightedGraph:
    graph, _ = street_graph(*_new_york_arcs(data), "New York")
    return with_distances_as_places(graph)


def _four_new_yorks(data: Path) -> WeightedGraph:
    tail, head, weight = _new_york_arcs(data)
    n = int(max(tail.max(), head.max())) + 1
    generator = np.random.default_rng(_SEED)
    here = generator.integers(0, _COPIES, _JOINING_ARCS)
    there = (here + generator.integers(1, _COPIES, _JOINING_ARCS)) % _COPIES
    graph, _ = street_graph(
        np.concatenate(
            [tail + copy * n for copy in range(_COPIES)]
            + [here * n + generator.integers(0, n, _JOINING_ARCS)]
        ),
        np.concatenate(
            [head + copy * n for copy in range(_COPIES)]
            + [there * n + generator.integers(0, n, _JOINING_ARCS)]
        ),
        np.concatenate([weight] * _COPIES + [np.full(_JOINING_ARCS, _JOINING_WEIGHT)]),
        "four New Yorks",
    )
    return graph


def _new_york_arcs(data: Path) -> tuple[Whole, Whole, Whole]:
    path = _present(data / "graphs" / "dimacs_ny" / "USA-road-t.NY.gr.gz")
    with gzip.open(path) as stream:
        content = stream.read()
    arcs = content[content.index(b"\na ") :].replace(b"\na ", b"\n")
    columns = np.array(arcs.split(), np.int64).reshape(-1, 3)
    return columns[:, 0] - 1, columns[:, 1] - 1, columns[:, 2]


def _present(path: Path) -> Path:
    if not path.is_file():
        raise GraphAbsentError(f"{path} is not there; name the folder of graphs/ and osm/ with --data")
    return path


GRAPHS: Final[dict[str, Callable[[Path], WeightedGraph]]] = {
    "sakura": _sakura,
    "campo_grande": _campo_grande,
    "luxembourg": _luxembourg_graph,
    "new_york": _new_york,
    "four_new_yorks": _four_new_yorks,
}
