"""Findings that many inputs share: a number beyond its limits, a time that is impossible."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from openrecp.economics.amounts import Amount, is_finite, outside
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Text

LOWEST_RATE: Final = -0.99  # a year; lower ones lose everything at once
HIGHEST_RATE: Final = 10.0  # a year; higher ones are percentages that were taken for fractions
LONGEST_LIFE: Final = 100  # years; longer lives are typing errors and would only slow everything down


def placed(source: Where | Text | None, path: str) -> Where:
    """Where an input stands: its source in the user's file, or its path within the project."""
    return source if isinstance(source, Where) else Where(path=path)


def number_out_of_range(where: Where, name: str, value: Amount, low: float, high: float) -> Iterator[Issue]:
    """A number, or one of many, that does not lie within its limits."""
    wrong = outside(value, low, high)
    if wrong is not None:
        yield problem(
            "out-of-range",
            "{value} is not possible for {name}; it must lie between {low} and {high}.",
            where=where,
            value=wrong if math.isfinite(wrong) else str(wrong),
            name=name,
            low=low,
            high=high if math.isfinite(high) else "∞",
        )


def years_out_of_range(where: Where, name: str, years: int, shortest: int = 1) -> Iterator[Issue]:
    """A number of years that nothing lasts."""
    if not shortest <= years <= LONGEST_LIFE:
        yield problem(
            "years-out-of-range",
            "{years} years is not possible for {name}; enter {shortest} to {longest} whole years.",
            where=where,
            years=years,
            name=name,
            shortest=shortest,
            longest=LONGEST_LIFE,
        )


def not_finite(where: Where, name: Text | str, value: Amount) -> Iterator[Issue]:
    """An amount that is no finite number."""
    if not is_finite(value):
        yield problem("not-a-number", "The amount of {key} is not a finite number.", where=where, key=name)
