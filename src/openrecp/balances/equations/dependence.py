"""Which balances follow from the others, because shares add up to 1.

Where the shares of all that crosses the border of a group of processes add up to 1, the total balance of the
group is the sum of its component balances, and one of them says nothing new. Left in, it would follow from the
others only where they hold, which an engine on its way there cannot see. Groups are what streams whose shares do
not add up join together; the smallest is one process.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from openrecp.balances.equations.balance_rows import all_elements, element_shares
from openrecp.balances.equations.layout import Layout
from openrecp.balances.problems import Array

_CLOSES: Final = 1e-3
"""How far elements may be from making up a component by rounding of atomic masses."""
_KEEPS_MASS: Final = 1e-9


def components_that_follow(where: Layout, by_elements: Array) -> Array:
    """The component whose balance follows from the others at a process, -1 for none, shape (processes + 1,).

    Where a process is balanced by elements, it is one of its element balances that follows.
    """
    inside = where.contents
    found = np.full(len(by_elements), -1)
    if not inside.whole.any():
        return found
    outside = len(by_elements) - 1
    carriers, pairs = _pairs(where)
    whole = inside.whole[where.carrier_owner[carriers]]
    leaky = np.flatnonzero(_leaky(where, by_elements))
    joined = np.concatenate([pairs[~whole], np.column_stack([leaky, np.full(len(leaky), outside)])])
    graph = sp.coo_array(
        (np.ones(len(joined)), (joined[:, 0], joined[:, 1])), shape=(outside + 1, outside + 1)
    )
    _, group = connected_components(graph, directed=False)
    border = group[pairs[:, 0]] != group[pairs[:, 1]]
    crossing = np.repeat(carriers[border], 2)
    process = pairs[border].reshape(-1)
    # One process of each group, rather one that is balanced by components.
    order = np.argsort(by_elements[process], kind="stable")
    order = order[group[process[order]] != group[outside]]
    _, first = np.unique(group[process[order]], return_index=True)
    chosen = order[first]
    present = inside.present[where.carrier_owner[crossing[chosen]]]
    found[process[chosen]] = present.shape[1] - 1 - np.argmax(present[:, ::-1], axis=1)
    return found


def _pairs(where: Layout) -> tuple[Array, Array]:
    """Carriers that pass from one place to another, and the two places; the environment is the last place."""
    ends = where.mass_ends
    order = np.argsort(ends.item, kind="stable")
    return ends.item[order[::2]], ends.process[order].reshape(-1, 2)


def _leaky(where: Layout, by_elements: Array) -> Array:
    """Processes where components do not add up to the total: reactions that do not keep mass, unknown elements."""
    followed = where.contents.components
    leaky = np.zeros(len(by_elements), bool)
    for process, reaction in where.reactions:
        complete = all(key in followed for key in reaction.stoichiometry)
        if not complete or abs(sum(reaction.stoichiometry.values())) > _KEEPS_MASS:
            leaky[process] = True
    if by_elements.any():
        total = sum((element_shares(where, each) for each in all_elements(where)), np.zeros(len(followed)))
        if np.any(np.abs(total - 1) > _CLOSES):
            leaky |= by_elements
    return leaky
