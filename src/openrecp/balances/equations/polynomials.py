"""Many sparse polynomials of degree at most 3 at once, with exact first and second derivatives.

A balance is a sum of terms: a flow, a flow times a share, a flow times a temperature squared. Each term is a
coefficient and up to three variables, so that all balances of a plant are four arrays, and their values,
Jacobian and Hessian a few numpy calls, whatever they mean.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import scipy.sparse as sp

from openrecp.balances.problems import Array

DEGREE: Final = 3
"""How many variables a term may multiply."""

_PAIRS: Final = tuple(
    (first, second) for first in range(DEGREE) for second in range(DEGREE) if first != second
)


class Polynomials:
    """Sums of terms, one sum a row: coefficient x variable x variable x variable.

    Parameters
    ----------
    rows : int array, shape (terms,)
        Row each term belongs to.
    coefficients : array, shape (terms,)
    factors : int array, shape (terms, 3)
        Positions of the variables that a term multiplies; -1 where it multiplies fewer. The same variable may
        stand twice or three times.
    shape : (int, int)
        Rows and variables.

    >>> p = Polynomials(np.array([0, 0]), np.array([1.0, -4.0]), np.array([[0, 1, 1], [0, -1, -1]]), (1, 2))
    >>> x = np.array([3.0, 5.0])
    >>> p.values(x).tolist(), p.jacobian(x).toarray().tolist()
    ([63.0], [[21.0, 30.0]])
    """

    def __init__(self, rows: Array, coefficients: Array, factors: Array, shape: tuple[int, int]) -> None:
        self.shape = shape
        self.rows = np.asarray(rows, dtype=np.int64)
        self.coefficients = np.asarray(coefficients, dtype=float)
        self.factors = np.asarray(factors, dtype=np.int64).reshape(-1, DEGREE)

    @cached_property
    def degree(self) -> int:
        """The largest number of variables in a term."""
        return int((self.factors >= 0).sum(axis=1).max(initial=0))

    def with_known(self, known: Array, values: Array) -> Polynomials:
        """The same sums with known variables put in as numbers, where they are multiplied by others.

        Terms that are a single variable keep it.

        Parameters
        ----------
        known : bool array, shape (variables,)
        values : array, shape (variables,)
        """
        product = (self.factors >= 0).sum(axis=1) > 1
        replaced = product[:, None] & (self.factors >= 0) & known[self.factors]
        coefficients = self.coefficients * np.where(replaced, values[self.factors], 1.0).prod(axis=1)
        factors = np.where(replaced, -1, self.factors)
        return Polynomials(self.rows, coefficients, factors, self.shape)

    def terms(self, x: Array) -> Array:
        """Value of each term, shape (terms,)."""
        return self.coefficients * self._taken(x).prod(axis=1)

    def values(self, x: Array) -> Array:
        """Value of each row, shape (rows,); of complex ``x`` complex."""
        return _summed(self.rows, self.terms(x), self.shape[0])

    def sizes(self, x: Array) -> Array:
        """Sum of the absolute values of the terms of each row, shape (rows,)."""
        return _summed(self.rows, np.abs(self.terms(x)), self.shape[0])

    def jacobian(self, x: Array) -> sp.csr_array:
        """First derivatives, shape (rows, variables), always on the same pattern."""
        term, place, target, indices, indptr = self._first
        taken = self._taken(x)
        entries = self.coefficients[term].astype(taken.dtype)
        for step in range(1, DEGREE):
            entries = entries * taken[term, (place + step) % DEGREE]
        return sp.csr_array((_summed(target, entries, len(indices)), indices, indptr), shape=self.shape)

    def hessian(self, x: Array, multipliers: Array) -> sp.csr_array:
        """Sum over rows of multiplier times second derivatives, shape (variables, variables)."""
        term, other, target, indices, indptr = self._second
        taken = self._taken(x)
        entries = self.coefficients[term] * np.asarray(multipliers)[self.rows[term]] * taken[term, other]
        variables = self.shape[1]
        return sp.csr_array(
            (_summed(target, entries, len(indices)), indices, indptr), shape=(variables, variables)
        )

    def _taken(self, x: Array) -> Array:
        """The variables of each term, 1 where it has fewer, shape (terms, 3)."""
        padded = np.append(np.asarray(x), 1.0)
        return padded[self.factors]

    @cached_property
    def _first(self) -> tuple[Array, Array, Array, Array, Array]:
        """Which term and which of its variables each derivative comes from, and where it goes."""
        term, place = np.nonzero(self.factors >= 0)
        return term, place, *_pattern(self.rows[term], self.factors[term, place], self.shape)

    @cached_property
    def _second(self) -> tuple[Array, Array, Array, Array, Array]:
        """Which term and which variable is left in each second derivative, and where it goes."""
        terms, others, firsts, seconds = [], [], [], []
        for first, second in _PAIRS:
            (term,) = np.nonzero((self.factors[:, first] >= 0) & (self.factors[:, second] >= 0))
            terms.append(term)
            others.append(np.full(len(term), DEGREE - first - second))
            firsts.append(self.factors[term, first])
            seconds.append(self.factors[term, second])
        square = (self.shape[1], self.shape[1])
        place = _pattern(np.concatenate(firsts), np.concatenate(seconds), square)
        return np.concatenate(terms), np.concatenate(others), *place


def _pattern(rows: Array, columns: Array, shape: tuple[int, int]) -> tuple[Array, Array, Array]:
    """Where each entry goes in a compressed matrix of these entries: places, column indices, row pointers."""
    keys, target = np.unique(rows * np.int64(shape[1]) + columns, return_inverse=True)
    indptr = np.zeros(shape[0] + 1, dtype=np.int32)
    np.cumsum(np.bincount(keys // max(shape[1], 1), minlength=shape[0]), out=indptr[1:])
    return target.reshape(-1), (keys % max(shape[1], 1)).astype(np.int32), indptr


def _summed(places: Array, amounts: Array, size: int) -> Array:
    """Sums of the amounts that go to one place; complex ones part by part."""
    if np.iscomplexobj(amounts):
        real = np.bincount(places, amounts.real, minlength=size)
        return real + 1j * np.bincount(places, amounts.imag, minlength=size)
    # Of no terms at all numpy counts whole numbers.
    return np.bincount(places, amounts, minlength=size).astype(float, copy=False)
