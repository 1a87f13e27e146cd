"""What the page of money says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

NOT_COMPUTED: Final = Wording(
    "The account of a year was not reckoned for this study: press the button, or run `maas money {folder}`.",
    "この検討の年間収支はまだ計算していません。下のボタンで計算できます（`maas money {folder}` でも可）。",
)
PUBLIC_MONEY: Final = Wording("Public money a year", "公費（年間）")
RECOVERY: Final = Wording("Cost recovery", "収支率（運賃収入÷経費）")
PER_RIDER: Final = Wording("Public money a ride", "利用者1人1回当たり公費")
CO2: Final = Wording("CO2 a year against no service", "CO2排出量の差（サービスなしとの比較・年間）")
THOUSAND_YEN: Final = Wording("1,000 yen", "千円")
TONNES: Final = Wording("t", "t")
YEN: Final = Wording("yen", "円")
COST_OF: Final = Wording("cost {cost}, fares {fares} (1,000 yen)", "経費{cost}千円、運賃収入{fares}千円")
RIDERS_OF: Final = Wording("{riders} riders a year", "年間利用者{riders}人")
CO2_OF: Final = Wording("{least} to {most} t over all assumptions", "仮定の幅では{least}～{most} t")
CASE: Final = Wording("Case", "案")
HEAD: Final = Wording("A year in figures", "1年間の要点")
HEAD_NOTE: Final = Wording(
    "Means of {days} simulated weekdays times {year} service days; 95 % intervals over days in brackets."
    " Rates and subsidies are assumptions (table of assumptions, docs/money.md).",
    "模擬した平日{days}日分の平均×年間運行{year}日。（ ）は日による95%信頼区間。単価と補助は仮定を含みます"
    "（前提と出典、docs/money.md）。",
)
