"""The terminal: language, output, progress, and the one place where an error becomes a sentence.

Results go to standard output, everything about the work (progress, errors) to standard error.
"""

from __future__ import annotations

import errno
import io
import locale
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console

EXIT_OK: Final = 0
EXIT_ERROR: Final = 2
EXIT_INTERRUPTED: Final = 130

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

KNOWN_ERRORS: Final = (
    ("routing.errors", "RoutingError"),
    ("maas.domain.errors", "MaasError"),
    ("scenarios.errors", "ScenarioError"),
    ("simulation.errors", "SimulationError"),
    ("dashboards.errors", "DashboardError"),
)
"""Module and root class of each package's error tree.

They are looked up among the loaded modules: an error of a package that was never loaded cannot have been
raised, and `maas --help` loads none."""


class Language(StrEnum):
    """Language of what the commands print."""

    JA = "ja"
    EN = "en"


_current: list[Language] = []


def set_language(language: Language | None) -> None:
    """Language of this process; None goes back to the locale's."""
    _current[:] = [] if language is None else [language]


def language() -> Language:
    """The language that was set, or the locale's: Japanese where it is Japanese, English everywhere else."""
    return _current[0] if _current else _locale_language(os.environ)


def text(en: str, ja: str) -> str:
    """The one of two texts that is in the current language.

    Modules of commands are imported after `--lang` was read, so help texts may be built with it too.
    """
    return ja if language() is Language.JA else en


def _locale_language(environment: Mapping[str, str]) -> Language:
    names = [environment.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), None) or locale.getlocale()[0] or ""
    return Language.JA if name.lower().startswith(("ja", "japanese")) else Language.EN


def language_option(arguments: Sequence[str]) -> Language | None:
    """The language named before the command, read ahead of the parser so that help comes out in it."""
    for k, argument in enumerate(arguments):
        if not argument.startswith("-"):
            return None
        flag, _, value = argument.partition("=")
        if flag == "--lang":
            value = value or next(iter(arguments[k + 1 : k + 2]), "")
            return Language(value) if value in tuple(Language) else None
    return None


def new_app(summary: str) -> typer.Typer:
    """An empty app for the commands of one module, set up as all of ours are."""
    return typer.Typer(
        help=summary,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def output() -> Console:
    """Console for results. It reads no markup, so names with brackets come out as they are."""
    from rich.console import Console

    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False)


def status_output() -> Console:
    """Console for progress and remarks, on standard error."""
    from rich.console import Console

    return Console(file=sys.stderr, markup=False, highlight=False, emoji=False)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, fed by `report(done, total)`; no bar where standard error is no terminal.

    with progress("Travel times") as report:
        DenseTravelTimes.build(network, progress=report)
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = status_output()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        line = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(line, completed=done, total=total)


@contextmanager
def working(label: str) -> Iterator[None]:
    """A moving sign beside `label` while work of unknown length goes on."""
    console = status_output()
    if not console.is_terminal:
        yield
        return
    with console.status(label):
        yield


def print_error(sentence: str) -> None:
    """One line on standard error."""
    line = " ".join(sentence.split())
    print(f"{text('Error', 'エラー')}: {line}", file=sys.stderr)


def guarded(command: Callable[[], object]) -> int:
    """Run a command; the exit code, with every expected error told in one sentence and never a traceback.

    Expected are the error trees of our packages, an `OSError` that names a file, and a full disk, which names
    none. Anything else is a fault of the program and keeps its traceback.
    """
    try:
        command()
    except SystemExit as stop:
        if stop.code == EXIT_INTERRUPTED:  # what typer makes of Ctrl-C, without a word
            _tell_interruption()
        return stop.code if isinstance(stop.code, int) else EXIT_OK if stop.code is None else EXIT_ERROR
    except KeyboardInterrupt:
        _tell_interruption()
        return EXIT_INTERRUPTED
    except Exception as error:
        known = _known_error_classes()
        if isinstance(error, known):
            print_error(str(error))
            return EXIT_ERROR
        if isinstance(error, OSError) and error.filename is not None:
            print_error(f"{error.filename}: {error.strerror or type(error).__name__}")
            return EXIT_ERROR
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            print_error(
                text(
                    f"the disk is full ({error.strerror}); make room and run the command again",
                    f"ディスクに空きがありません（{error.strerror}）。空きを作ってからやり直してください",
                )
            )
            return EXIT_ERROR
        raise
    return EXIT_OK


def _tell_interruption() -> None:
    print_error(text("stopped by the keyboard", "キーボードで中断されました"))


def _known_error_classes() -> tuple[type[Exception], ...]:
    loaded = [(sys.modules[module], name) for module, name in KNOWN_ERRORS if module in sys.modules]
    return tuple(getattr(module, name) for module, name in loaded if hasattr(module, name))


def tolerate_narrow_encodings() -> None:
    """A terminal that cannot write a character shows `?` in its place; the command goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
