"""Which share of the costs of a process each stream takes along.

Costs that a process was handed on from before go to its streams and to its closing stock, which lies there unused;
costs of its own go to its streams alone (in the basic example of ISO 14051 the closing stock carries material cost
and nothing of the energy and labour of the period).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openrecp.balances.cost_data import AllocationKey, CostData
from openrecp.balances.costs.network import CostNetwork
from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.problems import Array
from openrecp.errors import Issue, Severity, problem


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """How one kind of cost is shared.

    Attributes
    ----------
    weights : array, shape (streams,)
        What a unit of mass of the stream weighs in the key; shares are mass x weight over their sum.
    own : array, shape (streams,)
        Share of the process's own costs.
    carried : array, shape (streams,)
        Share of what it was handed on.
    stored : array, shape (processes,)
        Share of what it was handed on that stays in its closing stock.
    given : bool array, shape (processes,)
        Shares that do not depend on the masses.
    """

    weights: Array
    own: Array
    carried: Array
    stored: Array
    given: Array


def material_shares(network: CostNetwork, values: Array | None) -> Shares:
    """Material costs: by mass, or by what the components in a stream are worth, where that is known.

    ``values`` has the worth of the components in each stream, shape (streams,) [currency a period].
    """
    weights = _usable_weights(network, np.ones_like(network.masses))
    if values is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            worth = np.where(network.masses > 0, values / network.masses, 0.0)
        known = np.append(network.out_of(worth * network.masses) > 0, False)[network.starts]
        weights = np.where(known, worth, weights)
    return _shares(network, weights)


def key_shares(
    flowsheet: Flowsheet, network: CostNetwork, material: Shares, data: CostData, issues: list[Issue]
) -> Shares:
    """Energy and system costs: by the key of each process."""
    weights = _usable_weights(network, np.ones_like(network.masses))
    excluded = [network.streams[key] for key in data.excluded if key in network.streams]
    weights[excluded] = 0.0
    alone = np.append(network.out_of(network.masses * weights) <= 0, False)[network.starts]
    weights = np.where(alone, material.weights, weights)
    by_value = _processes_with(network, data, AllocationKey.MATERIAL_COST)
    weights = np.where(np.append(by_value, False)[network.starts], material.weights, weights)
    shares = _shares(network, weights)
    given = _processes_with(network, data, AllocationKey.GIVEN)
    if not given.any():
        return shares
    return _with_given(flowsheet, network, shares, given, data, issues)


def utility_shares(network: CostNetwork, material: Shares, keyed: Shares) -> Shares:
    """Material costs, by the given shares where these name a stream of energy: fuel goes into the steam."""
    heat = network.out_of(np.where(network.material, 0.0, keyed.own)) > 0
    heat &= keyed.given
    if not heat.any():
        return material
    there = np.append(heat, False)[network.starts]
    own = np.where(there, keyed.own, material.own)
    kept = np.append(1 - material.stored, 0.0)[network.starts]
    return Shares(material.weights, own, own * kept, material.stored, heat)


def waste_shares(network: CostNetwork) -> Shares:
    """Waste-management costs: all to what is lost from a process; by mass where nothing is."""
    plain = _usable_weights(network, np.ones_like(network.masses))
    lost = np.where(network.lost, plain, 0.0)
    some = np.append(network.out_of(network.masses * lost) > 0, False)[network.starts]
    shares = _shares(network, np.where(some, lost, plain))
    # Disposal is paid in the period; nothing of it lies in the stores, unless nothing else takes it.
    alone = network.out_of(network.masses * plain) <= 0
    return Shares(shares.weights, shares.own, shares.own, np.where(alone, shares.stored, 0.0), shares.given)


def rounded_shares(network: CostNetwork, shares: Shares, digits: int) -> Shares:
    """The shares of own costs rounded to decimals of a percent; what is lost takes the rest of the rounding.

    ISO 14053 computes on with shares so rounded.
    """
    own: Array = np.round(shares.own, digits + 2)
    # The largest lost stream of each process, or its largest, stands last in this order.
    order = np.lexsort((network.masses * (own > 0), network.lost & (own > 0), network.starts))
    order = order[network.starts[order] >= 0]
    starts = network.starts[order]
    last = order[np.append(starts[1:] != starts[:-1], True)] if starts.size else order
    some = network.out_of(shares.own) > 0
    rest = np.where(some, 1 - network.out_of(own), 0.0)
    own[last] += rest[network.starts[last]]
    kept = np.append(1 - shares.stored, 0.0)[network.starts]
    return Shares(shares.weights, own, own * kept, shares.stored, shares.given)


def _usable_weights(network: CostNetwork, weights: Array) -> Array:
    """Energy takes costs along only from where no material comes (a boiler house drawn without its flue gas)."""
    weighed = np.where(network.material, weights, 0.0)
    alone = np.append(network.out_of(network.masses * weighed) <= 0, False)[network.starts]
    return np.where(alone, weights, weighed)


def _shares(network: CostNetwork, weights: Array) -> Shares:
    amounts = network.masses * weights
    total = network.out_of(amounts)
    plain = network.out_of(np.where(network.material, network.masses, 0.0))
    held = plain + network.closing
    stored = np.divide(network.closing, held, out=np.zeros_like(held), where=held > 0)
    stored = np.where((total <= 0) & (network.closing > 0), 1.0, stored)
    under = network.at_start(total)
    own = np.divide(amounts, under, out=np.zeros_like(amounts), where=under > 0)
    kept = np.append(1 - stored, 0.0)[network.starts]
    return Shares(weights, own, own * kept, stored, np.zeros(len(network.processes), dtype=bool))


def _processes_with(network: CostNetwork, data: CostData, key: AllocationKey) -> Array:
    chosen = np.zeros(len(network.processes), dtype=bool)
    places = [
        network.processes[process]
        for process, named in data.keys.items()
        if named is key and process in network.processes
    ]
    chosen[places] = True
    return chosen


def _with_given(
    flowsheet: Flowsheet,
    network: CostNetwork,
    shares: Shares,
    given: Array,
    data: CostData,
    issues: list[Issue],
) -> Shares:
    named: dict[int, float] = {}
    usable = given.copy()
    for place in np.flatnonzero(given):
        process = flowsheet.processes[place]
        parts = _given_parts(network, int(place), data.shares.get(process.key, {}))
        total = sum(parts.values())
        if not parts or abs(total - 1) > 1e-6:
            usable[place] = False
            issues.append(
                problem(
                    "cost-shares-not-whole",
                    "The shares given for the costs of “{process}” add up to {total} % over the streams that leave it, so mass is used. Name every stream that leaves it; the shares must add up to 100 %.",
                    where=process.source,
                    severity=Severity.WARNING,
                    process=process.name,
                    total=round(100 * total, 2),
                )
            )
            continue
        named |= {stream: share / total for stream, share in parts.items()}
    own = np.where(np.append(usable, False)[network.starts], 0.0, shares.own)
    own[list(named)] = list(named.values())
    kept = np.append(1 - shares.stored, 0.0)[network.starts]
    return Shares(shares.weights, own, own * kept, shares.stored, usable)


def _given_parts(network: CostNetwork, process: int, shares: Mapping[str, float]) -> dict[int, float]:
    parts = {network.streams[key]: share for key, share in shares.items() if key in network.streams}
    right = all(network.starts[stream] == process and share >= 0 for stream, share in parts.items())
    return parts if right and len(parts) == len(shares) else {}
