"""What a study is doing, on standard error: a bar with the time left, or a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from maas.cli.console import status_output, text

if TYPE_CHECKING:
    from simulation.series import Phase, Report

PAUSE_S: Final = 10.0
"""Least time between two lines about days where no terminal shows a bar."""


@contextmanager
def study_progress(name: str) -> Iterator[Report]:
    """Show how far the study called `name` is, fed by the `Report` that is lent.

    with study_progress("sakura_today") as report:
        run_series(series, target, report=report)
    """
    console = status_output()
    if not console.is_terminal:
        yield plain_lines(name, lambda line: console.print(line, soft_wrap=True), time.monotonic)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    spinner = console.status(name)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn(text("left", "残り")),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console, transient=True)
    line = bar.add_task(name, total=None)
    shown: list[Phase] = []

    def report(phase: Phase, done: int, total: int) -> None:
        words = f"{name}: {doing(phase, done, total)}"
        if not total:
            bar.stop()
            spinner.update(words)
            spinner.start()
            return
        spinner.stop()
        if shown != [phase]:
            shown[:] = [phase]
            bar.reset(line)
        bar.update(line, description=words, completed=done, total=total)
        bar.start()

    try:
        yield report
    finally:
        spinner.stop()
        bar.stop()


def plain_lines(name: str, write: Callable[[str], object], clock: Callable[[], float]) -> Report:
    """A report that writes a line at the start of each phase, and about days at most every `PAUSE_S` seconds.

    Parameters
    ----------
    write
        Takes one line.
    clock
        Seconds of a clock that never goes back.
    """
    shown: list[Phase] = []
    times: list[float] = []

    def report(phase: Phase, done: int, total: int) -> None:
        now = clock()
        if shown != [phase]:
            shown[:], times[:] = [phase], [now, now]
        elif now - times[1] < PAUSE_S or done >= total:
            return
        begun, times[1] = times[0], now
        left = f"; {_left(now - begun, done, total)}" if 0 < done < total and now > begun else ""
        write(f"{name}: {doing(phase, done, total)}{left}")

    return report


def doing(phase: Phase, done: int, total: int) -> str:
    """The phase in words."""
    from simulation.series import Phase

    match phase:
        case Phase.ROADS:
            return text("preparing roads and riders", "道路と利用者を準備中")
        case Phase.KERNELS:
            return text(
                "loading kernels (the first start compiles them: about a minute)",
                "計算カーネルを読み込み中（初回のみコンパイルに約1分）",
            )
        case Phase.LEARNING:
            return text(
                f"people learn what to expect, day {done + 1} of {total} at most",
                f"利用者がサービスを学習中 {done + 1}日目/最大{total}日",
            )
        case Phase.DAYS:
            day = min(done + 1, total)
            return text(f"simulating day {day} of {total}", f"シミュレーション中 {day}日目/全{total}日")


def _left(spent_s: float, done: int, total: int) -> str:
    left_s = round(spent_s / done * (total - done))
    minutes, seconds = divmod(left_s, 60)
    if minutes:
        return text(f"about {minutes} min {seconds} s left", f"残り約{minutes}分{seconds}秒")
    return text(f"about {seconds} s left", f"残り約{seconds}秒")
