"""Results achieved: planned against actual, per unit of production."""

from __future__ import annotations

from openrecp.assessment.evaluation.results import Evaluation, PerformanceAmount, PerformanceResult
from openrecp.figures import Figure
from openrecp.reports.blocks import Block, Callout, Cell, Column, Section, Table
from openrecp.reports.content.phrases import bullets, filled_columns, known, named, running
from openrecp.texts import Language, Text, text


def performance_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """One table an option; none if nothing has been measured yet."""
    results = [result for result in evaluation.performance if result.lines]
    if not results:
        return ()
    opening = running(
        language,
        text(
            "Amounts are compared per unit of production with the baseline period, so that a change of output is "
            "not taken for a reduction."
        ),
        *(_best(result) for result in results),
        style="lead",
    )
    blocks: list[Block] = [opening]
    for number, result in enumerate(results, 1):
        blocks.append(_table(result, f"performance-{number}"))
        if result.cautions:
            blocks.append(Callout("caution", (bullets(result.cautions),)))
    return (Section(text("What has been achieved"), tuple(blocks), key="performance"),)


def _best(result: PerformanceResult) -> Text | None:
    """The largest reduction that was achieved, as a sentence."""
    found = [
        line
        for line in result.lines
        if known(line.actual_reduction) and (line.actual_reduction.value or 0) > 0
    ]
    if not found:
        return None
    line = max(found, key=lambda each: float(each.actual_reduction.value or 0))
    return text(
        "{option}: {name} went down by {reduction}.",
        option=named(result.option, result.option_name),
        name=line.name,
        reduction=line.actual_reduction,
    )


def _table(result: PerformanceResult, key: str) -> Table:
    rows: list[tuple[Cell, ...]] = [_production(result), *(_cells(line) for line in result.lines)]
    columns = (
        Column(text("Item"), share=2),
        Column(text("Baseline amount"), align="right"),
        Column(text("Planned amount"), align="right"),
        Column(text("Actual amount"), align="right"),
        Column(text("Baseline, per unit"), align="right"),
        Column(text("Actual, per unit"), align="right"),
        Column(text("Planned reduction"), "%", "right", 0.9, digits=1),
        Column(text("Actual reduction"), "%", "right", 0.9, digits=1),
    )
    title = text("{option}: planned against actual", option=named(result.option, result.option_name))
    notes = (result.record.remarks,) if result.record.remarks else ()
    return filled_columns(title, columns, rows, key=key, notes=notes)


def _production(result: PerformanceResult) -> tuple[Cell, ...]:
    return (text("Production volume"), *(_shown(each) for each in result.production), None, None, None, None)


def _cells(line: PerformanceAmount) -> tuple[Cell, ...]:
    figures = (
        line.baseline,
        line.planned,
        line.actual,
        line.baseline_rate,
        line.actual_rate,
        line.planned_reduction,
        line.actual_reduction,
    )
    return (line.name, *(_shown(figure) for figure in figures))


def _shown(figure: Figure) -> Cell:
    return figure if known(figure) else None
