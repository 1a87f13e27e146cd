"""Journals on disk and in memory."""

from maas.store.journal import Journal, JournalHeader, JournalWriter, Record, read_journal

__all__ = ["Journal", "JournalHeader", "JournalWriter", "Record", "read_journal"]
