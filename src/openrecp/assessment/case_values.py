"""Values of an economics case as they are typed, each read by one rule: numbers, rates, shares, years, choices.

Amounts are plain money of the case's currency. Rates and shares are written ``0.34`` or ``34 %``; a bare
34 is reported, never guessed at.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from openrecp.economics.checks import HIGHEST_RATE, LONGEST_LIFE, LOWEST_RATE
from openrecp.economics.project import LONGEST_CONSTRUCTION
from openrecp.entries import EntryError, parse_number, parse_quantity
from openrecp.errors import Issue, UnitError, problem
from openrecp.texts import Choice, render
from openrecp.units import CURRENCIES, parse_unit

_PERCENT = frozenset({"%", "％"})
_YES = frozenset({"yes", "true", "y", "是", "有"})
_NO = frozenset({"no", "false", "n", "否", "無"})
_END_OF_A_NUMBER = re.compile(r"0[0-9]{2}")
_A_TIME = re.compile(r"/(?:yr|quarter|month|week|d|h|min|s)$")

C = TypeVar("C", bound=Choice)


def refuse(*issues: Issue) -> NoReturn:
    """Hand findings to pydantic, which adds the place and goes on with the other keys."""
    raise PydanticCustomError("issues", "{code}", {"code": issues[0].code, "issues": issues})


def _words(value: Any) -> str:
    if value is None:
        refuse(problem("value-missing", "This key has no value; enter one or delete the key."))
    if not isinstance(value, str):
        refuse(problem("value-expected", "One value is expected here, not a group of keys or a list."))
    return value.strip()


def number(value: Any) -> float:
    """A plain number."""
    found = _words(value)
    if _END_OF_A_NUMBER.fullmatch(found):
        refuse(
            problem(
                "number-cut",
                "“{found}” looks like the end of a number that a comma has cut; within braces and brackets write numbers "
                "without commas, or in quotes.",
                found=found,
            )
        )
    try:
        return float(parse_number(found))
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
    """A construction time, from none to the longest that can be evaluated."""
    years = whole(value)
    if not 0 <= years <= LONGEST_CONSTRUCTION:
        refuse(
            problem(
                "construction-time",
                "A construction time of {years} years cannot be evaluated; enter 0 to {longest}.",
                years=years,
                longest=LONGEST_CONSTRUCTION,
            )
        )
    return years


def calendar_year(value: Any) -> int:
    """A year such as 2026."""
    found = whole(value)
    if not 1900 <= found <= 2200:
        refuse(problem("calendar-year", "{year} is not a calendar year; write 2026.", year=str(found)))
    return found


def at_least(least: int) -> Any:
    """A reader of whole numbers from a least one."""

    def read(value: Any) -> int:
        found = whole(value)
        if found < least:
            refuse(
                problem(
                    "number-too-small",
                    "{value} is too small here; enter {least} or more.",
                    value=found,
                    least=least,
                )
            )
        return found

    return read


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


def yearly_rate(value: Any) -> float:
    """A rate a year, within what money can be counted at."""
    found = rate(value)
    if not LOWEST_RATE <= found <= HIGHEST_RATE:
        refuse(
            problem(
                "rate-out-of-range",
                "A rate of {rate} % a year is not possible here; enter {low} % to {high} %.",
                rate=round(found * 100.0, 6),
                low=LOWEST_RATE * 100.0,
                high=HIGHEST_RATE * 100.0,
            )
        )
    return found


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


def counted_unit(value: Any) -> str:
    """The unit of an amount of something, such as ``t`` or ``kWh``; what is avoided is counted a year anyway."""
    found = _words(value)
    try:
        symbol = parse_unit(found).symbol
    except UnitError as error:
        refuse(error.issues[0])
    if _A_TIME.search(symbol):
        refuse(
            problem(
                "unit-per-time",
                "“{found}” is an amount over time; write its unit alone, since the amount is that of a year.",
                found=found,
            )
        )
    return symbol


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


def choice_of(choice: type[C]) -> BeforeValidator:
    """The reader of a choice."""
    return BeforeValidator(lambda value: one_of(choice, value))


def optional(parse: Any) -> BeforeValidator:
    """The reader of a value that may be left empty."""
    return BeforeValidator(lambda value: None if value is None else parse(value))


Amount = Annotated[float, BeforeValidator(number)]
OptionalAmount = Annotated[float | None, optional(number)]
Quantity = Annotated[float, BeforeValidator(nonnegative)]
OptionalQuantity = Annotated[float | None, optional(nonnegative)]
Lifetime = Annotated[int, BeforeValidator(lifetime)]
OptionalLifetime = Annotated[int | None, optional(lifetime)]
WholeNumber = Annotated[int, BeforeValidator(whole)]
OptionalWholeNumber = Annotated[int | None, optional(whole)]
Rate = Annotated[float, BeforeValidator(rate)]
OptionalRate = Annotated[float | None, optional(rate)]
YearlyRate = Annotated[float, BeforeValidator(yearly_rate)]
OptionalYearlyRate = Annotated[float | None, optional(yearly_rate)]
Share = Annotated[float, BeforeValidator(share)]
OptionalShare = Annotated[float | None, optional(share)]
YesNo = Annotated[bool, BeforeValidator(yes_or_no)]
Words = Annotated[str, BeforeValidator(words)]
OptionalWords = Annotated[str | None, optional(words)]


class Keys(BaseModel):
    """A group of keys; unknown ones are reported."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
