"""What a policy is: pure functions from a state that is only read, and a request, to offers or a refusal."""

from __future__ import annotations

from typing import Protocol

from maas.dispatch.codec import Row
from maas.dispatch.tables import DispatchState


class Policy(Protocol):
    """Answers requests. Reads the state (its scratch space aside) and changes nothing."""

    def quote(self, state: DispatchState, requested: Row, command: Row, now: int) -> list[Row]:
        """Event rows that answer a request: up to three `TripOffered`, or one `TripRefused`.

        Parameters
        ----------
        requested
            The `TripRequested` row, not yet applied.
        command
            The `RequestTrip` row, with what only fares need (age band, disability).
        """
        ...
