"""Where a search for the reconciled values begins: near enough, finite, and not at 0.

Flows come from least squares on the total balances alone, shares and temperatures that nobody measured from what
flows at the same processes. None of it is a result.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import cg

from openrecp.balances.equations.layout import Ends, Layout
from openrecp.balances.equations.polynomials import Polynomials
from openrecp.balances.problems import Array

_DENSE: Final = 200
_STEPS: Final = 200
"""Steps towards flows that balance in larger plants: a factorisation may fill in where wiring is random."""

_SWEEPS: Final = 4
_SMALL: Final = 1e-3


def starting_values(where: Layout, polynomials: Polynomials, transfer_rows: Array) -> Array:
    """A point to begin at, shape (variables,).

    Parameters
    ----------
    where : Layout
    polynomials : Polynomials
    transfer_rows : int array, shape (transfers,)
        Row of each transfer coefficient, -1 where it has none.
    """
    variables = where.variables
    x = np.where(np.isnan(variables.measured), 0.0, variables.measured)
    flows = where.carrier_flow
    x[flows] = _flows(where)
    _fill_shares(x, where)
    temperature = where.heated[:, 1]
    known = variables.measured[temperature]
    x[temperature] = _from_neighbours(known, where.heat_ends, len(where.flowsheet.processes), 20.0)
    for number in range(len(where.contents.components)):
        (owner,) = np.nonzero(
            (where.flow[:, number] >= 0) & np.isnan(variables.measured[where.flow[:, number]])
        )
        x[where.flow[owner, number]] = x[where.carrier_flow[owner]] * 0.5
    _fill_transfers(x, where, polynomials, transfer_rows)
    return np.where(variables.fixed, variables.measured, x)


def _flows(where: Layout) -> Array:
    """Totals of all carriers that nearly balance, shape (carriers,)."""
    positions = where.carrier_flow
    measured, sds = where.variables.measured[positions], where.variables.sds[positions]
    unknown = np.isnan(measured)
    typical = float(np.median(np.abs(measured[~unknown]))) if not unknown.all() else 1.0
    typical = typical or 1.0
    prior = np.where(unknown, typical, measured)
    variance = np.where(unknown, 100.0 * typical**2, np.maximum(sds, 1e-6 * typical) ** 2)
    count = len(where.flowsheet.processes)
    ends = where.mass_ends.at(np.arange(count + 1) < count)
    matrix = sp.csr_array((ends.sign, (ends.process, ends.item)), shape=(count, len(positions)))
    found = _least_change(matrix, prior, variance)
    return np.maximum(found, _SMALL * typical)


def _least_change(matrix: sp.csr_array, prior: Array, variance: Array) -> Array:
    """The point nearest to the prior at which matrix @ x is about 0."""
    if not matrix.shape[0] or not matrix.nnz:
        return prior
    weighted = (matrix @ sp.diags_array(variance) @ matrix.T).tocsr()
    diagonal = weighted.diagonal()
    diagonal = np.where(diagonal > 0, diagonal, 1.0)
    if matrix.shape[0] <= _DENSE:
        ridge = 1e-12 * float(diagonal.max())
        found = np.linalg.solve(weighted.toarray() + ridge * np.eye(matrix.shape[0]), matrix @ prior)
        return prior - variance * (matrix.T @ found)
    found, _ = cg(weighted, matrix @ prior, rtol=1e-8, maxiter=_STEPS, M=sp.diags_array(1.0 / diagonal))
    return prior - variance * (matrix.T @ found)


def _fill_shares(x: Array, where: Layout) -> None:
    """Shares that nobody measured: from the component flow, else from the neighbours; complete ones add up to 1."""
    variables, inside = where.variables, where.contents
    processes, owners = len(where.flowsheet.processes), len(inside.keys)
    ends = Ends(where.mass_ends.process, where.carrier_owner[where.mass_ends.item], where.mass_ends.sign)
    totals = np.maximum(x[where.carrier_flow[:owners]], 1e-300)
    shares = np.zeros(inside.present.shape)
    for number in range(len(inside.components)):
        here = where.share[:, number] >= 0
        known = np.where(here, variables.measured[where.share[:, number]], 0.0)
        by_flow = np.isnan(known) & ~np.isnan(inside.flow[0][:, number])
        known[by_flow] = np.minimum(inside.flow[0][by_flow, number] / totals[by_flow], 1.0)
        usual = 1.0 / (len(inside.components) + 1)
        shares[:, number] = _from_neighbours(known, ends, processes, usual)
    unknown = (where.share >= 0) & np.isnan(variables.measured[where.share])
    left = 1.0 - np.where(unknown, 0.0, shares).sum(axis=1)
    filled = np.where(unknown, shares, 0.0).sum(axis=1)
    factor = np.where(inside.whole & (filled > 0) & (left > 0), left / np.where(filled > 0, filled, 1.0), 1.0)
    shares = np.where(unknown, shares * factor[:, None], shares)
    there = where.share >= 0
    x[where.share[there]] = np.maximum(shares[there], 1e-6)


def _from_neighbours(known: Array, ends: Ends, processes: int, usual: float) -> Array:
    """Unknown numbers of streams (NaN) from the mean of known ones at the same processes, then of all."""
    values = known.copy()
    inner = ends.process < processes
    process, item = ends.process[inner], ends.item[inner]
    for _ in range(_SWEEPS):
        missing = np.isnan(values)
        if not missing.any():
            return values
        told = ~missing[item]
        at_process = _mean(process[told], values[item[told]], processes)
        reached = ~np.isnan(at_process[process])
        mean = _mean(item[reached], at_process[process[reached]], len(values))
        values[missing] = mean[missing]
    missing = np.isnan(values)
    values[missing] = np.nanmean(known) if not np.isnan(known).all() else usual
    return values


def _mean(places: Array, amounts: Array, size: int) -> Array:
    """Mean of the amounts at each place, NaN where there are none."""
    count = np.bincount(places, minlength=size)
    total = np.bincount(places, amounts, minlength=size)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _fill_transfers(x: Array, where: Layout, polynomials: Polynomials, rows: Array) -> None:
    """Transfer coefficients that nobody gave: what leaves over what enters, at the other starting values."""
    kept = (rows >= 0) & np.isnan(where.variables.measured[where.transfer])
    positions, rows = where.transfer[kept], rows[kept]
    if not len(positions):
        return
    x[positions] = 0.0
    none = polynomials.values(x)[rows]
    x[positions] = 1.0
    entering = polynomials.values(x)[rows] - none
    x[positions] = np.clip(
        np.where(entering > 0, -none / np.where(entering > 0, entering, 1.0), 0.5), 0.01, 0.99
    )
