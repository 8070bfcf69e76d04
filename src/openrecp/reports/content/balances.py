"""Whether what enters the processes is found again in what leaves them."""

from __future__ import annotations

from openrecp.assessment.evaluation.results import BalanceClosure, Evaluation
from openrecp.figures import Figure
from openrecp.reports.blocks import Block, Cell, Column, Row, Section, Table, Words, paragraph
from openrecp.reports.content.phrases import bullets, joined, known, running
from openrecp.texts import Language, Text, text


def balance_section(evaluation: Evaluation, language: Language) -> Section | None:
    """Closures as a table and what they mean; None if there is no balance."""
    closures = evaluation.closures
    if not closures:
        return None
    opening = running(
        language,
        text(
            "What enters a process leaves it as product or waste, or stays inside. The part that is not found "
            "again is either not measured or a loss that nobody has described yet."
        ),
        _closing(closures),
    )
    blocks: list[Block] = [opening, _table(closures)]
    remarks = _remarks(closures, language)
    if remarks:
        blocks += [paragraph(text("What the balances say:")), bullets(remarks)]
    return Section(text("What enters and what leaves"), tuple(blocks), level=2, key="balances")


def _closing(closures: tuple[BalanceClosure, ...]) -> Text:
    """How many balances close."""
    closing = sum(closure.state.value == "within" for closure in closures)
    if closing == len(closures):
        if closing == 1:
            return text("The one balance closes within measuring error.")
        return text("All {count} balances close within measuring error.", count=closing)
    return text("{count} of {all} balances close within measuring error.", count=closing, all=len(closures))


def _table(closures: tuple[BalanceClosure, ...]) -> Table:
    columns = (
        Column(text("Process"), share=1.8),
        Column(text("Balanced material"), share=1.2),
        Column(text("In"), align="right"),
        Column(text("Out"), align="right"),
        Column(text("Not found again"), align="right"),
        Column(text("Share"), "%", "right", 0.7, digits=1),
        Column(text("What it says"), share=1.6),
    )
    return Table(
        text("Input against output of each process, a year"),
        columns,
        tuple(Row(_cells(closure)) for closure in closures),
        key="closures",
    )


def _cells(closure: BalanceClosure) -> tuple[Cell, ...]:
    return (
        closure.process_name,
        closure.component or text("all materials"),
        _plain(closure.inputs),
        _plain(closure.outputs),
        _plain(closure.unaccounted),
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
