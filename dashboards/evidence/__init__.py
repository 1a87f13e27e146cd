"""Evidence of a study: tables, charts and words, made once for every kind of paper and page."""

from __future__ import annotations

from dashboards.evidence.chapters import evidence
from dashboards.evidence.exhibits import (
    Chapter,
    ChartExhibit,
    Column,
    Exhibit,
    TableExhibit,
    TextExhibit,
    tables_of,
)

__all__ = [
    "Chapter",
    "ChartExhibit",
    "Column",
    "Exhibit",
    "TableExhibit",
    "TextExhibit",
    "evidence",
    "tables_of",
]
