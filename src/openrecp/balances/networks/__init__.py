"""Networks of flows in one quantity, measured independently: exact at any size."""

from openrecp.balances.networks.additions import cheapest_additions
from openrecp.balances.networks.covariance import network_covariance
from openrecp.balances.networks.network import ContradictoryFlows, NetworkReconciliation, reconcile_network
from openrecp.balances.networks.nonnegative import Unsettled, reconcile_nonnegative
from openrecp.balances.networks.serial import Elimination, eliminate_errors

__all__ = [
    "ContradictoryFlows",
    "Elimination",
    "NetworkReconciliation",
    "Unsettled",
    "cheapest_additions",
    "eliminate_errors",
    "network_covariance",
    "reconcile_network",
    "reconcile_nonnegative",
]
