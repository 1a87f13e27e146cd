from __future__ import annotations

from pathlib import Path

import osmnx
import pytest
import requests

from maas.cli import main
from maas.cli import network as network_command
from routing.network import Network
from routing.osm_assembly import COUNT_TEXTS
from tests.routing_tests.osm_xml import restriction, write_osm

STREET = {"highway": "residential", "name": "本町通り"}
TOWN = {1: ((1, 2, 3), STREET), 2: ((3, 13, 12, 2), STREET), 3: ((2, 22), {"highway": "footway"})}


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An OpenStreetMap file in the current folder."""
    monkeypatch.chdir(tmp_path)
    return write_osm(tmp_path, TOWN)


def run(capsys: pytest.CaptureFixture[str], *arguments: str, lang: str = "en") -> tuple[int, str, str]:
    code = main(["--lang", lang, *arguments])
    written = capsys.readouterr()
    return code, written.out, written.err


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence that a refused command writes to standard error."""
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def test_import_writes_a_network_and_says_what_was_dropped(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "network", "import", str(town), "--out", "made.net")
    assert (code, err) == (0, "")
    network = Network.load("made.net")
    assert network.node_count == 3
    assert "ways not for motor vehicles" in out
    assert "residential" in out
    assert out.rstrip().endswith("Network: made.net")


def test_import_reports_the_turn_restrictions_obeyed_and_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # A crossing 12 with four arms, and a way round from 11 to 22 by 21.
    ways = {
        1: ((11, 12), STREET), 2: ((12, 13), STREET), 3: ((12, 2), STREET), 4: ((12, 22), STREET),
        5: ((11, 21, 22), STREET),
    }  # fmt: skip
    relations = [
        restriction("no_left_turn", 1, 12, 4, **{"except": "bus"}),
        restriction("no_right_turn", 1, 12, 3, hour_on="07:00"),
    ]
    write_osm(tmp_path, ways, relations=relations)
    lines = run(capsys, "network", "import", "town.osm")[1].splitlines()
    shown = {cells[1].strip(): cells[2].strip() for line in lines if len(cells := line.split("│")) == 4}
    assert shown["in the file"] == "2"
    assert shown["obeyed"] == shown["crossings split"] == shown["nodes added"] == "1"
    assert shown["turn restrictions of some hours"] == "1"
    assert (shown["before splitting crossings"], shown["nodes"]) == ("5", "6")
    by_bus = run(capsys, "network", "import", "town.osm", "--vehicle", "bus")[1]
    assert "turn restrictions that except our vehicle" in by_bus
    assert "is no vehicle; give motorcar, taxi, bus" in run(
        capsys, "network", "import", "town.osm", "--vehicle", "tram"
    )[2].replace("\n", " ")


def test_everything_that_a_report_counts_has_a_label() -> None:
    assert set(network_command._COUNT_LABELS) == set(COUNT_TEXTS)


def test_network_is_named_after_its_source_when_no_name_is_given(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "network", "import", str(town))[0] == 0
    assert Path("town.net").is_file()


def test_report_is_japanese_on_request(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "network", "import", str(town), lang="ja")
    assert code == 0
    assert "除外・変更したもの" in out
    assert "道路網: town.net" in out


def test_graphml_is_imported(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = osmnx.graph_from_xml(town)
    osmnx.save_graphml(graph, "town.graphml")
    code, _, _ = run(capsys, "network", "import", "--graphml", "town.graphml", "--out", "graph.net")
    assert code == 0
    assert Network.load("graph.net").node_count >= 2


def test_place_without_a_connection_is_one_sentence(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise requests.exceptions.ConnectionError("no route to host")

    monkeypatch.setattr(osmnx, "graph_from_place", unreachable)
    sentence = refused(capsys, "network", "import", "--place", "さくら市, 栃木県")
    assert "さくら市, 栃木県" in sentence
    assert "import a file" in sentence
    assert not Path("さくら市.net").exists()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("torn.osm", "<osm version='0.6'><node id='1' lat='36' lon='140'/>", "truncated"),
        ("bare.osm", "<osm version='0.6'></osm>", "has no road"),
        ("roads.csv", "a,b", "ends in"),
        ("fake.osm.gz", "<osm/>", "is not gzip"),
    ],
)
def test_bad_file_is_one_sentence_and_leaves_nothing_behind(
    town: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, problem: str
) -> None:
    Path(name).write_text(content, encoding="utf-8")
    before = sorted(Path.cwd().iterdir())
    sentence = refused(capsys, "network", "import", name, "--out", "made.net")
    assert name in sentence
    assert problem in sentence
    assert sorted(Path.cwd().iterdir()) == before


