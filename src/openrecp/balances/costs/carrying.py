"""Costs carried along the streams, round every loop, to where they leave.

What process i is handed on: X_i = stock_i + sum over streams j into i of cost_j, and a stream takes along
cost_j = bought_j + carried_j X_start + own_j own_start. Put together, (1 - D P) X = D (bought + own) + stock, one
sparse system for all processes; an infinite round of rework is its exact solution and no series that is cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order

from openrecp.balances.costs.network import CostNetwork
from openrecp.balances.costs.shares import Shares
from openrecp.balances.costs.systems import build_system
from openrecp.balances.problems import Array


@dataclass(frozen=True, slots=True, eq=False)
class Carrier:
    """The system of one kind of cost, factorised.

    Attributes
    ----------
    carried, own : array, shape (streams,)
        Shares as used: 0 for streams out of ``trapped`` processes.
    stored : array, shape (processes,)
    trapped : bool array, shape (processes,)
        Processes from which no way leads out: a loop that is closed, or no stream out at all. Costs end there.
    factors : SuperLU or StepwiseSystem
        Of 1 - D P, shape (processes, processes).
    """

    network: CostNetwork
    shares: Shares
    carried: Array
    own: Array
    stored: Array
    trapped: Array
    factors: Any


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """One kind of cost: of the streams, kept in stocks, held up where no way leads out, and handed to processes.

    ``streams`` has shape (streams,), the others (processes,) [currency a period].
    """

    streams: Array
    stored: Array
    trapped: Array
    handed: Array


def build_carrier(network: CostNetwork, shares: Shares) -> Carrier:
    """Factorise the system of the processes.

    Raises
    ------
    RuntimeError
        Never for shares between 0 and 1: what would make the system singular is kept apart as ``trapped``.
    """
    trapped = _trapped(network, shares)
    free = np.append(~trapped, False)[network.starts]
    carried = np.where(free, shares.carried, 0.0)
    own = np.where(free, shares.own, 0.0)
    stored = np.where(trapped, 0.0, shares.stored)
    count = len(network.processes)
    inner = (network.starts >= 0) & (network.ends >= 0) & (carried > 0)
    turn = sp.csc_array((carried[inner], (network.ends[inner], network.starts[inner])), shape=(count, count))
    system = (sp.eye_array(count, format="csc") - turn).tocsc()
    return Carrier(network, shares, carried, own, stored, trapped, build_system(system))


def carry(carrier: Carrier, bought: Array, own: Array, stock: Array) -> Carried:
    """Carry costs to where they leave.

    Parameters
    ----------
    carrier : Carrier
    bought : array, shape (streams,)
        Cost that begins with a stream.
    own : array, shape (processes,)
        Cost that arises in a process.
    stock : array, shape (processes,)
        Value of its opening stock.

    Returns
    -------
    Carried
    """
    network = carrier.network
    begun = bought + carrier.own * network.at_start(own)
    given = network.into(begun) + stock
    handed = carrier.factors.solve(given)
    # One step of refinement takes the last rounding out of long loops.
    handed += carrier.factors.solve(given - handed + network.into(carrier.carried * network.at_start(handed)))
    streams = begun + carrier.carried * network.at_start(handed)
    held_up = np.where(carrier.trapped, handed + own, 0.0)
    # A process that only fills its stock leaves its own costs there.
    filling = ~carrier.trapped & (network.out_of(carrier.own) <= 0)
    return Carried(streams, carrier.stored * handed + np.where(filling, own, 0.0), held_up, handed)


def _trapped(network: CostNetwork, shares: Shares) -> Array:
    """Processes from which no positive share leads to the environment or into a stock."""
    count = len(network.processes)
    used = (network.starts >= 0) & (shares.carried > 0)
    sink = np.where(network.leaving, count, network.ends)[used]
    kept = np.flatnonzero(shares.stored > 0)
    rows = np.concatenate([sink, np.full(kept.size, count)])
    columns = np.concatenate([network.starts[used], kept])
    back = sp.csr_array((np.ones(rows.size), (rows, columns)), shape=(count + 1, count + 1))
    reached = breadth_first_order(back, count, directed=True, return_predecessors=False)
    trapped = np.ones(count + 1, dtype=bool)
    trapped[reached] = False
    return trapped[:count]
