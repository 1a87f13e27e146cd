"""Errors of the dispatcher.

MaasError
+-- ServiceDefinitionError (ValueError)   a service that cannot be run as written
+-- CommandError           (ValueError)   a command that no sender may send
+-- ServingError           (RuntimeError) a dispatcher that stopped in the middle of a batch
+-- JournalError           (ValueError)   a journal that cannot be read or does not fold
+-- FigureHistoryError     (ValueError)   a history of measured figures that cannot be read
+-- EquityError            (ValueError)   values and people that cannot be set against each other
"""

from __future__ import annotations


class MaasError(Exception):
    """Root of everything this package raises on purpose."""


class ServiceDefinitionError(MaasError, ValueError):
    """A service definition contradicts itself."""


class CommandError(MaasError, ValueError):
    """A command names something that does not exist or a figure out of range."""


class ServingError(MaasError, RuntimeError):
    """A dispatcher whose state may be torn is asked to go on."""


class JournalError(MaasError, ValueError):
    """A journal is torn, changed, of another format, or does not fold."""


class FigureHistoryError(MaasError, ValueError):
    """A history of measured figures is missing, or a line of it is no row of a figure."""


class EquityError(MaasError, ValueError):
    """Values and people do not fit, or their spread is not defined."""
