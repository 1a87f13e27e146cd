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
