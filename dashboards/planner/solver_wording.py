"""What the page of benchmarks says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

BENCHMARK: Final = Wording("Benchmark", "ベンチマーク")
FILES: Final = {
    "quality": Wording("plan quality", "計画の質"),
    "whole_days": Wording("whole days", "1日全体"),
    "workloads": Wording("workloads", "実規模の需要"),
    "insertion": Wording("insertion", "挿入探索"),
    "routing": Wording("routes", "経路"),
    "travel_times": Wording("travel times", "所要時間"),
    "repositioning": Wording("idle vehicles", "待機位置"),
}
"""Benchmarks in the order in which they are shown; others follow."""

QUALITY_NAME: Final = Wording(
    "{family}: {figure}, {solver}, {budget} s ({instances} instances, seeds {seeds})",
    "{family}: {figure}・{solver}・{budget}秒（{instances}問・乱数{seeds}通り）",
)
FAMILIES: Final = {
    "li_lim_100": Wording("Li & Lim 100", "Li & Lim 100"),
    "li_lim_200": Wording("Li & Lim 200", "Li & Lim 200"),
    "li_lim_400": Wording("Li & Lim 400", "Li & Lim 400"),
    "li_lim_600": Wording("Li & Lim 600", "Li & Lim 600"),
    "li_lim_1000": Wording("Li & Lim 1,000", "Li & Lim 1,000"),
    "sartori": Wording("Sartori & Buriol", "Sartori & Buriol"),
    "darp_a": Wording("dial-a-ride a (Cordeau 2006)", "デマンド交通 a（Cordeau 2006）"),
    "darp_pr": Wording(
        "dial-a-ride pr (Cordeau & Laporte 2003)", "デマンド交通 pr（Cordeau & Laporte 2003）"
    ),
}
SOLVERS: Final = {
    "sisr": Wording("our neighbourhood search", "本システムの近傍探索"),
    "ortools": Wording("OR-Tools", "OR-Tools"),
    "pyvroom": Wording("VROOM", "VROOM"),
    "pyvrp": Wording("PyVRP", "PyVRP"),
    "vrp-cli": Wording("vrp-cli", "vrp-cli"),
}
QUALITY_FIGURES: Final = {
    "gap_mean": Wording("mean gap to the best known", "既知最良との差の平均"),
    "gap_median": Wording("median gap to the best known", "既知最良との差の中央値"),
    "gap_worst": Wording("largest gap to the best known", "既知最良との差の最大"),
    "best_of_seeds_at_best": Wording(
        "best of the seeds as good as the best known", "最良の回が既知最良に届いた割合"
    ),
    "vehicles_above_mean": Wording("vehicles above the best known, mean", "既知最良を超える車両数の平均"),
    "at_best_vehicles": Wording("as few vehicles as the best known", "車両数が既知最良に届いた割合"),
    "infeasible_runs": Wording("runs without a valid plan", "有効な計画のない回数"),
}
WORDS: Final = {
    "served_share": Wording("served", "運べた割合"),
    "wait_mean_s": Wording("mean wait", "待ち時間の平均"),
    "in_vehicle_mean_s": Wording("mean time in the vehicle", "乗車時間の平均"),
    "vehicle_km": Wording("vehicle-km", "車両走行距離"),
    "empty_km": Wording("empty km", "空車走行距離"),
    "cpu_s": Wording("CPU time", "CPU時間"),
    "peak_rss": Wording("peak memory", "最大メモリ"),
    "insertion": Wording("insertion", "挿入"),
    "rolling_horizon": Wording("rolling horizon", "随時再計画"),
    "difference": Wording("difference", "差"),
    "off": Wording("vehicles stay", "移動しない"),
    "yardstick_ms": Wording("yardstick of this machine", "この計算機の物差し"),
}
UNITS: Final = {
    "runs": Wording("runs", "回"),
    "vehicles": Wording("vehicles", "台"),
    "s": Wording("s", "秒"),
    "ms": Wording("ms", "ミリ秒"),
    "us": Wording("us", "マイクロ秒"),
}
STANDING: Final = Wording("The latest beside the best", "最新値と過去最良")
STANDING_NOTE: Final = Wording(
    "Measured by `make bench` side by side with other engines where there is a ratio; like is compared"
    " with like"
    " (same processor, same versions).",
    "`make bench` の測定値。比があるものは他のエンジンと同じ実行で並べて測定。同じCPU・同じ版どうしで比較。",
)
FIGURE: Final = Wording("Figure", "項目")
LATEST: Final = Wording("Latest", "最新")
UNIT: Final = Wording("Unit", "単位")
RATIO: Final = Wording("Ratio", "比")
RATIO_TO: Final = Wording("to", "比較相手")
TIMES: Final = Wording("times {other}", "{other} に対する比")
VALUE: Final = Wording("Value", "値")
STAND: Final = Wording("Against the best", "過去最良との差")
IS_BEST: Final = Wording("as good as ever", "最良")
BETTER: Final = Wording("{percent} % better", "{percent}%良い")
BEHIND: Final = Wording("{percent} % behind", "{percent}%劣る")
DATE: Final = Wording("Date", "測定日")
ROWS: Final = Wording("Runs", "回数")
RUN: Final = Wording("Measurement, oldest first", "測定（古い順）")
COMMIT: Final = Wording("Commit", "コミット")
COURSE: Final = Wording("How it went", "推移")
COURSE_NOTE: Final = Wording(
    "Orange: measured on files that were not committed.", "橙: コミット前のファイルで測定したもの。"
)
LESS_IS_BETTER: Final = Wording("Less is better.", "小さいほど良い。")
MORE_IS_BETTER: Final = Wording("More is better.", "大きいほど良い。")
PROCESSOR: Final = Wording("Processor: {processor}.", "CPU: {processor}。")
