"""Numbers that cannot be: negative flows, shares out of 0 to 1, compositions and elements over 1, broken uncertainties."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from openrecp.balances.flowsheet import Flowsheet, Measurement, Process, Stock, Stream, StreamKind
from openrecp.errors import NOWHERE, Issue, Severity, Where, problem

_ROUNDING: Final = 1e-9
_COLDEST: Final = -273.15
_IMPOSSIBLE: Final = 6.0
"""Standard deviations by which shares may miss 1 together; in a plant of many streams some miss it by four."""
_FAR: Final = 3.0
"""Standard deviations beyond which the measured shares of a stream do not sum to 1 by chance."""
_MASS_ROUNDING: Final = 1e-3
"""Share of what a reaction uses by which its masses may miss 0: molar masses are rounded to four digits."""


def value_faults(flowsheet: Flowsheet) -> Iterator[Issue]:
    """Numbers that no plant can have."""
    for stream in flowsheet.streams:
        yield from _stream(stream)
    for stock in flowsheet.stocks:
        yield from _stock(stock)
    for component in flowsheet.components:
        for element, share in component.elements.items():
            yield from _share(share, f"{component.name or component.key} · {element}", component.source)
        total = sum(component.elements.values())
        if total > 1 + 1e-6:
            yield problem(
                "elements-over-one",
                "The elements of “{component}” add up to {percent} % of its mass; they can be 100 % at most.",
                where=component.source,
                component=component.name or component.key,
                percent=round(total * 100, 4),
            )
    with_elements = any(component.elements for component in flowsheet.components)
    hot: dict[str, list[Stream]] = {
        process.key: [] for process in flowsheet.processes if process.heat_balance
    }
    for stream in flowsheet.streams:
        for key in {stream.start, stream.end} & hot.keys():
            hot[str(key)].append(stream)
    for process in flowsheet.processes:
        yield from _process(process, with_elements=with_elements)
        yield from _heat(process, hot.get(process.key, []))


def _stream(stream: Stream) -> Iterator[Issue]:
    name = stream.name or stream.key
    yield from _amount(stream.flow, name, stream.source)
    yield from _amount(stream.energy, name, stream.source, negative=True)
    for flow in stream.component_flows.values():
        yield from _amount(flow, name, stream.source)
    yield from _composition(stream.fractions, name, stream.source, complete=stream.composition_complete)
    twice = sorted(set(stream.fractions) & set(stream.component_flows))
    for component in twice:
        yield problem(
            "component-twice",
            "“{name}” has both a share and a flow of “{component}”; both are used as independent measurements. If one was "
            "calculated from the other, delete it.",
            where=stream.source,
            severity=Severity.WARNING,
            name=name,
            component=component,
        )
    if stream.temperature is not None:
        yield from _amount(stream.temperature, name, stream.source, negative=True)
        if stream.temperature.value < _COLDEST:
            yield problem(
                "temperature-impossible",
                "“{name}” would be colder than absolute zero ({value} °C); correct the temperature.",
                where=_place(stream.temperature, stream.source),
                name=name,
                value=stream.temperature.value,
            )
    if stream.kind is StreamKind.ENERGY and (stream.flow or stream.fractions or stream.component_flows):
        yield problem(
            "energy-with-mass",
            "“{name}” carries energy alone, so it has no mass flow and no composition; delete them or make it a material.",
            where=stream.source,
            name=name,
        )


def _stock(stock: Stock) -> Iterator[Issue]:
    name = stock.name or stock.key
    yield from _amount(stock.opening, name, stock.source)
    yield from _amount(stock.closing, name, stock.source)
    yield from _composition(stock.fractions, name, stock.source, complete=stock.composition_complete)


def _place(measured: Measurement, where: Where) -> Where:
    return measured.source if measured.source != NOWHERE else where


def _amount(found: Measurement | None, name: str, where: Where, *, negative: bool = False) -> Iterator[Issue]:
    if found is None:
        return
    place = _place(found, where)
    if not math.isfinite(found.value) or not math.isfinite(found.sd):
        yield problem(
            "value-not-finite",
            "“{name}” has a value or uncertainty that is no number.",
            where=place,
            name=name,
        )
        return
    if found.sd < 0:
        yield problem(
            "sd-negative",
            "The uncertainty of “{name}” is below zero ({sd}); enter it as a positive number.",
            where=place,
            name=name,
            sd=found.sd,
        )
    if found.value < 0 and not negative:
        yield problem(
            "flow-negative",
            "“{name}” is below zero ({value}). Flows and stocks are never negative: if it runs the other way, exchange "
            "start and end.",
            where=place,
            name=name,
            value=found.value,
        )


def _share(value: float, name: str, where: Where) -> Iterator[Issue]:
    if not -_ROUNDING <= value <= 1 + _ROUNDING:
        yield problem(
            "share-impossible",
            "The share of “{name}” is {percent} %; a share lies between 0 % and 100 %.",
            where=where,
            name=name,
            percent=round(value * 100, 6),
        )


def _composition(
    fractions: Mapping[str, Measurement], name: str, where: Where, *, complete: bool
) -> Iterator[Issue]:
    """Shares of one stream or stock, each and together."""
    for component, found in fractions.items():
        yield from _amount(found, f"{name} · {component}", where, negative=True)
        if math.isfinite(found.value):
            yield from _share(found.value, f"{name} · {component}", _place(found, where))
    total = sum(found.value for found in fractions.values())
    spread = math.sqrt(sum(found.sd**2 for found in fractions.values()))
    gap = total - 1.0
    if gap > max(_IMPOSSIBLE * spread, 1e-6):
        yield problem(
            "shares-over-one",
            "The shares of “{name}” add up to {percent} %, more than their uncertainties explain; correct the "
            "composition.",
            where=where,
            name=name,
            percent=round(total * 100, 4),
        )
    elif complete and fractions and -gap > max(_IMPOSSIBLE * spread, 1e-6):
        yield problem(
            "shares-under-one",
            "The composition of “{name}” is marked as complete, but its shares add up to {percent} % only; add what is "
            "missing or take the mark away.",
            where=where,
            name=name,
            percent=round(total * 100, 4),
        )


def _process(process: Process, *, with_elements: bool) -> Iterator[Issue]:
    name = process.name or process.key
    for reaction in process.reactions:
        made = sum(mass for mass in reaction.stoichiometry.values() if mass > 0)
        used = -sum(mass for mass in reaction.stoichiometry.values() if mass < 0)
        if not made or not used or abs(made - used) > _MASS_ROUNDING * max(made, used):
            yield problem(
                "reaction-unbalanced",
                "“{reaction}” uses {used} and makes {made} of mass for one unit of extent; both must be the same. Enter "
                "masses (moles times molar mass), used ones with a minus.",
                where=reaction.source,
                reaction=reaction.name or reaction.key,
                used=used,
                made=made,
            )
        if reaction.extent is not None:
            yield from _amount(reaction.extent, reaction.name or reaction.key, reaction.source)
    if process.by_elements and not with_elements:
        yield problem(
            "elements-missing",
            "“{process}” is to be balanced by elements, but no component says which elements it holds; enter their shares.",
            where=process.source,
            process=name,
        )
    if process.by_elements and process.reactions:
        yield problem(
            "elements-and-reactions",
            "“{process}” is to be balanced by elements and has reactions as well; keep one of the two.",
            where=process.source,
            process=name,
        )


def _heat(process: Process, streams: Iterable[Stream]) -> Iterator[Issue]:
    """Streams at a heat balance that say nothing of the heat they carry."""
    for stream in streams:
        if stream.kind is StreamKind.ENERGY:
            continue
        if stream.medium is None:
            yield problem(
                "medium-missing",
                "“{name}” is at the heat balance of “{process}”, but what it carries is missing; enter its medium.",
                where=stream.source,
                name=stream.name or stream.key,
                process=process.name or process.key,
            )
        elif stream.temperature is None:
            yield problem(
                "temperature-missing",
                "“{name}” is at the heat balance of “{process}” without a temperature; it is then found from the balance, "
                "where the other numbers allow it.",
                where=stream.source,
                severity=Severity.NOTE,
                name=stream.name or stream.key,
                process=process.name or process.key,
            )
