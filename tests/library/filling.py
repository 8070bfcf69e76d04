"""Filling in a workbook as a person does, with another program than the one that wrote it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from openrecp.assessment.spec import Layout, RecordField, record_fields
from openrecp.assessment.workbook.layout import (
    BLOCK_MARK,
    SUBJECTS_MARK,
    label_key,
    unit_label,
    value_label,
)
from openrecp.assessment.workbook.reader import WorkbookReading, read_workbook
from openrecp.assessment.workbook.writer import write_template
from openrecp.assessment.worksheets.registry import blocks_by_collection
from openrecp.texts import Language


class Filling:
    """An empty workbook, open in a spreadsheet program."""

    def __init__(self, language: Language = "en", *, simplified: bool = False) -> None:
        self.language: Language = language
        self.book: Workbook = load_workbook(
            io.BytesIO(write_template(simplified=simplified, language=language))
        )

    def sheet(self, collection: str) -> Worksheet:
        """The sheet on which a collection stands."""
        return self.block(collection)[0]

    def block(self, collection: str) -> tuple[Worksheet, int]:
        """The sheet of a collection, and the row of its title."""
        for name in self.book.sheetnames:
            sheet = self.book[name]
            for row in range(1, sheet.max_row + 1):
                if sheet.cell(row, 1).value == BLOCK_MARK + collection:
                    return sheet, row
        raise LookupError(collection)

    def _field(self, collection: str, name: str) -> RecordField:
        record = blocks_by_collection()[collection].record
        return next(field for field in record_fields(record) if field.name == name)

    def heading(self, collection: str, name: str, *, unit: bool = False) -> Cell:
        """The cell with the label of a field, or of its unit."""
        sheet, top = self.block(collection)
        field = self._field(collection, name)
        label = label_key((unit_label if unit else value_label)(field, self.language))
        for row in range(top, sheet.max_row + 1):
            for cell in sheet[row][1:]:
                if isinstance(cell, Cell) and isinstance(cell.value, str) and label_key(cell.value) == label:
                    return cell
        raise LookupError(f"{collection}.{name}")

    def cell(self, collection: str, name: str, record: int = 0, *, unit: bool = False) -> Cell:
        """The cell of a field of a record, counted from 0."""
        heading = self.heading(collection, name, unit=unit)
        layout = blocks_by_collection()[collection].layout
        down = layout in {Layout.ROWS, Layout.MATRIX}
        row = heading.row + (1 + record if down else 0)
        found = self.sheet(collection).cell(row, heading.column + (0 if down else 1 + record))
        assert isinstance(found, Cell)
        return found

    def put(self, collection: str, record: int = 0, **values: Any) -> None:
        """Type values into a record; ``generation__unit`` is the unit cell of ``generation``."""
        for name, value in values.items():
            field, _, unit = name.partition("__")
            self.cell(collection, field, record, unit=bool(unit)).value = value

    def rate(self, collection: str, criterion: int, subject: int, rating: Any) -> None:
        """Type a rating into a matrix."""
        sheet, top = self.block(collection)
        heads = next(row for row in range(top, sheet.max_row) if sheet.cell(row, 1).value == SUBJECTS_MARK)
        assert sheet.cell(heads, 5).value is not None
        row = self.heading(collection, "number").row + 1 + criterion
        sheet.cell(row, 5 + 2 * subject).value = rating

    def id_cell(self, collection: str, record: int = 0) -> Cell:
        """The hidden cell with the id of a record in a table of rows."""
        found = self.sheet(collection).cell(self.heading(collection, "number").row + 1 + record, 1)
        assert isinstance(found, Cell)
        return found

    def read(self, folder: Path) -> WorkbookReading:
        """Save the workbook and read it."""
        path = folder / "plant.xlsx"
        self.book.save(path)
        return read_workbook(path)


def by_hand(folder: Path, sheets: Mapping[str, Iterable[Iterable[Any]]]) -> WorkbookReading:
    """Read a workbook that never saw the template: just cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = folder / "plant.xlsx"
    book.save(path)
    return read_workbook(path)


def codes(reading: WorkbookReading) -> list[str]:
    """The findings of a reading, in order."""
    return [issue.code for issue in reading.issues]
