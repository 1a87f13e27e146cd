"""Roads with a name on tiny networks, and changes of them."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np

from maas.dispatch import codec
from maas.dispatch.codec import Row
from routing.network import Network
from routing.road_book import FURTHER_NOTICE_S, RoadChange


def named(network: Network, on: list[tuple[int, int]] | None = None) -> Network:
    """The network with the reference R1 on the arcs between the given ends, both ways; by default on all."""
    ends = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    index = np.array([on is None or pair in on or pair[::-1] in on for pair in ends], np.int16)
    return replace(network, references=("", "R1"), reference_index=index)


def stretch(
    network: Network,
    first: int,
    last: int,
    factor_pm: int = 0,
    begin_s: int = 0,
    end_s: int = FURTHER_NOTICE_S,
) -> RoadChange:
    """R1 between two nodes, closed or slower."""
    lat, lon = (np.round(np.asarray(axis) * 1e6).astype(int).tolist() for axis in (network.lat, network.lon))
    return RoadChange(1, lat[first], lon[first], lat[last], lon[last], factor_pm, begin_s, end_s)


def told(number: int, change: RoadChange) -> Row:
    """The command that makes a change known."""
    return (codec.CHANGE_ROADS, number, *astuple(change))


def reopened(number: int, change: RoadChange, now: int) -> Row:
    """The command that ends a change at `now`."""
    return told(number, replace(change, begin_s=min(change.begin_s, now - 1), end_s=now))
