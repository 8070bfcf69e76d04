"""A second, independent way to reconcile: dense, slow, and simple enough to be seen to be right.

Linear problems by their null space: x = x0 + N t satisfies every balance for any t, and t is fitted to the
measurements. Nonlinear ones by Newton's method on the conditions of Lagrange, with second derivatives by complex
steps of the jacobian where no hessian is given. Nothing here is used by the library.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem, Reconciliation, VariableClass

ZERO: Final = 1e-9
"""Singular values and shares of variance below this, relative to the largest, count as none."""


def solve(problem: LinearProblem | NonlinearProblem) -> Reconciliation:
    """Reconcile either kind of problem."""
    return solve_linear(problem) if isinstance(problem, LinearProblem) else solve_nonlinear(problem)


def solve_linear(problem: LinearProblem, sizes: Array | None = None) -> Reconciliation:
    """Reconcile a linear problem of at most some hundred variables.

    ``sizes`` are the units in which unmeasured variables are counted, to make numbers of one size of them; if not
    given, the median of the standard deviations.
    """
    measured = np.isfinite(problem.measured)
    fixed = measured & (problem.sds == 0)
    uncertain = np.flatnonzero(measured & ~fixed)
    covariance = measured_covariance(problem)[np.ix_(uncertain, uncertain)]
    usual = float(np.median(problem.sds[uncertain])) if len(uncertain) else 1.0
    unit = np.where(measured & ~fixed, problem.sds, usual if sizes is None else sizes)
    rows = problem.matrix.toarray() * unit
    largest = np.abs(rows).max(axis=1, initial=0.0)
    largest[largest == 0] = 1.0
    conditions = np.vstack([rows / largest[:, None], np.eye(len(unit))[fixed]])
    right = np.concatenate([problem.constants / largest, problem.measured[fixed] / unit[fixed]])

    particular = np.linalg.lstsq(conditions, right, rcond=None)[0]
    free = null_space(conditions)
    whitening = np.linalg.inv(np.linalg.cholesky(covariance))
    seen = whitening @ (unit[uncertain, None] * free[uncertain])
    wanted = whitening @ (problem.measured[uncertain] - unit[uncertain] * particular[uncertain])
    inverse = np.linalg.pinv(seen, rcond=ZERO)
    values = unit * (particular + free @ (inverse @ wanted))
    spread = unit[:, None] * (free @ inverse)
    unseen = np.linalg.norm(free @ null_space(seen), axis=1) > ZERO
    return _reconciliation(problem, values, spread @ spread.T, unseen, whitening, uncertain)


def _reconciliation(
    problem: LinearProblem,
    values: Array,
    covariance: Array,
    unseen: Array,
    whitening: Array,
    uncertain: Array,
) -> Reconciliation:
    measured = np.isfinite(problem.measured)
    values, covariance = values.copy(), covariance.copy()
    values[unseen] = np.nan
    covariance[unseen], covariance[:, unseen] = np.nan, np.nan
    fixed = measured & (problem.sds == 0)
    values[fixed] = problem.measured[fixed]
    covariance[fixed], covariance[:, fixed] = 0.0, 0.0
    covariance[np.ix_(fixed, unseen)] = covariance[np.ix_(unseen, fixed)] = np.nan

    inverse = whitening.T @ whitening
    adjustments = problem.measured - values
    of_adjustments = (
        measured_covariance(problem)[np.ix_(uncertain, uncertain)] - covariance[np.ix_(uncertain, uncertain)]
    )
    weighted = inverse @ adjustments[uncertain]
    variances = np.diag(inverse @ of_adjustments @ inverse)
    checked = variances > ZERO * np.diag(inverse)
    z = np.full(len(values), np.nan)
    z[uncertain[checked]] = weighted[checked] / np.sqrt(variances[checked])
    adjustment_sds = np.full(len(values), np.nan)
    adjustment_sds[measured] = 0.0
    shares = np.diag(of_adjustments) / problem.sds[uncertain] ** 2
    adjustment_sds[uncertain] = (
        np.where(shares > ZERO, np.sqrt(np.maximum(shares, 0.0)), 0.0) * problem.sds[uncertain]
    )

    classes = np.full(len(values), VariableClass.OBSERVABLE, dtype=np.int8)
    classes[unseen] = VariableClass.UNOBSERVABLE
    classes[uncertain] = np.where(checked, VariableClass.REDUNDANT, VariableClass.JUST_MEASURED)
    classes[fixed] = VariableClass.FIXED
    return Reconciliation(
        values,
        np.sqrt(np.maximum(np.diag(covariance), 0.0)),
        classes,
        adjustments,
        adjustment_sds,
        z,
        float(adjustments[uncertain] @ weighted),
        round(float(np.trace(inverse @ of_adjustments))),
        problem,
        covariance=covariance,
    )


def solve_nonlinear(
    problem: NonlinearProblem, start: Array | None = None, most_steps: int = 100
) -> Reconciliation:
    """Reconcile a nonlinear problem: walk until measured values stand still, then judge the linear problem there.

    Nothing holds the walk back, so it wants a good ``start``; a test that knows the truth begins there.
    """
    measured = np.isfinite(problem.measured)
    fixed = measured & (problem.sds == 0)
    uncertain = np.flatnonzero(measured & ~fixed)
    moving = np.flatnonzero(~fixed)
    weights = np.zeros((len(problem.start), len(problem.start)))
    weights[np.ix_(uncertain, uncertain)] = np.linalg.inv(
        measured_covariance(problem)[np.ix_(uncertain, uncertain)]
    )
    x = (problem.start if start is None else start).astype(float).copy()
    x[fixed] = problem.measured[fixed]
    target = np.where(measured, problem.measured, 0.0)
    unit = np.where(measured & ~fixed, problem.sds, np.maximum(np.abs(x), 1e-3))[moving]
    multipliers = np.zeros(len(problem.scale))
    for _ in range(most_steps):
        jacobian = problem.jacobian(x).toarray()
        bend = weights + second_derivatives(problem, x, multipliers)
        scaled = jacobian[:, moving] * unit / problem.scale[:, None]
        curvature = unit[:, None] * bend[np.ix_(moving, moving)] * unit
        none = np.zeros((len(scaled), len(scaled)))
        left = np.block([[curvature, scaled.T], [scaled, none]])
        slope = unit * (weights @ (x - target))[moving]
        right = -np.concatenate([slope, problem.residuals(x) / problem.scale])
        found = np.linalg.lstsq(left, right, rcond=1e-13)[0]
        step = found[: len(moving)]
        multipliers = found[len(moving) :] / problem.scale
        x[moving] += unit * step
        still = np.abs(step[np.isin(moving, uncertain)]).max(initial=0.0) < 1e-9
        if still and np.abs(problem.residuals(x) / problem.scale).max() < 1e-11:
            break
    else:
        raise ArithmeticError(f"the reference did not settle in {most_steps} steps")
    jacobian_here = problem.jacobian(x)
    touching = LinearProblem(
        jacobian_here,
        jacobian_here @ x - problem.residuals(x),
        problem.measured,
        problem.sds,
        problem.correlations,
    )
    return solve_linear(touching, np.maximum(np.abs(x), 1e-3))


def second_derivatives(problem: NonlinearProblem, x: Array, multipliers: Array) -> Array:
    """Of multipliers @ residuals, shape (variables, variables), dense."""
    if problem.hessian is not None:
        return problem.hessian(x, multipliers).toarray()
    found = np.empty((len(x), len(x)))
    for place in range(len(x)):
        moved = x.astype(complex)
        moved[place] += 1e-30j
        found[place] = np.imag(multipliers @ problem.jacobian(moved)) / 1e-30
    return found


def measured_covariance(problem: LinearProblem | NonlinearProblem) -> Array:
    """Of all variables; 0 where nothing was measured."""
    sds = np.where(np.isfinite(problem.measured), problem.sds, 0.0)
    shared = np.eye(len(sds))
    for first, second, strength in problem.correlations:
        shared[first, second] = shared[second, first] = strength
    return sds[:, None] * shared * sds


def null_space(matrix: Array) -> Array:
    """Orthonormal directions that the matrix sends to nothing, shape (columns, directions)."""
    columns = matrix.shape[1]
    if 0 in matrix.shape:
        return np.eye(columns)
    _, sizes, right = np.linalg.svd(matrix)
    rank = int((sizes > ZERO * sizes[0]).sum()) if sizes[0] > 0 else 0
    return right[rank:].T


def node_tests(problem: LinearProblem) -> Array:
    """Gap of each balance over its standard deviation, where all variables are measured, shape (balances,)."""
    matrix = problem.matrix.toarray()
    spread = matrix @ measured_covariance(problem) @ matrix.T
    return (matrix @ problem.measured - problem.constants) / np.sqrt(np.diag(spread))
