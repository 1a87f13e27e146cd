"""Roads of a network by their reference: R293, P74."""

from __future__ import annotations

import difflib
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.errors import NoSuchRoadError
from routing.network import Network

_SHOWN: Final = 12


def reference_arcs(network: Network, reference: str) -> npt.NDArray[np.int32]:
    """Arcs that carry a road reference, in ascending order.

    Two roads that share a stretch carry both references there, with a semicolon between them as OpenStreetMap
    writes it ("4;293"): each of the two names finds the stretch.

    Returns
    -------
    int32, shape (k,), k >= 1.

    Raises
    ------
    NoSuchRoadError
        When no road of the network carries it; names the nearest reference that one carries.
    """
    carries = np.array([reference in _parts(text) for text in network.references], np.bool_)
    arcs = np.flatnonzero(carries[network.reference_index])
    if not reference or len(arcs) == 0:
        raise NoSuchRoadError(
            f"no road of {network.title} has the reference {reference!r}; {_remedy(network, reference)}"
        )
    return arcs.astype(np.int32)


def road_references(network: Network) -> tuple[str, ...]:
    """Every reference that a road of the network carries, each once, in the order of `network.references`; ""
    (no reference) is the first."""
    return tuple(dict.fromkeys(["", *(part for text in network.references for part in _parts(text))]))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]


def _remedy(network: Network, reference: str) -> str:
    used = np.unique(network.reference_index)
    known = sorted({part for index in used for part in _parts(network.references[index]) if part})
    if not known:
        return "its roads carry no references"
    close = difflib.get_close_matches(reference, known, 1, 0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"it has {', '.join(known[:_SHOWN])}{more}"
