"""What the tags of one OpenStreetMap way mean for a van: may it drive here, which way, how fast.

Pure functions of a tag dictionary: no file, no geometry. `classify_way` answers for ways, `blocks_vehicles`
for nodes, both for one kind of `Vehicle`.

Sources: the OpenStreetMap wiki pages on `highway`, `oneway`, `access`, `barrier` and `maxspeed`. Free-flow
speeds are assumptions for Japan, see `FREE_FLOW_KPH`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from routing.network import RoadClass

FREE_FLOW_KPH: Final[Mapping[str, tuple[RoadClass, float]]] = {
    "motorway": (RoadClass.MOTORWAY, 80.0),
    "motorway_link": (RoadClass.MOTORWAY, 40.0),
    "trunk": (RoadClass.TRUNK, 50.0),
    "trunk_link": (RoadClass.TRUNK, 40.0),
    "primary": (RoadClass.PRIMARY, 45.0),
    "primary_link": (RoadClass.PRIMARY, 35.0),
    "secondary": (RoadClass.SECONDARY, 40.0),
    "secondary_link": (RoadClass.SECONDARY, 30.0),
    "tertiary": (RoadClass.TERTIARY, 35.0),
    "tertiary_link": (RoadClass.TERTIARY, 30.0),
    "unclassified": (RoadClass.UNCLASSIFIED, 30.0),
    "road": (RoadClass.UNCLASSIFIED, 25.0),
    "residential": (RoadClass.RESIDENTIAL, 25.0),
    "living_street": (RoadClass.RESIDENTIAL, 15.0),
    "service": (RoadClass.SERVICE, 15.0),
}
"""Class and free-flow speed in km/h of each `highway` value that a van may use.

Assumptions, not measurements: means over a whole road with its signals and bends, by day, in a Japanese town.
National roads 45-55, prefectural 40-45, town streets 25-30 km/h (collected for Sakura with an error of about
15 %); links, living streets and service roads are ours. Used where a way carries no `maxspeed` that can be
read.
"""

MAXSPEED_FACTOR: Final = 0.9
"""Free-flow speed over the posted limit (assumption).

