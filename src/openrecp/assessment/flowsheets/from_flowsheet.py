"""A flowsheet made elsewhere (by a program, a case, the browser) as a document that reads back to the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openrecp.assessment.flowsheets.document import FlowsheetDocument, Row
from openrecp.balances.cost_data import CostData
from openrecp.balances.flowsheet import Flowsheet, Measurement, Process, Ref, Stock, Stream
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
        "processes": [_process(each, costs) for each in flowsheet.processes],
        "streams": [_stream(each, costs) for each in flowsheet.streams],
        "compositions": [*_compositions(flowsheet.streams), *_compositions(flowsheet.stocks)],
        "stocks": [_stock(each) for each in flowsheet.stocks],
        "components": [
            {
                "key": each.key,
                "name": each.name,
                "elements": "; ".join(f"{element} {share!r}" for element, share in each.elements.items()),
                "price": _number(each.price),
            }
            for each in flowsheet.components
        ],
        "media": [
            {
                "key": each.key,
                "name": each.name,
                "heat_capacity": repr(each.b),
                "heat_at_zero": repr(each.a) if each.a else None,
                "heat_square": repr(each.c) if each.c else None,
            }
            for each in flowsheet.media
        ],
        "reactions": [row for process in flowsheet.processes for row in _reactions(process)],
        "relations": list(_relations(flowsheet)),
        "transfers": [
            {
                "key": each.key,
                "name": each.name,
                "process": each.process,
                "stream": each.stream,
                "component": each.component,
                **_measured("share", each.share),
                **_known(each.share, meter=False),
            }
            for each in flowsheet.transfers
        ],
        "correlations": [
            {
                **_ref(each.first),
                **{
                    f"with_{name}" if name != "of" else "with": value
                    for name, value in _ref(each.second).items()
                },
                "coefficient": repr(each.coefficient),
            }
            for each in flowsheet.correlations
        ],
    }
    filled = {name: tuple(_filled(row) for row in rows) for name, rows in sections.items()}
    return FlowsheetDocument(_filled(settings), {name: rows for name, rows in filled.items() if rows})


def _filled(cells: Cells) -> Row:
    return {name: words for name, words in cells.items() if words}


def _number(value: float | None) -> str | None:
    return None if value is None else repr(float(value))


def _yes(answer: bool) -> str | None:
    return "yes" if answer else None


def _measured(column: str, found: Measurement | None, uncertainty: str = "uncertainty") -> Cells:
    if found is None:
        return {}
    return {column: _number(found.value), uncertainty: f"sd {float(found.sd)!r}" if found.sd else "exact"}


def _known(found: Measurement | None, *, meter: bool = True) -> Cells:
    if found is None:
        return {}
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
        "allocation_key": costs.keys.get(process.key),
    }


def _stream(stream: Stream, costs: CostData) -> Cells:
    return {
        "key": stream.key,
        "name": stream.name,
        "from": stream.start,
        "to": stream.end,
        "role": _value(stream.role),
        "kind": _value(stream.kind),
        **_measured("flow", stream.flow),
        **_measured("energy", stream.energy, "energy_uncertainty"),
        **_measured("temperature", stream.temperature, "temperature_uncertainty"),
        **_known(stream.flow or stream.energy or stream.temperature),
        "medium": stream.medium,
        "composition_complete": _yes(stream.composition_complete),
        "price": _number(stream.price),
        "treatment_cost": _number(costs.waste_management.get(stream.key)),
        "outside_mass_key": _yes(stream.key in costs.excluded),
        "measuring_cost": _number(stream.measuring_cost) if stream.measuring_cost != 1.0 else None,
    }


def _stock(stock: Stock) -> Cells:
    return {
        "key": stock.key,
        "name": stock.name,
        "process": stock.process,
        **_measured("opening", stock.opening, "opening_uncertainty"),
        **_measured("closing", stock.closing, "closing_uncertainty"),
        **_known(stock.opening or stock.closing, meter=False),
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
        extent = _measured("extent", reaction.extent)
        for component, mass in reaction.stoichiometry.items():
            yield {
                "key": reaction.key,
                "name": reaction.name,
                "process": process.key,
                "component": component,
                "mass": _number(mass),
                **extent,
            }
            extent = {}


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
