"""The house rules of DESIGN.md section 2 as checks over source text.

A check takes the files of a tree and tells what breaks its rule, one line each; `tests/test_architecture.py`
runs all of them over the project, and each of them over a small tree that breaks it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from tests.source_tree import ImportedName, SourceFile, dotted, imports, last_word, uses

PACKAGES: Final = ("routing", "maas", "scenarios", "simulation", "dashboards")
"""Left to right: a package imports itself and those before it."""

OUTSIDE: Final = ("tests", "benchmarks")
"""May import everything; no package imports them."""

FRONT_DOOR: Final = "maas/cli/"
"""Composition root: may import everything, but what is heavy only inside functions."""

FRONT_DOOR_AT_ONCE: Final = ("typer", "click", "platformdirs", "maas.cli", "maas.i18n")
"""What the front door may load for `maas --help`, beside the standard library."""

MAAS_ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "maas/__init__.py": (),
    "maas/domain/*": ("maas.domain",),
    "maas/service_definition.py": ("maas.domain",),
    "maas/rolling_horizon.py": ("maas.domain", "maas.service_definition"),
    "maas/service_time.py": ("maas.domain",),
    "maas/figure_history.py": ("maas.domain",),
    "maas/equity.py": ("maas.domain",),
    "maas/expected_access.py": ("maas.domain",),
    "maas/i18n/*": ("maas.i18n",),
    "maas/dispatch/*": ("maas.domain", "maas.service_definition", "maas.dispatch"),
    "maas/store/*": ("maas.domain", "maas.service_definition", "maas.dispatch", "maas.store"),
    **dict.fromkeys(
        (
            "maas/metrics.py",
            "maas/riders_table.py",
            "maas/legs_table.py",
            "maas/request_index.py",
            "maas/mended_promises.py",
        ),
        (
            "maas.domain",
            "maas.service_definition",
            "maas.dispatch.codec",
            "maas.store",
            "maas.riders_table",
            "maas.legs_table",
            "maas.request_index",
            "maas.mended_promises",
        ),
    ),
    "maas/ledger.py": ("maas.dispatch.codec", "maas.store"),
    "maas/conservation.py": (
        "maas.domain",
        "maas.service_definition",
        "maas.dispatch.codec",
        "maas.dispatch.fares",
        "maas.store",
        "maas.ledger",
        "maas.metrics",
    ),
    "maas/service/*": ("maas",),
    "maas/cli/*": ("maas",),
}
"""Which parts of `maas` the files of each room may import. A file in no room must be given one here."""

EVERYWHERE: Final = ("*",)

FENCES: Final[dict[str, tuple[str, ...]]] = {
    # numbers
    "numpy": EVERYWHERE,
    "numba": ("routing/_jit.py", "routing/_kernels_*.py"),
    "ortools": ("routing/*",),
    "scipy": ("routing/*",),
    "scipy.stats": ("routing/*", "simulation/*"),
    "networkx": ("routing/*",),
    "osmnx": ("routing/*",),
    "osmium": ("routing/*",),
    "requests": ("routing/osm_online.py",),
    "pymetis": ("routing/*",),
    "shapely": ("routing/*",),
    "pyproj": ("routing/*",),
    "pandas": EVERYWHERE,
    "pyarrow": EVERYWHERE,
    # edges
    "sqlalchemy": ("maas/store/*",),
    "fastapi": ("maas/service/*",),
    "pydantic": ("maas/service/*", "scenarios/*"),
    "pydantic_core": ("maas/service/*", "scenarios/*"),
    "typer": ("maas/cli/*",),
    "rich": ("maas/cli/*",),
    "platformdirs": ("maas/cli/*", "routing/_jit.py", "scenarios/preparation.py"),
    # worlds and pictures
    "simpy": ("simulation/*",),
    "dask": ("simulation/*",),
    "distributed": ("simulation/*",),
    "streamlit": ("dashboards/*",),
    "altair": ("dashboards/planner/*",),
    "nicegui": ("dashboards/*",),
    "plotly": ("dashboards/*",),
    "pydeck": ("dashboards/*",),
    "matplotlib": ("dashboards/*",),
    "xlsxwriter": ("dashboards/*",),
    "typst": ("dashboards/report/*",),
    "reportlab": ("dashboards/*",),
}
"""Every third-party library the product may import, and where; one not named here may be imported nowhere."""

CLOSED_TO: Final[dict[str, tuple[str, ...]]] = {
    "maas/domain/*": tuple(FENCES),
    "maas/dispatch/*": ("pandas", "pyarrow"),
    "routing/_kernels_*.py": ("pandas", "pyarrow", "scipy"),
}
"""Rooms closed to libraries that are welcome elsewhere; the domain knows the standard library alone."""

WALL_CLOCK: Final = frozenset(
    [f"time.{name}{unit}" for name in ("time", "monotonic", "perf_counter") for unit in ("", "_ns")]
    + [f"time.{name}" for name in ("localtime", "gmtime", "ctime", "clock_gettime", "clock_gettime_ns")]
    + [f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")]
    + ["datetime.date.today"]
)
WALL_CLOCK_READERS: Final = ("maas/service/wall_clock.py", "routing/budget.py", "maas/cli/*")

PROCESS_CLOCK: Final = frozenset(
    [f"time.{name}{unit}" for name in ("process_time", "thread_time") for unit in ("", "_ns")] + ["os.times"]
)
PROCESS_CLOCK_READERS: Final = (*WALL_CLOCK_READERS, "simulation/*")

RUNNER_LOOPS: Final = ("maas/service/runner.py", "simulation/engine.py")
"""The two loops that catch everything, log it and stop."""

BROAD: Final = frozenset({"Exception", "BaseException"})

KERNEL_DECORATORS: Final = frozenset({"kernel", "inlined", "bare_kernel", "bare_inlined", "bare_pasted"})
COMPILERS: Final = KERNEL_DECORATORS | {"njit", "jit", "vectorize", "guvectorize", "cfunc"}

MAX_LINES: Final = 400
LONG_FILES: Final[dict[str, str]] = {
    "tests/routing_tests/test_network.py": "tables of every refusal and every damage of one sample",
}
"""Files over `MAX_LINES`, each with the reason why cutting it would make it harder to read."""

Check = Callable[[list[SourceFile]], Iterator[str]]


def check_direction(files: list[SourceFile]) -> Iterator[str]:
    """routing <- maas <- scenarios <- simulation <- dashboards; nobody imports the front door or tests."""
    for file in product(files):
        is_front_door = file.path.startswith(FRONT_DOOR)
        for imported in imports(file):
            if imported.is_in(*OUTSIDE):
                yield _at(imported, "the product does not import its tests or benchmarks")
            elif is_front_door or imported.top not in PACKAGES:
                continue
            elif imported.is_in("maas.cli"):
                yield _at(imported, "nobody imports the front door")
            elif PACKAGES.index(imported.top) > PACKAGES.index(file.package):
                yield _at(imported, f"{imported.top} is to the right of {file.package}")


def check_maas_rooms(files: list[SourceFile]) -> Iterator[str]:
    """Inside maas: domain <- dispatch <- store <- service; every file is in a room with its own list."""
    for file in files:
        if file.package != "maas":
            continue
        room = next((room for room in MAAS_ROOMS if fnmatchcase(file.path, room)), None)
        if room is None:
            yield f"{file.path}: in no room; name it in MAAS_ROOMS with what it may import"
            continue
        for imported in imports(file):
            if imported.is_in("maas") and not imported.is_in(*MAAS_ROOMS[room]):
                yield _at(imported, f"{room} may import {', '.join(MAAS_ROOMS[room]) or 'nothing of maas'}")


def check_fences(files: list[SourceFile]) -> Iterator[str]:
    """Third-party libraries stay where the table puts them; the domain knows the standard library alone."""
    for file in product(files):
        closed = [name for room, names in CLOSED_TO.items() if fnmatchcase(file.path, room) for name in names]
        for imported in imports(file):
            if imported.top in PACKAGES:
                if file.path.startswith("maas/domain/") and imported.top != "maas":
                    yield _at(imported, "the domain knows the standard library alone")
                continue
            if imported.top in sys.stdlib_module_names or imported.top in OUTSIDE:
                continue
            fence = max((name for name in FENCES if imported.is_in(name)), key=len, default=None)
            if fence is None:
                yield _at(imported, "a library that FENCES does not name")
            elif not is_at(file.path, FENCES[fence]):
                yield _at(imported, f"{fence} may be imported in {', '.join(FENCES[fence])} only")
            elif imported.is_in(*closed):
                yield _at(imported, f"{fence} may not be imported in this room")


def check_front_door_is_light(files: list[SourceFile]) -> Iterator[str]:
    """`maas --help` loads nothing heavy: the front door imports what it runs inside functions."""
    for file in files:
        if file.path.startswith(FRONT_DOOR):
            for imported in imports(file):
                is_light = imported.top in sys.stdlib_module_names or imported.is_in(*FRONT_DOOR_AT_ONCE)
                if not (is_light or imported.is_lazy or imported.is_for_types):
                    yield _at(imported, "import it inside the function that needs it")


def check_clocks(files: list[SourceFile]) -> Iterator[str]:
    """Only the named places read the wall clock or the processor's."""
    for file in product(files):
        for line, name in uses(file):
            if name in WALL_CLOCK and not is_at(file.path, WALL_CLOCK_READERS):
                yield f"{file.path}:{line}: {name}: only {', '.join(WALL_CLOCK_READERS)} read the wall clock"
            if name in PROCESS_CLOCK and not is_at(file.path, PROCESS_CLOCK_READERS):
                yield f"{file.path}:{line}: {name}: only {', '.join(PROCESS_CLOCK_READERS)} read CPU time"


