"""The one place where the benchmark names what it measures of OpenRECP."""

from __future__ import annotations

from typing import Final

import numpy as np
from plants import Compositions, Network

from openrecp.balances.analysis import BalanceAnalysis, analyse_balance
from openrecp.balances.compositions import CompositionReconciliation, reconcile_compositions
from openrecp.balances.cost_data import CostData
from openrecp.balances.flowsheet import Flowsheet, Measurement, Process, Role, Stream
from openrecp.balances.gross_errors.large_networks import network_critical_value
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


PARTS: Final = (
    "closures",
    "losses",
    "suspicion",
    "cleaned",
    "missing_meters",
    "next_meters",
    "costs",
    "issues",
)
"""What an analysis works out when it is asked for, in the order in which one needs the other."""


def flowsheet_of(network: Network) -> Flowsheet:
    """The network as a drawing: what enters is bought, what leaves is product or, each third, waste."""

    def stream(place: int) -> Stream:
        tail, head = int(network.tails[place]), int(network.heads[place])
        flow = float(network.measured[place])
        out = Role.WASTE if place % 3 else Role.PRODUCT
        return Stream(
            f"S{place}",
            f"Stream {place}",
            None if tail < 0 else f"P{tail}",
            None if head < 0 else f"P{head}",
            flow=None if np.isnan(flow) else Measurement(flow, float(network.sds[place])),
            role=Role.INPUT if tail < 0 else out if head < 0 else Role.INTERNAL,
            price=2.0 if tail < 0 else None,
        )

    processes = tuple(Process(f"P{place}", f"Process {place}") for place in range(network.nodes))
    return Flowsheet("Plant", processes, tuple(map(stream, range(network.streams))), currency="TWD")


def analysed(flowsheet: Flowsheet) -> BalanceAnalysis:
    """Faults, equations, values, classes and intervals."""
    system_costs = {process.key: 100.0 for process in flowsheet.processes}
    return analyse_balance(flowsheet, CostData(system=system_costs))


def critical_value(found: NetworkReconciliation) -> float:
    """What the largest statistic of all biases and leaks must exceed, for one false alarm in twenty plants."""
    value = network_critical_value(found)
    if value is None:
        raise ValueError("nothing is checked")
    return value.value


def eliminated(found: NetworkReconciliation, critical: float) -> tuple[Elimination, ...]:
    """Errors that serial elimination takes out, one after the other."""
    return eliminate_errors(found, critical)
