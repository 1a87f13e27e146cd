"""What pages say about their downloads, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

DOWNLOAD: Final = Wording("CSV", "CSVを保存")
ENCODING: Final = Wording("CSV files are written in", "CSVの文字コード")
ENCODINGS: Final = {
    "utf-8-sig": Wording("UTF-8 (with BOM)", "UTF-8（BOM付き）"),
    "cp932": Wording("cp932 (Shift_JIS)", "cp932（Shift_JIS）"),
}
HIDDEN: Final = Wording(
    "{rows} row(s) of groups of fewer than {least} people: their numbers are {sign} in the file.",
    "{least}人未満の集団{rows}行の数値は、ファイルでは{sign}として秘匿しています。",
)
UNWRITTEN: Final = Wording("Not in cp932, written otherwise: {signs}", "cp932にない文字の置き換え: {signs}")
UNWRITTEN_LIST: Final = Wording("List of them", "一覧を保存")
REAL_PEOPLE: Final = Wording(
    "No CSV: these are single bookings of a file of requests, each of fewer than {least} people.",
    "CSVは保存できません。申込みファイルの個々の予約（{least}人未満）のため秘匿しています。",
)
