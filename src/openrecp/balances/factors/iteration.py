"""Solving without a factor, for matrices that would fill in: conjugate gradients, scaled by the diagonal."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import scipy.sparse as sp

_TOLERANCE: Final = 1e-12
_STEPS: Final = 5_000


class NotSolved(RuntimeError):
    """The iteration did not end."""


class Iteration:
    """A sparse symmetric positive definite matrix, solved by iteration, for one or many right-hand sides at once.

    Parameters
    ----------
    upper : scipy.sparse.csc_array, shape (n, n)
        The upper triangle with the diagonal.

    >>> solver = Iteration(sp.csc_array(np.array([[4.0, -1.0], [0.0, 4.0]])))
    >>> (solver.solve(np.array([1.0, 0.0])) * 15).round(9).tolist()
    [4.0, 1.0]
    """

    def __init__(self, upper: Any) -> None:
        self.rows: int = upper.shape[0]
        self._matrix = sp.csr_array(upper + sp.triu(upper, 1).T)
        self._diagonal = self._matrix.diagonal()
        self.fill = int(self._matrix.nnz)

    def solve(self, right: Any) -> Any:
        """The solution for right-hand sides of shape (n,) or (n, k).

        Raises
        ------
        NotSolved
            If the residual stays above 1e-12 of the right-hand side.
        """
        wide = right.reshape(self.rows, -1).astype(float)
        found = self._solved(wide)
        return found.reshape(right.shape)

    def _solved(self, right: Any) -> Any:
        scale = 1.0 / self._diagonal[:, None]
        found, left = np.zeros_like(right), right.copy()
        goal = _TOLERANCE**2 * np.maximum((right**2).sum(axis=0), 1e-300)
        near = scale * left
        direction, size = near.copy(), (left * near).sum(axis=0)
        for _ in range(_STEPS):
            if ((left**2).sum(axis=0) <= goal).all():
                return found
            pushed = self._matrix @ direction
            bend = (direction * pushed).sum(axis=0)
            step = np.divide(size, bend, out=np.zeros_like(size), where=bend > 0)
            found += step * direction
            left -= step * pushed
            near = scale * left
            further = (left * near).sum(axis=0)
            direction = near + np.divide(further, size, out=np.zeros_like(size), where=size > 0) * direction
            size = further
        raise NotSolved("the balances could not be solved by iteration")
