"""The processes that a process has started, and whether they still run."""

from __future__ import annotations

import subprocess


def children_of(process: int) -> list[int]:
    """Process numbers of those that it has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=True
    )
    return [int(line) for line in listed.stdout.split()]


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be asked does not."""
    listed = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")
