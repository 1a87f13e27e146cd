"""Options that the commands about studies share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from maas.cli.console import text

if TYPE_CHECKING:
    from simulation.study_outcome import StudyOutcome

RUNS: Final = Path("runs")
"""Where outcomes go if nobody says otherwise."""

STUDIES: Final = RUNS / "studies"
"""Where studies go if nobody says otherwise."""

CONTEXT: Final = {"help_option_names": ["-h", "--help"]}

Replications = Annotated[
    int,
    typer.Option(
        metavar="N",
        help=text(
            "Days to simulate; day r has the seed SEED + r.",
            "シミュレーションする日数。r日目の乱数の種はSEED + r。",
        ),
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        metavar="S",
        help=text(
            "Seed of the first day; the same seed brings the same riders and traffic under every scenario.",
            "1日目の乱数の種。同じ種なら、どのシナリオでも同じ利用者と交通状況になる。",
        ),
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        metavar="J",
        help=text(
            "Processes to use; the results do not depend on it.", "使用するプロセス数。結果には影響しない。"
        ),
    ),
]
FinishedStudy = Annotated[
    str,
    typer.Argument(
        metavar="STUDY",
        help=text(
            "Folder of a finished study, or the name of one in runs/studies.",
            "計算済みスタディのフォルダー、またはruns/studiesにあるスタディの名前。",
        ),
    ),
]
Cases = Annotated[
    list[str] | None,
    typer.Option(
        "--case",
        metavar="CASE",
        help=text(
            "Case to take; may be given several times. All if left out.",
            "対象の案。複数指定可。省略時はすべて。",
        ),
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json", help=text("Print one JSON object instead of tables.", "表の代わりにJSONを1つ出力する。")
    ),
]


def finished_study(study: str) -> StudyOutcome:
    """The study in the folder that a path, or else a name, stands for.

    A folder that is no study does not hide the study of that name.

    Raises
    ------
    OutcomeError
        When there is none, or it is not finished or of another format.
    """
    from simulation.errors import OutcomeError
    from simulation.study_outcome import read_study
    from simulation.study_store import STUDY

    given, named = Path(study), STUDIES / study
    places = [folder for folder in (given, named) if folder.is_dir()]
    if not places:
        raise OutcomeError(
            f"{study}: is no folder, and there is no {named}; run maas study first, or give its folder"
        )
    return read_study(next((folder for folder in places if (folder / STUDY).exists()), places[0]))
