"""Workload folders: a day of requests over a plain network, for comparisons of whole simulations.

A folder holds four CSV files; `docs/scenarios.md` gives the columns:

    nodes.csv     node, x, y                           metres in a plane
    edges.csv     from, to, length_m, travel_time_s    one direction each
    requests.csv  request, t, origin, destination      t = second of the day at which the request is asked
    vehicles.csv  vehicle, node, t0, t1, capacity      shift from t0 to t1, starting at the node
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from maas.service_definition import (
    BookingRules,
    CapacityRow,
    CostRates,
    Fares,
    FareStep,
    ServiceDefinition,
    Vehicle,
    VehicleType,
)
from routing.network import Network, RoadClass, build_network, strongly_connected_part
from scenarios.csv_table import CsvTable, read_csv
from scenarios.demand_day import NEVER, DemandDay, plain_day
from scenarios.errors import WorkloadError

NODE_COLUMNS = ("node", "x", "y")
EDGE_COLUMNS = ("from", "to", "length_m", "travel_time_s")
REQUEST_COLUMNS = ("request", "t", "origin", "destination")
VEHICLE_COLUMNS = ("vehicle", "node", "t0", "t1", "capacity")


@dataclass(frozen=True, eq=False, slots=True)
class Workload:
    """A workload folder, read and checked.

    Parameters
    ----------
    network
        Planar; `node_id` is the node's number in the files.
    day
        One rider a request, asked at its own time; requests with equal origin and destination are left out.
    vehicles, vehicle_types
        The fleet; one type a capacity.
    dropped_requests
        Requests left out because they begin where they end.
    """

    network: Network
    day: DemandDay
    vehicles: tuple[Vehicle, ...]
    vehicle_types: tuple[VehicleType, ...]
    dropped_requests: int


def read_workload(folder: Path | str) -> Workload:
    """Read a workload folder.

    Times of requests and shifts are floored to whole seconds, driving times of edges rounded half up to
    milliseconds (at least 1); parallel edges are kept, edges from a node to itself left out. Nodes outside
    the largest strongly connected part are left out.

    Raises
    ------
    WorkloadError
        When the folder or a file is missing, a line is bad, or a request or vehicle stands on a node that was
        left out.
    """
    path = Path(folder)
    if not path.is_dir():
        raise WorkloadError(
            f"{path} is not a folder; give one with nodes.csv, edges.csv, requests.csv, vehicles.csv"
        )
    network, dropped = _read_network(path)
    day, dropped_requests = _read_requests(path / "requests.csv", network, dropped)
    vehicles, types = _read_vehicles(path / "vehicles.csv", network, dropped)
    return Workload(network, day, vehicles, types, dropped_requests)


def workload_service(
    workload: Workload,
    name: str,
    *,
    max_wait_s: int,
    detour_alpha: float,
    detour_beta_s: int,
    stop_s: int,
) -> ServiceDefinition:
    """The service of a workload: one offer, decided at once, at no fare and no cost.

    Raises
    ------
    WorkloadError
        When `detour_alpha` is not a whole number of per cent.
    """
    percent = round(detour_alpha * 100)
    if abs(detour_alpha * 100 - percent) > 1e-6:
        raise WorkloadError(f"detour factor is {detour_alpha}; give at most two decimals, for example 1.30")
    return ServiceDefinition(
        name=name,
        policy="insertion",
        rules=BookingRules(
            advance_max_s=86_400,
            notice_min_s=0,
            max_wait_s=max_wait_s,
            detour_alpha_percent=percent,
            detour_beta_s=detour_beta_s,
            offers_max=1,
            offer_hold_s=0,
            stop_s=stop_s,
            wheelchair_stop_s=stop_s,
        ),
        vehicle_types=workload.vehicle_types,
        vehicles=workload.vehicles,
        fares=Fares((FareStep(up_to_m=0, yen=0),)),
        costs=CostRates(0, 0, 0),
    )


def _read_network(folder: Path) -> tuple[Network, frozenset[int]]:
    """The strongly connected part of the network, and the numbers of the nodes left out."""
    nodes = read_csv(folder / "nodes.csv", NODE_COLUMNS, WorkloadError)
    edges = read_csv(folder / "edges.csv", EDGE_COLUMNS, WorkloadError)
    if not len(nodes) or not len(edges):
        empty = nodes if not len(nodes) else edges
        raise WorkloadError(f"{empty.path} has no line below its header; give at least one")
    nodes.refuse_repeats("node")
    number = nodes.integers("node", 0)
    index = {int(n): i for i, n in enumerate(number)}
    tail = _node_indices(edges, "from", index)
    head = _node_indices(edges, "to", index)
    length_m = np.floor(edges.floats("length_m", 0.0) + 0.5).astype(np.int64)
    travel_ms = np.maximum(np.floor(edges.floats("travel_time_s", 0.0) * 1000 + 0.5).astype(np.int64), 1)
    for column, values in (("length_m", length_m), ("travel_time_s", travel_ms)):
        for row in np.flatnonzero(values >= 2**31)[:1]:
            raise edges.fault(int(row), f"{column} is {edges.texts(column)[row]}; give less than 2,000,000")
    kept = np.flatnonzero(tail != head)
    whole = build_network(
        tail=tail[kept],
        head=head[kept],
        length_m=length_m[kept],
        travel_ms=travel_ms[kept],
        road_class=np.full(len(kept), int(RoadClass.UNCLASSIFIED)),
        lat=nodes.floats("y"),
        lon=nodes.floats("x"),
        node_id=number,
        title=f"workload {folder.name}",
        is_planar=True,
    )
    network, _, _ = strongly_connected_part(whole)
    return network, frozenset(int(n) for n in np.setdiff1d(number, network.node_id))


def _node_indices(edges: CsvTable, column: str, index: dict[int, int]) -> npt.NDArray[np.int64]:
    found = np.empty(len(edges), np.int64)
    for row, number in enumerate(edges.integers(column)):
        if int(number) not in index:
            raise edges.fault(row, f"{column} is node {number}, which nodes.csv does not name; add it there")
        found[row] = index[int(number)]
    return found


def _places(table: CsvTable, column: str, network: Network, dropped: frozenset[int]) -> npt.NDArray[np.int64]:
    """Node indices of a column of node numbers."""
    index = {int(n): i for i, n in enumerate(network.node_id)}
    places = np.empty(len(table), np.int64)
    for row, number in enumerate(table.integers(column)):
        if int(number) in dropped:
            raise table.fault(
                row,
                f"{column} {number} is a node from which not every other node can be reached and back;"
                " add the missing edges or choose another node",
            )
        if int(number) not in index:
            raise table.fault(row, f"{column} {number} is a node that nodes.csv does not name; add it there")
        places[row] = index[int(number)]
    return places


def _read_requests(path: Path, network: Network, dropped: frozenset[int]) -> tuple[DemandDay, int]:
    table = read_csv(path, REQUEST_COLUMNS, WorkloadError)
    table.refuse_repeats("request")
    rider = table.integers("request", 0)
    asked_s = np.floor(table.floats("t")).astype(np.int64)
    for row in np.flatnonzero(np.abs(asked_s) >= NEVER)[:1]:
        raise table.fault(int(row), f"t is {table.texts('t')[row]}; give seconds of the day")
    origin = _places(table, "origin", network, dropped)
    destination = _places(table, "destination", network, dropped)
    moves = origin != destination
    rider, asked_s, origin, destination = rider[moves], asked_s[moves], origin[moves], destination[moves]
    day = plain_day(rider, asked_s, origin, destination)
    return day, int(len(moves) - moves.sum())


def _read_vehicles(
    path: Path, network: Network, dropped: frozenset[int]
) -> tuple[tuple[Vehicle, ...], tuple[VehicleType, ...]]:
    table = read_csv(path, VEHICLE_COLUMNS, WorkloadError)
    if not len(table):
        raise WorkloadError(f"{path} has no line below its header; give at least one vehicle")
    table.refuse_repeats("vehicle")
    place = _places(table, "node", network, dropped)
    start_s, end_s = np.floor(table.floats("t0")), np.floor(table.floats("t1"))
    capacity = table.integers("capacity", 1)
    vehicles = []
    for row, vehicle_id in enumerate(table.texts("vehicle")):
        if end_s[row] <= start_s[row]:
            raise table.fault(
                row,
                f"shift ends at {end_s[row]:.0f} s, not after its start ({start_s[row]:.0f} s); give t1 > t0",
            )
        vehicles.append(
            Vehicle(
                vehicle_id=vehicle_id,
                vehicle_type=_type_name(int(capacity[row])),
                base=int(network.node_id[place[row]]),
                start_s=int(start_s[row]),
                end_s=int(end_s[row]),
                returns_to_base=False,
            )
        )
    types = tuple(
        VehicleType(_type_name(seats), (CapacityRow(seats=1, wheelchairs=1, limit=seats),), co2_g_per_km=0)
        for seats in sorted({int(c) for c in capacity})
    )
    return tuple(vehicles), types


def _type_name(seats: int) -> str:
    return f"{seats} seats"
