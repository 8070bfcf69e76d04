"""A factored matrix: solves, and entries of the inverse."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
import qdldl
import scipy.sparse as sp

from openrecp.balances.factors.pieces import Pieces, cut_tree
from openrecp.balances.factors.selection import selected_inverse

_DENSE: Final = 100
"""Rows up to which a dense inverse is quicker than going through the tree."""


class NotPositiveDefinite(ValueError):
    """A pivot was not above zero."""


class Factor:
    """A sparse symmetric positive definite matrix, factored as L D L' after a minimum degree ordering.

    Parameters
    ----------
    upper : scipy.sparse.csc_array, shape (n, n)
        The upper triangle with the diagonal. An explicit zero asks for the entry of the inverse that stands there.

    Raises
    ------
    NotPositiveDefinite
        If the matrix is not positive definite.

    References
    ----------
    Takahashi, Fagan and Chen (1973), Formation of a sparse bus impedance matrix and its application to
    short circuit study, PICA Conference Proceedings; Erisman and Tinney (1975), Communications of the ACM 18:177.

    >>> upper = sp.csc_array(np.triu([[4.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 4.0]]))
    >>> factor = Factor(upper)
    >>> rows, columns = np.array([0, 1, 2]), np.array([0, 2, 2])
    >>> np.round(factor.inverse_at(rows, columns) * 56, 9).tolist()
    [15.0, 4.0, 15.0]
    """

    def __init__(self, upper: Any) -> None:
        self.rows: int = upper.shape[0]
        self._upper = sp.csc_matrix(upper)
        self._solver: Any = None
        if self.rows <= _DENSE:
            self._factor_dense()
        else:
            self._factor_sparse()

    def _factor_dense(self) -> None:
        whole = self._upper.toarray()
        whole = whole + np.triu(whole, 1).T
        try:
            np.linalg.cholesky(whole)
            self._inverse = np.linalg.inv(whole)
        except np.linalg.LinAlgError as error:
            raise NotPositiveDefinite(str(error)) from None

    def _factor_sparse(self) -> None:
        try:
            self._solver = qdldl.Solver(self._upper, upper=True)
        except (RuntimeError, ValueError) as error:
            raise NotPositiveDefinite(str(error)) from None
        self._read_factors()

    def _read_factors(self) -> None:
        lower, pivots, order = self._solver.factors()
        if not (np.isfinite(pivots).all() and (pivots > 0).all()):
            raise NotPositiveDefinite("a pivot is not above zero")
        self._lower, self._pivots = lower, pivots
        self._order = np.asarray(order)

    def refactor(self, upper: Any) -> None:
        """Factor a matrix of the same pattern, keeping the ordering.

        Raises
        ------
        NotPositiveDefinite
            If the matrix is not positive definite.
        """
        self._upper = sp.csc_matrix(upper)
        if self._solver is None:
            self._factor_dense()
            return
        self._solver.update(self._upper, upper=True)
        self._read_factors()

    @property
    def fill(self) -> int:
        """Entries of the factor below its diagonal."""
        return self.rows * (self.rows - 1) // 2 if self._solver is None else int(self._lower.nnz)

    def solve(self, right: Any) -> Any:
        """The solution for one right-hand side, shape (n,)."""
        if self._solver is None:
            return self._inverse @ right
        return self._solver.solve(np.ascontiguousarray(right, dtype=float))

    @cached_property
    def _places(self) -> Any:
        """Where each row of the matrix stands in the order of elimination."""
        places = np.empty(self.rows, dtype=np.int64)
        places[self._order] = np.arange(self.rows)
        return places

    @cached_property
    def _pieces(self) -> Pieces:
        return cut_tree(self._lower)

    def inverse_at(self, rows: Any, columns: Any) -> Any:
        """Entries of the inverse, at places where the matrix has entries, explicit zeros among them.

        Parameters
        ----------
        rows, columns : int array, shape (k,)

        Returns
        -------
        array, shape (k,)
            Without the order of the pair mattering.

        Raises
        ------
        ValueError
            If an entry lies outside the pattern of the factor.
        """
        if self._solver is None:
            return self._inverse[rows, columns]
        first, second = self._places[rows], self._places[columns]
        return selected_inverse(
            self._lower, self._pivots, self._pieces, np.maximum(first, second), np.minimum(first, second)
        )