A limit is what the best metre of a road allows; signals, bends and side streets keep the mean below it. The
speeds of `FREE_FLOW_KPH` are about nine tenths of the limits usual on such roads in Japan (60, 50, 40 km/h).
"""

KM_PER_MILE: Final = 1.609344
WALKING_PACE_KPH: Final = 7.0
SLOWEST_KPH: Final = 5.0
FASTEST_KPH: Final = 130.0


class Vehicle(StrEnum):
    """As what the law and the signs see our vehicles; decides which tags and exceptions hold for them.

    A demand bus without a fixed route is a motorcar to most signs: "except buses" means line buses in Japan.
    """

    MOTORCAR = "motorcar"
    TAXI = "taxi"
    BUS = "bus"

    @property
    def keys(self) -> tuple[str, ...]:
        """The access keys that concern it, the most special first."""
        return _ACCESS_KEYS[self]


_ACCESS_KEYS: Final[Mapping[Vehicle, tuple[str, ...]]] = {
    Vehicle.MOTORCAR: ("motorcar", "motor_vehicle", "vehicle", "access"),
    Vehicle.TAXI: ("taxi", "psv", "motorcar", "motor_vehicle", "vehicle", "access"),
    Vehicle.BUS: ("bus", "psv", "motor_vehicle", "vehicle", "access"),
}
_CLOSED: Final = frozenset(
    {
        "no",
        "private",
        "agricultural",
        "forestry",
        "delivery",
        "emergency",
        "military",
        "use_sidepath",
        "foot",
        "bus",
        "psv",
        "taxi",
    }
)
_CLAUSE = re.compile(r"([^@;()]+)@\s*(\([^)]*\)|[^;]*)")
"""One `value @ condition` of a conditional tag."""
_SIZE = re.compile(r"^\W*(max)?(weight|axleload|axles|length|width|height)\b")
"""A condition on the size of the vehicle: taken not to bind a van."""
_UNBUILT: Final = frozenset({"construction", "proposed", "planned", "abandoned", "razed", "demolished"})
_FORWARD: Final = frozenset({"yes", "true", "1"})
_BACKWARD: Final = frozenset({"-1", "reverse"})
_BOTH: Final = frozenset({"no", "false", "0", "alternating"})
_CIRCLES: Final = frozenset({"roundabout", "circular"})
_SOLID_BARRIERS: Final = frozenset(
    {
        "bollard",
        "block",
        "bus_trap",
        "chain",
        "cycle_barrier",
        "debris",
        "full-height_turnstile",
        "horse_stile",
        "jersey_barrier",
        "kissing_gate",
        "log",
        "motorcycle_barrier",
        "planter",
        "rope",
        "stile",
        "sump_buster",
        "turnstile",
        "wall",
        "fence",
    }
)
_SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?$")


class DropReason(StrEnum):
    """Why a way of the file is no road of the network."""

    NOT_A_ROAD = "not_a_road"  # footways, paths, tracks, steps
    FERRY = "ferry"
    NOT_BUILT = "not_built"
    AREA = "area"
    PARKING_AISLE = "parking_aisle"
    NO_ACCESS = "no_access"
    CONDITIONAL_ACCESS = "conditional_access"  # closed at some hours or under some condition
    REVERSIBLE = "reversible"


@dataclass(frozen=True, slots=True)
class RoadRule:
    """One way as a van sees it.

    Speeds are free-flow, in km/h, along and against the order of the nodes in the file.
    """

    road_class: RoadClass
    is_open_forward: bool
    is_open_backward: bool
    forward_kph: float
    backward_kph: float
    reference: str
    name: str
    has_unread_tag: bool  # an `oneway` or `maxspeed` value that says nothing we know
    has_conditional_tag: bool  # a direction or limit that changes under a condition; the plain tag holds


def classify_way(
    tags: Mapping[str, str], vehicle: Vehicle = Vehicle.MOTORCAR
) -> RoadRule | DropReason | None:
    """How a van may use this way, or why it may not; None when the way has nothing to do with roads."""
    if tags.get("route") == "ferry":
        return DropReason.FERRY
    highway = tags.get("highway")
    if highway is None:
        return None
    if highway in _UNBUILT:
        return DropReason.NOT_BUILT
    entry = FREE_FLOW_KPH.get(highway)
    if entry is None:
        return DropReason.NOT_A_ROAD
    if tags.get("area") == "yes":
        return DropReason.AREA
    if highway == "service" and tags.get("service") == "parking_aisle":
        return DropReason.PARKING_AISLE
    if is_access_conditional(tags, vehicle):
        return DropReason.CONDITIONAL_ACCESS
    if not is_access_open(tags, vehicle):
        return DropReason.NO_ACCESS
    directions = _directions(highway, tags, vehicle)
    if isinstance(directions, DropReason):
        return directions
    is_open_forward, is_open_backward, is_oneway_unread = directions
    road_class, free_flow_kph = entry
    limits = [tags.get("maxspeed:forward"), tags.get("maxspeed:backward"), tags.get("maxspeed")]
    forward_kph = _speed_kph(limits[0] or limits[2], free_flow_kph)
    backward_kph = _speed_kph(limits[1] or limits[2], free_flow_kph)
    return RoadRule(
        road_class=road_class,
        is_open_forward=is_open_forward,
        is_open_backward=is_open_backward,
        forward_kph=forward_kph,
        backward_kph=backward_kph,
        reference=_one_line(tags.get("ref", "")),
        name=_one_line(tags.get("name", "")),
        has_unread_tag=is_oneway_unread
        or any(
            limit is not None and limit_kph(limit) is None and not _is_limitless(limit) for limit in limits
        ),
        has_conditional_tag=any(
            key.endswith(":conditional") and key.startswith(("oneway", "maxspeed")) for key in tags
        ),
    )


def is_access_open(tags: Mapping[str, str], vehicle: Vehicle = Vehicle.MOTORCAR) -> bool:
    """Whether a van may pass: the most special of the vehicle's access keys that is tagged decides.

    `destination`, `permissive`, `customers` and values we do not know are open: whoever lives there may be
    fetched there. A list such as `agricultural;forestry` is closed when every part is.
    """
    for key in vehicle.keys:
        value = tags.get(key)
        if value is not None:
            return not _closes(value, vehicle)
    return True


def is_access_conditional(tags: Mapping[str, str], vehicle: Vehicle = Vehicle.MOTORCAR) -> bool:
    """Whether a condition opens or closes the way at some hours, so that no plan may count on it.

    A `*:conditional` tag counts unless a more special key decides, or all its conditions are about the size
    of the vehicle, or it only repeats that an open way is open.
    """
    is_open = is_access_open(tags, vehicle)
    for key in vehicle.keys:
        for clause in _CLAUSE.finditer(tags.get(f"{key}:conditional", "")):
            if not _SIZE.match(clause[2]) and _closes(clause[1], vehicle) == is_open:
                return True
        if key in tags:
            return False
    return False


def _closes(value: str, vehicle: Vehicle) -> bool:
    parts = [part.strip() for part in value.lower().split(";")]
    return all(part in _CLOSED and part not in vehicle.keys for part in parts)


def blocks_vehicles(tags: Mapping[str, str], vehicle: Vehicle = Vehicle.MOTORCAR) -> bool:
    """Whether a node with these tags stops a van.

    A bollard or the like stops it unless an access tag opens it; a gate, a lift gate or a toll booth lets it
    through unless an access tag closes it, if only at some hours.
    """
    barrier = tags.get("barrier")
    if barrier is None:
        return False
    if is_access_conditional(tags, vehicle):
        return True
    if any(key in tags for key in vehicle.keys):
        return not is_access_open(tags, vehicle)
    return barrier in _SOLID_BARRIERS


def limit_kph(value: str) -> float | None:
    """The speed limit that a `maxspeed` value posts, in km/h; None when it posts none or cannot be read.

    Of several values (`50;30`) the lowest counts.
    """
    limits = []
    for part in value.lower().split(";"):
        if part.strip() == "walk":
            limits.append(WALKING_PACE_KPH)
            continue
        match = _SPEED.match(part.strip())
        if match is None or float(match[1]) <= 0:
            return None
        limits.append(float(match[1]) * (KM_PER_MILE if match[2] == "mph" else 1.0))
    return min(limits)


def _is_limitless(value: str) -> bool:
    """`none`, `signals` and zone names (`JP:urban`) are read, and mean: no figure on this way."""
    return value in {"none", "signals", "variable", "implicit"} or ":" in value


def _speed_kph(maxspeed: str | None, free_flow_kph: float) -> float:
    limit = None if maxspeed is None else limit_kph(maxspeed)
    if limit is None:
        return free_flow_kph
    return min(max(limit * MAXSPEED_FACTOR, SLOWEST_KPH), FASTEST_KPH)


def _directions(
    highway: str, tags: Mapping[str, str], vehicle: Vehicle
) -> tuple[bool, bool, bool] | DropReason:
    """Open along the way, open against it, and whether the `oneway` value was not understood.

    Motorways and roundabouts run one way unless tagged otherwise; `oneway:bus` and the like come first.
    """
    is_implied = highway == "motorway" or tags.get("junction") in _CIRCLES
    own = (tags[f"oneway:{key}"] for key in vehicle.keys if f"oneway:{key}" in tags)
    value = next(own, tags.get("oneway"))
    match value.strip().lower() if value is not None else None:
        case None:
            return True, not is_implied, False
        case "reversible":
            return DropReason.REVERSIBLE
        case text if text in _FORWARD:
            return True, False, False
        case text if text in _BACKWARD:
            return False, True, False
        case text if text in _BOTH:
            return True, True, False
        case _:
            return True, not is_implied, True


def _one_line(text: str) -> str:
    return " ".join(text.split())
