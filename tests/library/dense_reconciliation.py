"""A plain dense reconciliation to hold the builder of equations against: small, slow, and nothing shared with it.

Sequential quadratic programming with the exact Hessian, covariance by linear propagation at the solution,
observability from the null space of the unmeasured part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import null_space

from openrecp.balances.problems import LinearProblem, NonlinearProblem


@dataclass(frozen=True)
class Solution:
    """Values and standard deviations (NaN where unobservable), chi-square and redundancy."""

    values: Any
    sds: Any
    chi2: float
    redundancy: int
    iterations: int


def solve(problem: LinearProblem | NonlinearProblem, steps: int = 60) -> Solution:
    """Reconcile, however long it takes."""
    measured = np.asarray(problem.measured, float)
    sds = np.asarray(problem.sds, float)
    fixed = sds == 0
    known = ~np.isnan(measured) & ~fixed
    weights = _covariance(problem, known)
    x, iterations = _search(problem, weights, known, fixed, steps)
    jacobian = _jacobian(problem, x)
    return _propagated(problem, x, jacobian, weights, known, fixed, iterations)


def _covariance(problem: LinearProblem | NonlinearProblem, known: Any) -> Any:
    sds = np.where(known, problem.sds, 0.0)
    matrix = np.diag(sds**2)
    for first, second, coefficient in problem.correlations:
        matrix[first, second] = matrix[second, first] = coefficient * sds[first] * sds[second]
    return matrix[np.ix_(known, known)]


def _jacobian(problem: LinearProblem | NonlinearProblem, x: Any) -> Any:
    found = problem.matrix if isinstance(problem, LinearProblem) else problem.jacobian(x)
    return found.toarray()


def _residuals(problem: LinearProblem | NonlinearProblem, x: Any) -> Any:
    if isinstance(problem, LinearProblem):
        return problem.matrix @ x - problem.constants
    return problem.residuals(x)


def _search(
    problem: LinearProblem | NonlinearProblem, covariance: Any, known: Any, fixed: Any, steps: int
) -> tuple[Any, int]:
    size = len(known)
    if isinstance(problem, LinearProblem):
        x = np.where(np.isnan(problem.measured), 0.0, problem.measured)
    else:
        x = np.array(problem.start, float)
    free = ~fixed
    gradient_weight = np.zeros((size, size))
    gradient_weight[np.ix_(known, known)] = np.linalg.inv(covariance) if known.any() else covariance
    measured = np.where(known, problem.measured, 0.0)
    multipliers = np.zeros(len(_residuals(problem, x)))
    for step in range(1, steps + 1):
        jacobian = _jacobian(problem, x)[:, free]
        curvature = gradient_weight.copy()
        if isinstance(problem, NonlinearProblem) and problem.hessian is not None:
            curvature = curvature + problem.hessian(x, multipliers).toarray()
        curvature = curvature[np.ix_(free, free)]
        system = np.block([[curvature, jacobian.T], [jacobian, np.zeros((len(jacobian), len(jacobian)))]])
        right = -np.concatenate([(gradient_weight @ (x - measured))[free], _residuals(problem, x)])
        scale = 1 / np.sqrt(np.maximum(np.abs(system).max(axis=1), 1e-300))
        found = scale * np.linalg.lstsq(scale[:, None] * system * scale, scale * right, rcond=1e-13)[0]
        change = found[: free.sum()]
        x[free] += change
        multipliers = found[free.sum() :]
        # Unobservable variables may wander for ever: the end is where the measured ones rest and the balances hold.
        moved = np.max(np.abs(change[known[free]]) / np.asarray(problem.sds)[known], initial=0.0)
        scale_of_rows = np.abs(jacobian * np.maximum(np.abs(x[free]), 1e-300)).max(axis=1, initial=1e-300)
        if moved < 1e-9 and np.max(np.abs(_residuals(problem, x)) / scale_of_rows, initial=0.0) < 1e-12:
            return x, step
    return x, steps


def _propagated(
    problem: Any, x: Any, jacobian: Any, covariance: Any, known: Any, fixed: Any, iterations: int
) -> Solution:
    unknown = ~known & ~fixed
    rows = np.maximum(np.abs(jacobian * np.where(x == 0, 1.0, x)).max(axis=1), 1e-300)
    scaled = jacobian / rows[:, None]
    part, rest = scaled[:, known], scaled[:, unknown]
    columns = np.abs(rest).max(axis=0, initial=0.0)
    columns = np.where(columns > 0, columns, 1.0)
    rest = rest / columns
    left = null_space(rest.T, rcond=1e-9) if rest.shape[1] else np.eye(len(rest))
    reduced = left.T @ part
    spread = reduced @ covariance @ reduced.T
    gain = covariance @ reduced.T @ np.linalg.pinv(spread, rcond=1e-11, hermitian=True)
    after = covariance - gain @ reduced @ covariance
    values, sds = x.copy(), np.zeros(len(x))
    sds[known] = np.sqrt(np.maximum(np.diag(after), 0.0))
    if unknown.any():
        towards = -np.linalg.pinv(rest, rcond=1e-9) @ part / columns[:, None]
        spreads = np.sqrt(np.maximum(np.diag(towards @ after @ towards.T), 0.0))
        free = null_space(rest, rcond=1e-9)
        lost = np.abs(free).max(axis=1, initial=0.0) > 1e-7
        sds[unknown] = np.where(lost, np.nan, spreads)
        values[unknown] = np.where(lost, np.nan, x[unknown])
    adjustment = np.asarray(problem.measured)[known] - x[known]
    chi2 = float(adjustment @ np.linalg.solve(covariance, adjustment)) if known.any() else 0.0
    redundancy = int(np.linalg.matrix_rank(spread, tol=1e-11 * max(np.abs(spread).max(initial=0.0), 1e-300)))
    return Solution(values, sds, chi2, redundancy, iterations)
