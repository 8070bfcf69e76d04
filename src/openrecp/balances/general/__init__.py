"""Reconciliation of balances of any kind, dense: what the engine for networks does not take.

Start with `reconcile_linear`.
"""

from openrecp.balances.general.linear import reconcile_linear

__all__ = ["reconcile_linear"]
