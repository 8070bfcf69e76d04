"""Whether factoring a matrix would fill it in so much that another way is better, told before it is tried.

Plants are made of sections, so their graphs fall apart when a few nodes are taken away, and factors stay thin. Where
streams join processes at random, there is nothing to cut, and the factor of a hundred thousand rows is nearly full.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, connected_components
from scipy.sparse.linalg import spilu

_ALWAYS: Final = 3_000
"""Rows up to which a factor is made whatever it costs: a second or two at the worst."""
_BROAD: Final = 0.15
"""Share of all nodes at one distance from a node above which the graph may have nothing to be cut at."""
LARGEST: Final = 4_000_000
"""Entries of the factor of a broad graph that are still worth making: some ten seconds of work."""


def fills_in(upper: Any, largest: int = LARGEST) -> bool:
    """Whether the factor of a matrix, given by its upper triangle, would have more than ``largest`` entries.

    Cheap for the graphs of plants: one search through the graph. Only where the graph is broad is an ordering made
    and the factor counted without numbers.
    """
    if upper.shape[0] <= _ALWAYS:
        return False
    graph = sp.csr_matrix(upper + sp.triu(upper, 1).T)
    if _breadth(graph) <= _BROAD:
        return False
    return factor_entries(graph, _ordering(graph), largest) > largest


def _breadth(graph: Any) -> float:
    """The largest share of nodes at one distance from some node of the largest part."""
    _, part = connected_components(graph, directed=False)
    start = int(np.flatnonzero(part == np.bincount(part).argmax())[0])
    order, above = breadth_first_order(graph, start, return_predecessors=True)
    distance = np.zeros(graph.shape[0], dtype=np.int64)
    for node, over in zip(order[1:].tolist(), above[order[1:]].tolist(), strict=True):
        distance[node] = distance[over] + 1
    return int(np.bincount(distance[order]).max()) / int(graph.shape[0])


def _ordering(graph: Any) -> Any:
    """A minimum degree ordering; the incomplete factor that comes with it drops everything."""
    safe = sp.csc_matrix(graph + sp.diags_array(np.full(graph.shape[0], 1.0 + abs(graph).sum(axis=1).max())))
    done = spilu(
        safe,
        drop_tol=1.0,
        fill_factor=1.0,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    return np.argsort(done.perm_c)


def factor_entries(graph: Any, order: Any, enough: int) -> int:
    """Entries below the diagonal of the factor in an order of elimination; counting stops above ``enough``.

    Row by row, each entry of the matrix is followed up the elimination tree until a node already met (Liu 1986).
    """
    permuted = sp.csr_matrix(graph[order][:, order])
    count = permuted.shape[0]
    parents, met = [-1] * count, [-1] * count
    starts, columns = permuted.indptr.tolist(), permuted.indices.tolist()
    entries = 0
    for row in range(count):
        met[row] = row
        for place in range(starts[row], starts[row + 1]):
            node = columns[place]
            while node < row and met[node] != row:
                if parents[node] < 0:
                    parents[node] = row
                entries += 1
                met[node] = row
                node = parents[node]
        if entries > enough:
            break
    return entries
