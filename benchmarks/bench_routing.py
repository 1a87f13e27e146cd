"""The routing core beside other engines, on published graphs, in one run.

    python -m benchmarks.bench_routing                        every graph; about a quarter of an hour
    python -m benchmarks.bench_routing --graphs luxembourg    one graph
    python -m benchmarks.bench_routing --figures path query   some figures alone, without memory
    python -m benchmarks.bench_routing --quick                a look: few passes, nothing long, no history

CPU time of one thread, medians over passes in turns. Answers must agree in every pass; a run in which they do
not is void: it says which, adds nothing to the history and ends with 1.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final, Literal, TypeVar

import numpy as np

from benchmarks.goals import goal_table
from benchmarks.graphs import (
    GRAPHS,
    GraphAbsentError,
    PublishedQueries,
    dijkstra_rows,
    load_graph,
    luxembourg_queries,
    main_part,
    new_york_rod_s,
    street_graph,
)
from benchmarks.history_file import HISTORY, Conditions, Figure, append, conditions
from benchmarks.resident_memory import forget_peak_memory, peak_memory_mb, present_memory_mb
from benchmarks.routing_goals import ROD_MS, Result, goals
from benchmarks.routing_peers import OURS, engines, peer_names
from benchmarks.routing_questions import ASKED, questions_about, whole_lengths
from benchmarks.side_by_side import PASSES, Timed, Work, comparison_table, timed_in_turns
from routing.hierarchy import Hierarchy
from routing.hierarchy_times import HierarchyTravelTimes
from routing.travel_times import DenseTravelTimes
from scenarios.sakura_network import build_sakura_network, load_sakura_city

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_ALONE: Final = "four_new_yorks"
"""Asks whether a million nodes fit; no other engine is measured on it."""
_ROD: Final = "Dijkstra from one node of new_york to all (scipy)"
_LONG: Final = {"matrix_5000": (OURS, *peer_names()), "matrix_1000": ("pandana", "scipy")}
"""What `--quick` leaves out, by figure: engines."""
_PREPARATION: Final = ("build", "customise", "prepare")
"""Done even where it is not measured: what follows needs it."""
_SIZES: Final = ("nodes", "arcs")
"""Values that are neither better nor worse."""
_CHECKED_ROWS: Final = 4

_Found = TypeVar("_Found")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the comparison and the figures to reach, add to the history."""
    chosen = _chosen(arguments)
    os.environ |= dict.fromkeys(_ONE_THREAD, "1")
    installed = tuple(engines())
    for peer in set(peer_names()) - set(installed):
        print(f"{peer} is not installed: its column is empty; make bench installs it", file=sys.stderr)
    versions_of = "scipy", "pymetis", *(peer for peer in installed if peer != OURS)
    results: list[Result] = []
    rows: list[tuple[Conditions, Sequence[Figure]]] = []
    for name in chosen.graphs:
        under = conditions(*versions_of)
        found: list[Result] = []
        try:
            if name != _ALONE:
                found.append(_in_own_process(_compared, name, chosen.data, chosen.figures, chosen.quick))
                print(_shown(found[-1]), flush=True)
            if not chosen.quick and len(chosen.figures) == len(ASKED):
                found.append(_in_own_process(_footprint, name, chosen.data))
        except GraphAbsentError as error:
            print(f"{name}: left out, {error}", file=sys.stderr)
        results += found
        rows.append((under, [figure for result in found for figure in rows_of(result)]))
    void = [text for result in results for text in result.disagreements]
    if void:
        print("This run is void, answers differ:\n" + "\n".join(void), file=sys.stderr)
        return 1
    print(goal_table(goals(results)))
    if chosen.quick or not results:
        return 0 if results else 1
    for under, figures in rows:
        append(chosen.history, figures, under)
    print(f"{sum(len(figures) for _, figures in rows)} rows added to {chosen.history}", file=sys.stderr)
    return 0


def rows_of(result: Result) -> list[Figure]:
    """Rows for the history: ours as a ratio to the yardstick, those of others to ours."""
    rows = [
        Figure(f"{result.graph}/{name}", value, "", better="" if name in _SIZES else "less")
        for name, value in result.values.items()
    ]
    for timed in result.timed.values():
        for engine, cpu_s in timed.cpu_s.items():
            ratio: float | None = None
            ratio_to: str | None = None
            if engine != OURS and OURS in timed.cpu_s:
                ratio, ratio_to = timed.times_faster(OURS, engine), OURS
            elif result.rod_s is not None:
                ratio, ratio_to = median(cpu_s) / result.rod_s, _ROD
            name = f"{result.graph}/{timed.asked.name}/{engine}"
            is_more_better = engine != OURS if ratio_to else timed.asked.unit == "M/s"
            better: Literal["less", "more"] = "more" if is_more_better else "less"
            figure = Figure(name, timed.value(engine), timed.asked.unit, ratio, ratio_to, len(cpu_s), better)
            rows.append(figure)
    if result.rod_s is not None and result.timed:
        name = f"{result.graph}/yardstick_ms"
        rows.append(Figure(name, result.rod_s * 1e3, "ms", repetitions=PASSES, better=""))
    return rows


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_routing", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--graphs", nargs="+", choices=list(GRAPHS), default=list(GRAPHS), metavar="NAME")
    named = [asked.name for asked in ASKED]
    parser.add_argument("--figures", nargs="+", choices=named, default=named, metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="few passes, nothing long, no history")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument("--history", type=Path, default=HISTORY / "routing.jsonl", metavar="FILE")
    return parser.parse_args(arguments)


