"""What every reconciliation is given and what it gives back, as arrays: the common language of the engines.

Variables stand in one order throughout. Constraints are balances, ``matrix @ x = constants``, or for nonlinear
problems ``residuals(x) = 0``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import scipy.sparse as sp

Array = Any
"""A numpy array; its shape is told where it is used."""


class VariableClass(IntEnum):
    """What the balances and the measurements together say of a variable.

    ``REDUNDANT``: measured, and the balances check it. ``JUST_MEASURED``: measured, and nothing checks it.
    ``OBSERVABLE``: not measured, and the balances give it. ``UNOBSERVABLE``: not measured, and nothing gives it.
    ``FIXED``: known exactly.
    """

    REDUNDANT = 0
    JUST_MEASURED = 1
    OBSERVABLE = 2
    UNOBSERVABLE = 3
    FIXED = 4


@dataclass(frozen=True, slots=True, eq=False)
class LinearProblem:
    """Measurements and linear balances.

    Attributes
    ----------
    matrix : scipy.sparse.csr_array, shape (balances, variables)
    constants : array, shape (balances,)
    measured : array, shape (variables,)
        NaN where nothing was measured.
    sds : array, shape (variables,)
        Standard deviations; 0 for what is known exactly, NaN where nothing was measured.
    correlations : tuple of (int, int, float)
        Pairs of measured variables whose errors are correlated, and how strongly (-1 to 1).
    """

    matrix: sp.csr_array
    constants: Array
    measured: Array
    sds: Array
    correlations: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class NonlinearProblem:
    """Measurements and balances that are no straight lines.

    Attributes
    ----------
    residuals : callable
        x, shape (variables,) -> shape (balances,); zero where the balances hold.
    jacobian : callable
        x -> scipy.sparse.csr_array of shape (balances, variables), analytic.
    hessian : callable or None
        (x, multipliers) -> symmetric sparse array of shape (variables, variables): the sum over balances of
        multiplier times second derivatives, analytic.
    start : array, shape (variables,)
        Where the search begins; finite everywhere.
    measured, sds, correlations
        As in :class:`LinearProblem`.
    scale : array, shape (balances,)
        Size of the terms of each balance, by which its residual is judged.
    """

    residuals: Callable[[Array], Array]
    jacobian: Callable[[Array], sp.csr_array]
    start: Array
    measured: Array
    sds: Array
    scale: Array
    hessian: Callable[[Array, Array], sp.csr_array] | None = None
    correlations: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Convergence:
    """How a search ended: the largest step [standard deviations or, unmeasured, relative], the largest scaled residual."""

    converged: bool
    iterations: int
    last_step: float
    largest_residual: float


@dataclass(frozen=True, slots=True, eq=False)
class Reconciliation:
    """The most probable values that satisfy every balance, and how sure they are.

    Attributes
    ----------
    values, sds : array, shape (variables,)
        Reconciled or computed values and their standard deviations; NaN where the variable is unobservable.
    classes : int8 array, shape (variables,)
        :class:`VariableClass` of each.
    adjustments : array, shape (variables,)
        Measured minus reconciled; NaN where nothing was measured.
    adjustment_sds : array, shape (variables,)
        Standard deviations of the adjustments, sqrt(var measured - var reconciled); 0 for what nothing checks, NaN
        where nothing was measured.
    z : array, shape (variables,)
        Measurement test of maximum power: entry of inv(covariance) @ adjustments over its standard deviation, which
        without correlations is the adjustment over its own; NaN where nothing checks the measurement.
    chi2 : float
        Sum of squared adjustments, weighted by the covariance.
    redundancy : int
        Degrees of freedom of ``chi2``: rank of the balances minus rank of their unmeasured part.
    problem : LinearProblem
        The problem itself, or the linear one that touches the nonlinear one at the solution.
    convergence : Convergence or None
        None for a linear problem, which is solved at once.
    covariance : array or None, shape (variables, variables)
        Of the values (NaN in rows of unobservable variables), where the engine has it whole.
    at_bound : bool array or None, shape (variables,)
        Values held at a bound; the standard deviations then hold on condition of that.
    """

    values: Array
    sds: Array
    classes: Array
    adjustments: Array
    adjustment_sds: Array
    z: Array
    chi2: float
    redundancy: int
    problem: LinearProblem
    convergence: Convergence | None = None
    covariance: Array | None = None
    at_bound: Array | None = None

    @property
    def variables(self) -> int:
        """How many there are."""
        return int(np.size(self.values))
