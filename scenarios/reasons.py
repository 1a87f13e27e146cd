"""Sources and reasons of a scenario's numbers in the language of the reader."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from maas.i18n.wording import Language
from scenarios.provenance import Entry

_NO_WORDS: Final = re.compile(r"https?://[^\s)、）]+|[A-Za-z0-9]+(?:[_.][A-Za-z0-9]+)+")
"""Addresses, and names of scenarios and files."""
_BY_STUDY: Final = re.compile(r"set by the study (.+)")


def reason_text(entry: Entry, language: Language) -> str:
    """Why a number is what it is; empty where the scenario gives no reason.

    A reason that is in the other language alone is given as it stands, and marked as such. Those of shipped
    scenarios are in both.
    """
    own, japanese = entry.reason, entry.reason_ja
    if language == "ja":
        translated = japanese or translated_reason(own)
        if translated:
            return translated
        return own if not own or is_japanese(own) else f"{own}（英語の原文）"
    if own and not is_japanese(own):
        return own.replace("+-", "±")
    return f"{own or japanese} (original in Japanese)" if own or japanese else ""


def translated_reason(reason: str) -> str | None:
    """A reason of a shipped scenario, or of a study, in Japanese; None where it is another one."""
    study = _BY_STUDY.fullmatch(reason)
    if study is not None:
        return f"スタディ{study[1]}での設定"
    return shipped_reasons().get(reason)


@cache
def shipped_reasons() -> Mapping[str, str]:
    """Japanese by English, for every source and reason of the shipped scenarios."""
    text = files("scenarios").joinpath("translations", "reasons_ja.toml").read_text(encoding="utf-8")
    return {str(english): str(japanese) for english, japanese in tomllib.loads(text).items()}


def is_japanese(text: str) -> bool:
    """Whether at least half of the letters of a text, names of files left out, are Japanese ones.

    An English sentence that names うのはな号 is none.
    """
    letters = [character for character in _NO_WORDS.sub("", text) if character.isalpha()]
    own = sum(not unicodedata.name(character, "").startswith("LATIN") for character in letters)
    return own > 0 and 2 * own >= len(letters)
