"""The one place where the benchmark names what it measures of OpenRECP."""

from __future__ import annotations

from typing import Any

import numpy as np
from openrecp.balances.compositions import CompositionReconciliation, reconcile_compositions
from openrecp.balances.networks import NetworkReconciliation, eliminate_errors, reconcile_network
from plants import Compositions, Network


def reconciled(network: Network) -> NetworkReconciliation:
    """Values, standard deviations, classes, chi-square and z of every stream."""
    return reconcile_network(network.nodes, network.tails, network.heads, network.measured, network.sds)


def reconciled_compositions(plant: Compositions) -> CompositionReconciliation:
    """Flows and shares of every component with their standard deviations."""
    return reconcile_compositions(plant.nodes, plant.tails, plant.heads, plant.measured, plant.sds)


def wrong_meters(found: NetworkReconciliation, critical: float) -> Any:
    """Streams whose meters serial elimination takes out; of those that no test tells apart, all."""
    taken = eliminate_errors(found, critical)
    return np.concatenate([step.streams for step in taken]) if taken else np.array([], dtype=int)
