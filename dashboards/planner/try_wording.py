"""What the page of what-ifs says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

BASE: Final = Wording("Begin with", "元にする案")
VANS: Final = Wording("Vans (vehicles)", "車両（台）")
HOURS: Final = Wording("Hours of service", "運行時間")
WINDOW: Final = Wording("Longest wait after the wish (min)", "待ち時間の上限（分）")
NOTICE: Final = Wording("Book until … before (min)", "予約の締切（何分前）")
FARE: Final = Wording("Adult fare", "大人運賃")
BY_DISTANCE: Final = Wording("by distance", "距離制")
FLAT: Final = Wording("flat", "一律")
YEN: Final = Wording("Yen", "円")
AREA: Final = Wording("Area", "区域")
EVERYWHERE: Final = Wording("whole city", "全市")
DAYS: Final = Wording("Days to simulate", "模擬する日数")
ONE_DAY: Final = Wording("1 day", "1日")
TEN_DAYS: Final = Wording("10 days", "10日")
RUN: Final = Wording("Try it", "試す")
NOTHING_CHANGED: Final = Wording(
    "Both sides are the same: “{base}” as stated, nothing changed, so every difference would be 0. Change"
    " vans, hours, longest wait, booking deadline, fare or area{today}, then press “Try it”.",
    "両側が同じです。「{base}」のまま何も変更していないため、差はすべて0になります。車両・運行時間・"
    "待ち時間の上限・予約の締切・運賃・区域のどれかを変える{today}と比べられます。変更後に「試す」を押してください。",
)
OR_TODAY: Final = Wording(", or compare with today's services", "か、比べる相手を「今のサービス」にする")
AGAINST_WHAT: Final = Wording("Compare with", "比べる相手")
AS_STATED: Final = Wording("as stated", "変更前の案")
TODAY: Final = Wording("today's services", "今のサービス")
OWN_REQUESTS: Final = Wording("{label} (requests: {name})", "{label}（申込み: {name}）")
RUNNING: Final = Wording("{label}: {phase}", "{label}: {phase}")
INTRODUCTION: Final = Wording(
    "The service as stated and as you set it meet the same riders on the same days. One day takes about"
    " a second"
    " and says what may happen; ten days say how surely.",
    "設定どおりの案と変更した案を、同じ日・同じ利用者で計算します。1日は約1秒で目安が、"
    "10日は確からしさ（区間）が分かります。",
)
AGAINST: Final = Wording(
    "{base}, compared with {against}; {days} day(s), seeds {first} to {last}.",
    "{base}を{against}と比較。{days}日分、乱数の種{first}～{last}。",
)
OWN_DAYS: Final = Wording(
    "Requests of {name}: the same on every day, so that days differ only by traffic and by what riders do.",
    "申込みは{name}のもので毎日同じです。日による違いは道路の混み具合と利用者の行動だけです。",
)
ONE_DAY_NOTE: Final = Wording(
    "One day alone has no interval: choose ten days before you rely on a difference.",
    "1日だけでは区間が求まりません。差を判断材料にする前に10日で計算してください。",
)
FIXED_DEMAND: Final = Wording(
    "Who asks does not depend on fare, wait or hours here; an area leaves out those who go elsewhere.",
    "運賃・待ち時間・運行時間を変えても申し込む人は変わらないものとしています。区域を限ると、"
    "区域外への移動は申込みから除きます。",
)
HISTORY: Final = Wording("Tried so far", "これまでに試した案")
LABEL: Final = Wording("Change", "変更")
FAULT: Final = Wording("It could not be computed: {reason}", "計算できませんでした: {reason}")
