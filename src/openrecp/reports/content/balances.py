"""Whether what enters the processes is found again in what leaves them."""

from __future__ import annotations

from typing import Final

from openrecp.assessment.evaluation.balance_results import readable_unit
from openrecp.assessment.evaluation.results import BalanceClosure, Evaluation
from openrecp.balances.analysis import BalanceAnalysis
from openrecp.figures import Figure, unit_words
from openrecp.reports.balance_flows import FlowContent, balance_diagram
from openrecp.reports.balance_pictures import balance_picture
from openrecp.reports.blocks import (
    Block,
    Cell,
    Column,
    Reference,
    Row,
    Section,
    Table,
    Words,
    paragraph,
)
from openrecp.reports.content.balance_losses import loss_amount, loss_blocks, loss_place, meter_blocks
from openrecp.reports.content.phrases import bullets, joined, known, running
from openrecp.texts import Language, Text, format_significant, text

_FEWEST: Final = 3
"""Known flows from which on a picture tells more than a sentence."""


def balance_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """What is lost, the plant as a picture, the closures, the meters; none if there is no balance."""
    closures, balance = evaluation.closures, evaluation.balance
    if not closures and not balance.certain_losses and not balance.suspects:
        return ()
    blocks: list[Block] = [_opening(evaluation, language)]
    if balance.analysis is not None:
        blocks += _pictures(balance.analysis)
    if closures:
        blocks.append(_table(closures))
    remarks = _remarks(closures, language)
    if remarks:
        blocks += [paragraph(text("What the balances say:")), bullets(remarks)]
    sections = [Section(text("What enters and what leaves"), tuple(blocks), level=2, key="balances")]
    found = [*loss_blocks(balance), *meter_blocks(balance, language)]
    if found:
        found.append(_limits(evaluation, language))
        heading = text("A loss, or the error of a meter")
        sections.append(Section(heading, tuple(found), level=2, key="balance-losses"))
    return tuple(sections)


def _opening(evaluation: Evaluation, language: Language) -> Block:
    closures, balance = evaluation.closures, evaluation.balance
    sentences: list[Text | None] = []
    for loss in balance.certain_losses[:1]:
        factor, unit = readable_unit(loss.amount, loss.unit)
        sentences.append(
            text(
                "{place} loses {amount} that nobody accounted for, between {low} and {high} {unit} with 95 % confidence: "
                "more than the error of the meters explains.",
                place=loss_place(balance, loss),
                amount=loss_amount(loss),
                low=format_significant(loss.low * factor),
                high=format_significant(loss.high * factor),
                unit=unit_words(unit),
            )
        )
    more = len(balance.certain_losses) - 1
    if more > 0:
        sentences.append(text("Further losses beyond that error: {count}.", count=more))
    if balance.losses and more < 0:
        sentences.append(text("No gap is larger than the error of the meters explains."))
    sentences.append(
        text(
            "What enters a process leaves it as product or waste, or stays inside. The part that is not found "
            "again is either not measured or a loss that nobody has described yet."
        )
    )
    if len(closures) > 1 or any(closure.state.value == "within" for closure in closures):
        sentences.append(_closing(closures))
    return running(language, *sentences)


def _pictures(analysis: BalanceAnalysis) -> list[Block]:
    """The flows of the plant: mass, and the component that is followed, if it is one."""
    known_flows = sum(analysis.amounts.flow(stream).known for stream in analysis.flowsheet.streams)
    if known_flows < _FEWEST:
        return []
    found: list[Block] = [balance_picture(balance_diagram(analysis), "mass-flows")]
    components = analysis.flowsheet.components
    if len(components) == 1:
        diagram = balance_diagram(analysis, FlowContent.COMPONENT, components[0].key)
        title = text("Where {component} goes", component=components[0].name)
        found.append(balance_picture(diagram, "component-flows", title))
    return found


def _limits(evaluation: Evaluation, language: Language) -> Block:
    """What these numbers cannot say."""
    assumed = any(each.code == "uncertainty-assumed" for each in evaluation.balance.issues)
    outside = any(each.code == "streams-without-process" for each in evaluation.balance.issues)
    return running(
        language,
        text(
            "An interval holds as far as the errors that were stated hold, and only for the flows that were listed: what "
            "nobody listed looks like a loss."
        ),
        text(
            "Where no error was stated, one was assumed; {where} names these amounts.",
            where=Reference("findings"),
        )
        if assumed
        else None,
        text("Streams that name no process are in none of these balances.") if outside else None,
        style="note",
    )


def _closing(closures: tuple[BalanceClosure, ...]) -> Text:
    """How many balances close."""
    closing = sum(closure.state.value == "within" for closure in closures)
    if closing == len(closures):
        if closing == 1:
            return text("The one balance closes within measuring error.")
        return text("All {count} balances close within measuring error.", count=closing)
    return text("{count} of {all} balances close within measuring error.", count=closing, all=len(closures))


def _table(closures: tuple[BalanceClosure, ...]) -> Table:
    judged = any(closure.error is not None for closure in closures)
    columns = (
        Column(text("Process"), share=1.8),
        Column(text("Balanced material"), share=1.2),
        Column(text("In"), align="right"),
        Column(text("Out"), align="right"),
        Column(text("Not found again"), align="right"),
        *((Column(text("± (95 %)"), align="right", share=0.9),) if judged else ()),
        Column(text("Share"), "%", "right", 0.7, digits=1),
        Column(text("What it says"), share=1.6),
    )
    return Table(
        text("Input against output of each process, a year"),
        columns,
        tuple(Row(_cells(closure, judged=judged)) for closure in closures),
        key="closures",
    )


def _cells(closure: BalanceClosure, *, judged: bool) -> tuple[Cell, ...]:
    return (
        closure.process_name,
        closure.component or text("all materials"),
        _plain(closure.inputs),
        _plain(closure.outputs),
        _plain(closure.unaccounted),
        *((closure.error or "–",) if judged else ()),
        _plain(closure.share),
        closure.state,
    )


def _plain(figure: Figure) -> Cell:
    """The figure, or a dash where the balance is open; the reason stands below the table."""
    return figure if known(figure) else "–"


def _remarks(closures: tuple[BalanceClosure, ...], language: Language) -> list[Text]:
    """One remark a balance that does not close; remarks that all share come once, at the end."""
    remarks: list[Text] = []
    common: dict[Text, None] = {}
    for closure in closures:
        if closure.state.value == "within":
            continue
        parts: list[Words] = list(closure.notes[:1])
        if closure.left_out:
            parts.append(text("Left out: {items}.", items=list(closure.left_out)))
        if parts:
            name = _name(closure)
            remarks.append(text("{name}: {remark}", name=name, remark=joined(language, parts)))
        common.update(dict.fromkeys(closure.notes[1:]))
    return [*remarks, *common]


def _name(closure: BalanceClosure) -> Text:
    if closure.component is None:
        return Text("{name}", {"name": closure.process_name})
    return text("{process}, {component}", process=closure.process_name, component=closure.component)
