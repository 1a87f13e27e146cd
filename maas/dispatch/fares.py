"""What a booking pays."""

from __future__ import annotations

from maas.service_definition import Fares


def fare_yen(fares: Fares, direct_m: int, riders: int, age_band: int, is_disabled: bool) -> int:
    """Yen for a booking of `riders` people over a direct road distance of `direct_m` metres.

    Each rider pays the adult fare of the first step that reaches the distance, less the booker's largest
    discount, rounded down to 10 yen.
    """
    adult = next((step.yen for step in fares.steps if direct_m <= step.up_to_m), fares.steps[-1].yen)
    discount = fares.age_discount_percent[age_band]
    if is_disabled:
        discount = max(discount, fares.disability_discount_percent)
    return riders * (adult * (100 - discount) // 1000 * 10)
