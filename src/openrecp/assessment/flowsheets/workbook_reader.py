"""Reads a flowsheet from a workbook: sheets and columns by their headings, in either language and any order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from openrecp.assessment.flowsheets.document import FlowsheetDocument, Row
from openrecp.assessment.flowsheets.fields import answers, plain_key
from openrecp.assessment.flowsheets.schema import (
    FORMAT,
    SECTIONS,
    SETTINGS,
    VERSION,
    Column,
    FieldKind,
    Section,
)
from openrecp.assessment.workbook.grid import Cell, CellKind, Grid, Sheet, address
from openrecp.assessment.workbook.layout import label_key
from openrecp.errors import Issue, Severity, UnitError, UnusableInput, Where, problem
from openrecp.texts import LANGUAGES, render
from openrecp.units import parse_unit

EXAMPLE_SIGN: Final = "→"
"""Begins a row that shows how a sheet is filled in; it is passed over."""
PROPERTY_FORMAT: Final = "openrecp-flowsheet"
_HEADING_ROWS: Final = 12
_LONGEST: Final = 60
_MOST_FINDINGS: Final = 1_000
_BRACKETED: Final = re.compile(r"[\[(（【]\s*(.*?)\s*[\])）】]")
_BARE: Final = re.compile(r"(?:±|sd|rsd|標準差)?\s*[-+]?[0-9０-９][0-9０-９.,，．eE]*", re.IGNORECASE)
"""A number, or an uncertainty, to which the unit of the heading belongs."""
_WITH_UNIT: Final = frozenset(
    {
        FieldKind.FLOW,
        FieldKind.ENERGY,
        FieldKind.SHARE,
        FieldKind.TEMPERATURE,
        FieldKind.UNCERTAINTY,
        FieldKind.PRICE,
        FieldKind.MONEY,
        FieldKind.DENSITY,
    }
)


def is_flowsheet_grid(grid: Grid) -> bool:
    """Whether a workbook is a flowsheet: by its property, or by sheets of processes and streams."""
    if PROPERTY_FORMAT in grid.properties:
        return True
    found = {section.name for sheet in grid.sheets if (section := _section(sheet)) is not None}
    return {"processes", "streams"} <= found


def parse_workbook(grid: Grid, file: str) -> tuple[FlowsheetDocument, tuple[Issue, ...]]:
    """Read a flowsheet from the cells of a workbook.

    Parameters
    ----------
    grid : Grid
    file : str
        Its name, for the findings.

    Returns
    -------
    tuple of FlowsheetDocument and tuple of Issue
        All that could be understood, and all that could not, with sheet and cell.

    Raises
    ------
    UnusableInput
        If it is written by a newer version.
    """
    version = grid.properties.get(PROPERTY_FORMAT, str(VERSION))
    if version not in (str(VERSION), FORMAT):
        raise UnusableInput(
            problem(
                "flowsheet-version",
                "This flowsheet is of version {found}; this program reads version {known}. Update OpenRECP.",
                where=Where(file=file),
                found=version,
                known=str(VERSION),
            )
        )
    reading = _Reading(file)
    for sheet in grid.sheets:
        reading.read(sheet)
    sections = {name: tuple(rows) for name, rows in reading.sections.items() if rows}
    issues = reading.issues
    if len(issues) > _MOST_FINDINGS:
        given_up = problem(
            "too-many-findings",
            "More than {count} cells cannot be understood, so the rest of the workbook was not read. Mend these "
            "first, or start again from an empty workbook.",
            where=Where(file=file),
            count=_MOST_FINDINGS,
        )
        issues = [*issues[:_MOST_FINDINGS], given_up]
    return FlowsheetDocument(reading.settings, sections, file, reading.places), tuple(issues)


@cache
def _headings(section: Section) -> Mapping[str, Column]:
    """Columns by the key of their label in either language, and by their name in files."""
    found: dict[str, Column] = {}
    for column in section.columns:
        found[label_key(column.name)] = column
        for language in LANGUAGES:
            found[label_key(render(column.label, language))] = column
    return found


@cache
def _tabs() -> Mapping[str, Section]:
    found: dict[str, Section] = {}
    for section in (SETTINGS, *SECTIONS):
        for words in (section.name, *(render(section.title, language) for language in LANGUAGES)):
            found[label_key(words)] = section
    return found


def _section(sheet: Sheet) -> Section | None:
    return _tabs().get(label_key(sheet.name))


def _heading_row(sheet: Sheet, section: Section) -> int | None:
    """The row among the first with most headings."""
    known = _headings(section)
    best, found = 0, None
    for row in sorted(sheet.rows)[:_HEADING_ROWS]:
        count = len(
            {known[key] for cell in sheet.rows[row].values() if (key := label_key(cell.words)) in known}
        )
        if count > best:
            best, found = count, row
    return found if best >= min(2, len(section.columns)) else None


class _Reading:
    """Collects the records of all sheets."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.settings: dict[str, str] = {}
        self.sections: dict[str, list[Row]] = {}
        self.places: dict[tuple[str, int, str], Where] = {}
        self.issues: list[Issue] = []

    def read(self, sheet: Sheet) -> None:
        """Take what a sheet holds."""
        section = _section(sheet)
        if section is SETTINGS:
            self._read_settings(sheet)
        elif section is not None:
            self._read_rows(sheet, section)
        elif sheet.rows and not _is_guide(sheet):
            self.issues.append(
                problem(
                    "flowsheet-sheet-not-read",
                    "This sheet is no part of the flowsheet; its cells ({count}) were not read.",
                    where=Where(file=self.file, sheet=sheet.name),
                    severity=Severity.NOTE,
                    count=sum(len(cells) for cells in sheet.rows.values()),
                )
            )

    def _where(self, sheet: Sheet, row: int, column: int) -> Where:
        return Where(file=self.file, sheet=sheet.name, cell=address(row, column))

    def _read_settings(self, sheet: Sheet) -> None:
        """Labels with the answer in the next cell that holds something."""
        known = _headings(SETTINGS)
        for row in sorted(sheet.rows):
            cells = [sheet.rows[row][column] for column in sorted(sheet.rows[row])]
            named = next((cell for cell in cells if label_key(cell.words) in known), None)
            if named is None:
                continue
            column = known[label_key(named.words)]
            # The answer stands to the right of the label; what stands further right explains.
            answer = sheet.cell(row, named.column + 1)
            words = self._words(answer, sheet) if answer is not None else ""
            if words and column.name not in self.settings:
                self.settings[column.name] = words
                self.places["settings", 0, column.name] = self._where(sheet, row, named.column + 1)

    def _read_rows(self, sheet: Sheet, section: Section) -> None:
        head = _heading_row(sheet, section)
        if head is None:
            if any(cell.words for cell in sheet.cells()):
                self.issues.append(
                    problem(
                        "flowsheet-headings-missing",
                        "No headings were found on this sheet; its first row needs headings such as {headings}.",
                        where=Where(file=self.file, sheet=sheet.name),
                        headings=[column.label for column in section.columns[:4]],
                    )
                )
            return
        columns = self._columns(sheet, section, head)
        units = self._units(sheet, head, columns)
        rows = self.sections.setdefault(section.name, [])
        for number in sorted(row for row in sheet.rows if row > head):
            cells = sheet.rows[number]
            if any(cell.words.startswith(EXAMPLE_SIGN) for cell in cells.values()):
                continue
            values: dict[str, str] = {}
            for place, cell in sorted(cells.items()):
                column = columns.get(place)
                words = self._words(cell, sheet)
                if column is None:
                    self._stray(sheet, head, cell)
                elif words:
                    values[column.name] = _entered(column, words, units.get(place))
                    self.places[section.name, len(rows), column.name] = self._where(sheet, number, place)
            if values:
                first = min(cells)
                self.places[section.name, len(rows), ""] = self._where(sheet, number, first)
                rows.append(values)

    def _columns(self, sheet: Sheet, section: Section, head: int) -> dict[int, Column]:
        known = _headings(section)
        columns: dict[int, Column] = {}
        for place, cell in sorted(sheet.rows[head].items()):
            column = known.get(label_key(cell.words))
            if column is None:
                self.issues.append(
                    problem(
                        "flowsheet-heading-unknown",
                        "The column “{heading}” is no field of “{section}” and was not read.",
                        where=self._where(sheet, head, place),
                        severity=Severity.WARNING,
                        heading=cell.words[:_LONGEST],
                        section=section.title,
                    )
                )
            elif column in columns.values():
                self.issues.append(
                    problem(
                        "flowsheet-heading-twice",
                        "The column “{heading}” stands twice; only the first was read.",
                        where=self._where(sheet, head, place),
                        heading=cell.words[:_LONGEST],
                    )
                )
            else:
                columns[place] = column
        return columns

    def _units(self, sheet: Sheet, head: int, columns: Mapping[int, Column]) -> dict[int, str]:
        """The units in brackets in the headings, for cells that hold a bare number."""
        found: dict[int, str] = {}
        for place, column in columns.items():
            bracketed = _BRACKETED.search(sheet.rows[head][place].words)
            if bracketed is None or column.kind not in _WITH_UNIT:
                continue
            try:
                parse_unit(bracketed[1])
            except UnitError:
                self.issues.append(
                    problem(
                        "flowsheet-heading-bracket",
                        "“{found}” in this heading is no unit; bare numbers below it are in the flowsheet's own units.",
                        where=self._where(sheet, head, place),
                        severity=Severity.WARNING,
                        found=bracketed[1][:_LONGEST],
                    )
                )
            else:
                found[place] = bracketed[1]
        return found

    def _stray(self, sheet: Sheet, head: int, cell: Cell) -> None:
        if cell.words and sheet.cell(head, cell.column) is None:
            self.issues.append(
                problem(
                    "column-unnamed",
                    "“{found}” stands in a column without a header; name the column or empty the cell.",
                    where=self._where(sheet, cell.row, cell.column),
                    severity=Severity.WARNING,
                    found=cell.words[:_LONGEST],
                )
            )

    def _words(self, cell: Cell, sheet: Sheet) -> str:
        """What a cell says; an error or a formula without result is told."""
        where = self._where(sheet, cell.row, cell.column)
        if cell.kind is CellKind.ERROR:
            self.issues.append(
                problem(
                    "excel-error",
                    "“{found}” is an error shown by Excel; mend the formula or enter the number.",
                    where=where,
                    found=cell.words,
                )
            )
            return ""
        if cell.kind is CellKind.UNCACHED:
            self.issues.append(
                problem(
                    "formula-without-value",
                    "The formula {formula} has no stored result; open the file in Excel, save it, and try again.",
                    where=where,
                    formula=cell.words or "=…",
                )
            )
            return ""
        if cell.kind is CellKind.PERCENT:
            return f"{cell.words.removesuffix('%')} %"
        return cell.words


def _entered(column: Column, words: str, unit: str | None) -> str:
    """What a cell says: an answer by its name in files, a bare number with the unit of its heading, else as typed."""
    if column.choices is not None:
        chosen = answers(column.choices).get(plain_key(words))
        return words if chosen is None else chosen.value
    return f"{words} {unit}" if unit and _BARE.fullmatch(words) else words


def _is_guide(sheet: Sheet) -> bool:
    """The sheet that explains the others, and the one of lists."""
    return label_key(sheet.name) in {"readme", "說明", label_key("openrecp-lists")}