def check_kernels(files: list[SourceFile]) -> Iterator[str]:
    """Compiled functions live in `routing/_kernels_*.py` alone, which hold nothing else."""
    for file in product(files):
        is_kernel_file = fnmatchcase(file.path, "routing/_kernels_*.py")
        for imported in imports(file):
            if imported.name.startswith("routing._kernels_") and file.package != "routing":
                yield _at(imported, "kernels are called by the public function next door")
        for node in ast.walk(file.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                decorators = {last_word(decorator) for decorator in node.decorator_list}
                if decorators & COMPILERS and not is_kernel_file:
                    yield f"{file.path}:{node.lineno}: {node.name}: kernels live in routing/_kernels_*.py"
                if is_kernel_file and not decorators & KERNEL_DECORATORS:
                    yield f"{file.path}:{node.lineno}: {node.name}: a kernel file holds only kernels"


def check_lengths(files: list[SourceFile]) -> Iterator[str]:
    """No file over 400 lines without a reason, and no reason without such a file."""
    long = {file.path: file.line_count for file in files if file.line_count > MAX_LINES}
    for path in sorted(long.keys() - LONG_FILES.keys()):
        yield f"{path}: {long[path]} lines; cut it, or give LONG_FILES its reason"
    for path in sorted(LONG_FILES.keys() - long.keys()):
        yield f"{path}: not over {MAX_LINES} lines; take it out of LONG_FILES"


def check_asserts(files: list[SourceFile]) -> Iterator[str]:
    """No `assert` in product code: it vanishes under -O, and bad input deserves a sentence."""
    for file in product(files):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Assert):
                yield f"{file.path}:{node.lineno}: assert in product code"


