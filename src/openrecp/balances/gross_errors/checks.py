"""What the measurements can be checked by: the balances with every unmeasured variable taken out, made independent.

Combinations of the balances in which nothing unmeasured is left give as many checks as there is redundancy. Their
residuals are put on a footing of independent errors of standard deviation 1. On it every test is one number: an
error of a given kind and size 1 moves the residuals along its signature, and the test is the length of the
residuals along that direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.linalg as sl

from openrecp.balances.problems import Array, LinearProblem

# Smaller parts of a unit column or row are rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Checks:
    """Independent checks of the measurements; ``r`` of them, as many as there is redundancy.

    Attributes
    ----------
    residuals : array, shape (r,)
        What the measurements leave open, in independent errors of standard deviation 1.
    meters : array, shape (r, variables)
        How far an error of 1 in each measurement moves the residuals; 0 where nothing checks it.
    balances : array, shape (r, balances)
        How far 1 that each balance misses moves them.
    errors : array, shape (r, variables)
        Covariance of the residuals with each measurement.
    combinations : array, shape (combined, balances)
        Combinations of balances in which nothing is unmeasured, as few balances in each as there can be in a network:
        a balance whose streams are all measured, or processes between which nobody measures taken as one.
    combined : array, shape (r, combined)
        Their residuals, as combinations of the independent ones.
    sds : array, shape (variables,)
        Of the measurements; NaN where nothing was measured, 0 where known exactly.
    """

    residuals: Array
    meters: Array
    balances: Array
    errors: Array
    combinations: Array
    combined: Array
    sds: Array

    @property
    def redundancy(self) -> int:
        """How many independent checks there are."""
        return int(self.residuals.size)

    @property
    def chi2(self) -> float:
        """Sum of the squared adjustments, weighted by the covariance."""
        return float(self.residuals @ self.residuals)


def checks_of(problem: LinearProblem) -> Checks:
    """The independent checks of a problem.

    Parameters
    ----------
    problem : LinearProblem
        Of a nonlinear problem the linear one that touches it at the solution, ``reconciliation.problem``. All
        algebra is dense: meant for up to a few thousand variables at once.

    Raises
    ------
    ValueError
        If arrays do not fit each other, or the correlations contradict each other.

    Notes
    -----
    Of values that a reconciliation holds at a bound nothing is known here: the balances alone check.

    References
    ----------
    C. M. Crowe, Y. A. Garcia Campos and A. Hrymak, Reconciliation of process flow rates by matrix projection, AIChE
    Journal 29 (1983) 881-888.

    >>> import scipy.sparse as sp
    >>> known = LinearProblem(sp.csr_array([[1.0, -1.0]]), np.zeros(1), np.array([10.0, 8.0]), np.ones(2))
    >>> round(checks_of(known).chi2, 9)
    2.0
    """
    matrix, constants, measured, sds = _arrays(problem)
    unmeasured = np.isnan(measured) | np.isnan(sds)
    known = np.where(unmeasured, 0.0, measured)
    spread = np.where(unmeasured, 0.0, sds)
    combinations = _free_of(matrix, unmeasured)
    checks = combinations @ np.where(unmeasured, 0.0, matrix)
    root = covariance_root(problem, spread)
    scaled = checks @ root
    # Judged against the terms they are made of, so that energy and shares may stand beside tonnes.
    size = np.sqrt((np.abs(combinations) @ np.abs(matrix * spread)) ** 2).max(axis=1, initial=0.0)
    live = np.flatnonzero(np.linalg.norm(scaled, axis=1) > _ROUNDING * size)
    combinations, checks, scaled = combinations[live], checks[live], scaled[live]
    whitening = _whitening(scaled)
    meters = whitening @ checks
    meters[:, spread == 0.0] = 0.0
    errors = (whitening @ scaled) @ root.T
    return Checks(
        residuals=whitening @ (checks @ known - combinations @ constants),
        meters=_without_rounding(meters, spread),
        balances=whitening @ combinations,
        errors=errors,
        combinations=combinations,
        combined=errors @ checks.T,
        sds=np.where(unmeasured, np.nan, sds),
    )


def _arrays(problem: LinearProblem) -> tuple[Array, Array, Array, Array]:
    matrix = np.asarray(problem.matrix.toarray(), dtype=np.float64)
    constants, measured, sds = (
        np.asarray(each, dtype=np.float64) for each in (problem.constants, problem.measured, problem.sds)
    )
    if constants.shape != matrix.shape[:1] or not measured.shape == sds.shape == matrix.shape[1:]:
        raise ValueError("matrix, constants, measured values and standard deviations do not fit each other")
    return matrix, constants, measured, sds


def _free_of(matrix: Array, unmeasured: Array) -> Array:
    """Combinations of balances, each with a balance of its own, in which nothing is unmeasured; shape (combined, rows)."""
    rows = matrix.shape[0]
    largest = np.abs(matrix).max(axis=1, initial=0.0)
    # Balances of energy and of shares weigh alike, whatever their units.
    largest = np.where(largest > 0, largest, 1.0)
    columns = matrix[:, unmeasured] / largest[:, None]
    lengths = np.linalg.norm(columns, axis=0)
    columns = columns[:, lengths > 0] / lengths[lengths > 0]
    if not columns.size:
        return np.eye(rows)
    basis, upper, _ = sl.qr(columns, pivoting=True, check_finite=False)
    free = basis[:, _rank(upper) :].T
    if not free.size:
        return np.zeros((0, rows))
    _, upper, order = sl.qr(free, mode="economic", pivoting=True, check_finite=False)
    own = upper.shape[0]
    reduced = np.zeros((own, rows))
    reduced[:, order[:own]] = np.eye(own)
    reduced[:, order[own:]] = sl.solve_triangular(upper[:, :own], upper[:, own:], check_finite=False)
    reduced[np.abs(reduced) < _ROUNDING] = 0.0
    reduced *= largest[order[:own], None] / largest
    return np.asarray(reduced[np.argsort(order[:own])])


def _rank(upper: Array) -> int:
    diagonal = np.abs(np.diag(upper))
    return int(np.count_nonzero(diagonal > _ROUNDING * diagonal.max(initial=0.0)))


def covariance_root(problem: LinearProblem, spread: Array) -> Array:
    """S with covariance S S', shape (variables, variables)."""
    if not problem.correlations:
        return np.diag(spread)
    correlation = np.eye(spread.size)
    for first, second, coefficient in problem.correlations:
        correlation[first, second] = correlation[second, first] = coefficient
    try:
        root = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError as failure:
        raise ValueError("the correlations of the measurements contradict each other") from failure
    return np.asarray(spread[:, None] * root)


def _whitening(scaled: Array) -> Array:
    """W with W (scaled scaled') W' = identity, as many rows as the rank; shape (r, combined)."""
    if not scaled.size:
        return np.zeros((0, scaled.shape[0]))
    lengths = np.linalg.norm(scaled, axis=1)
    upper, order = sl.qr((scaled / lengths[:, None]).T, mode="r", pivoting=True, check_finite=False)
    rank = _rank(upper)
    lower_inverse = sl.solve_triangular(upper[:rank, :rank], np.eye(rank), trans=1, check_finite=False)
    whitening = np.zeros((rank, scaled.shape[0]))
    whitening[:, order[:rank]] = lower_inverse / lengths[order[:rank]]
    return whitening


def _without_rounding(meters: Array, spread: Array) -> Array:
    """Exactly 0 for what nothing checks, so that it is told from a weak check."""
    unchecked = np.linalg.norm(meters, axis=0) * spread < 100.0 * _ROUNDING
    return np.where(unchecked, 0.0, meters)
