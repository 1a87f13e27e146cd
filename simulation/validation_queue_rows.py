"""Queues with known answers, as rows of the validation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from maas.i18n.wording import Wording
from simulation.erlang_agreement import agreement_with_erlang_a
from simulation.validation_queues import FleetChecks, QueueCheck, fleet_checks
from simulation.validation_rows import ValidationRow, Verdict

PART: Final = "queues"

_RUNS, _CALLS = 16, 1200
_FIGURES: Final = {
    "wait_mean_s": Wording("mean wait", "平均待ち時間"),
    "waits": Wording("share who wait", "待つ人の割合"),
    "abandons": Wording("share who hang up", "待てずに切る割合"),
}
_ERLANG_A: Final = Wording("Erlang A (Palm 1957)", "アーランA（Palm 1957）")
_ERLANG_C: Final = Wording("Erlang C (Erlang 1917)", "アーランC（Erlang 1917）")
_IN_ORDER: Final = Wording("Kiefer and Wolfowitz (1955)", "Kiefer・Wolfowitz（1955）")


def queue_rows(progress: Callable[[int, int], None] | None = None) -> list[ValidationRow]:
    """The call centre against Erlang A and the fleet against Erlang C, five loads each."""
    phone = [
        QueueCheck(one.operators, one.load_erlangs, one.figure, one.formula, one.simulated, one.p, one.p_holm)
        for one in agreement_with_erlang_a(_RUNS, _CALLS)
    ]
    fleet = fleet_checks(progress=progress)
    return [
        *(_row(check, _ERLANG_A, Wording("Call centre", "電話受付")) for check in phone),
        _identity(fleet),
        *(_row(check, _ERLANG_C, Wording("Fleet", "車両群")) for check in fleet.checks),
    ]


def _row(check: QueueCheck, source: Wording, queue: Wording) -> ValidationRow:
    name = _FIGURES[check.figure]
    verdict: Verdict = "holds" if check.holds else "fails"
    found = _shown(check, check.found.mean)
    if check.found.half_width is not None:
        found += f" ±{_shown(check, check.found.half_width)}"
    return ValidationRow(
        part=PART,
        check=Wording(
            f"{queue.en} of {check.servers} at {check.load:g} erlangs: {name.en}",
            f"{queue.ja}（窓口{check.servers}、{check.load:g}アーラン）: {name.ja}",
        ),
        expected=_both(f"{_shown(check, check.formula)}{_unit(check)}"),
        found=_both(found + _unit(check)),
        verdict=verdict,
        source=source,
        note=Wording(
            f"Means of {check.found.count} days with 95 % intervals; it fails if Holm's test over all loads"
            " says at 5 % that they differ",
            f"{check.found.count}日の平均と95%信頼区間。全負荷を通したHolm検定（5%）で差があれば不適合",
        ),
    )


def _identity(fleet: FleetChecks) -> ValidationRow:
    off = fleet.strangers
    return ValidationRow(
        part=PART,
        check=Wording(
            "Fleet driven by dispatcher and engine: each rider's wait is that of a queue in order of arrival",
            "配車とエンジンで動かした車両群: 各利用者の待ち時間が先着順の待ち行列と一致",
        ),
        expected=Wording(f"0 of {fleet.riders:,} off", f"{fleet.riders:,}人中0人不一致"),
        found=Wording(f"{off:,} of {fleet.riders:,} off", f"{fleet.riders:,}人中{off:,}人不一致"),
        verdict="fails" if off else "holds",
        source=_IN_ORDER,
        note=Wording(
            "The same requests through both, compared to the second", "同じ申込みを両方に通し、秒単位で比較"
        ),
    )


def _shown(check: QueueCheck, value: float) -> str:
    return f"{value:,.1f}" if check.figure == "wait_mean_s" else f"{100 * value:.1f}"


def _unit(check: QueueCheck) -> str:
    return " s" if check.figure == "wait_mean_s" else " %"


def _both(text: str) -> Wording:
    return Wording(text, text.replace(" s", "秒").replace(" %", "%"))
