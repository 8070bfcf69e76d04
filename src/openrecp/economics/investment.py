"""The inputs of an economic evaluation: capital, operating items, financing, taxes and prices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from openrecp.economics.depreciation import Depreciation
from openrecp.economics.financing import ALL_EQUITY, Financing
from openrecp.economics.operating import OperatingItem, OperatingLine
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import Basis
from openrecp.texts import Text

LONGEST_LIFE: Final = 100  # years; longer lives are typing errors and would only slow everything down


@dataclass(frozen=True, slots=True)
class CapitalItem:
    """A part of the fixed capital (table 4.1 of the manual).

    Attributes
    ----------
    name : Text or str
    amount : float
        [money]
    depreciable : bool
        False for land and whatever else the tax office does not let the firm write off.
    """

    name: Text | str
    amount: float
    depreciable: bool = True
    basis: Basis = Basis.ESTIMATED
    source: Where | Text | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project to be evaluated. Money is in whole units of ``currency``, rates are fractions a year.

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
        The owner's cost of capital.
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
        0 or 1 [yr].
    sources : Mapping[str, Where or Text]
        Where the attributes named by the keys come from.

    Raises
    ------
    UnusableInput
        If a value is impossible; carries every such finding.

    Notes
    -----
    A loss in a year lowers the tax of the firm's other income at once: tax is negative then.
    """

    name: Text | str
    currency: str
    capital: tuple[CapitalItem, ...]
    operating: tuple[OperatingLine, ...]
    life: int
    discount_rate: float
    tax_rate: float = 0.0
    depreciation: Depreciation | None = None
    financing: Financing = ALL_EQUITY
    escalation: float = 0.0
    working_capital: float = 0.0
    salvage: float = 0.0
    construction_years: int = 0
    sources: Mapping[str, Where | Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def __post_init__(self) -> None:
        issues = list(_issues(self))
        if issues:
            raise UnusableInput(issues)

    @property
    def fixed_capital(self) -> float:
        """Sum of the capital items, before construction interest [money]."""
        return math.fsum(item.amount for item in self.capital)

    @property
    def depreciable_capital(self) -> float:
        """Sum of the capital items that may be written off [money]."""
        return math.fsum(item.amount for item in self.capital if item.depreciable)


def _issues(project: Project) -> Iterator[Issue]:
    yield from _number_issues(project)
    yield from _time_issues(project)
    yield from _operating_issues(project)
    base = project.fixed_capital + project.working_capital
    if math.isfinite(base) and base < 0:
        yield problem(
            "negative-capital",
            "The capital adds up to {amount}; it cannot be below zero.",
            where=_at(project, "capital"),
            amount=base,
        )
    if project.tax_rate and project.depreciation is None and project.depreciable_capital:
        yield problem(
            "no-depreciation",
            "There is an income tax but no depreciation; say how the capital is written off.",
            where=_at(project, "depreciation"),
        )


def _number_issues(project: Project) -> Iterator[Issue]:
    financing = project.financing
    limits = {
        "discount_rate": (project.discount_rate, -0.99, 10.0),
        "tax_rate": (project.tax_rate, 0.0, 1.0),
        "escalation": (project.escalation, -0.99, 10.0),
        "financing.loan_share": (financing.loan_share, 0.0, 1.0),
        "financing.interest_rate": (financing.interest_rate, 0.0, 10.0),
        "working_capital": (project.working_capital, 0.0, math.inf),
    }
    for path, (value, low, high) in limits.items():
        if not (math.isfinite(value) and low <= value <= high):
            yield problem(
                "out-of-range",
                "{value} is not possible for {name}; it must lie between {low} and {high}.",
                where=_at(project, path),
                value=value if math.isfinite(value) else str(value),
                name=path,
                low=low,
                high=high if math.isfinite(high) else "∞",
            )
    amounts = [item.amount for item in project.capital] + [project.salvage]
    if not all(math.isfinite(amount) for amount in amounts):
        yield problem(
            "not-a-number", "A capital amount is not a finite number.", where=_at(project, "capital")
        )


def _time_issues(project: Project) -> Iterator[Issue]:
    times = {"life": project.life}
    if project.depreciation is not None:
        times["depreciation.life"] = project.depreciation.life
        if not (math.isfinite(project.depreciation.factor) and project.depreciation.factor > 0):
            yield problem(
                "depreciation-factor",
                "The declining-balance factor must be above zero; 2 is the double declining balance.",
                where=_at(project, "depreciation.factor"),
            )
    if project.financing.loan_share:
        times["financing.loan_years"] = project.financing.loan_years
    for path, years in times.items():
        if not 1 <= years <= LONGEST_LIFE:
            yield problem(
                "years-out-of-range",
                "{years} years is not possible for {name}; enter 1 to {longest} whole years.",
                where=_at(project, path),
                years=years,
                name=path,
                longest=LONGEST_LIFE,
            )
    if project.construction_years not in (0, 1):
        yield problem(
            "construction-time",
            "A construction time of {years} years cannot be evaluated; enter 0 or 1.",
            where=_at(project, "construction_years"),
            years=project.construction_years,
        )


def _operating_issues(project: Project) -> Iterator[Issue]:
    seen: set[str] = set()
    for line in project.operating:
        where = line.source if isinstance(line.source, Where) else Where(path=f"operating[{line.key}]")
        if line.key in seen:
            yield problem(
                "duplicate-operating-item",
                "Two operating items are called {key}; give each its own name.",
                where=where,
                key=line.key,
            )
        if isinstance(line, OperatingItem):
            rates = [line.annual_amount, line.escalation or 0.0]
            unknown: list[str] = []
        else:
            rates, unknown = [line.share], [key for key in line.of if key not in seen]
        if not all(math.isfinite(rate) for rate in rates):
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
    source = project.sources.get(path)
    return source if isinstance(source, Where) else Where(path=path)
