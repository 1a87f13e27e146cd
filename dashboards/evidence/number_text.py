"""Numbers as Japanese papers print them: thousands by comma, a true minus sign, units without a gap."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Language

MISSING: Final = "–"
_MINUS: Final = "\N{MINUS SIGN}"


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A plain number: `1,234.5`, `−12`; with `signed` also `+3`."""
    shown = round(value, decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
    sign = "+" if signed and shown > 0 else ""
    return f"{sign}{shown:,.{decimals}f}".replace("-", _MINUS)


def with_unit(value: float, unit: str, decimals: int = 0, *, language: Language, signed: bool = False) -> str:
    """A number and its unit: `1,234円`, `12.3%`, in English `1,234 yen` but `12.3 %` and `12.3 min`."""
    gap = " " if unit and language == "en" else ""
    return f"{number(value, decimals, signed=signed)}{gap}{unit}"


def yen(value: float, *, language: Language) -> str:
    """Whole yen: `12,345円`."""
    return with_unit(value, "円" if language == "ja" else "yen", language=language)


def percent(share: float, decimals: int = 1, *, language: Language) -> str:
    """A share of 1 in percent: `12.3%`."""
    return with_unit(100 * share, "%", decimals, language=language)


def minutes(seconds: float, decimals: int = 1, *, language: Language) -> str:
    """Seconds in minutes: `3.5分`."""
    return with_unit(seconds / 60, "分" if language == "ja" else "min", decimals, language=language)


def span(low: float, high: float, decimals: int = 0, *, language: Language, signed: bool = False) -> str:
    """Two ends: `2.4～3.8`, in English `2.4 to 3.8`."""
    to = "～" if language == "ja" else " to "
    return number(low, decimals, signed=signed) + to + number(high, decimals, signed=signed)


def clock(seconds: float) -> str:
    """A time of the service day: `8:05`."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}"


def age_text(band: str, language: Language) -> str:
    """A band of ages: `65-74`, in Japanese `65～74歳`."""
    if language == "en":
        return band
    low, _, high = band.partition("-")
    return f"{low}～{high}歳" if high else f"{band.removesuffix('+')}歳以上"
