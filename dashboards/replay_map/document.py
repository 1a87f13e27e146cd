"""The replay as one HTML document: data, styles and scripts in the page, nothing fetched from anywhere."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any, Final

import numpy as np

from dashboards.errors import ReplayError
from dashboards.map_sheet import Plane, courses
from dashboards.replay_map.day import ReplayDay, busiest_s
from dashboards.replay_map.landmarks import Landmark, landmarks, shapes
from dashboards.replay_map.packing import packed_lines
from dashboards.replay_map.wording import WORDS, page_words
from maas.i18n.wording import Language
from maas.store.journal import Journal
from routing.network import Network
from routing.road_book import RoadBook
from routing.road_lengths import road_pieces
from routing.travel_times import DenseTravelTimes
from scenarios.preparation import cache_folder
from simulation.study_outcome import StudyOutcome

SCRIPTS: Final = ("packing.js", "base_map.js", "day.js", "symbols.js", "panel.js", "player.js")
_MOST_SIDES: Final = 2
_SHIELD_M: Final = 4500.0


@dataclass(frozen=True, slots=True)
class ReplaySide:
    """One day to be shown: its title, its journal, and the roads it happened on."""

    title: str
    journal: Journal
    network: Network


def replay_page(sides: Sequence[ReplaySide], *, language: Language) -> str:
    """A day of one service, or of two side by side on one clock, as a whole HTML document.

    Parameters
    ----------
    sides
        One or two, left to right.
    language
        Of all texts; towns keep their Japanese names.

    Raises
    ------
    ReplayError
        When there is no side or more than two, or a network is not that of its journal.
    JournalError
        When a journal contradicts itself.

    Notes
    -----
    The same journals give the same text. A Sakura day of two services is about a third of a megabyte.
    """
    if not 0 < len(sides) <= _MOST_SIDES:
        raise ReplayError(f"{len(sides)} days are asked for; give one, or two to be shown side by side")
    plane = Plane.of(sides[0].network)
    days = [day_of(side, plane) for side in sides]
    networks: dict[str, dict[str, Any]] = {}
    marks = {side.network.hash: landmarks(side.network, plane) for side in sides}
    for side in sides:
        if side.network.hash not in networks:
            networks[side.network.hash] = _roads(side.network, plane, marks[side.network.hash], language)
    spans = [day.span_s for day in days]
    shown: dict[str, Any] = {
        "language": language,
        "date": sides[0].journal.header.date,
        "words": page_words(language),
        "first": min(first for first, _ in spans),
        "last": max(last for _, last in spans),
        "opening": busiest_s(days),
        "networks": list(networks.values()),
        "sides": [
            day.to_json(side.title, marks[side.network.hash], language)
            | {"network": list(networks).index(side.network.hash)}
            for side, day in zip(sides, days, strict=True)
        ],
    }
    return _document(shown, sides, language)


def study_replay(
    study: StudyOutcome, cases: Sequence[str], *, language: Language, seed: int | None = None
) -> str:
    """`replay_page` of a day of one or two cases of a study, that of the first seed if none is given.

    Raises
    ------
    ReplayError
        When the study has no such case, or as `replay_page`.
    OutcomeError
        When the journal of the day was not kept.
    """
    titles = {case.name: case.title.text(language) for case in study.cases}
    for name in cases:
        if name not in titles:
            raise ReplayError(f"study {study.name} has no case {name!r}; give one of {', '.join(titles)}")
    sides = [
        ReplaySide(titles[name], study.journal(name, seed), Network.load(study.network_file(name)))
        for name in cases
    ]
    return replay_page(sides, language=language)


def day_of(side: ReplaySide, plane: Plane) -> ReplayDay:
    """A side ready to be drawn in a plane; travel times come from where they are kept between runs.

    Raises
    ------
    ReplayError
        When the network is not that of the journal.
    """
    header, network = side.journal.header, side.network
    if network.hash != header.network_hash:
        raise ReplayError(
            f"the network of {side.title} has hash {network.hash[:12]}..., its journal was written over"
            f" {header.network_hash[:12]}...; give the network.net of its outcome"
        )
    folder = cache_folder()
    book = RoadBook(network, DenseTravelTimes.cached(network, folder), header.speed_profiles, folder)
    return ReplayDay.of(side.journal, book, plane)


def _roads(network: Network, plane: Plane, marks: Sequence[Landmark], language: Language) -> dict[str, Any]:
    """The map below the vehicles: roads from minor to main, names, the city's outline."""
    pieces = road_pieces(network)
    pieces = pieces[np.argsort(-network.road_class[pieces].astype(np.int64), kind="stable")]
    drawn = shapes(network, plane)
    return {
        "title": network.title,
        "roads": packed_lines(
            courses(network, pieces, plane), [int(network.road_class[piece]) for piece in pieces]
        ),
        "outline": packed_lines([drawn["outline"]] if drawn else []),
        "river": packed_lines([drawn["river"]] if drawn else []),
        "shields": _shields(network, pieces, plane),
        "marks": [
            [round(mark.x), round(mark.y), mark.name.text(language), mark.kind, mark.weight, mark.is_certain]
            for mark in sorted(marks, key=lambda mark: -mark.weight)
        ],
    }


def _shields(network: Network, pieces: np.ndarray[Any, np.dtype[np.int64]], plane: Plane) -> list[list[Any]]:
    """Where a road's number is written: along its course, some kilometres apart."""
    found: list[list[Any]] = []
    for index, name in enumerate(network.references):
        if not name or len(name) > len("P0000"):
            continue
        spots: list[tuple[float, float]] = []
        for line in courses(network, pieces[network.reference_index[pieces] == index], plane):
            x, y = (float(value) for value in line[len(line) // 2])
            if all(np.hypot(x - other[0], y - other[1]) > _SHIELD_M for other in spots):
                spots.append((x, y))
        found += [[round(x), round(y), name] for x, y in spots]
    return found


def _document(shown: dict[str, Any], sides: Sequence[ReplaySide], language: Language) -> str:
    page = files("dashboards").joinpath("replay_map", "page")
    notes = (
        [WORDS["simulated"].text(language)]
        if any(side.journal.header.scenario_hash for side in sides)
        else []
    )
    if any(side.network.is_approximate for side in sides):
        notes.append(WORDS["approximate"].text(language))
    notes += dict.fromkeys(line for side in sides for line in side.network.credits)
    data = json.dumps(shown, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace(
        "<", "\\u003c"
    )
    titles = " / ".join(side.title for side in sides)
    return Template(page.joinpath("page.html").read_text(encoding="utf-8")).substitute(
        {key: html.escape(words.text(language)) for key, words in WORDS.items()},
        language=language,
        title=html.escape(f"{WORDS['heading'].text(language)}: {titles}"),
        date=html.escape(sides[0].journal.header.date),
        notes=html.escape("　".join(notes)),
        style=page.joinpath("page.css").read_text(encoding="utf-8"),
        script="\n".join(page.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS),
        data=data,
    )
