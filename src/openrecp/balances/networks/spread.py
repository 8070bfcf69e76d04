"""How sure everything is: all variances from the entries of the inverse on the pattern of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from openrecp.balances.factors import Factor
from openrecp.balances.networks.computed import Borders, border_variances
from openrecp.balances.networks.observability import Observability
from openrecp.balances.problems import VariableClass

_NOTHING: Final = 1e-12
"""Part of a variance below which what is left of it is rounding: the value is certain."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Variances of everything that is reconciled.

    Attributes
    ----------
    shares : array, shape (redundant streams,)
        Part of the variance of each redundant measurement that the balances take away.
    multipliers : array, shape (rows,)
        Variances of the multipliers, the diagonal of the inverse.
    across : array, shape (redundant streams,)
        Covariance of the multipliers at the two ends of each; 0 at the environment.
    values : array, shape (streams,)
        Variances of the reconciled and computed values.
    error : float
        Relative standard error of their roots; 0 where they are exact.
    """

    shares: Any
    multipliers: Any
    across: Any
    values: Any
    error: float


def exact_spread(
    seen: Observability, ends: tuple[Any, Any], variances: Any, factor: Factor, rows: Any, parts: Borders
) -> Spread:
    """Variances from one pass through the factor.

    Parameters
    ----------
    ends : (int array, int array)
        Tails and heads of the streams.
    variances : array, shape (streams,)
        Of the measurements; NaN where nothing was measured, 0 where known exactly.
    rows : int array, shape (balances + 1,)
        Row of the factor for each balance, -1 where it has none and for the environment.
    parts : Borders
    """
    tails, heads = ends
    joining = np.flatnonzero(seen.classes == VariableClass.REDUNDANT)
    first, second = rows[seen.group[tails[joining]]], rows[seen.group[heads[joining]]]
    size = factor.rows
    i = np.concatenate([np.arange(size), first, rows[parts.pairs[1]]])
    j = np.concatenate([np.arange(size), second, rows[parts.pairs[2]]])
    known = (i >= 0) & (j >= 0)
    inverse = np.zeros(i.size)
    inverse[known] = factor.inverse_at(i[known], j[known])
    diagonal, across, pairs = np.split(inverse, [size, size + first.size])
    padded = np.append(diagonal, 0.0)
    shares = variances[joining] * (padded[first] + padded[second] - 2.0 * across)
    shares[shares > 1.0 - _NOTHING] = 1.0
    values = variances.copy()
    values[joining] *= 1.0 - shares
    values[parts.streams] = border_variances(parts, factor, rows, pairs)
    return Spread(shares, diagonal, across, values, 0.0)
