"""Benchmark files are read in the conventions of their best known values, and bad ones told by line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from routing.errors import InstanceError, SolutionError
from routing.instances import Instance, family_of, read_instance
from routing.problem import NO_LIMIT
from routing.solution_files import read_solution, write_solution
from routing.verify import verify

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.txt"))

needs_data = pytest.mark.skipif(not DATA.exists(), reason="published instances are not beside the project")

LI_LIM = """2 10 1
0 0 0 0 0 100 0 0 0
1 3 4 5 0 50 2 0 3
2 0 10 -4 0 90 2 4 0
3 6 8 -5 0 90 2 1 0
4 0 5 4 0 50 2 0 2
"""
CORDEAU_2006 = """1 2 480 3 30
0 0 0 0 0 0 480
1 3.5 4 3 1 0 1440
2 0 5 3 1 0 1440
3 6 8 3 -1 10 25
4 0 9 3 -1 20 35
5 0 0 0 0 0 480
"""
CORDEAU_2003 = "1 4 480 3 30\n" + "".join(CORDEAU_2006.splitlines(keepends=True)[1:-1])
SARTORI = """NAME: tiny-n2-1
LOCATION: Nowhere
SIZE: 3
CAPACITY: 10
NODES
0 52.4 13.2 0 0 480 0 0 0
1 52.5 13.4 5 0 100 5 0 2
2 52.6 13.3 -5 0 200 5 1 0
EDGES
0 7 9
8 0 4
6 5 0
EOF
"""


def instance_of(
    folder: Path, content: str, name: str = "tiny.txt", format_name: str | None = None
) -> Instance:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_instance(path, format_name)


def published_instance(name: str) -> Instance:
    found = [*DATA.glob(f"pdptw/li_lim/*/{name}.txt"), *DATA.glob(f"pdptw/sartori/{name}.txt")]
    return read_instance(found[0])


@needs_data
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_published_routes_cost_what_the_tables_say(path: Path) -> None:
    instance = published_instance(path.stem)
    told = next(
        row
        for table in DATA.glob("pdptw/*/best_known.csv")
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
        if row["instance"] == path.stem
    )
    verdict = verify(instance, read_solution(path, instance))
    assert verdict.violations == ()
    assert verdict.unserved == ()
    assert verdict.vehicles == int(told["vehicles"])
    assert verdict.cost == pytest.approx(float(told.get("distance") or told["cost"]), abs=5e-5)


@needs_data
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_published_routes_keep_the_rounded_problem_too(path: Path) -> None:
    instance = published_instance(path.stem)
    assert verify(instance.problem, read_solution(path, instance)).violations == ()


@needs_data
def test_every_instance_at_hand_is_read() -> None:
    paths = [
        *DATA.glob("pdptw/li_lim/*/*.txt"),
        *DATA.glob("pdptw/sartori/*-n*.txt"),
        *DATA.glob("darp/cordeau2006/[ab]?-*.txt"),
        *DATA.glob("darp/cordeau_laporte2003/pr??"),
    ]
    formats = {path.name: read_instance(path).format for path in paths}
    assert len(paths) > 50
    assert set(formats.values()) == {"li_lim", "sartori", "cordeau2006", "cordeau2003"}
    assert formats["a4-48.txt"] == "cordeau2006"
    assert formats["pr01"] == "cordeau2003"


def test_li_lim_rows_become_requests(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, LI_LIM)
    problem = instance.problem
    assert (instance.format, instance.name, problem.scale) == ("li_lim", "tiny", 1000)
    assert (problem.pickup.tolist(), problem.delivery.tolist()) == ([1, 4], [3, 2])
    assert problem.load.tolist() == [[5], [4]]
    assert problem.capacity.tolist() == [[[1, 10]]] * 2
    assert problem.vehicles_first
    assert problem.travel[0, 1] == 5000
    # from (3, 4) to (0, 10): the root of 45 is 6.70820..., up as a time and to the nearest as a cost
    assert (problem.travel[1, 2], problem.cost[1, 2]) == (6709, 6708)
    # (0, 0) (3, 4) (6, 8) (0, 5) (0, 10) (0, 0)
    assert verify(instance, [[0, 1, 2, 3], []]).cost == pytest.approx(5 + 5 + 45**0.5 + 5 + 10)


def test_cordeau_2006_counts_requests_and_has_two_depots(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, CORDEAU_2006)
    problem = instance.problem
    assert instance.format == "cordeau2006"
    assert (problem.pickup.tolist(), problem.delivery.tolist()) == ([1, 2], [3, 4])
    assert (problem.start_place.tolist(), problem.end_place.tolist()) == ([0], [5])
    assert (problem.max_ride.tolist(), problem.max_duration.tolist()) == ([30_000] * 2, [480_000])
    assert problem.pickup_service.tolist() == [3000, 3000]
    assert not problem.vehicles_first


def test_cordeau_laporte_2003_counts_places_and_has_one_depot(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, CORDEAU_2003)
    assert instance.format == "cordeau2003"
    assert (instance.problem.pickup.tolist(), instance.problem.delivery.tolist()) == ([1, 2], [3, 4])
    assert instance.problem.end_place.tolist() == [0]


def test_sartori_minutes_are_whole_and_need_not_be_symmetric(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, SARTORI)
    problem = instance.problem
    assert (instance.format, problem.scale) == ("sartori", 1)
    assert problem.travel.tolist() == [[0, 7, 9], [8, 0, 4], [6, 5, 0]]
    assert problem.max_ride.tolist() == [NO_LIMIT]
    assert verify(instance, [[0, 1]]).cost == 7 + 4 + 6


def test_families() -> None:
    names = ("lc103", "lrc204", "LC1_10_1", "a4-48", "pr01", "bar-n100-1", "tiny")
    assert [family_of(name) for name in names] == ["lc1", "lrc2", "lc1", "a", "pr", "bar", "tiny"]


def lines_of(content: str, **changes: str) -> str:
    lines = content.splitlines()
    for line, words in changes.items():
        lines[int(line[1:]) - 1] = words
    return "\n".join(lines)


BAD: list[tuple[str, str]] = [
    (lines_of(LI_LIM, L3="1 3 4 5 60 50 2 0 3"), "line 3: window closes (50) before it opens (60)"),
    (lines_of(LI_LIM, L3="1 3 4 50 0 50 2 0 3"), "line 3: load 50 fits no vehicle; each holds 10"),
    ("\n".join(LI_LIM.splitlines()[:4]), "line 3: row 1 belongs to row 3, but the rows end with 2 on line 4"),
    (LI_LIM[:40], "columns; 9 are needed"),
    (lines_of(LI_LIM, L3="1 3 4 5 0 50 2 0 2"), "line 3: pickup 1 names 2 as its other half, which does not"),
    (
        lines_of(LI_LIM, L3="1 3 4 5 0 50 2 0 0"),
        "line 3: row 1 has pickup 0 and delivery 0; exactly one must",
    ),
    (lines_of(LI_LIM, L5="3 6 8 -4 0 90 2 1 0"), "line 5: delivers 4 of the 5 picked up on line 3"),
    (lines_of(LI_LIM, L3="1 3 x 5 0 50 2 0 3"), "line 3: y is 'x'; a number is needed"),
    (lines_of(LI_LIM, L3="7 3 4 5 0 50 2 0 3"), "line 3: row number is 7; 1 follows"),
    (lines_of(LI_LIM, L1="0 10 1"), "line 1: number of vehicles is 0; at least 1 is needed"),
    ("2 10 1\n0 0 0 0 0 100 0 0 0\n", "line 2: the file ends without a request; it may be cut off"),
    (
        "\n".join(CORDEAU_2006.splitlines()[:5]),
        "line 5: the file ends after 4 rows of places; with 2 requests",
    ),
    (lines_of(SARTORI, L11="8 0 -1"), "line 11: travel time from 1 to 2 is -1; give every way its minutes"),
    (lines_of(SARTORI, L11="8 0"), "line 11: row 1 of EDGES has 2 travel times; 3 are needed"),
    (
        "\n".join(SARTORI.splitlines()[:11]),
        "line 11: the file ends after 2 of 3 rows of EDGES; it is cut off",
    ),
    ("\n".join(SARTORI.splitlines()[:7]), "line 7: the file ends after 2 of 3 rows of NODES; it is cut off"),
    ("\n".join(SARTORI.splitlines()[:3]), "line 3: no line begins with CAPACITY: before NODES"),
    ("a b\n", "line 1: is the first line of no known format; known are li_lim, sartori"),
    ("\n\n", "is empty; give a benchmark instance"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_a_bad_instance_is_told_by_file_and_line(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(InstanceError) as refusal:
        instance_of(tmp_path, content)
    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith(f"{tmp_path / 'tiny.txt'}: ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("content", [LI_LIM, CORDEAU_2006, SARTORI], ids=["li_lim", "cordeau", "sartori"])
def test_an_instance_cut_before_its_last_row_is_refused(tmp_path: Path, content: str) -> None:
    rows = content.removesuffix("EOF\n")
    for size in range(rows.rindex("\n", 0, -1) + 1):
        with pytest.raises(InstanceError):
            instance_of(tmp_path, content[:size])


def test_a_format_that_is_forced_is_read_as_such(tmp_path: Path) -> None:
    with pytest.raises(
        InstanceError, match="line 7: the file ends after 6 rows of places; 1 requests need 3"
    ):
        instance_of(tmp_path, CORDEAU_2006, format_name="cordeau2003")
    with pytest.raises(InstanceError, match="format is 'csv'; known are li_lim"):
        instance_of(tmp_path, CORDEAU_2006, format_name="csv")


def test_no_text_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "tiny.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InstanceError, match="is no text file"):
        read_instance(tmp_path / "tiny.txt")


def test_a_solution_is_read_as_it_was_written(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, LI_LIM)
    write_solution(tmp_path / "out.txt", instance, [[], [2, 0, 1, 3]], "by hand")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8").splitlines()[-1] == "Route 1 : 4 1 3 2"
    assert read_solution(tmp_path / "out.txt", instance) == [[2, 0, 1, 3], []]


BAD_SOLUTIONS: list[tuple[str, str]] = [
    ("Route 1 : 1 3\nRoute 2 : 4 3 2\n", "line 2: visits row 3 again, which line 1 visits"),
    ("Route 1 : 1 7\n", "line 1: 7 is no pickup or delivery of tiny; its rows are 1 to 4"),
    ("Route 1 : 1 -3\n", "line 1: -3 is no pickup or delivery of tiny"),
    ("Route 1 : 1 3\nRoute 2 : 4 2\nRoute 3 :\n", "line 3: is route 3; tiny has 2 vehicles"),
    ("Route 1 : 1\n3\n", "line 2: numbers without a route; begin with Route n :"),
    ("nothing\n", "holds no route; give lines such as Route 1 : 32 171 65"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_SOLUTIONS, ids=[one for _, one in BAD_SOLUTIONS])
def test_a_bad_solution_is_told_by_file_and_line(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "solution.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SolutionError) as refusal:
        read_solution(path, instance_of(tmp_path, LI_LIM))
    assert f"{path}: {sentence}" in str(refusal.value)
