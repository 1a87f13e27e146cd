"""What the page of the moving map says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

LEFT: Final = Wording("Left", "左に表示する案")
RIGHT: Final = Wording("Right", "右に表示する案")
NOTHING: Final = Wording("nothing", "表示しない")
DRAWING: Final = Wording("Drawing the day", "1日の動きを準備しています")
HTML: Final = Wording("HTML", "HTMLを保存")
NOTE: Final = Wording(
    "First simulated day (seed {seed}), the same requests on both sides. The HTML file works without"
    " these pages and"
    " without internet.",
    "模擬した最初の日（乱数の種{seed}）。左右とも同じ申込み。保存したHTMLは、"
    "この画面やインターネットがなくても再生できます。",
)
