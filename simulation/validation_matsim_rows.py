"""The day in Mielec beside MATSim's published answers, as rows of the validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Final

from maas.i18n.wording import Wording
from simulation.validation_answers import JITTER_S, Answer
from simulation.validation_matsim import (
    IN_VEHICLE_TOLERANCE,
    NO_REFUSALS,
    STOP_S,
    WAIT_TOLERANCE,
    MielecDays,
    mielec_days,
)
from simulation.validation_prebooking import AS_MATSIM, HALF_AHEAD, PrebookedDays
from simulation.validation_rows import NOTHING, ValidationRow, Verdict
from simulation.validation_stops import MATSIM_FILE, STOP_BASED, STOPS_FILE, StopBasedDays

PART: Final = "matsim"

_SOURCE: Final = Wording(
    "MATSim RunDrtExampleIT, commit cc916dc: 388 requests, 10 vehicles of 4 seats, rejections off",
    "MATSim RunDrtExampleIT（commit cc916dc）: 申込み388件、定員4の車両10台、拒否なし",
)
_SOURCE_AHEAD: Final = Wording(
    "MATSim RunDrtExampleIT, commit cc916dc: half booked four hours ahead, rejections on",
    "MATSim RunDrtExampleIT（commit cc916dc）: 半数が4時間前に予約、拒否あり",
)
_WAIT: Final = Wording("wait until the stop is over", "待ち時間（停車の終わりまで）")
_SOURCE_STOPS: Final = Wording(
    "MATSim RunDrtExampleIT, commit cc916dc: from stop to stop, walks of up to 1,500 m, rejections on",
    "MATSim RunDrtExampleIT（commit cc916dc）: 停留所間、徒歩1,500mまで、拒否あり",
)
_DRAWN: Final = Wording(
    "The day as recorded, in brackets the mean and the ends with requests moved by up to"
    f" {JITTER_S} s. MATSim's own draw of who books ahead (205), from Java's generator",
    f"記録どおりの1日（かっこ内は申込みを最大{JITTER_S}秒ずらした平均と範囲）。"
    "事前予約する人（205人）はMATSimと同じJavaの乱数で抽選",
)
_REDRAWN: Final = Wording(
    "The same with ten other draws of who books ahead: mean and ends",
    "事前予約する人を別に10回抽選した平均と範囲",
)
_DEFAULT: Final = Wording(
    "Another objective (waits and rides count), driving times of length / speed, nodes for places: what"
    " a user of the workload sees",
    "目的関数（待ち・乗車も費用）、走行時間（距離/速度）、場所（ノード）が異なる",
)


def matsim_rows(
    folder: Path | None, progress: Callable[[int, int], None] | None = None
) -> list[ValidationRow]:
    """The rows; one that says so where the workload is not there."""
    if folder is None:
        return [
            ValidationRow(
                part=PART,
                check=Wording("Day in Mielec", "Mielecの1日"),
                expected=NOTHING,
                found=NOTHING,
                verdict="skipped",
                source=_SOURCE,
                note=Wording(
                    "workloads/mielec_1.0 is not in the data folder, and not shipped (GPL): give --data DIR",
                    "データフォルダーにworkloads/mielec_1.0がない（GPLのため非同梱）。--data DIRで指定",
                ),
            )
        ]
    return rows_of(mielec_days(folder, progress=progress))


def rows_of(days: MielecDays) -> list[ValidationRow]:
    """What holds, and what stands side by side for information."""
    alike, due = days.alike, NO_REFUSALS
    return [
        ValidationRow(
            part=PART,
            check=Wording("Requests refused with soft limits", "上限を緩めたときの拒否件数"),
            expected=_count(due.refused),
            found=_count(alike.refused),
            verdict="holds" if alike.refused == due.refused else "fails",
            source=_SOURCE,
        ),
        _within(
            Wording("Mean time in the vehicle", "平均乗車時間"),
            due.in_vehicle_s,
            alike.in_vehicle_s,
            IN_VEHICLE_TOLERANCE,
            _apart(
                _range([day.in_vehicle_s for day in days.jittered]),
                days.by_free_speed.in_vehicle_s,
                days.by_node.in_vehicle_s,
            ),
        ),
        _within(
            Wording("Mean wait until the stop is over", "平均待ち時間（停車の終わりまで）"),
            due.wait_s,
            alike.wait_s,
            WAIT_TOLERANCE,
            _apart(
                _range([day.wait_s for day in days.jittered]), days.by_free_speed.wait_s, days.by_node.wait_s
            ),
        ),
        ValidationRow(
            part=PART,
            check=Wording("Mean wait until the vehicle stops", "平均待ち時間（車両到着まで）"),
            expected=_s(due.wait_s - STOP_S),
            found=_s(days.vehicle_stops_s),
            verdict="information",
            source=_SOURCE,
            note=Wording(
                f"maas ends the wait there; MATSim's figure less a stop of {STOP_S} s",
                f"maasの定義。MATSimの値から停車{STOP_S}秒を引いた",
            ),
        ),
        *_half_ahead(days.half_ahead),
        *_stop_based(days.stop_based),
        *_beside(
            Wording("Limits as rules, maas by default", "上限を規則とし、maasの既定の配車"),
            NO_REFUSALS,
            [days.ours],
            _SOURCE,
            _DEFAULT,
        ),
    ]


_WAITS: Final = {
    (False, 0): Wording(
        "waits, then drives; waiting is free (default)", "待ってから走る・待機は無費用（既定）"
    ),
    (True, 0): Wording("drives at once and stands there", "すぐ走り乗車地で待つ"),
    (False, 100): Wording("waits, then drives; waiting counts as work", "待ってから走る・待機も業務に数える"),
    (True, 100): Wording(
        "as MATSim: drives at once, waiting counts as work", "MATSimと同じ: すぐ走り、待機も業務に数える"
    ),
}


def _half_ahead(days: PrebookedDays) -> list[ValidationRow]:
    """Half booked ahead: what each rule about waiting is worth, and what the draw of who books is."""
    rows = []
    for waiting, (first, *moved) in days.moved:
        words = _WAITS[waiting.drives_first, waiting.idle_cost_percent]
        title = Wording(f"Half booked ahead, a vehicle {words.en}", f"半数が事前予約、車両は{words.ja}")
        rows.append(_all_at_once(title, HALF_AHEAD, first, moved, _SOURCE_AHEAD, _DRAWN))
    for waiting, (first, *others) in days.drawn:
        is_matsim = waiting == AS_MATSIM
        title = Wording(
            f"Half booked ahead, other draws, {'as MATSim' if is_matsim else 'default'}",
            f"半数が事前予約（別の抽選）、{'MATSimと同じ' if is_matsim else '既定'}",
        )
        rows.append(_all_at_once(title, HALF_AHEAD, None, [first, *others], _SOURCE_AHEAD, _REDRAWN))
    return rows


def _stop_based(days: StopBasedDays | None) -> list[ValidationRow]:
    title = Wording("From stop to stop", "停留所間の運行")
    if days is None:
        return [
            ValidationRow(
                part=PART,
                check=title,
                expected=_told(STOP_BASED),
                found=NOTHING,
                verdict="skipped",
                source=_SOURCE_STOPS,
                note=Wording(
                    f"The workload has no stops: {STOPS_FILE} (stop, link, x, y) is missing, from MATSim's"
                    f" {MATSIM_FILE}",
                    f"ワークロードに停留所がない。MATSimの{MATSIM_FILE}から{STOPS_FILE}"
                    "（stop, link, x, y）を作る必要がある",
                ),
            )
        ]
    first, *moved = days.answers
    note = Wording(
        f"{days.asked} requests over {days.stops} stops; who has the same stop at both ends walks",
        f"停留所{days.stops}か所、申込み{days.asked}件。両端の停留所が同じ人は徒歩",
    )
    return [_all_at_once(title, STOP_BASED, first, moved, _SOURCE_STOPS, note)]


def _all_at_once(
    check: Wording,
    due: Answer,
    first: Answer | None,
    others: Sequence[Answer],
    source: Wording,
    note: Wording,
) -> ValidationRow:
    """Refusals, wait and ride in one row, without a rule."""
    cells = []
    for name, unit in (("refused", 0), ("wait_s", 1), ("in_vehicle_s", 1)):
        values = [float(getattr(answer, name)) for answer in others]
        spread = f"{fmean(values):.0f}, {_range(values)}" if values else ""
        if first is not None:
            spread = f"{getattr(first, name):.0f}" + (f" ({spread})" if spread else "")
        cells.append((spread, unit))
    return ValidationRow(
        part=PART,
        check=check,
        expected=_told(due),
        found=Wording(
            "; ".join(f"{cell}{' s' if unit else ' refused'}" for cell, unit in cells),
            "；".join(f"{cell}{'秒' if unit else '件拒否'}" for cell, unit in cells),
        ),
        verdict="information",
        source=source,
        note=note,
    )


def _told(answer: Answer) -> Wording:
    """Refusals, wait until the stop is over, time in the vehicle."""
    wait, ride = round(answer.wait_s), round(answer.in_vehicle_s)
    return Wording(
        f"{answer.refused} refused; wait {wait} s; in the vehicle {ride} s",
        f"拒否{answer.refused}件；待ち{wait}秒；乗車{ride}秒",
    )


def _apart(moved: str, by_free_speed: float, by_node: float) -> Wording:
    """What moves a figure, by how much."""
    return Wording(
        f"Requests moved by up to {JITTER_S} s: {moved} s; driving times of length / speed instead of"
        f" MATSim's queue: {by_free_speed:.0f} s; and nodes instead of links for places: {by_node:.0f} s",
        f"申込みを最大{JITTER_S}秒ずらすと{moved}秒、走行時間を距離/速度とすると"
        f"{by_free_speed:.0f}秒、さらに場所をリンクでなくノードとすると{by_node:.0f}秒",
    )


def _range(values: Sequence[float]) -> str:
    return f"{min(values):.0f} - {max(values):.0f}"


def _within(check: Wording, due_s: float, found_s: float, tolerance: float, note: Wording) -> ValidationRow:
    away = found_s / due_s - 1
    verdict: Verdict = "holds" if abs(away) <= tolerance else "fails"
    return ValidationRow(
        part=PART,
        check=check,
        expected=Wording(f"{due_s:.0f} s ±{tolerance:.0%}", f"{due_s:.0f}秒 ±{tolerance:.0%}"),
        found=Wording(f"{found_s:.0f} s ({away:+.1%})", f"{found_s:.0f}秒（{away:+.1%}）"),
        verdict=verdict,
        source=_SOURCE,
        note=note,
    )


def _beside(
    what: Wording, due: Answer, found: Sequence[Answer], source: Wording, note: Wording
) -> list[ValidationRow]:
    """Three figures side by side, without a rule; a mean and the ends where there are several answers."""

    def told(values: Sequence[float]) -> str:
        return f"{fmean(values):.0f}" + (f" ({_range(values)})" if len(values) > 1 else "")

    refused, wait, ride = (
        told([getattr(answer, name) for answer in found]) for name in ("refused", "wait_s", "in_vehicle_s")
    )
    pairs = (
        (Wording("refused", "拒否"), _count(due.refused), Wording(refused, f"{refused}件")),
        (_WAIT, _s(due.wait_s), Wording(f"{wait} s", f"{wait}秒")),
        (Wording("time in the vehicle", "乗車時間"), _s(due.in_vehicle_s), Wording(f"{ride} s", f"{ride}秒")),
    )
    return [
        ValidationRow(
            part=PART,
            check=Wording(f"{what.en}: {figure.en}", f"{what.ja}: {figure.ja}"),
            expected=expected,
            found=shown,
            verdict="information",
            source=source,
            note=note,
        )
        for figure, expected, shown in pairs
    ]


def _count(number: int) -> Wording:
    return Wording(str(number), f"{number}件")


def _s(seconds: float) -> Wording:
    return Wording(f"{seconds:.0f} s", f"{seconds:.0f}秒")
