"""Read a screening matrix: criteria down, subjects across, from CSV, TSV or an Excel workbook.

The first row that holds anything names the columns: the criterion (``criterion``, 評等準則), its weight
(``weight``, 權數), and one subject in each further column. Each row below is a criterion with its weight
and the ratings, 0 to 10. A row of sums without a weight is passed over. An empty rating stays missing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from openrecp.assessment.text_file import read_text_file
from openrecp.assessment.workbook.grid import Cell, CellKind, address
from openrecp.assessment.workbook.guard import open_package
from openrecp.assessment.workbook.ooxml import read_grid
from openrecp.entries import EntryError, parse_number
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.screening import LARGEST, Criterion, Matrix

_CRITERION: Final = frozenset(
    {"criterion", "criteria", "評等準則", "準則", "評定準則", "優先次序評定標準", "標準"}
)
_WEIGHT: Final = frozenset({"weight", "weights", "w", "權數", "權重", "相對權重"})
_SUM: Final = frozenset(
    {"sum", "total", "score", "合計", "總和", "總分", "總計", "小計", "權數乘以等級的總和"}
)
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_MOST_ROWS: Final = 1_000
_MOST_COLUMNS: Final = 200
_DELIMITERS: Final = "\t,;"


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell that holds something: its words and its place."""

    words: str
    row: int
    column: int
    where: Where


_Grid = list[list[_Cell | None]]


def read_matrix(path: Path) -> Matrix:
    """Read a matrix from a file.

    Parameters
    ----------
    path : Path
        CSV or TSV in UTF-8 or Big5, or an ``.xlsx`` workbook, whose first sheet with cells is read.

    Raises
    ------
    UnusableInput
        If it cannot be used as it is; carries every bad cell with its row and column.
    """
    grid = _workbook_grid(path) if path.suffix.lower() in _WORKBOOKS else _text_grid(path)
    return _matrix(grid, Where(file=path.name))


