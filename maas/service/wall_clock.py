"""The only place of the service that reads the wall clock."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Seconds of the service day."""

    def now_s(self) -> int:
        """The present second, negative before midnight of the service day."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """Real time.

    Parameters
    ----------
    midnight
        POSIX time of local midnight of the service day.
    """

    midnight: float

    def now_s(self) -> int:
        return math.floor(time.time() - self.midnight)
