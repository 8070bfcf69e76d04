"""How sure costs are: their standard deviations from those of the masses, through every loop.

With y the adjoint of the costs (how much a target changes when a stream begins with one unit of cost more), which is
one solve with the transposed system, the derivative of a target by every mass is found at once; it is exact. Shares
that are rounded count as not rounded, and stocks as known.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy.sparse as sp

from openrecp.balances.costs.network import CostNetwork
from openrecp.balances.costs.results import MaterialFlowCosts
from openrecp.balances.problems import Array

ALL_STREAMS_UP_TO: Final = 2000
"""Flowsheets of at most so many streams get the interval of every stream, larger ones of their dearest wastes."""

DEAREST_WASTES: Final = 100
"""So many of them."""

_BLOCK: Final = 4_000_000
"""How many derivatives are held at once."""


def cost_derivatives(costs: MaterialFlowCosts, targets: Array) -> Array:
    """How much sums of stream costs change with each mass.

    Parameters
    ----------
    costs : MaterialFlowCosts
    targets : array, shape (streams, targets)
        Weight of each stream's cost in each target.

    Returns
    -------
    array, shape (streams, targets)
        Derivative of the target by the mass [currency/unit].
    """
    network = costs.network
    found = np.zeros(targets.shape)
    arising = np.flatnonzero((costs.handed != 0).any(axis=0) | (costs.own != 0).any(axis=0))
    members: dict[int, list[int]] = {}
    for kind in {0, 2, *arising.tolist()}:
        members.setdefault(id(costs.carriers[kind]), []).append(kind)
    # Kinds that are shared alike need one solve together.
    for kinds in members.values():
        found += _of_one_carrier(costs, kinds, targets)
    energy = network.purchased & ~network.material
    found[energy] += (network.prices[:, None] * targets)[energy]
    return found


def stream_cost_sds(costs: MaterialFlowCosts, covariance: Array, places: Array) -> Array:
    """Standard deviations of the costs of streams, from the covariance of the masses.

    Parameters
    ----------
    costs : MaterialFlowCosts
    covariance : array or sparse array, shape (streams, streams), or variances, shape (streams,)
        nan for masses that nothing gives.
    places : int array
        Which streams.

    Returns
    -------
    array, shape (streams,)
        [currency a period]; nan for the other streams, and where a mass matters that nothing gives.
    """
    sds = np.full(costs.network.masses.size, np.nan)
    step = max(1, _BLOCK // max(1, sds.size))
    for first in range(0, places.size, step):
        block = places[first : first + step]
        targets = np.zeros((sds.size, block.size))
        targets[block, np.arange(block.size)] = 1.0
        sds[block] = _sds(cost_derivatives(costs, targets), covariance)
    return sds


def total_cost_sd(costs: MaterialFlowCosts, covariance: Array, members: Array) -> float:
    """Standard deviation of the cost of several streams together; ``members`` is bool, shape (streams,)."""
    return float(_sds(cost_derivatives(costs, members.astype(float)[:, None]), covariance)[0])


def _sds(derivatives: Array, covariance: Array) -> Array:
    if covariance.ndim == 1:
        unknown = np.isnan(covariance)
        known = np.where(unknown, 0.0, covariance)
        variances = known @ derivatives**2
    else:
        # What is not known is judged by whether it matters, not multiplied.
        unknown = np.isnan(covariance.diagonal())
        part = derivatives[~unknown]
        if unknown.any():
            covariance = covariance[~unknown][:, ~unknown]
        variances = (part * (covariance @ part)).sum(axis=0)
    size = np.abs(derivatives).max(axis=0)
    matters = (np.abs(derivatives[unknown]) > 1e-12 * size).any(axis=0)
    return np.where(matters, np.nan, np.sqrt(np.maximum(variances, 0.0)))


def _of_one_carrier(costs: MaterialFlowCosts, kinds: list[int], targets: Array) -> Array:
    carrier = costs.carriers[kinds[0]]
    network, shares = carrier.network, carrier.shares
    handed, own = costs.handed[:, kinds].sum(axis=1), costs.own[:, kinds].sum(axis=1)
    out_of, into = _incidence(network, network.starts), _incidence(network, network.ends)
    back = carrier.factors.solve(out_of @ (carrier.carried[:, None] * targets), "T")
    adjoint = targets + into.T @ back
    pulled = out_of @ (carrier.own[:, None] * adjoint)
    at_start = out_of.T @ pulled
    held = network.out_of(np.where(network.material, network.masses, 0.0)) + network.closing
    flowing = np.append(~shares.given & ~carrier.trapped, False)[network.starts]
    total = network.at_start(network.out_of(network.masses * shares.weights))
    slope = np.divide(shares.weights, total, out=np.zeros_like(total), where=flowing & (total > 0))
    passed = network.at_start((1 - carrier.stored) * handed + own)
    found: Array = (slope * passed)[:, None] * (adjoint - at_start)
    # More that flows leaves a smaller share in the stock.
    thinned = np.divide(network.closing, held**2, out=np.zeros_like(held), where=held > 0)
    thinned = np.where(carrier.trapped | (carrier.stored <= 0), 0.0, thinned)
    found += (network.material * network.at_start(thinned * handed))[:, None] * at_start
    paid = np.where(network.purchased, network.prices, 0.0)
    if 0 in kinds:
        found += np.where(network.material, paid, 0.0)[:, None] * adjoint
    if 2 in kinds:
        found += np.where(network.material, 0.0, paid)[:, None] * (into.T @ pulled)
    return found


def _incidence(network: CostNetwork, ends: Array) -> sp.csr_array:
    """Sums streams by process, shape (processes, streams)."""
    inside = np.flatnonzero(ends >= 0)
    shape = (len(network.processes), ends.size)
    return sp.csr_array((np.ones(inside.size), (ends[inside], inside)), shape=shape)
