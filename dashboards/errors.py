"""Errors of the pictures.

DashboardError
+-- MapError   (ValueError)   a map that cannot be drawn or written as asked
+-- ChartError (ValueError)   a chart that cannot be drawn or written as asked
+-- ReplayError (ValueError)  a day that cannot be replayed on the map
+-- ReportError (ValueError)  a report that cannot be typeset or written as asked
"""

from __future__ import annotations


class DashboardError(Exception):
    """Root of everything this package raises on purpose."""


class MapError(DashboardError, ValueError):
    """A map cannot be drawn or written as asked."""


class ChartError(DashboardError, ValueError):
    """A chart cannot be drawn or written as asked."""


class ReplayError(DashboardError, ValueError):
    """A day cannot be replayed on the map."""


class ReportError(DashboardError, ValueError):
    """A report cannot be typeset or written as asked."""
