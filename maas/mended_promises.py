"""Promises that were known to be broken, and kept after all: what repairs achieved."""

from __future__ import annotations

from maas.dispatch import codec
from maas.store.journal import Journal


def mended_bookings(journal: Journal) -> int:
    """Bookings with a `PromiseBroken` of which no promise is broken any more where the journal ends.

    A `PromiseRevised` with an expected second within the promise mends its end; a `PromiseBroken` after it
    breaks it again.
    """
    broken, revised = journal.columns(codec.PROMISE_BROKEN), journal.columns(codec.PROMISE_REVISED)
    told = [
        (row, request, end, expected_s <= promised_s)
        for columns in (broken, revised)
        for row, request, end, promised_s, expected_s in zip(
            *(columns[name].tolist() for name in ("row", "request", "end", "promised_s", "expected_s")),
            strict=True,
        )
    ]
    is_kept = {(request, end): kept for _, request, end, kept in sorted(told)}
    still_broken = {request for (request, _), kept in is_kept.items() if not kept}
    return len({request for request, _ in is_kept} - still_broken)
