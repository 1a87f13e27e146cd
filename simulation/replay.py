"""A journal replayed over its network: do its events fit one another, and would they be decided again?"""

from __future__ import annotations

from pathlib import Path

from maas.dispatch.dispatcher import Dispatcher
from maas.domain.errors import JournalError
from maas.store.journal import Journal
from maas.store.journal_check import check_journal
from routing.network import Network
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from scenarios.preparation import cache_folder
from simulation.outcomes import NETWORK


def network_beside(journal_file: Path) -> Path | None:
    """The network file of the outcome that a journal lies in; None if there is none."""
    home = journal_file.resolve().parent
    return next((place / NETWORK for place in (home, home.parent) if (place / NETWORK).is_file()), None)


def refuse_faults(journal: Journal) -> None:
    """Raise `JournalError` with the first thing that a journal shows to be wrong by itself."""
    faults = check_journal(journal)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise JournalError(f"{faults[0].rstrip('.')}{more}; restore the journal from a copy")


def fold_journal(journal: Journal, network: Network, *, decides_again: bool = False) -> None:
    """Rebuild the state from a journal's events; with `decides_again` also take every decision anew.

    Raises
    ------
    JournalError
        When the network is not that of the journal, an event does not fit what came before it, or a decision
        comes out otherwise.
    """
    if network.hash != journal.header.network_hash:
        raise JournalError(
            f"the network has hash {network.hash[:12]}..., the journal was written over"
            f" {journal.header.network_hash[:12]}...; give the network.net of its outcome"
        )
    folder = cache_folder()
    travel_times = DenseTravelTimes.cached(network, folder)
    roads = RoadBook(network, travel_times, journal.header.speed_profiles, folder)
    records = journal.to_indices(network.node_id)
    Dispatcher(journal.header.service, roads, network.node_id).fold(records)
    if decides_again:
        Dispatcher(journal.header.service, roads, network.node_id).replay(records)
