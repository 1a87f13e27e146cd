"""One's own day of bookings, handed over as a CSV file: checked as every file of requests is, and kept as a
scenario that a study can name."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from dashboards.planner import own_requests_wording as wording
from dashboards.report.whole_files import write_whole
from maas.i18n.wording import Wording
from scenarios.city import embedded_city
from scenarios.csv_table import csv_table
from scenarios.errors import RequestFileError
from scenarios.loading import load_scenario
from scenarios.recorded import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, requests_in

MOST_BYTES: Final = 2_000_000
MOST_REQUESTS: Final = 5_000
"""A busy day of the whole city asks for a few hundred trips."""

REQUESTS: Final = "requests.csv"
_FOLDER: Final = "requests"

_EXAMPLES: Final = (
    # Michi-no-eki Kitsuregawa to Ujiie station; city hall to Kamasuzaka station; and back from Ujiie.
    ("1", "D-1 16:30", "09:00", "36.71544", "140.03269", "36.681696", "139.9621", "depart", "1", "0", "75+"),
    ("2", "08:10", "10:00", "36.68528", "139.96642", "36.720727", "139.950461", "arrive", "2", "0", "65-74"),
    ("3", "11:20", "13:30", "36.681696", "139.9621", "36.71544", "140.03269", "depart", "1", "1", "15-64"),
)
_EXAMPLE_COLUMNS: Final = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS[:4])


@dataclass(frozen=True, slots=True)
class OwnRequests:
    """A day of bookings that was read without a fault.

    Parameters
    ----------
    name
        Of the file, as it was handed over.
    content
        Its bytes.
    requests, riders
        What is simulated of it.
    left_out
        Lines that begin where they end.
    """

    name: str
    content: bytes
    requests: int
    riders: int
    left_out: int

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes: equal files make equal studies."""
        return hashlib.sha256(self.content).hexdigest()


def received(name: str, content: bytes) -> OwnRequests:
    """A file that somebody hands over, on the network of the embedded city.

    Raises
    ------
    RequestFileError
        When it is too large, empty or no CSV, a column is missing, or a line is bad; names file and line, in
        both languages.
    """
    name = PurePath(name).name
    if len(content) > MOST_BYTES:
        raise _fault(wording.TOO_LARGE, name=name, size=len(content) / 1e6, most=MOST_BYTES / 1e6)
    if not content.strip():
        raise _fault(wording.EMPTY, name=name)
    lines = len(csv_table(content, Path(name), REQUIRED_COLUMNS, RequestFileError))
    if lines == 0:
        raise _fault(wording.NO_LINE, name=name)
    if lines > MOST_REQUESTS:
        raise _fault(wording.TOO_MANY, name=name, lines=lines, most=MOST_REQUESTS)
    limit_m = load_scenario("sakura_on_demand").city.snap_limit.metres
    day = requests_in(content, name, embedded_city(), limit_m)
    if not len(day):
        raise _fault(wording.NOBODY_MOVES, name=name)
    riders = int(day.seats.sum() + day.wheelchairs.sum())
    return OwnRequests(name, content, len(day), riders, lines - len(day))


def kept(own: OwnRequests, scenarios: Sequence[str], root: Path) -> Path:
    """Write the requests, and each scenario with them in the place of its modelled demand; gives the folder.

    Raises
    ------
    ReportError
        When a file cannot be written.
    OSError
        When the folder cannot be made.
    """
    folder = root / _FOLDER / own.digest[:12]
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / REQUESTS, own.content)
    for name in scenarios:
        text = f'extends = "{name}"\n\n[demand]\nkind = "recorded"\nfile = "{REQUESTS}"\n'
        write_whole(folder / scenario_file(name), text.encode())
    return folder


def scenario_file(name: str) -> str:
    """Name of the file of a scenario with one's own requests, beside them."""
    return f"{name}.toml"


def template() -> bytes:
    """A CSV to fill in: UTF-8 with BOM, heads and three lines between places of the city."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows([_EXAMPLE_COLUMNS, *_EXAMPLES])
    return stream.getvalue().encode("utf-8-sig")


def _fault(text: Wording, **values: object) -> RequestFileError:
    return RequestFileError(Wording(text.en.format(**values), text.ja.format(**values)))
