"""Appendix: everything that was entered, worksheet by worksheet, from the fields' own annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.spec import Block as Sheet
from openrecp.assessment.spec import Layout, Phase, Record, RecordField, Worksheet, record_fields
from openrecp.assessment.worksheets.options import OPTION_CRITERIA
from openrecp.assessment.worksheets.registry import COVER, FULL
from openrecp.assessment.worksheets.streams import STREAM_CRITERIA
from openrecp.reports.blocks import Cell, Column, Row, Section, Table, Words, row
from openrecp.reports.charts.labels import width_of
from openrecp.reports.content.answers import BASIS_OF, answer_cell
from openrecp.reports.content.choosing import is_simplified
from openrecp.texts import Text, text

_WIDEST = 10
_ABREAST = 3
_SUBJECTS = 12
_DATE_WIDTH = 10.5


def input_sections(evaluation: Evaluation) -> tuple[Section, ...]:
    """The opening and one section a worksheet that holds anything."""
    sections: list[Section] = []
    phase: Phase | None = None
    shown: set[str] = set()
    for sheet in (COVER, *FULL):
        tables = [table for block in sheet.blocks for table in _tables(evaluation.assessment, block, shown)]
        if not tables:
            continue
        if sheet.phase is not phase:
            phase = sheet.phase
            sections.append(Section(phase.label, (), level=2))
        sections.append(Section(_heading(sheet, evaluation), tuple(tables), level=3))
    if not sections:
        return ()
    return (Section(text("Everything that was entered"), (), key="inputs", new_page=True), *sections)


def _heading(sheet: Worksheet, evaluation: Evaluation) -> Text:
    if sheet.number == "0" or is_simplified(evaluation):
        return sheet.title
    return text("Worksheet {number}: {title}", number=sheet.number, title=sheet.title)


def _tables(document: Assessment, block: Sheet, shown: set[str]) -> Iterator[Table]:
    """The tables of a block; each collection comes once, even if two worksheets hold it."""
    if block.collection in shown:
        return
    shown.add(block.collection)
    if block.layout is Layout.MATRIX:
        yield from _matrix(document, block)
        return
    records = [record for record in document.records(block.collection) if _filled([record], block)]
    fields = _filled(records, block)
    if not fields:
        return
    if block.layout is Layout.FORM:
        yield _form(records[0], fields, block)
    elif block.layout is Layout.ROWS and len(fields) <= _WIDEST and not _wordy(records, fields):
        yield _rows(records, fields, block)
    else:
        yield from _abreast(records, fields, block)


def _filled(records: Sequence[Record], block: Sheet) -> tuple[RecordField, ...]:
    """Fields with an entry in any of the records; a basis is shown beside its value instead."""
    fields = record_fields(block.record)
    names = {field.name for field in fields}
    bases = {basis for name, basis in BASIS_OF.items() if name in names}
    return tuple(
        field
        for field in fields
        if field.name not in bases and any(answer_cell(record, field) is not None for record in records)
    )


def _wordy(records: Sequence[Record], fields: Sequence[RecordField]) -> bool:
    """Whether so much is written that records are read better one below the other."""
    longest = [max(len(str(getattr(record, field.name) or "")) for record in records) for field in fields]
    return len(fields) > 4 and sum(length > 60 for length in longest) > 2


def _form(record: Record, fields: Sequence[RecordField], block: Sheet) -> Table:
    columns = (Column(text("Item"), share=1), Column(text("Entry"), align="left", share=2.4))
    rows = tuple(row(field.spec.label, answer_cell(record, field)) for field in fields)
    return Table(block.title, columns, rows, key=f"input-{block.collection}")


def _rows(records: Sequence[Record], fields: Sequence[RecordField], block: Sheet) -> Table:
    cells = [[answer_cell(record, field) for field in fields] for record in records]
    columns = tuple(
        Column(field.spec.label, share=_share([line[index] for line in cells]))
        for index, field in enumerate(fields)
    )
    return Table(
        block.title, columns, tuple(Row(tuple(line)) for line in cells), key=f"input-{block.collection}"
    )


def _share(cells: Sequence[Cell]) -> float:
    """Width by what has to be written: from a number to a paragraph."""
    widest = max((_width(cell) for cell in cells if cell is not None), default=1)
    return min(max(widest / 7, 0.9), 3.2)


def _width(cell: Cell) -> float:
    """Width of what is written [em]; a date is written out."""
    return _DATE_WIDTH if isinstance(cell, date) else width_of(str(cell), 1)


def _abreast(records: Sequence[Record], fields: Sequence[RecordField], block: Sheet) -> Iterator[Table]:
    """Fields down, records across, a few at a time."""
    for number, (start, end) in enumerate(_even_parts(len(records), _ABREAST), 1):
        some = records[start:end]
        used = [field for field in fields if any(answer_cell(record, field) is not None for record in some)]
        columns = (
            Column(text("Item"), share=1),
            *(
                Column(_caption(record, start + place), align="left", share=1.2)
                for place, record in enumerate(some, 1)
            ),
        )
        rows = tuple(
            row(field.spec.label, *(answer_cell(record, field) for record in some)) for field in used
        )
        more = "" if start == 0 else f"-{number}"
        title: Words = block.title
        if start:
            title = text("{title}, continued", title=block.title)
        yield Table(title, columns, rows, key=f"input-{block.collection}{more}")


def _even_parts(count: int, most: int) -> Iterator[tuple[int, int]]:
    """Start and end of as few parts as possible, as equal as possible: 13 by 12 make 7 and 6."""
    parts = max(-(-count // most), 1)
    size, longer = divmod(count, parts)
    start = 0
    for part in range(parts):
        end = start + size + (part < longer)
        yield start, end
        start = end


def _caption(record: Record, place: int) -> Words:
    for name in ("number", "option", "area"):
        value = getattr(record, name, None)
        if value:
            return str(value)
    return str(place)


def _matrix(document: Assessment, block: Sheet) -> Iterator[Table]:
    """Weights and ratings, as entered: criteria down, subjects across."""
    criteria = getattr(document, block.collection)
    ratings: Mapping[tuple[str, str], Cell] = {
        (each.criterion, each.subject): each.rating for each in getattr(document, block.ratings or "")
    }
    subjects = [
        each.number
        for each in getattr(document, block.subjects or "")
        if any(s == each.number for _, s in ratings)
    ]
    if not criteria:
        return
    standard = STREAM_CRITERIA if block.collection == "stream_criteria" else OPTION_CRITERIA
    for number, (start, end) in enumerate(_even_parts(len(subjects), _SUBJECTS), 1):
        some = subjects[start:end]
        columns = (
            Column(text("Criterion"), share=2.6),
            Column(text("Weight"), align="right"),
            *(Column(subject, align="right") for subject in some),
        )
        rows = tuple(
            row(
                each.name or standard.get(each.number) or each.number,
                each.weight,
                *(ratings.get((each.number, subject)) for subject in some),
            )
            for each in criteria
        )
        title: Words = text("{title}, continued", title=block.title) if start else block.title
        more = f"-{number}" if start else ""
        yield Table(title, columns, rows, key=f"input-{block.collection}{more}")
