"""Payments under a contract, such as a lease or a share of the savings: what is agreed, year by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openrecp.economics.amounts import Amount
from openrecp.economics.checks import not_finite
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Text


@dataclass(frozen=True, slots=True)
class ContractPayment:
    """Payments in money of the day, each at the end of a year of the cash flow.

    Attributes
    ----------
    name : Text or str
    amounts : tuple of (int, float)
        Year (0 is start-up) and amount; positive is received, negative is paid [money].
    deductible : bool
        They count in the taxable income of their year; a deposit, for one, does not.
    """

    name: Text | str
    amounts: tuple[tuple[int, Amount], ...]
    deductible: bool = True
    source: Where | Text | None = None

    def issues(self, where: Where, first: int, last: int) -> Iterator[Issue]:
        """What makes the payments impossible in a cash flow from year ``first`` to ``last``."""
        for year, amount in self.amounts:
            yield from not_finite(where, self.name, amount)
            if not first <= year <= last:
                yield problem(
                    "year-outside",
                    "Year {year} of {name} lies outside the project, which runs from year {first} to {last}.",
                    where=where,
                    year=year,
                    name=self.name,
                    first=first,
                    last=last,
                )
