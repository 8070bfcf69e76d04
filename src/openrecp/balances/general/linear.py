"""Reconciliation of any linear balances: every value, how sure it is, and what the balances say of it."""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.general.blocks import Block, blocks_of, kinds_of
from openrecp.balances.general.reduction import (
    Reduction,
    contradiction,
    contradictory_rows,
    reduced,
)
from openrecp.balances.general.solution import BlockSolution, solved
from openrecp.balances.problems import LinearProblem, Reconciliation, VariableClass

LARGEST_COVARIANCE: Final = 4_000
"""Variables above which the covariance is not kept whole: it would take more than 128 MB."""


def reconcile_linear(asked: LinearProblem) -> Reconciliation:
    """Reconcile measurements with linear balances of any coefficients.

    Variables known exactly, not measured, or measured with correlated errors are welcome, and so are balances that
    follow from others. Each part that hangs together is solved by itself, dense. A variable counts as redundant or
    unobservable when its coefficient, in what is left of the balances without the unmeasured variables, exceeds
    `openrecp.balances.general.reduction.TOLERANCE` (10⁻⁹) after rows and columns were brought to the size of 1.

    A measured variable that no balance checks keeps its class ``JUST_MEASURED`` also where its error is correlated
    with that of a checked one; it is then adjusted with it.

    Parameters
    ----------
    asked : LinearProblem

    Returns
    -------
    Reconciliation
        With the covariance, where there are at most `LARGEST_COVARIANCE` variables.

    Raises
    ------
    ContradictoryBalances
        If balances cannot all hold; all that take part are named at once.
    UnusableInput
        If correlations are impossible, or more than 5,000 variables hang together.
    ValueError
        If a measured variable has no standard deviation, or a coefficient is not finite.

    References
    ----------
    S. Narasimhan and C. Jordache, Data Reconciliation and Gross Error Detection (Gulf, 2000), chapters 3 and 7;
    C. M. Crowe, Y. A. Garcia Campos and A. Hrymak, AIChE Journal 29 (1983) 881-888 (projection of the unmeasured).

    Examples
    --------
    A heat exchanger with a bypass (Narasimhan and Jordache, chapter 1): six flows, four balances.

    >>> import scipy.sparse as sp
    >>> balances = [[1, -1, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 1, 0, -1, 0], [0, 0, 0, 1, 1, -1]]
    >>> measured = np.array([101.91, 64.45, 34.65, 64.20, 36.44, 98.88])
    >>> result = reconcile_linear(
    ...     LinearProblem(sp.csr_array(np.array(balances, float)), np.zeros(4), measured, np.ones(6))
    ... )
    >>> [round(float(value), 2) for value in result.values]
    [100.22, 64.5, 35.72, 64.5, 35.72, 100.22]
    """
    kinds = kinds_of(asked)
    blocks = blocks_of(asked, kinds)
    reductions = tuple(reduced(block) for block in blocks)
    wrong = [contradictory_rows(block, each) for block, each in zip(blocks, reductions, strict=True)]
    if any(rows.size for rows in wrong):
        raise contradiction(tuple(sorted(int(row) for rows in wrong for row in rows)))
    result = _unchecked(asked)
    chi2, redundancy = 0.0, 0
    for block, reduction in zip(blocks, reductions, strict=True):
        solution = solved(block, reduction)
        _enter(result, block, reduction, solution)
        chi2 += solution.chi2
        redundancy += reduction.residuals.size
    if result.covariance is not None:
        unknown = result.classes == VariableClass.UNOBSERVABLE
        result.covariance[unknown] = np.nan
        result.covariance[:, unknown] = np.nan
    return Reconciliation(
        values=result.values,
        sds=result.sds,
        classes=result.classes,
        adjustments=result.adjustments,
        adjustment_sds=result.adjustment_sds,
        z=result.z,
        chi2=chi2,
        redundancy=redundancy,
        problem=asked,
        covariance=result.covariance,
    )


def _unchecked(asked: LinearProblem) -> Reconciliation:
    """What is known before any balance is looked at, in arrays to be filled in."""
    kinds = kinds_of(asked)
    known = ~kinds.unmeasured
    values = np.where(known, asked.measured, np.nan)
    sds = np.where(known, asked.sds, np.nan)
    classes = np.full(values.size, int(VariableClass.JUST_MEASURED), np.int8)
    classes[kinds.unmeasured] = VariableClass.UNOBSERVABLE
    classes[kinds.fixed] = VariableClass.FIXED
    nothing = np.where(known, 0.0, np.nan)
    covariance = None
    if values.size <= LARGEST_COVARIANCE:
        covariance = np.zeros((values.size,) * 2)
        np.fill_diagonal(covariance, np.where(known, asked.sds, 0.0) ** 2)
    return Reconciliation(
        values,
        sds,
        classes,
        nothing,
        nothing.copy(),
        np.full(values.size, np.nan),
        0.0,
        0,
        asked,
        covariance=covariance,
    )


def _enter(result: Reconciliation, block: Block, reduction: Reduction, solution: BlockSolution) -> None:
    """Write a block's solution into the arrays of the whole."""
    seen = block.unmeasured[reduction.observable]
    result.values[block.measured] = block.values - solution.adjustments
    result.values[seen] = reduction.computed + reduction.response @ solution.adjustments
    result.classes[block.measured[reduction.tied]] = VariableClass.REDUNDANT
    result.classes[seen] = VariableClass.OBSERVABLE
    result.adjustments[block.measured] = solution.adjustments
    result.adjustment_sds[block.measured] = solution.adjustment_sds
    result.z[block.measured] = solution.z
    places = np.concatenate([block.measured, seen])
    root = np.vstack([solution.root, -reduction.response @ solution.root])
    result.sds[places] = np.sqrt(np.sum(root**2, axis=1))
    if result.covariance is not None:
        result.covariance[np.ix_(places, places)] = root @ root.T
