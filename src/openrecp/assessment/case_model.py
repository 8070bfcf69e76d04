"""What an economics case may say: the keys of the YAML file, strictly.

Amounts are plain money of the case's currency. Rates and shares are written ``0.34`` or ``34 %``; a bare
34 is reported, never guessed at. Unknown keys are reported.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from openrecp.economics.checks import LONGEST_LIFE
from openrecp.economics.depreciation import DepreciationMethod
from openrecp.economics.operating import OperatingClass
from openrecp.entries import EntryError, parse_number, parse_quantity
from openrecp.errors import Issue, problem
from openrecp.texts import Choice, render
from openrecp.units import CURRENCIES

_PERCENT = frozenset({"%", "％"})
_YES = frozenset({"yes", "true", "y", "是", "有"})
_NO = frozenset({"no", "false", "n", "否", "無"})

C = TypeVar("C", bound=Choice)


def refuse(issue: Issue) -> NoReturn:
    """Hand a finding to pydantic, which adds the place and goes on with the other keys."""
    raise PydanticCustomError("issue", "{code}", {"code": issue.code, "issue": issue})


def _words(value: Any) -> str:
    if value is None:
        refuse(problem("value-missing", "This key has no value; enter one or delete the key."))
    if not isinstance(value, str):
        refuse(problem("value-expected", "One value is expected here, not a group of keys or a list."))
    return value.strip()


def number(value: Any) -> float:
    """A plain number."""
    try:
        return float(parse_number(_words(value)))
    except EntryError as error:
        refuse(error.issues[0])


def nonnegative(value: Any) -> float:
    """A number that cannot be below zero."""
    found = number(value)
    if found < 0:
        refuse(problem("number-negative", "{value} is below zero, which is not possible here.", value=found))
    return found


def whole(value: Any) -> int:
    """A whole number."""
    found = number(value)
    if not found.is_integer():
        refuse(
            problem(
                "number-not-whole", "{value} is not a whole number; only whole ones count here.", value=found
            )
        )
    return int(found)


def lifetime(value: Any) -> int:
    """A time of at least a year, within what anything lasts."""
    years = whole(value)
    if not 1 <= years <= LONGEST_LIFE:
        refuse(
            problem(
                "years-out-of-range",
                "{years} years is not possible here; enter 1 to {longest} whole years.",
                years=years,
                longest=LONGEST_LIFE,
            )
        )
    return years


def construction(value: Any) -> int:
    """A construction time: none, or a year."""
    years = whole(value)
    if years not in (0, 1):
        refuse(
            problem(
                "construction-time",
                "A construction time of {years} years cannot be evaluated; enter 0 or 1.",
                years=years,
            )
        )
    return years


def declining_factor(value: Any) -> float:
    """A factor of declining balance."""
    found = number(value)
    if found <= 0:
        refuse(
            problem(
                "depreciation-factor",
                "The declining-balance factor must be above zero; 2 is the double declining balance.",
            )
        )
    return found


def rate(value: Any) -> float:
    """A rate: ``0.34`` or ``34 %``."""
    amount, percent = _rate(_words(value))
    if not percent and abs(amount) >= 1:
        refuse(_ambiguous(amount))
    return float(amount)


def share(value: Any) -> float:
    """A share from 0 to 1 or from 0 % to 100 %; a bare 1 is all of it."""
    amount, percent = _rate(_words(value))
    if not percent and amount > 1:
        refuse(_ambiguous(amount))
    if not 0 <= amount <= 1:
        refuse(problem("share-out-of-range", "A share lies between 0 % and 100 %."))
    return float(amount)


def _rate(words: str) -> tuple[Decimal, bool]:
    try:
        amount, unit = parse_quantity(words)
    except EntryError as error:
        refuse(error.issues[0])
    if unit is not None and unit not in _PERCENT:
        refuse(problem("rate-with-unit", "“{found}” is not a rate; write 0.05 or 5 %.", found=words))
    return (amount / 100, True) if unit else (amount, False)


def _ambiguous(amount: Decimal) -> Issue:
    return problem(
        "rate-ambiguous",
        "{value} can mean {value} % or {hundredfold} %; write “{value} %” if it is percent.",
        value=amount,
        hundredfold=amount * 100,
    )


def yes_or_no(value: Any) -> bool:
    """An answer in either language."""
    found = _words(value).lower()
    if found not in _YES | _NO:
        refuse(problem("not-yes-or-no", "“{found}” is neither yes nor no.", found=found))
    return found in _YES


def words(value: Any) -> str:
    """A text that says something."""
    found = _words(value)
    if not found:
        refuse(problem("text-missing", "The text is missing."))
    return found


def currency(value: Any) -> str:
    """A currency code."""
    found = _words(value).upper()
    if found not in CURRENCIES:
        refuse(
            problem(
                "currency-unknown",
                "“{found}” is not a known currency; use one of {known}.",
                found=found,
                known=sorted(CURRENCIES),
            )
        )
    return found


def one_of(choice: type[C], value: Any) -> C:
    """A choice by its value or its label in either language."""
    found = _words(value)
    for member in choice:
        if found.lower().replace("_", "-") in {
            member.value,
            render(member, "en").lower(),
            render(member, "zh-hant"),
        }:
            return member
    refuse(
        problem(
            "choice-unknown",
            "“{found}” is not one of the choices: {known}.",
            found=found,
            known=[member.value for member in choice],
        )
    )


def _optional(parse: Any) -> Any:
    return lambda value: None if value is None else parse(value)


Amount = Annotated[float, BeforeValidator(number)]
Quantity = Annotated[float, BeforeValidator(nonnegative)]
Lifetime = Annotated[int, BeforeValidator(lifetime)]
Rate = Annotated[float, BeforeValidator(rate)]
OptionalRate = Annotated[float | None, BeforeValidator(_optional(rate))]
Share = Annotated[float, BeforeValidator(share)]
YesNo = Annotated[bool, BeforeValidator(yes_or_no)]
Words = Annotated[str, BeforeValidator(words)]


class Keys(BaseModel):
    """A group of keys; unknown ones are reported."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class OtherCapital(Keys):
    """A capital item with a name of its own."""

    name: Words
    amount: Amount
    depreciable: YesNo = True


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
    operating_class: Annotated[
        OperatingClass, BeforeValidator(lambda value: one_of(OperatingClass, value)), Field(alias="class")
    ]
    amount: Amount
    escalation: OptionalRate = None


