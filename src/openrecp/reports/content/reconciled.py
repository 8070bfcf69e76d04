"""Appendix: the amounts as entered and after balancing, each with how it is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from openrecp.assessment.evaluation.balance_results import PlantBalance, readable_unit
from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.analysis.amounts import Amount
from openrecp.balances.equations import Layer
from openrecp.balances.flowsheet import Measurement, Quantity, Ref, Stream, StreamKind
from openrecp.balances.problems import VariableClass
from openrecp.figures import Basis, Figure
from openrecp.reports.balance_flows import balance_flow_diagram
from openrecp.reports.balance_pictures import balance_picture
from openrecp.reports.blocks import Block, Cell, Column, Row, Section, Table, Words, paragraph, row
from openrecp.texts import Text, text

_KNOWN: Final = {
    VariableClass.REDUNDANT: text("measured, and checked by a balance"),
    VariableClass.JUST_MEASURED: text("measured, and nothing checks it"),
    VariableClass.OBSERVABLE: text("computed from the balances"),
    VariableClass.UNOBSERVABLE: text("cannot be known yet"),
    VariableClass.FIXED: text("taken as exact"),
}
_JUDGED: Final = frozenset({Basis.ESTIMATED, Basis.ASSUMED, Basis.CALCULATED})
_ESTIMATED: Final = {
    VariableClass.REDUNDANT: text("estimated, and checked by a balance"),
    VariableClass.JUST_MEASURED: text("estimated, and nothing checks it"),
}
_HALF: Final = 1.959964


def reconciled_sections(balance: PlantBalance) -> tuple[Section, ...]:
    """The flow diagram and the amounts after balancing.

    None where no balance checks anything, or nobody said how sure the amounts are.
    """
    analysis = balance.analysis
    if analysis is None or not balance.stated or not analysis.reconciliation.redundancy:
        return ()
    drawn = text("The processes that were balanced, with all their flows")
    opening = text(
        "The balances of all processes are closed at once, and each amount gives way as far as its own error allows: what is "
        "known well moves little. What nobody measured follows from the rest."
    )
    blocks: list[Block] = [
        paragraph(opening),
        balance_picture(balance_flow_diagram(analysis), "flow-diagram", drawn),
        *_tables(balance, analysis),
    ]
    return (Section(text("Amounts after balancing"), tuple(blocks), key="reconciled", new_page=True),)


def _tables(balance: PlantBalance, analysis: BalanceAnalysis) -> list[Table]:
    streams = analysis.flowsheet.streams
    found = []
    for kind, key, unit in (
        (StreamKind.MATERIAL, "reconciled-mass", analysis.flowsheet.flow_unit),
        (StreamKind.ENERGY, "reconciled-energy", f"kWh/{analysis.flowsheet.period}"),
    ):
        chosen = [each for each in streams if each.kind is kind]
        if not chosen or (kind is StreamKind.ENERGY and not _balanced(analysis)):
            continue
        found.append(_table(balance, analysis, chosen, unit, key))
    return found


def _balanced(analysis: BalanceAnalysis) -> bool:
    """Whether energy is balanced anywhere."""
    return any(each.layer is Layer.ENERGY for each in analysis.system.constraints)


def _table(
    balance: PlantBalance, analysis: BalanceAnalysis, streams: list[Stream], unit: str, key: str
) -> Table:
    largest = max((abs(_finite(analysis.amounts.flow(each).value) or 0.0) for each in streams), default=0.0)
    factor, shown = readable_unit(largest, unit)
    names = balance.names(analysis).items
    columns = (
        Column(text("Stream"), share=2.4),
        Column(text("As entered"), shown, "right", 0.9),
        Column(text("After balancing"), shown, "right", 0.9),
        Column(text("± (95 %)"), shown, "right", 0.8),
        Column(text("How it is known"), share=1.6),
    )
    rows = [
        row(names[each.key], *_cells(analysis.amounts.flow(each), _entered(each), factor, shown))
        for each in streams
    ]
    if streams[0].kind is StreamKind.MATERIAL:
        rows += _stock_rows(balance, analysis, factor)
    return Table(_title(analysis), columns, tuple(rows), key=key)


def _title(analysis: BalanceAnalysis) -> Text:
    return text(
        "{count} amounts that check one another, and what they come to together",
        count=int((analysis.reconciliation.classes == VariableClass.REDUNDANT).sum()),
    )


def _entered(stream: Stream) -> Measurement | None:
    return stream.energy if stream.kind is StreamKind.ENERGY else stream.flow


def _cells(amount: Amount, entered: Measurement | None, factor: float, unit: str) -> tuple[Cell, ...]:
    value, sd = _finite(amount.value), _finite(amount.sd)
    # Only what was entered bears the mark of how it is known; what balancing made of it is calculated.
    read = (
        None
        if entered is None
        else Figure(text("As entered"), entered.value * factor, unit, basis=entered.basis)
    )
    return (
        read,
        "–" if value is None else Figure(text("After balancing"), value * factor, unit),
        None if sd is None or value is None else Figure(text("± (95 %)"), _HALF * sd * factor, unit),
        _known(amount, entered),
    )


def _known(amount: Amount, entered: Measurement | None) -> Words:
    if entered is not None and entered.basis in _JUDGED and amount.kind in _ESTIMATED:
        return _ESTIMATED[amount.kind]
    return _KNOWN[amount.kind]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _stock_rows(balance: PlantBalance, analysis: BalanceAnalysis, factor: float) -> Iterator[Row]:
    """What lay in store before the period and after it."""
    names, unit = balance.names(analysis), analysis.flowsheet.unit
    shown = readable_unit(1.0 if factor == 1.0 else math.inf, unit)[1]
    for stock in analysis.flowsheet.stocks:
        for which, entered in ((Quantity.OPENING, stock.opening), (Quantity.CLOSING, stock.closing)):
            ref = Ref(which, stock.key)
            amount = analysis.amounts.of(ref)
            if amount is not None:
                yield row(names.of(ref), *_cells(amount, entered, factor, shown))
