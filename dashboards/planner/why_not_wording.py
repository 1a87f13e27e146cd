"""What the page of refusals says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

CASE: Final = Wording("Case", "案")
BY_HOUR: Final = Wording("Refused requests by hour of the wish", "希望時刻別の受けられなかった申込み")
BY_HOUR_NOTE: Final = Wording(
    "Requests a day, mean over {days} days; {total} a day in all.",
    "1日あたりの件数（{days}日分の平均）。合計 1日{total}件。",
)
HOUR: Final = Wording("Hour", "時")
REQUESTS: Final = Wording("Requests a day", "件／日")
REASON: Final = Wording("Reason", "理由")
CHANGES: Final = {
    "little_later": Wording("up to 15 min later", "15分以内の繰下げ"),
    "walk": Wording("another pickup place", "別の乗車場所"),
    "later": Wording("more than 15 min later", "15分を超える繰下げ"),
    "vehicle": Wording("one more van", "車両1台の追加"),
    "none": Wording("nothing that was tried", "試した範囲では解決なし"),
}
HELPED: Final = Wording("The smallest change that would have served them", "乗れるようにする最小の変更")
HELPED_NOTE: Final = Wording(
    "Requests a day, as the dispatcher itself found when it refused.",
    "1日あたりの件数。断ったその時に配車プログラムが見つけた変更。",
)
LIST: Final = Wording("One by one", "1件ずつ")
LIST_NOTE: Final = Wording("Places are the nearest towns.", "場所は最寄りの町名。")
DAY: Final = Wording("Day (seed)", "日（乱数の種）")
WISH: Final = Wording("Wish", "希望")
ASKED: Final = Wording("Asked", "申込み")
FROM: Final = Wording("From", "出発")
TO: Final = Wording("To", "到着")
PARTY: Final = Wording("Riders", "人数")
AGE: Final = Wording("Age", "年齢")
CHANGE: Final = Wording("What would have helped", "最小の変更")
DEPART: Final = Wording("leave {time}", "{time}発")
ARRIVE: Final = Wording("arrive by {time}", "{time}着")
LATER: Final = Wording("{minutes} min later", "{minutes}分後なら可")
WALK: Final = Wording("{metres} m on foot", "{metres}m先の乗車場所なら可")
VEHICLE: Final = Wording("one more van", "もう1台あれば可")
NONE: Final = Wording("–", "–")
DAY_BEFORE: Final = Wording("day before, {time}", "前日{time}")
NOBODY_THAT_DAY: Final = Wording("Nobody was refused on that day.", "この日に断った申込みはありません。")
NOBODY: Final = Wording("Nobody was refused.", "断った申込みはありません。")
WORTH: Final = Wording("What one more would bring", "もう1つ増やすと何が変わるか")
WORTH_NOTE: Final = Wording(
    "One vehicle, hour, run or stop more (or less), simulated on the same days; differences a year with 95 %"
    " intervals.",
    "車両・時間・便・停留所を1つだけ変え、同じ日で計算し直した年間の差（括弧内は95%信頼区間）。",
)
WORTH_DAYS: Final = Wording(
    "{days} days for each step.",
    "各{days}日分。",
)
STEP: Final = Wording("Step", "変更")
COMPUTE_WORTH: Final = Wording("Simulate the steps", "増減の効果を計算する")
COMPUTING_WORTH: Final = Wording(
    "Simulating the steps: {done} of {total} days", "増減の効果を計算中: {total}日分のうち{done}日分"
)
WORTH_FAULT: Final = Wording("It could not be computed: {reason}", "計算できませんでした: {reason}")
