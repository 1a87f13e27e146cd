"""`maas simulate`: days of one scenario or workload."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from maas.cli.console import new_app, status_output, text
from maas.cli.overwriting import refuse_overwriting
from maas.cli.series_output import print_json, print_tables
from maas.cli.study_options import CONTEXT, RUNS, Jobs, Json, Replications, Seed
from maas.cli.study_progress import study_progress

app = new_app(
    text("Simulate days of a scenario or a workload.", "シナリオまたはワークロードの1日を再現する。")
)


@app.command(
    "simulate",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Simulate days of a scenario or of a workload folder and keep the outcome. Examples: "
        "maas simulate sakura_on_demand --replications 10; "
        "maas simulate --workload mielec_1.0 --jitter 60 --replications 20 --json",
        "シナリオまたはワークロードフォルダーの1日をシミュレーションし、結果を保存する。例: "
        "maas simulate sakura_on_demand --replications 10、"
        "maas simulate --workload mielec_1.0 --jitter 60 --replications 20 --json",
    ),
)
def simulate(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO",
            help=text(
                "Name of a shipped scenario, or a scenario file (.toml).",
                "付属シナリオの名前、またはシナリオファイル（.toml）。",
            ),
        ),
    ] = None,
    workload: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=text(
                "Folder with nodes.csv, edges.csv, requests.csv and vehicles.csv, instead of a scenario.",
                "シナリオの代わりに使う、nodes.csv、edges.csv、requests.csv、vehicles.csvのあるフォルダー。",
            ),
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="P",
            help=text(
                "Policy: insertion, rolling_horizon, batch, scheduled_runs; the scenario's if left out.",
                "配車方式（insertion、rolling_horizon、batch、scheduled_runs）。省略時はシナリオのもの。",
            ),
        ),
    ] = None,
    replan_every: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            help=text(
                "With --policy rolling_horizon: seconds between searches for better routes. [30]",
                "--policy rolling_horizon用: 経路改善の間隔（秒）。[30]",
            ),
        ),
    ] = None,
    replan_iterations: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=text(
                "With --policy rolling_horizon: steps of each search. [by engine: 50, 200, 5]",
                "--policy rolling_horizon用: 1回の改善の反復回数。[手法ごとに50、200、5]",
            ),
        ),
    ] = None,
    replan_engine: Annotated[
        str | None,
        typer.Option(
            metavar="E",
            help=text(
                "With --policy rolling_horizon: what searches: reinsertion, sisr, ortools. [reinsertion]",
                "--policy rolling_horizon用: 改善の手法（reinsertion、sisr、ortools）。[reinsertion]",
            ),
        ),
    ] = None,
    overnight: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=text(
                "With --policy rolling_horizon: iterations of one long search at 22:00 of every day. [0]",
                "--policy rolling_horizon用: 毎日22時の長い改善の反復回数。[0]",
            ),
        ),
    ] = None,
    batch_every: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            help=text(
                "With --policy batch: seconds between joint answers to requests. [30]",
                "--policy batch用: まとめて回答する間隔（秒）。[30]",
            ),
        ),
    ] = None,
    request_iterations: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=text(
                "With --policy rolling_horizon: steps of the search at each request; 0 = insertion. [20]",
                "--policy rolling_horizon用: 申込み1件ごとの探索の反復回数。0は挿入のみ。[20]",
            ),
        ),
    ] = None,
    reposition: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help=text(
                "Where idle vehicles wait: off, refusals, recent, forecast; as in the scenario if left out.",
                "空車の待機方法（off、refusals、recent、forecast）。省略時はシナリオのもの。",
            ),
        ),
    ] = None,
    aim: Annotated[
        str | None,
        typer.Option(
            metavar="AIM",
            help=text(
                "With recent and forecast: shares (short waits) or coverage (few empty km). [shares]",
                "recent・forecast用: shares（待ち時間重視）かcoverage（空車走行抑制）。[shares]",
            ),
        ),
    ] = None,
    reach: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            help=text(
                "With --reposition: no vehicle drives longer than S seconds without riders. [900]",
                "--reposition用: 空車で走る最長秒数。[900]",
            ),
        ),
    ] = None,
    empty_cost: Annotated[
        int | None,
        typer.Option(
            metavar="PERCENT",
            help=text(
                "With --reposition: cost of empty driving; 0 = as far as the reach allows. [50]",
                "--reposition用: 空車走行の費用。0は走れるだけ走る。[50]",
            ),
        ),
    ] = None,
    promise_quantile: Annotated[
        int | None,
        typer.Option(
            metavar="PERCENT",
            help=text(
                "Plan with driving times that are kept so often (51-99), 0 = with means; as in the scenario"
                " if left out.",
                "この確率（51～99%）で守られる走行時間で計画する。0は平均。省略時はシナリオのもの。",
            ),
        ),
    ] = None,
    soft_limits: Annotated[
        bool,
        typer.Option(
            "--soft-limits",
            help=text(
                "Refuse nobody for the longest wait or the latest arrival: later trips cost more instead.",
                "待ち時間や到着の上限では断らず、超過を費用として扱う。",
            ),
        ),
    ] = False,
    jitter: Annotated[
        int,
        typer.Option(
            metavar="S",
            help=text(
                "Shift each request by up to S seconds either way, by seed.",
                "各申込みを乱数の種に従って前後S秒以内でずらす。",
            ),
        ),
    ] = 0,
    replications: Replications = 1,
    seed: Seed = 1,
    jobs: Jobs = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=text(
                "Outcome folder to write; runs/NAME if left out.",
                "結果を書き出すフォルダー。省略時はruns/名前。",
            ),
        ),
    ] = None,
    max_wait: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            help=text(
                "Workload: the vehicle comes at most S seconds after the request. [600]",
                "ワークロード: 申込みから車両到着までの最長秒数。[600]",
            ),
        ),
    ] = None,
    detour_alpha: Annotated[
        float | None,
        typer.Option(
            metavar="A",
            help=text(
                "Workload: arrival at most A x direct + B seconds after the request. [1.3]",
                "ワークロード: 到着は申込みからA×直行時間+B秒以内。[1.3]",
            ),
        ),
    ] = None,
    detour_beta: Annotated[
        int | None,
        typer.Option(
            metavar="B",
            help=text("Workload: see --detour-alpha. [400]", "ワークロード: --detour-alphaを参照。[400]"),
        ),
    ] = None,
    stop_seconds: Annotated[
        int | None,
        typer.Option(
            metavar="S", help=text("Workload: length of a visit. [60]", "ワークロード: 停車時間（秒）。[60]")
        ),
    ] = None,
    traffic: Annotated[
        int | None,
        typer.Option(
            metavar="PERCENT",
            help=text(
                "Workload: spread of real driving times by quarter of an hour. [0]",
                "ワークロード: 15分ごとの実走行時間のばらつき（%）。[0]",
            ),
        ),
    ] = None,
    hindsight: Annotated[
        bool,
        typer.Option(
            "--hindsight",
            help=text(
                "Solve each day once more with all requests known, and show what that would have reached.",
                "全申込みを事前に知っていた場合の計画を求めて並べて示す。",
            ),
        ),
    ] = False,
    hindsight_iterations: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=text(
                "With --hindsight: work of the solver. [20000]", "--hindsight用: 求解の反復回数。[20000]"
            ),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    rules = (max_wait, detour_alpha, detour_beta, stop_seconds, traffic)
    if (scenario is None) == (workload is None):
        raise typer.BadParameter(
            text(
                "give one of SCENARIO and --workload",
                "SCENARIOと--workloadのどちらか一方を指定してください",
            )
        )
    if workload is None and any(rule is not None for rule in rules):
        raise typer.BadParameter(
            text(
                "--max-wait, --detour-alpha, --detour-beta, --stop-seconds and --traffic belong to"
                " --workload; a scenario states its own rules",
                "--max-wait、--detour-alpha、--detour-beta、--stop-seconds、--trafficは--workload専用です。"
                "シナリオの規則はファイルに書かれています",
            )
        )
    if reposition is None and any(choice is not None for choice in (aim, reach, empty_cost)):
        raise typer.BadParameter(
            text(
                "--aim, --reach and --empty-cost belong to --reposition; give that too",
                "--aim、--reach、--empty-costは--repositionと一緒に指定してください",
            )
        )
    searches = (replan_every, replan_iterations, replan_engine, overnight, request_iterations)
    if policy != "rolling_horizon" and any(choice is not None for choice in searches):
        raise typer.BadParameter(
            text(
                "--replan-every, --replan-iterations, --replan-engine, --overnight and --request-iterations"
                " belong to --policy rolling_horizon; give that too",
                "--replan-every、--replan-iterations、--replan-engine、--overnight、--request-iterationsは"
                "--policy rolling_horizonと一緒に指定してください",
            )
        )
    if hindsight_iterations is not None and not hindsight:
        raise typer.BadParameter(
            text(
                "--hindsight-iterations belongs to --hindsight; give that too",
                "--hindsight-iterationsは--hindsightと一緒に指定してください",
            )
        )
    if policy != "batch" and batch_every is not None:
        raise typer.BadParameter(
            text(
                "--batch-every belongs to --policy batch; give that too",
                "--batch-everyは--policy batchと一緒に指定してください",
            )
        )
    from maas.domain.planning_rules import ITERATIONS, Batching, Replanning, SoftLimits
    from maas.service_definition import AIMS, EMPTY_COST_PERCENT, REACH_S
    from scenarios.loading import files_read
    from simulation import hindsight as in_hindsight
    from simulation.idle_choice import IdleChoice
    from simulation.promise_choice import PromiseChoice
    from simulation.replications import run_series
    from simulation.series import ScenarioChoice, Series, WorkloadChoice

    idle = None
    if reposition is not None:
        idle = IdleChoice(
            reposition,
            AIMS[0] if aim is None else aim,
            REACH_S if reach is None else reach,
            EMPTY_COST_PERCENT if empty_cost is None else empty_cost,
        )
    replanning = None
    is_told = any(choice is not None for choice in searches)
    if policy == "rolling_horizon" and (is_told or workload is not None):
        default = Replanning()
        engine = default.engine if replan_engine is None else replan_engine
        replanning = Replanning(
            default.every_s if replan_every is None else replan_every,
            ITERATIONS.get(engine, 1) if replan_iterations is None else replan_iterations,
            engine=engine,
            overnight_iterations=default.overnight_iterations if overnight is None else overnight,
            request_iterations=(
                default.request_iterations if request_iterations is None else request_iterations
            ),
        )
    batching = None
    if policy == "batch":
        batching = Batching() if batch_every is None else Batching(batch_every)
    soft = SoftLimits() if soft_limits else None
    promise = None if promise_quantile is None else PromiseChoice(promise_quantile)
    choice = (
        ScenarioChoice(str(scenario), policy, idle, replanning, promise, batching, soft)
        if workload is None
        else WorkloadChoice(
            str(workload),
            policy=policy or "insertion",
            max_wait_s=600 if max_wait is None else max_wait,
            detour_alpha=1.3 if detour_alpha is None else detour_alpha,
            detour_beta_s=400 if detour_beta is None else detour_beta,
            stop_s=60 if stop_seconds is None else stop_seconds,
            traffic_percent=0 if traffic is None else traffic,
            idle=idle,
            replanning=replanning,
            promise=promise,
            batching=batching,
            soft_limits=soft,
        )
    )
    target = out or RUNS / choice.name
    refuse_overwriting(target, [workload] if workload is not None else files_read(str(scenario)))
    series = Series(choice, replications, seed, jitter)
    work = in_hindsight.ITERATIONS if hindsight_iterations is None else hindsight_iterations
    with study_progress(choice.name) as report:
        run = run_series(
            series,
            target,
            processes=jobs,
            hindsight_iterations=work if hindsight else None,
            report=report,
        )
    if run.repeats_one_day:
        status_output().print(
            text(
                "Note: this workload is exact, so every day is the same; --jitter 60 makes days that differ.",
                "注: このワークロードは確定値のため毎日同じ結果です。--jitter 60で日ごとに変えられます。",
            ),
            soft_wrap=True,
        )
    if as_json:
        print_json(run, series)
    else:
        print_tables(run, series)
