"""Errors of simulations, outcomes and comparisons.

    SimulationError
    +-- StudyError      (ValueError)   a study that cannot be run as asked
    +-- OutcomeError    (ValueError)   an outcome folder that cannot be read or written
    +-- ComparisonError (ValueError)   outcomes that cannot be set side by side
    +-- QueueError      (ValueError)   a queue that cannot be simulated or reckoned
    +-- ValidationError (ValueError)   a validation that cannot be run, kept or read

Each message is one sentence that names the file or the figure, the value and what would be right.
"""

from __future__ import annotations


class SimulationError(Exception):
    """Root of everything this package raises on purpose."""


class StudyError(SimulationError, ValueError):
    """A study asks for something that cannot be simulated."""


class OutcomeError(SimulationError, ValueError):
    """An outcome folder lacks a file, has a key of the wrong kind, or cannot be written."""


class ComparisonError(SimulationError, ValueError):
    """Outcomes cannot be set side by side."""


class QueueError(SimulationError, ValueError):
    """A queue of callers has parameters that no queue can have."""


class ValidationError(SimulationError, ValueError):
    """What was given to validate is no journal, or a file of a validation cannot be written or read."""
