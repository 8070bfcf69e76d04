"""Linear problems that are plain networks, and their solution by the engine for networks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from openrecp.balances.general.reduction import contradiction
from openrecp.balances.networks import (
    ContradictoryFlows,
    NetworkReconciliation,
    Unsettled,
    reconcile_network,
    reconcile_nonnegative,
)
from openrecp.balances.problems import Array, LinearProblem, Reconciliation
from openrecp.balances.reconciling.solution import Solution, outside_of


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


def _as_reconciliation(asked: LinearProblem, found: NetworkReconciliation, held: Array) -> Reconciliation:
    count = asked.measured.size
    measured = ~np.isnan(asked.measured)
    adjustments = np.where(measured, asked.measured - found.values[:count], np.nan)
    at_bound = held[:count]
    classes = found.classes[:count]
    if at_bound.any():
        adjusted = np.where(at_bound, asked.sds, found.adjustment_sds[:count])
    else:
        adjusted = found.adjustment_sds[:count]
    weight = np.where(measured & (asked.sds > 0), 1.0 / np.where(asked.sds > 0, asked.sds, 1.0) ** 2, 0.0)
    return Reconciliation(
        values=found.values[:count],
        sds=found.sds[:count],
        classes=classes,
        adjustments=adjustments,
        adjustment_sds=np.where(measured, adjusted, np.nan),
        z=found.z[:count],
        chi2=float((weight * np.nan_to_num(adjustments) ** 2).sum()) if at_bound.any() else found.chi2,
        redundancy=found.redundancy,
        problem=asked,
        at_bound=at_bound if at_bound.any() else None,
    )
