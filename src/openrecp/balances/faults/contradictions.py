"""Numbers that are known exactly and cannot all be true: balances and equations over fixed values only.

Two processes joined by a stream that is not fixed are one part: what is not known between them takes up any
difference. A part that is not so joined to the environment is surrounded by exactly known numbers, which must balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from openrecp.balances.faults.overspecified import over_specified
from openrecp.balances.flowsheet import Flowsheet, Measurement, StreamKind
from openrecp.errors import Issue, problem

_ROUNDING: Final = 1e-7
_MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class _Edge:
    """What passes from one process to another (place in the flowsheet; the last is the environment)."""

    start: int
    end: int
    value: float
    fixed: bool
    name: str


def contradiction_faults(flowsheet: Flowsheet) -> Iterator[Issue]:
    """Exactly known numbers that contradict each other.

    Meant for a flowsheet whose references are sound.
    """
    told: set[frozenset[int]] = set()
    for part, edges, gap in _unbalanced(flowsheet, _mass_edges(flowsheet)):
        told.add(frozenset(part))
        yield _unbalanced_issue(flowsheet, part, edges, gap, None)
    for component in flowsheet.components:
        for part, edges, gap in _unbalanced(flowsheet, _component_edges(flowsheet, component.key)):
            if frozenset(part) not in told:
                yield _unbalanced_issue(flowsheet, part, edges, gap, component.name or component.key)
    if not told:
        yield from over_specified(flowsheet)


def _exact(found: Measurement | None) -> float | None:
    return found.value if found is not None and found.sd == 0 else None


def _places(flowsheet: Flowsheet) -> dict[str | None, int]:
    places: dict[str | None, int] = {process.key: place for place, process in enumerate(flowsheet.processes)}
    places[None] = len(places)
    return places


def _edge(start: int, end: int, value: float | None, name: str) -> _Edge:
    return _Edge(start, end, value or 0.0, value is not None, name)


def _mass_edges(flowsheet: Flowsheet) -> list[_Edge]:
    places = _places(flowsheet)
    outside = places[None]
    edges = [
        _edge(places[stream.start], places[stream.end], _exact(stream.flow), stream.name or stream.key)
        for stream in flowsheet.streams
        if stream.kind is StreamKind.MATERIAL
    ]
    for stock in flowsheet.stocks:
        inside, name = places[stock.process], stock.name or stock.key
        edges.append(_edge(outside, inside, _exact(stock.opening), name))
        edges.append(_edge(inside, outside, _exact(stock.closing), name))
    return edges


def _component_edges(flowsheet: Flowsheet, component: str) -> list[_Edge]:
    """Flows of a component; where it is made or used up, anything may come from the environment."""
    places = _places(flowsheet)
    outside = places[None]
    edges = []
    for stream in flowsheet.streams:
        if stream.kind is not StreamKind.MATERIAL:
            continue
        named = bool(stream.fractions or stream.component_flows)
        absent = stream.composition_complete and named and component not in stream.component_flows
        share = _exact(stream.fractions.get(component))
        if share is None and absent and component not in stream.fractions:
            share = 0.0
        known = _exact(stream.component_flows.get(component))
        flow = _exact(stream.flow)
        if known is None and share == 0:
            known = 0.0
        elif known is None and share is not None and flow is not None:
            known = share * flow
        edges.append(_edge(places[stream.start], places[stream.end], known, stream.name or stream.key))
    for stock in flowsheet.stocks:
        share = _exact(stock.fractions.get(component))
        for amount, start, end in (
            (_exact(stock.opening), outside, places[stock.process]),
            (_exact(stock.closing), places[stock.process], outside),
        ):
            known = None if share is None or amount is None else share * amount
            edges.append(_edge(start, end, 0.0 if amount == 0 else known, stock.name or stock.key))
    for process in flowsheet.processes:
        reacts = any(component in reaction.stoichiometry for reaction in process.reactions)
        if process.by_elements or reacts:
            edges.append(_edge(outside, places[process.key], None, process.name))
    return edges


def _unbalanced(flowsheet: Flowsheet, edges: list[_Edge]) -> Iterator[tuple[list[int], list[_Edge], float]]:
    """Parts surrounded by exactly known flows that do not add up: processes, flows, and what enters minus leaves."""
    count = len(flowsheet.processes) + 1
    free = np.array([(e.start, e.end) for e in edges if not e.fixed], dtype=np.int64).reshape(-1, 2)
    graph = sp.coo_array((np.ones(len(free)), (free[:, 0], free[:, 1])), shape=(count, count))
    parts, labels = connected_components(graph, directed=False)
    gaps, sizes = np.zeros(parts), np.zeros(parts)
    around: dict[int, list[_Edge]] = {}
    for edge in edges:
        start, end = int(labels[edge.start]), int(labels[edge.end])
        if start != end:
            gaps[end] += edge.value
            gaps[start] -= edge.value
            for part in (start, end):
                sizes[part] += abs(edge.value)
                around.setdefault(part, []).append(edge)
    wrong = np.abs(gaps) > _ROUNDING * np.maximum(sizes, 1e-300)
    wrong[labels[-1]] = False
    for part in map(int, np.flatnonzero(wrong)):
        yield [int(place) for place in np.flatnonzero(labels == part)], around[part], float(gaps[part])


def _unbalanced_issue(
    flowsheet: Flowsheet, part: list[int], edges: list[_Edge], gap: float, component: str | None
) -> Issue:
    processes = [flowsheet.processes[place] for place in part]
    names = [process.name or process.key for process in processes[:_MOST_NAMED]]
    flows = [edge.name for edge in edges[:_MOST_NAMED] if edge.value]
    values: dict[str, Any] = {
        "processes": names,
        "flows": flows,
        "gap": _rounded(gap),
        "unit": flowsheet.flow_unit,
    }
    if component is None:
        return problem(
            "fixed-flows-contradict",
            "All flows around {processes} ({flows}) are given as exactly known, but {gap} {unit} more enters than leaves. "
            "State the uncertainty of at least one of them, or draw the loss.",
            where=processes[0].source,
            **values,
        )
    return problem(
        "fixed-components-contradict",
        "All flows of “{component}” around {processes} ({flows}) are given as exactly known, but {gap} {unit} more enters "
        "than leaves. State the uncertainty of at least one of them, or draw the loss.",
        where=processes[0].source,
        component=component,
        **values,
    )


def _rounded(number: float) -> float:
    return float(f"{number:.6g}")
