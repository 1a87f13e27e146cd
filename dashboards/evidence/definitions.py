"""What the figures mean, in a sentence each; `docs/metrics.md` has the formulas."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

DEFINITIONS: Final = {
    "requests": Wording("Bookings asked for, one for a party.", "申込みの件数。同行者がいても1件。"),
    "served": Wording(
        "Requests whose riders were brought to their destination.", "目的地まで送り届けた申込みの件数。"
    ),
    "served_riders": Wording("Persons in the requests served.", "送り届けた申込みの人数（同行者を含む）。"),
    "served_share": Wording(
        "Requests served of all requests; what riders gave up themselves counts against it.",
        "申込みのうち送り届けた割合。利用者自身の取消も分母に残る。",
    ),
    "served_riders_share": Wording("Persons served of all who asked.", "申し込んだ人のうち送り届けた割合。"),
    "refused": Wording("Requests that got no offer.", "案内できる便がなかった申込みの件数。"),
    "wait_mean_s": Wording(
        "From the wished departure until the vehicle stops; for arrival wishes from the start of the promised"
        " window. Earlier vehicles count as 0, a later offer that was taken counts in full.",
        "希望出発時刻から車両が停車するまで。到着希望の場合は約束した時間帯の始まりから。早着は0分、"
        "遅い便を受け入れた場合はその差も含む。",
    ),
    "wait_median_s": Wording("Half of the riders wait less.", "半数の利用者はこれより短い。"),
    "wait_p95_s": Wording(
        "One in twenty served requests of all days waits longer.",
        "運行した申込み（全日）の20件に1件はこれより長い。",
    ),
    "in_vehicle_mean_s": Wording(
        "From the end of boarding until the vehicle stops at the destination.",
        "乗車完了から目的地に停車するまで。",
    ),
    "detour_ratio": Wording(
        "All ride times over all direct driving times (ratio of sums).", "乗車時間の合計÷直行時間の合計。"
    ),
    "promises_kept_share": Wording(
        "Bookings whose vehicle came and arrived by the promised times, without tolerance.",
        "約束した時刻までに迎えと到着の両方を守った予約の割合（許容幅なし）。",
    ),
    "vehicle_km": Wording("All drives, empty ones too.", "回送を含む全走行距離。"),
    "empty_km_share": Wording("Kilometres with nobody on board.", "だれも乗っていない走行距離の割合。"),
    "vehicle_hours": Wording(
        "Paid hours: all shifts, or the operated runs of a timetable.",
        "支払対象の時間。全勤務、定時便では運行した便。",
    ),
    "riders_per_vehicle_hour": Wording("Riders served over paid vehicle-hours.", "送り届けた人数÷稼働時間。"),
    "mean_occupancy": Wording(
        "Passenger-kilometres over vehicle-kilometres, empty ones included.",
        "人キロ÷走行キロ（空車を含む）。",
    ),
    "shared_riders_share": Wording(
        "Riders who had another booking on board during part of the ride; a family in one booking does"
        " not share.",
        "乗車中に別の予約と乗り合わせた利用者の割合。1件の予約の家族どうしは数えない。",
    ),
    "cost_yen": Wording(
        "Vehicle-hours, kilometres, operators and software.", "車両・運転者、走行、受付、システムの費用。"
    ),
    "fares_yen": Wording(
        "Fares of the served, without grants or sponsors.", "運賃収入のみ。補助金・協賛金は含まない。"
    ),
    "cost_recovery": Wording("Fares over cost.", "運賃収入÷費用。"),
    "public_money_yen": Wording("Cost less fares, whoever pays it.", "費用－運賃収入（負担者を問わない）。"),
    "public_money_per_trip_yen": Wording(
        "Public money over riders served: for one ride of one person.",
        "公費÷送り届けた人数（1人1回当たり）。",
    ),
    "runs_empty_share": Wording(
        "Timetabled runs without a booking, of all runs.", "予約がなく運行しなかった便の割合。"
    ),
    "co2_kg": Wording("From the exhaust, by kilometres and vehicle type.", "走行距離と車種による排気分。"),
}
