"""Which streams of a network the balances check, compute, or leave open, found on the graph in linear time.

Nodes are numbered from 0; the environment is -1. Streams that nobody measured form a graph of their own, with the
environment as one of its nodes:

- a stream on a cycle of that graph is unobservable: any amount may go round;
- the others are its bridges. Removing one cuts a part off, and the balance of that part gives the stream: observable;
- nodes joined by unmeasured streams have only one balance together. A measured stream inside such a group is in no
  balance: just measured. All others are redundant.

Bridges are the streams of a spanning tree that no other stream bypasses; the bypassing ones are counted from both
their ends up to where these meet. Everything is done on arrays, level by level of the tree.

Reference: Kretsovalis and Mah (1987), Observability and redundancy classification in multicomponent process
networks, AIChE Journal 33:70.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, connected_components

from openrecp.balances.problems import VariableClass


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """The computable streams as trees over blocks of nodes, each tree with a root.

    Attributes
    ----------
    block : int array, shape (nodes + 1,)
        Block of each node, the environment last; nodes of a block are joined by unobservable streams.
    parents : int array, shape (blocks,)
        The block above, or -1 for a root.
    streams : int array, shape (blocks,)
        The stream that joins a block to the one above, or -1.
    levels : tuple of int array
        Blocks that have a block above, level by level from the roots down.
    """

    block: Any
    parents: Any
    streams: Any
    levels: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Observability:
    """What the graph says.

    Attributes
    ----------
    classes : int8 array, shape (streams,)
    group : int array, shape (nodes + 1,)
        Number of the balance each node belongs to, the environment last; -1 for what is joined to the environment.
    balances : int
        Groups with a balance of their own.
    spare : int array
        One balance of each part of the network that has no stream to the environment: the others imply it.
    part : int array, shape (balances,)
        Which part of the network each balance is in; -1 for those that reach the environment.
    """

    classes: Any
    group: Any
    balances: int
    spare: Any
    part: Any
    forest: Forest


def observability(nodes: int, tails: Any, heads: Any, measured: Any, fixed: Any) -> Observability:
    """Classify the streams of a network.

    Parameters
    ----------
    nodes : int
    tails, heads : int array, shape (streams,)
        Node where each stream begins and ends; -1 is the environment.
    measured, fixed : bool array, shape (streams,)
        Fixed streams are known exactly and are not among the measured ones.
    """
    start, end = np.where(tails < 0, nodes, tails), np.where(heads < 0, nodes, heads)
    unmeasured = np.flatnonzero(~measured & ~fixed)
    label, block, bridges = _blocks(nodes + 1, start, end, unmeasured)
    group, balances = _groups(label)
    first, second = group[start], group[end]
    joining = measured & (first != second)
    classes = np.full(tails.size, VariableClass.UNOBSERVABLE, dtype=np.int8)
    classes[bridges] = VariableClass.OBSERVABLE
    classes[measured] = VariableClass.JUST_MEASURED
    classes[joining] = VariableClass.REDUNDANT
    classes[fixed] = VariableClass.FIXED
    spare, part = _spare(balances, first[joining], second[joining])
    known = np.flatnonzero(measured)
    forest = _forest(block, block[start[bridges]], block[end[bridges]], bridges, (start[known], end[known]))
    return Observability(classes, group, balances, spare, part, forest)


def _graph(count: int, first: Any, second: Any) -> sp.csr_array:
    graph = sp.coo_array((np.ones(first.size, dtype=np.int8), (first, second)), shape=(count, count)).tocsr()
    graph.data[:] = 1  # parallel streams add up, and short numbers run over
    return graph


def _blocks(count: int, start: Any, end: Any, unmeasured: Any) -> tuple[Any, Any, Any]:
    """Connected part and block of each node, and the bridges between the blocks."""
    first, second = start[unmeasured], end[unmeasured]
    graph = _graph(count, np.concatenate([first, second]), np.concatenate([second, first]))
    _, label = connected_components(graph, directed=False)
    parents = _hung(graph, np.unique(label, return_index=True)[1])
    levels = _levels(parents)
    tree = _tree_streams(parents, first, second)
    around = np.ones(unmeasured.size, dtype=bool)
    around[tree] = False
    covered = _cycles_above(parents, levels, first[around], second[around])
    below = np.where(parents[first[tree]] == second[tree], first[tree], second[tree])
    bridges = tree[covered[below] == 0]
    inside = np.ones(unmeasured.size, dtype=bool)
    inside[bridges] = False
    _, block = connected_components(_graph(count, first[inside], second[inside]), directed=False)
    return label, block, unmeasured[bridges]


def _tree_streams(parents: Any, first: Any, second: Any) -> Any:
    """One stream for each node that has a node above it: the one the tree goes through."""
    streams = np.full(parents.size, -1, dtype=np.int64)
    for below, above in ((first, second), (second, first)):
        down = np.flatnonzero((parents[below] == above) & (below != above))
        streams[below[down]] = down
    return streams[streams >= 0]


def _cycles_above(parents: Any, levels: tuple[Any, ...], first: Any, second: Any) -> Any:
    """How many streams outside the tree close a cycle through the stream above each node.

    Such a stream goes up from both its ends to where they meet, so it counts at either end and is taken off twice there.
    """
    meeting = _meetings(parents, levels, first, second)
    count = parents.size
    found = np.bincount(first, minlength=count) + np.bincount(second, minlength=count)
    found -= 2 * np.bincount(meeting, minlength=count)
    for level in reversed(levels):
        np.add.at(found, parents[level], found[level])
    return found


def _meetings(parents: Any, levels: tuple[Any, ...], first: Any, second: Any) -> Any:
    """Lowest common node above both ends, by jumps of halved length."""
    depths = np.zeros(parents.size, dtype=np.int64)
    for depth, level in enumerate(levels, start=1):
        depths[level] = depth
    up = np.where(parents < 0, np.arange(parents.size), parents)
    jumps = [up]
    while (1 << len(jumps)) <= len(levels):
        jumps.append(jumps[-1][jumps[-1]])
    low = np.where(depths[first] >= depths[second], first, second)
    high = np.where(depths[first] >= depths[second], second, first)
    for power in range(len(jumps) - 1, -1, -1):
        low = np.where(depths[low] - (1 << power) >= depths[high], jumps[power][low], low)
    for jump in reversed(jumps):
        apart = jump[low] != jump[high]
        low, high = np.where(apart, jump[low], low), np.where(apart, jump[high], high)
    return np.where(low == high, low, up[low])


def _hung(graph: sp.csr_array, roots: Any) -> Any:
    """The node above each in a search by breadth from a root in every part; -1 at the roots."""
    count = graph.shape[0]
    entries = graph.tocoo()
    rooted = _graph(
        count + 1,
        np.concatenate([entries.coords[0], np.full(roots.size, count)]),
        np.concatenate([entries.coords[1], roots]),
    )
    _, above = breadth_first_order(rooted, count, directed=True, return_predecessors=True)
    return np.where(above[:count] == count, -1, above[:count]).astype(np.int64)


def _groups(label: Any) -> tuple[Any, int]:
    """Number the connected parts other than that of the environment, which stands last."""
    outside = label[-1]
    group = np.where(label == outside, -1, label - (label > outside))
    return group, int(label.max())


def _spare(balances: int, first: Any, second: Any) -> tuple[Any, Any]:
    """One balance of each part without a measured stream to the environment, and the part of each balance."""
    first, second = np.where(first < 0, balances, first), np.where(second < 0, balances, second)
    _, label = connected_components(_graph(balances + 1, first, second), directed=False)
    outside = label[-1]
    _, firsts = np.unique(label[:-1], return_index=True)
    part = np.where(label[:-1] == outside, -1, label[:-1])
    return firsts[label[firsts] != outside], part


def _forest(block: Any, first: Any, second: Any, bridges: Any, known: tuple[Any, Any]) -> Forest:
    """Trees of bridges, each hung up at the environment or at its block with most measured streams."""
    count = int(block.max()) + 1
    weight = np.bincount(block[known[0]], minlength=count) + np.bincount(block[known[1]], minlength=count)
    weight[block[-1]] = weight.sum() + 1
    graph = _graph(count, np.concatenate([first, second]), np.concatenate([second, first]))
    _, tree = connected_components(graph, directed=False)
    heaviest_last = np.lexsort((weight, tree))
    roots = heaviest_last[np.append(np.flatnonzero(np.diff(tree[heaviest_last])), count - 1)]
    parents = _hung(graph, roots)
    streams = np.full(count, -1, dtype=np.int64)
    downward = parents[second] == first
    streams[np.where(downward, second, first)] = bridges
    return Forest(block, parents, streams, _levels(parents))


def _levels(parents: Any) -> tuple[Any, ...]:
    depths = np.where(parents >= 0, 1, 0)
    jump = np.append(np.where(parents < 0, parents.size, parents), parents.size)
    depths = np.append(depths, 0)
    while (further := depths[jump]).any():
        depths = depths + further
        jump = jump[jump]
    order = np.argsort(depths[:-1], kind="stable")
    bounds = np.searchsorted(depths[:-1][order], np.arange(1, depths.max() + 2))
    return tuple(order[begin:end] for begin, end in pairwise(bounds))
