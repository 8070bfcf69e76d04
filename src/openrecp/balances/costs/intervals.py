"""How sure costs are: their standard deviations from those of the masses, through every loop.

With y the adjoint of the costs (how much a target changes when a stream begins with one unit of cost more), which is
one solve with the transposed system, the derivative of a target by every mass is found at once; it is exact. Shares
that are rounded count as not rounded, and stocks as known.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.costs.carrying import Carrier
from openrecp.balances.costs.network import CostNetwork
from openrecp.balances.costs.results import MaterialFlowCosts
from openrecp.balances.problems import Array

ALL_STREAMS_UP_TO: Final = 2000
"""Flowsheets of at most so many streams get the interval of every stream, larger ones of those that leave."""

_BLOCK: Final = 256


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
    for kind, carrier in enumerate(costs.carriers):
        handed, own = costs.handed[:, kind], costs.own[:, kind]
        if handed.any() or own.any() or costs.streams[:, kind].any():
            found += _of_one_kind(carrier, handed, own, targets, kind)
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
    for first in range(0, places.size, _BLOCK):
        block = places[first : first + _BLOCK]
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
        unknown = np.isnan(covariance.diagonal())
        # What is not known is judged by whether it matters, not multiplied.
        known_part = np.where(unknown[:, None], 0.0, derivatives)
        if unknown.any():
            keep = ~unknown
            known_part = derivatives[keep]
            covariance = covariance[keep][:, keep]
        variances = np.einsum("ij,ij->j", known_part, covariance @ known_part)
    size = np.abs(derivatives).max(axis=0)
    matters = (np.abs(derivatives[unknown]) > 1e-12 * size).any(axis=0)
    return np.where(matters, np.nan, np.sqrt(np.maximum(variances, 0.0)))


def _of_one_kind(carrier: Carrier, handed: Array, own: Array, targets: Array, kind: int) -> Array:
    network, shares = carrier.network, carrier.shares
    adjoint = targets + _to_ends(
        network, carrier.factors.solve(_sum_out(network, carrier.carried[:, None] * targets), trans="T")
    )
    pulled = _sum_out(network, carrier.own[:, None] * adjoint)
    at_start = np.where((network.starts >= 0)[:, None], pulled[network.starts], 0.0)
    held = np.where(network.material, network.masses, 0.0)
    held_sum = network.out_of(held) + network.closing
    flowing = np.append(~shares.given & ~carrier.trapped, False)[network.starts]
    total = network.at_start(network.out_of(network.masses * shares.weights))
    slope = np.divide(shares.weights, total, out=np.zeros_like(total), where=flowing & (total > 0))
    passed = network.at_start((1 - carrier.stored) * handed + own)
    found = (slope * passed)[:, None] * (adjoint - at_start)
    # More that flows leaves a smaller share in the stock.
    thinned = np.divide(network.closing, held_sum**2, out=np.zeros_like(held_sum), where=held_sum > 0)
    thinned = np.where(carrier.trapped | (carrier.stored <= 0), 0.0, thinned)
    found += (network.material * network.at_start(thinned * handed))[:, None] * at_start
    paid = np.where(network.purchased, network.prices, 0.0)
    if kind == 0:
        found += np.where(network.material, paid, 0.0)[:, None] * adjoint
    if kind == 2:
        found += np.where(network.material, 0.0, paid)[:, None] * _to_ends(network, pulled)
    return found


def _sum_out(network: CostNetwork, amounts: Array) -> Array:
    found = np.zeros((len(network.processes), amounts.shape[1]))
    inside = network.starts >= 0
    np.add.at(found, network.starts[inside], amounts[inside])
    return found


def _to_ends(network: CostNetwork, amounts: Array) -> Array:
    return np.where((network.ends >= 0)[:, None], amounts[network.ends], 0.0)
