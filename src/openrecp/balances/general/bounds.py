"""Reconciliation within bounds: no negative flow and no share above 1, exactly and not by clipping."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import scipy.sparse as sp

from openrecp.balances.general.held import (
    PROVEN,
    best_inside,
    contradictory_bounds,
    proof_of,
    room_of,
)
from openrecp.balances.general.linear import reconcile_linear
from openrecp.balances.general.nonlinear import search, told_at, touching
from openrecp.balances.general.step import setting_of
from openrecp.balances.problems import (
    Array,
    Convergence,
    LinearProblem,
    NonlinearProblem,
    Reconciliation,
)

MOST_ROUNDS: Final = 40
"""How often other bounds are tried before a search is given up and said not to have converged."""


def reconcile_within(asked: LinearProblem | NonlinearProblem, lower: Array, upper: Array) -> Reconciliation:
    """Reconcile measurements with balances so that every value keeps within its bounds.

    Which bounds hold the solution is found by an interior-point method, and the problem is then solved again with
    these as further balances, to the last digit. That the result is the best one is proven for each: no bound is
    passed, and every bound that holds pushes inwards (the conditions of Karush, Kuhn and Tucker, which are
    sufficient where the balances are linear). Balances that are no straight lines are solved with the bounds found
    where they are touched by straight ones, until both agree. If no proof is found, ``convergence`` says so; its
    ``largest_residual`` is what the conditions miss.

    A value held at a bound has no uncertainty left, and the others have what is left to them on condition of that.
    Each held bound counts as a balance in ``redundancy``, which makes the global test a careful one.

    Parameters
    ----------
    asked : LinearProblem or NonlinearProblem
    lower, upper : array, shape (variables,)
        In the units of the variables; infinite where there is no bound.

    Returns
    -------
    Reconciliation
        With ``at_bound`` and ``convergence``.

    Raises
    ------
    ContradictoryBounds
        If no values within the bounds satisfy the balances; names the variables whose bounds would have to give way.
    ContradictoryBalances, UnusableInput, ValueError
        As without bounds, and ValueError if a lower bound lies above the upper one.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., Springer, 2006), theorem 16.4.

    Examples
    --------
    Of 10 ± 1, 10.4 ± 1 leaves with the product, and what is lost cannot be less than nothing:

    >>> balance = LinearProblem(
    ...     sp.csr_array(np.array([[1.0, -1.0, -1.0]])),
    ...     np.zeros(1),
    ...     np.array([10.0, 10.4, np.nan]),
    ...     np.array([1.0, 1.0, np.nan]),
    ... )
    >>> within = reconcile_within(balance, np.zeros(3), np.full(3, np.inf))
    >>> [round(float(value), 6) + 0.0 for value in within.values]
    [10.2, 10.2, 0.0]
    """
    lower, upper = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    if np.any(lower > upper) or np.any(np.isnan(lower) | np.isnan(upper)):
        raise ValueError("every lower bound has to lie at or below its upper bound")
    curved = _as_curved(asked, lower, upper) if isinstance(asked, LinearProblem) else asked
    fixed = np.ones(lower.size, bool)
    fixed[setting_of(curved).free] = False
    passed = fixed & ((asked.measured < lower) | (asked.measured > upper))
    if np.any(passed):
        raise contradictory_bounds(tuple(int(place) for place in np.flatnonzero(passed)))
    pinned = (lower == upper) & ~fixed
    x, held, convergence = _searched(
        _with_held(curved, np.where(pinned, lower, np.nan)),
        np.where(pinned, -np.inf, lower),
        np.where(pinned, np.inf, upper),
    )
    return _told(asked, curved, x, np.where(pinned, lower, held), convergence)


def _as_curved(asked: LinearProblem, lower: Array, upper: Array) -> NonlinearProblem:
    """A linear problem in the words of the others."""
    start = np.clip(np.where(np.isnan(asked.measured), 0.0, asked.measured), lower, upper)
    sizes = abs(asked.matrix) @ (np.abs(start) + np.where(np.isfinite(asked.sds), asked.sds, 0.0))
    scale = sizes + np.abs(asked.constants)
    return NonlinearProblem(
        residuals=lambda x: asked.matrix @ x - asked.constants,
        jacobian=lambda _: asked.matrix,
        start=start,
        measured=asked.measured,
        sds=asked.sds,
        scale=np.where(scale > 0, scale, 1.0),
        correlations=asked.correlations,
    )


def _searched(asked: NonlinearProblem, lower: Array, upper: Array) -> tuple[Array, Array, Convergence]:
    """Try bounds until those that hold are proven to be the right ones.

    Returns the point, the values at which variables are held (NaN for none), and how it went.
    """
    x = np.asarray(asked.start, dtype=float)
    low, high = np.zeros(x.size, bool), np.zeros(x.size, bool)
    iterations, idle = 0, False
    for _ in range(MOST_ROUNDS):
        held = np.where(low, lower, np.where(high, upper, np.nan))
        x, found = search(_with_held(asked, held), x)
        iterations += found.iterations
        room = room_of(asked, x, lower, upper)
        free = room.setting.free
        proof = proof_of(room, x, low[free], high[free])
        if found.converged and proof.missed <= PROVEN:
            break
        if not idle and proof.beyond <= PROVEN and np.any(proof.idle_low | proof.idle_high):
            # All that is wrong is that a bound or two need not hold.
            low[free] &= ~proof.idle_low
            high[free] &= ~proof.idle_high
            idle = True
            continue
        inside, x, low[free], high[free] = best_inside(room)
        iterations, idle = iterations + inside.steps, False
    convergence = Convergence(
        converged=found.converged and proof.missed <= PROVEN,
        iterations=iterations,
        last_step=found.last_step,
        largest_residual=proof.missed,
    )
    return x, held, convergence


def _with_held(asked: NonlinearProblem, held: Array) -> NonlinearProblem:
    """The problem with further balances that hold variables at given values; NaN holds nothing."""
    places = np.flatnonzero(~np.isnan(held))
    if not places.size:
        return asked
    rows = asked.scale.size
    chosen = _rows_of(places, held.size)
    sds = np.where(np.asarray(asked.sds)[places] > 0, np.asarray(asked.sds)[places], 1.0)
    hessian = asked.hessian
    return replace(
        asked,
        residuals=lambda x: np.concatenate([asked.residuals(x), x[places] - held[places]]),
        jacobian=lambda x: sp.csr_array(sp.vstack([asked.jacobian(x), chosen])),
        hessian=None if hessian is None else lambda x, multipliers: hessian(x, multipliers[:rows]),
        scale=np.concatenate([asked.scale, np.maximum(np.abs(held[places]), sds)]),
    )


def _rows_of(places: Array, variables: int) -> sp.csr_array:
    return sp.csr_array(
        (np.ones(places.size), (np.arange(places.size), places)), shape=(places.size, variables)
    )


def _told(
    asked: LinearProblem | NonlinearProblem,
    curved: NonlinearProblem,
    x: Array,
    held: Array,
    convergence: Convergence,
) -> Reconciliation:
    """What is known at the solution on condition that the bounds hold."""
    at_bound = ~np.isnan(held)
    places = np.flatnonzero(at_bound)
    if isinstance(asked, LinearProblem):
        straight = replace(
            asked,
            matrix=sp.csr_array(sp.vstack([asked.matrix, _rows_of(places, held.size)])),
            constants=np.concatenate([asked.constants, held[places]]),
        )
        told, touched = reconcile_linear(straight), asked
    else:
        told, touched = told_at(_with_held(curved, held), x, convergence), touching(curved, x)
    values = np.where(at_bound, held, told.values)
    return replace(told, values=values, problem=touched, at_bound=at_bound, convergence=convergence)
