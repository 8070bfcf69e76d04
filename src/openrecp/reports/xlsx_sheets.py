"""Sheets of the workbook: formats, safe writing of cells, tables, and print set-up."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from openrecp.reports import look
from openrecp.reports.charts.labels import width_of
from openrecp.reports.pages import SetCell, SetColumn, SetReport, SetTable
from openrecp.reports.typesetting import COUNT_HERE, NUMBER_HERE

_LONGEST: Final = 32_000
_REFUSED: Final = re.compile(r"[\[\]:*?/\\]")
_ALIGN: Final = {"left": "left", "right": "right", "centre": "center"}

Look = Mapping[str, Any]

PLAIN: Final[Look] = {"valign": "top", "text_wrap": True}
TITLE: Final[Look] = {"bold": True, "font_size": 16, "font_color": look.ACCENT, "valign": "vcenter"}
HEADING: Final[Look] = {"bold": True, "font_size": 12, "font_color": look.ACCENT}
SMALL: Final[Look] = {"font_size": 9, "font_color": look.MUTED, "text_wrap": True, "valign": "top"}
LABEL: Final[Look] = {"font_color": look.MUTED, "valign": "top", "text_wrap": True}
STRONG: Final[Look] = {"bold": True, "valign": "top", "text_wrap": True}
HEADER: Final[Look] = {
    "bold": True,
    "bg_color": look.PANEL,
    "text_wrap": True,
    "valign": "bottom",
    "top": 2,
    "bottom": 2,
    "top_color": look.ACCENT,
    "bottom_color": look.ACCENT,
}
BODY: Final[Look] = {"valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": look.LINE}
TOTAL: Final[Look] = {**BODY, "bold": True, "top": 1, "top_color": look.INK}
GROUP: Final[Look] = {"bold": True, "font_color": look.ACCENT, "bottom": 1, "bottom_color": look.LINE}


class Book:
    """A workbook being written: shared formats, sheet names, and writing that never makes a formula."""

    def __init__(self, workbook: Any, page: SetReport) -> None:
        self.workbook = workbook
        self.page = page
        self.names: set[str] = set()
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._font = "Microsoft JhengHei" if page.language == "zh-hant" else "Calibri"

    def style(self, look_of_cell: Look, **more: Any) -> Any:
        """The format with these properties, made once."""
        properties = {
            "font_name": self._font,
            "font_size": 11,
            "font_color": look.INK,
            **look_of_cell,
            **more,
        }
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def sheet(self, wanted: str, *, wide: bool = False) -> Any:
        """A new sheet, named as near to ``wanted`` as Excel allows, set up for printing."""
        sheet = self.workbook.add_worksheet(self.name(wanted))
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
        if wide:
            sheet.set_landscape()
        title, mark, firm = (
            _header_words(words) for words in (self.page.title, self.page.mark, self.page.firm)
        )
        count = _header_words(self.page.words["page"]).replace(NUMBER_HERE, "&P").replace(COUNT_HERE, "&N")
        sheet.set_header(f"&L&9{title}&R&9{mark}")
        sheet.set_footer(f"&L&9{firm}&R&9{count}")
        return sheet

    def name(self, wanted: str) -> str:
        """A sheet name that Excel takes: 31 characters, no brackets or slashes, unlike all others."""
        clean = _REFUSED.sub(" ", wanted).strip("' ") or "–"
        clean = " ".join(clean.split())[:31].strip("' ")
        name, number = clean, 2
        while name.lower() in self.names or name.lower() == "history":
            ending = f" ({number})"
            name, number = clean[: 31 - len(ending)] + ending, number + 1
        self.names.add(name.lower())
        return name

    def words(
        self, sheet: Any, row: int, column: int, words: str, look_of_cell: Look = PLAIN, **more: Any
    ) -> None:
        """Words in a cell; whatever they begin with, they stay words."""
        shown = words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
        if shown:
            sheet.write_string(row, column, shown, self.style(look_of_cell, **more))
        else:
            sheet.write_blank(row, column, None, self.style(look_of_cell, **more))

    def note(self, sheet: Any, row: int, words: str, widths: Sequence[float]) -> None:
        """Small print over columns of these widths, wrapped."""
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", self.style(SMALL))
        self.words(sheet, row, 0, words, SMALL)
        sheet.set_row(row, row_height([words], [sum(widths) * 1.2]))

    def cell(self, sheet: Any, row: int, column: int, cell: SetCell, side: str, base: Look) -> None:
        """A cell of a table: the full number shown as in the report, its basis letter in the format."""
        more: dict[str, Any] = {"align": _ALIGN[side]}
        if side == "left" and column > 0:
            more["indent"] = 1
        if cell.missing:
            self.words(sheet, row, column, cell.words, base, font_color=look.CAUTION, **more)
        elif isinstance(cell.value, date):
            form = 'yyyy"年"m"月"d"日"' if self.page.language == "zh-hant" else "d mmm yyyy"
            sheet.write_datetime(row, column, cell.value, self.style(base, num_format=form, **more))
        elif is_number(cell.value):
            self.number(sheet, (row, column), float(cell.value), cell.words, base, mark=cell.mark, **more)
        else:
            marked = f"{cell.mark} {cell.words}" if cell.mark else cell.words
            self.words(sheet, row, column, marked, base, **more)

    def number(
        self,
        sheet: Any,
        at: tuple[int, int],
        value: float,
        shown: str,
        base: Look,
        *,
        mark: str = "",
        **more: Any,
    ) -> None:
        """A number with as many decimals as the report shows."""
        form = number_format(shown)
        if mark:
            more["num_format"] = f'"{mark} "{form};"{mark} "-{form}'
        else:
            more["num_format"] = form
        sheet.write_number(*at, value, self.style(base, **more))


def is_number(value: Any) -> bool:
    """Whether Excel can hold the value as a number."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and math.isfinite(value)


