"""What waste really costs: material flow costs after ISO 14051, as a matrix and of each waste stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from openrecp.assessment.evaluation.balance_results import PlantBalance
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.balances.costs import MaterialFlowCosts
from openrecp.balances.costs.results import CostMatrix, MatrixRow, TrueCost
from openrecp.figures import Figure
from openrecp.reports.balance_flows import FlowContent, balance_diagram
from openrecp.reports.balance_pictures import balance_picture
from openrecp.reports.blocks import Block, Cell, Column, Reference, Row, Section, Table, row
from openrecp.reports.content.phrases import running
from openrecp.texts import Language, Text, format_number, text

_ALWAYS: Final = (MatrixRow.PRODUCT, MatrixRow.LOSS, MatrixRow.TOTAL)
_MOST_WASTES: Final = 12


def cost_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """Material flow costs; none where nothing but disposal is priced."""
    balance, described = evaluation.balance, bool(evaluation.streams)
    costs = balance.costs
    if costs is None or balance.analysis is None:
        return ()
    matrix = costs.matrix()
    blocks: list[Block] = [
        _opening(matrix, language),
        balance_picture(balance_diagram(balance.analysis, FlowContent.COST), "cost-flows"),
        _matrix_table(matrix, costs),
    ]
    wastes = _waste_table(balance, costs)
    if wastes.rows:
        blocks.append(wastes)
    blocks.append(_limits(balance, language, described=described))
    return (Section(text("What waste and losses really cost"), tuple(blocks), level=2, key="flow-costs"),)


def _opening(matrix: CostMatrix, language: Language) -> Block:
    total, lost = matrix.amounts[MatrixRow.TOTAL, -1], matrix.amounts[MatrixRow.LOSS, -1]
    money = matrix.currency.partition("/")[0]
    return running(
        language,
        text(
            "Of {total} a year that the balanced processes cost, {lost} leave with waste and losses, {share} %.",
            total=Figure(text("Total"), float(total), money),
            lost=Figure(text("Losses"), float(lost), money),
            share=format_number(float(matrix.percentages[MatrixRow.LOSS, -1]), 1),
        ),
        text(
            "Each waste carries what was paid for the material in it and its part of the energy and system cost of every "
            "process it came through, besides what its disposal costs (material flow cost accounting, ISO 14051)."
        ),
    )


def _matrix_table(matrix: CostMatrix, costs: MaterialFlowCosts) -> Table:
    money = costs.currency.partition("/")[0]
    used = [each for each in MatrixRow if each in _ALWAYS or np.any(matrix.amounts[each])]
    columns = (
        Column(text("Costs a year"), share=1.2),
        *(Column(label, money, "right") for label in matrix.column_labels),
        Column(text("Share"), "%", "right", 0.7, digits=1),
    )
    rows = [
        Row(_matrix_cells(matrix, each, money), "total" if each is MatrixRow.TOTAL else "body")
        for each in used
    ]
    rows.append(Row(_share_cells(matrix)))
    return Table(text("Who carries the costs: products or losses"), columns, tuple(rows), key="cost-matrix")


def _matrix_cells(matrix: CostMatrix, place: MatrixRow, money: str) -> tuple[Cell, ...]:
    amounts = tuple(
        Figure(matrix.column_labels[column], float(amount), money)
        for column, amount in enumerate(matrix.amounts[place])
    )
    share = Figure(text("Share"), float(matrix.percentages[place, -1]), "%")
    return (matrix.row_labels[place], *amounts, share)


def _share_cells(matrix: CostMatrix) -> tuple[Cell, ...]:
    shares = matrix.percentages[MatrixRow.TOTAL]
    cells = tuple(text("{share} %", share=format_number(float(share), 1)) for share in shares)
    return (text("Share of all costs"), *cells, None)


def _waste_table(balance: PlantBalance, costs: MaterialFlowCosts) -> Table:
    money = costs.currency.partition("/")[0]
    names = balance.names(balance.analysis).items if balance.analysis is not None else {}
    columns = (
        Column(text("Waste or loss"), share=2.2),
        Column(text("True cost a year"), money, "right"),
        Column(text("± (95 %)"), money, "right", 0.9),
        Column(text("Disposal alone"), money, "right"),
        Column(text("Times as much"), align="right", share=0.8, digits=1),
    )
    wastes = [each for each in costs.true_costs() if each.true.value][:_MOST_WASTES]
    rows = (row(names.get(each.stream, each.stream), *_waste_cells(each, money)) for each in wastes)
    return Table(text("What each waste really costs"), columns, tuple(rows), key="true-costs")


def _waste_cells(waste: TrueCost, money: str) -> Iterator[Cell]:
    true = float(waste.true.value or 0.0)
    yield Figure(text("True cost a year"), true, money)
    half = 0.0 if waste.interval is None else waste.interval[1] - true
    yield Figure(text("± (95 %)"), half, money) if half else None
    yield Figure(text("Disposal alone"), float(waste.apparent.value or 0.0), money)
    yield waste.hidden_times


def _limits(balance: PlantBalance, language: Language, *, described: bool) -> Block:
    unpriced: list[Text | str] = []
    if balance.analysis is not None:
        names = balance.names(balance.analysis).items
        unpriced = [
            each.values.get("stream", "")
            for each in balance.analysis.issues
            if each.code == "cost-price-missing"
        ]
        unpriced = [names.get(str(each), each) for each in unpriced]
    return running(
        language,
        text(
            "Energy and system cost are shared by mass among what leaves a process; only what was entered is counted. The "
            "cost of waste in {where} counts the material as the worksheets value it, so the two differ.",
            where=Reference("streams"),
        )
        if described
        else None,
        text("No price is known for {streams}, so true costs are too low.", streams=unpriced)
        if unpriced
        else None,
        style="note",
    )
