"""Reconciliation of balances of any kind, dense: what the engine for networks does not take.

Start with `reconcile_linear` and `reconcile_nonlinear`; `reconcile_within` keeps values within bounds, and
`reconcile_robustly` keeps a bad meter from spoiling the rest. `smallest_additions` tells what else to measure.
"""

from openrecp.balances.general.additions import Additions, Unmeasurable, smallest_additions
from openrecp.balances.general.bounds import reconcile_within
from openrecp.balances.general.held import ContradictoryBounds
from openrecp.balances.general.linear import reconcile_linear
from openrecp.balances.general.nonlinear import reconcile_nonlinear
from openrecp.balances.general.projection import Projection, projected
from openrecp.balances.general.reduction import ContradictoryBalances
from openrecp.balances.general.robust import (
    Estimator,
    RobustReconciliation,
    reconcile_robustly,
    weights_of,
)

__all__ = [
    "Additions",
    "ContradictoryBalances",
    "ContradictoryBounds",
    "Estimator",
    "Projection",
    "RobustReconciliation",
    "Unmeasurable",
    "projected",
    "reconcile_linear",
    "reconcile_nonlinear",
    "reconcile_robustly",
    "reconcile_within",
    "smallest_additions",
    "weights_of",
]
