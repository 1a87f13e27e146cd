"""The weighted half of a hierarchy: shortcuts, as kernels take them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.quantities import UNREACHABLE

FAR: Final = UNREACHABLE - 1
"""No way, inside the hierarchy: two of them still fit an int32."""


class ShortcutValues(NamedTuple):
    """Weights of slots, as kernels take them; int32, shape (slots,) or longer, `FAR` where there is no way.

    Parameters
    ----------
    forward, backward
        Upwards and downwards over lower nodes alone (basic customisation).
    exact_forward, exact_backward
        Over all nodes: the distances between the ends (perfect customisation).
    """

    forward: npt.NDArray[np.int32]
    backward: npt.NDArray[np.int32]
    exact_forward: npt.NDArray[np.int32]
    exact_backward: npt.NDArray[np.int32]


class SearchRows(NamedTuple):
    """What a query sees of a metric.

    Parameters
    ----------
    parent
        int32, shape (n,). The elimination tree.
    rows
        int32, shape (n, 4). First and end of the upward row of each rank in `arcs`, and of its downward row.
    arcs
        int32, shape (kept or more, 2). Higher end and weight of each slot that lies on shortest ways.
    """

    parent: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    arcs: npt.NDArray[np.int32]
