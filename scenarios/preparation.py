"""From a scenario or a workload folder to everything a simulation needs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import platformdirs

from routing.travel_times import DenseTravelTimes
from scenarios.prepared import PreparedScenario, RecordedDemand
from scenarios.workload import read_workload, workload_service

Progress = Callable[[int, int], None]

WORKLOAD_DATE = "2026-11-24"


def cache_folder() -> Path:
    """Where travel times are kept between runs: below `MAAS_CACHE_DIR`, or below the user's cache folder."""
    base = os.environ.get("MAAS_CACHE_DIR") or platformdirs.user_cache_dir("maas")
    return Path(base) / "travel_times"


def prepare_workload(
    folder: Path | str,
    *,
    max_wait_s: int,
    detour_alpha: float,
    detour_beta_s: int,
    stop_s: int,
    policy: str = "insertion",
    progress: Progress | None = None,
) -> PreparedScenario:
    """A workload folder under the rules of the workloads: exact driving times, each request at its own time.

    Raises
    ------
    WorkloadError
        When the folder cannot be used; names file and line.
    """
    path = Path(folder)
    workload = read_workload(path)
    name = path.resolve().name
    service = workload_service(
        workload,
        name,
        max_wait_s=max_wait_s,
        detour_alpha=detour_alpha,
        detour_beta_s=detour_beta_s,
        stop_s=stop_s,
        policy=policy,
    )
    day = workload.day
    first = [v.start_s for v in workload.vehicles] + ([int(day.wish_s.min())] if len(day) else [])
    last = [v.end_s for v in workload.vehicles] + ([int(day.wish_s.max())] if len(day) else [])
    rows = [
        [int(x) for x in row] for row in zip(day.rider, day.wish_s, day.origin, day.destination, strict=True)
    ]
    return PreparedScenario(
        name=name,
        title_en=f"Workload {name}",
        title_ja=f"ワークロード {name}",
        scenario_hash=text_hash(asdict(service), rows, workload.network.hash),
        network=workload.network,
        travel_times=DenseTravelTimes.cached(workload.network, cache_folder(), progress),
        service=service,
        traffic=None,
        demand=RecordedDemand(day),
        horizon=(min(first), max(last)),
        date=WORKLOAD_DATE,
        areas=(name,),
    )


def text_hash(*parts: object) -> str:
    """SHA-256 (hex) of values that JSON can write, keys sorted."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
