"""What the frame around the planner's pages says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

PRODUCT: Final = Wording("Sakura City · transport on demand", "さくら市 デマンド交通の比較検討")
COMPARE: Final = Wording("Compare", "比べる")
MAP: Final = Wording("Map", "地図で見る")
WHO: Final = Wording("Who", "だれに")
VEHICLES: Final = Wording("Vehicles", "車両")
MONEY: Final = Wording("Money", "費用")
WHY_NOT: Final = Wording("Why not", "乗れない理由")
TRY_IT: Final = Wording("Try it", "試す")
RUNS: Final = Wording("Single runs", "個別の結果")
SOLVER: Final = Wording("Solver", "計算性能")
ABOUT: Final = Wording("About", "前提と出典")

STUDY: Final = Wording("Study", "検討テーマ")
LANGUAGE: Final = Wording("Language", "表示言語")
NO_STUDY_YET: Final = Wording(
    "No study is there yet. The first one appears here as soon as it is computed; otherwise run"
    " `maas study today_or_on_demand`.",
    "比較検討の結果がまだありません。計算が終わり次第ここに表示します（手動の場合は"
    " `maas study today_or_on_demand` を実行してください）。",
)
FAULT: Final = Wording("This cannot be shown. {reason}", "表示できません。{reason}")
UNREADABLE: Final = Wording("Left out: {reason}", "読み込めないため除外しました: {reason}")
OLDER: Final = Wording(
    "These results were made by another version of the program and are shown as they are;"
    " `maas study {name} --again` makes them anew.",
    "この結果は別の版のプログラムで計算されたもので、そのまま表示しています。"
    "計算し直すには `maas study {name} --again` を実行してください。",
)
BASELINE: Final = Wording("baseline", "基準")
DAYS: Final = Wording(
    "{days} simulated weekdays, seeds {first} to {last}", "平日{days}日分の模擬（乱数の種{first}～{last}）"
)
APPROXIMATE: Final = Wording(
    "The road network is an approximation, not a survey.",
    "道路網は近似であり、測量された地図ではありません。",
)
COMPUTING: Final = Wording(
    "Computing the shipped studies, once ({place} of {count}): {title} — {phase}",
    "付属の検討を初回のみ計算しています（{place}/{count}）: {title} — {phase}",
)
PHASES: Final = {
    "": Wording("starting", "準備中"),
    "roads": Wording("roads and driving times", "道路と所要時間"),
    "kernels": Wording("loading the dispatcher", "配車プログラムの読込み"),
    "learning": Wording(
        "people learn what to expect, day {done} of {total} at most",
        "利用者の学習中（最大{total}日のうち{done}日）",
    ),
    "days": Wording("{done} of {total} days", "{total}日分のうち{done}日分"),
}
"""What a simulating process is doing, by `simulation.series.Phase`."""

COMPUTE: Final = Wording("Compute now", "今すぐ計算する")
COMPUTE_FAULT: Final = Wording("It could not be computed: {reason}", "計算できませんでした: {reason}")
NOT_COMPUTED: Final = Wording(
    "{name} could not be computed: {reason}", "{name}を計算できませんでした: {reason}"
)