def test_failed_import_keeps_the_network_of_before(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "network", "import", str(town), "--out", "made.net")
    before = Path("made.net").read_bytes()
    refused(capsys, "network", "import", "missing.osm", "--out", "made.net")
    assert Path("made.net").read_bytes() == before


@pytest.mark.parametrize(
    "sources", [[], ["town.osm", "--place", "Sakura"], ["--place", "a", "--graphml", "b.graphml"]]
)
def test_exactly_one_source_is_asked_for(
    town: Path, capsys: pytest.CaptureFixture[str], sources: list[str]
) -> None:
    code, _, err = run(capsys, "network", "import", *sources)
    assert code == 2
    assert "give one source" in err


def test_source_is_not_written_over(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = town.read_bytes()
    code, _, err = run(capsys, "network", "import", str(town), "--out", str(town))
    assert code == 2
    assert "is read by this command" in err
    assert town.read_bytes() == before


def test_show_prints_a_summary_and_draws_a_map_beside_the_network(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("nets").mkdir()
    run(capsys, "network", "import", str(town), "--out", "nets/made.net")
    code, out, err = run(capsys, "network", "show", "nets/made.net")
    assert (code, err) == (0, "")
    network = Network.load("nets/made.net")
    for part in (
        "town (OpenStreetMap)",
        "surveyed roads",
        "residential",
        "0.2 x 0.1 km",
        "© OpenStreetMap contributors, ODbL 1.0",
        "1 ways dropped",
        f"Hash: {network.hash}",
        "Map: nets/made.png",
    ):
        assert part in out
    assert Path("nets/made.png").read_bytes().startswith(b"\x89PNG")


def test_show_writes_the_map_where_it_is_told(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "network", "import", str(town))
    code, _, _ = run(capsys, "network", "show", "town.net", "--png", "elsewhere.png", lang="ja")
    assert code == 0
    assert Path("elsewhere.png").is_file()
    assert not Path("town.png").exists()


def test_show_prints_few_notes_and_all_on_request(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import dataclasses

    run(capsys, "network", "import", str(town))
    notes = tuple(f"note {k} of twelve" for k in range(12))
    dataclasses.replace(Network.load("town.net"), notes=notes).save("noted.net")
    _, out, _ = run(capsys, "network", "show", "noted.net")
    assert "note 7 of twelve" in out
    assert "note 8 of twelve" not in out
    assert "... and 4 more (--all-notes)" in out
    _, out, _ = run(capsys, "network", "show", "noted.net", "--all-notes")
    assert "note 11 of twelve" in out


def test_file_that_is_no_network_is_one_sentence(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "town.osm" in refused(capsys, "network", "show", str(town))
    assert "missing.net" in refused(capsys, "network", "show", "missing.net")
    assert sorted(file.name for file in Path.cwd().iterdir()) == ["town.osm"]


def test_map_of_another_format_is_refused_before_anything_is_printed(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "network", "import", str(town))
    assert "ends in .png" in refused(capsys, "network", "show", "town.net", "--png", "map.jpg")


def test_embedded_sakura_calls_itself_an_approximation(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("scenarios.sakura_network", reason="the embedded network is not built in this tree")
    code, out, _ = run(capsys, "network", "show", "sakura")
    assert code == 0
    assert "approximation, not surveyed" in out
    assert Path("sakura.png").read_bytes().startswith(b"\x89PNG")
