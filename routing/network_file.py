"""The bytes of a network file: a numpy archive (.npz) without pickles, the same bytes for the same network.

The archive holds one `.npy` member for each array and `texts.npy`, the UTF-8 bytes of a JSON object with
everything that is not an array.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from routing.errors import NetworkError

FORMAT: Final = "maas network 1"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_REMEDY: Final = "write it again with Network.save or `maas network import`"


def write_network_file(path: Path, arrays: dict[str, npt.NDArray[Any]], texts: dict[str, object]) -> None:
    """Write the archive beside its final name, then rename it: whoever opens `path` finds the old file or the
    new one, whole.

    Raises
    ------
    NetworkError
        When the folder is missing or not writable, or the disk is full; nothing is left behind.
    """
    content = json.dumps(texts | {"format": FORMAT}, ensure_ascii=False, sort_keys=True).encode()
    members = {"texts": np.frombuffer(content, np.uint8), **arrays}
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        try:
            with temporary.open("xb") as stream:
                with zipfile.ZipFile(stream, "w") as archive:
                    for name, array in members.items():
                        _write_member(archive, name, array)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise NetworkError(
            f"{path}: cannot be written ({error.strerror}); choose a folder that exists and is writable"
        ) from error


def _write_member(archive: zipfile.ZipFile, name: str, array: npt.NDArray[Any]) -> None:
    content = io.BytesIO()
    little_endian = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    np.lib.format.write_array(content, little_endian, version=(1, 0), allow_pickle=False)
    member = zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    member.create_system = 3
    archive.writestr(member, content.getvalue())


def read_network_file(
    path: Path, names: tuple[str, ...]
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Arrays called `names` and the texts of a network file; what they mean is checked by `validate_network`.

    Raises
    ------
    NetworkError
        When the file is missing, torn, no archive, of another format, or lacks a field.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
            missing = [name for name in ("texts", *names) if f"{name}.npy" not in members]
            if missing:
                raise NetworkError(f"{path}: field {missing[0]} is missing; {_REMEDY}")
            texts = _read_texts(path, _read_member(path, archive, "texts"))
            return {name: _read_member(path, archive, name) for name in names}, texts
    except OSError as error:
        raise NetworkError(
            f"{path}: cannot be read ({error.strerror or error}); give the path of a network file"
        ) from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise NetworkError(f"{path}: not a whole network file ({error}); {_REMEDY}") from error


def _read_member(path: Path, archive: zipfile.ZipFile, name: str) -> npt.NDArray[Any]:
    try:
        content = io.BytesIO(archive.read(f"{name}.npy"))
        array: npt.NDArray[Any] = np.lib.format.read_array(content, allow_pickle=False)
    except (ValueError, EOFError, MemoryError) as error:
        raise NetworkError(f"{path}: field {name} is not a plain numpy array ({error}); {_REMEDY}") from error
    return array


def _read_texts(path: Path, stored: npt.NDArray[Any]) -> dict[str, Any]:
    try:
        texts = json.loads(stored.tobytes().decode())
    except ValueError as error:
        raise NetworkError(f"{path}: field texts is not a JSON object ({error}); {_REMEDY}") from error
    if not isinstance(texts, dict) or texts.pop("format", None) != FORMAT:
        raise NetworkError(f"{path}: field texts does not say format {FORMAT!r}; {_REMEDY}")
    return texts
