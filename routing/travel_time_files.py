"""Dense travel times kept on disk: one folder per network, opened as memory maps, safe with several processes
at once.

`folder/<network hash>/` holds `format`, `to_s.npy`, `from_s.npy` and `next_arc.npy`. It is written under
another name and renamed when whole, so that a process finds all of it or nothing.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from routing.network import Network

FORMAT: Final = "maas travel tables 1\n"
_NAMES: Final = ("to_s", "from_s", "next_arc")
_SWAPS: Final = 3
_IN_THE_WAY: Final = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)

PairTables: TypeAlias = dict[str, npt.NDArray[Any]]
"""`to_s`, `from_s` and `next_arc` of `TravelTables` by name."""

_logger = logging.getLogger(__name__)


def open_tables(network: Network, folder: Path) -> PairTables | None:
    """The kept tables of a network as read-only memory maps; None if there are none, or none that are
    whole."""
    home = folder / network.hash
    try:
        if (home / "format").read_text(encoding="utf-8") != FORMAT:
            raise ValueError("written by another version")
        # A plain array over the map: kernels and numba's dispatch know ndarray, not its subclasses.
        tables = {name: np.asarray(np.load(home / f"{name}.npy", mmap_mode="r")) for name in _NAMES}
        _check_shapes(network, tables)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError) as error:
        _logger.warning("travel times in %s are not usable (%s); computing them again", home, error)
        return None
    return tables


def _check_shapes(network: Network, tables: PairTables) -> None:
    shape = (network.node_count, network.node_count)
    seconds = tables["to_s"].dtype
    expected = {"to_s": seconds, "from_s": seconds, "next_arc": np.dtype(np.uint8)}
    for name, table in tables.items():
        is_known = table.dtype == expected[name] and seconds in (np.uint16, np.int32)
        if table.shape != shape or not is_known or not table.flags.c_contiguous:
            raise ValueError(f"{name} holds {table.dtype} {table.shape}")


def keep_tables(network: Network, folder: Path, tables: PairTables) -> None:
    """Write tables for the next process; a full or read-only disk is logged, not raised."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{network.hash[:16]}.", dir=folder))
        try:
            for name in _NAMES:
                _write(fresh / f"{name}.npy", tables[name])
            (fresh / "format").write_text(FORMAT, encoding="utf-8")
            fresh.chmod(0o755)
            _put_in_place(network, folder, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        _logger.warning(
            "travel times of %s cannot be kept in %s (%s); they will be computed again next time",
            network.title,
            folder,
            error.strerror,
        )


def _write(path: Path, table: npt.NDArray[Any]) -> None:
    with path.open("wb") as stream:
        np.save(stream, table, allow_pickle=False)
        stream.flush()
        os.fsync(stream.fileno())


def _put_in_place(network: Network, folder: Path, fresh: Path) -> None:
    """Rename `fresh` to its final name; whole tables that another process put there first stay."""
    final, aside = folder / network.hash, fresh.with_name(f"{fresh.name}.stale")
    for _ in range(_SWAPS):
        try:
            fresh.rename(final)
            return
        except OSError as error:
            if error.errno not in _IN_THE_WAY:
                raise
        if open_tables(network, folder) is not None:
            return
        try:
            final.rename(aside)
        except FileNotFoundError:
            continue
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink()
