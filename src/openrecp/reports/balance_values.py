"""Streams of an analysed balance with what they carry, for pictures: mass, a component, energy or cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.analysis.amounts import Amount
from openrecp.balances.costs import MaterialFlowCosts
from openrecp.balances.flowsheet import (
    Measurement,
    Medium,
    Quantity,
    Ref,
    Role,
    Stock,
    Stream,
    StreamKind,
)
from openrecp.balances.problems import Array, VariableClass
from openrecp.figures import Basis
from openrecp.reports.charts.flow_specs import SankeyNode, SankeyStream, State
from openrecp.texts import Text, text

_JUDGED: Final = frozenset({Basis.ESTIMATED, Basis.ASSUMED, Basis.CALCULATED})
_LOST: Final = frozenset({Role.WASTE, Role.LOSS})
_SLIGHT: Final = 1e-9

Found = tuple[list[SankeyStream], list[SankeyNode]]


def mass_streams(analysis: BalanceAnalysis, component: str | None) -> Found:
    """Streams of material, with the nodes of the stocks: total mass, or that of a component where it is in them."""
    streams = []
    for stream in analysis.flowsheet.streams:
        if stream.kind is StreamKind.ENERGY:
            continue
        if component is None:
            amount, refs = analysis.amounts.flow(stream), [Ref(Quantity.FLOW, stream.key)]
        else:
            amount = analysis.amounts.component_flow(stream, component)
            refs = _component_refs(analysis, stream, component, Quantity.FLOW)
            if not refs or _nothing(amount):
                continue
        streams.append(_drawn(stream, amount.value, amount.sd, _state(analysis, stream, refs)))
    nodes: list[SankeyNode] = []
    for stock in analysis.flowsheet.stocks:
        for which in (Quantity.OPENING, Quantity.CLOSING):
            _add_stock(analysis, stock, which, component, streams, nodes)
    return streams, nodes


def _add_stock(
    analysis: BalanceAnalysis,
    stock: Stock,
    which: Quantity,
    component: str | None,
    streams: list[SankeyStream],
    nodes: list[SankeyNode],
) -> None:
    """A stock before the period feeds its process, and its process feeds what is left after it."""
    if component is None:
        amount, refs = analysis.amounts.of(Ref(which, stock.key)), [Ref(which, stock.key)]
    else:
        amount = analysis.amounts.component_flow(stock, component, which)
        refs = _component_refs(analysis, stock, component, which)
    if amount is None or not refs or _nothing(amount):
        return
    opening = which is Quantity.OPENING
    node = SankeyNode(f"{stock.key} {which.value}", _stock_label(stock.name, which), "stock", stock.process)
    nodes.append(node)
    start, end = (node.key, stock.process) if opening else (stock.process, node.key)
    streams.append(
        SankeyStream(
            node.key, which.label, start, end, amount.value, amount.sd, _state(analysis, stock, refs)
        )
    )


def _stock_label(name: str, which: Quantity) -> Text:
    """The box of a stock; its stream is named by ``which`` alone, since the box stands beside it."""
    if which is Quantity.OPENING:
        return text("opening stock of {name}", name=name)
    return text("closing stock of {name}", name=name)


def _component_refs(
    analysis: BalanceAnalysis, item: Stream | Stock, component: str, which: Quantity
) -> list[Ref]:
    """The numbers that a flow of a component is made of; none where the component is not in the stream."""
    direct = Ref(Quantity.COMPONENT, item.key, component)
    if which is Quantity.FLOW and analysis.system.position(direct) is not None:
        return [direct]
    refs = [Ref(which, item.key), Ref(Quantity.FRACTION, item.key, component)]
    return refs if all(analysis.system.position(ref) is not None for ref in refs) else []


def energy_streams(analysis: BalanceAnalysis) -> Found:
    """Streams that carry energy: alone, or as heat of what flows, counted from where their medium has none."""
    media = {medium.key: medium for medium in analysis.flowsheet.media}
    streams = []
    for stream in analysis.flowsheet.streams:
        if stream.kind is StreamKind.ENERGY:
            amount, refs = analysis.amounts.flow(stream), [Ref(Quantity.ENERGY, stream.key)]
            streams.append(_drawn(stream, amount.value, amount.sd, _state(analysis, stream, refs)))
            continue
        medium = media.get(stream.medium or "")
        refs = [Ref(Quantity.FLOW, stream.key), Ref(Quantity.TEMPERATURE, stream.key)]
        if medium is not None and all(analysis.system.position(ref) is not None for ref in refs):
            value, sd = _heat(analysis, medium, refs)
            streams.append(_drawn(stream, value, sd, _state(analysis, stream, refs)))
    return streams, []


def _heat(analysis: BalanceAnalysis, medium: Medium, refs: list[Ref]) -> tuple[float, float]:
    """Flow times enthalpy, and its standard deviation to first order."""
    found = analysis.reconciliation
    places = [place for ref in refs if (place := analysis.system.position(ref)) is not None]
    flow, temperature = (float(found.values[place]) for place in places)
    per_unit = medium.a + medium.b * temperature + medium.c * temperature**2
    slopes = np.array([per_unit, flow * (medium.b + 2.0 * medium.c * temperature)])
    spread: Array = (
        found.covariance[np.ix_(places, places)]
        if found.covariance is not None
        else np.diag(found.sds[places] ** 2)
    )
    return flow * per_unit, math.sqrt(max(float(slopes @ spread @ slopes), 0.0))


def cost_streams(analysis: BalanceAnalysis, costs: MaterialFlowCosts) -> Found:
    """What every stream costs, with the costs that arise in each process and the worth of stocks as further streams.

    A cost is as well known as the amount that carries it; what arises in a process was entered.
    """
    streams = []
    for place, stream in enumerate(analysis.flowsheet.streams):
        cost = float(costs.totals[place])
        sd = math.nan if costs.sds is None else float(costs.sds[place])
        if abs(cost) > _SLIGHT * costs.total_cost:
            quantity = Quantity.ENERGY if stream.kind is StreamKind.ENERGY else Quantity.FLOW
            state = _state(analysis, stream, [Ref(quantity, stream.key)])
            streams.append(_drawn(stream, cost, sd, state))
    nodes: list[SankeyNode] = []
    streams += _arising(analysis, costs)
    streams += _stock_worth(analysis, costs, nodes)
    return streams, nodes


def _arising(analysis: BalanceAnalysis, costs: MaterialFlowCosts) -> Iterator[SankeyStream]:
    """Costs that come in at a process and not with a stream: what leaves it less what it was handed."""
    network = costs.network
    for kinds, label, mark in (
        ((2, 3), text("energy and system cost"), "$"),
        ((1,), text("disposal"), "$w"),
    ):
        carried = costs.streams[:, kinds].sum(axis=1)
        kept = (costs.stored + costs.trapped)[:, kinds].sum(axis=1)
        added = network.out_of(carried) + kept - network.into(carried)
        for process, cost in zip(analysis.flowsheet.processes, added.tolist(), strict=True):
            if cost > _SLIGHT * costs.total_cost:
                yield SankeyStream(f"{process.key} {mark}", label, None, process.key, cost)


def _stock_worth(
    analysis: BalanceAnalysis, costs: MaterialFlowCosts, nodes: list[SankeyNode]
) -> Iterator[SankeyStream]:
    names: dict[str, list[str]] = {}
    for stock in analysis.flowsheet.stocks:
        names.setdefault(stock.process, []).append(stock.name)
    for place, process in enumerate(analysis.flowsheet.processes):
        for which, worth in (
            (Quantity.OPENING, float(costs.network.opening_value[place])),
            (Quantity.CLOSING, float(costs.stored[place].sum())),
        ):
            if worth <= _SLIGHT * costs.total_cost:
                continue
            label = _stock_label(", ".join(names.get(process.key, [process.name])), which)
            node = SankeyNode(f"{process.key} {which.value}", label, "stock", process.key)
            nodes.append(node)
            ends = (node.key, process.key) if which is Quantity.OPENING else (process.key, node.key)
            yield SankeyStream(node.key, which.label, *ends, worth)


def _drawn(stream: Stream, value: float, sd: float, state: State) -> SankeyStream:
    leaving = stream.end is None
    return SankeyStream(
        stream.key,
        stream.name,
        stream.start,
        stream.end,
        value,
        sd,
        state,
        loss=leaving and stream.role in _LOST,
        product=leaving and stream.role is Role.PRODUCT,
    )


def _nothing(amount: Amount) -> bool:
    """Whether it is known that nothing flows."""
    return amount.value == 0.0 and not amount.sd > 0.0


_WORST_FIRST: Final[tuple[State, ...]] = ("computed", "estimated", "measured")


def _state(analysis: BalanceAnalysis, item: Stream | Stock, refs: Iterable[Ref]) -> State:
    """How the worst known of some numbers of a stream or stock is known."""
    found: set[State] = set()
    for ref in refs:
        place = analysis.system.position(ref)
        kind = None if place is None else VariableClass(int(analysis.reconciliation.classes[place]))
        if kind is None or kind is VariableClass.UNOBSERVABLE:
            return "unobservable"
        entered = _entered(item, ref)
        if kind is VariableClass.OBSERVABLE or entered is None:
            found.add("computed")
        else:
            found.add("estimated" if entered.basis in _JUDGED and entered.sd > 0 else "measured")
    return next((state for state in _WORST_FIRST if state in found), "measured")


def _entered(item: Stream | Stock, ref: Ref) -> Measurement | None:
    """What was entered for a number."""
    match ref.quantity:
        case Quantity.FRACTION:
            return item.fractions.get(ref.component or "")
        case Quantity.COMPONENT if isinstance(item, Stream):
            return item.component_flows.get(ref.component or "")
        case _:
            found: Measurement | None = getattr(item, ref.quantity.value, None)
            return found
