"""Nonlinear problems for tests from plain formulas: first and second derivatives come along with every operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from openrecp.balances.problems import NonlinearProblem

Array = Any


@dataclass
class Term:
    """A value, its gradient and its matrix of second derivatives."""

    value: float
    slope: Array
    bend: Array

    def __add__(self, other: Term | float) -> Term:
        if not isinstance(other, Term):
            return Term(self.value + other, self.slope, self.bend)
        return Term(self.value + other.value, self.slope + other.slope, self.bend + other.bend)

    def __mul__(self, other: Term | float) -> Term:
        if not isinstance(other, Term):
            return Term(self.value * other, self.slope * other, self.bend * other)
        cross = np.outer(self.slope, other.slope)
        return Term(
            self.value * other.value,
            self.value * other.slope + other.value * self.slope,
            self.value * other.bend + other.value * self.bend + cross + cross.T,
        )

    def __pow__(self, power: float) -> Term:
        first = power * self.value ** (power - 1)
        second = power * (power - 1) * self.value ** (power - 2)
        return Term(
            self.value**power,
            first * self.slope,
            first * self.bend + second * np.outer(self.slope, self.slope),
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Term:
        return self * -1.0

    def __sub__(self, other: Term | float) -> Term:
        return self + (-other)

    def __rsub__(self, other: float) -> Term:
        return -self + other


def nonlinear_problem(
    balances: Callable[[list[Term]], list[Term]],
    start: Sequence[float],
    measured: object,
    sds: object,
    *,
    correlations: tuple[tuple[int, int, float], ...] = (),
    curved: bool = True,
) -> NonlinearProblem:
    """A problem from formulas; without ``curved`` its second derivatives are not given."""
    count = len(start)

    def at(x: Array) -> list[Term]:
        units = np.eye(count)
        return balances([Term(float(x[k]), units[k], np.zeros((count, count))) for k in range(count)])

    def hessian(x: Array, multipliers: Array) -> sp.csr_array:
        return sp.csr_array(sum(price * each.bend for price, each in zip(multipliers, at(x), strict=True)))

    def jacobian(x: Array) -> sp.csr_array:
        return sp.csr_array(np.array([each.slope for each in at(x)]))

    begin = np.array(start, dtype=float)
    return NonlinearProblem(
        residuals=lambda x: np.array([each.value for each in at(x)]),
        jacobian=jacobian,
        hessian=hessian if curved else None,
        start=begin,
        measured=np.array(measured, dtype=float),
        sds=np.array(sds, dtype=float),
        scale=np.maximum(np.abs(jacobian(begin).toarray()) @ np.abs(begin), 1e-12),
        correlations=correlations,
    )
