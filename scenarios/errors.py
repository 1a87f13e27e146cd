"""Errors of scenarios, recorded requests and workload folders.

    ScenarioError
    +-- ScenarioFileError (ValueError)   a scenario file that cannot be run as written
    +-- StudyFileError    (ValueError)   a study file that cannot be run as written
    +-- RequestFileError  (ValueError)   a file of recorded requests with a bad line
    +-- WorkloadError     (ValueError)   a workload folder that is incomplete or contradicts itself

Each message is one sentence that names the file, the key or line, the value and what would be right.
"""

from __future__ import annotations

from maas.i18n.wording import Wording


class ScenarioError(Exception):
    """Root of everything this package raises on purpose.

    Parameters
    ----------
    message
        The sentence; in both languages where planners meet it in a page.
    """

    def __init__(self, message: str | Wording) -> None:
        super().__init__(message.en if isinstance(message, Wording) else message)
        self.wording = message if isinstance(message, Wording) else Wording(message, message)


class ScenarioFileError(ScenarioError, ValueError):
    """A scenario file cannot be read, breaks its schema or contradicts the city it names."""


class StudyFileError(ScenarioError, ValueError):
    """A study file cannot be read, breaks its schema or names what its scenarios do not have."""


class RequestFileError(ScenarioError, ValueError):
    """A file of recorded requests has a line that cannot be used."""


class WorkloadError(ScenarioError, ValueError):
    """A workload folder lacks a file or has a line that cannot be used."""
