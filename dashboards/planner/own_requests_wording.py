"""What the page says about requests that a planner hands over, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

OPEN: Final = Wording("Your own requests (CSV)", "自分の申込みデータ（CSV）")
CHOOSE: Final = Wording("CSV file of one day of bookings", "1日分の申込みのCSVファイル")
LIMITS: Final = Wording(
    "Up to {size:g} MB and {lines:,} lines; UTF-8 or cp932 (Shift_JIS).",
    "{size:g} MB・{lines:,}行まで。UTF-8またはcp932（Shift_JIS）。",
)
COLUMNS: Final = Wording(
    "One line a booking: number, booked at, wished at (D-1 = the day before), latitude and longitude of both"
    " ends; further columns may stay empty. Begin with the template; docs/scenarios.md has every column.",
    "1件1行で、番号、申込み時刻、希望時刻（D-1は前日）、出発地と目的地の緯度・経度を書きます。"
    "ほかの列は空欄でも構いません。ひな形を書き換えるのが簡単です。",
)
TEMPLATE: Final = Wording("Template", "ひな形を保存")
IN_USE: Final = Wording(
    "**{name}**: {requests:,} requests, {riders:,} riders. Both sides meet exactly these, every day.",
    "**{name}**: {requests:,}件・{riders:,}人。比べる両側とも、毎日この申込みで計算します。",
)
LEFT_OUT: Final = Wording(
    " {count:,} line(s) that begin where they end are left out.",
    "出発地と目的地が同じ{count:,}行は除きました。",
)
MODELLED: Final = Wording(
    "Requests: as the model draws them from the population.", "申込み: 人口から推計したモデルの需要。"
)
STOP_USING: Final = Wording("Back to modelled requests", "モデルの需要に戻す")
REFUSED: Final = Wording("Not taken over. {reason}.", "読み込めませんでした。{reason}。")
STILL: Final = Wording(
    " The requests in use, your settings and what was tried stay as they are.",
    "使用中の申込み・設定・これまでの結果はそのままです。",
)
NO_AREA: Final = Wording(
    "Your own requests are all asked for, wherever they go: the area cannot be narrowed.",
    "自分の申込みデータでは、どこへの移動もそのまま申し込まれるため、区域は限れません。",
)

TOO_LARGE: Final = Wording(
    "{name} has {size:.1f} MB; give a file of at most {most:g} MB",
    "{name}は{size:.1f} MBあります。{most:g} MB以下のファイルにしてください",
)
EMPTY: Final = Wording(
    "{name} is empty; begin with the template", "{name}は空です。ひな形を使って書いてください"
)
NO_LINE: Final = Wording(
    "{name} has no line below its header; give at least one request",
    "{name}には見出しのほかに行がありません。申込みを1件以上書いてください",
)
TOO_MANY: Final = Wording(
    "{name} has {lines:,} lines; give at most {most:,}, the bookings of one day",
    "{name}は{lines:,}行あります。1日分、{most:,}行以下にしてください",
)
NOBODY_MOVES: Final = Wording(
    "{name} has no request that goes anywhere; give different places as origin and destination",
    "{name}には移動する申込みがありません。出発地と目的地に別の場所を書いてください",
)
