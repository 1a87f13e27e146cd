"""What the replay says, in both languages. Keys are those of the scripts in `page/`."""

from __future__ import annotations

from typing import Final

from maas.i18n.figures import REFUSALS
from maas.i18n.wording import Language, Wording
from maas.riders_table import REASONS

WORDS: Final = {
    "heading": Wording("A day on the map", "1日の動き"),
    "simulated": Wording(
        "Simulated day: no rider on this map is a real person.",
        "シミュレーションの1日です。実在の人の移動ではありません。",
    ),
    "approximate": Wording("Roads: an approximation, not surveyed.", "道路は測量によらない概略です。"),
    "play": Wording("Play", "再生"),
    "pause": Wording("Pause", "停止"),
    "to_start": Wording("Back to the start (Home)", "最初に戻る（Home）"),
    "speed": Wording("Speed", "速さ"),
    "speed_unit": Wording("1 s = {minutes} min", "1秒＝{minutes}分"),
    "speed_half": Wording("1 s = 30 s", "1秒＝30秒"),
    "clock": Wording("Time of day", "時刻"),
    "scrub": Wording("Time of day: drag, or arrow keys", "時刻（ドラッグまたは矢印キー）"),
    "zoom_in": Wording("Zoom in", "拡大"),
    "zoom_out": Wording("Zoom out", "縮小"),
    "whole": Wording("Whole area", "全体を表示"),
    "show": Wording("Show", "表示"),
    "layer_booked": Wording("booked", "予約"),
    "layer_trails": Wording("trails", "軌跡"),
    "layer_refused": Wording("refusals", "お断り"),
    "layer_names": Wording("names", "地名"),
    "keys": Wording(
        "Keys: space = play, ← → = 1 min (Shift: 15 min), ↑ ↓ = speed, + − 0 = zoom; on a map also drag,"
        " wheel and arrow keys",
        "キー操作: スペース＝再生・停止、←→＝1分（Shift: 15分）、↑↓＝速さ、＋－0＝拡大縮小。"
        "地図はドラッグとホイールでも動きます",
    ),
    "delivered": Wording("delivered", "送り届けた"),
    "riding": Wording("riding", "乗車中"),
    "waiting": Wording("waiting", "待っている"),
    "refused": Wording("refused", "お断り"),
    "others": Wording("gave up", "取りやめ"),
    "booked": Wording("booked", "予約済み"),
    "people": Wording("{count}", "{count}人"),
    "minutes": Wording("{count} min", "{count}分"),
    "legend": Wording("Legend", "凡例"),
    "legend_loaded": Wording("vehicle, riders on board", "車両（数字は乗車人数）"),
    "legend_empty": Wording("empty vehicle", "空車"),
    "legend_break": Wording("driver's break", "休憩中"),
    "legend_waiting": Wording("waiting (ring: 60 min = full)", "待っている人（輪: 60分で一周）"),
    "legend_booked": Wording("booked for later", "予約済み（時刻前）"),
    "legend_target": Wording("where riders go", "乗車中の人の行き先"),
    "legend_delivered": Wording("delivered", "到着"),
    "legend_refused": Wording("refused, at the time wished for", "お断り（希望した時刻に表示）"),
    "legend_others": Wording("declined, cancelled, not there", "辞退・取消・不在"),
    "legend_closed": Wording("closed road", "通行止め"),
    "legend_slow": Wording("slow road", "低速区間"),
    "legend_assumed": Wording("position assumed", "位置は想定"),
    "strip": Wording("people by wished time", "希望時刻別の人数"),
    "map_of": Wording("Map of {title}; arrow keys move it", "{title}の地図（矢印キーで移動）"),
    "vehicle": Wording("Vehicle {id}", "車両 {id}"),
    "on_board": Wording("{count} on board, {seats} seats", "乗車 {count}人／定員 {seats}人"),
    "off_duty": Wording("off duty", "運行時間外"),
    "on_break": Wording("driver's break", "休憩中"),
    "out_of_order": Wording("out of service", "故障"),
    "drives_until": Wording("next stop at {clock}", "次の到着 {clock}"),
    "stands": Wording("standing", "停車中"),
    "from_to": Wording("{origin} → {destination}", "{origin} → {destination}"),
    "wished": Wording("wished for {clock}", "希望 {clock}"),
    "waits_since": Wording("due {clock}, has waited {minutes} min", "{clock}から{minutes}分待っている"),
    "log_picked_up": Wording("picked up after {minutes} min", "乗車（待ち{minutes}分）"),
    "log_delivered": Wording("delivered", "到着"),
    "log_refused": Wording("refused: {reason}", "お断り: {reason}"),
    "log_declined": Wording("offer declined", "提示した便を辞退"),
    "log_cancelled": Wording("cancelled", "取消"),
    "log_no_show": Wording("was not there", "不在"),
    "log_abandoned": Wording("given up by the service", "運べなくなった"),
    "somewhere": Wording("a stop", "乗降場所"),
    "summary": Wording(
        "{title}: {delivered} delivered, {riding} riding, {waiting} waiting, {refused} refused",
        "{title}: 送り届けた{delivered}人、乗車中{riding}人、待っている{waiting}人、お断り{refused}人",
    ),
    "no_script": Wording(
        "This map moves by a script in the page itself; switch scripts on to see it. All figures stand in the"
        " report without it.",
        "この地図はページ内のスクリプトで動きます。スクリプトを有効にしてご覧ください。数値はすべて本文にあります。",
    ),
}

SHORT_REASONS: Final = {
    "no_service_here": Wording("no service here", "区域外"),
    "outside_hours": Wording("outside hours", "時間外"),
    "booked_too_late": Wording("too late", "締切後"),
    "booked_too_early": Wording("too early", "受付前"),
    "party_too_large": Wording("party too large", "人数超過"),
    "no_vehicle_in_time": Wording("no vehicle", "車両なし"),
}
"""Beside a cross on the map."""


def page_words(language: Language) -> dict[str, object]:
    """All texts of the page in a language."""
    said: dict[str, object] = {key: words.text(language) for key, words in WORDS.items()}
    said["reasons"] = [REFUSALS[name].text(language) for name in REASONS]
    said["short_reasons"] = [SHORT_REASONS[name].text(language) for name in REASONS]
    return said
