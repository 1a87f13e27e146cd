"""What the view of assumptions says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

FIGURE: Final = Wording("Figure", "指標")
TORNADO: Final = Wording("Difference to the baseline", "基準との差")
TORNADO_NOTE: Final = Wording(
    "Each assumption at both ends of its range while the others stay as stated; the dashed line is no"
    " difference.",
    "各仮定を一つずつ幅の両端に動かした場合。他の仮定は設定どおり。破線は差なし。",
)
AS_STATED: Final = Wording("With everything as stated: {words}.", "すべて設定どおりの場合: {words}。")
NO_RANGES: Final = Wording("No assumption has a range.", "幅のある仮定がありません。")
ASSUMPTION: Final = Wording("Assumption", "仮定")
KEY: Final = Wording("Key", "キー")
LOW: Final = Wording("Low end", "幅の下端")
HIGH: Final = Wording("High end", "幅の上端")
AT_LOW: Final = Wording("at its low end", "下端のとき")
AT_HIGH: Final = Wording("at its high end", "上端のとき")
END: Final = Wording("End", "端")
DIFFERENCE: Final = Wording("Difference to the baseline: {head}", "基準との差: {head}")
FUTURES: Final = Wording("In how many futures it is better", "基準より良くなる将来の割合")
FUTURES_NOTE: Final = Wording(
    "All numbers with a range drawn at once. A share of futures is a statement about these ranges, not a"
    " probability.",
    "幅のある数値をすべて同時に抽選。割合はこの幅についての言明であり、確率ではありません。",
)
BETTER: Final = Wording("Better", "良い")
INTERVAL: Final = Wording("95 % interval", "95%信頼区間")
ENOUGH: Final = Wording("By the threshold", "基準値以上に良い")
