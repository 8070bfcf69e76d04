"""One block of balances solved: the least squares, and how sure each value is, with every digit kept.

All of it is done in standard deviations. The balances of the measured variables are solved for those of the largest
standard deviations, e_basic = d - T e_rest, so that the entries of T stay moderate however unequal the meters are.
The reconciled values and the adjustments then have square roots of their covariances of their own: neither is the
difference of two large numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr, solve_triangular

from openrecp.balances.general.blocks import Block, correlation_root
from openrecp.balances.general.reduction import Reduction
from openrecp.balances.problems import Array


@dataclass(frozen=True, slots=True, eq=False)
class BlockSolution:
    """Adjustments of a block and the roots of its covariances.

    Attributes
    ----------
    adjustments : array, shape (measured,)
        Measured minus reconciled.
    root : array, shape (measured, free)
        The covariance of the reconciled values is ``root @ root.T``.
    adjustment_sds : array, shape (measured,)
    z : array, shape (measured,)
        Measurement test of maximum power; NaN where nothing checks the measurement.
    chi2 : float
    """

    adjustments: Array
    root: Array
    adjustment_sds: Array
    z: Array
    chi2: float


def solved(block: Block, reduction: Reduction) -> BlockSolution:
    """Reconcile the measured variables of a block.

    The measurement test of maximum power is after R. S. H. Mah and A. C. Tamhane, Detection of gross errors in process
    data, AIChE Journal 28 (1982) 828-830.

    Raises
    ------
    UnusableInput
        If the correlations contradict each other.
    """
    count, redundancy = block.measured.size, reduction.residuals.size
    free = count - redundancy
    root_of_errors = None if block.correlations is None else correlation_root(block.correlations)
    ties, gap, order = _basic_form(reduction, block.sds)
    null, row = np.empty((count, free)), np.empty((count, redundancy))
    null[order] = np.vstack([-ties, np.eye(free)])
    row[order] = np.vstack([np.eye(redundancy), ties.T])
    if root_of_errors is None:
        kept, tests = _triangle(null), _triangle(row)
    else:
        kept = _triangle(solve_triangular(root_of_errors, null, lower=True, check_finite=False))
        tests = _triangle(root_of_errors.T @ row)
    root = _over(null, kept)
    test_root = _over(row, tests)
    power = solve_triangular(tests, gap, trans="T", check_finite=False) if redundancy else gap
    pulls = test_root @ power
    adjusting = test_root if block.correlations is None else block.correlations @ test_root
    spread = np.sqrt(np.sum(test_root**2, axis=1))
    return BlockSolution(
        adjustments=adjusting @ power * block.sds,
        root=root * block.sds[:, None],
        adjustment_sds=np.sqrt(np.sum(adjusting**2, axis=1)) * block.sds,
        z=np.divide(pulls, spread, out=np.full(count, np.nan), where=reduction.tied),
        chi2=float(power @ power),
    )


def _basic_form(reduction: Reduction, sds: Array) -> tuple[Array, Array, Array]:
    """The balances as e_basic + ties @ e_rest = gap, in standard deviations, and the order that puts the basic first."""
    count, redundancy = sds.size, reduction.residuals.size
    if not redundancy:
        return np.empty((0, count)), np.empty(0), np.arange(count)
    weighted = reduction.matrix * sds
    sizes = np.sqrt(np.sum(weighted**2, axis=1))
    left, upper, order = qr(weighted / sizes[:, None], pivoting=True, check_finite=False)
    sides = np.column_stack([upper[:, redundancy:], left.T @ (reduction.residuals / sizes)])
    form = solve_triangular(upper[:, :redundancy], sides, check_finite=False)
    return form[:, :-1], form[:, -1], order


def _triangle(matrix: Array) -> Array:
    return qr(matrix, mode="r", check_finite=False)[0][: matrix.shape[1]] if matrix.size else np.empty((0, 0))


def _over(matrix: Array, triangle: Array) -> Array:
    """The matrix with the triangle divided out on its right: row by row, so that small rows keep their digits."""
    if not matrix.size:
        return matrix
    return solve_triangular(triangle, matrix.T, trans="T", check_finite=False).T
