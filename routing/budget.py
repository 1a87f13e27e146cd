"""How long a solver may work: iterations, or CPU seconds of the thread that asked."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from routing.errors import ProblemError


@dataclass(slots=True)
class Budget:
    """Iterations or CPU seconds, and what of them is spent. The clock starts when it is made.

    A limit on seconds is for people who wait; whatever must give the same answer twice stops by iterations.
    """

    iterations: int | None = None
    seconds: float | None = None
    done: int = field(default=0, init=False)
    _began: float = field(default_factory=time.thread_time, init=False)

    def __post_init__(self) -> None:
        if (self.iterations is None) == (self.seconds is None):
            raise ProblemError("a search needs a limit: give either iterations or seconds")
        limit = self.iterations if self.iterations is not None else self.seconds
        if limit is not None and not limit >= 0:
            raise ProblemError(f"the limit of a search is {limit}; it must not be negative")

    @property
    def cpu_s(self) -> float:
        """CPU seconds spent by this thread."""
        return time.thread_time() - self._began

    @property
    def share(self) -> float:
        """Spent part of the limit, 1 or more at its end."""
        if self.iterations is not None:
            return self.done / self.iterations if self.iterations else 1.0
        return self.cpu_s / self.seconds if self.seconds else 1.0
