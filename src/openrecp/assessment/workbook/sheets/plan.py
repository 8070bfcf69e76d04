"""Where everything will stand in a workbook, decided before a cell is written.

Formulas on one sheet point at cells of others, so all places must be known first. Rows and columns count from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.spec import Block, Layout, Record, RecordField, Worksheet, record_fields
from openrecp.assessment.workbook.layout import STANDARD_CRITERIA, has_unit_cell, sheet_name
from openrecp.assessment.worksheets.registry import COVER, FULL, SIMPLIFIED
from openrecp.assessment.worksheets.site import DocumentKind, ProcessDocument
from openrecp.assessment.worksheets.streams import Criterion, Rating
from openrecp.texts import Language, Text, text

FIRST_BLOCK: Final = 4
"""Row of the first block: above it stand the sheet's title, its purpose and two lines of form head."""
_GAP = 2
_SPARE = {Layout.ROWS: 5, Layout.COLUMNS: 2, Layout.MATRIX: 2}
_SPARE_CRITERIA = 3
_PREFIX = {"waste_streams": "W", "options": "O"}
_MATRIX_FACTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "waste_streams": (
            "name",
            "source",
            "component",
            "generation",
            "management_cost",
            "lost_material_cost",
        ),
        "options": ("name",),
    }
)
FIRST_PAIR: Final = 4
"""Column of the first rating in a matrix, after number, name and weight of the criterion."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of cells on a sheet."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a form or of a table of columns, or a column of a table of rows.

    ``role`` is ``value``, ``unit``, ``section`` or ``calculated``; ``at`` is its row or column.
    """

    role: str
    at: int
    field: RecordField


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, its records with the empty ones offered, and its place.

    Attributes
    ----------
    top, head, first, end : int
        Row of the title; of the headings, ids or subjects; of the first record or field; after the last.
    filled : int
        How many of the records hold something; those after it are offered.
    subjects : tuple of str
        For a matrix, what is rated, ``""`` where a column is offered.
    """

    block: Block
    layout: Layout
    sheet: str
    top: int
    head: int
    first: int
    end: int
    lines: tuple[Line, ...]
    records: tuple[Record, ...]
    filled: int
    subjects: tuple[str, ...] = ()
    facts: tuple[RecordField, ...] = ()

    @property
    def right(self) -> int:
        """The last column the block uses."""
        if self.layout is Layout.FORM:
            return 2
        if self.layout is Layout.ROWS:
            return self.lines[-1].at
        if self.layout is Layout.COLUMNS:
            return 1 + len(self.records)
        return FIRST_PAIR - 1 + 2 * len(self.subjects)

    def cells(self, field: str, role: str = "value") -> Cells | None:
        """Where a field of all records stands, in a table."""
        line = next((line for line in self.lines if line.role == role and line.field.name == field), None)
        if line is None:
            return None
        if self.layout is Layout.ROWS:
            return Cells(self.sheet, self.first, line.at, self.end - 1, line.at)
        last = 2 if self.layout is Layout.FORM else 1 + len(self.records)
        return Cells(self.sheet, line.at, 2, line.at, last)


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet: its worksheet, its name, its blocks from top to bottom, and what is calculated below them."""

    worksheet: Worksheet
    name: str
    blocks: tuple[Placed, ...]
    derived: str | None
    end: int

    @property
    def right(self) -> int:
        """The last column of any block."""
        return max((placed.right for placed in self.blocks), default=7)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole workbook."""

    assessment: Assessment
    sheets: tuple[SheetPlan, ...]
    misfits: frozenset[str]
    prefilled: tuple[tuple[str, str], ...]

    def placed(self, collection: str) -> Placed | None:
        """The block that shows a collection, if the workbook shows it."""
        return next(
            (
                placed
                for sheet in self.sheets
                for placed in sheet.blocks
                if placed.block.collection == collection
            ),
            None,
        )

    def cells(self, collection: str, field: str, role: str = "value") -> Cells | None:
        """Where a field of a collection stands, if the workbook shows it."""
        placed = self.placed(collection)
        return placed.cells(field, role) if placed else None


def is_given(value: Any) -> bool:
    """Whether a field holds something."""
    return value is not None and value != ()


def holds_data(record: Record) -> bool:
    """Whether any field of a record holds something."""
    return any(is_given(getattr(record, field.name)) for field in record_fields(type(record)))


def plan_workbook(assessment: Assessment, language: Language) -> Plan:
    """Decide which sheets show the assessment and where each record stands.

    A simplified assessment gets the simplified sheets, and after them those full worksheets that hold data
    the simplified ones have no place for.
    """
    prefilled: list[tuple[str, str]] = []
    misfits: set[str] = set()
    chosen: list[tuple[Worksheet, tuple[Block, ...]]] = [(COVER, COVER.blocks)]
    chosen += [(sheet, sheet.blocks) for sheet in (SIMPLIFIED if assessment.simplified else FULL)]
    if assessment.simplified:
        shown = {block.collection for _, blocks in chosen for block in blocks}
        chosen += _overflow(assessment, shown)
    sheets = []
    for worksheet, blocks in chosen:
        name, row = sheet_name(worksheet, language), FIRST_BLOCK
        if worksheet is COVER:
            row = COVER_FIRST_BLOCK
        placed: list[Placed] = []
        for block in blocks:
            for each in _placed(assessment, block, worksheet, (name, row), prefilled, misfits):
                placed.append(each)
                row = each.end + _GAP
        derived = worksheet.derived if len(blocks) == len(worksheet.blocks) else None
        sheets.append(SheetPlan(worksheet, name, tuple(placed), derived, row))
    return Plan(assessment, tuple(sheets), frozenset(misfits), tuple(prefilled))


COVER_FIRST_BLOCK: Final = 15
"""Row of the cover's form, below the instructions."""


