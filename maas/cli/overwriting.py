"""What a command writes must not take the place of what it reads."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from maas.cli.console import text


def refuse_overwriting(target: Path, sources: Sequence[Path], option: str = "--out") -> None:
    """Refuse to write a file or folder that is read, or that holds what is read.

    Parameters
    ----------
    target
        File or folder that the command writes, or replaces.
    sources
        Files and folders that it reads; those that are not there do no harm.
    option
        What names the target.

    Raises
    ------
    FileExistsError
        In one sentence that begins with the target.
    """
    place = target.resolve()
    for source in sources:
        if not source.exists():
            continue
        read = source.resolve()
        if place == read or (target.exists() and target.samefile(source)):
            raise FileExistsError(
                errno.EEXIST,
                text(
                    f"is read by this command and would be replaced by what it writes; give another {option}",
                    f"このコマンドが読み込む元であり、書き出すと失われます。{option}を別の名前にしてください",
                ),
                str(target),
            )
        if place in read.parents:
            raise FileExistsError(
                errno.EEXIST,
                text(
                    f"holds {source}, which this command reads and which would be lost with the older content"
                    f" of the folder; give another {option}",
                    f"この中の{source}はこのコマンドが読み込む元であり、置き換えると失われます。"
                    f"{option}を別のフォルダーにしてください",
                ),
                str(target),
            )
