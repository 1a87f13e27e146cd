"""Which text the fonts of this machine can draw. Municipal PCs and servers often lack a Japanese font."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from matplotlib import font_manager

JAPANESE_FAMILIES: Final = (
    "BIZ UDPGothic", "BIZ UDGothic", "Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Hiragino"
    " Sans",
    "Yu Gothic", "Meiryo", "IPAexGothic", "IPAPGothic", "IPAGothic", "TakaoPGothic", "VL PGothic", "MS"
    " Gothic",
)  # fmt: skip
PLAIN_FAMILY: Final = "DejaVu Sans"
"""Comes with matplotlib, so it is always there."""

PACKAGED_FAMILY: Final = "IPAexGothic"
"""The Japanese font that is installed with this program; its licence lets documents carry it."""

_FONT_PACKAGE: Final = "matplotlib_fontja"
"""A Python package that carries IPAexGothic.

Its font file is used where it is installed; the package itself changes matplotlib when imported, so it is
not.
"""

_PROBE: Final = "さくら市道"


@cache
def japanese_family() -> str | None:
    """A font family of this machine that draws Japanese, or None."""
    for font in _packaged_fonts():
        font_manager.fontManager.addfont(font)
    installed = set(font_manager.get_font_names())
    return next(
        (
            family
            for family in JAPANESE_FAMILIES
            if family in installed and _characters(family).issuperset(map(ord, _PROBE))
        ),
        None,
    )


def families() -> list[str]:
    """Font families to draw with, the first that has a character draws it."""
    japanese = japanese_family()
    return [PLAIN_FAMILY] if japanese is None else [PLAIN_FAMILY, japanese]


def emphasis(text: str) -> dict[str, Any]:
    """Font of a heading: bold where the plain family has all of it; Japanese fonts often have one weight."""
    if _characters(PLAIN_FAMILY).issuperset(map(ord, text)):
        return {"family": [PLAIN_FAMILY], "fontweight": "bold"}
    return {"family": families()}


def drawable(text: str, fallback: str = "") -> str:
    """The text without the characters that no font of ours has; the fallback when hardly anything is left."""
    characters = frozenset().union(*(_characters(family) for family in families()))
    kept = "".join(character for character in text if ord(character) in characters)
    kept = " ".join(kept.split())
    return kept if any(map(str.isalnum, kept)) and len(kept) * 2 >= len(text) else fallback


def packaged_font_folder() -> Path | None:
    """Folder of the Japanese font of `PACKAGED_FAMILY`; None where its package is not installed."""
    fonts = _packaged_fonts()
    return fonts[0].parent if fonts else None


def plain_font_folder() -> Path:
    """Folder of the fonts that come with matplotlib."""
    return Path(font_manager.findfont(PLAIN_FAMILY)).parent


def _packaged_fonts() -> list[Path]:
    package = find_spec(_FONT_PACKAGE)
    if package is None or package.origin is None:
        return []
    return sorted((Path(package.origin).parent / "fonts").glob("*.ttf"))


@cache
def _characters(family: str) -> frozenset[int]:
    path = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
    return frozenset(font_manager.get_font(path).get_charmap())
