"""Robust reconciliation: measurements that do not fit count for less, so that one bad meter does not spoil the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from openrecp.balances.general.linear import reconcile_linear
from openrecp.balances.general.nonlinear import reconcile_nonlinear
from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem, Reconciliation
from openrecp.texts import Choice, text


class Estimator(Choice):
    """How the weight of a measurement falls with its adjustment in standard deviations."""

    HUBER = "huber", text("Huber: full weight within 1.345 standard deviations, then less")
    FAIR = "fair", text("Fair: a little less with every deviation, never none")
    WELSCH = "welsch", text("Welsch: hardly any weight beyond 6 standard deviations")
    BIWEIGHT = "biweight", text("Biweight (Tukey): no weight beyond 4.685 standard deviations")


TUNING: Final = {
    Estimator.HUBER: 1.345,
    Estimator.FAIR: 1.3998,
    Estimator.WELSCH: 2.9846,
    Estimator.BIWEIGHT: 4.6851,
}
"""Standard deviations at which weights fall: 95 % efficient where all errors are random and normal."""

MOST_ROUNDS: Final = 500

# Weights that change by less are settled.
_SETTLED: Final = 1e-9
# What does not count at all is given a standard deviation of 10⁵ of its own, so that it stays a measurement.
_NOTHING: Final = 1e-10
# Estimators that forget a measurement altogether depend on where they begin: with one that never does.
_FORGETFUL: Final = frozenset({Estimator.WELSCH, Estimator.BIWEIGHT})


@dataclass(frozen=True, slots=True, eq=False)
class RobustReconciliation:
    """A reconciliation in which measurements do not count alike.

    Attributes
    ----------
    reconciliation : Reconciliation
        With every measured variable at its standard deviation over the root of its weight.
    weights : array, shape (variables,)
        1 for a measurement that counts in full, near 0 for a gross error; NaN where nothing was measured.
    deviations : array, shape (variables,)
        Adjustments over the stated standard deviations; NaN where nothing was measured.
    converged : bool
    rounds : int
        How often the weights were set anew.
    """

    reconciliation: Reconciliation
    weights: Array
    deviations: Array
    converged: bool
    rounds: int


def weights_of(deviations: Array, estimator: Estimator) -> Array:
    """Weight of measurements by their adjustment in standard deviations, shape as given.

    Examples
    --------
    >>> [round(float(weights_of(np.array([2.69]), each)[0]), 3) for each in Estimator]
    [0.5, 0.342, 0.444, 0.449]
    """
    share = np.abs(deviations) / TUNING[estimator]
    if estimator is Estimator.HUBER:
        return np.asarray(1 / np.maximum(share, 1.0))
    if estimator is Estimator.FAIR:
        return np.asarray(1 / (1 + share))
    if estimator is Estimator.WELSCH:
        return np.asarray(np.exp(-(share**2)))
    return np.asarray(np.maximum(1 - share**2, 0.0) ** 2)


def reconcile_robustly(
    asked: LinearProblem | NonlinearProblem, estimator: Estimator = Estimator.HUBER
) -> RobustReconciliation:
    """Reconcile so that gross errors stand out instead of spreading, by least squares of changing weights.

    The weights are settled when none changes by more than 10⁻⁹; if they do not within `MOST_ROUNDS` rounds, the
    result says so. Welsch and the biweight, which forget measurements altogether, may have several solutions; they
    begin from the one of Fair's estimator, which is convex, and lead to one nearby. Stated correlations are kept.
    Intervals hold for the weights found: a measurement of little weight counts as one of little precision.

    Parameters
    ----------
    asked : LinearProblem or NonlinearProblem
    estimator : Estimator

    Returns
    -------
    RobustReconciliation

    Raises
    ------
    ContradictoryBalances, UnusableInput, ValueError
        As the reconciliation by least squares.

    References
    ----------
    P. J. Huber, Robust Statistics (Wiley, 1981), section 7; W. J. J. Rey, Introduction to Robust and Quasi-Robust
    Statistical Methods (Springer, 1983); D. B. Özyurt and R. W. Pike, Computers and Chemical Engineering 28 (2004)
    381-402 (robust functions in data reconciliation, with the tuning constants for 95 % efficiency).

    Examples
    --------
    Four meters on one pipe, one of which is wrong; least squares would say 12.5:

    >>> import scipy.sparse as sp
    >>> pipe = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 1.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    >>> asked = LinearProblem(sp.csr_array(pipe), np.zeros(3), np.array([10.0, 10.1, 9.9, 20.0]), np.full(4, 0.1))
    >>> robust = reconcile_robustly(asked, Estimator.BIWEIGHT)
    >>> round(float(robust.reconciliation.values[0]), 3), [round(float(each), 2) for each in robust.weights]
    (10.0, [1.0, 0.91, 0.91, 0.0])
    """
    sds = np.asarray(asked.sds, dtype=float)
    weights = np.where(np.isfinite(asked.measured), 1.0, np.nan)
    rounds, converged = 0, True
    for stage in (Estimator.FAIR, estimator) if estimator in _FORGETFUL else (estimator,):
        told, weights, used, converged = _settled(asked, sds, weights, stage)
        rounds += used
    return RobustReconciliation(told, weights, _deviations(told, sds), converged, rounds)


def _settled(
    asked: LinearProblem | NonlinearProblem, sds: Array, weights: Array, estimator: Estimator
) -> tuple[Reconciliation, Array, int, bool]:
    """Reconcile and weigh in turn until the weights stay."""
    for used in range(1, MOST_ROUNDS + 1):
        weighted = replace(asked, sds=sds / np.sqrt(np.maximum(weights, _NOTHING)))
        if isinstance(weighted, LinearProblem):
            told = reconcile_linear(weighted)
        else:
            told = reconcile_nonlinear(weighted)
            asked = replace(weighted, start=np.where(np.isnan(told.values), weighted.start, told.values))
        last, weights = weights, weights_of(_deviations(told, sds), estimator)
        if float(np.nanmax(np.abs(weights - last), initial=0.0)) <= _SETTLED:
            return told, weights, used, True
    return told, weights, MOST_ROUNDS, False


def _deviations(told: Reconciliation, sds: Array) -> Array:
    return np.divide(told.adjustments, sds, out=np.where(np.isnan(sds), np.nan, 0.0), where=sds > 0)
