"""What drives each stream when something changes.

Products are what the plant is there for, so they stay. What a process takes in follows what it must hand on
(pulled); what it gives off as waste, to treatment or back to an earlier process follows its throughput (pushed). In a
loop, the stream that leads away from the product is the one that is given off.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra

from openrecp.balances.costs import CostNetwork
from openrecp.balances.problems import Array


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """How each stream is driven; one of the three, or none for streams of energy.

    Attributes
    ----------
    fixed, pushed, pulled : bool array, shape (streams,)
        Stays as it is; follows the throughput of where it starts; follows the intake of where it ends.
    recycled : bool array, shape (streams,)
        Leads back to an earlier process.
    backward : bool array, shape (streams,)
        Leads away from the product in a loop, even if the process it enters takes nothing else in and so pulls it.
    fed : bool array, shape (processes,)
        Processes that lead to no product, such as treatment: they take what they are given.
    """

    fixed: Array
    pushed: Array
    pulled: Array
    recycled: Array
    backward: Array
    fed: Array


def stream_drive(network: CostNetwork, recycles: Collection[str] = ()) -> Drive:
    """Tell what drives each stream.

    Parameters
    ----------
    network : CostNetwork
    recycles : collection of str, optional
        Streams that are recycles besides those that are found.

    Returns
    -------
    Drive
    """
    count = len(network.processes)
    flowing = network.material & (network.masses > 0)
    inner = (network.starts >= 0) & (network.ends >= 0) & network.material
    made = flowing & network.leaving & ~network.lost & (network.starts >= 0)
    distance = _steps_to_product(network, flowing & inner, made)
    fed = ~np.isfinite(distance)
    loop = _loops(network, flowing & inner)
    starts, ends = network.starts, network.ends
    recycled = np.zeros(starts.size, dtype=bool)
    recycled[inner] = (loop[starts] == loop[ends])[inner] & (distance[ends] >= distance[starts])[inner]
    recycled &= np.append(~fed, False)[starts]
    recycled[[network.streams[key] for key in recycles if key in network.streams]] = True
    recycled &= inner
    into_fed = inner & np.append(fed, False)[ends]
    pushed = network.material & (starts >= 0) & ((network.leaving & network.lost) | recycled | into_fed)
    pushed = _with_intake(network, pushed, into_fed, fed)
    fixed = network.material & network.leaving & ~pushed
    pulled = network.material & ~fixed & ~pushed
    return Drive(fixed, pushed, pulled, recycled & pushed, recycled, fed[:count])


def _steps_to_product(network: CostNetwork, inner: Array, made: Array) -> Array:
    count = len(network.processes)
    rows = np.concatenate([network.ends[inner], np.full(int(made.sum()), count)])
    columns = np.concatenate([network.starts[inner], network.starts[made]])
    back = sp.csr_array((np.ones(rows.size), (rows, columns)), shape=(count + 1, count + 1))
    found: Array = dijkstra(back, indices=np.array([count]), unweighted=True)
    return found[0, :count]


def _loops(network: CostNetwork, inner: Array) -> Array:
    count = len(network.processes)
    graph = sp.csr_array(
        (np.ones(int(inner.sum())), (network.starts[inner], network.ends[inner])), shape=(count, count)
    )
    found: Array = connected_components(graph, directed=True, connection="strong")[1]
    return found


def _with_intake(network: CostNetwork, pushed: Array, into_fed: Array, fed: Array) -> Array:
    """Let every process that makes something pull at least one stream: its largest, if all were pushed."""
    entering = network.material & (network.ends >= 0) & (network.masses > 0)
    pulls = network.into((entering & ~pushed).astype(float)) > 0
    lacking = entering & pushed & ~into_fed & np.append(~pulls & ~fed, False)[network.ends]
    places = np.flatnonzero(lacking)
    order = places[np.lexsort((network.masses[places], network.ends[places]))]
    ends = network.ends[order]
    largest = order[np.append(ends[1:] != ends[:-1], True)] if order.size else order
    changed = pushed.copy()
    changed[largest] = False
    return changed
