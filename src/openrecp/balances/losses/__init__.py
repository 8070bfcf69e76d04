"""What nobody accounted for: balances as measured, and losses in mass and money with their intervals.

Start with `closures` and `unaccounted_losses`.
"""

from openrecp.balances.losses.names import Names
from openrecp.balances.losses.prices import Price
from openrecp.balances.losses.ranking import LossOrigin, UnaccountedLoss, unaccounted_losses
from openrecp.balances.losses.raw_closure import MeasuredClosure, closures, loss_streams

__all__ = [
    "LossOrigin",
    "MeasuredClosure",
    "Names",
    "Price",
    "UnaccountedLoss",
    "closures",
    "loss_streams",
    "unaccounted_losses",
]
