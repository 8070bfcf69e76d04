"""Intervals by simulation, for networks wired so much at random that no factorisation ends.

The values are exact. Errors are drawn for every measurement, reconciled, and their spread is what is told: with n
draws a standard deviation is known to about 1 / sqrt(2 n) of itself.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from openrecp.balances.factors import Iteration
from openrecp.balances.networks.computed import computed_values
from openrecp.balances.networks.observability import Observability
from openrecp.balances.networks.spread import Spread
from openrecp.balances.problems import VariableClass

DRAWS: Final = 400
_AT_ONCE: Final = 25
_SEED: Final = 20_261_201


def sampled_spread(
    seen: Observability, ends: tuple[Any, Any], variances: Any, solver: Iteration, rows: Any
) -> Spread:
    """Spread of everything that is reconciled.

    Parameters
    ----------
    ends : (int array, int array)
        Tails and heads of the streams.
    variances : array, shape (streams,)
        Of the measurements; NaN where nothing was measured, 0 where known exactly.
    rows : int array, shape (balances + 1,)
        Row of the solver for each balance, -1 where it has none and for the environment.
    """
    tails, heads = ends
    joining = np.flatnonzero(seen.classes == VariableClass.REDUNDANT)
    into, out_of = rows[seen.group[heads[joining]]], rows[seen.group[tails[joining]]]
    measured = np.flatnonzero(variances > 0)
    source = np.random.default_rng(_SEED)
    shares, across = np.zeros(joining.size), np.zeros(joining.size)
    multipliers = np.zeros(solver.rows)
    values = np.zeros(tails.size)
    for _ in range(DRAWS // _AT_ONCE):
        errors = np.full((tails.size, _AT_ONCE), np.nan)
        errors[variances == 0] = 0.0
        errors[measured] = np.sqrt(variances[measured])[:, None] * source.standard_normal(
            (measured.size, _AT_ONCE)
        )
        right = np.zeros((solver.rows + 1, _AT_ONCE))
        np.add.at(right, into, errors[joining])
        np.subtract.at(right, out_of, errors[joining])
        solved = np.concatenate([solver.solve(right[:-1]), np.zeros((1, _AT_ONCE))])
        pull = solved[into] - solved[out_of]
        errors[joining] -= variances[joining, None] * pull
        for column in range(_AT_ONCE):
            single = errors[:, column].copy()
            computed_values(seen, tails, heads, single)
            values += single**2
        shares += variances[joining] * (pull**2).sum(axis=1)
        across += (solved[into] * solved[out_of]).sum(axis=1)
        multipliers += (solved[:-1] ** 2).sum(axis=1)
    error = 1.0 / (2.0 * DRAWS) ** 0.5
    shares = np.minimum(shares / DRAWS, 1.0)
    return Spread(shares, multipliers / DRAWS, across / DRAWS, values / DRAWS, error)
