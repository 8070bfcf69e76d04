"""What a measure of merit is when it may not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from openrecp.economics.amounts import Amount, Array
from openrecp.texts import Text


@dataclass(frozen=True, slots=True)
class Merit:
    """A measure of merit, or why there is none."""

    value: float | None
    reason: Text | None = None


def merit_of(value: Amount, exists: Amount, reason: Text) -> Merit | Array:
    """The value where it exists: for one option with the reason otherwise, for many nan."""
    if np.ndim(value) or np.ndim(exists):
        return np.where(exists, value, np.nan)
    return Merit(float(value)) if exists else Merit(None, reason)


def as_given(amount: Any) -> Amount:
    """A plain number for one option, the array for many."""
    return amount if np.ndim(amount) else float(amount)


def check_finite(**numbers: Amount) -> None:
    """Refuse what is no finite number.

    Raises
    ------
    ValueError
        With the name of the number.
    """
    for name, number in numbers.items():
        if not np.isfinite(number).all():
            raise ValueError(f"{name.replace('_', ' ')} must be a finite number")


def check_rate(rate: Amount, name: str = "discount rate") -> None:
    """Refuse a rate a period that is not a finite number above -1.

    Raises
    ------
    ValueError
        With the name of the rate and the first that is wrong.
    """
    given = np.asarray(rate)
    wrong = ~((given > -1) & np.isfinite(given))
    if wrong.any():
        raise ValueError(f"the {name} must be above -1, not {given[wrong][0]}")
