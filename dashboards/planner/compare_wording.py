"""What the page that compares says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

MIND: Final = Wording(
    "What would change our mind (written before the study):", "判断を変える条件（検討前に記載）:"
)
CASE: Final = Wording("Case", "案")
CASES: Final = Wording("Cases in the table", "表に並べる案")
NO_CASE: Final = Wording("Choose at least one case.", "案を一つ以上選んでください。")
FIGURE: Final = Wording("Figure", "指標")
UNIT: Final = Wording("Unit", "単位")
MEAN: Final = Wording("Value", "値")
LOW: Final = Wording("95 % interval, low", "95%信頼区間 下端")
HIGH: Final = Wording("95 % interval, high", "95%信頼区間 上端")
DIFFERENCE: Final = Wording("Difference to the baseline", "基準との差")
DIFFERENCE_LOW: Final = Wording("Difference, low", "差の95%信頼区間 下端")
DIFFERENCE_HIGH: Final = Wording("Difference, high", "差の95%信頼区間 上端")
P_HOLM: Final = Wording("p (Holm)", "p値（Holm補正）")
MARK: Final = Wording("Mark", "判定")
DIFFERENCES: Final = Wording("Differences in words", "差を言葉で")
DIFFERENCES_NOTE: Final = Wording(
    "Against the baseline, a weekday; in brackets or after the comma the 95 % interval.",
    "平日1日あたり、基準との差。括弧内は95%信頼区間。",
)
MARKS_NOTE: Final = Wording(
    "○ the whole interval is better by the study's threshold; × the whole interval is worse; △ neither."
    " ＊ clear also with all differences of the table in mind (Holm).",
    "○は区間全体が基準値以上に良い、×は区間全体が悪い、△はどちらとも言えない。"
    "＊は表の全比較を考慮しても明らかな差（Holm補正）。",
)
INTERVALS_NOTE: Final = Wording(
    "Each value is the mean of the simulated days, of a ratio (yen a rider, a share, a mean time) that of"
    " the sums of all days, in brackets its 95 % interval (Student's t); every case meets the same riders"
    " and traffic, and differences are taken day by day. Medians and 95th percentiles are over all riders"
    " of all days, their intervals from drawing days.",
    "値は模擬した各日の平均（1人当たりの円、割合、平均時間などの比は全日の合計どうしの比）で、"
    "括弧内は95%信頼区間（Studentのt）。"
    "どの案も同じ利用者・交通状況に対して計算し、"
    "差は同じ日どうしで取る。中央値と95%点は全日の全利用者についての値で、区間は日の再抽出による。",
)
MORE_DAYS: Final = Wording(
    "△ {figure} ({case}): about {days} days would make the interval as narrow as the threshold.",
    "△ {figure}（{case}）: 区間を基準値の幅まで狭めるには約{days}日分が必要。",
)
SAMPLE: Final = Wording(
    "{case} has less than half the demand of its scenario: waits and shared rides are not those of the"
    " whole.",
    "{case}の需要は元の半分未満です。待ち時間や相乗りは全体の値とは異なります。",
)
DAYS: Final = Wording(
    "{days} simulated weekdays (seeds {first} to {last}).",
    "平日{days}日分の模擬（乱数の種{first}～{last}）。",
)
APPROXIMATE: Final = Wording(
    "The road network is an approximation, not a survey.",
    "道路網は近似であり、測量された地図ではありません。",
)
SERVICE: Final = Wording("Cost against service", "費用とサービス")
SERVICE_NOTE: Final = Wording(
    "Each point is a case with its 95 % intervals; lower and further {side} is better. Point at one to"
    " read it.",
    "点は各案、線は95%信頼区間。下ほど、{side}ほど良い。点に触れると値を表示。",
)
RIGHT: Final = Wording("to the right", "右")
LEFT: Final = Wording("to the left", "左")
HORIZONTAL: Final = Wording("Service shown across", "横軸のサービス指標")
NOT_ALL: Final = Wording("No case has these figures.", "この指標を持つ案がありません。")
