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
