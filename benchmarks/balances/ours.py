"""The one place where the benchmark names what it measures of OpenRECP."""

from __future__ import annotations

import importlib
from typing import Any

from plants import Compositions, Network


def reconciled(network: Network) -> Any:
    """Values, standard deviations, classes, chi-square and z of every stream."""
    networks = importlib.import_module("openrecp.balances.networks")
    return networks.reconcile_network(network.tails, network.heads, network.measured, network.sds)


def reconciled_compositions(plant: Compositions) -> Any:
    """Flows and shares of every component with their standard deviations."""
    engine = importlib.import_module("openrecp.balances.compositions")
    network = plant.network
    return engine.reconcile_compositions(
        network.tails, network.heads, network.measured, network.sds, plant.shares, plant.share_sds
    )


def wrong_meters(network: Network, found: Any) -> Any:
    """Numbers of the streams that serial elimination takes out, given a reconciliation."""
    tests = importlib.import_module("openrecp.balances.gross_errors")
    return tests.serial_elimination(network.tails, network.heads, found)


def available(module: str) -> bool:
    """Whether a module of the balances is there; a line is printed if not."""
    try:
        importlib.import_module(f"openrecp.balances.{module}")
    except ImportError:
        print(f"  openrecp.balances.{module} is not here: not measured")
        return False
    return True