def number_format(shown: str) -> str:
    """The number format that shows a number the way it was shown.

    >>> number_format("18,250"), number_format("0.35")
    ('#,##0', '#,##0.00')
    """
    decimals = re.search(r"\.(\d+)", shown)
    return "#,##0" + ("." + "0" * len(decimals.group(1)) if decimals else "")


def column_header(column: SetColumn) -> str:
    """Heading and unit of a column in one cell."""
    return f"{column.header}\n({column.unit})" if column.unit else column.header


def write_table(book: Book, sheet: Any, table: SetTable, top: int) -> int:
    """Write a table with its header in row ``top``; return the row after its notes."""
    widths = column_widths(table.columns)
    headers = [column_header(column) for column in table.columns]
    for index, column in enumerate(table.columns):
        indent = 1 if index and column.align == "left" else 0
        book.words(sheet, top, index, headers[index], HEADER, align=_ALIGN[column.align], indent=indent)
    sheet.set_row(top, row_height(headers, widths))
    at = top + 1
    for row in table.rows:
        if row.kind == "group":
            for index in range(len(table.columns)):
                book.words(sheet, at, index, row.cells[0].words if index == 0 else "", GROUP)
        else:
            base = TOTAL if row.kind == "total" else BODY
            for index, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
                book.cell(sheet, at, index, cell, column.align, base)
            sheet.set_row(at, row_height([cell.words for cell in row.cells], widths))
        at += 1
    if not table.rows:
        book.words(sheet, at, 0, table.empty, {**SMALL, "text_wrap": False})
        at += 1
    legend = "   ".join(f"{letter} {meaning}" for letter, meaning, _ in table.legend)
    notes = [*table.notes, *([f"{legend}   {book.page.words['unmarked']}"] if legend else [])]
    for note in notes:
        book.note(sheet, at, note, widths)
        at += 1
    return at


def column_widths(columns: tuple[SetColumn, ...]) -> list[float]:
    """Column widths [characters] by share, never too narrow for a number."""
    whole = sum(column.share for column in columns)
    room = max(100, 13 * len(columns))
    return [min(max(room * column.share / whole, 13), 60) for column in columns]


def row_height(words: Sequence[str], widths: Sequence[float]) -> float:
    """Height of a row [pt] that shows all its lines; not every program finds it by itself."""
    most = 1
    for shown, width in zip(words, widths, strict=False):
        room = max(width * 7 - 8, 20)
        most = max(most, sum(math.ceil(max(width_of(line, 14.5), 1) / room) for line in shown.split("\n")))
    return min(15.0 * most + 3, 400)


def _header_words(words: str) -> str:
    """Words for a printed header; a single ampersand would be read as a command."""
    return words[:80].replace("\n", " ").replace("&", "&&")
