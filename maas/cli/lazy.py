"""Commands that are imported when they are called, so that `maas --help` loads no numerics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from maas.cli.console import text


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """One line of the root help, and where the rest is.

    `module` holds a `typer.Typer` named `app` (see `maas.cli.console.new_app`): with one command it becomes
    the command `name` itself, with several a group of that name.
    """

    name: str
    module: str
    en: str
    ja: str

    def load(self) -> Any:
        command = typer.main.get_command(import_module(self.module).app)
        command.name = self.name
        return command


class LazyGroup(TyperGroup):
    """A group that shows a table of commands and imports one only to run it."""

    table: Sequence[LazyCommand] = ()

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for entry in self.table:
            self.add_command(TyperCommand(entry.name, help=text(entry.en, entry.ja)))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        entry = next((entry for entry in self.table if entry.name == name), None)
        return name, command if entry is None else entry.load(), rest
