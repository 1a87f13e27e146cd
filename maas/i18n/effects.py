"""Differences in plain words: "3.1 minutes shorter, 2.4 to 3.8"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from maas.i18n.figures import FigureWording
from maas.i18n.wording import Language, Wording

_SHORTER: Final = (Wording("shorter", "短い"), Wording("longer", "長い"))
_FEWER: Final = (Wording("fewer", "少ない"), Wording("more", "多い"))
_LOWER: Final = (Wording("lower", "低い"), Wording("higher", "高い"))
_LESS: Final = (Wording("less", "少ない"), Wording("more", "多い"))

_UNITS: Final = {
    "min": Wording("minutes", "分"),
    "h": Wording("hours", "時間"),
    "%": Wording("points", "ポイント"),
}
_TIMES: Final = ("wait_", "in_vehicle_", "stop_wait_", "lateness_")
_PEOPLE: Final = ("served_riders", "requested_riders", "riders_per_vehicle_hour")
_BOOKINGS: Final = (
    "requests", "served", "refused", "cancelled", "no_shows", "abandoned", "promises_mended", "reassignments",
    "set_down_elsewhere", "calls", "answered", "turned_away", "lost_requests",
)  # fmt: skip


def effect_words(
    figure: FigureWording, mean: float, low: float | None, high: float | None, language: Language
) -> str:
    """A difference as a sentence's part; the ends are those of its 95 % interval, None where there is none.

    A difference whose interval holds 0 is called not clear, and keeps its signs.
    """
    figure = _plain(figure)
    to = " to " if language == "en" else "～"
    unit = _unit(figure).text(language)
    gap = " " if language == "en" and unit else ""
    if low is not None and high is not None and low <= 0 <= high:
        if low == high:
            return "no difference" if language == "en" else "差なし"
        ends = f"{figure.number(low, signed=True)}{to}{figure.number(high, signed=True)}{gap}{unit}"
        return f"no clear difference ({ends})" if language == "en" else f"明らかな差なし（{ends}）"
    said = amount_words(figure, mean, language)
    if low is None or high is None:
        return f"{said} (one day)" if language == "en" else f"{said}（1日のみ）"
    near, far = sorted((abs(low), abs(high)))
    ends = f"{figure.number(near)}{to}{figure.number(far)}"
    return f"{said}, {ends}" if language == "en" else f"{said}（{ends}）"


def amount_words(figure: FigureWording, difference: float, language: Language) -> str:
    """A difference without its interval: "3.1 minutes shorter"."""
    figure = _plain(figure)
    unit = _unit(figure).text(language)
    gap = " " if language == "en" and unit else ""
    words = _direction(figure)[int(difference > 0)].text(language)
    return f"{figure.number(abs(difference))}{gap}{unit}{' ' if language == 'en' else ''}{words}"


def _plain(figure: FigureWording) -> FigureWording:
    """The figure as people say it: whole yen, tenths of minutes."""
    if figure.unit.en == "1,000 yen":
        return replace(figure, unit=Wording("yen", "円"), scale=1.0, decimals=0)
    return replace(figure, decimals=min(figure.decimals, 1)) if figure.unit.en == "min" else figure


def _unit(figure: FigureWording) -> Wording:
    """The unit of a difference; Japanese names what is counted, English puts nothing between 3.1 and more."""
    key = figure.key.rpartition(".")[2]
    if key in _PEOPLE:
        return Wording("", "人")
    if key in _BOOKINGS:
        return Wording("", "件")
    return _UNITS.get(figure.unit.en, figure.unit)


def _direction(figure: FigureWording) -> tuple[Wording, Wording]:
    """Words for below and above."""
    key = figure.key.rpartition(".")[2]
    if key.startswith(_TIMES):
        return _SHORTER
    if key in _PEOPLE or key in _BOOKINGS:
        return _FEWER
    if figure.unit.en in ("km", "kg", "yen", "h"):
        return _LESS
    return _LOWER