def _in_own_process(work: Callable[..., _Found], *arguments: object) -> _Found:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _compared(name: str, data: Path, figures: Sequence[str], is_quick: bool) -> Result:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # pandana prints from compiled code
    graph = load_graph(name, data)
    questions = questions_about(graph)
    _warm_up()
    before_s = new_york_rod_s(data)
    works = {engine: face.works(graph, questions) for engine, face in engines().items()}
    timed: dict[str, Timed] = {}
    for asked in ASKED:
        left_out = _LONG.get(asked.name, ()) if is_quick else ()
        able: dict[str, Work] = {
            engine: ways[asked.name]
            for engine, ways in works.items()
            if asked.name in ways and engine not in left_out
        }
        if asked.name in figures and able:
            print(f"{name}: {asked.title} ({', '.join(able)})", file=sys.stderr)
            timed[asked.name] = timed_in_turns(asked, able, is_quick=is_quick)
        elif asked.name in _PREPARATION:
            for work in able.values():
                work.run()
    values = {"nodes": float(graph.node_count), "arcs": float(graph.arc_count)}
    if name == "sakura" and len(figures) == len(ASKED):
        values |= _sakura_preparation()
    if name == "luxembourg" and len(figures) == len(ASKED):
        published = luxembourg_queries(data)
        values["mismatches_raw"] = _mismatches(published)
        values["mismatches_main_part"] = _mismatches(main_part(published))
    after_s = new_york_rod_s(data)
    rod_s = None if before_s is None or after_s is None else (before_s + after_s) / 2
    return Result(name, timed, values, rod_s)


def _footprint(name: str, data: Path) -> Result:
    """Most memory of a process that does nothing but use ours on a loaded graph, up to an answered matrix: in
    all (interpreter, libraries, graph, preparation, answer), and what it adds to what was there before. Some
    rows are checked."""
    graph = load_graph(name, data)
    sources, targets = questions_about(graph).squares[1000]
    _warm_up()
    forget_peak_memory()
    before_mb = present_memory_mb()
    begun = process_time()
    hierarchy = Hierarchy.build(graph)
    metric = hierarchy.customise(graph.weight)
    answer = metric.matrix(sources, targets)
    cpu_s = process_time() - begun
    peak_mb = peak_memory_mb()
    values = {
        "peak_mb": peak_mb,
        "added_mb": peak_mb - before_mb,
        "hierarchy_mb": hierarchy.nbytes / 1e6,
        "metric_mb": metric.nbytes / 1e6,
        "shortcuts_per_node": hierarchy.slot_count / graph.node_count,
        "metric_bytes_per_arc": metric.nbytes / hierarchy.slot_count,
        "build_customise_matrix_1000_s": cpu_s,
    }
    wanted = dijkstra_rows(graph)(sources[:_CHECKED_ROWS])[:, targets]
    is_right = np.array_equal(answer[:_CHECKED_ROWS], whole_lengths(wanted, np.inf))
    return Result(name, values=values, wrong=() if is_right else ("matrix_1000: not what scipy answers",))


def _sakura_preparation() -> dict[str, float]:
    """CPU seconds from the facts to the roads, and from the roads to travel times of either kind; medians."""
    network = build_sakura_network()
    return {
        "roads_s": _median_s(_sakura_anew),
        "hierarchy_times_s": _median_s(lambda: HierarchyTravelTimes.build(network)),
        "dense_times_s": _median_s(lambda: DenseTravelTimes.build(network)),
    }


def _sakura_anew() -> None:
    load_sakura_city.cache_clear()
    build_sakura_network()


def _median_s(work: Callable[[], object]) -> float:
    work()  # compiles
    times = []
    for _ in range(PASSES):
        begun = process_time()
        work()
        times.append(process_time() - begun)
    return median(times)


def _mismatches(published: PublishedQueries) -> float:
    graph = published.graph
    metric = Hierarchy.build(graph).customise(graph.weight)
    pairs = zip(published.source.tolist(), published.target.tolist(), strict=True)
    found = np.array([metric.distance(*pair) for pair in pairs])
    return float(np.count_nonzero(found != published.length))


def _warm_up() -> None:
    """Compile whatever ours needs, on a ring of streets."""
    nodes = np.arange(120)
    after = np.roll(nodes, -1)
    ring, _ = street_graph(np.r_[nodes, after], np.r_[after, nodes], np.full(240, 5), "ring")
    ours: Mapping[str, Work] = engines()[OURS].works(ring, questions_about(ring))
    for asked in ASKED:
        work = ours[asked.name]
        answer = work.run()
        if work.lengths is not None:
            work.lengths(answer)


def _shown(result: Result) -> str:
    rod = "" if result.rod_s is None else f"; yardstick {result.rod_s * 1e3:.1f} ms (reference {ROD_MS:.0f})"
    size = f"{result.values['nodes']:,.0f} nodes, {result.values['arcs']:,.0f} arcs{rod}"
    columns = comparison_table("", result.timed.values(), (OURS, *peer_names()))
    return f"{result.graph}: {size}\n{columns}\n"


if __name__ == "__main__":
    sys.exit(main())
