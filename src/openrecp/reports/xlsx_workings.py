"""Formulas of the workbook: written only where they come to the number that the report shows."""

from __future__ import annotations

from math import isclose

from xlsxwriter.utility import xl_rowcol_to_cell

from openrecp.reports.pages import SetTable
from openrecp.reports.workings import Discounted, RunningTotal, SumAbove, SumOf
from openrecp.reports.xlsx_sheets import is_number

_NEAR = 1e-6


class LiveTable:
    """A table whose rows know how they follow from others.

    Parameters
    ----------
    table : SetTable
    top : int
        Row of its first row of cells.
    columns : list of int
        Where each of its columns stands.
    """

    def __init__(self, table: SetTable, top: int, columns: list[int]) -> None:
        self.table = table
        self.top = top
        self.columns = columns
        self.by_key = {row.key: index for index, row in enumerate(table.rows) if row.key}
        rows = [[cell.value if is_number(cell.value) else None for cell in row.cells] for row in table.rows]
        self.values = [[None if value is None else float(value) for value in row] for row in rows]
        self.first = next(
            (
                index
                for index in range(len(columns))
                if any(_at(row, index) is not None for row in self.values)
            ),
            0,
        )

    @property
    def rate_row(self) -> int:
        """The row of the discount rate: the first below the table."""
        return self.top + len(self.table.rows)

    def formula(self, row: int, column: int) -> str:
        """The formula of a cell; empty where it has none, or where it would say something else."""
        shown = _at(self.values[row], column)
        if shown is None or column < self.first:
            return ""
        match self.table.rows[row].working:
            case SumAbove():
                formula, comes_to = self._sum_above(row, column)
            case SumOf(parts):
                formula, comes_to = self._sum_of(parts, column)
            case Discounted(key):
                formula, comes_to = self._discounted(key, column)
            case RunningTotal(key):
                formula, comes_to = self._running(row, key, column)
            case None:
                return ""
        return formula if formula and _same(comes_to, shown) else ""

    def place(self, row: int, column: int) -> str:
        """A cell as A1."""
        return str(xl_rowcol_to_cell(self.top + row, self.columns[column]))

    def line(self, key: str) -> tuple[list[float], str, str] | None:
        """The numbers of a row by its key, and its first and last cell; None where there is no such row."""
        row = self.by_key.get(key)
        if row is None:
            return None
        last = len(self.columns) - 1
        numbers = [value or 0.0 for value in self.values[row][self.first :]]
        return numbers, self.place(row, self.first), self.place(row, last)

    def _sum_above(self, row: int, column: int) -> tuple[str, float]:
        first = row
        while first and self.table.rows[first - 1].kind == "body":
            first -= 1
        if first == row:
            return "", 0.0
        comes_to = sum(self.values[above][column] or 0.0 for above in range(first, row))
        return f"=SUM({self.place(first, column)}:{self.place(row - 1, column)})", comes_to

    def _sum_of(self, parts: tuple[str, ...], column: int) -> tuple[str, float]:
        formula, comes_to = "", 0.0
        for part in parts:
            row = self.by_key.get(part.removeprefix("-"))
            if row is None:
                continue
            sign = -1 if part.startswith("-") else 1
            formula += ("-" if sign < 0 else "+" if formula else "") + self.place(row, column)
            comes_to += sign * (self.values[row][column] or 0.0)
        return (f"={formula}" if formula else ""), comes_to

    def _discounted(self, key: str, column: int) -> tuple[str, float]:
        row, worth = self.by_key.get(key), self.table.worth
        if row is None or worth is None:
            return "", 0.0
        rate = xl_rowcol_to_cell(self.rate_row, self.columns[self.first], row_abs=True, col_abs=True)
        years = column - self.first
        comes_to = (self.values[row][column] or 0.0) / (1 + worth.rate) ** years
        return f"={self.place(row, column)}/(1+{rate})^{years}", comes_to

    def _running(self, own: int, key: str, column: int) -> tuple[str, float]:
        row = self.by_key.get(key)
        if row is None:
            return "", 0.0
        added, now = self.place(row, column), self.values[row][column] or 0.0
        if column == self.first:
            return f"={added}", now
        return f"={self.place(own, column - 1)}+{added}", (self.values[own][column - 1] or 0.0) + now


def payback_formula(live: LiveTable) -> str:
    """Total capital over the saving of the first year that has one."""
    worth = live.table.worth
    if worth is None or worth.payback.value is None:
        return ""
    capital, saving = live.line(worth.capital), live.line(worth.saving)
    if capital is None or saving is None:
        return ""
    place = next((place for place, value in enumerate(saving[0]) if value), None)
    if place is None or not _same(sum(capital[0]) / saving[0][place], float(worth.payback.value)):
        return ""
    return f"=SUM({capital[1]}:{capital[2]})/{live.place(live.by_key[worth.saving], live.first + place)}"


def npv_formula(live: LiveTable) -> str:
    """The flow of the first year, and NPV() of the others at the rate below the table."""
    worth = live.table.worth
    flow = None if worth is None else live.line(worth.flow)
    if worth is None or worth.npv.value is None or flow is None or len(flow[0]) < 2:
        return ""
    comes_to = sum(amount / (1 + worth.rate) ** year for year, amount in enumerate(flow[0]))
    if not _same(comes_to, float(worth.npv.value)):
        return ""
    rate = xl_rowcol_to_cell(live.rate_row, live.columns[live.first])
    second = live.place(live.by_key[worth.flow], live.first + 1)
    return f"={flow[1]}+NPV({rate},{second}:{flow[2]})"


def irr_formula(live: LiveTable) -> str:
    """IRR() of the cash flow, told where to look."""
    worth = live.table.worth
    flow = None if worth is None else live.line(worth.flow)
    if worth is None or worth.irr.value is None or flow is None:
        return ""
    rate = float(worth.irr.value) / 100
    left = sum(amount / (1 + rate) ** year for year, amount in enumerate(flow[0])) if rate > -1 else 1.0
    if abs(left) > _NEAR * sum(abs(amount) for amount in flow[0]):
        return ""
    return f"=IRR({flow[1]}:{flow[2]},{round(rate, 2)})"


def _at(row: list[float | None], index: int) -> float | None:
    return row[index] if index < len(row) else None


def _same(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=_NEAR, abs_tol=_NEAR)
