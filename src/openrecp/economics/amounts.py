"""One option or many: the arithmetic that works on a float and on an array of floats alike.

The cash flow is counted over a list of years. For one option every year holds a float; for many options,
or many draws of one, every year holds an array of shape (n,). The functions below stand in for the few
operations that Python writes differently for the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
# An amount, rate or share: a float for one option, an array of shape (n,) for many. To a type checker it is
# anything, since whoever has one option in hand reads its amounts as plain floats.
Amount: TypeAlias = Any
Condition: TypeAlias = bool | NDArray[np.bool_]


def is_many(*amounts: Any) -> bool:
    """Whether any of the amounts stands for many options."""
    return any(isinstance(amount, np.ndarray) for amount in amounts)


def larger(one: Amount, other: Amount) -> Amount:
    """The larger of two amounts, option by option.

    >>> larger(1.0, 2.0)
    2.0
    """
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.maximum(one, other)
    return max(one, other)


def smaller(one: Amount, other: Amount) -> Amount:
    """The smaller of two amounts, option by option."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.minimum(one, other)
    return min(one, other)


def chosen(condition: Condition, yes: Amount, no: Amount) -> Amount:
    """``yes`` where the condition holds, ``no`` elsewhere."""
    if isinstance(condition, np.ndarray):
        return np.where(condition, yes, no)
    return yes if condition else no


def magnitude(amount: Amount) -> Amount:
    """The amount without its sign."""
    return np.abs(amount) if isinstance(amount, np.ndarray) else abs(amount)


def holds(condition: Condition) -> bool:
    """Whether a condition holds for every option."""
    return bool(condition.all()) if isinstance(condition, np.ndarray) else bool(condition)


def is_nothing(amount: Amount) -> bool:
    """Whether the amount is zero for every option."""
    return not amount.any() if isinstance(amount, np.ndarray) else amount == 0


def is_finite(amount: Amount) -> bool:
    """Whether the amount is a finite number for every option."""
    return bool(np.isfinite(amount).all()) if isinstance(amount, np.ndarray) else math.isfinite(amount)


def outside(amount: Amount, low: float, high: float) -> float | None:
    """The first value that is not a finite number within the limits; None when all are."""
    if isinstance(amount, np.ndarray):
        wrong = amount[~(np.isfinite(amount) & (amount >= low) & (amount <= high))]
        return float(wrong[0]) if wrong.size else None
    return None if math.isfinite(amount) and low <= amount <= high else amount


def total(amounts: Iterable[Amount]) -> Amount:
    """Sum of amounts; what is nothing costs no time for many options."""
    found: Amount = 0.0
    for amount in amounts:
        if isinstance(amount, np.ndarray) or amount:
            found = found + amount if isinstance(found, np.ndarray) or found else amount
    return found


def added(*lines: Sequence[Amount]) -> tuple[Amount, ...]:
    """Lines of equal length summed year by year."""
    return tuple(total(year) for year in zip(*lines, strict=True))


def less(line: Sequence[Amount], *others: Sequence[Amount]) -> tuple[Amount, ...]:
    """A line less others, year by year."""
    return tuple(_less(first, total(rest)) for first, *rest in zip(line, *others, strict=True))


def _less(one: Amount, other: Amount) -> Amount:
    return one - other if isinstance(other, np.ndarray) or other else one
