"""Reconciliation of anything: the engine is chosen by what the balances are."""

from openrecp.balances.reconciling.choice import reconcile, reconcile_system, solve
from openrecp.balances.reconciling.solution import Solution

__all__ = ["Solution", "reconcile", "reconcile_system", "solve"]
