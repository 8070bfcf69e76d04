"""Sparse symmetric positive definite matrices: factored once, solved, and their inverse where it is needed.

A balance needs only those entries of the inverse that stand where the matrix itself has entries. They are found from
the factor by going through the elimination tree once, from its root to its leaves (Takahashi's recursion), at a
cost near that of the factorisation; one solve for each column would take hundreds of times as long.
"""

from openrecp.balances.factors.factor import Factor, NotPositiveDefinite
from openrecp.balances.factors.fill import fills_in
from openrecp.balances.factors.iteration import Iteration, NotSolved
from openrecp.balances.factors.pieces import ranges

__all__ = ["Factor", "Iteration", "NotPositiveDefinite", "NotSolved", "fills_in", "ranges"]
