"""Whether a study was simulated by the program that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maas.i18n.wording import Wording
from simulation.program import program
from simulation.study_outcome import StudyOutcome


def version_remark(study: StudyOutcome) -> Wording | None:
    """Says that a study was made by another version, and what to do; None where it was made by this one.

    A version is what decides the days of a study: the program, the libraries below it, the kind of processor.
    """
    made, own = study.provenance["program"], program()
    if made == own:
        return None
    return Wording(
        f"Simulated by another version of the program: {_version(made, own)}, not {_version(own, made)}."
        f" It is reported as it is; run `maas study {study.name} --again` to have the figures of this"
        " version.",
        f"別の版のプログラムによる計算結果: {_version(made, own)}（現在は{_version(own, made)}）。"
        f"結果はそのまま掲載した。現在の版の数値は`maas study {study.name} --again`で得られる。",
    )


def _version(shown: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """`maas 0.1.0-3099c10a, numpy 2.4.6`: the program, and those of its libraries that differ."""
    versions = shown["versions"]
    libraries = [
        f"{name} {version}"
        for name, version in versions.items()
        if name != "maas" and version != other["versions"].get(name)
    ]
    return ", ".join([f"maas {versions['maas']}-{shown['sources'][:8]}", *libraries])
