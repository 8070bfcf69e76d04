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


def blocks_of(asked: LinearProblem, kinds: Kinds) -> tuple[Block, ...]:
    """The parts of a problem that hang together; a variable in no balance and no correlation is in no block.

    Raises
    ------
    UnusableInput
        If a block has more than `LARGEST_BLOCK` variables, which is work for the engine of networks.
    """
    matrix = sp.csr_array(asked.matrix, dtype=float)
    known = np.where(kinds.fixed, asked.measured, 0.0)
    constants = np.asarray(asked.constants, dtype=float) - matrix @ known
    sizes = np.abs(asked.constants) + abs(matrix) @ np.abs(known)
    pairs = correlated_pairs(asked, kinds)
    groups = _groups(matrix, kinds, pairs)
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
    whole = len(groups) == 1
    dense = matrix.toarray() if whole else None
    return tuple(
        _block(
            asked,
            kinds,
            constants,
            sizes,
            pairs,
            rows,
            variables,
            dense[rows] if dense is not None else matrix[rows].toarray(),
        )
        for rows, variables in groups
    )


def _groups(
    matrix: sp.csr_array, kinds: Kinds, pairs: tuple[Array, Array, Array]
) -> list[tuple[Array, Array]]:
    """Rows and free variables of every block: what is joined by a balance or a correlation."""
    rows, columns = matrix.shape
    entries = matrix.tocoo()
    kept = ~kinds.fixed[entries.col] & (entries.data != 0)
    ends = np.concatenate([entries.row[kept], rows + pairs[0]])
    others = np.concatenate([rows + entries.col[kept], rows + pairs[1]])
    graph = sp.coo_array((np.ones(ends.size, np.int8), (ends, others)), shape=(rows + columns,) * 2)
    count, labels = connected_components(graph.tocsr(), directed=False)
    labels[rows + np.flatnonzero(kinds.fixed)] = count
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    parts = np.split(order, cuts)
    split = [
        (part[part < rows], part[part >= rows] - rows)
        for part in parts
        if labels[part[:1]].tolist() != [count]
    ]
    return [(row, column) for row, column in split if row.size or column.size > 1]


def _block(
    asked: LinearProblem,
    kinds: Kinds,
    constants: Array,
    sizes: Array,
    pairs: tuple[Array, Array, Array],
    rows: Array,
    variables: Array,
    dense: Array,
) -> Block:
    measured = variables[kinds.measured[variables]]
    unmeasured = variables[kinds.unmeasured[variables]]
    place = np.full(np.size(asked.measured), -1)
    correlations = None
    if pairs[2].size:
        place[measured] = np.arange(measured.size)
        here = place[pairs[0]] >= 0
        correlations = correlation_matrix(
            measured.size, place[pairs[0][here]], place[pairs[1][here]], pairs[2][here]
        )
    return Block(
        rows,
        unmeasured,
        measured,
        dense[:, unmeasured],
        dense[:, measured],
        constants[rows],
        sizes[rows],
        np.asarray(asked.measured, dtype=float)[measured],
        np.asarray(asked.sds, dtype=float)[measured],
        correlations,
    )
