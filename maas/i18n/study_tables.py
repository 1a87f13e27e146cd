"""What a reader is told where a study has no tables of `maas access`, `maas money` or `maas worth`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from maas.i18n.wording import Wording

TABLES: Final = {
    "access": Wording("Access", "アクセシビリティ"),
    "money": Wording("The account of a year", "年間収支"),
    "worth": Wording("What one more vehicle, hour or stop would bring", "車両・時間・停留所を1つ増やす効果"),
}
"""Tables by the command that makes them."""

_FOLDER: Final = Wording("on the folder of the study", "スタディのフォルダーに対して")
_CHANGED: Final = {
    "study.json": Wording("the study", "スタディの内容"),
    "metrics.parquet": Wording("the days of the study", "スタディの計算結果"),
    "method": Wording("how it is counted", "計算方法"),
}


def missing(name: str, changed: Sequence[str] | None, folder: str | None = None) -> Wording:
    """Why tables are not shown, and the command that makes them.

    Parameters
    ----------
    name
        Key of `TABLES`.
    changed
        As `simulation.study_tables.what_changed` gives it, not empty.
    folder
        Folder of the study, to be named in the command.
    """
    what = TABLES[name]
    en = f"run maas {name} " + (_FOLDER.en if folder is None else folder)
    ja = f"{_FOLDER.ja}maas {name}" if folder is None else f"maas {name} {folder} "
    if changed is None:
        return Wording(
            f"{what.en} was not computed: {en}.", f"{what.ja}は未計算: {ja}を実行すると掲載される。"
        )
    told = [_CHANGED.get(key, Wording(key, key)) for key in changed]
    told = told[:1] if changed[0] == "study.json" else told
    return Wording(
        f"{what.en} is not shown, as it was computed before a change of"
        f" {' and '.join(one.en for one in told)}: {en} again.",
        f"{what.ja}は、計算後に{'・'.join(one.ja for one in told)}が変わったため掲載しない: "
        f"{ja}をもう一度実行すると掲載される。",
    )
