"""Material flow cost accounting after ISO 14051: what every product and every loss costs, upstream included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from openrecp.balances.cost_data import CostData
from openrecp.balances.costs.carrying import Carried, Carrier, build_carrier, carry
from openrecp.balances.costs.intervals import (
    ALL_STREAMS_UP_TO,
    DEAREST_WASTES,
    stream_cost_sds,
    total_cost_sd,
)
from openrecp.balances.costs.network import CostNetwork, cost_network
from openrecp.balances.costs.results import MaterialFlowCosts
from openrecp.balances.costs.shares import (
    Shares,
    key_shares,
    material_shares,
    rounded_shares,
    utility_shares,
    waste_shares,
)
from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.problems import Array
from openrecp.errors import Issue, Severity, problem


def material_flow_costs(
    flowsheet: Flowsheet,
    masses: Mapping[str, float],
    cost_data: CostData | None = None,
    *,
    stocks: Mapping[str, tuple[float, float]] | None = None,
    component_flows: Mapping[str, Mapping[str, float]] | None = None,
    share_digits: int | None = None,
    covariance: Array | None = None,
) -> MaterialFlowCosts:
    """Costs of every stream and process: material, waste management, energy and system.

    What a process is handed on is shared among the streams that leave it, and so on round every loop: a recycled
    stream brings its cost back, so that waste carries all that was spent on it before. All is conserved: what comes
    in = products + losses + change of stocks (+ what no way leads out of, which is reported).

    Parameters
    ----------
    flowsheet : Flowsheet
        Prices are those of streams from the environment and of opening stocks.
    masses : Mapping[str, float]
        Reconciled mass a period by stream [unit/period]; kWh a period of a stream of energy.
    cost_data : CostData, optional
        Energy, system and waste-management costs and the allocation keys.
    stocks : Mapping[str, tuple of (float, float)], optional
        Opening and closing amounts by stock; as measured where not given.
    component_flows : Mapping[str, Mapping[str, float]], optional
        Flow of each component by stream. Where components have prices, material cost then goes where the dear ones
        go instead of by mass.
    share_digits : int, optional
        Round shares of energy and system costs to so many decimals of a percent, as ISO 14053 does.
    covariance : array, shape (streams, streams) or (streams,), optional
        Covariance of the masses (or their variances), in the order of the flowsheet; gives ``sds``, for up to 2,000
        streams of all, beyond that of the 100 dearest wastes, and ``loss_sd``.

    Returns
    -------
    MaterialFlowCosts

    Raises
    ------
    KeyError
        If a stream or a stock names a process that is not in the flowsheet.

    References
    ----------
    ISO 14051:2011, material flow cost accounting, general framework; ISO 14053:2021.

    Examples
    --------
    The basic example of ISO 14051 (as recalled): 70 kg of product and 30 kg of loss out of 15 + 95 - 10 kg.

    >>> from openrecp.balances.flowsheet import Flowsheet, Process, Role, Stock, Stream
    >>> plant = Flowsheet(
    ...     "Basic",
    ...     (Process("P", "Process"),),
    ...     (
    ...         Stream("in", "Material", None, "P", role=Role.INPUT, price=10.0),
    ...         Stream("out", "Product", "P", None, role=Role.PRODUCT),
    ...         Stream("loss", "Loss", "P", None, role=Role.LOSS),
    ...     ),
    ...     stocks=(Stock("S", "Store", "P", price=10.0),),
    ...     currency="TWD",
    ... )
    >>> paid = CostData(energy={"P": 50.0}, system={"P": 800.0}, waste_management={"P": 80.0})
    >>> found = material_flow_costs(plant, {"in": 95, "out": 70, "loss": 30}, paid, stocks={"S": (15, 10)})
    >>> round(found.product_cost, 6), round(found.loss_cost, 6)
    (1295.0, 635.0)
    """
    data = cost_data or CostData()
    issues: list[Issue] = []
    network = cost_network(flowsheet, masses, stocks, issues)
    carriers = _carriers(flowsheet, network, data, component_flows, share_digits, issues)
    bought, own, stock, apparent = _costs_that_arise(network, data, issues)
    parts = [
        carry(carrier, bought[:, kind], own[:, kind], stock[:, kind]) for kind, carrier in enumerate(carriers)
    ]
    costs = _together(flowsheet, network, carriers, parts, (bought, own, apparent))
    _report(costs, issues)
    costs = replace(costs, issues=tuple(issues))
    if covariance is None:
        return costs
    lost = network.leaving & network.lost
    every = len(flowsheet.streams) <= ALL_STREAMS_UP_TO
    places = np.arange(lost.size) if every else _dearest(costs, lost)
    return replace(
        costs,
        sds=stream_cost_sds(costs, covariance, places),
        loss_sd=total_cost_sd(costs, covariance, lost),
    )


def _dearest(costs: MaterialFlowCosts, lost: Array) -> Array:
    wastes = np.flatnonzero(lost)
    return wastes[np.argsort(-costs.totals[wastes], kind="stable")][:DEAREST_WASTES]


def _carriers(
    flowsheet: Flowsheet,
    network: CostNetwork,
    data: CostData,
    component_flows: Mapping[str, Mapping[str, float]] | None,
    share_digits: int | None,
    issues: list[Issue],
) -> tuple[Carrier, Carrier, Carrier, Carrier]:
    """In the order of the kinds; what is shared alike shares one factorisation."""
    material = material_shares(network, _component_values(flowsheet, network, component_flows))
    keyed = key_shares(flowsheet, network, material, data, issues)
    if share_digits is not None:
        keyed = rounded_shares(network, keyed, share_digits)
    material = utility_shares(network, material, keyed)
    first = build_carrier(network, material)
    alike = _alike(material, keyed)
    second = first if alike else build_carrier(network, keyed)
    wasted = build_carrier(network, waste_shares(network)) if data.waste_management else first
    return first, wasted, second, second


def _alike(first: Shares, second: Shares) -> bool:
    return bool(
        not second.given.any()
        and np.array_equal(first.own, second.own)
        and np.array_equal(first.weights, second.weights)
    )


def _component_values(
    flowsheet: Flowsheet, network: CostNetwork, flows: Mapping[str, Mapping[str, float]] | None
) -> Array | None:
    prices = {part.key: part.price for part in flowsheet.components if part.price is not None}
    if not flows or not prices:
        return None
    values = np.zeros(len(flowsheet.streams))
    for stream, parts in flows.items():
        if stream in network.streams:
            worth = sum(prices[part] * flow for part, flow in parts.items() if part in prices)
            values[network.streams[stream]] = max(worth, 0.0)
    return values


def _costs_that_arise(
    network: CostNetwork, data: CostData, issues: list[Issue]
) -> tuple[Array, Array, Array, Array]:
    """What begins with streams and in processes, and the opening stocks, by kind; and what is paid for disposal."""
    bought = np.zeros((network.masses.size, 4))
    own, stock = np.zeros((2, len(network.processes), 4))
    paid = np.where(network.purchased, network.prices * network.masses, 0.0)
    bought[:, 0] = np.where(network.material, paid, 0.0)
    # Bought energy is used up in the process it enters: it is a cost of that process.
    own[:, 2] = network.into(np.where(network.material, 0.0, paid))
    passing = ~network.material & network.leaving
    bought[passing, 2] = paid[passing]
    stock[:, 0] = network.opening_value
    for column, named in ((2, data.energy), (3, data.system)):
        for key, amount in named.items():
            if key in network.processes:
                own[network.processes[key], column] += amount
            else:
                issues.append(_unknown_place(key))
    for key, amount in data.waste_management.items():
        if key in network.streams:
            bought[network.streams[key], 1] += amount
        elif key in network.processes:
            own[network.processes[key], 1] += amount
        else:
            issues.append(_unknown_place(key))
    wasted = waste_shares(network)
    apparent = bought[:, 1] + wasted.own * network.at_start(own[:, 1]) * network.lost
    return bought, own, stock, apparent


def _unknown_place(key: str) -> Issue:
    return problem(
        "cost-without-place",
        "A cost names “{key}”, which is no process and no stream of the flowsheet, so it is left out. Correct the name.",
        key=key,
    )


def _together(
    flowsheet: Flowsheet,
    network: CostNetwork,
    carriers: tuple[Carrier, Carrier, Carrier, Carrier],
    parts: list[Carried],
    arising: tuple[Array, Array, Array],
) -> MaterialFlowCosts:
    bought, own, apparent = arising
    streams = np.column_stack([part.streams for part in parts])
    energy = network.purchased & ~network.material
    streams[energy, 2] = (network.prices * network.masses)[energy]
    return MaterialFlowCosts(
        flowsheet,
        network,
        streams,
        own,
        np.column_stack([part.handed for part in parts]),
        np.column_stack([part.stored for part in parts]),
        np.column_stack([part.trapped for part in parts]),
        apparent,
        bought.sum(axis=0) + own.sum(axis=0),
        carriers,
    )


def _report(costs: MaterialFlowCosts, issues: list[Issue]) -> None:
    flowsheet, network = costs.flowsheet, costs.network
    for place in np.flatnonzero(costs.trapped.sum(axis=1) > 0):
        process = flowsheet.processes[place]
        issues.append(
            problem(
                "cost-without-outlet",
                "From “{process}” no stream leads out of the plant or into a stock, so {amount} {currency} of cost end there. A closed loop needs an outlet: draw the product or the loss that leaves it.",
                where=process.source,
                process=process.name,
                amount=round(float(costs.trapped[place].sum()), 2),
                currency=costs.currency,
            )
        )
    astray = network.leaving & ~network.lost & (costs.streams[:, 1] > 0)
    for place in np.flatnonzero(astray):
        stream = flowsheet.streams[place]
        issues.append(
            problem(
                "cost-waste-on-product",
                "Waste-management cost of {amount} {currency} ends on “{stream}”, which is no waste, because its process has no waste stream. Draw the waste, or name the waste stream that the cost is for.",
                where=stream.source,
                severity=Severity.WARNING,
                stream=stream.name,
                amount=round(float(costs.streams[place, 1]), 2),
                currency=costs.currency,
            )
        )
