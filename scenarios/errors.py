"""Errors of scenarios, recorded requests and workload folders.

    ScenarioError
    +-- ScenarioFileError (ValueError)   a scenario file that cannot be run as written
    +-- StudyFileError    (ValueError)   a study file that cannot be run as written
    +-- RequestFileError  (ValueError)   a file of recorded requests with a bad line
    +-- WorkloadError     (ValueError)   a workload folder that is incomplete or contradicts itself

Each message is one sentence that names the file, the key or line, the value and what would be right.
"""

from __future__ import annotations


class ScenarioError(Exception):
    """Root of everything this package raises on purpose."""


class ScenarioFileError(ScenarioError, ValueError):
    """A scenario file cannot be read, breaks its schema or contradicts the city it names."""


class StudyFileError(ScenarioError, ValueError):
    """A study file cannot be read, breaks its schema or names what its scenarios do not have."""


class RequestFileError(ScenarioError, ValueError):
    """A file of recorded requests has a line that cannot be used."""


class WorkloadError(ScenarioError, ValueError):
    """A workload folder lacks a file or has a line that cannot be used."""