def _overflow(assessment: Assessment, shown: set[str]) -> list[tuple[Worksheet, tuple[Block, ...]]]:
    found = []
    for worksheet in FULL:
        blocks = tuple(
            block
            for block in worksheet.blocks
            if block.collection not in shown
            and any(
                any(map(holds_data, assessment.records(collection)))
                for collection in (block.collection, block.ratings)
                if collection is not None
            )
        )
        if blocks:
            found.append((worksheet, blocks))
    return found


def _placed(
    assessment: Assessment,
    block: Block,
    worksheet: Worksheet,
    place: tuple[str, int],
    prefilled: list[tuple[str, str]],
    misfits: set[str],
) -> Iterable[Placed]:
    sheet, top = place
    given = assessment.records(block.collection)
    head = top + 1 + (block.note is not None)
    if block.layout is Layout.MATRIX:
        matrix, left_over = _matrix(assessment, block, sheet, top, head)
        if not given:
            prefilled += [(block.collection, record.id) for record in matrix.records if holds_data(record)]
        yield matrix
        if left_over:
            misfits.update(rating.id for rating in left_over)
            yield _misfits(block, left_over, sheet, matrix.end + _GAP)
        return
    records = _offered(block, given)
    if not given and block.layout is not Layout.FORM:
        prefilled += [(block.collection, record.id) for record in records if holds_data(record)]
    fields = _shown_fields(block, given, worksheet.simplified)
    if block.layout is Layout.ROWS:
        yield _rows(block, (sheet, top, head), fields, records, len(given))
    else:
        first = head + 1 if block.layout is Layout.COLUMNS else head
        lines = _lines(block, fields, first)
        yield Placed(
            block, block.layout, sheet, top, head, first, lines[-1].at + 1, lines, records, len(given)
        )


def _shown_fields(block: Block, given: Iterable[Record], simplified: bool) -> tuple[RecordField, ...]:
    return tuple(
        field
        for field in record_fields(block.record)
        if not simplified
        or field.spec.simplified
        or any(is_given(getattr(record, field.name)) for record in given)
    )


def _offered(block: Block, given: tuple[Record, ...]) -> tuple[Record, ...]:
    """The records given and those offered to be filled; a new checklist of documents names them."""
    if block.layout is Layout.FORM:
        return given
    records = list(given)
    if block.collection == "documents" and not given:
        records += [ProcessDocument(kind=kind) for kind in DocumentKind if kind is not DocumentKind.OTHER]
    missing = max(block.blank - len(records), _SPARE[block.layout] if given else 0)
    return (*records, *(block.record() for _ in range(missing)))


