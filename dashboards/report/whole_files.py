"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from dashboards.errors import ReportError


def write_whole(target: Path, content: bytes) -> Path:
    """Write a file; a reader never sees half of it, and an older one stays if writing fails.

    Raises
    ------
    ReportError
        When it cannot be written.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        try:
            temporary.write_bytes(content)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(
            f"{target}: cannot be written ({error.strerror}); choose a folder that is writable"
        ) from error
    return target
