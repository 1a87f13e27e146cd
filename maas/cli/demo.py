"""`maas demo`: a weekday in Sakura City under three services."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from maas.cli.console import language, new_app, output, text
from maas.cli.study_options import CONTEXT, RUNS, Jobs, Replications, Seed

if TYPE_CHECKING:
    from simulation.comparison import Estimate
    from simulation.outcomes import Outcome

TODAY, ON_DEMAND, LATER = "sakura_today", "sakura_on_demand", "sakura_2040"
PICTURE: Final = "demo.png"
FIGURES: Final = (
    "requests",
    "served_riders",
    "served_share",
    "wait_mean_s",
    "wait_p95_s",
    "in_vehicle_mean_s",
    "detour_ratio",
    "promises_kept_share",
    "shared_riders_share",
    "riders_per_vehicle_hour",
    "vehicle_km",
    "empty_km_share",
    "vehicle_hours",
    "cost_yen",
    "cost_recovery",
    "public_money_per_trip_yen",
    "co2_kg",
)

HOSPITAL_ZONE: Final = "黒須病院"
"""Zone of today's scenario that only つういんコンタ号 serves."""

WEEKDAYS_A_MONTH: Final = 21
REPORTED_RIDERS: Final = (38, 57)
"""Riders of つういんコンタ号 a month, in its first months (Shimotsuke Shimbun, summer 2019)."""
REPORTED_EMPTY: Final = 0.5
"""More than this share of its runs did not operate in every month (the same article)."""
TARGET_RIDERS: Final = 105
"""Served riders a weekday of Tomioka's service, per head: what the demand is set to, an assumption."""

app = new_app(
    text("A weekday in Sakura City under three services.", "さくら市の平日1日を3つのサービスで比べる。")
)


@app.command(
    "demo",
    context_settings=CONTEXT,
    help=text(
        "Simulate weekdays in Sakura City under today's demand taxis, a city-wide on-demand service and "
        "the same in 2040, and compare them. Example: maas demo --replications 20 --jobs 2",
        "さくら市の平日を、現状のデマンドタクシー、全市オンデマンド交通、2040年の同サービスで"
        "シミュレーションし、比較する。例: maas demo --replications 20 --jobs 2",
    ),
)
def demo(
    replications: Replications = 10,
    seed: Seed = 1,
    jobs: Jobs = 1,
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help=text("Folder for outcomes and picture.", "結果と図を書き出すフォルダー。")
        ),
    ] = RUNS,
) -> None:
    from dashboards.charts import draw_comparison
    from maas.cli.compare import heads, outcomes_of, say
    from maas.cli.tables import comparison_note, comparison_table
    from simulation.comparison import compare
    from simulation.line_use import line_use

    outcomes = outcomes_of((TODAY, ON_DEMAND, LATER), replications, seed, jobs, out)
    comparison = compare([outcome.sample(name) for name, outcome in outcomes.items()])
    picture = draw_comparison(comparison, list(outcomes.values()), out / PICTURE, language=language().value)
    console = output()
    console.print(comparison_table(comparison, heads(outcomes), FIGURES))
    say(comparison_note(comparison))
    console.print()
    _print_meaning(outcomes)
    console.print()
    console.print(text("Checks against what is known", "知られている実績との照合"))
    use = line_use(outcomes[TODAY], HOSPITAL_ZONE)
    for line in (
        _line_riders(use.riders),
        _line_empty(use.empty_share, use.runs),
        _city_riders(comparison.estimates[1]["served_riders"]),
    ):
        say(f"- {line}")
    console.print()
    places = ", ".join(str(outcome.folder) for outcome in outcomes.values())
    console.print(text(f"Outcomes: {places}", f"結果: {places}"), soft_wrap=True)
    console.print(text(f"Picture: {picture}", f"図: {picture}"), soft_wrap=True)


def _print_meaning(outcomes: Mapping[str, Outcome]) -> None:
    """What was simulated, what is approximate, and whom to thank."""
    from maas.cli.compare import roads_and_credits, say
    from scenarios.loading import load_scenario

    for name, outcome in outcomes.items():
        about = load_scenario(name).about
        say(text(f"{outcome.title_en}. {about.en}", f"{outcome.title_ja}。{about.ja}"))
    say(
        text(
            "All three meet the same draws of riders and traffic, day by day. Riders, runs, fares and costs"
            " rest on assumptions that the scenario files name one by one (maas scenarios show sakura_today);"
            " the differences between the services say more than the figures of one.",
            "3つのシナリオは日ごとに同じ乱数の利用者と交通状況に基づきます。利用者数、便、運賃、費用は、"
            "シナリオファイルに一つずつ明記した仮定によります（maas scenarios show sakura_today）。"
            "個々の値よりサービス間の差を見てください。",
        )
    )
    for line in roads_and_credits(list(outcomes.values())):
        say(line)


def _line_riders(day: Estimate) -> str:
    low, high = REPORTED_RIDERS
    month = day.mean * WEEKDAYS_A_MONTH
    reach = (day.half_width or 0.0) * WEEKDAYS_A_MONTH
    half = "" if day.half_width is None else f" ± {reach:.0f}"
    miss = month - high if month > high else min(month - low, 0.0)
    return text(
        f"つういんコンタ号: {month:.0f}{half} riders a month of {WEEKDAYS_A_MONTH} weekdays;"
        f" reported: {low}-{high}.",
        f"つういんコンタ号の利用者: 月{month:.0f}{half}人（平日{WEEKDAYS_A_MONTH}日）。"
        f"実績は{low}～{high}人。",
    ) + _verdict(miss, reach, text("riders", "人"))


def _line_empty(share: Estimate, runs: int) -> str:
    percent = 100 * share.mean
    reach = 100 * (share.half_width or 0.0)
    half = "" if share.half_width is None else f" ± {reach:.0f}"
    miss = min(percent - 100 * REPORTED_EMPTY, 0.0)
    return text(
        f"Its runs that carried nobody: {percent:.0f}{half} % of {runs} a day; reported: more than half.",
        f"同号の利用者がいなかった便: 1日{runs}便の{percent:.0f}{half}%。実績は半数超。",
    ) + _verdict(miss, reach, text("points", "ポイント"))


def _city_riders(day: Estimate) -> str:
    half = "" if day.half_width is None else f" ± {day.half_width:.0f}"
    gap = 100 * (day.mean / TARGET_RIDERS - 1)
    return text(
        f"City-wide service: {day.mean:.0f}{half} riders served a weekday; Tomioka's per head would be"
        f" about {TARGET_RIDERS} ({gap:+.0f} %).",
        f"全市オンデマンド交通: 平日1日{day.mean:.0f}{half}人。"
        f"人口比で富岡市並みなら約{TARGET_RIDERS}人（{gap:+.0f}%）。",
    )


def _verdict(miss: float, reach: float, unit: str) -> str:
    """Whether a mean `miss` beyond the reported range meets it; `reach` is half its 95 % interval."""
    if abs(miss) < 0.5:
        return text(" Met.", "範囲内。")
    if abs(miss) <= reach:
        return text(
            f" Missed by {miss:+.0f} {unit}, within the 95 % interval.",
            f"{miss:+.0f}{unit}の乖離（95%信頼区間は届く）。",
        )
    return text(f" Missed by {miss:+.0f} {unit}.", f"{miss:+.0f}{unit}の乖離。")
