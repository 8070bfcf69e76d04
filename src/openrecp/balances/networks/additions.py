"""What else to measure in a network of any size, so that every stream is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import minimum_spanning_tree


def cheapest_additions(nodes: int, tails: Any, heads: Any, measured: Any, costs: Any) -> Any:
    """The cheapest streams to measure in addition, so that the balances give all others.

    The unmeasured streams that are left must not close a cycle, the environment being a node like any other; the
    dearest ones that do not are the heaviest spanning forest, and all others have to be measured.

    Parameters
    ----------
    nodes : int
    tails, heads : int array, shape (streams,)
        Node where each stream begins and ends; -1 is the environment.
    measured : bool array, shape (streams,)
    costs : array, shape (streams,)
        Of measuring each; infinite is what cannot be measured and is chosen only if there is no way around it.

    Returns
    -------
    int array
        Streams to measure, ascending.

    References
    ----------
    J. B. Kruskal, On the shortest spanning subtree of a graph, Proceedings of the American Mathematical Society 7 (1956)
    48-50.

    >>> cheapest_additions(2, np.array([-1, 0, 0, 1]), np.array([0, 1, 1, -1]), np.array([True, False, False, True]),
    ...                    np.array([1.0, 200.0, 500.0, 1.0])).tolist()
    [1]
    """
    streams = np.flatnonzero(~np.asarray(measured, dtype=bool))
    first = np.where(tails < 0, nodes, tails)[streams]
    second = np.where(heads < 0, nodes, heads)[streams]
    dearest = np.lexsort((streams, -np.asarray(costs, dtype=float)[streams]))
    rank = np.empty(streams.size)
    rank[dearest] = np.arange(1, streams.size + 1)
    apart = np.flatnonzero(first != second)
    pair = np.minimum(first, second)[apart] * (nodes + 1) + np.maximum(first, second)[apart]
    order = np.lexsort((rank[apart], pair))
    once = apart[order][np.append(True, np.diff(pair[order]) != 0)] if apart.size else apart
    low, high = np.minimum(first, second)[once], np.maximum(first, second)[once]
    graph = sp.csr_array((rank[once], (low, high)), shape=(nodes + 1, nodes + 1))
    kept = minimum_spanning_tree(graph).data.astype(np.int64)
    left = np.ones(streams.size, dtype=bool)
    left[dearest[kept - 1]] = False
    return streams[left]
