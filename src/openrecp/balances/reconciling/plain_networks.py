"""Linear problems that are plain networks, and their solution by the engine for networks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from openrecp.balances.general.reduction import contradiction
from openrecp.balances.networks import (
    ContradictoryFlows,
    NetworkReconciliation,
    Unsettled,
    network_covariance,
    reconcile_network,
    reconcile_nonnegative,
)
from openrecp.balances.problems import Array, LinearProblem, Reconciliation, VariableClass
from openrecp.balances.reconciling.solution import Solution, outside_of

_ROOM: Final = 1e-7
"""Part of the largest flow that a flow which nothing gives must be able to be."""
_WHOLE: Final = 400
"""Variables up to which the whole covariance is found too."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A problem that is a plain network: nodes, and where each stream begins and ends (-1 is the environment)."""

    nodes: int
    tails: Array
    heads: Array
    measured: Array
    sds: Array
    streams: int


def network_of(asked: LinearProblem) -> Network | None:
    """The network that a linear problem is, or None if it is none."""
    if asked.correlations:
        return None
    columns = sp.csc_array(asked.matrix)
    columns.sum_duplicates()
    columns.eliminate_zeros()
    counts = np.diff(columns.indptr)
    if (np.abs(columns.data) != 1.0).any() or (counts > 2).any():
        return None
    of = np.repeat(np.arange(counts.size), counts)
    signs = np.bincount(of, columns.data, counts.size)
    if (np.abs(signs[counts == 2]) > 0).any():
        return None
    tails, heads = np.full(counts.size, -1), np.full(counts.size, -1)
    into = columns.data > 0
    heads[of[into]], tails[of[~into]] = columns.indices[into], columns.indices[~into]
    left = np.flatnonzero(asked.constants)
    # What a balance has to add up to is a stream out of it that is known exactly.
    return Network(
        nodes=asked.matrix.shape[0],
        tails=np.concatenate([tails, left]),
        heads=np.concatenate([heads, np.full(left.size, -1)]),
        measured=np.concatenate([asked.measured, asked.constants[left]]),
        sds=np.concatenate([np.where(np.isnan(asked.measured), np.nan, asked.sds), np.zeros(left.size)]),
        streams=counts.size,
    )


def solve_network(
    asked: LinearProblem, network: Network, lower: Array | None, upper: Array | None
) -> Solution:
    """Reconcile a problem on the network it is; flows that would run backwards are held at 0 where that is the bound.

    Raises
    ------
    ContradictoryBalances
        If what is known exactly contradicts the balances.
    """
    arrays = (network.nodes, network.tails, network.heads, network.measured, network.sds)
    held = np.zeros(network.measured.size, dtype=bool)
    try:
        found = reconcile_network(*arrays)
        outside = outside_of(found.values[: network.streams], lower, upper)
        plain = lower is not None and not lower.any() and (upper is None or np.isinf(upper).all())
        if outside.size and plain and not (network.measured[network.streams :] < 0).any():
            found, held = reconcile_nonnegative(*arrays)
            outside = np.zeros(0, dtype=np.int64)
    except ContradictoryFlows as error:
        raise contradiction(tuple(error.nodes.tolist())) from None  # nodes are the rows here
    except Unsettled:
        pass
    return Solution(_as_reconciliation(asked, found, held), found, outside)


