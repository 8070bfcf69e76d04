"""A sheet that is filled from top to bottom: several tables share its columns without squeezing one another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from openrecp.reports.pages import SetColumn, SetTable
from openrecp.reports.workings import Worth
from openrecp.reports.xlsx_sheets import (
    ALIGN,
    BODY,
    CAPTION,
    GROUP,
    HEADER,
    HEADING,
    LINK,
    PLAIN,
    SMALL,
    TITLE,
    TOTAL,
    Book,
    Look,
    characters,
    is_number,
    row_height,
)
from openrecp.reports.xlsx_workings import LiveTable, irr_formula, npv_formula, payback_formula

FIRST: Final = 30.0
REST: Final = 13.0
"""Widths of the first and of every other column [characters]."""
ABREAST: Final = 10
"""Columns that a sheet has at least; words run over all of them."""
_WIDEST: Final = 54.0
# So many rows of a table stay with its heading.
_TOGETHER: Final = 6
LINE: Final = 15.0
# An A4 page lying on its side, within the margins [pt].
_PAGE_WIDTH, _PAGE_HEIGHT = 756.0, 480.0
_POINTS: Final = 5.5


class Leaf:
    """One sheet: a first wide column and many of one width; wordy columns of a table take several of them.

    Attributes
    ----------
    at : int
        The next free row.
    """

    def __init__(self, book: Book, wanted: str, title: str, *, first: float = FIRST) -> None:
        self.book = book
        self.sheet = book.sheet(wanted)
        self.first = first
        self.at = 0
        self._used = 0.0
        self._breaks: list[int] = []
        self.columns = ABREAST
        self.sheet.set_column(0, 0, first)
        self.sheet.set_column(1, 120, REST)
        book.words(self.sheet, 0, 0, title, {**TITLE, "text_wrap": False})
        self.row(26)
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)

    @property
    def name(self) -> str:
        """Name of the sheet."""
        return str(self.sheet.name)

    def width(self, start: int, span: int) -> float:
        """Width of columns side by side [characters]."""
        return span * REST + (self.first - REST if start == 0 else 0.0)

    def row(self, height: float = LINE) -> None:
        """Go one row down, setting how tall the row is [pt]."""
        if height != LINE:
            self.sheet.set_row(self.at, height)
        self.at += 1
        self._used += height

    def keep(self, height: float) -> None:
        """Start a new printed page if this much [pt] no longer fits on the page."""
        whole = (self.first + (self.columns - 1) * REST) * _POINTS
        page = _PAGE_HEIGHT * max(whole / _PAGE_WIDTH, 1.0)
        if self._used + height > page and self._used > page / 3:
            self._breaks.append(self.at)
            self._used = 0.0
        elif self._used > page:
            self._used %= page

    def finish(self) -> None:
        """Set the page breaks; nothing is written after this."""
        if self._breaks:
            self.sheet.set_h_pagebreaks(self._breaks)
        self.sheet.print_area(0, 0, max(self.at - 1, 0), self.columns - 1)

    def link(self, words: str, target: str) -> None:
        """A line that leads to another sheet, and some air below it."""
        self.sheet.write_url(self.at, 0, address(target), self.book.style(LINK), words[:250])
        self.row()
        self.row(8)

    def heading(self, words: str) -> None:
        """The heading of a subsection."""
        self.keep(8 * LINE)
        self.row(10)
        self.book.words(self.sheet, self.at, 0, words, {**HEADING, "text_wrap": False})
        self.row(22)

    def caption(self, label: str, title: str, room: float) -> None:
        """Number and title of a table or picture that needs ``room`` [pt] below."""
        self.keep(room + 3 * LINE)
        self.row(8)
        self.line(f"{label}  {title}" if label else title, CAPTION)

    def line(self, words: str, look: Look = PLAIN) -> None:
        """Words over the whole width, wrapped."""
        self.cells([(words, ABREAST)], [look])

    def cells(self, parts: Sequence[tuple[str, int]], looks: Sequence[Look], least: float = LINE) -> None:
        """Words side by side, each over so many columns."""
        start, shown, widths = 0, [], []
        for (words, span), look in zip(parts, looks, strict=True):
            self._words(start, span, words, look)
            shown.append(words)
            widths.append(self.width(start, span))
            start += span
        self.row(max(row_height(shown, widths), least))

    def _words(self, start: int, span: int, words: str, look: Look, **more: Any) -> None:
        if span > 1:
            style = self.book.style(look, **more)
            self.sheet.merge_range(self.at, start, self.at, start + span - 1, "", style)
        self.book.words(self.sheet, self.at, start, words, look, **more)

    # Tables

    def table(self, table: SetTable) -> None:
        """A table: header, rows, what its cash flows come to, notes."""
        headers = [column_header(column) for column in table.columns]
        spans = self.spans(table, headers)
        starts = [sum(spans[:index]) for index in range(len(spans))]
        self.columns = max(self.columns, sum(spans))
        widths = [self.width(start, span) for start, span in zip(starts, spans, strict=True)]
        for index, column in enumerate(table.columns):
            indent = 1 if index and column.align == "left" else 0
            more = {"align": ALIGN[column.align], "indent": indent}
            self._words(starts[index], spans[index], headers[index], HEADER, **more)
        self.row(row_height(headers, widths))
        live = LiveTable(table, self.at, starts)
        for index in range(len(table.rows)):
            self._row(live, index, spans, widths)
        if not table.rows:
            self.book.words(self.sheet, self.at, 0, table.empty, {**SMALL, "text_wrap": False})
            self.row()
        if table.worth is not None:
            self._worth(live, table.worth)
        for note in self.notes(table):
            self.line(note, SMALL)

    def notes(self, table: SetTable) -> Iterable[str]:
        """The small print of a table, the letters of the bases last."""
        yield from table.notes
        if table.legend:
            legend = "   ".join(f"{letter} {meaning}" for letter, meaning, _ in table.legend)
            yield f"{legend}   {self.book.page.words['unmarked']}"

    def room(self, table: SetTable) -> float:
        """Height of a table [pt], as far as it should stay on one page."""
        return min(len(table.rows) + 2, _TOGETHER) * 1.3 * LINE

    def spans(self, table: SetTable, headers: Sequence[str]) -> list[int]:
        """How many columns of the sheet each column of a table takes: numbers one, words by their length."""
        needs = [characters(header) if index else 0.0 for index, header in enumerate(headers)]
        needs = [min(need, REST) for need in needs]
        for row in table.rows:
            if row.kind != "group":
                needs = [
                    max(need, characters(cell.words)) for need, cell in zip(needs, row.cells, strict=True)
                ]
        spans = []
        for index, (need, column) in enumerate(zip(needs, table.columns, strict=True)):
            wide = min(need, _WIDEST) - (self.first if index == 0 else REST)
            numbers = column.align == "right" and need < 2 * REST
            spans.append(1 if numbers else 1 + max(0, math.ceil(wide / REST)))
        while sum(spans) > max(ABREAST, len(spans) + 2) and max(spans) > 1:
            spans[spans.index(max(spans))] -= 1
        return spans

    def _row(self, live: LiveTable, index: int, spans: Sequence[int], widths: Sequence[float]) -> None:
        row, starts = live.table.rows[index], live.columns
        if row.kind == "group":
            for place in range(sum(spans)):
                self.book.words(self.sheet, self.at, place, row.cells[0].words if place == 0 else "", GROUP)
            self.row()
            return
        base = TOTAL if row.kind == "total" else BODY
        for place, (cell, column) in enumerate(zip(row.cells, live.table.columns, strict=True)):
            at = (self.at, starts[place])
            if spans[place] > 1:
                end = at[1] + spans[place] - 1
                self.sheet.merge_range(*at, self.at, end, "", self.book.style(base))
            self.book.cell(self.sheet, at, cell, column.align, base, live.formula(index, place))
        # Numbers are shown by a format and never wrap.
        words = [cell.words if not is_number(cell.value) else "" for cell in row.cells]
        self.row(row_height(words, widths))

    def _worth(self, live: LiveTable, worth: Worth) -> None:
        """Discount rate, payback, net present value and rate of return of the flows above, alive."""
        words, column = self.book.page.words, live.columns[live.first]
        label_at = live.columns[live.first - 1] if live.first else 0
        rate = None if worth.irr.value is None else float(worth.irr.value) / 100
        lines = (
            (words["rate"], worth.rate, "0.0%", ""),
            (words["payback"], worth.payback.value, "#,##0.00", payback_formula(live)),
            (words["npv"], worth.npv.value, "#,##0", npv_formula(live)),
            (words["irr"], rate, "0.0%", irr_formula(live)),
        )
        for label, value, form, formula in lines:
            for index in range(label_at):
                self.book.words(self.sheet, self.at, index, "", BODY)
            self._words(label_at, column - label_at, label, BODY, bold=True)
            if value is None:
                self.book.words(self.sheet, self.at, column, "–", BODY, align="right")
            else:
                at = (self.at, column)
                self.book.number(self.sheet, at, float(value), form, BODY, formula=formula, bold=True)
            self.row()


def column_header(column: SetColumn) -> str:
    """Heading and unit of a column in one cell."""
    return f"{column.header}\n({column.unit})" if column.unit else column.header


def address(sheet: str) -> str:
    """Where a link inside the workbook leads."""
    return f"internal:'{sheet.replace(chr(39), chr(39) * 2)}'!A1"


def first_width(tables: Iterable[SetTable]) -> float:
    """Width of the first column of a sheet that holds nothing but these tables [characters]."""
    first = [cells for table in tables for cells in _first_cells(table)]
    return min(max([characters(words) for words in first], default=FIRST), FIRST)


def _first_cells(table: SetTable) -> list[str]:
    return [table.columns[0].header, *(row.cells[0].words for row in table.rows if row.kind != "group")]
