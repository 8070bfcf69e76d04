"""The inputs of an economic evaluation: capital, operating items, financing, support, taxes and prices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from openrecp.economics.amounts import Amount, Condition, holds, is_finite, is_nothing, total
from openrecp.economics.checks import (
    HIGHEST_RATE,
    LOWEST_RATE,
    not_finite,
    number_out_of_range,
    placed,
    years_out_of_range,
)
from openrecp.economics.depreciation import Depreciation
from openrecp.economics.financing import ALL_EQUITY, Financing, funding
from openrecp.economics.grants import Grant
from openrecp.economics.investment import Avoided, CapitalItem
from openrecp.economics.operating import OperatingItem, OperatingLine
from openrecp.economics.payments import ContractPayment
from openrecp.economics.prices import NOMINAL_PRICES, Prices
from openrecp.economics.replacement import Replacement
from openrecp.economics.taxes import Losses, TaxCredit
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.texts import Text

_TOLERANCE: Final = 1e-9  # of sums that may miss a limit by their rounding
LONGEST_CONSTRUCTION: Final = 10  # years; what takes longer is no waste reduction project


@dataclass(frozen=True, slots=True)
class Project:
    """A project to be evaluated. Money is in whole units of ``currency``, rates are fractions a year.

    Every amount, rate and share is a float, or an array of shape (n,) to evaluate n projects of the same
    structure at once; what is written as a whole number is the same for all of them.

    Attributes
    ----------
    name : Text or str
    currency : str
        Code such as ``TWD``.
    capital : tuple of CapitalItem
        Fixed capital without construction interest, which follows from the financing.
    operating : tuple of OperatingLine
        Yearly savings and revenues (positive) and costs (negative).
    life : int
        Operating years evaluated [yr].
    discount_rate : float
        The owner's cost of capital, as ``prices`` says with or without inflation.
    tax_rate : float
        Income tax; 0 evaluates before tax.
    depreciation : Depreciation or None
        Needed when there is a tax.
    financing : Financing
    escalation : float
        General yearly price rise of operating items.
    working_capital : float
        Stock and supplies, not depreciated [money].
    salvage : float
        What the equipment fetches at the end, less its removal [money].
    construction_years : int
        Years before start-up in which capital is spent [yr].
    sources : Mapping[str, Where or Text]
        Where the attributes named by the keys come from.
    spending : tuple of float
        Share of the capital spent at the beginning of each construction year; equal shares when empty.
    replacements : tuple of Replacement
    grants : tuple of Grant
    tax_credits : tuple of TaxCredit
    losses : Losses
        What a loss of a year does to the tax.
    loss_years : int or None
        Years for which a loss is carried forward; None without end [yr].
    other_tax : float
        Yearly tax of the firm's other income, against which credits count too [money/yr].
    prices : Prices
        Whether rates hold inflation, the inflation, and the year of the prices.
    avoided : tuple of Avoided
        Quantities for levelised and abatement costs.
    payments : tuple of ContractPayment
        What is paid or received under a lease or another contract (`openrecp.economics.procurement`).

    Raises
    ------
    UnusableInput
        If a value is impossible; carries every such finding.
    """

    name: Text | str
    currency: str
    capital: tuple[CapitalItem, ...]
    operating: tuple[OperatingLine, ...]
    life: int
    discount_rate: Amount
    tax_rate: Amount = 0.0
    depreciation: Depreciation | None = None
    financing: Financing = ALL_EQUITY
    escalation: Amount = 0.0
    working_capital: Amount = 0.0
    salvage: Amount = 0.0
    construction_years: int = 0
    sources: Mapping[str, Where | Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    spending: tuple[float, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    grants: tuple[Grant, ...] = ()
    tax_credits: tuple[TaxCredit, ...] = ()
    losses: Losses = Losses.AT_ONCE
    loss_years: int | None = None
    other_tax: Amount = 0.0
    prices: Prices = NOMINAL_PRICES
    avoided: tuple[Avoided, ...] = ()
    payments: tuple[ContractPayment, ...] = ()

    def __post_init__(self) -> None:
        issues = list(project_issues(self))
        if issues:
            raise UnusableInput(issues)

    @property
    def fixed_capital(self) -> Amount:
        """Sum of the capital items, before construction interest [money]."""
        return total(item.amount for item in self.capital)

    @property
    def depreciable_capital(self) -> Amount:
        """Sum of the capital items that may be written off [money]."""
        return total(item.amount for item in self.capital if item.depreciable)

    @property
    def residual_value(self) -> Amount:
        """What all equipment fetches at the end [money]."""
        return total((self.salvage, *(item.residual for item in self.capital)))

    @property
    def construction_spending(self) -> tuple[float, ...]:
        """Share of the capital spent at the beginning of each construction year."""
        return self.spending or (1.0 / max(self.construction_years, 1),) * self.construction_years

    @property
    def nominal_discount_rate(self) -> Amount:
        """The discount rate with inflation, as a fraction."""
        return self.prices.nominal(self.discount_rate)

    def nominal_escalation(self, own: Amount | None = None) -> Amount:
        """A yearly price rise with inflation; without one of its own, the general one, as a fraction."""
        return self.prices.nominal(self.escalation if own is None else own)


def project_issues(project: Project) -> Iterator[Issue]:
    """Everything that makes a project impossible."""
    yield from _number_issues(project)
    yield from _time_issues(project)
    yield from _operating_issues(project)
    yield from _depreciation_issues(project)
    yield from _part_issues(project)
    base = project.fixed_capital + project.working_capital
    if is_finite(base) and not holds(base >= 0):
        yield problem(
            "negative-capital",
            "The capital adds up to {amount}; it cannot be below zero.",
            where=_at(project, "capital"),
            amount=float(base.min()) if not isinstance(base, float | int) else base,
        )


def _number_issues(project: Project) -> Iterator[Issue]:
    limits = {
        "discount_rate": (project.discount_rate, LOWEST_RATE, HIGHEST_RATE),
        "tax_rate": (project.tax_rate, 0.0, 1.0),
        "escalation": (project.escalation, LOWEST_RATE, HIGHEST_RATE),
        "inflation": (project.prices.inflation, LOWEST_RATE, HIGHEST_RATE),
        "working_capital": (project.working_capital, 0.0, math.inf),
        "other_tax": (project.other_tax, 0.0, math.inf),
    }
    for path, (value, low, high) in limits.items():
        yield from number_out_of_range(_at(project, path), path, value, low, high)
    amounts = [amount for item in project.capital for amount in (item.amount, item.residual)]
    if not all(is_finite(amount) for amount in (*amounts, project.salvage)):
        yield problem(
            "not-a-number", "A capital amount is not a finite number.", where=_at(project, "capital")
        )


def _time_issues(project: Project) -> Iterator[Issue]:
    yield from years_out_of_range(_at(project, "life"), "life", project.life)
    if project.loss_years is not None:
        yield from years_out_of_range(_at(project, "loss_years"), "loss_years", project.loss_years)
    if not 0 <= project.construction_years <= LONGEST_CONSTRUCTION:
        yield problem(
            "construction-time",
            "A construction time of {years} years cannot be evaluated; enter 0 to {longest}.",
            where=_at(project, "construction_years"),
            years=project.construction_years,
            longest=LONGEST_CONSTRUCTION,
        )
    if not project.spending:
        return
    if len(project.spending) != project.construction_years:
        yield problem(
            "spending-years",
            "There are {count} shares of spending for {years} years of construction; give one for each year.",
            where=_at(project, "spending"),
            count=len(project.spending),
            years=project.construction_years,
        )
    elif min(project.spending) < 0 or not math.isclose(math.fsum(project.spending), 1.0, abs_tol=1e-6):
        yield problem(
            "spending-shares",
            "The shares of spending add up to {total} %; they must be at least 0 and add up to 100 %.",
            where=_at(project, "spending"),
            total=round(100.0 * math.fsum(project.spending), 4),
        )


def _depreciation_issues(project: Project) -> Iterator[Issue]:
    if project.depreciation is not None:
        yield from project.depreciation.issues(_at(project, "depreciation"))
    elif not is_nothing(project.tax_rate) and any(
        item.depreciable and item.depreciation is None and not is_nothing(item.amount)
        for item in project.capital
    ):
        yield problem(
            "no-depreciation",
            "There is an income tax but no depreciation; say how the capital is written off.",
            where=_at(project, "depreciation"),
        )
    for number, item in enumerate(project.capital):
        if item.depreciation is not None:
            yield from item.depreciation.issues(placed(item.source, f"capital[{number}]"))


def _part_issues(project: Project) -> Iterator[Issue]:
    """What is wrong with loans, grants, credits, replacements and contracts."""
    first, last = -project.construction_years, project.life
    for number, loan in enumerate(project.financing.loans):
        yield from loan.issues(placed(loan.source, f"financing.loans[{number}]"))
    for number, grant in enumerate(project.grants):
        yield from grant.issues(placed(grant.source, f"grants[{number}]"), first, last)
    for number, credit in enumerate(project.tax_credits):
        yield from credit.issues(placed(credit.source, f"tax_credits[{number}]"), first, last)
    for number, part in enumerate(project.replacements):
        yield from part.issues(placed(part.source, f"replacements[{number}]"), last)
    for number, payment in enumerate(project.payments):
        yield from payment.issues(placed(payment.source, f"payments[{number}]"), first, last)
    for number, avoided in enumerate(project.avoided):
        yield from not_finite(placed(avoided.source, f"avoided[{number}]"), avoided.name, avoided.yearly)
    if not holds(_loans_fit(project)):
        yield problem(
            "loans-exceed-capital",
            "The loans add up to more than the capital; lower them.",
            where=placed(_place_of_loans(project), "financing"),
        )


def _place_of_loans(project: Project) -> Where | Text | None:
    """The last loan that has a place of its own, unless all loans have one together."""
    places = [loan.source for loan in project.financing.loans if isinstance(loan.source, Where)]
    return project.sources.get("financing") or (places[-1] if places else None)


def _loans_fit(project: Project) -> Condition:
    """Whether no more is lent than the capital; true where a number is at fault that is reported by itself."""
    loans = project.financing.loans
    shares = total(loan.share for loan in loans if loan.amount is None)
    if not is_finite(shares) or not holds(shares <= 1.0 + _TOLERANCE):
        return not is_finite(shares)
    if all(loan.amount is None for loan in loans):
        return True
    base = project.fixed_capital + project.working_capital
    found = funding(base, project.financing, project.construction_spending)
    return found.equity >= -_TOLERANCE * found.capital if is_finite(found.equity) else True


def _operating_issues(project: Project) -> Iterator[Issue]:
    seen: set[str] = set()
    for line in project.operating:
        where = placed(line.source, f"operating[{line.key}]")
        if line.key in seen:
            yield problem(
                "duplicate-operating-item",
                "Two operating items are called {key}; give each its own name.",
                where=where,
                key=line.key,
            )
        unknown: list[str] = []
        if isinstance(line, OperatingItem):
            rates: list[Amount] = [line.annual_amount]
            if line.escalation is not None:
                name = f"{line.key}, escalation"
                yield from number_out_of_range(where, name, line.escalation, LOWEST_RATE, HIGHEST_RATE)
            yield from line.time_issues(where, project.life)
        else:
            rates, unknown = [line.share], [key for key in line.of if key not in seen]
        if not all(is_finite(rate) for rate in rates):
            yield problem(
                "not-a-number", "The amount of {key} is not a finite number.", where=where, key=line.key
            )
        if unknown:
            yield problem(
                "unknown-operating-item",
                "{key} is a share of {unknown}, which does not stand before it.",
                where=where,
                key=line.key,
                unknown=unknown,
            )
        seen.add(line.key)


def _at(project: Project, path: str) -> Where:
    return placed(project.sources.get(path), path)
