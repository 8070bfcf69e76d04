"""The balances of a linear problem without its unmeasured variables: what all tests of measurements start from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openrecp.balances.general.blocks import blocks_of, kinds_of
from openrecp.balances.general.reduction import reduced
from openrecp.balances.problems import Array, LinearProblem


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Independent balances of measured variables.

    Attributes
    ----------
    matrix : array, shape (redundancy, variables)
        Zero for variables that are unmeasured, known exactly, or checked by nothing.
    constants : array, shape (redundancy,)
        What ``matrix @ x`` has to be.
    residuals : array, shape (redundancy,)
        ``matrix @ measured - constants``.
    covariance : array, shape (redundancy, redundancy)
        Of the residuals, if nothing but random errors is in the measurements.
    basis : array, shape (redundancy, balances)
        Combines the balances: ``basis @ problem.matrix`` is ``matrix``, but for what is known exactly.
    """

    matrix: Array
    constants: Array
    residuals: Array
    covariance: Array
    basis: Array


def projected(asked: LinearProblem) -> Projection:
    """Take the unmeasured variables out of linear balances.

    The global test statistic is ``residuals @ inv(covariance) @ residuals``, the chi-square of the reconciliation.

    Raises
    ------
    UnusableInput, ValueError
        As :func:`openrecp.balances.general.linear.reconcile_linear`, but contradictory balances are not looked for.

    References
    ----------
    C. M. Crowe, Y. A. Garcia Campos and A. Hrymak, AIChE Journal 29 (1983) 881-888.

    Examples
    --------
    Of two balances that share an unmeasured stream, their sum is left:

    >>> import scipy.sparse as sp
    >>> asked = LinearProblem(
    ...     sp.csr_array(np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]])),
    ...     np.zeros(2),
    ...     np.array([10.0, np.nan, 9.0]),
    ...     np.array([0.3, np.nan, 0.4]),
    ... )
    >>> left = projected(asked)
    >>> round(float(left.residuals[0] ** 2 / left.covariance[0, 0]), 6)
    4.0
    """
    blocks = blocks_of(asked, kinds_of(asked))
    reductions = [reduced(block) for block in blocks]
    count = sum(each.residuals.size for each in reductions)
    rows, variables = asked.matrix.shape
    matrix, basis = np.zeros((count, variables)), np.zeros((count, rows))
    covariance = np.zeros((count, count))
    start = 0
    for block, reduction in zip(blocks, reductions, strict=True):
        here = slice(start, start + reduction.residuals.size)
        matrix[here, block.measured] = reduction.matrix
        basis[here, block.rows] = reduction.basis
        weighted = reduction.matrix * block.sds
        errors = weighted if block.correlations is None else weighted @ block.correlations
        covariance[here, here] = errors @ weighted.T
        start = here.stop
    return Projection(
        matrix=matrix,
        constants=np.concatenate([np.zeros(0), *(each.constants for each in reductions)]),
        residuals=np.concatenate([np.zeros(0), *(each.residuals for each in reductions)]),
        covariance=covariance,
        basis=basis,
    )
