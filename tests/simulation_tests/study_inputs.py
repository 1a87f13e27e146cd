"""A workload folder and a scenario file small enough to simulate in a moment."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios_tests.cities import line_city

RING_NODES = 6
REQUESTS = 12


def write_workload(folder: Path) -> Path:
    """A ring of 6 nodes, 60 s between neighbours; 12 requests 45 s apart; vehicles of 2 and of 4 seats."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes = [f"{node},{100 * node},0" for node in range(RING_NODES)]
    pairs = [(node, (node + 1) % RING_NODES) for node in range(RING_NODES)]
    edges = [f"{a},{b},500,60\n{b},{a},500,60" for a, b in pairs]
    requests = [
        f"{number},{1000 + 45 * number},{number % RING_NODES},{(number * 5 + 3) % RING_NODES}"
        for number in range(REQUESTS)
    ]
    vehicles = ["a,0,0,10000,2", "b,3,0,10000,4"]
    for name, header, lines in (
        ("nodes", "node,x,y", nodes),
        ("edges", "from,to,length_m,travel_time_s", edges),
        ("requests", "request,t,origin,destination", requests),
        ("vehicles", "vehicle,node,t0,t1,capacity", vehicles),
    ):
        (folder / f"{name}.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return folder


SCENARIO = """
extends = "sakura_on_demand"
[title]
en = "A line"
ja = "一本道"
[city]
network = "line.net"
[demand]
kind = "recorded"
file = "requests.csv"
[service.access]
doors = "doors"
[[speeds.periods]]
window = { value = ["00:00", "24:00"], assumption = "tiny" }
[[service.vehicles]]
name = "V"
type = "wagon"
count = { value = VEHICLES, unit = "vehicles", assumption = "tiny" }
base = { position = { value = [0, 0], assumption = "tiny" } }
shift = { value = ["08:00", "17:00"], assumption = "tiny" }
"""


def write_scenario(folder: Path, name: str = "line", vehicles: int = 1) -> Path:
    """Eight recorded requests over a line of 30 nodes, wagons at its end; the traffic differs by seed."""
    folder.mkdir(parents=True, exist_ok=True)
    line_city().network.save(folder / "line.net")
    header = "request,booked_at,wish_at,origin_lat,origin_lon,destination_lat,destination_lon"
    lines = [
        f"{number},08:{number:02d},09:{5 * number:02d},0,{400 * number},0,{400 * (25 - number)}"
        for number in range(1, 9)
    ]
    (folder / "requests.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    path = folder / f"{name}.toml"
    path.write_text(SCENARIO.replace("VEHICLES", str(vehicles)), encoding="utf-8")
    return path


LINES = """
extends = "sakura_today"
[title]
en = "A line in runs"
ja = "一本道の便"
[city]
network = "line.net"
[demand]
kind = "recorded"
file = "requests.csv"
[[speeds.periods]]
window = { value = ["00:00", "24:00"], assumption = "tiny" }
[[service.vehicles]]
name = "V"
type = "wagon"
count = { value = 1, unit = "vehicles", assumption = "tiny" }
base = { position = { value = [0, 0], assumption = "tiny" } }
shift = { value = ["08:00", "17:00"], assumption = "tiny" }
[[service.zones]]
name = "whole"
area = "Line"
[[service.lines]]
name = "L"
pickup_zone = "whole"
dropoff_zone = "whole"
vehicles = ["V"]
departures = { value = ["09:00", "10:00", "11:00", "12:00"], assumption = "tiny" }
run_length = { value = 60, unit = "min", assumption = "tiny" }
deadline = { value = 30, unit = "min", assumption = "tiny" }
first_deadline = { value = "08:30", assumption = "tiny" }
awareness = { value = 1.0, assumption = "tiny" }
max_shift = { value = 60, unit = "min", assumption = "tiny" }
"""


def write_runs_scenario(folder: Path) -> Path:
    """The requests of `write_scenario` under four hourly runs a day, in the zone `whole`."""
    write_scenario(folder)
    path = folder / "runs.toml"
    path.write_text(LINES, encoding="utf-8")
    return path
