"""What the page of access says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

CASE: Final = Wording("Case", "案")
GOAL: Final = Wording("To", "行き先")
MINUTES: Final = Wording("Within", "所要時間")
WITHIN: Final = Wording("{minutes} min", "{minutes}分以内")
GOALS_ARE: Final = Wording("Counted as destinations: {places}.", "対象の行き先: {places}。")
COMMA: Final = Wording(", ", "、")
GROUP: Final = Wording("Who", "対象")
EARLY: Final = Wording("Count early arrival as lost", "早着の時間も数える")
WHOLE_CITY: Final = Wording("Whole city", "市全体")
REACHED: Final = Wording(
    "People who get there in time, waiting and the chance of a seat included",
    "待ち時間と予約できる確率を含めて、時間内に着ける人の割合",
)
REACHED_NOTE: Final = Wording(
    "By the best single way of foot, bus and service, of {days} simulated days; where the chance is"
    " unknown it counts"
    " as none.",
    "徒歩・バス・当サービスのうち最も良い手段で（{days}日分）。確率が不明な場合は着けないものとして数える。",
)
PEOPLE_HERE: Final = Wording("{people} people", "対象{people}人")
MAP: Final = Wording("Where", "どこで")
MAP_NOTE: Final = Wording(
    "Cells of 250 m with 5 people or more of the group; white means that nobody lives there, or too few"
    " to be shown."
    " People are spread over generated streets (assumption).",
    "250mメッシュ。対象が5人以上のメッシュのみ（白は居住なし、または少人数のため非表示）。"
    "人口は生成した街路に割り振った仮定。",
)
SHARE: Final = Wording("share in time", "時間内に着ける割合")
DIFFERENCE: Final = Wording("gain against the baseline", "基準からの増加")
POINTS: Final = Wording("points", "ポイント")
PEOPLE: Final = Wording("People", "人数")
TOWNS: Final = Wording("Town by town", "町ごと")
TOWNS_NOTE: Final = Wording(
    "In percent of the town's people; intervals over days.",
    "町の対象者に対する割合（%）。区間は日のばらつき。",
)
TOWN: Final = Wording("Town", "町")
FOOT: Final = Wording("On foot", "徒歩")
BUS: Final = Wording("Bus", "バス")
SERVICE: Final = Wording("Service", "サービス")
BEST: Final = Wording("Best", "最良")
GAIN: Final = Wording("Gain (points)", "増加（ポイント）")
INTERVAL: Final = Wording("95 % interval", "95%信頼区間")
SPREAD: Final = Wording("How evenly it is spread", "どれだけ公平か")
SPREAD_NOTE: Final = Wording(
    "Lorenz curves: the nearer to the straight line, the more alike people are.",
    "ローレンツ曲線。直線に近いほど人による差が小さい。",
)
POPULATION_AXIS: Final = Wording(
    "People, those with least access first (%)", "着きにくい人から並べた人口（%）"
)
VALUE_AXIS: Final = Wording("Their part of all access (%)", "アクセスの累積（%）")
GINI: Final = Wording("Gini coefficient", "ジニ係数")
PALMA: Final = Wording("Palma ratio", "パルマ比")
MEAN: Final = Wording("Mean (%)", "平均（%）")
CELLS_OF: Final = Wording(
    "The map has no cells for this group; it shows everybody.",
    "地図にはこの対象の区分がないため、全員を表示しています。",
)
NOT_COMPUTED: Final = Wording(
    "Who reaches a hospital, a shop or a station in time was not computed for this study yet: press the"
    " button, or run `maas access {folder}`.",
    "病院・店・駅に時間内に着ける人の割合（アクセス）は、この検討ではまだ計算していません。"
    "下のボタンで計算できます（`maas access {folder}` でも可）。",
)
NOT_OF_CASE: Final = Wording(
    "Who reaches a hospital, a shop or a station in time was not computed for this case yet: press the"
    " button, or run `maas access {folder} --case {case}`.",
    "病院・店・駅に時間内に着ける人の割合（アクセス）は、この案ではまだ計算していません。"
    "下のボタンで計算できます（`maas access {folder} --case {case}` でも可）。",
)
COMPUTE: Final = Wording("Compute now (some seconds a case)", "いま計算する（1案あたり数秒）")
COMPUTING: Final = Wording(
    "Computing access: {done} of {total} cases", "アクセスを計算中: {total}案のうち{done}案"
)
FAULT: Final = Wording("Access could not be computed: {reason}", "アクセスを計算できませんでした: {reason}")
CREDITS: Final = Wording(
    "Bus lines: stops and hours are partly assumptions (docs/accessibility.md).",
    "バス路線の停留所・運行時間は一部仮定です（docs/accessibility.md）。",
)
