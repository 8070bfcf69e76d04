"""What an economics case may say: the keys of the YAML file, strictly. Unknown keys are reported."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from openrecp.assessment.case_analysis import CriteriaTerms, ScenarioTerms, TableTerms, TornadoTerms
from openrecp.assessment.case_choice import ChoiceTerms
from openrecp.assessment.case_funding import (
    AvoidedTerms,
    CreditTerms,
    DepreciationTerms,
    FinancingTerms,
    GrantTerms,
    PriceTerms,
    ReplacementTerms,
)
from openrecp.assessment.case_monte_carlo import MonteCarloTerms
from openrecp.assessment.case_values import (
    Amount,
    Keys,
    Lifetime,
    OptionalLifetime,
    OptionalWords,
    OptionalYearlyRate,
    Quantity,
    Rate,
    Share,
    Words,
    YearlyRate,
    YesNo,
    choice_of,
    construction,
    currency,
    refuse,
)
from openrecp.assessment.case_ways import GivenWay
from openrecp.economics import Losses, OperatingClass
from openrecp.errors import problem


class OtherCapital(Keys):
    """A capital item with a name of its own."""

    name: Words
    amount: Amount
    depreciable: YesNo = True
    depreciation: DepreciationTerms | None = None
    residual: Amount = 0.0


class Capital(Keys):
    """Fixed capital after table 4.1, and working capital."""

    equipment: Quantity = 0.0
    materials: Quantity = 0.0
    installation: Quantity = 0.0
    engineering: Quantity = 0.0
    contractors: Quantity = 0.0
    permitting: Quantity = 0.0
    startup: Quantity = 0.0
    contingency: Quantity = 0.0
    working_capital: Quantity = 0.0
    other: tuple[OtherCapital, ...] = ()


class Priced(Keys):
    """A yearly quantity and its unit price."""

    units: Quantity
    price: Quantity


class Waste(Keys):
    """Waste no longer disposed of, and what a ton cost: one price, or its parts by name."""

    tons: Quantity
    unit_cost: Quantity | None = None
    unit_costs: dict[str, Quantity] = Field(default_factory=dict)

    @property
    def cost_of_a_ton(self) -> float:
        """All parts together [money/t]."""
        return (self.unit_cost or 0.0) + sum(self.unit_costs.values())

    @model_validator(mode="after")
    def _one_price(self) -> Waste:
        if (self.unit_cost is None) == (not self.unit_costs):
            refuse(
                problem(
                    "waste-price",
                    "Give either unit_cost, the whole price of a ton, or unit_costs, its parts.",
                )
            )
        return self


class Labour(Keys):
    """Additional operators; ``hours_per_shift`` is what is charged."""

    operators: Quantity = 1.0
    shifts: Quantity
    days: Quantity
    hours_per_shift: Quantity
    wage: Quantity


class Estimate(Keys):
    """Appendix 8's way to estimate the operating items."""

    production: Priced | None = None
    byproduct: Priced | None = None
    raw_material: Priced | None = None
    waste: Waste | None = None
    labour: Labour | None = None
    supplies: Rate = 0.0
    maintenance_labour: Rate = 0.0
    maintenance_supplies: Rate = 0.0
    supervision: Rate = 0.0
    labour_burden: Rate = 0.0
    plant_overhead: Rate = 0.0
    home_office_overhead: Rate = 0.0


class Item(Keys):
    """A yearly amount; positive is money gained, negative is money spent."""

    name: Words
    operating_class: Annotated[OperatingClass, choice_of(OperatingClass), Field(alias="class")]
    amount: Amount
    escalation: OptionalYearlyRate = None
    first_year: Lifetime = 1
    last_year: OptionalLifetime = None


class Operating(Keys):
    """Operating items, estimated, listed, or both."""

    estimate: Estimate | None = None
    items: tuple[Item, ...] = ()


class Case(Keys):
    """An economics case."""

    name: Words
    currency: Annotated[str, BeforeValidator(currency)]
    source: OptionalWords = None
    note: OptionalWords = None
    life: Lifetime
    construction_years: Annotated[int, BeforeValidator(construction)] = 0
    spending: tuple[Share, ...] = ()
    discount_rate: YearlyRate
    prices: PriceTerms = PriceTerms()
    tax_rate: Share
    losses: Annotated[Losses, choice_of(Losses)] = Losses.AT_ONCE
    loss_years: OptionalLifetime = None
    other_tax: Quantity = 0.0
    escalation: YearlyRate = 0.0
    capital: Capital
    operating: Operating
    avoided: tuple[AvoidedTerms, ...] = ()
    financing: FinancingTerms | None = None
    grants: tuple[GrantTerms, ...] = ()
    tax_credits: tuple[CreditTerms, ...] = ()
    depreciation: DepreciationTerms | None = None
    replacements: tuple[ReplacementTerms, ...] = ()
    salvage: Amount = 0.0
    ways: tuple[GivenWay, ...] = ()
    scenarios: ScenarioTerms = ScenarioTerms()
    tornado: TornadoTerms = TornadoTerms()
    tables: tuple[TableTerms, ...] = ()
    monte_carlo: MonteCarloTerms | None = None
    criteria: CriteriaTerms = CriteriaTerms()
    choice: ChoiceTerms = ChoiceTerms()
