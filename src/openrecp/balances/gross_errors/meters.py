"""What each meter is worth to the balance, and what the balance says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from openrecp.balances.gross_errors.checks import Checks
from openrecp.balances.gross_errors.critical_values import CriticalValue
from openrecp.balances.gross_errors.power import detectable_shift
from openrecp.balances.problems import Array, VariableClass
from openrecp.texts import Choice, text


class Solvability(Choice):
    """What is known of a variable, by the letters that production accountants report."""

    REDUNDANT = "R", text("measured, and the balances check it")
    SOLVABLE = "S", text("not measured, and the balances give it")
    NOT_REDUNDANT = "NR", text("measured, and nothing checks it")
    NOT_SOLVABLE = "NS", text("not measured, and nothing gives it")
    FIXED = "F", text("known exactly")


_OF_CLASS: Final = MappingProxyType(
    {
        VariableClass.REDUNDANT: Solvability.REDUNDANT,
        VariableClass.JUST_MEASURED: Solvability.NOT_REDUNDANT,
        VariableClass.OBSERVABLE: Solvability.SOLVABLE,
        VariableClass.UNOBSERVABLE: Solvability.NOT_SOLVABLE,
        VariableClass.FIXED: Solvability.FIXED,
    }
)


def solvability(classes: Array) -> tuple[Solvability, ...]:
    """The letters for the classes of a reconciliation.

    >>> [str(each) for each in solvability(np.array([0, 1, 2, 3], dtype=np.int8))]
    ['R', 'NR', 'S', 'NS']
    """
    return tuple(_OF_CLASS[VariableClass(each)] for each in np.asarray(classes).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class MeterQuality:
    """Meters one by one; arrays of shape (variables,), NaN where nothing was measured with an error.

    Attributes
    ----------
    own_share : array
        Part of the reconciled value that is its own reading: 1 where nothing checks it.
    influence : array
        How far an error of one standard deviation in this meter moves the other reconciled values: root of the sum of
        squares, each in its meter's standard deviation.
    detectability : array
        Standard deviation of the adjustment over that of the reading, 0 to 1.
    adjustability : array
        By how much the balances make the reading better: 1 minus the standard deviation of the reconciled over that
        of the reading, 0 to 1.
    smallest_bias : array, shape (powers, variables)
        Bias that would be seen with the chance ``powers``, in the unit of the reading; infinite where nothing checks.
    powers : tuple of float
    """

    own_share: Array
    influence: Array
    detectability: Array
    adjustability: Array
    smallest_bias: Array
    powers: tuple[float, ...]


def meter_quality(
    checks: Checks, critical: CriticalValue | None, powers: Sequence[float] = (0.80, 0.95)
) -> MeterQuality:
    """How well each meter is checked.

    Parameters
    ----------
    checks : Checks
    critical : CriticalValue or None
        Of the measurement test; None where there is none.
    powers : sequence of float

    Raises
    ------
    ValueError
        If a power is not between the chance of a false alarm and 1.

    References
    ----------
    F. Madron, Process plant performance: measurement and data processing for optimization and retrofits, Ellis Horwood
    (1992), for adjustability and detectability.
    """
    moved = meter_influence(checks)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Share of the variance of the reading that the adjustment takes away.
        taken = np.clip(np.sum(checks.errors**2, axis=0) / checks.sds**2, 0.0, 1.0)
        taken[~(checks.sds > 0)] = np.nan
        own = np.diag(moved).copy()
        squares = np.sum(moved**2, axis=0, where=~np.isnan(moved)) - own**2
        known = np.where(np.isnan(taken), np.nan, np.linalg.norm(checks.meters, axis=0))
        shifts = [detectable_shift(critical.value, power) if critical else np.inf for power in powers]
        return MeterQuality(
            own_share=own,
            influence=np.sqrt(np.maximum(squares, 0.0)),
            detectability=np.sqrt(taken),
            adjustability=1.0 - np.sqrt(1.0 - taken),
            smallest_bias=np.array([shift / known for shift in shifts]),
            powers=tuple(powers),
        )


def meter_influence(checks: Checks) -> Array:
    """How far the reconciled value of each measured variable moves with each reading, shape (moved, reading).

    Both in their meters' standard deviations: column j is what an error of one standard deviation in reading j does.
    NaN where nothing was measured with an error.
    """
    sds = np.where(checks.sds > 0, checks.sds, np.nan)
    per_unit = np.eye(sds.size) - checks.errors.T @ checks.meters
    return np.asarray(per_unit * sds[None, :] / sds[:, None])
