"""What a row of the benchmark history is called, in words: its name there is a path of short words."""

from __future__ import annotations

from typing import Final

from dashboards.planner import solver_wording as wording
from dashboards.planner.frame import Frame
from maas.i18n.wording import Wording

_QUALITY_PARTS: Final = 5


def figure_name(name: str, frame: Frame) -> str:
    """A figure's name in words, as far as its words are known: family, instances and seeds, CPU seconds,
    solver, figure."""
    parts = name.split("/")
    if len(parts) != _QUALITY_PARTS or parts[-1] not in wording.QUALITY_FIGURES:
        return " · ".join(_word(part, wording.WORDS, frame) for part in parts)
    family, size, budget, solver, figure = parts
    instances, _, seeds = size.partition("x")
    return frame.say(
        wording.QUALITY_NAME,
        family=_word(family, wording.FAMILIES, frame),
        figure=frame.say(wording.QUALITY_FIGURES[figure]),
        solver=_word(solver, wording.SOLVERS, frame),
        budget=budget.removesuffix("s"),
        instances=instances,
        seeds=seeds,
    )


def unit_name(unit: str, frame: Frame) -> str:
    """A unit in the language of the page."""
    return _word(unit, wording.UNITS, frame)


def _word(part: str, words: dict[str, Wording], frame: Frame) -> str:
    return frame.say(words[part]) if part in words else part