def has_room(network: Network, found: Reconciliation) -> bool:
    """Whether flows that nothing gives can all be above 0 beside the values of the others.

    Where they cannot, holding them at 0 says something of the others too.
    """
    unknown = np.flatnonzero(found.classes == VariableClass.UNOBSERVABLE)
    if not unknown.size or _all_can_grow(network, unknown):
        return True
    flows = np.concatenate([np.nan_to_num(found.values), network.measured[network.streams :]])
    scale = float(np.abs(flows).max(initial=0.0)) or 1.0
    known = np.ones(flows.size, dtype=bool)
    known[unknown] = False
    balances = _incidence(network, np.flatnonzero(known)) @ (flows[known] / scale)
    inner = _incidence(network, unknown)
    # Flows are least + slack: the largest least that is possible, up to the size of the plant.
    columns = sp.hstack([inner, sp.csc_array(inner.sum(axis=1).reshape(-1, 1))], format="csc")
    wanted = np.zeros(unknown.size + 1)
    wanted[-1] = -1.0
    touched = np.flatnonzero(np.diff(inner.tocsr().indptr))
    bounds: Array = np.zeros((unknown.size + 1, 2))
    bounds[:, 1], bounds[-1] = np.inf, (-1.0, 1.0)
    balanced: Array = columns.tocsr()[touched]
    best = linprog(wanted, A_eq=balanced, b_eq=-balances[touched], bounds=bounds, method="highs")
    return best.status == 0 and best.fun is not None and -best.fun > _ROOM


def _all_can_grow(network: Network, streams: Array) -> bool:
    """Whether each of the streams goes round in a circle of them, through the environment or not: more can always go round."""
    start = np.where(network.tails < 0, network.nodes, network.tails)[streams]
    end = np.where(network.heads < 0, network.nodes, network.heads)[streams]
    shape = (network.nodes + 1, network.nodes + 1)
    graph = sp.csr_array((np.ones(streams.size), (start, end)), shape=shape)
    _, part = connected_components(graph, directed=True, connection="strong")
    return bool((part[start] == part[end]).all())


def _incidence(network: Network, streams: Array) -> sp.csc_array:
    tails, heads = network.tails[streams], network.heads[streams]
    signs = np.concatenate([np.where(tails < 0, 0.0, -1.0), np.where(heads < 0, 0.0, 1.0)])
    rows, columns = np.concatenate([tails, heads]), np.tile(np.arange(streams.size), 2)
    inside = rows >= 0
    shape = (network.nodes, streams.size)
    return sp.csc_array(sp.coo_array((signs[inside], (rows[inside], columns[inside])), shape=shape))


def _as_reconciliation(asked: LinearProblem, found: NetworkReconciliation, held: Array) -> Reconciliation:
    count = asked.measured.size
    plain = Reconciliation(
        values=found.values[:count],
        sds=found.sds[:count],
        classes=found.classes[:count],
        adjustments=np.where(np.isnan(asked.measured), np.nan, asked.measured - found.values[:count]),
        adjustment_sds=np.where(np.isnan(asked.measured), np.nan, found.adjustment_sds[:count]),
        z=found.z[:count],
        chi2=found.chi2,
        redundancy=found.redundancy,
        problem=asked,
        covariance=_covariance(found, count),
    )
    return _with_bounds(plain, held[:count]) if held.any() else plain


def _covariance(found: NetworkReconciliation, count: int) -> Array | None:
    """Of all values; only where it is cheap, since networks do without."""
    return network_covariance(found)[:count, :count] if count <= _WHOLE else None


def _with_bounds(found: Reconciliation, held: Array) -> Reconciliation:
    """As the general engine tells it: a bound that holds a value is a balance more, which checks or gives it."""
    asked = found.problem
    checked = held & ~np.isnan(asked.measured)
    uncertain = np.nan_to_num(asked.sds) > 0
    adjustment_sds = np.where(checked, asked.sds, found.adjustment_sds)
    return replace(
        found,
        classes=np.where(
            held, np.where(checked, VariableClass.REDUNDANT, VariableClass.OBSERVABLE), found.classes
        ).astype(np.int8),
        adjustment_sds=adjustment_sds,
        z=np.where(checked, found.adjustments / np.where(checked, asked.sds, 1.0), found.z),
        chi2=float(((found.adjustments[uncertain] / asked.sds[uncertain]) ** 2).sum()),
        redundancy=found.redundancy + int(checked.sum()),
        at_bound=held,
    )
