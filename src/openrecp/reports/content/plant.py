"""The plant and how it was assessed: site, goals, team, processes, documents."""

from __future__ import annotations

from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.spec import Record, record_fields
from openrecp.reports.blocks import Block, Callout, Cell, Column, Section, Table, paragraph, row
from openrecp.reports.content.answers import answer_cell
from openrecp.reports.content.choosing import is_simplified
from openrecp.reports.content.phrases import filled_columns, running
from openrecp.reports.content.summary import is_short
from openrecp.texts import Language, Text, text

_NOT_SITE = frozenset({"phone", "address"})


def plant_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """The plant, then the assessment; what was not filled in is left out."""
    document = evaluation.assessment
    about: list[Block] = [_how_assessed(evaluation, language)]
    if document.cover.note and not is_short(document.cover.note):
        about.append(
            Callout("finding", (paragraph(document.cover.note),), text("What a reader should know first"))
        )
    site = _facts(document.site, text("The plant"), "site", _NOT_SITE)
    if site is not None:
        about.append(site)
    if document.processes:
        about.append(_processes(evaluation))
    goals = _facts(document.goals, text("What the programme aims at"), "goals", frozenset())
    if goals is not None:
        about.append(goals)
    if document.team:
        about.append(_team(evaluation))
    about += _documents(evaluation, language)
    heading = text("The plant and how it was assessed")
    return (Section(heading, tuple(about), key="plant", new_page=True),)


def _how_assessed(evaluation: Evaluation, language: Language) -> Block:
    cover = evaluation.assessment.cover
    method = (
        text(
            "The assessment follows the simplified worksheets for smaller plants of the waste reduction manual."
        )
        if is_simplified(evaluation)
        else text(
            "The assessment follows the procedure of the waste reduction manual: planning, assessment, "
            "feasibility analysis, implementation."
        )
    )
    period = None
    if cover.period_start and cover.period_end:
        period = text(
            "Its figures describe {start} to {end}.", start=cover.period_start, end=cover.period_end
        )
    letters = text(
        "A letter beside a figure says how it is known: measured, from records, estimated or assumed; "
        "what has no letter was calculated."
    )
    return running(language, method, period, letters)


def _facts(record: Record, title: Text, key: str, hidden: frozenset[str]) -> Table | None:
    """What is filled in of a form, as a table of two columns."""
    rows = []
    for field in record_fields(type(record)):
        cell = answer_cell(record, field)
        if cell is not None and field.name not in hidden:
            rows.append(row(field.spec.label, cell))
    if not rows:
        return None
    return Table(
        title,
        (Column(text("Item"), share=1), Column(text("Entry"), align="left", share=2.6)),
        tuple(rows),
        key,
    )


def _processes(evaluation: Evaluation) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (process.number, process.name, process.operation, process.description)
        for process in evaluation.assessment.processes
    ]
    columns = (
        Column(text("No."), share=0.6),
        Column(text("Process unit or operation"), share=1.6),
        Column(text("Operation type"), share=1),
        Column(text("Description"), share=3),
    )
    return filled_columns(text("Processes in the area assessed"), columns, rows, key="processes", keep=2)


def _team(evaluation: Evaluation) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (member.name, member.department, member.duty, member.hours, member.responsibilities)
        for member in evaluation.assessment.team
    ]
    columns = (
        Column(text("Name of the person"), share=1.2),
        Column(text("Department"), share=1.3),
        Column(text("Duty"), share=0.8),
        Column(text("Working hours needed"), "h", share=0.9),
        Column(text("Responsibilities"), share=2.4),
    )
    return filled_columns(text("The assessment team"), columns, rows, key="team")


def _yes_no(value: bool | None) -> Cell:
    return None if value is None else text("yes") if value else text("no")


def _documents(evaluation: Evaluation, language: Language) -> list[Block]:
    """Documents on file in a table, those that are missing in a sentence."""
    listed = [each for each in evaluation.assessment.documents if each.kind is not None]
    found = [each for each in listed if each.available]
    missing = [each.kind.label for each in listed if each.available is False and each.kind is not None]
    blocks: list[Block] = []
    if found or missing:
        blocks.append(
            running(
                language,
                text(
                    "Of {count} documents looked for, {found} were found.",
                    count=len(listed),
                    found=len(found),
                ),
                text("Missing: {documents}.", documents=missing) if missing else None,
            )
        )
    if found:
        rows: list[tuple[Cell, ...]] = [
            (each.kind, each.file_number, each.revised, _yes_no(each.used), each.description or each.remarks)
            for each in found
        ]
        columns = (
            Column(text("Document"), share=2),
            Column(text("File number"), share=1),
            Column(text("Last revised"), share=1),
            Column(text("Used in this assessment"), share=1),
            Column(text("Remarks"), share=2),
        )
        blocks.append(filled_columns(text("Documents found"), columns, rows, key="documents"))
    return blocks
