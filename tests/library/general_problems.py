"""Random linear problems, and an independent solution of them by projections and pseudoinverses."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from hypothesis import strategies as st

from openrecp.balances.problems import LinearProblem

Array = Any


def problem_of(
    matrix: object, measured: object, sds: object, constants: object = None, correlations: object = ()
) -> LinearProblem:
    """A linear problem from plain lists; None is what was not measured."""
    dense = np.atleast_2d(np.array(matrix, dtype=float))
    return LinearProblem(
        sp.csr_array(dense),
        np.zeros(dense.shape[0]) if constants is None else np.array(constants, dtype=float),
        np.array(measured, dtype=float),
        np.array(sds, dtype=float),
        tuple(correlations),  # type: ignore[arg-type]
    )


def random_problem(seed: int, *, correlated: bool = True) -> LinearProblem:
    """Balances with any coefficients, some of them repeated; some variables fixed and some not measured."""
    draw = np.random.default_rng(seed)
    count = int(draw.integers(3, 16))
    rows = int(draw.integers(1, count))
    matrix = draw.integers(-2, 3, size=(rows, count)) * (draw.random((rows, count)) < 0.6)
    matrix = matrix.astype(float)
    if rows > 1 and draw.random() < 0.4:
        matrix[-1] = 2 * matrix[0] - (matrix[1] if rows > 2 else 0)
    truth = draw.normal(size=count) * 10
    sds = np.exp(draw.normal(size=count))
    measured = truth + sds * draw.normal(size=count)
    fixed, unmeasured = draw.random(count) < 0.1, draw.random(count) < 0.3
    measured[fixed], sds[fixed] = truth[fixed], 0.0
    measured[unmeasured], sds[unmeasured] = np.nan, np.nan
    free = np.flatnonzero(~unmeasured & ~fixed)
    pairs = [
        (int(free[k]), int(free[k + 1]), float(draw.uniform(-0.9, 0.9))) for k in range(0, free.size - 1, 2)
    ]
    return LinearProblem(
        sp.csr_array(matrix), matrix @ truth, measured, sds, tuple(pairs) if correlated else ()
    )


random_problems = st.integers(0, 2**32 - 1).map(random_problem)
uncorrelated_problems = st.integers(0, 2**32 - 1).map(lambda seed: random_problem(seed, correlated=False))


def by_projection(asked: LinearProblem) -> tuple[Array, Array, float, int, Array]:
    """Values, covariance, chi-square, redundancy and classes, by singular value decompositions."""
    matrix, m, sds = asked.matrix.toarray(), np.asarray(asked.measured), np.asarray(asked.sds)
    fixed, unmeasured = sds == 0, np.isnan(m)
    free = ~fixed & ~unmeasured
    constants = asked.constants - matrix[:, fixed] @ m[fixed]
    whole = np.diag(np.where(free, sds, 0.0))
    correlation = np.eye(m.size)
    for first, second, value in asked.correlations:
        correlation[first, second] = correlation[second, first] = value
    errors = (whole @ correlation @ whole)[np.ix_(free, free)]
    left, sizes, right = np.linalg.svd(matrix[:, unmeasured])
    rank = int(np.sum(sizes > 1e-9))
    null = right[rank:].T
    balances = left[:, rank:].T @ matrix[:, free]
    outer, strengths, directions = np.linalg.svd(balances)
    redundancy = int(np.sum(strengths > 1e-9))
    balances, wanted = outer.T[:redundancy] @ balances, outer.T[:redundancy] @ left[:, rank:].T @ constants
    middle = np.linalg.inv(balances @ errors @ balances.T)
    gap = balances @ m[free] - wanted
    values, covariance = m.copy(), np.zeros((m.size, m.size))
    values[free] -= errors @ balances.T @ middle @ gap
    covariance[np.ix_(free, free)] = errors - errors @ balances.T @ middle @ balances @ errors
    inverse = np.linalg.pinv(matrix[:, unmeasured], rcond=1e-9)
    values[unmeasured] = inverse @ (constants - matrix[:, free] @ values[free])
    turned = np.eye(m.size)
    turned[unmeasured] = 0.0
    turned[np.ix_(unmeasured, free)] = -inverse @ matrix[:, free]
    covariance = turned @ covariance @ turned.T
    hidden = np.flatnonzero(unmeasured)[np.abs(null).max(axis=1, initial=0.0) > 1e-9]
    values[hidden] = np.nan
    covariance[hidden] = np.nan
    covariance[:, hidden] = np.nan
    classes = np.where(fixed, 4, np.where(unmeasured, 2, 1))
    classes[hidden] = 3
    classes[np.flatnonzero(free)[np.abs(directions[:redundancy]).max(axis=0, initial=0.0) > 1e-9]] = 0
    return values, covariance, float(gap @ middle @ gap), redundancy, classes
