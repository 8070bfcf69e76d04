"""What losses and wastes really cost: the short version, and material flow cost accounting in full."""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.costs import MaterialFlowCosts
from openrecp.balances.costs.results import CostMatrix, MatrixRow
from openrecp.cli.balance.words import DASH, with_half
from openrecp.cli.console import Console
from openrecp.figures import show, unit_words
from openrecp.texts import format_number, text

_SHOWN: Final = 5


def show_costs(costs: MaterialFlowCosts | None, console: Console, *, mfca: bool) -> None:
    """How much of all costs ends in losses, and the true cost of each waste; with ``mfca`` the matrix and processes."""
    if costs is None:
        if mfca:
            console.heading(text("Material flow costs"))
            console.paragraph(
                text("Nothing in this flowsheet has a price: give the inputs prices, or the processes energy and system costs.")
            )  # fmt: skip
        return
    console.heading(text("What waste and losses really cost (material flow cost accounting, ISO 14051)"))
    matrix = costs.matrix()
    share = matrix.percentages[MatrixRow.LOSS, -1]
    console.paragraph(
        text(
            "Of {total} {unit}, {loss} {unit} ({share} %) end in waste and losses.",
            total=format_number(costs.total_cost, 0),
            loss=format_number(costs.loss_cost, 0),
            share=format_number(float(share), 1),
            unit=unit_words(costs.currency),
        )
    )
    if mfca:
        _show_matrix(matrix, console)
        _show_processes(costs, console)
    _show_wastes(costs, console, mfca=mfca)
    if not mfca:
        console.line(text("  --mfca shows the cost matrix and every process."))


def _show_matrix(matrix: CostMatrix, console: Console) -> None:
    used = [row for row in MatrixRow if row in (MatrixRow.PRODUCT, MatrixRow.LOSS, MatrixRow.TOTAL) or np.any(matrix.amounts[row])]  # fmt: skip
    rows = [
        (
            console.say(matrix.row_labels[row]),
            *(format_number(float(amount), 0) for amount in matrix.amounts[row]),
            f"{format_number(float(matrix.percentages[row, -1]), 1)} %",
        )
        for row in used
    ]
    console.line()
    console.table(
        ("", *matrix.column_labels, text("Share")), rows, right=range(1, len(matrix.column_labels) + 2)
    )


def _show_processes(costs: MaterialFlowCosts, console: Console) -> None:
    order = np.argsort(-costs.process_losses, kind="stable").tolist()
    rows = [
        (
            costs.flowsheet.processes[place].name,
            format_number(float(costs.own[place].sum()), 0),
            format_number(float(costs.process_totals[place]), 0),
            format_number(float(costs.process_losses[place]), 0),
        )
        for place in order
    ]
    console.line()
    headers = (text("Process"), text("Own cost"), text("Goes through it"), text("Ends in its losses"))
    console.table(headers, rows, right=(1, 2, 3))


def _show_wastes(costs: MaterialFlowCosts, console: Console, *, mfca: bool) -> None:
    wastes = costs.true_costs()
    if not mfca:
        wastes = tuple(each for each in wastes if each.true.value)
    names = {stream.key: stream.name for stream in costs.flowsheet.streams}
    rows = []
    for waste in wastes if mfca else wastes[:_SHOWN]:
        true = float(waste.true.value or 0.0)
        half = 0.0 if waste.interval is None else waste.interval[1] - true
        rows.append(
            (
                names[waste.stream],
                with_half(true, half) if half > 0 else format_number(true, 0),
                format_number(float(waste.apparent.value or 0.0), 0),
                DASH if waste.per_unit.value is None else show(waste.per_unit, console.language),
            )
        )
    if rows:
        console.line()
        headers = (
            text("Waste or loss"),
            text("True cost (95 %)"),
            text("Paid for disposal"),
            text("True cost of a unit"),
        )
        console.table(headers, rows, right=(1, 2, 3))
    if len(wastes) > len(rows):
        console.line(text("  {count} more; --mfca lists them.", count=len(wastes) - len(rows)))
