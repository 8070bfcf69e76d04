"""A flowsheet made elsewhere (by a program, a case, the browser) as a document that reads back to the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from openrecp.assessment.flowsheets.document import FlowsheetDocument, Row
from openrecp.balances.cost_data import CostData
from openrecp.balances.flowsheet import (
    Component,
    Correlation,
    Flowsheet,
    Measurement,
    Medium,
    Process,
    Quantity,
    Ref,
    Stock,
    Stream,
    TransferCoefficient,
)
from openrecp.texts import Choice

_NO_COSTS = CostData()
Cells = dict[str, str | None]


def flowsheet_document(flowsheet: Flowsheet, costs: CostData = _NO_COSTS) -> FlowsheetDocument:
    """The document of a flowsheet: every number in the flowsheet's units, with its standard deviation.

    Parameters
    ----------
    flowsheet : Flowsheet
    costs : CostData, optional

    Returns
    -------
    FlowsheetDocument
        Building it gives the same flowsheet, places aside.
    """
    settings: Cells = {
        "name": flowsheet.name,
        "unit": flowsheet.unit,
        "period": flowsheet.period or "batch",
        "currency": flowsheet.currency,
    }
    sections: dict[str, Iterable[Cells]] = {
        "processes": (_process(each, costs) for each in flowsheet.processes),
        "streams": (_stream(each, costs) for each in flowsheet.streams),
        "compositions": chain(_compositions(flowsheet.streams), _compositions(flowsheet.stocks)),
        "stocks": (_stock(each) for each in flowsheet.stocks),
        "components": (_component(each) for each in flowsheet.components),
        "media": (_medium(each) for each in flowsheet.media),
        "reactions": (row for process in flowsheet.processes for row in _reactions(process)),
        "relations": _relations(flowsheet),
        "transfers": (_transfer(each) for each in flowsheet.transfers),
        "readings": _readings(flowsheet),
        "correlations": (_correlation(each) for each in flowsheet.correlations),
    }
    filled = {name: tuple(_filled(row) for row in rows) for name, rows in sections.items()}
    return FlowsheetDocument(_filled(settings), {name: rows for name, rows in filled.items() if rows})


def _component(component: Component) -> Cells:
    return {
        "key": component.key,
        "name": component.name,
        "elements": "; ".join(f"{element} {share!r}" for element, share in component.elements.items()),
        "price": _number(component.price),
    }


def _medium(medium: Medium) -> Cells:
    return {
        "key": medium.key,
        "name": medium.name,
        "heat_capacity": repr(medium.b),
        "heat_at_zero": repr(medium.a) if medium.a else None,
        "heat_square": repr(medium.c) if medium.c else None,
    }


def _transfer(transfer: TransferCoefficient) -> Cells:
    return {
        "key": transfer.key,
        "name": transfer.name,
        "process": transfer.process,
        "stream": transfer.stream,
        "component": transfer.component,
    }


def _correlation(pair: Correlation) -> Cells:
    second = {
        ("with" if name == "of" else f"with_{name}"): words for name, words in _ref(pair.second).items()
    }
    return {**_ref(pair.first), **second, "coefficient": repr(pair.coefficient)}


def _filled(cells: Cells) -> Row:
    return {name: words for name, words in cells.items() if words}


def _number(value: float | None) -> str | None:
    return None if value is None else repr(float(value))


def _yes(answer: bool) -> str | None:
    return "yes" if answer else None


def _measured(column: str, found: Measurement, uncertainty: str = "uncertainty") -> Cells:
    return {column: _number(found.value), uncertainty: f"sd {float(found.sd)!r}" if found.sd else "exact"}


def _known(found: Measurement, *, meter: bool = True) -> Cells:
    return {"basis": _value(found.basis), **({"meter": found.meter} if meter else {})}


def _value(choice: Choice) -> str:
    return choice.value


def _process(process: Process, costs: CostData) -> Cells:
    return {
        "key": process.key,
        "name": process.name,
        "by_elements": _yes(process.by_elements),
        "heat_balance": _yes(process.heat_balance),
        "energy_cost": _number(costs.energy.get(process.key)),
        "system_cost": _number(costs.system.get(process.key)),
        "waste_cost": _number(costs.waste_management.get(process.key)),
        "allocation_key": _value(costs.keys[process.key]) if process.key in costs.keys else None,
    }


def _numbers(item: Stream | Stock) -> list[tuple[Quantity, str, str, Measurement]]:
    """What is known of a stream or stock: quantity, column, column of its uncertainty, and the number."""
    if isinstance(item, Stock):
        found = [
            (Quantity.OPENING, "opening", "opening_uncertainty", item.opening),
            (Quantity.CLOSING, "closing", "closing_uncertainty", item.closing),
        ]
    else:
        found = [
            (Quantity.FLOW, "flow", "uncertainty", item.flow),
            (Quantity.ENERGY, "energy", "energy_uncertainty", item.energy),
            (Quantity.TEMPERATURE, "temperature", "temperature_uncertainty", item.temperature),
        ]
    return [(quantity, column, own, number) for quantity, column, own, number in found if number is not None]


def _fits(number: Measurement, item: Stream | Stock) -> bool:
    """Whether a number is known in the way the row of its stream or stock says; else it is a reading of its own."""
    first = _numbers(item)[0][3]
    return (number.basis, number.meter) == (first.basis, first.meter if isinstance(item, Stream) else "")


def _in_row(item: Stream | Stock) -> Cells:
    """The numbers that stand in the row of a stream or stock, and how they are known."""
    cells: Cells = {}
    for _, column, own, number in _numbers(item):
        if _fits(number, item):
            cells |= {**_measured(column, number, own), **_known(number, meter=isinstance(item, Stream))}
    return cells


def _readings(flowsheet: Flowsheet) -> Iterator[Cells]:
    """The numbers that have no place of their own, or are known in another way than their row says."""
    items: tuple[Stream | Stock, ...] = (*flowsheet.streams, *flowsheet.stocks)
    for item in items:
        for quantity, _, _, number in _numbers(item):
            if not _fits(number, item):
                yield _reading(Ref(quantity, item.key), number)
    for process in flowsheet.processes:
        for reaction in process.reactions:
            if reaction.extent is not None:
                yield _reading(Ref(Quantity.EXTENT, reaction.key), reaction.extent)
    for transfer in flowsheet.transfers:
        if transfer.share is not None:
            yield _reading(Ref(Quantity.TRANSFER, transfer.key), transfer.share)


def _reading(ref: Ref, number: Measurement) -> Cells:
    return {**_ref(ref), **_measured("value", number), **_known(number)}


def _stream(stream: Stream, costs: CostData) -> Cells:
    return {
        "key": stream.key,
        "name": stream.name,
        "from": stream.start,
        "to": stream.end,
        "role": _value(stream.role),
        "kind": _value(stream.kind),
        **_in_row(stream),
        "medium": stream.medium,
        "composition_complete": _yes(stream.composition_complete),
        "price": _number(stream.price),
        "treatment_cost": _number(costs.waste_management.get(stream.key)),
        "outside_mass_key": _yes(stream.key in costs.excluded),
        "cost_share": _number(costs.shares.get(stream.start or "", {}).get(stream.key)),
        "measuring_cost": _number(stream.measuring_cost) if stream.measuring_cost != 1.0 else None,
    }


def _stock(stock: Stock) -> Cells:
    return {
        "key": stock.key,
        "name": stock.name,
        "process": stock.process,
        **_in_row(stock),
        "composition_complete": _yes(stock.composition_complete),
        "price": _number(stock.price),
    }


def _compositions(items: Iterable[Stream | Stock]) -> Iterator[Cells]:
    for item in items:
        for component, found in item.fractions.items():
            yield {"of": item.key, "component": component, **_measured("share", found), **_known(found)}
        if isinstance(item, Stream):
            for component, found in item.component_flows.items():
                yield {"of": item.key, "component": component, **_measured("flow", found), **_known(found)}


def _reactions(process: Process) -> Iterator[Cells]:
    for reaction in process.reactions:
        for component, mass in reaction.stoichiometry.items():
            yield {
                "key": reaction.key,
                "name": reaction.name,
                "process": process.key,
                "component": component,
                "mass": _number(mass),
            }


def _relations(flowsheet: Flowsheet) -> Iterator[Cells]:
    for relation in flowsheet.relations:
        once: Cells = {
            "constant": _number(relation.constant) if relation.constant or relation.sd else None,
            "uncertainty": f"sd {relation.sd!r}" if relation.sd else None,
        }
        for coefficient, ref in relation.terms:
            yield {
                "key": relation.key,
                "name": relation.name,
                "coefficient": _number(coefficient),
                **_ref(ref),
                **once,
            }
            once = {}


def _ref(ref: Ref) -> Cells:
    return {"quantity": _value(ref.quantity), "of": ref.key, "component": ref.component}
