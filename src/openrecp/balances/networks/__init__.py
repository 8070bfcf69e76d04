"""Networks of flows in one quantity, measured independently: exact at any size."""

from openrecp.balances.networks.network import ContradictoryFlows, NetworkReconciliation, reconcile_network

__all__ = ["ContradictoryFlows", "NetworkReconciliation", "reconcile_network"]
