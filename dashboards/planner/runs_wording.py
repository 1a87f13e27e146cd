"""What the page of single runs says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

FOLDER: Final = Wording(en="Folder of outcomes", ja="結果フォルダー")
CHOICE: Final = Wording(en="Outcomes", ja="比べる結果")
NOTHING_THERE: Final = Wording(
    en="There is no outcome in {folder} yet. Make some with one of these commands, then reload the page:",
    ja="{folder} に結果がまだありません。次のどちらかのコマンドで作成し、ページを再読み込みしてください。",
)
NOTHING_CHOSEN: Final = Wording(en="Choose at least one outcome.", ja="結果を一つ以上選んでください。")
UNREADABLE: Final = Wording(en="Left out: {reason}", ja="読み込めないため除外しました: {reason}")
FIGURES: Final = Wording(en="Figures", ja="主な指標")
FIGURE: Final = Wording(en="Figure", ja="指標")
INTERVALS: Final = Wording(
    en="Mean over the simulated days; in brackets its 95 % confidence interval, if there are several.",
    ja="シミュレーションした各日の平均。括弧内は95 %信頼区間（複数日の場合）。",
)
DAYS: Final = Wording(en="Days", ja="日数")
WAITS: Final = Wording(en="Waits", ja="待ち時間の分布")
WAITS_NOTE: Final = Wording(
    en="Share of trips, by wait until the vehicle comes, in steps of 5 minutes; 60 and more together.",
    ja="運行した申込みの割合。車両が到着するまでの待ち時間を5分刻みで集計。60は60分以上のすべて。",
)
WAIT_AXIS: Final = Wording(en="Wait (minutes)", ja="待ち時間（分）")
SHARE_AXIS: Final = Wording(en="Share of trips (%)", ja="割合（%）")
HOURS: Final = Wording(en="Requests by hour of the wish", ja="希望時刻別の申込み")
HOURS_NOTE: Final = Wording(en="Requests a day, mean over the days.", ja="1日あたりの件数（各日の平均）。")
HOUR_AXIS: Final = Wording(en="Hour", ja="時")
REQUESTS_AXIS: Final = Wording(en="Requests a day", ja="件／日")
SERVED: Final = Wording(en="served", ja="乗車")
REFUSED: Final = Wording(en="refused", ja="受けられなかった")
OTHER: Final = Wording(en="declined, cancelled or not there", ja="辞退・取消・不在")
APPROXIMATE: Final = Wording(
    en="The road network of {names} is an approximation, not a survey.",
    ja="{names} の道路網は近似であり、測量された地図ではありません。",
)
