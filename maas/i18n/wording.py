"""A text in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "ja"]


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in English and in Japanese."""

    en: str
    ja: str

    def text(self, language: Language) -> str:
        """The text in one language."""
        return self.ja if language == "ja" else self.en
