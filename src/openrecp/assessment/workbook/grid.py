"""A workbook as sheets of cells: each with its value as last saved, and whether a formula gave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class CellKind(StrEnum):
    """What a cell shows."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    TRUTH = "truth"
    ERROR = "error"
    UNCACHED = "uncached"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something.

    Attributes
    ----------
    row, column : int
        Position, from 1.
    kind : CellKind
        What it shows; an error or a formula without saved value has no value to be used.
    value : str, Decimal, date or bool
        A percentage is the number Excel stores (0.12 for 12 %); errors keep their name (``#N/A``).
    formula : bool
        Whether a formula gave the value.
    """

    row: int
    column: int
    kind: CellKind
    value: str | Decimal | date | bool
    formula: bool = False

    @property
    def address(self) -> str:
        """Such as ``B12``."""
        return address(self.row, self.column)

    @property
    def words(self) -> str:
        """The value as a person reads it in the cell."""
        if self.kind is CellKind.PERCENT and isinstance(self.value, Decimal):
            return f"{_plain(self.value * 100)}%"
        if isinstance(self.value, Decimal):
            return _plain(self.value)
        if isinstance(self.value, bool):
            return "TRUE" if self.value else "FALSE"
        return self.value.isoformat() if isinstance(self.value, date) else self.value.strip()


@dataclass(slots=True)
class Sheet:
    """A sheet's cells by row and column.

    Attributes
    ----------
    name : str
        Its tab.
    rows : dict of int to dict of int to Cell
        Cells that hold something.
    merged : dict of (int, int) to (int, int)
        For the covered cells of merged ranges, the cell that shows their value.
    """

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a position, None where there is nothing."""
        return self.rows.get(row, {}).get(column)

    def cells(self) -> Iterator[Cell]:
        """All cells, row by row from the left."""
        for row in sorted(self.rows):
            cells = self.rows[row]
            for column in sorted(cells):
                yield cells[column]


@dataclass(frozen=True, slots=True)
class Grid:
    """A workbook: its sheets in order, its custom properties, and whether it draws on other files."""

    sheets: tuple[Sheet, ...]
    properties: dict[str, str]
    linked: bool


def address(row: int, column: int) -> str:
    """The name of a cell.

    >>> address(12, 2), address(1, 28)
    ('B12', 'AB1')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _plain(value: Decimal) -> str:
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def serial_date(serial: float, *, since_1904: bool = False) -> date | None:
    """The day of a date as Excel numbers it; None where there is no such day.

    >>> serial_date(46086), serial_date(59), serial_date(60), serial_date(61)
    (datetime.date(2026, 3, 5), datetime.date(1900, 2, 28), None, datetime.date(1900, 3, 1))
    """
    days = int(serial // 1)
    if since_1904:
        return date(1904, 1, 1) + timedelta(days=days) if 0 <= days < 2_957_000 else None
    # Excel counts a 29 February 1900 that never was.
    if days < 1 or days == 60 or days > 2_958_465:
        return None
    return date(1899, 12, 31) + timedelta(days=days if days < 60 else days - 1)
