"""Parts that wear out before the project ends and are replaced."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount
from openrecp.economics.checks import number_out_of_range, years_out_of_range
from openrecp.economics.depreciation import Depreciation
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Text, text

_NAME: Final = text("Replacement of parts")


@dataclass(frozen=True, slots=True)
class Replacement:
    """A part that is replaced once or again and again.

    Attributes
    ----------
    amount : float
        Cost of each replacement at the prices entered; below zero for one that the project spares [money].
    year : int
        Operating year at whose end it is first replaced.
    every : int or None
        Years between further replacements; None replaces once [yr].
    depreciation : Depreciation or None
        How each replacement is written off, from the year after it; None deducts it at once as an expense.
    escalation : float or None
        Yearly price rise of the part; None for the project's general rate.
    """

    amount: Amount
    year: int
    every: int | None = None
    depreciation: Depreciation | None = None
    escalation: Amount | None = None
    name: Text | str = _NAME
    source: Where | Text | None = None

    def issues(self, where: Where, life: int) -> Iterator[Issue]:
        """What makes the replacement impossible in a project of ``life`` years."""
        yield from number_out_of_range(where, "amount", self.amount, -math.inf, math.inf)
        if self.escalation is not None:
            yield from number_out_of_range(where, "escalation", self.escalation, -0.99, 10.0)
        if self.every is not None:
            yield from years_out_of_range(where, "every", self.every)
        if self.depreciation is not None:
            yield from self.depreciation.issues(where)
        if not 1 <= self.year < life:
            yield problem(
                "replacement-year",
                "{name} would be replaced in year {year}; that must be at least year 1 and before the last, year {life}.",
                where=where,
                name=self.name,
                year=self.year,
                life=life,
            )

    def replaced_in(self, life: int) -> range:
        """Operating years in which the part is replaced; not in the last, when there is nothing to go on with.

        >>> list(Replacement(100, 3, every=3).replaced_in(9))
        [3, 6]
        """
        return (
            range(self.year, life, self.every) if self.every else range(self.year, min(life, self.year + 1))
        )
