"""Solutions in the public route format: lines `Route 1 : 32 171 65`, by the row numbers of the instance.

Before the first route anything may stand (name, authors, date); routes may carry any number and are taken in
the order of the file, one vehicle after the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from routing.errors import SolutionError
from routing.instances import Instance

ROUTE = re.compile(r"\s*route\s*#?\s*\d+\s*:(.*)", re.IGNORECASE)


def read_solution(path: Path, instance: Instance) -> list[list[int]]:
    """Visits of each vehicle's route, one list for every vehicle of the instance.

    Raises
    ------
    SolutionError
        The file holds no route, names a row that is no pickup or delivery, names one twice, or has more
        routes than there are vehicles: the sentence names the line.
    OSError
        It cannot be opened.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise SolutionError(f"{path}: is no text file; give lines such as Route 1 : 32 171 65") from None
    problem = instance.problem
    visit_at = {int(place): visit for visit, place in enumerate(problem.visit_place.tolist())}
    routes: list[list[int]] = []
    made: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        found = ROUTE.fullmatch(line)
        if found is None:
            if routes and line.strip() and re.match(r"[\d\s]+$", line):
                raise SolutionError(f"{path}: line {number}: numbers without a route; begin with Route n :")
            continue
        route = []
        for word in found[1].split():
            row = int(word) if word.isdecimal() else -1
            if row not in visit_at:
                raise SolutionError(
                    f"{path}: line {number}: {word} is no pickup or delivery of {instance.name};"
                    f" its rows are 1 to {2 * problem.request_count}"
                )
            if row in made:
                raise SolutionError(
                    f"{path}: line {number}: visits row {row} again, which line {made[row]} visits;"
                    " each row is visited once"
                )
            made[row] = number
            route.append(visit_at[row])
        if len(routes) == problem.vehicle_count:
            raise SolutionError(
                f"{path}: line {number}: is route {len(routes) + 1}; {instance.name} has"
                f" {problem.vehicle_count} vehicles"
            )
        routes.append(route)
    if not routes:
        raise SolutionError(f"{path}: holds no route; give lines such as Route 1 : 32 171 65")
    return routes + [[] for _ in range(problem.vehicle_count - len(routes))]


def write_solution(path: Path, instance: Instance, routes: Sequence[Sequence[int]], reference: str) -> None:
    """Write the routes that are used; `reference` says how they were found.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    lines = [f"Instance name : {instance.name}", f"Reference     : {reference}", "Solution"]
    used = [route for route in routes if route]
    for k, route in enumerate(used, 1):
        rows = " ".join(str(int(instance.problem.visit_place[visit])) for visit in route)
        lines.append(f"Route {k} : {rows}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
