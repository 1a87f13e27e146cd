"""A real browser for tests, and the planner's pages served for it."""

from __future__ import annotations

import ctypes
import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCES: Final = Path(__file__).resolve().parents[2]
REQUIRED: Final = "MAAS_BROWSER_TESTS"
"""Set to `required` where a missing browser is an error, as in `.ci/run`."""

SCREENSHOTS: Final = "MAAS_SCREENSHOTS"
"""Set to a folder where the tests shall leave pictures of the pages, as in `docs/img`; nowhere if not set."""

COLOURS: Final = 128
"""Of a picture: enough for pages, and a third of the bytes."""

WIDTH, HEIGHT = 1366, 768
"""What a municipal laptop shows."""

_PR_CAPBSET_DROP: Final = 24
_CAP_DAC_OVERRIDE: Final = 1
_CAP_DAC_READ_SEARCH: Final = 2
"""From linux/prctl.h and linux/capability.h."""

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium() -> str:
    """Path of the browser; skips the test where there is none and nobody requires it."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is not None:
        return found
    message = f"no browser on the path ({', '.join(_NAMES)}); install Debian's chromium to run these tests"
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(message)
    pytest.skip(message)


def photographed(tab: Page, name: str) -> None:
    """Leave a picture of the page where somebody asked for pictures."""
    folder = os.environ.get(SCREENSHOTS)
    if not folder:
        return
    from PIL import Image

    tab.wait_for_timeout(1500)  # charts draw themselves after the script has ended
    target = Path(folder) / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(tab.screenshot())) as picture:
        picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def obey_permissions() -> None:
    """Let this process and those that it starts obey the permissions of files, also where it is root's.

    Root passes over permissions by the capabilities CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH; this takes them
    from what the next program may have. For `subprocess` before it starts another program.
    """
    if os.geteuid() != 0:
        return
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        if prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "this process may not give up its rights over files")


@contextmanager
def served_planner(runs: Path, log: Path, *arguments: str, obeys_permissions: bool = False) -> Iterator[str]:
    """The planner's pages over a folder of outcomes; gives their address and ends them afterwards.

    They are started from the folder of the log: where from must not matter.
    """
    port = free_port()
    command = [sys.executable, "-m", "dashboards.planner"]
    command += ["--server.port", str(port), "--", *arguments]
    environment = {**os.environ, "MAAS_RUNS": str(runs), "PYTHONPATH": str(SOURCES)}
    with log.open("wb") as stream:
        server = subprocess.Popen(
            command,
            cwd=log.parent,
            env=environment,
            stdout=stream,
            stderr=stream,
            preexec_fn=obey_permissions if obeys_permissions else None,
        )
        try:
            _wait_until_healthy(f"http://localhost:{port}/_stcore/health", server, log)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the planner's pages did not come up: {log.read_text(encoding='utf-8')[-2000:]}")
