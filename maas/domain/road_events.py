"""Events of riders who meet a closed road."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DropoffMoved:
    """Nobody can drive to where a rider on board wants to go: she is to leave the vehicle at `place`, from
    where `walk_m` metres of the road are left that is closed."""

    request: int
    vehicle: int
    place: int
    walk_m: int
