"""A report as one HTML file: everything in it, nothing fetched, readable without scripts."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Final

from dashboards.evidence.exhibits import Chapter, ChartExhibit, Exhibit, TableExhibit, TextExhibit
from dashboards.evidence.kpis import MARKS
from dashboards.report.front import Front
from dashboards.report.suppression import HIDDEN, hidden_rows, note_of, texts_of
from dashboards.report.whole_files import write_whole
from maas.i18n.wording import Language, Wording

REPLAY: Final = "replay"
"""Name of the chapter with the moving map."""

_LONG_TABLE: Final = 60
"""Tables of more rows are folded on the screen, and left out on paper."""

_SCRIPTS: Final = "; script-src 'unsafe-inline'"
"""Let the moving map run: it lives by the policy of the report as well as by its own."""

_WORDS: Final = {
    "contents": Wording("Contents", "目次"),
    "skip": Wording("To the content", "本文へ"),
    "sources": Wording("Sources:", "出典:"),
    "run": Wording("run {hash}", "実行ハッシュ {hash}"),
    "figure": Wording("Figure {number}", "図{number}"),
    "table": Wording("Table {number}", "表{number}"),
    "numbers": Wording("The numbers of this figure ({rows} rows)", "図の数値（{rows}行）"),
    "fold": Wording("Show the table ({rows} rows)", "表を開く（{rows}行）"),
    "in_workbook": Wording(": in the workbook", "はExcelブックに掲載"),
    "replay": Wording("A day on the map", "地図でみる1日"),
    "replay_note": Wording(
        "Press play, or drag the slider; both maps keep one clock.",
        "再生ボタンを押すか、スライダーを動かす。両方の地図は同じ時計で動く。",
    ),
    "replay_paper": Wording(
        "The moving map is in the HTML file of this report.",
        "動く地図は、この報告書のHTMLファイルで見られる。",
    ),
}


def write_html(
    chapters: Sequence[Chapter],
    out: Path | str,
    language: Language,
    *,
    front: Front,
    replay_html: str | None = None,
    replay_remark: Wording | None = None,
) -> Path:
    """Write chapters as one HTML file that works offline; the file appears whole or not at all.

    Parameters
    ----------
    chapters
        Made in the same language.
    out
        The file.
    front
        Title, credits and run hash.
    replay_html
        Page of `replay_map.replay_page`, shown as a chapter after the first one.
    replay_remark
        Stands in that chapter, or for it: why there is no map.

    Raises
    ------
    ReportError
        When the file cannot be written.
    """
    content = report_html(
        chapters, language, front=front, replay_html=replay_html, replay_remark=replay_remark
    )
    return write_whole(Path(out), content.encode("utf-8"))


def report_html(
    chapters: Sequence[Chapter],
    language: Language,
    *,
    front: Front,
    replay_html: str | None = None,
    replay_remark: Wording | None = None,
) -> str:
    """The content of `write_html`. The same chapters give the same text.

    Notes
    -----
    Charts are pictures of their own (SVG in `data:` addresses): what is in one cannot reach the page. Numbers
    of groups of fewer than 5 people are `X`.
    """
    press = _Press(language)
    parts = [(chapter.name, chapter.title.text(language), press.chapter(chapter)) for chapter in chapters]
    if replay_html is not None or replay_remark is not None:
        parts.insert(1, (REPLAY, press.word("replay"), press.replay(replay_html, replay_remark)))
    page = files("dashboards.report").joinpath("page")
    title = front.text(language)
    return Template(page.joinpath("report.html").read_text(encoding="utf-8")).substitute(
        language=language,
        title=escape(title),
        kind=escape(front.kind.text(language)),
        lines="\n  ".join(f'<p class="line">{escape(line.text(language))}</p>' for line in front.lines),
        remarks="\n  ".join(f'<p class="remark">{escape(line.text(language))}</p>' for line in front.remarks),
        style=page.joinpath("report.css").read_text(encoding="utf-8"),
        scripts=_SCRIPTS if replay_html is not None else "",
        skip=press.word("skip"),
        contents=press.word("contents"),
        entries="\n".join(
            f'<li><a href="#{escape(name)}"><span class="number">{number}</span>{escape(head)}</a></li>'
            for number, (name, head, _) in enumerate(parts, 1)
        ),
        chapters="\n".join(
            f'<section class="chapter" id="{escape(name)}"><h2><span class="number">{number}</span>'
            f"{escape(head)}</h2>\n{body}\n</section>"
            for number, (name, head, body) in enumerate(parts, 1)
        ),
        sources=press.word("sources"),
        credits=escape("; ".join(front.credits)),
        run=press.word("run").format(hash=escape(front.run_hash)),
    )


@dataclass(slots=True)
class _Press:
    """Sets exhibits, numbering figures and tables through the report."""

    language: Language
    counts: dict[str, int] = field(default_factory=dict)

    def word(self, key: str) -> str:
        return escape(_WORDS[key].text(self.language))

    def label(self, kind: str) -> str:
        """`Figure 3`, `表2`."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return self.word(kind).format(number=self.counts[kind])

    def chapter(self, chapter: Chapter) -> str:
        shown = [
            exhibit
            for exhibit in chapter.exhibits
            if not (isinstance(exhibit, TableExhibit) and exhibit.is_export_only)
        ]
        return "\n".join(self.exhibit(exhibit, chapter.title) for exhibit in shown)

    def exhibit(self, exhibit: Exhibit, above: Wording) -> str:
        match exhibit:
            case TextExhibit():
                head = "" if exhibit.title == above else f"<h3>{self.text(exhibit.title)}</h3>\n"
                return head + self.paragraphs(exhibit)
            case ChartExhibit():
                return self.chart(exhibit)
            case TableExhibit():
                head = self.head("table", exhibit.title)
                table = self.table(exhibit)
                if len(exhibit.rows) > _LONG_TABLE:
                    table = self.folded("fold", len(exhibit.rows), table)
                return head + table + self.note(note_of(exhibit))

    def text(self, words: Wording) -> str:
        return escape(words.text(self.language))

    def head(self, kind: str, title: Wording) -> str:
        return f'<h3><span class="label">{self.label(kind)}</span>{self.text(title)}</h3>\n'

    def note(self, words: Wording | None) -> str:
        return "" if words is None else f'\n<p class="note">{self.text(words)}</p>'

    def folded(self, key: str, rows: int, body: str) -> str:
        head = self.word(key).format(rows=rows)
        if rows <= _LONG_TABLE:
            return f"<details><summary>{head}</summary>\n{body}</details>"
        paper = f'<span class="on-paper">{self.word("in_workbook")}</span>'
        summary = f'<summary class="on-paper-too">{head}{paper}</summary>'
        return f'<details class="long">{summary}\n{body}</details>'

    def paragraphs(self, exhibit: TextExhibit) -> str:
        lines = []
        for label, words in exhibit.paragraphs:
            if label is None:
                lines.append(f'<dd class="alone">{self.text(words)}</dd>')
            else:
                lines.append(f"<dt>{self.text(label)}</dt><dd>{self.text(words)}</dd>")
        return f'<dl class="paragraphs">\n{"".join(lines)}\n</dl>'

    def chart(self, chart: ChartExhibit) -> str:
        picture = base64.b64encode(_plain_svg(chart.svg)).decode("ascii")
        parts = [
            self.head("figure", chart.title),
            f'<figure id="{escape(chart.name)}"><img src="data:image/svg+xml;base64,{picture}"'
            f' alt="{self.text(chart.alt)}"></figure>',
            self.note(chart.note),
        ]
        if chart.table is not None:
            body = self.table(chart.table) + self.note(note_of(chart.table))
            parts.append(self.folded("numbers", len(chart.table.rows), body))
        return "".join(parts)

    def table(self, table: TableExhibit) -> str:
        """Rows in blocks where the table has them; the first column heads its row."""
        kept = [place for place, column in enumerate(table.shown_columns) if column.key != table.block_key]
        columns = [table.shown_columns[place] for place in kept]
        is_number = [column.decimals is not None for column in columns]
        heads = "".join(
            f'<th scope="col"{_class("number" if is_one else "")}>{escape(column.head(self.language))}</th>'
            for column, is_one in zip(columns, is_number, strict=True)
        )
        hidden = hidden_rows(table).tolist()
        lines = [[line[place] for place in kept] for line in texts_of(table)]
        blocks = (
            [str(value) for value in table.rows[table.block_key]] if table.block_key else [""] * len(lines)
        )
        bodies = []
        for block, rows in groupby(zip(blocks, lines, hidden, strict=True), key=lambda row: row[0]):
            head = ""
            if table.block_key:
                title = f'<th scope="rowgroup" colspan="{len(columns)}">{escape(block)}</th>'
                head = f'<tr class="block">{title}</tr>'
            cells = "\n".join(f"<tr>{''.join(_cells(line, is_number, has))}</tr>" for _, line, has in rows)
            bodies.append(f"<tbody>{head}{cells}</tbody>")
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{self.text(table.title)}">'
            f'<table id="{escape(table.name)}"><thead><tr>{heads}</tr></thead>\n'
            f"{''.join(bodies)}</table></div>"
        )

    def replay(self, page: str | None, remark: Wording | None) -> str:
        """The moving map in a frame of its own: its styles and scripts do not meet those of the report."""
        if page is None:
            return self.note(remark)
        return (
            f'<p class="note on-screen">{self.word("replay_note")}</p>\n'
            f'<div class="whole"><iframe class="replay" title="{self.word("replay")}" sandbox="allow-scripts"'
            f' srcdoc="{escape(page)}"></iframe></div>\n'
            f'<p class="on-paper">{self.word("replay_paper")}</p>{self.note(remark)}'
        )


def _cells(line: Sequence[str], is_number: Sequence[bool], is_hidden: bool) -> Iterator[str]:
    for place, (text, is_one) in enumerate(zip(line, is_number, strict=True)):
        mark = next((name for name, sign in MARKS.items() if sign == text), "")
        names = ["number"] if is_one else ["mark", mark] if mark else []
        if is_hidden and text == HIDDEN:
            names.append("hidden")
        tag, scope = ("th", ' scope="row"') if place == 0 else ("td", "")
        yield f"<{tag}{scope}{_class(' '.join(names))}>{escape(text)}</{tag}>"


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _plain_svg(svg: bytes) -> bytes:
    """The picture without what a picture in a page does not need: document type and metadata."""
    text = re.sub(rb"<!DOCTYPE[^>]*>\s*", b"", svg, count=1)
    return re.sub(rb"\s*<metadata>.*?</metadata>", b"", text, count=1, flags=re.DOTALL)
