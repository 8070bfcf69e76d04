"""Options beside one another: a budget, alternatives, savings that overlap, and what avoiding a unit costs."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.assessment.evaluation.choosing_results import (
    AbatementCurve,
    AlternativesCompared,
    BudgetChoice,
    Overlap,
)
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.figures import Figure
from openrecp.reports.blocks import Block, Callout, Cell, Column, Picture, Section, Table, row
from openrecp.reports.charts.specs import AbatementBlock, AbatementBlocks
from openrecp.reports.content.phrases import (
    amount_of,
    bullets,
    currency_of,
    known,
    named,
    option_name,
    running,
)
from openrecp.texts import Language, Text, text


def choosing_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """How the options stand against one another; none where nothing was entered that they compete for."""
    found = evaluation.choosing
    blocks: list[Block] = []
    if found.budget is not None:
        blocks += _budget(evaluation, found.budget, language)
    for number, alternatives in enumerate(found.alternatives, 1):
        blocks += _alternatives(evaluation, alternatives, str(number))
    for number, overlap in enumerate(found.overlaps, 1):
        blocks.append(_overlap(evaluation, overlap, str(number)))
    for number, curve in enumerate(found.abatement, 1):
        blocks += _abatement(evaluation, curve, str(number))
    if not blocks:
        return ()
    return (Section(text("Choosing among the options"), tuple(blocks), level=2, key="choosing"),)


def _name(evaluation: Evaluation, number: str) -> Text:
    option = evaluation.option(number)
    return option_name(option) if option else named(number, "")


def _or_dash(figure: Figure) -> Cell:
    return figure if known(figure) else "–"


def _budget(evaluation: Evaluation, found: BudgetChoice, language: Language) -> Iterator[Block]:
    yield running(language, found.sentence)
    rows = [row(_name(evaluation, number), text("chosen"), "") for number in found.chosen]
    rows += [row(_name(evaluation, each.number), text("left out"), each.reason) for each in found.not_chosen]
    yield Table(
        text("What the capital budget carries"),
        (Column(text("Option"), share=2), Column(text("Choice")), Column(text("Why"), share=3)),
        tuple(rows),
        key="budget-options",
        notes=found.notes,
    )
    figures = (found.budget, found.capital, found.unspent, found.annual_saving, found.npv, found.gap)
    yield Table(
        text("The chosen set in figures"),
        (Column(text("Figure"), share=2), Column(text("Value"), align="right")),
        tuple(row(figure.name, figure) for figure in figures),
        key="budget-figures",
    )
    more = found.with_more
    if more is not None:
        yield running(
            language,
            text(
                "With {budget} instead, the best set would be {chosen}, worth {gain} more.",
                budget=more.budget,
                chosen=[_name(evaluation, number) for number in more.chosen],
                gain=more.gain,
            ),
        )


def _alternatives(evaluation: Evaluation, found: AlternativesCompared, mark: str) -> Iterator[Block]:
    money = currency_of(evaluation)
    rows = tuple(
        row(
            _name(evaluation, each.option),
            text("doing nothing") if each.against is None else _name(evaluation, each.against),
            each.capital,
            each.annual_saving,
            each.npv,
            _or_dash(each.irr),
            text("yes") if each.worth_it else text("no"),
        )
        for each in found.steps
    )
    columns = (
        Column(text("Alternative"), share=2),
        Column(text("Against"), share=1.6),
        Column(text("More capital"), money, "right"),
        Column(text("More saved a year"), money, "right"),
        Column(text("Net present value of the difference"), money, "right"),
        Column(text("Internal rate of the difference"), "%", "right", digits=1),
        Column(text("Worth it")),
    )
    yield Table(
        text("Only one of {options}: what each step up adds", options=list(found.options)),
        columns,
        rows,
        key=f"alternatives-{mark}",
        notes=(found.sentence,),
    )
    if found.trap is not None:
        yield Callout(
            "caution", (bullets([found.trap]),), text("The highest rate need not be the best choice")
        )


def _overlap(evaluation: Evaluation, found: Overlap, mark: str) -> Table:
    money = currency_of(evaluation)
    rows = tuple(
        row(_name(evaluation, each.option), each.fraction, each.alone, each.together)
        for each in found.savings
    )
    columns = (
        Column(text("Option"), share=2),
        Column(text("Part of the load it saves"), "%", "right", digits=0),
        Column(text("Saves alone"), money, "right"),
        Column(text("Saves after those above"), money, "right"),
    )
    return Table(
        text("Options on {stream} share one load", stream=found.stream),
        columns,
        rows,
        key=f"overlap-{mark}",
        notes=(found.sentence,),
    )


def _abatement(evaluation: Evaluation, curve: AbatementCurve, mark: str) -> Iterator[Block]:
    money = currency_of(evaluation)
    cost_unit = f"{money}/{curve.unit.partition('/')[0]}"
    chart = AbatementBlocks(
        tuple(
            AbatementBlock(each.number, amount_of(each.avoided), amount_of(each.cost)) for each in curve.bars
        ),
        text("{quantity} avoided", quantity=curve.name),
        curve.unit,
        text("Cost of a unit avoided"),
        cost_unit,
    )
    saving = [each for each in curve.bars if amount_of(each.cost) < 0]
    title = text(
        "{quantity}: {saving} of {count} options avoid it and save money",
        quantity=curve.name,
        saving=len(saving),
        count=len(curve.bars),
    )
    rows = tuple(
        row(
            _name(evaluation, each.number),
            each.avoided,
            each.cost,
            each.npv,
            _or_dash(each.npv_per_capital),
            str(each.rank),
        )
        for each in curve.bars
    )
    columns = (
        Column(text("Option"), share=2),
        Column(text("Avoided a year"), curve.unit, "right"),
        Column(text("Cost of a unit avoided"), cost_unit, "right"),
        Column(text("Net present value"), money, "right"),
        Column(text("Net present value per capital"), align="right", digits=2),
        Column(text("Rank by it"), align="right"),
    )
    yield Picture(title, chart, title, None, key=f"abatement-{mark}")
    yield Table(
        text("{quantity}: cost of avoiding a unit, and the better ranking", quantity=curve.name),
        columns,
        rows,
        key=f"abatement-table-{mark}",
        notes=tuple(
            text(
                "{option} is not on the curve: {reason}",
                option=_name(evaluation, each.number),
                reason=each.reason,
            )
            for each in curve.left_out
        ),
    )
    if curve.trap is not None:
        yield Callout("caution", (bullets([curve.trap]),), text("How not to read this curve"))
