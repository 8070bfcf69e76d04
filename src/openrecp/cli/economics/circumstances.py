"""What the project returns under other circumstances, on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openrecp.cli.console import Console
from openrecp.cli.economics.one import CaseResults
from openrecp.cli.economics.wide import wide_table
from openrecp.economics import BreakEven, Evaluation, NamedResult, ScenarioResult, Swing, TwoWayTable
from openrecp.figures import Figure, show, unit_words
from openrecp.texts import Text, format_number, text

_WIDEST_SWINGS: Final = 8


def show_scenarios(results: CaseResults, console: Console) -> None:
    """Best, base and worst case, then the scenarios with names of their own."""
    console.heading(text("Best and worst case"))
    headers = (text("Case"), text("Payback"), text("NPV"), text("IRR"))
    rows = [_case_row(each, console) for each in results.scenarios]
    console.table(headers, rows, right=(1, 2, 3))
    if not results.named:
        return
    console.heading(text("If something else happens"))
    headers_named = (
        text("Scenario"),
        text("Payback"),
        text("NPV"),
        text("IRR"),
        text("NPV against the base case"),
    )
    console.table(headers_named, [_named_row(each, console) for each in results.named], right=(1, 2, 3, 4))
    for each in results.named:
        for figure in each.avoided:
            console.paragraph(_avoided(figure, console))


def _case_row(result: ScenarioResult, console: Console) -> tuple[str, ...]:
    return (console.say(result.scenario.name), *_results(result.evaluation, console))


def _named_row(result: NamedResult, console: Console) -> tuple[str, ...]:
    change = float(result.npv_change.value or 0.0)
    return (
        console.say(result.scenario.name),
        *_results(result.evaluation, console),
        f"{'+' if change > 0 else ''}{show(result.npv_change, console.language)}",
    )


def _results(evaluation: Evaluation, console: Console) -> tuple[str, str, str]:
    return (
        shown(evaluation.payback, console, 2),
        shown(evaluation.npv, console),
        shown(evaluation.irr, console, 2),
    )


def shown(figure: Figure, console: Console, digits: int | None = None) -> str:
    """The figure, or a dash where it has no value."""
    return "–" if figure.value is None else show(figure, console.language, digits)


def _avoided(figure: Figure, console: Console) -> str:
    parts = [
        console.say(text("{name} {value}", name=part.name, value=show(part, console.language)))
        for part in figure.inputs
    ]
    return console.say(
        text(
            "{name}: {value}, {formula} ({parts}).",
            name=figure.name,
            value=show(figure, console.language),
            formula=figure.formula,
            parts=parts,
        )
    )


def show_tornado(swings: Sequence[Swing], console: Console, *, full: bool) -> None:
    """What each input does to the net present value alone; the widest swings unless all are wanted."""
    if not swings:
        return
    console.heading(text("Sensitivity: net present value when one input changes, widest swing first"))
    kept = swings if full else swings[:_WIDEST_SWINGS]
    rows = [
        (
            console.say(swing.name),
            f"{show(swing.low.value, console.language)} … {show(swing.high.value, console.language)}",
            format_number(swing.low.npv.value or 0, 0),
            format_number(swing.high.npv.value or 0, 0),
        )
        for swing in kept
    ]
    headers = (text("Input"), text("Range"), text("NPV at low"), text("NPV at high"))
    console.table(headers, rows, right=(1, 2, 3))
    if len(kept) < len(swings):
        console.line(
            text("  {count} further inputs matter less; --full shows them.", count=len(swings) - len(kept))
        )


def show_break_evens(found: Sequence[BreakEven], console: Console) -> None:
    """At which value of each input the net present value is zero: the nearest first, the others in words."""
    if not found:
        return
    console.heading(text("Break-even: the value at which the net present value is zero"))
    rows = [
        (
            console.say(each.name),
            show(each.base, console.language),
            shown(point.value, console),
            _margin(point.margin),
        )
        for each in found
        for point in sorted(each.points, key=lambda point: point.distance)
    ]
    headers = (text("Input"), text("Now"), text("Break-even"), text("Change"))
    if rows:
        console.table(headers, rows, right=(1, 2, 3))
    for each in found:
        if each.reason is not None:
            console.paragraph(text("{name}: no value; {reason}.", name=each.name, reason=each.reason))
    if len(found) == 1:
        for point in found[0].points:
            console.paragraph(point.statement)


def _margin(margin: Figure) -> str:
    if margin.value is None:
        return "–"
    return f"{float(margin.value):+,.1f} %"


def show_tables(tables: Sequence[TwoWayTable], console: Console) -> None:
    """Two inputs changed together."""
    for table in tables:
        console.heading(
            text(
                "{measure}: {rows} down, {columns} across",
                measure=_with_unit(table.measure.label, table.cells[0][0].unit),
                rows=_with_unit(table.rows.name, table.rows.base.unit),
                columns=_with_unit(table.columns.name, table.columns.base.unit),
            )
        )
        rows = [
            (_axis_value(value, table.rows.base), *map(_table_cell, cells))
            for value, cells in zip(table.rows.values, table.cells, strict=True)
        ]
        headers = [_axis_value(value, table.columns.base) for value in table.columns.values]
        wide_table(console, ["", *headers], rows, 1)
        console.line(text("  * as in the base case"))


def _with_unit(name: Text, unit: str) -> Text:
    return text("{name} [{unit}]", name=name, unit=unit_words(unit))


def _axis_value(value: Figure, base: Figure) -> str:
    number = format_number(float(f"{float(value.value or 0.0):.8g}"))
    return f"{number}*" if value.value == base.value else number


def _table_cell(cell: Figure) -> str:
    if cell.value is None:
        return "–"
    return format_number(float(cell.value), 2 if cell.unit in ("%", "yr") else 0)
