"""Errors of the routing core.

RoutingError
+-- NetworkError   (ValueError)    a road network that contradicts itself, or its file cannot be read
+-- OsmFileError   (ValueError)    an OpenStreetMap file that is truncated or has no road
+-- SnapError      (LookupError)   a coordinate too far from every road
+-- DownloadError  (OSError)       a place that cannot be fetched
+-- ProblemError   (ValueError)    a routing problem whose arrays contradict each other
+-- InstanceError  (ValueError)    a benchmark instance that cannot be read
+-- SolutionError  (ValueError)    a solution that does not belong to its instance, or cannot be read
+-- IsochroneError (ValueError)    a reachable area that cannot be found or written as asked
+-- NoSuchRoadError (LookupError)  no road carries the reference asked for
+-- ProfileError   (ValueError)    periods that do not cover the day once, or a factor that is none
+-- ClosureError   (ValueError)    a closed road without a stretch, a time or a meaning
"""

from __future__ import annotations


class RoutingError(Exception):
    """Root of everything this package raises on purpose."""


class NetworkError(RoutingError, ValueError):
    """A road network contradicts itself, or its file cannot be read."""


class OsmFileError(RoutingError, ValueError):
    """An OpenStreetMap file is truncated, of another format, or has no road."""


class SnapError(RoutingError, LookupError):
    """A coordinate is too far from every road, or is no coordinate."""


class DownloadError(RoutingError, OSError):
    """A place could not be fetched."""


class ProblemError(RoutingError, ValueError):
    """The arrays of a routing problem contradict each other."""


class InstanceError(RoutingError, ValueError):
    """A benchmark instance is cut off, contradicts itself, or is of another format."""


class SolutionError(RoutingError, ValueError):
    """A solution names what its instance does not have, or its file cannot be read."""


class IsochroneError(RoutingError, ValueError):
    """A reachable area cannot be found or written as asked."""


class OrderError(RoutingError, ValueError):
    """A node order, or a file of one, does not belong to the network it is given for."""


class WeightError(RoutingError, ValueError):
    """Arc weights are negative, too large, or not one for each arc."""


class NoWayError(RoutingError, LookupError):
    """There is no way between the two places of a path."""


class NoSuchRoadError(RoutingError, LookupError):
    """No road of a network carries the reference it is asked for."""


class ProfileError(RoutingError, ValueError):
    """Periods of a speed profile do not cover the day once, or a factor is no factor."""


class ClosureError(RoutingError, ValueError):
    """A closed road has no stretch, no time, or no meaning."""
