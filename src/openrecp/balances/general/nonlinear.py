"""Reconciliation of balances that are no straight lines: composition times flow, enthalpies, and any other."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import scipy.sparse as sp

from openrecp.balances.general.linear import reconcile_linear
from openrecp.balances.general.step import Setting, Step, next_step, setting_of
from openrecp.balances.problems import (
    Array,
    Convergence,
    LinearProblem,
    NonlinearProblem,
    Reconciliation,
)

LARGEST_STEP: Final = 1e-9
"""A search has ended when no variable moves further, in standard deviations or, unmeasured, relative."""

LARGEST_RESIDUAL: Final = 1e-9
"""A search has ended when no balance misses by more, relative to the size of its terms."""

MOST_ITERATIONS: Final = 100

_SHORTEST = 2.0**-30
# Where nothing is checked, missed balances still have to cost something.
_LOWEST_PRICE = 1.0


def reconcile_nonlinear(asked: NonlinearProblem, *, most_iterations: int = MOST_ITERATIONS) -> Reconciliation:
    """Reconcile measurements with balances of any smooth form.

    Sequential quadratic programming with the exact curvature of the balances where it is given (it then converges
    quadratically) and without it where not (Gauss-Newton). Every step is shortened until it lowers the sum of squares
    plus a price on missed balances. The search has converged when the last full step was at most `LARGEST_STEP` and
    all scaled residuals are at most `LARGEST_RESIDUAL`; otherwise the result says so in ``convergence``.

    Intervals, classes and tests are those of the linear problem that touches the balances at the solution.

    Parameters
    ----------
    asked : NonlinearProblem
    most_iterations : int

    Returns
    -------
    Reconciliation
        Its ``problem`` is the linear one that touches at the solution.

    Raises
    ------
    ContradictoryBalances
        If the balances cannot all hold at the point that was found.
    UnusableInput
        If correlations are impossible.
    ValueError
        If the balances or their derivatives cannot be computed where the search begins.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., Springer, 2006), chapter 18; S. Narasimhan and
    C. Jordache, Data Reconciliation and Gross Error Detection (Gulf, 2000), chapter 5.

    Examples
    --------
    A side of a square field was measured as 10.2 ± 0.3 m and its area as 97 ± 4 m².

    >>> field = NonlinearProblem(
    ...     residuals=lambda x: np.array([x[0] ** 2 - x[1]]),
    ...     jacobian=lambda x: sp.csr_array(np.array([[2 * x[0], -1.0]])),
    ...     hessian=lambda x, multipliers: sp.csr_array(np.diag([2 * multipliers[0], 0.0])),
    ...     start=np.array([10.2, 97.0]),
    ...     measured=np.array([10.2, 97.0]),
    ...     sds=np.array([0.3, 4.0]),
    ...     scale=np.array([100.0]),
    ... )
    >>> [round(float(value), 3) for value in reconcile_nonlinear(field).values]
    [9.958, 99.161]
    """
    x, convergence = search(asked, asked.start, most_iterations)
    return told_at(asked, x, convergence)


def search(
    asked: NonlinearProblem, start: Array, most_iterations: int = MOST_ITERATIONS
) -> tuple[Array, Convergence]:
    """The solution as a point, with a value for unobservable variables too: one of those that the balances allow.

    Raises
    ------
    UnusableInput, ValueError
        As `reconcile_nonlinear`.
    """
    setting = setting_of(asked)
    x = np.array(start, dtype=float)
    fixed = np.setdiff1d(np.arange(x.size), setting.free)
    x[fixed] = np.asarray(asked.measured, dtype=float)[fixed]
    if not np.all(np.isfinite(setting.misses(x))):
        raise ValueError("the balances cannot be computed where the search begins")
    return _searched(setting, x, most_iterations)


def _searched(setting: Setting, x: Array, most_iterations: int) -> tuple[Array, Convergence]:
    """Step until nothing moves."""
    iteration, moved, missed, price = 0, np.inf, np.inf, _LOWEST_PRICE
    for iteration in range(1, most_iterations + 1):
        step = next_step(setting, x)
        price = max(price, 1.5 * step.prices)
        nearer, share = _shortened(setting, x, step, price)
        spans = np.maximum(step.frame.sizes, np.abs(x[setting.free]))
        spans[setting.measured] = setting.sds
        moved = float(np.abs(step.change / spans).max(initial=0.0))
        missed = float(np.abs(setting.misses(nearer)).max(initial=0.0))
        x = nearer
        if moved <= LARGEST_STEP and missed <= LARGEST_RESIDUAL:
            return x, Convergence(
                converged=True, iterations=iteration, last_step=moved, largest_residual=missed
            )
        if share <= _SHORTEST:
            break
    return x, Convergence(converged=False, iterations=iteration, last_step=moved, largest_residual=missed)


def _shortened(setting: Setting, x: Array, step: Step, price: float) -> tuple[Array, float]:
    """The point reached by as much of a step as lowers the sum of squares plus the price of what is missed."""

    def height(point: Array) -> float:
        return setting.squares(point) + price * float(np.abs(setting.misses(point)).sum())

    def reached(change: Array) -> Array:
        point = x.copy()
        point[setting.free] += change
        return point

    here = setting.squares(x) + price * float(np.abs(step.misses).sum())
    slope = min(step.slope - price * float(np.abs(step.misses).sum()), 0.0)
    rounding = 1e-10 * (1 + abs(here))
    share = 1.0
    while share > _SHORTEST:
        point = reached(share * step.change)
        if height(point) <= here + 1e-4 * share * slope + rounding:
            return point, share
        misses = setting.misses(point)
        if share == 1.0 and np.all(np.isfinite(misses)):
            # Along a bend the full step may miss a little more; taking that back keeps the search quick.
            point = reached(step.change + step.back(misses))
            if height(point) <= here + 1e-4 * slope + rounding:
                return point, share
        share /= 2
    return x, share


def touching(asked: NonlinearProblem, x: Array) -> LinearProblem:
    """The linear problem that touches the balances at a point."""
    jacobian, misses = sp.csr_array(asked.jacobian(x)), np.asarray(asked.residuals(x), dtype=float)
    # What a search may leave must not set balances that follow from each other at odds.
    misses = np.where(np.abs(misses) <= LARGEST_RESIDUAL * asked.scale, 0.0, misses)
    return LinearProblem(jacobian, jacobian @ x - misses, asked.measured, asked.sds, asked.correlations)


def told_at(asked: NonlinearProblem, x: Array, convergence: Convergence) -> Reconciliation:
    """What is known at a solution, from the linear problem that touches there."""
    told = reconcile_linear(touching(asked, x))
    known = np.isfinite(asked.measured)
    return replace(
        told,
        values=np.where(np.isnan(told.values), np.nan, x),
        adjustments=np.where(known, asked.measured - x, np.nan),
        chi2=2 * setting_of(asked).squares(x),
        convergence=convergence,
    )
