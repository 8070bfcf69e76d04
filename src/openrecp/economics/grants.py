"""Grants: money towards a project that is not paid back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount, smaller
from openrecp.economics.checks import number_out_of_range
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Text, text

_NAME: Final = text("Grant")


@dataclass(frozen=True, slots=True)
class Milestone:
    """Part of a grant, paid at the end of a year of the cash flow (0 is start-up)."""

    year: int
    share: float


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant, in one sum or by milestone.

    Attributes
    ----------
    amount : float or None
        [money]
    share : float
        Part of the fixed capital that is granted, where no amount is given.
    limit : float or None
        The most that is granted when it is a share [money].
    milestones : tuple of Milestone
        When it is paid; the shares add up to 1.
    taxable : bool
        It counts as income when it is paid.
    lowers_depreciation : bool
        The cost that is depreciated is lower by the grant.
    """

    amount: Amount | None = None
    share: Amount = 0.0
    limit: Amount | None = None
    milestones: tuple[Milestone, ...] = (Milestone(0, 1.0),)
    taxable: bool = False
    lowers_depreciation: bool = False
    name: Text | str = _NAME
    source: Where | Text | None = None

    def issues(self, where: Where, first: int, last: int) -> Iterator[Issue]:
        """What makes the grant impossible in a cash flow from year ``first`` to ``last``."""
        yield from number_out_of_range(where, "share", self.share, 0.0, 1.0)
        for name, value in (("amount", self.amount), ("limit", self.limit)):
            if value is not None:
                yield from number_out_of_range(where, name, value, 0.0, math.inf)
        shares = math.fsum(each.share for each in self.milestones)
        if any(each.share < 0 for each in self.milestones) or not math.isclose(shares, 1.0, abs_tol=1e-6):
            yield problem(
                "milestone-shares",
                "The milestones of {name} pay {total} % of it; they must be at least 0 and add up to 100 %.",
                where=where,
                name=self.name,
                total=round(100.0 * shares, 4),
            )
        for each in self.milestones:
            if not first <= each.year <= last:
                yield problem(
                    "year-outside",
                    "Year {year} of {name} lies outside the project, which runs from year {first} to {last}.",
                    where=where,
                    year=each.year,
                    name=self.name,
                    first=first,
                    last=last,
                )

    def granted(self, fixed_capital: Amount) -> Amount:
        """The whole grant [money].

        >>> Grant(share=0.5, limit=30_000).granted(100_000)
        30000
        """
        if self.amount is not None:
            return self.amount
        found = self.share * fixed_capital
        return found if self.limit is None else smaller(found, self.limit)