CALCULATED_AFTER: Final[Mapping[tuple[str, str], Text]] = MappingProxyType(
    {
        ("input_materials", "annual_cost"): text("Consumption × price"),
        ("waste_costs", "cost"): text("Cost a year used"),
    }
)
"""Calculated row or column that follows a field."""
TOTALLED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"waste_costs": ("cost",), "capital_costs": ("amount",), "operating_changes": ("gain", "expense")}
)
"""Fields whose total stands above their column."""


def _rows(
    block: Block,
    place: tuple[str, int, int],
    fields: tuple[RecordField, ...],
    records: tuple[Record, ...],
    filled: int,
) -> Placed:
    sheet, top, head = place
    lines: list[Line] = []
    for field in fields:
        lines.append(Line("value", 1 + len(lines), field))
        if has_unit_cell(field):
            lines.append(Line("unit", 1 + len(lines), field))
    for field in fields:
        if (block.collection, field.name) in CALCULATED_AFTER:
            lines.append(Line("calculated", 1 + len(lines), field))
    if block.collection in TOTALLED:
        head += 1
    first = head + 1
    end = first + len(records)
    return Placed(block, Layout.ROWS, sheet, top, head, first, end, tuple(lines), records, filled)


def _lines(block: Block, fields: tuple[RecordField, ...], row: int) -> tuple[Line, ...]:
    lines: list[Line] = []
    for field in fields:
        if field.spec.section is not None:
            lines.append(Line("section", row + len(lines), field))
        lines.append(Line("value", row + len(lines), field))
        if has_unit_cell(field):
            lines.append(Line("unit", row + len(lines), field))
        if (block.collection, field.name) in CALCULATED_AFTER:
            lines.append(Line("calculated", row + len(lines), field))
    return tuple(lines)


def _matrix(
    assessment: Assessment, block: Block, sheet: str, top: int, head: int
) -> tuple[Placed, tuple[Rating, ...]]:
    """The matrix, and the ratings that have no place in it."""
    criteria = assessment.records(block.collection)
    subjects, left_over = _subjects(assessment, block)
    given: tuple[Record, ...] = criteria or tuple(
        Criterion(number=key) for key in STANDARD_CRITERIA[block.collection]
    )
    records = (*given, *(Criterion() for _ in range(_SPARE_CRITERIA)))
    rated = next(b.record for s in FULL for b in s.blocks if b.collection == block.subjects)
    facts = tuple(field for field in record_fields(rated) if field.name in _MATRIX_FACTS[str(block.subjects)])
    first = head + 1 + len(facts) + 1
    end = first + len(records) + 2
    placed = Placed(
        block, Layout.MATRIX, sheet, top, head, first, end, (), records, len(criteria), subjects, facts
    )
    return placed, left_over


def _subjects(assessment: Assessment, block: Block) -> tuple[tuple[str, ...], tuple[Rating, ...]]:
    """The numbers above the columns (of records, of what else is rated, and what is offered), and the misfits."""
    criteria = {r.number for r in assessment.records(block.collection) if isinstance(r, Criterion)} - {None}
    fitting: set[tuple[str | None, str]] = set()
    left_over = []
    for rating in assessment.records(str(block.ratings)):
        if not isinstance(rating, Rating):
            continue
        missing = rating.rating is None or rating.subject is None or rating.criterion not in criteria
        if missing or (rating.criterion, rating.subject) in fitting:
            left_over.append(rating)
        else:
            fitting.add((rating.criterion, str(rating.subject)))
    numbers = [getattr(record, "number", None) for record in assessment.records(str(block.subjects))]
    rated = sorted({subject for _, subject in fitting})
    known = list(dict.fromkeys([number for number in numbers if number is not None] + rated))
    if not known:
        known = [f"{_PREFIX[str(block.subjects)]}{i}" for i in range(1, block.blank + 1)]
    else:
        known += [""] * max(block.blank - len(known), _SPARE[Layout.MATRIX])
    return tuple(known), tuple(left_over)


def _misfits(block: Block, ratings: tuple[Rating, ...], sheet: str, top: int) -> Placed:
    own = Block(
        str(block.ratings),
        Rating,
        Layout.ROWS,
        text("Ratings that have no place in the table above"),
        note=text("Their criterion or subject is unknown or missing, or the same pair is rated twice."),
    )
    return _rows(own, (sheet, top, top + 2), record_fields(Rating), ratings, len(ratings))
