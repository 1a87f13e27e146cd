"""Words that stand for what a paper does not know."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

BLANK: Final = Wording("[fill in after operation]", "【運行後に記入】")
BLANK_OFFICE: Final = Wording("[fill in: office]", "【事務局で記入】")
BLANKS: Final = (BLANK, BLANK_OFFICE)
"""Fields that stay open; papers shade them."""
