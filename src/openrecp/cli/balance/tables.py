"""Balances as measured, and every reconciled value with how it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.analysis.suspicion import unit_of_quantity
from openrecp.balances.closure import ClosureState
from openrecp.balances.equations import Layer
from openrecp.balances.flowsheet import Quantity, Ref
from openrecp.balances.gross_errors import Solvability
from openrecp.balances.gross_errors.meters import solvability
from openrecp.balances.losses import MeasuredClosure, Names
from openrecp.balances.problems import VariableClass
from openrecp.cli.balance.words import HALF_95, VERDICTS, with_half
from openrecp.cli.console import Console
from openrecp.figures import show_unit, unit_words
from openrecp.texts import Text, format_significant, text

_SHOWN: Final = 40
_SHORT: Final = frozenset({Quantity.FLOW, Quantity.ENERGY, Quantity.OPENING, Quantity.CLOSING})
_PERCENT: Final = frozenset({Quantity.FRACTION, Quantity.TRANSFER})
_VERDICTS: Final = {**VERDICTS, ClosureState.GAP: text("beyond meter error")}
_KNOWN: Final = {
    Solvability.REDUNDANT: text("measured and checked"),
    Solvability.NOT_REDUNDANT: text("measured, nothing checks it"),
    Solvability.SOLVABLE: text("computed"),
    Solvability.NOT_SOLVABLE: text("cannot be known"),
    Solvability.FIXED: text("known exactly"),
}


def show_closures(analysis: BalanceAnalysis, console: Console, *, full: bool) -> None:
    """Every process and component: in, out, gap and what it says; the totals alone unless more is asked for."""
    closures = [each for each in analysis.closures if full or _telling(each)]
    if not closures:
        return
    unit = analysis.flowsheet.flow_unit
    console.heading(text("Balances as measured [{unit}]", unit=unit_words(unit)))
    names = {process.key: process.name for process in analysis.flowsheet.processes}
    components = {component.key: component.name for component in analysis.flowsheet.components}
    rows = [
        (
            console.say(text("Whole plant") if each.process is None else names[each.process]),
            _balance(each, components, unit, console),
            format_significant(each.inputs + each.made, 4),
            format_significant(each.outputs, 4),
            format_significant(each.stock_change, 4),
            with_half(each.gap, each.high - each.gap),
            console.say(each.reason if full and each.reason is not None else _VERDICTS[each.state]),
        )
        for each in (closures if full else closures[:_SHOWN])
    ]
    headers = (
        text("Process"),
        text("Balance"),
        text("In"),
        text("Out"),
        text("Stock growth"),
        text("Gap (95 %)"),
        text("Verdict"),
    )
    console.table(headers, rows, right=(2, 3, 4, 5), whole=full)
    if len(rows) < len(analysis.closures):
        console.line(text("  --full shows every component and element, and what is missing."))


def _telling(closure: MeasuredClosure) -> bool:
    if closure.layer is Layer.ELEMENT:
        return False
    return closure.layer is Layer.TOTAL or closure.state in (ClosureState.GAP, ClosureState.EXCESS)


def _balance(closure: MeasuredClosure, components: Mapping[str, str], unit: str, console: Console) -> str:
    name: Text | str = closure.layer.label
    if closure.layer is Layer.COMPONENT:
        name = components.get(closure.component or "", closure.component or "")
    elif closure.layer is Layer.ELEMENT:
        name = text("element {element}", element=closure.component)
    shown = console.say(name)
    return shown if closure.unit == unit else f"{shown} [{show_unit(closure.unit, console.language)}]"


def show_values(analysis: BalanceAnalysis, console: Console, *, full: bool) -> None:
    """Measured and reconciled values of streams and stocks; with ``full`` of everything."""
    console.heading(text("Reconciled values ± half of the 95 % interval"))
    cleaned = analysis.cleaned
    refs = cleaned.system.refs
    places = [place for place, ref in enumerate(refs) if full or _telling_value(cleaned, place, ref)]
    if not full:
        places = places[:_SHOWN]
    names = Names.of_flowsheet(analysis.flowsheet)
    letters = solvability(cleaned.reconciliation.classes)
    rows = [
        (
            refs[place].key,
            console.say(names.of(refs[place]) if full else _short_name(refs[place], names)),
            *_values(analysis, place, console),
            str(letters[place]),
            _how_known(analysis, place, letters[place], console),
        )
        for place in places
    ]
    headers = (
        text("No."),
        text("Stream"),
        text("Measured"),
        text("Reconciled"),
        text("Unit"),
        "",
        text("How it is known"),
    )
    console.table(headers, rows, right=(2, 3), whole=full)
    if len(places) < len(refs):
        console.line(
            text("  --full shows all {count} values, shares and temperatures among them.", count=len(refs))
        )


def _telling_value(analysis: BalanceAnalysis, place: int, ref: Ref) -> bool:
    """Flows and stocks, but for the stocks between periods that are nothing by definition."""
    found = analysis.reconciliation
    nothing = found.classes[place] == VariableClass.FIXED and found.values[place] == 0.0
    held = found.at_bound is not None and bool(found.at_bound[place])
    return ref.quantity in _SHORT and (held or not nothing)


def _short_name(ref: Ref, names: Names) -> Text | str:
    """A flow goes by the name of its stream alone."""
    if ref.quantity in (Quantity.FLOW, Quantity.ENERGY):
        return names.items.get(ref.key) or ref.key
    return names.of(ref)


def _values(analysis: BalanceAnalysis, place: int, console: Console) -> tuple[str, str, str]:
    """Measured, reconciled and unit; shares in per cent."""
    cleaned = analysis.cleaned
    ref, amount = cleaned.system.refs[place], cleaned.amounts.at(place)
    entered = analysis.amounts.of(ref) or amount
    factor, unit = 1.0, unit_of_quantity(ref.quantity, analysis.flowsheet)
    if ref.quantity in _PERCENT:
        factor, unit = 100.0, "%"
    half = factor * HALF_95
    return (
        with_half(factor * entered.measured, half * entered.measured_sd),
        with_half(factor * amount.value, half * amount.sd),
        show_unit(unit, console.language),
    )


def _how_known(analysis: BalanceAnalysis, place: int, letter: Solvability, console: Console) -> str:
    cleaned = analysis.cleaned
    held = cleaned.reconciliation.at_bound
    if held is not None and held[place]:
        return console.say(text("held at its limit"))
    if cleaned.system.refs[place] in analysis.spoiled:
        return console.say(text("computed; its reading is left out"))
    return console.say(_KNOWN[letter])
