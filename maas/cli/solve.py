"""`maas solve`: routes for a benchmark instance, by either engine."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from maas.cli.console import new_app, output, progress, text
from maas.cli.overwriting import refuse_overwriting
from maas.cli.study_options import CONTEXT, Json

if TYPE_CHECKING:
    from routing.instances import Instance
    from routing.plan import Plan
    from routing.verify import Verdict

SECONDS: Final = 10.0
"""CPU seconds where nobody says otherwise."""

STEPS: Final = 1000
"""Of the progress bar."""

InstanceFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help=text(
            "Instance of Li & Lim, Sartori & Buriol or Cordeau.",
            "問題ファイル（Li & Lim、Sartori & Buriol、Cordeauの各形式）。",
        ),
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="F",
        help=text(
            "li_lim, sartori, cordeau2006 or cordeau2003; told from the file if left out.",
            "li_lim、sartori、cordeau2006、cordeau2003のいずれか。省略時はファイルから判別。",
        ),
    ),
]

app = new_app(text("Solve a vehicle-routing instance.", "配車計画の問題を解く。"))


@app.command(
    "solve",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Solve a pickup and delivery or dial-a-ride instance. Example: "
        "maas solve a4-48.txt --solver ortools --seconds 10 --solution a4-48.sol --plot a4-48.png",
        "集荷・配達またはデマンド交通の問題を解く。例: "
        "maas solve a4-48.txt --solver ortools --seconds 10 --solution a4-48.sol --plot a4-48.png",
    ),
)
def solve(
    instance_file: InstanceFile,
    solver: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=text(
                "sisr (neighbourhood search) or ortools (OR-Tools routing library).",
                "sisr（近傍探索）またはortools（OR-Toolsのルーティングライブラリ）。",
            ),
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.0, help=text("CPU seconds of each thread; 10 if left out.", "各スレッドのCPU秒。既定は10。")
        ),
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            min=0,
            help=text(
                "Iterations in place of seconds: the same answer every time.",
                "秒数の代わりの反復回数。毎回同じ答えになる。",
            ),
        ),
    ] = None,
    threads: Annotated[
        int,
        typer.Option(
            min=1, max=256, help=text("Searches side by side (sisr only).", "並行する探索の数（sisrのみ）。")
        ),
    ] = 1,
    seed: Annotated[
        int, typer.Option(min=0, max=2**62, help=text("Seed of the random numbers.", "乱数の種。"))
    ] = 1,
    solution: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help=text("Write the routes to a file.", "経路をファイルに書き出す。")),
    ] = None,
    as_json: Json = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="PNG", help=text("Draw the routes.", "経路を画像（PNG）に描く。")),
    ] = None,
    format_name: Format = None,
) -> None:
    if seconds is not None and iterations is not None:
        raise typer.BadParameter(
            text("give --seconds or --iterations, not both", "--secondsと--iterationsは同時に指定できません"),
            param_hint="--iterations",
        )
    _check_targets(instance_file, solution, plot)
    from routing.instances import read_instance
    from routing.solution_files import write_solution
    from routing.solve import ENGINES
    from routing.solve import solve as solve_problem
    from routing.verify import verify

    instance = read_instance(instance_file, format_name)
    engine = solver or next(iter(ENGINES))
    limit = seconds if seconds is not None or iterations is not None else SECONDS
    began = time.perf_counter()
    with progress(text(f"Solving {instance.name}", f"{instance.name}を解いています")) as report:
        found = solve_problem(
            instance.problem,
            engine,
            seed=seed,
            iterations=iterations,
            seconds=limit,
            threads=threads,
            on_progress=lambda share: report(min(STEPS, round(STEPS * share)), STEPS),
        )
    elapsed_s = time.perf_counter() - began
    verdict = verify(instance, found.plan)
    if solution is not None:
        write_solution(solution, instance, found.plan.routes, f"maas solve --solver {engine} --seed {seed}")
    if plot is not None:
        _draw(instance, found.plan, verdict, plot)
    if as_json:
        figures = {
            "vehicles": verdict.vehicles,
            "cost": round(verdict.cost, 4),
            "feasible": verdict.is_feasible,
            "unserved": _left_out(instance, verdict),
            "seconds": round(elapsed_s, 3),
            "iterations": found.iterations,
            "cpu_s": round(found.cpu_s, 3),
        }
        output().file.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    else:
        print_verdict(instance, verdict)
        output().print(
            text(
                f"{found.iterations:,} iterations in {found.cpu_s:.1f} CPU seconds ({engine}).",
                f"反復{found.iterations:,}回、{found.cpu_s:.1f} CPU秒（{engine}）。",
            )
        )
        for path in (solution, plot):
            if path is not None:
                output().print(text(f"Written: {path}", f"書き出し: {path}"), soft_wrap=True)


def print_verdict(instance: Instance, verdict: Verdict) -> None:
    """What a plan is worth, who is left out and why, and every broken rule."""
    console = output()
    requests = instance.problem.request_count
    console.print(
        text(
            f"{instance.name}: {requests - len(verdict.unserved)} of {requests} requests,"
            f" {verdict.vehicles} vehicles, cost {verdict.cost:,.4f}",
            f"{instance.name}: 予約{requests}件中{requests - len(verdict.unserved)}件、"
            f"車両{verdict.vehicles}台、費用{verdict.cost:,.4f}",
        )
    )
    for one in _left_out(instance, verdict):
        console.print(
            text(
                f"Unserved: pickup row {one['row']}: {one['reason']}",
                f"未対応: 乗車地の行{one['row']}: {one['reason']}",
            ),
            soft_wrap=True,
        )
    for sentence in verdict.violations:
        console.print(f"{text('Violation', '違反')}: {sentence}", soft_wrap=True)
    console.print(
        text("Every rule is kept.", "すべての制約を満たしています。")
        if verdict.is_feasible
        else text("This is no solution.", "解ではありません。")
    )


def _left_out(instance: Instance, verdict: Verdict) -> list[dict[str, object]]:
    from routing.solve import reason_unserved

    return [
        {"row": int(instance.problem.pickup[r]), "reason": reason_unserved(instance.problem, r)}
        for r in verdict.unserved
    ]


def _check_targets(instance_file: Path, solution: Path | None, plot: Path | None) -> None:
    """Refuse what could not be written before any time is spent on solving."""
    for option, target in (("--solution", solution), ("--plot", plot)):
        if target is None:
            continue
        refuse_overwriting(target, [instance_file], option)
        if target.is_dir() or not target.absolute().parent.is_dir():
            raise typer.BadParameter(
                text(
                    f"{target} cannot be written: name a file in a folder that exists",
                    f"{target}には書き込めません。既存のフォルダー内のファイル名にしてください",
                ),
                param_hint=option,
            )
    if plot is not None:
        from dashboards.map_sheet import check_picture_path

        check_picture_path(plot)


def _draw(instance: Instance, plan: Plan, verdict: Verdict, picture: Path) -> None:
    from dashboards.route_chart import draw_routes

    draw_routes(
        instance,
        plan.routes,
        picture,
        title=text(
            f"{instance.name}: {verdict.vehicles} vehicles, cost {verdict.cost:,.2f}",
            f"{instance.name}: 車両{verdict.vehicles}台、費用{verdict.cost:,.2f}",
        ),
        labels=(text("pickup", "乗車"), text("delivery", "降車"), text("depot", "車庫")),
    )
