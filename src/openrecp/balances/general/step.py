"""One step towards the solution of balances that are no straight lines.

Everything is scaled first: measured variables by their standard deviations, the others by what they do to a balance,
and balances by the size of their terms. An orthogonal decomposition of the Jacobian then splits the step in two: the
shortest way to where the balances hold, and the way along them to the smallest sum of squares. The second uses the
exact curvature of the balances where it is given. Directions in which nothing tells one point from another get no
step, so that unobservable variables stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve, eigh, qr, solve_triangular

from openrecp.balances.general.blocks import correlated_pairs, correlation_matrix, correlation_root, kinds_of
from openrecp.balances.problems import Array, NonlinearProblem

# Relative to the largest: a balance below it follows from others, a curvature below it is none.
_NO_BALANCE: Final = 1e-10
_NO_CURVATURE: Final = 1e-9
# Where measured variables count 1, less than this is rounding.
_ROUNDING: Final = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A nonlinear problem and what stays the same during its search.

    Attributes
    ----------
    free, measured : int arrays
        Variables that are not known exactly; places of the measured ones among them.
    sds, targets : array, shape (measured,)
    precision : array, shape (measured, measured)
        Inverse of the correlations.
    """

    asked: NonlinearProblem
    free: Array
    measured: Array
    sds: Array
    targets: Array
    precision: Array

    def squares(self, x: Array) -> float:
        """Half the sum of squared adjustments, weighted."""
        gap = (x[self.free[self.measured]] - self.targets) / self.sds
        return float(gap @ self.precision @ gap) / 2

    def misses(self, x: Array) -> Array:
        """Residuals over the sizes of their balances; infinite where they cannot be computed."""
        with np.errstate(all="ignore"):
            scaled = np.asarray(self.asked.residuals(x), dtype=float) / self.asked.scale
        return np.where(np.isfinite(scaled), scaled, np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Directions across the balances and along them at a point, in the units of the free variables.

    Attributes
    ----------
    sizes : array, shape (free,)
        Units of the free variables.
    across, along : array, shape (free, rank) and (free, free - rank)
        Orthonormal.
    triangle : array, shape (rank, rank)
        Takes, transposed, a change across the balances to changes of the ``kept`` ones over their ``norms``.
    kept : int array, shape (rank,)
        Balances that do not follow from others.
    norms : array, shape (rank,)
    """

    sizes: Array
    across: Array
    along: Array
    triangle: Array
    kept: Array
    norms: Array

    def undone(self, misses: Array) -> Array:
        """The shortest change that takes misses back, shape (free,)."""
        if not self.kept.size:
            return np.zeros(self.sizes.size)
        wanted = -misses[self.kept] / self.norms
        return np.asarray(
            self.across @ solve_triangular(self.triangle, wanted, trans="T", check_finite=False)
        )

    def multipliers(self, gradient: Array, balances: int) -> Array:
        """Multipliers of the balances that hold a gradient, shape (balances,)."""
        whole = np.zeros(balances)
        if self.kept.size:
            held = solve_triangular(self.triangle, self.across.T @ gradient, check_finite=False)
            whole[self.kept] = held / self.norms
        return whole


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Where to go from a point, in the units of the free variables, and how far that is.

    Attributes
    ----------
    change : array, shape (free,)
    misses : array, shape (balances,)
    prices : float
        Largest multiplier of a balance: what a unit of misses costs at least.
    slope : float
        Change of half the sum of squares along the step, to first order.
    frame : Frame
    """

    change: Array
    misses: Array
    prices: float
    slope: float
    frame: Frame

    def back(self, misses: Array) -> Array:
        """The shortest change of the free variables that takes misses back."""
        return self.frame.undone(misses) * self.frame.sizes


def setting_of(asked: NonlinearProblem) -> Setting:
    """Sort the variables of a problem.

    Raises
    ------
    UnusableInput
        If the correlations contradict each other.
    """
    kinds = kinds_of(asked)
    free = np.flatnonzero(~kinds.fixed)
    measured = np.flatnonzero(kinds.measured[free])
    first, second, values = correlated_pairs(asked, kinds)
    place = np.full(kinds.fixed.size, -1)
    place[free[measured]] = np.arange(measured.size)
    correlations = correlation_matrix(measured.size, place[first], place[second], values)
    precision = np.eye(measured.size)
    if correlations is not None:
        correlation_root(correlations)
        precision = cho_solve(cho_factor(correlations), precision)
    known = free[measured]
    return Setting(
        asked,
        free,
        measured,
        np.asarray(asked.sds, dtype=float)[known],
        np.asarray(asked.measured, dtype=float)[known],
        precision,
    )


def frame_of(setting: Setting, x: Array) -> Frame:
    """Split what is free to move at a point by what the balances say of it."""
    scale = np.asarray(setting.asked.scale, dtype=float)
    jacobian = setting.asked.jacobian(x).toarray()[:, setting.free] / scale[:, None]
    sizes = _sizes(setting, jacobian)
    scaled = jacobian * sizes
    norms = np.sqrt(np.sum(scaled**2, axis=1))
    norms[norms == 0] = 1.0
    q, r, order = qr((scaled / norms[:, None]).T, pivoting=True, check_finite=False)
    diagonal = np.abs(np.diag(r))
    rank = int(np.sum(diagonal > _NO_BALANCE * diagonal.max(initial=0.0)))
    kept = order[:rank]
    return Frame(sizes, q[:, :rank], q[:, rank:], r[:rank, :rank], kept, norms[kept])


def next_step(setting: Setting, x: Array) -> Step:
    """The step of sequential quadratic programming from a point."""
    frame, misses = frame_of(setting, x), setting.misses(x)
    curvature, gradient = _squares(setting, x, frame.sizes)
    prices = frame.multipliers(gradient, misses.size)
    bent = curvature - _bend(setting, x, prices / setting.asked.scale, frame.sizes)
    change = frame.undone(misses)
    seen = frame.along @ _seen(frame.along.T @ curvature @ frame.along)
    change = change + seen @ _downhill(seen.T @ bent @ seen, -seen.T @ (gradient + bent @ change))
    ahead = frame.multipliers(gradient + bent @ change, misses.size)
    return Step(
        change=change * frame.sizes,
        misses=misses,
        prices=float(np.abs(ahead).max(initial=0.0)),
        slope=float(gradient @ change),
        frame=frame,
    )


def _sizes(setting: Setting, jacobian: Array) -> Array:
    """Units of the free variables: standard deviations, or what moves a balance by its own size."""
    pull = np.abs(jacobian).max(axis=0, initial=0.0)
    sizes = 1 / np.where(pull > 0, pull, 1.0)
    sizes[setting.measured] = setting.sds
    return sizes


def _squares(setting: Setting, x: Array, sizes: Array) -> tuple[Array, Array]:
    """Curvature and gradient of half the sum of squares."""
    curvature, gradient = np.zeros((sizes.size,) * 2), np.zeros(sizes.size)
    measured = setting.measured
    curvature[np.ix_(measured, measured)] = setting.precision
    gap = (x[setting.free[measured]] - setting.targets) / setting.sds
    gradient[measured] = setting.precision @ gap
    return curvature, gradient


def _bend(setting: Setting, x: Array, multipliers: Array, sizes: Array) -> Array:
    """Curvature of the balances, weighted by their multipliers; nothing where it was not given."""
    if setting.asked.hessian is None:
        return np.zeros((sizes.size,) * 2)
    free = setting.free
    return setting.asked.hessian(x, multipliers).toarray()[np.ix_(free, free)] * np.outer(sizes, sizes)


def _seen(curvature: Array) -> Array:
    """Directions in which measured variables move; in the others nothing is known, however the balances bend."""
    if not curvature.size:
        return curvature
    sizes, directions = eigh(curvature, check_finite=False)
    return np.asarray(directions[:, sizes > max(_NO_CURVATURE * sizes.max(), _ROUNDING)])


def _downhill(curvature: Array, push: Array) -> Array:
    """Newton's step, but down also where the curvature is negative."""
    if not push.size:
        return push
    sizes, directions = eigh((curvature + curvature.T) / 2, check_finite=False)
    sizes = np.abs(sizes)
    return np.asarray(directions @ (directions.T @ push / np.maximum(sizes, _NO_CURVATURE * sizes.max())))
