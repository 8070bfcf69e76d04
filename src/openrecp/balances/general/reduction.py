"""The balances of one block brought to their simplest form: what they say of the measured variables alone.

Rows and columns are first brought to one size by powers of two, so that nothing depends on units. An orthogonal
decomposition with column pivoting then takes the unmeasured variables out, a second one finds how many of the
balances left are independent. Ranks are decided on this footing, to a relative tolerance of `TOLERANCE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import qr, solve_triangular

from openrecp.balances.general.blocks import Block
from openrecp.balances.problems import Array
from openrecp.errors import Issue, UnusableInput, problem

TOLERANCE: Final = 1e-9
"""Below this, relative to entries brought to the size of 1, a coefficient is no longer told from 0."""

# What stands below this after elimination is rounding, and is swept away lest a large error elsewhere magnify it.
_ROUNDING: Final = 1e-13
_SCALINGS: Final = 8


class ContradictoryBalances(UnusableInput):
    """Balances that cannot all hold, whatever the measurements say.

    Attributes
    ----------
    rows : tuple of int
        Places of the balances that take part, counted from 0.
    """

    def __init__(self, rows: tuple[int, ...], issue: Issue) -> None:
        super().__init__(issue)
        self.rows = rows


@dataclass(frozen=True, slots=True, eq=False)
class Reduction:
    """Balances of a block without its unmeasured variables, and these from the measured ones.

    Attributes
    ----------
    matrix, constants : array, shape (redundancy, measured) and (redundancy,)
        Independent balances of measured variables, ``matrix @ x = constants``.
    residuals : array, shape (redundancy,)
        ``matrix @ measured - constants``, computed from the balances as they were written.
    basis : array, shape (redundancy, rows)
        Combines the rows of the block to ``matrix``.
    tied : bool array, shape (measured,)
        Measured variables that appear in ``matrix``.
    observable : bool array, shape (unmeasured,)
    response : array, shape (observables, measured)
        How much an observable variable falls when a measured one rises.
    computed : array, shape (observables,)
        Observable variables at the measured values.
    left_over : array, shape (rows,)
        What contradicts itself in the balances, over the ``row_sizes``; zero up to rounding.
    row_sizes : array, shape (rows,)
    """

    matrix: Array
    constants: Array
    residuals: Array
    basis: Array
    tied: Array
    observable: Array
    response: Array
    computed: Array
    left_over: Array
    row_sizes: Array


def scaling(matrix: Array) -> tuple[Array, Array]:
    """Powers of two by which to divide rows and columns, so that entries are near 1 whatever the units.

    Entries are first brought as near to 1 as they all can be, on their logarithms, and the largest of every row and
    column then to 1. After A. R. Curtis and J. K. Reid, On the automatic scaling of matrices for Gaussian elimination,
    Journal of the Institute of Mathematics and its Applications 10 (1972) 118-124.
    """
    there = matrix != 0
    logs = np.log2(np.abs(matrix), out=np.zeros(matrix.shape), where=there)
    in_row, in_column = np.maximum(there.sum(axis=1), 1), np.maximum(there.sum(axis=0), 1)
    all_rows, all_columns = logs.sum(axis=1), logs.sum(axis=0)
    rows, columns = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    count = there.astype(float)
    for _ in range(_SCALINGS):
        rows = (all_rows - count @ columns) / in_row
        columns = (all_columns - rows @ count) / in_column
    left = np.where(there, logs - rows[:, None] - columns, -np.inf)
    rows += _largest(left, 1)
    left = np.where(there, logs - rows[:, None] - columns, -np.inf)
    columns += _largest(left, 0)
    return np.exp2(np.round(rows)), np.exp2(np.round(columns))


def _largest(logs: Array, axis: int) -> Array:
    largest = logs.max(axis=axis, initial=-np.inf)
    return np.where(np.isfinite(largest), largest, 0.0)


def pivoted(matrix: Array) -> tuple[Array, Array, Array, int]:
    """Orthogonal decomposition with column pivoting: Q (square), R, order of columns, and rank."""
    if not matrix.size:
        return np.eye(matrix.shape[0]), matrix, np.arange(matrix.shape[1]), 0
    q, r, order = qr(matrix, pivoting=True, check_finite=False)
    rank = int(np.sum(np.abs(np.diag(r)) > TOLERANCE))
    return q, r, order, rank


def reduced(block: Block) -> Reduction:
    """Take the unmeasured variables out of a block's balances.

    Raises
    ------
    ValueError
        If a coefficient or a constant is not finite.
    """
    split = block.unmeasured.size
    whole = np.hstack([block.unmeasured_part, block.measured_part])
    if not (np.all(np.isfinite(whole)) and np.all(np.isfinite(block.constants))):
        raise ValueError("coefficients and constants of balances have to be finite")
    row_sizes, column_sizes = scaling(whole)
    scaled = whole / row_sizes[:, None] / column_sizes
    misses = (block.measured_part @ block.values - block.constants) / row_sizes
    q, r, order, rank = pivoted(scaled[:, :split])
    observable, ways = _observed(r[:rank], order, q[:, :rank].T)
    units = column_sizes[:split][observable]
    outer = q[:, rank:].T @ scaled[:, split:]
    left, upper, columns, redundancy = pivoted(outer)
    spare = q[:, rank:] @ left[:, redundancy:]
    form, combined = _echelon(upper[:redundancy], left[:, :redundancy].T)
    matrix = np.zeros((redundancy, block.measured.size))
    matrix[:, columns] = form
    tied = np.sqrt(np.sum(matrix**2, axis=0)) > TOLERANCE
    matrix = np.where(tied, matrix, 0.0) * column_sizes[split:]
    basis = _swept(combined @ q[:, rank:].T)
    return Reduction(
        matrix=matrix,
        constants=basis @ (block.constants / row_sizes),
        residuals=basis @ misses,
        basis=basis / row_sizes,
        tied=tied,
        observable=observable,
        response=_swept(ways @ scaled[:, split:]) / units[:, None] * column_sizes[split:],
        computed=-(ways @ misses) / units,
        left_over=spare @ (spare.T @ misses),
        row_sizes=row_sizes,
    )


def _echelon(upper: Array, left: Array) -> tuple[Array, Array]:
    """Independent balances solved for one variable each, which shows again what has nothing to do with what."""
    count = upper.shape[0]
    if not count:
        return upper, left
    solved = solve_triangular(upper[:, :count], np.hstack([upper[:, count:], left]), check_finite=False)
    others = upper.shape[1] - count
    return np.hstack([np.eye(count), _swept(solved[:, :others])]), solved[:, others:]


def _swept(entries: Array) -> Array:
    return np.where(np.abs(entries) > _ROUNDING, entries, 0.0)


def _observed(r: Array, order: Array, left: Array) -> tuple[Array, Array]:
    """Which unmeasured variables the balances give, and how the balances are combined to give them.

    A variable of the basis is given where no other unmeasured one stands in its row.
    """
    rank, split = r.shape
    observable = np.zeros(split, bool)
    if not rank:
        return observable, left[:0]
    solved = solve_triangular(r[:, :rank], np.hstack([r[:, rank:], left]), check_finite=False)
    given = ~np.any(np.abs(solved[:, : split - rank]) > TOLERANCE, axis=1)
    places = order[:rank][given]
    observable[places] = True
    return observable, _swept(solved[given, split - rank :][np.argsort(places)])


def contradiction(rows: tuple[int, ...]) -> ContradictoryBalances:
    """What is raised where balances cannot all hold."""
    return ContradictoryBalances(
        rows,
        problem(
            "balances-contradict",
            "The balances {rows} cannot all hold with the values that are said to be known exactly. Correct one of "
            "these values, or give it an uncertainty.",
            rows=tuple(row + 1 for row in rows),
        ),
    )


def contradictory_rows(block: Block, reduction: Reduction) -> Array:
    """Places in the problem of balances of a block that cannot all hold."""
    if not block.rows.size:
        return block.rows
    sizes = (block.sizes + np.abs(block.measured_part) @ np.abs(block.values)) / reduction.row_sizes
    gap = np.abs(reduction.left_over)
    if gap.max() <= TOLERANCE * sizes.max():
        return block.rows[:0]
    return block.rows[gap > 1e-3 * gap.max()]
