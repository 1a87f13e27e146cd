"""What people call the places of a study: the town nearest to each node of its roads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import streamlit as st

from routing.network import Network
from scenarios.city import embedded_city


@st.cache_resource(max_entries=8, show_spinner=False)
def town_by_place(network_file: str) -> dict[int, str]:
    """Town by stable place_id of a network; empty for roads that are not those of the embedded city."""
    city = embedded_city()
    if not city.towns or city.network.hash != Path(network_file).stem:
        return {}
    network = Network.load(network_file)
    towns = np.array([[network.lat[town.node], network.lon[town.node]] for town in city.towns])
    # A degree of longitude is shorter than one of latitude: compare in equal units.
    shrink = np.array([1.0, np.cos(np.radians(towns[:, 0].mean()))])
    at = np.column_stack((network.lat, network.lon)) * shrink
    nearest = np.argmin(((at[:, None, :] - towns[None, :, :] * shrink) ** 2).sum(axis=2), axis=1)
    return {
        int(place): city.towns[int(town)].name for place, town in zip(network.node_id, nearest, strict=True)
    }


def names_of(places: Iterable[int], known: dict[int, str]) -> list[str]:
    """The towns of places; the bare place_id where none is known."""
    return [known.get(int(place), str(int(place))) for place in places]