def check_broad_excepts(files: list[SourceFile]) -> Iterator[str]:
    """Nobody swallows everything but the two runner loops; to end a handler in `raise` is not to swallow."""
    for file in files:
        if is_at(file.path, RUNNER_LOOPS):
            continue
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ExceptHandler):
                caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                is_broad = any(
                    one is None or last_word(one) in {"Exception", "BaseException"} for one in caught
                )
                raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                if is_broad and not raises_again:
                    yield f"{file.path}:{node.lineno}: catches everything; name the errors"


def check_prints(files: list[SourceFile]) -> Iterator[str]:
    """Libraries log or return; only the front door prints."""
    for file in product(files):
        if not file.path.startswith(FRONT_DOOR):
            for node in ast.walk(file.tree):
                if isinstance(node, ast.Call) and dotted(node.func) == "print":
                    yield f"{file.path}:{node.lineno}: print in a library"


def check_page_names(files: list[SourceFile]) -> Iterator[str]:
    """Streamlit puts a page's folder first on the path: nothing in dashboards/ is named like a package."""
    taken = {*PACKAGES, *OUTSIDE, *sys.stdlib_module_names, *(name for name in FENCES if "." not in name)}
    for file in files:
        if file.package == "dashboards":
            for name in file.path.removesuffix(".py").split("/")[1:]:
                if name in taken:
                    yield f"{file.path}: shadows the package {name} under Streamlit"


CHECKS: Final[tuple[Check, ...]] = (
    check_direction,
    check_maas_rooms,
    check_fences,
    check_front_door_is_light,
    check_clocks,
    check_kernels,
    check_lengths,
    check_asserts,
    check_broad_excepts,
    check_prints,
    check_page_names,
)


def product(files: list[SourceFile]) -> Iterator[SourceFile]:
    """The files of the five packages."""
    return (file for file in files if file.package in PACKAGES)


def is_at(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path lies at one of the patterns; `*` crosses folders."""
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def _at(imported: ImportedName, why: str) -> str:
    return f"{imported.file.path}:{imported.line}: imports {imported.name}: {why}"
