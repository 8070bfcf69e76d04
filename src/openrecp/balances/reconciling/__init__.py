"""Reconciliation of anything: the engine is chosen by what the balances are."""

from openrecp.balances.reconciling.choice import reconcile, reconcile_system, solve
from openrecp.balances.reconciling.plain_networks import Network, network_of
from openrecp.balances.reconciling.solution import Solution

__all__ = ["Network", "Solution", "network_of", "reconcile", "reconcile_system", "solve"]
