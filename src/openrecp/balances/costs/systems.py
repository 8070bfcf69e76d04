"""Solving the system of the processes: factorised, or step by step where the wiring would fill the factors in.

Plants are wired along their lines, and their factors stay nearly as sparse as they are. Where tens of thousands of
processes are wired at random, the factors would fill the memory; but there costs leave soon, and steps converge fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import reverse_cuthill_mckee
from scipy.sparse.linalg import bicgstab, splu

from openrecp.balances.problems import Array

_ALWAYS_FACTORISED: Final = 4_000
_HUB: Final = 30
_WORK: Final = 1e10
_EXACT: Final = 1e-14
_RESTARTS: Final = 12
_SWEEPS: Final = 50


@dataclass(frozen=True, slots=True, eq=False)
class StepwiseSystem:
    """A system that is solved step by step, until what is left is rounding; used as a factorisation is."""

    matrix: sp.csc_array

    def solve(self, right: Array, trans: str = "N") -> Array:
        """Solve for one right-hand side or for several columns of them.

        Parameters
        ----------
        right : array, shape (processes,) or (processes, columns)
        trans : {"N", "T"}
            "T" for the transposed system.

        Returns
        -------
        array, shape of ``right``

        Raises
        ------
        ArithmeticError
            If the steps do not converge.
        """
        matrix = self.matrix.T if trans == "T" else self.matrix
        matrix = matrix.tocsr()
        if right.ndim == 1:
            return _solution(matrix, right)
        return np.column_stack([_solution(matrix, column) for column in right.T])


def build_system(matrix: sp.csc_array) -> Any:
    """The system ready to be solved: ``solve(right, trans)``.

    Parameters
    ----------
    matrix : scipy.sparse.csc_array, shape (processes, processes)
        1 less shares whose columns add up to 1 at most.

    Returns
    -------
    SuperLU or StepwiseSystem
    """
    if _fills_in(matrix):
        steps = StepwiseSystem(matrix)
        try:
            steps.solve(np.ones(matrix.shape[0]))
        except ArithmeticError:
            pass
        else:
            return steps
    return splu(matrix, permc_spec="COLAMD", diag_pivot_thresh=0.0)


def _fills_in(matrix: sp.csc_array) -> bool:
    """Whether factors along the narrowest front would cost too much; hubs, which fill little, are left out."""
    count = matrix.shape[0]
    if count <= _ALWAYS_FACTORISED:
        return False
    pattern = sp.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    both = (pattern + pattern.T).tocsr()
    few = np.flatnonzero(np.diff(both.indptr) <= _HUB)
    both = both[few][:, few].tocsr()
    order = reverse_cuthill_mckee(both, symmetric_mode=True)
    place = np.empty(few.size, dtype=np.int64)
    place[order] = np.arange(few.size)
    coordinates = both.tocoo()
    ahead = np.arange(few.size)
    np.maximum.at(ahead, place[coordinates.row], place[coordinates.col])
    width = float((np.maximum.accumulate(ahead) - np.arange(few.size)).mean())
    return count * width**2 > _WORK


def _solution(matrix: sp.csr_array, right: Array) -> Array:
    size = float(np.abs(right).sum())
    found = np.zeros_like(right, dtype=float)
    left = right.astype(float)
    for _ in range(_RESTARTS):
        if np.abs(left).sum() <= _EXACT * size:
            return found
        step, _state = bicgstab(matrix, left, rtol=1e-8, atol=0.0, maxiter=200)
        rest = left - matrix @ step
        if np.abs(rest).sum() < 0.5 * np.abs(left).sum():
            found, left = found + step, right - matrix @ (found + step)
            continue
        # Where that stumbles, hand the costs on round by round; it takes longer and never fails.
        for _sweep in range(_SWEEPS):
            found += left
            left = right - matrix @ found
    if not np.abs(left).sum() <= 1e3 * _EXACT * size:
        raise ArithmeticError("the costs do not settle step by step")
    return found
