"""The smallest value of a convex quadratic under linear inequalities, by an interior-point method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from openrecp.balances.problems import Array

_MOST_STEPS: Final = 100
_END: Final = 1e-11
# Mean product of slack and multiplier at which the larger of the two is told from the smaller.
_CLOSED: Final = 1e-15
_STUCK: Final = 1e-9
_SHORT: Final = 0.1
# Multipliers beyond this tell that there is no point inside.
_LOST: Final = 1e12
# How much of the way to the nearest wall a step may go.
_SHARE: Final = 0.995


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """Where the smallest value is, and what every inequality has to do with it.

    Attributes
    ----------
    point : array, shape (unknowns,)
    slacks, multipliers : array, shape (inequalities,)
        Of the two, one is zero at the solution: an inequality with the larger multiplier holds the solution back.
    converged : bool
    steps : int
    """

    point: Array
    slacks: Array
    multipliers: Array
    converged: bool
    steps: int


@np.errstate(over="ignore", invalid="ignore")  # a slack next to nothing ends the search below
def smallest_inside(curvature: Array, slope: Array, sides: Array, limits: Array) -> Inside:
    """Minimise ``y @ curvature @ y / 2 + slope @ y`` subject to ``sides @ y >= limits``.

    Mehrotra's predictor and corrector steps. The curvature may be zero in some directions; the solution then is in
    the middle of all that are equally good, and an inequality that need not hold anything back is free.

    Parameters
    ----------
    curvature : array, shape (unknowns, unknowns), positive semidefinite
    slope : array, shape (unknowns,)
    sides : array, shape (inequalities, unknowns)
    limits : array, shape (inequalities,)

    Returns
    -------
    Inside

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., Springer, 2006), algorithm 16.4.

    Examples
    --------
    The point of the line y >= 2 nearest to 0:

    >>> inside = smallest_inside(np.eye(1), np.zeros(1), np.eye(1), np.array([2.0]))
    >>> round(float(inside.point[0]), 9), round(float(inside.multipliers[0]), 9)
    (2.0, 2.0)
    """
    point, slacks, multipliers = np.zeros(slope.size), np.maximum(np.abs(limits), 1.0), np.ones(limits.size)
    size = 1 + max(np.abs(limits).max(initial=0.0), np.abs(slope).max(initial=0.0))
    count, steps = max(limits.size, 1), 0
    for steps in range(_MOST_STEPS):
        dual = curvature @ point + slope - sides.T @ multipliers
        primal = sides @ point - slacks - limits
        gap = float(slacks @ multipliers) / count
        missed = max(np.abs(dual).max(initial=0.0), np.abs(primal).max(initial=0.0))
        if missed <= _END * size and gap <= _CLOSED:
            return Inside(point, slacks, multipliers, converged=True, steps=steps)
        factor = _factor(curvature + sides.T @ (sides * (multipliers / slacks)[:, None]))
        if factor is None or gap > _LOST * size:
            break
        at = _Place(sides, dual, primal, slacks, multipliers, factor)
        _, wider, dearer = at.move(slacks * multipliers)
        if steps == 0:
            # A start well inside, as far out as a first step leads, keeps later ones from being cut short.
            slacks = np.maximum(np.abs(slacks + wider), 1.0)
            multipliers = np.maximum(np.abs(multipliers + dearer), 1.0)
            continue
        share = at.share(wider, dearer)
        ahead = float((slacks + share * wider) @ (multipliers + share * dearer)) / count
        centre = (ahead / gap) ** 3 * gap if gap > 0 else 0.0
        change, wider, dearer = at.move(slacks * multipliers + wider * dearer - centre)
        share = _SHARE * at.share(wider, dearer)
        if share < _SHORT:
            # In a narrow place, back to its middle first.
            change, wider, dearer = at.move(slacks * multipliers - gap)
            share = _SHARE * at.share(wider, dearer)
        if share < _STUCK:
            break
        point, slacks, multipliers = (
            point + share * change,
            slacks + share * wider,
            multipliers + share * dearer,
        )
    return Inside(point, slacks, multipliers, converged=False, steps=steps)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A point on the way, and what its equations are solved with."""

    sides: Array
    dual: Array
    primal: Array
    slacks: Array
    multipliers: Array
    factor: tuple[Array, bool]

    def move(self, wanted: Array) -> tuple[Array, Array, Array]:
        """Changes of the point, the slacks and the multipliers that lower their products by what is wanted."""
        pull = self.sides.T @ ((wanted + self.multipliers * self.primal) / self.slacks)
        change = np.asarray(cho_solve(self.factor, -self.dual - pull, check_finite=False))
        wider = self.sides @ change + self.primal
        return change, wider, -(wanted + self.multipliers * wider) / self.slacks

    def share(self, wider: Array, dearer: Array) -> float:
        """How much of a change can be made before a slack or a multiplier is used up; at most all."""
        sizes = np.concatenate([self.slacks, self.multipliers])
        changes = np.concatenate([wider, dearer])
        shrinking = -changes > sizes
        return float(np.min(-sizes[shrinking] / changes[shrinking], initial=1.0))


def _factor(matrix: Array) -> tuple[Array, bool] | None:
    """Cholesky factor, with a little added where the matrix is flat; None if that does not help."""
    flat = np.abs(np.diag(matrix)).max(initial=1.0)
    if not np.isfinite(matrix).all():
        return None
    for little in (1e-15, 1e-13, 1e-11):
        try:
            factor, lower = cho_factor(matrix + little * flat * np.eye(matrix.shape[0]), check_finite=False)
        except LinAlgError:
            continue
        return factor, bool(lower)
    return None
