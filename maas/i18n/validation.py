"""Words of the validation: its parts and its verdicts."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

PART_TITLES: Final = {
    "conservation": Wording("Conservation laws on every journal", "すべての記録についての保存則"),
    "queues": Wording("Queues with known answers", "解が知られている待ち行列"),
    "matsim": Wording("Published answers of MATSim for Mielec", "MATSimの公表値（Mielec）"),
    "services": Wording("Real services beside the simulated one", "実際のサービスとの並置"),
}

VERDICTS: Final = {
    "holds": Wording("holds", "適合"),
    "fails": Wording("FAILS", "不適合"),
    "information": Wording("information", "参考"),
    "skipped": Wording("skipped", "省略"),
}