class Operating(Keys):
    """Operating items, estimated, listed, or both."""

    estimate: Estimate | None = None
    items: tuple[Item, ...] = ()


class Loan(Keys):
    """How much is borrowed and on which terms."""

    loan_share: Share
    interest_rate: Rate = 0.0
    loan_years: Lifetime = 0
    interest_depreciable: YesNo = False


class WriteOff(Keys):
    """Depreciation."""

    method: Annotated[DepreciationMethod, BeforeValidator(lambda value: one_of(DepreciationMethod, value))]
    life: Lifetime
    factor: Annotated[float, BeforeValidator(declining_factor)] = 2.0


class Changes(Keys):
    """A scenario's changes against the base case."""

    capital: Rate = 0.0
    savings: Rate = 0.0
    costs: Rate = 0.0


class Scenarios(Keys):
    """Best and worst case; a case that is not given keeps the starting values."""

    best: Changes | None = None
    worst: Changes | None = None


class GivenRange(Keys):
    """Low and high value of an input of the tornado, as typed: what they mean depends on the input."""

    input: Words
    low: Words
    high: Words


class Tornado(Keys):
    """One-way sensitivity."""

    change: Rate | None = None
    ranges: tuple[GivenRange, ...] = ()


class Criteria(Keys):
    """What the owner asks of an investment; a key without value leaves the criterion out."""

    maximum_payback: Annotated[float | None, BeforeValidator(_optional(nonnegative))] = 4.0
    minimum_irr: OptionalRate = 0.12
    positive_npv: YesNo = True
    small_capital: Quantity = 0.0
    required_by_law: Annotated[str | None, BeforeValidator(_optional(words))] = None


class Case(Keys):
    """An economics case."""

    name: Words
    currency: Annotated[str, BeforeValidator(currency)]
    source: Annotated[str | None, BeforeValidator(_optional(words))] = None
    note: Annotated[str | None, BeforeValidator(_optional(words))] = None
    life: Lifetime
    construction_years: Annotated[int, BeforeValidator(construction)] = 0
    discount_rate: Rate
    tax_rate: Share
    escalation: Rate = 0.0
    capital: Capital
    operating: Operating
    financing: Loan | None = None
    depreciation: WriteOff | None = None
    salvage: Amount = 0.0
    scenarios: Scenarios = Scenarios()
    tornado: Tornado = Tornado()
    criteria: Criteria = Criteria()