def _text_grid(path: Path) -> _Grid:
    words = read_text_file(path)
    first = next((line for line in words.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    grid: _Grid = []
    try:
        for row, values in enumerate(
            csv.reader(io.StringIO(words, newline=""), delimiter=delimiter), start=1
        ):
            grid.append(_row_cells(values, row, path.name, None))
            _check_size(grid, path.name)
    except csv.Error as error:
        raise UnusableInput(
            problem(
                "table-broken",
                "The table cannot be read ({reason}). Save it again as “CSV UTF-8”.",
                where=Where(file=path.name, line=len(grid) + 1),
                reason=str(error),
            )
        ) from None
    return grid


def _workbook_grid(path: Path) -> _Grid:
    """The first sheet that holds anything."""
    book = read_grid(open_package(path))
    sheet = next((sheet for sheet in book.sheets if any(cell.words for cell in sheet.cells())), None)
    if sheet is None:
        return []
    if max(sheet.rows) > _MOST_ROWS:
        raise _too_large(path.name)
    grid: _Grid = []
    for row in range(1, max(sheet.rows) + 1):
        cells = sheet.rows.get(row, {})
        width = min(max(cells, default=0), _MOST_COLUMNS + 1)
        values = [_shown(cells.get(column)) for column in range(1, width + 1)]
        grid.append(_row_cells(values, row, path.name, sheet.name))
        _check_size(grid, path.name)
    return grid


def _shown(cell: Cell | None) -> str:
    """The words of a workbook's cell; a formula without a stored result is shown as one."""
    if cell is None:
        return ""
    return cell.words or "=…" if cell.kind is CellKind.UNCACHED else cell.words


def _row_cells(values: Sequence[str], row: int, file: str, sheet: str | None) -> list[_Cell | None]:
    cells: list[_Cell | None] = []
    for column, words in enumerate(values, start=1):
        name = address(row, column)
        where = Where(file=file, sheet=sheet, cell=name, line=None if sheet else row)
        cells.append(_Cell(words.strip(), row, column, where) if words.strip() else None)
    return cells


def _check_size(grid: _Grid, file: str) -> None:
    if len(grid) > _MOST_ROWS or len(grid[-1]) > _MOST_COLUMNS:
        used = [cell for cell in grid[-1] if cell is not None]
        if used and (len(grid) > _MOST_ROWS or used[-1].column > _MOST_COLUMNS):
            raise _too_large(file)


def _too_large(file: str) -> UnusableInput:
    return UnusableInput(
        problem(
            "table-too-large",
            "The table has more than {rows} rows or {columns} columns. Check that it is the right file.",
            where=Where(file=file),
            rows=_MOST_ROWS,
            columns=_MOST_COLUMNS,
        )
    )


def _matrix(grid: _Grid, where: Where) -> Matrix:
    filled = [row for row in grid if any(row)]
    if not filled:
        raise UnusableInput(problem("table-empty", "The table is empty.", where=where))
    head, *body = filled
    columns, issues = _columns(head, where)
    if issues:
        raise UnusableInput(issues)
    criterion_column, weight_column, subjects = columns
    criteria: list[Criterion] = []
    ratings: list[tuple[float | None, ...]] = []
    sources: dict[tuple[str, str], Where] = {}
    for row in body:
        name, weight = _at(row, criterion_column), _at(row, weight_column)
        if name is not None and weight is None and _is_sum(name.words):
            continue
        issues += _row_issues(row, name, weight, where)
        if name is None:
            continue
        criteria.append(Criterion(name.words, _number(weight, issues), (weight or name).where))
        ratings.append(tuple(_number(_at(row, column), issues) for column in subjects))
        for column, subject in subjects.items():
            cell = _at(row, column)
            sources.setdefault((name.words, subject), cell.where if cell else _place(name, column))
        issues += _stray(row, {criterion_column, weight_column, *subjects})
    return _checked(criteria, tuple(subjects.values()), ratings, sources, issues, where)


def _checked(
    criteria: list[Criterion],
    subjects: tuple[str, ...],
    ratings: list[tuple[float | None, ...]],
    sources: dict[tuple[str, str], Where],
    issues: list[Issue],
    where: Where,
) -> Matrix:
    """The matrix, or every finding about it at once."""
    if not criteria and not issues:
        issues.append(problem("no-criteria", "There is no criterion below the header.", where=where))
    try:
        matrix = Matrix(tuple(criteria), subjects, tuple(ratings), MappingProxyType(sources))
    except UnusableInput as error:
        issues += [issue if issue.where.file else issue.at(where) for issue in error.issues]
    if issues:
        raise UnusableInput(issues)
    return matrix


def _columns(head: list[_Cell | None], where: Where) -> tuple[tuple[int, int, dict[int, str]], list[Issue]]:
    """Columns of criterion, weight and subjects."""
    issues: list[Issue] = []
    found: dict[str, int] = {}
    subjects: dict[int, str] = {}
    for cell in head:
        if cell is None:
            continue
        word = cell.words.lower()
        kind = "criterion" if word in _CRITERION else "weight" if word in _WEIGHT else ""
        if kind and kind not in found:
            found[kind] = cell.column
        else:
            subjects[cell.column] = cell.words
    if "criterion" not in found:
        issues.append(
            problem(
                "column-missing",
                "No column is named “criterion” or “評等準則”; name the column of the criteria so.",
                where=where,
            )
        )
    if "weight" not in found:
        issues.append(
            problem(
                "column-missing",
                "No column is named “weight” or “權數”; name the column of the weights so.",
                where=where,
            )
        )
    if not subjects:
        issues.append(
            problem(
                "no-subjects", "There is no column of a subject to be rated; add one for each.", where=where
            )
        )
    return (found.get("criterion", 0), found.get("weight", 0), subjects), issues


def _at(row: list[_Cell | None], column: int) -> _Cell | None:
    return row[column - 1] if column <= len(row) else None


def _place(beside: _Cell, column: int) -> Where:
    """The place of an empty cell in the row of another."""
    cell = address(beside.row, column)
    return Where(file=beside.where.file, sheet=beside.where.sheet, cell=cell, line=beside.where.line)


def _is_sum(name: str) -> bool:
    return name.lower() in _SUM or name.startswith("Σ")


def _row_issues(
    row: list[_Cell | None], name: _Cell | None, weight: _Cell | None, where: Where
) -> Iterator[Issue]:
    first = next((cell.where for cell in row if cell is not None), where)
    if name is None:
        yield problem("name-missing", "This row has no criterion; name it or empty the row.", where=first)
    elif weight is None:
        yield problem(
            "weight-missing",
            "“{criterion}” has no weight; enter 0 to {largest}.",
            where=name.where,
            criterion=name.words,
            largest=LARGEST,
        )


def _stray(row: list[_Cell | None], known: set[int]) -> Iterator[Issue]:
    for cell in row:
        if cell is not None and cell.column not in known:
            yield problem(
                "column-unnamed",
                "“{found}” stands in a column without a header; name the column or empty the cell.",
                where=cell.where,
                found=cell.words,
            )


def _number(cell: _Cell | None, issues: list[Issue]) -> float | None:
    if cell is None:
        return None
    if cell.words.startswith("="):
        issues.append(
            problem(
                "formula-without-value",
                "The formula {formula} has no stored result; open the file in Excel, save it, and try again.",
                where=cell.where,
                formula=cell.words,
            )
        )
        return None
    try:
        return float(parse_number(cell.words))
    except EntryError as error:
        issues += [issue.at(cell.where) for issue in error.issues]
        return None
