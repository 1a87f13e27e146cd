"""Chapters as an A4 PDF, typeset by Typst with fonts that come with the program."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from dashboards.errors import ReportError
from dashboards.evidence.exhibits import (
    Chapter,
    ChartExhibit,
    Exhibit,
    TableExhibit,
    TextExhibit,
)
from dashboards.evidence.kpis import MARKS
from dashboards.evidence.palette import ACCENT, INK, MARK_COLOURS, MUTED, RULE
from dashboards.fonts import PACKAGED_FAMILY, packaged_font_folder, plain_font_folder
from dashboards.report.blanks import BLANKS
from dashboards.report.column_widths import column_widths, text_em
from dashboards.report.front import Front
from dashboards.report.suppression import note_of, texts_of
from dashboards.report.whole_files import write_whole
from maas.i18n.wording import Language, Wording

TEMPLATE: Final = "report.typ"
_NO_DATE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The same study makes the same bytes, whenever it is printed."""

_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_BREAKS: Final = re.compile(r"([/._?&=\[(])(?=.)")
_TITLE_PT: Final = (17.0, 14.5)
_TEXT_PT: Final = 470.0
"""Width of the text, a little less than 170 mm."""

_LONG: Final = 18
"""Words of more characters may be broken."""

_WORDS: Final = {
    "figure": Wording("Figure", "図"),
    "table": Wording("Table", "表"),
    "contents": Wording("Contents", "目次"),
    "sources": Wording("Sources: ", "出典: "),
    "hash": Wording("run ", "実行ハッシュ "),
}


def write_pdf(chapters: Sequence[Chapter], out: Path | str, language: Language, *, front: Front) -> Path:
    """Write chapters as an A4 PDF; the file appears whole or not at all.

    Parameters
    ----------
    chapters
        Made in the same language.
    out
        The file.

    Raises
    ------
    ReportError
        When a font is missing, Typst refuses, or the file cannot be written.
    """
    return write_whole(Path(out), pdf_bytes(chapters, language, front=front))


def refuse_missing_font() -> None:
    """Raise `ReportError` where a font is missing: told before anything else is made."""
    _font_folders()


def pdf_bytes(chapters: Sequence[Chapter], language: Language, *, front: Front) -> bytes:
    """The PDF of `write_pdf`.

    Raises
    ------
    ReportError
        When a font is missing or Typst refuses.
    """
    (content,) = _compiled(chapters, language, front, "pdf")
    return content


def page_pictures(
    chapters: Sequence[Chapter], language: Language, *, front: Front, dots_per_inch: float = 100.0
) -> list[bytes]:
    """Each page as a PNG picture, to look at.

    Raises
    ------
    ReportError
        As `pdf_bytes`.
    """
    return _compiled(chapters, language, front, "png", dots_per_inch)


def _compiled(
    chapters: Sequence[Chapter],
    language: Language,
    front: Front,
    kind: str,
    dots_per_inch: float | None = None,
) -> list[bytes]:
    import typst

    document = {
        "language": language,
        "title": front.title.text(language),
        "title_pt": _title_pt(front.title.text(language)),
        "kind": front.kind.text(language),
        "lines": [line.text(language) for line in front.lines],
        "remarks": [words.text(language) for words in front.remarks],
        "credits": list(front.credits),
        "hash": front.run_hash,
        "words": {key: words.text(language) for key, words in _WORDS.items()},
        "fonts": [PACKAGED_FAMILY, "DejaVu Sans"] if language == "ja" else ["DejaVu Sans", PACKAGED_FAMILY],
        "colours": {"ink": INK, "muted": MUTED, "rule": RULE, "accent": ACCENT},
        "marks": {sign: MARK_COLOURS[mark] for mark, sign in MARKS.items()},
        "blanks": "|".join(re.escape(words.text(language)) for words in BLANKS),
        "chapters": [_chapter(chapter, language) for chapter in chapters],
    }
    template = files("dashboards.report").joinpath(TEMPLATE).read_bytes()
    try:
        found = typst.compile(
            template,
            font_paths=[str(folder) for folder in _font_folders()],
            ignore_system_fonts=True,
            format=kind,  # type: ignore[call-overload]
            ppi=dots_per_inch,
            sys_inputs={"report": json.dumps(document, ensure_ascii=False)},
            timestamp=_NO_DATE,
        )
    except typst.TypstError as error:
        raise ReportError(f"the report cannot be typeset: {error}; report it as a fault of maas") from error
    return found if isinstance(found, list) else [found]


def _title_pt(title: str) -> float:
    """As large as one line lets it be, within what a title should be."""
    most, least = _TITLE_PT
    return max(least, min(most, _TEXT_PT / max(text_em(title, "ja"), 1.0)))


def _font_folders() -> list[Path]:
    japanese = packaged_font_folder()
    if japanese is None:
        raise ReportError(
            f"the font {PACKAGED_FAMILY} is missing; install it with: pip install matplotlib-fontja"
        )
    return [japanese, plain_font_folder()]


def _chapter(chapter: Chapter, language: Language) -> dict[str, Any]:
    shown = [
        exhibit
        for exhibit in chapter.exhibits
        if not (isinstance(exhibit, TableExhibit) and exhibit.is_export_only)
    ]
    return {
        "name": chapter.name,
        "title": chapter.title.text(language),
        "exhibits": [_exhibit(exhibit, language) for exhibit in shown],
    }


def _exhibit(exhibit: Exhibit, language: Language) -> dict[str, Any]:
    said: dict[str, Any] = {"name": exhibit.name, "title": exhibit.title.text(language)}
    match exhibit:
        case TextExhibit():
            return said | {
                "kind": "text",
                "paragraphs": [
                    {"label": None if label is None else label.text(language), "text": words.text(language)}
                    for label, words in exhibit.paragraphs
                ],
            }
        case ChartExhibit():
            return said | {
                "kind": "chart",
                "svg": exhibit.svg.decode(),
                "alt": exhibit.alt.text(language),
                "note": _note(exhibit.note, language),
            }
        case TableExhibit():
            return said | _table(exhibit, language) | {"note": _note(note_of(exhibit), language)}


def _table(table: TableExhibit, language: Language) -> dict[str, Any]:
    columns = [column for column in table.shown_columns if column.key != table.block_key]
    kept = [place for place, column in enumerate(table.shown_columns) if column.key != table.block_key]
    cells = [[_breakable(line[place]) for place in kept] for line in texts_of(table)]
    blocks: list[str | None] = [None] * len(cells)
    if table.block_key is not None:
        values = [str(value) for value in table.rows[table.block_key]]
        blocks = [value if row == 0 or value != values[row - 1] else None for row, value in enumerate(values)]
    heads = [column.head(language) for column in columns]
    widths = column_widths(heads, cells, [column.decimals is not None for column in columns], language)
    return {
        "kind": "table",
        "heads": heads,
        "is_number": [column.decimals is not None for column in columns],
        "widths": widths,
        "rows": cells,
        "blocks": blocks,
    }


def _breakable(text: str) -> str:
    """Long addresses, keys and hashes may break after a slash, a dot or an underscore."""
    return " ".join(
        _BREAKS.sub(rf"\1{_BREAK}", word) if len(word) > _LONG else word for word in text.split(" ")
    )


def _note(note: Wording | None, language: Language) -> str | None:
    return None if note is None else note.text(language)
