"""The front door: `maas COMMAND ...`. Composition root; nobody imports it.

A new command is one line in `COMMANDS` and a module with a typer app named `app`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from maas.cli.console import (
    Language,
    guarded,
    language_option,
    new_app,
    set_language,
    text,
    tolerate_narrow_encodings,
)
from maas.cli.lazy import LazyCommand, LazyGroup

COMMANDS: tuple[LazyCommand, ...] = (
    LazyCommand(
        "network",
        "maas.cli.network",
        en="Road networks: import OpenStreetMap, show and draw.",
        ja="道路網: OpenStreetMapの取り込み、要約、地図。",
    ),
    LazyCommand(
        "scenarios",
        "maas.cli.scenarios",
        en="Scenarios: list them, show what each number rests on.",
        ja="シナリオ: 一覧と、各数値の出典の表示。",
    ),
    LazyCommand(
        "simulate",
        "maas.cli.simulate",
        en="Simulate days of a scenario or a workload.",
        ja="シナリオまたはワークロードの1日をシミュレーションする。",
    ),
    LazyCommand(
        "compare",
        "maas.cli.compare",
        en="Set scenarios and outcomes side by side, with 95 % intervals.",
        ja="シナリオや結果を並べ、95%信頼区間とともに比較する。",
    ),
    LazyCommand(
        "study",
        "maas.cli.study",
        en="Run a study: variants and parameters over many days.",
        ja="スタディを実行する: 案とパラメーターを何日分も比較する。",
    ),
    LazyCommand(
        "access",
        "maas.cli.access",
        en="Who reaches hospital, shop and station in time, in a study.",
        ja="スタディの各案で病院・店・駅に時間内に着ける人の割合。",
    ),
    LazyCommand(
        "money",
        "maas.cli.money",
        en="A year's account of a study: cost, fares, who pays, CO2.",
        ja="スタディの年間収支: 経費、運賃収入、負担、CO2。",
    ),
    LazyCommand(
        "worth",
        "maas.cli.worth",
        en="What one more vehicle, hour or stop would bring, in a study.",
        ja="スタディの各案で車両・時間・停留所を1つ増やす効果。",
    ),
    LazyCommand(
        "report",
        "maas.cli.report",
        en="Report of a finished study: PDF, HTML, Excel, CSV.",
        ja="計算済みスタディの報告書: PDF、HTML、Excel、CSV。",
    ),
    LazyCommand(
        "dashboard",
        "maas.cli.dashboard",
        en="The planner's pages in a browser, over finished studies.",
        ja="計算済みスタディをブラウザーで見る画面。",
    ),
    LazyCommand(
        "replay",
        "maas.cli.replay",
        en="Check a journal and print its figures.",
        ja="記録（journal）を検査し、指標を表示する。",
    ),
    LazyCommand(
        "validate",
        "maas.cli.validate",
        en="Check the model: conservation laws, queues, published answers.",
        ja="モデルを検証する: 保存則、待ち行列、公表値。",
    ),
    LazyCommand(
        "bench",
        "maas.cli.bench",
        en="Measured figures: the latest beside the best.",
        ja="計測値: 最新の値と最良の値。",
    ),
    LazyCommand(
        "solve",
        "maas.cli.solve",
        en="Solve a vehicle-routing instance.",
        ja="配車計画の問題を解く。",
    ),
    LazyCommand(
        "check",
        "maas.cli.check",
        en="Check a solution of a vehicle-routing instance.",
        ja="配車計画の問題の解を検査する。",
    ),
    LazyCommand(
        "demo",
        "maas.cli.demo",
        en="A weekday in Sakura City under three services.",
        ja="さくら市の平日1日を3つのサービスで比べる。",
    ),
)


class _Root(LazyGroup):
    table = COMMANDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns its exit code (0 done, 2 wrong input)."""
    tolerate_narrow_encodings()
    given = list(sys.argv[1:] if arguments is None else arguments)
    set_language(language_option(given))
    command = typer.main.get_command(_root_app())
    return guarded(lambda: command.main(given, prog_name="maas"))


def _root_app() -> typer.Typer:
    app = new_app(
        text(
            "Simulation and dispatch of demand-responsive transport. Example: maas network show sakura",
            "デマンド交通のシミュレーションと配車。例: maas network show sakura",
        )
    )

    @app.callback(cls=_Root)
    def root(
        lang: Annotated[
            Language | None,
            typer.Option(
                help=text(
                    "Language of the output; that of the locale if left out.",
                    "表示言語。省略時はロケールに従う。",
                )
            ),
        ] = None,
    ) -> None:
        set_language(lang)

    return app
