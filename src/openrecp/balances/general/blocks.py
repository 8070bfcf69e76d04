"""What of a problem hangs together: blocks of variables that no balance and no correlation ties to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem
from openrecp.errors import UnusableInput, problem

LARGEST_BLOCK: Final = 5_000
"""Variables of a block above which the dense engine refuses: its matrices would take more than about 2 GB."""


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Which variables are known exactly, measured, and not measured: boolean arrays, shape (variables,)."""

    fixed: Array
    measured: Array
    unmeasured: Array


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Variables that hang together, and their balances, dense.

    Attributes
    ----------
    rows, unmeasured, measured : int arrays
        Places in the problem; variables known exactly have gone into ``constants``.
    unmeasured_part, measured_part : array, shape (rows, unmeasured) and (rows, measured)
    constants, sizes : array, shape (rows,)
        Constants less what is known exactly, and the size of the terms they are made of.
    values, sds : array, shape (measured,)
    correlations : array or None, shape (measured, measured)
        None where no two errors are correlated.
    """

    rows: Array
    unmeasured: Array
    measured: Array
    unmeasured_part: Array
    measured_part: Array
    constants: Array
    sizes: Array
    values: Array
    sds: Array
    correlations: Array | None


def kinds_of(asked: LinearProblem | NonlinearProblem) -> Kinds:
    """Which variables are fixed, measured and not measured; an infinite standard deviation is no measurement.

    Raises
    ------
    ValueError
        If a measured variable has no standard deviation or a negative one.
    """
    values, sds = np.asarray(asked.measured, dtype=float), np.asarray(asked.sds, dtype=float)
    known = np.isfinite(values) & ~np.isposinf(sds)
    if not bool(np.all(sds[known] >= 0)):
        raise ValueError("every measured variable needs a standard deviation of 0 or more")
    fixed = known & (sds == 0)
    return Kinds(fixed, known & ~fixed, ~known)


def correlated_pairs(asked: LinearProblem | NonlinearProblem, kinds: Kinds) -> tuple[Array, Array, Array]:
    """The pairs of measured variables that are correlated, and how; pairs with a fixed or unmeasured one say nothing."""
    if not asked.correlations:
        return np.empty(0, int), np.empty(0, int), np.empty(0)
    first, second, value = (np.asarray(each) for each in zip(*asked.correlations, strict=True))
    kept = kinds.measured[first] & kinds.measured[second] & (value != 0)
    return first[kept], second[kept], value[kept].astype(float)


def correlation_matrix(size: int, first: Array, second: Array, values: Array) -> Array | None:
    """Correlations as a dense matrix with ones on its diagonal; None where there are none."""
    if not np.size(values):
        return None
    whole = np.eye(size)
    whole[first, second] = values
    whole[second, first] = values
    return whole


def correlation_root(correlations: Array) -> Array:
    """Lower triangular root of a correlation matrix.

    Raises
    ------
    UnusableInput
        If no errors can be correlated like this.
    """
    try:
        return np.linalg.cholesky(correlations)
    except np.linalg.LinAlgError:
        raise UnusableInput(
            problem(
                "correlations-impossible",
                "The stated correlations between measurements contradict each other or are complete: no errors can "
                "be correlated like this. Make them weaker, or enter a complete one as an equation.",
            )
        ) from None


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """A problem with what is known exactly moved to the constants, and its correlated pairs."""

    matrix: Array
    kinds: Kinds
    constants: Array
    sizes: Array
    values: Array
    sds: Array
    pairs: tuple[Array, Array, Array]


def blocks_of(asked: LinearProblem, kinds: Kinds) -> tuple[Block, ...]:
    """The parts of a problem that hang together; a variable in no balance and no correlation is in no block.

    Raises
    ------
    UnusableInput
        If a block has more than `LARGEST_BLOCK` variables, which is work for the engine of networks.
    """
    matrix = sp.csr_array(asked.matrix).astype(np.float64)
    values, sds = np.asarray(asked.measured, dtype=float), np.asarray(asked.sds, dtype=float)
    known = np.where(kinds.fixed, values, 0.0)
    whole = _Whole(
        matrix=matrix,
        kinds=kinds,
        constants=np.asarray(asked.constants, dtype=float) - matrix @ known,
        sizes=np.abs(asked.constants) + abs(matrix) @ np.abs(known),
        values=values,
        sds=sds,
        pairs=correlated_pairs(asked, kinds),
    )
    groups = _groups(whole)
    largest = max((variables.size for _, variables in groups), default=0)
    if largest > LARGEST_BLOCK:
        raise UnusableInput(
            problem(
                "balances-too-large",
                "{count} quantities hang together, and balances of this kind are solved up to {limit} at a time. "
                "Divide the plant, or leave out what makes it no plain network of flows.",
                count=largest,
                limit=LARGEST_BLOCK,
            )
        )
    return tuple(_block(whole, rows, variables) for rows, variables in groups)


def _groups(whole: _Whole) -> list[tuple[Array, Array]]:
    """Rows and free variables of every block: what is joined by a balance or a correlation."""
    rows, columns = whole.matrix.shape
    entries = whole.matrix.tocoo()
    kept = ~whole.kinds.fixed[entries.col] & (entries.data != 0)
    first, second, _ = whole.pairs
    ends = np.concatenate([entries.row[kept], rows + first])
    others = np.concatenate([rows + entries.col[kept], rows + second])
    graph = sp.coo_array(
        (np.ones(ends.size, np.int8), (ends, others)), shape=(rows + columns, rows + columns)
    )
    count, labels = connected_components(graph.tocsr(), directed=False)
    labels[rows + np.flatnonzero(whole.kinds.fixed)] = count
    order = np.argsort(labels, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    split = [(part[part < rows], part[part >= rows] - rows) for part in parts if np.all(labels[part] < count)]
    return [(row, column) for row, column in split if row.size or column.size > 1]


def _block(whole: _Whole, rows: Array, variables: Array) -> Block:
    """One block, dense."""
    dense = whole.matrix[rows].toarray()
    measured = variables[whole.kinds.measured[variables]]
    unmeasured = variables[whole.kinds.unmeasured[variables]]
    first, second, values = whole.pairs
    correlations = None
    if values.size:
        place = np.full(whole.values.size, -1)
        place[measured] = np.arange(measured.size)
        here = place[first] >= 0
        correlations = correlation_matrix(
            measured.size, place[first[here]], place[second[here]], values[here]
        )
    return Block(
        rows=rows,
        unmeasured=unmeasured,
        measured=measured,
        unmeasured_part=dense[:, unmeasured],
        measured_part=dense[:, measured],
        constants=whole.constants[rows],
        sizes=whole.sizes[rows],
        values=whole.values[measured],
        sds=whole.sds[measured],
        correlations=correlations,
    )
