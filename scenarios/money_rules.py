"""Who pays for a service beside its riders, and what they would do without it: stated numbers for accounts.

They change no simulated day and stand in no scenario, so that every case of a study is reckoned alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from scenarios.stated import Amount, Count, NotNegative, Section, Share, Stated
from scenarios.toml_files import load_toml

SAKURA_MONEY = Path(__file__).resolve().parent / "sakura" / "money.toml"

NOT_KNOWN = "not known"
"""Stands for a number that nobody has found: what would follow from it is not known either."""

AtLeastOne = Annotated[float, Field(ge=1, allow_inf_nan=False)]


class SubsidiesSection(Section):
    """How public money is shared between nation, prefecture and city."""

    national_share: Stated[Share] = Field(description="of the public money, up to the limit")
    national_limit: Stated[Amount] = Field(description="yen a year for all services of the city")
    prefecture_share: Stated[Share | Literal["not known"]] = Field(
        description='of the public money, or "not known"'
    )
    special_tax_share: Stated[Share] = Field(description="of the city's part, paid back as allocation tax")

    @property
    def known_prefecture_share(self) -> float | None:
        """Share of the public money that the prefecture pays; None where it is not known."""
        share = self.prefecture_share.value
        return None if isinstance(share, str) else share

    @model_validator(mode="after")
    def _leaves_no_less_than_nothing(self) -> SubsidiesSection:
        total = self.national_share.value + (self.known_prefecture_share or 0.0)
        if total > 1:
            raise ValueError(f"national_share and prefecture_share add up to {total:g}; lower one: 1 is all")
        return self


class WithoutSection(Section):
    """What riders would do without the service, and what that drives and emits."""

    lift: Stated[Share]
    own_car: Stated[Share]
    taxi: Stated[Share]
    bus_or_foot: Stated[Share]
    not_going: Stated[Share]
    lift_factor: Stated[AtLeastOne] = Field(description="kilometres driven a kilometre of direct way")
    taxi_factor: Stated[AtLeastOne] = Field(description="kilometres driven a kilometre of direct way")
    car_co2: Stated[NotNegative] = Field(description="g/km")
    taxi_co2: Stated[NotNegative] = Field(description="g/km")

    @model_validator(mode="after")
    def _shares_are_all(self) -> WithoutSection:
        parts = (self.lift, self.own_car, self.taxi, self.bus_or_foot, self.not_going)
        total = sum(part.value for part in parts)
        if abs(total - 1) > 1e-6:
            raise ValueError(
                f"lift, own_car, taxi, bus_or_foot and not_going add up to {total:g}; make them add up to 1"
            )
        return self


class MoneyRules(Section):
    """A file of rules for accounts."""

    service_days: Stated[Count] = Field(description="a year")
    driver_share: Stated[Share] = Field(description="of the price of a vehicle-hour; the rest is the vehicle")
    stop_year: Stated[Amount] = Field(description="yen a year for one more stop")
    subsidies: SubsidiesSection
    without: WithoutSection

    def stated(self) -> Iterator[dict[str, Any]]:
        """Every number with its key, unit, range and origin."""
        for name in type(self).model_fields:
            part = getattr(self, name)
            if isinstance(part, Stated):
                yield _said(name, part)
                continue
            for inner in type(part).model_fields:
                yield _said(f"{name}.{inner}", getattr(part, inner))


def load_money_rules(path: Path = SAKURA_MONEY) -> MoneyRules:
    """The rules of a file.

    Raises
    ------
    ScenarioFileError
        When the file cannot be read or breaks the schema.
    """
    return load_toml(MoneyRules, path)


def _said(key: str, number: Stated[Any]) -> dict[str, Any]:
    return {
        "key": key,
        "value": number.value,
        "unit": number.unit,
        "range": None if number.span is None else list(number.span),
        "source": number.source,
        "assumption": number.assumption,
    }
