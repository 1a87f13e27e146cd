"""Numbers on the PDF, computed again from the tables of requests and drives in a few lines of their own."""

from __future__ import annotations

import io
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
from pypdf import PdfReader

from dashboards.evidence import evidence
from dashboards.report.front import report_front
from dashboards.report.pdf import pdf_bytes
from simulation.study_outcome import read_study

T_2 = 4.302652729911275
"""97.5 % point of Student's t with 2 degrees of freedom: three days."""


def of_days(values: pd.Series[float]) -> tuple[float, float, float]:
    """Mean and its 95 % interval over three days."""
    half = T_2 * float(values.std(ddof=1)) / math.sqrt(3)
    return float(values.mean()), float(values.mean()) - half, float(values.mean()) + half


def test_printed_numbers_follow_from_requests_and_drives(studies: Path) -> None:
    study = read_study(studies / "studies" / "today_or_on_demand")
    assert len(study.seeds) == 3
    pages = PdfReader(io.BytesIO(pdf_bytes(evidence(study, "ja"), "ja", front=report_front(study)))).pages
    text = re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))
    riders = {}
    for case in ("today", "on_demand"):
        folder = study.folder
        requests = pd.read_parquet(folder / "requests" / f"{case}.parquet")
        legs = pd.read_parquet(folder / "legs" / f"{case}.parquet")
        served = requests[requests["status"] == "done"]
        riders[case] = served.groupby("seed")["riders"].sum().astype(float)
        mean, low, high = of_days(riders[case])
        share = 100 * riders[case].sum() / requests["riders"].sum()
        wait = served["wait_s"].mean() / 60
        expected = {
            "riders": f"{mean:.1f}{max(low, 0.0):.1f}～{high:.1f}",
            "share": f"{share:.1f}",
            "wait": f"{wait:.1f}",
            "p95": f"{np.quantile(served['wait_s'], 0.95) / 60:.1f}",
            "within 10 minutes": f"{100 * (served['wait_s'] <= 600).mean():.1f}",
            "kilometres": f"{legs['leg_m'].sum() / 3000:.1f}",
        }
        assert {name: number for name, number in expected.items() if number not in text} == {}
    mean, low, high = of_days(riders["on_demand"] - riders["today"])
    assert f"{mean:.1f}人多い（{low:.1f}～{high:.1f}）" in text
