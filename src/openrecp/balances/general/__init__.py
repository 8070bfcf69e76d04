"""Reconciliation of balances of any kind, dense: what the engine for networks does not take.

Start with `reconcile_linear` and `reconcile_nonlinear`.
"""

from openrecp.balances.general.bounds import reconcile_within
from openrecp.balances.general.held import ContradictoryBounds
from openrecp.balances.general.linear import reconcile_linear
from openrecp.balances.general.nonlinear import reconcile_nonlinear
from openrecp.balances.general.reduction import ContradictoryBalances

__all__ = [
    "ContradictoryBalances",
    "ContradictoryBounds",
    "reconcile_linear",
    "reconcile_nonlinear",
    "reconcile_within",
]
