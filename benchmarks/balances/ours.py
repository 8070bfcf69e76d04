"""The one place where the benchmark names what it measures of OpenRECP."""

from __future__ import annotations

from plants import Compositions, Network

from openrecp.balances.compositions import CompositionReconciliation, reconcile_compositions
from openrecp.balances.networks import (
    Elimination,
    NetworkReconciliation,
    eliminate_errors,
    reconcile_network,
)


def reconciled(network: Network) -> NetworkReconciliation:
    """Values, standard deviations, classes, chi-square and z of every stream."""
    return reconcile_network(network.nodes, network.tails, network.heads, network.measured, network.sds)


def reconciled_compositions(plant: Compositions) -> CompositionReconciliation:
    """Flows and shares of every component with their standard deviations."""
    return reconcile_compositions(plant.nodes, plant.tails, plant.heads, plant.measured, plant.sds)


def eliminated(found: NetworkReconciliation, critical: float) -> tuple[Elimination, ...]:
    """Errors that serial elimination takes out, one after the other."""
    return eliminate_errors(found, critical)
