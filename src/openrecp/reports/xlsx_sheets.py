"""The workbook being written: formats, sheets and their print set-up, safe writing of cells."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from openrecp.reports import look
from openrecp.reports.charts.labels import width_of
from openrecp.reports.pages import SetCell, SetReport
from openrecp.reports.typesetting import COUNT_HERE, NUMBER_HERE

_LONGEST: Final = 32_000
_LONGEST_NAME: Final = 31
# Size of the font and width of a column's character [px].
_FONT: Final = 14.5
_CHARACTER: Final = 7
_REFUSED: Final = re.compile(r"[\[\]:*?/\\]")
ALIGN: Final = {"left": "left", "right": "right", "centre": "center"}

Look = Mapping[str, Any]

PLAIN: Final[Look] = {"valign": "top", "text_wrap": True}
TITLE: Final[Look] = {"bold": True, "font_size": 16, "font_color": look.ACCENT, "valign": "vcenter"}
HEADING: Final[Look] = {"bold": True, "font_size": 12, "font_color": look.ACCENT}
SMALL: Final[Look] = {"font_size": 9, "font_color": look.MUTED, "text_wrap": True, "valign": "top"}
CAPTION: Final[Look] = {"bold": True, "text_wrap": True, "valign": "top"}
LINK: Final[Look] = {"font_color": look.ACCENT, "underline": 1}
LEAD: Final[Look] = {**PLAIN, "font_size": 12}
CALLOUT: Final[Look] = {**PLAIN, "bg_color": look.PANEL, "indent": 1}
CALLOUT_HEADING: Final[Look] = {**CALLOUT, "bold": True, "font_color": look.CAUTION}
LABEL: Final[Look] = {"font_color": look.MUTED, "valign": "top", "text_wrap": True}
STRONG: Final[Look] = {"bold": True, "valign": "top", "text_wrap": True}
HEADER: Final[Look] = {
    "bold": True,
    "bg_color": look.PANEL,
    "text_wrap": True,
    "valign": "bottom",
    "top": 2,
    "bottom": 1,
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

    def sheet(self, wanted: str) -> Any:
        """A new sheet, named as near to ``wanted`` as Excel allows, set up for printing."""
        sheet = self.workbook.add_worksheet(self.name(wanted))
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
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
        clean = _shortened(" ".join(_REFUSED.sub(" ", wanted).split()).strip("' ")) or "–"
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

    def cell(
        self, sheet: Any, at: tuple[int, int], cell: SetCell, side: str, base: Look, formula: str = ""
    ) -> None:
        """A cell of a table: the full number shown as in the report, its basis letter in the format."""
        row, column = at
        more: dict[str, Any] = {"align": ALIGN[side]}
        if side == "left" and column > 0:
            more["indent"] = 1
        if cell.missing:
            self.words(sheet, row, column, cell.words, base, font_color=look.CAUTION, **more)
        elif isinstance(cell.value, date):
            form = 'yyyy"年"m"月"d"日"' if self.page.language == "zh-hant" else "d mmm yyyy"
            sheet.write_datetime(row, column, cell.value, self.style(base, num_format=form, **more))
        elif is_number(cell.value):
            form = number_format(cell.words, cell.mark)
            self.number(sheet, at, float(cell.value), form, base, formula=formula, **more)
        else:
            marked = f"{cell.mark} {cell.words}" if cell.mark else cell.words
            self.words(sheet, row, column, marked, base, **more)

    def number(
        self,
        sheet: Any,
        at: tuple[int, int],
        value: float,
        form: str,
        base: Look,
        *,
        formula: str = "",
        **more: Any,
    ) -> None:
        """A number in a number format; a formula of ours comes with the number it has now."""
        style = self.style(base, num_format=form, **more)
        if formula:
            sheet.write_formula(*at, formula, style, value)
        else:
            sheet.write_number(*at, value, style)


def is_number(value: Any) -> bool:
    """Whether Excel can hold the value as a number."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and math.isfinite(value)


def number_format(shown: str, mark: str = "") -> str:
    """The number format that shows a number the way it was shown, the letter of its basis before it.

    >>> number_format("18,250"), number_format("0.35")
    ('#,##0', '#,##0.00')
    """
    decimals = re.search(r"\.(\d+)", shown)
    form = "#,##0" + ("." + "0" * len(decimals.group(1)) if decimals else "")
    return f'"{mark} "{form};"{mark} "-{form}' if mark else form


def _shortened(name: str) -> str:
    """At most 31 characters, cut between words where there is a gap late enough."""
    if len(name) <= _LONGEST_NAME:
        return name
    cut = name[: _LONGEST_NAME - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > _LONGEST_NAME // 2 else cut).rstrip("' ,:：，") + "…"


def characters(words: str) -> float:
    """Width of words [characters of a column], the longest line of them."""
    return max(width_of(line, _FONT) for line in words.split("\n")) / _CHARACTER + 1.5


def row_height(words: Sequence[str], widths: Sequence[float]) -> float:
    """Height of a row [pt] that shows all its lines; not every program finds it by itself."""
    most = 1
    for shown, width in zip(words, widths, strict=False):
        room = max(width * _CHARACTER - 8, 20)
        most = max(most, sum(math.ceil(max(width_of(line, _FONT), 1) / room) for line in shown.split("\n")))
    return min(15.0 * most + 3, 400)


def _header_words(words: str) -> str:
    """Words for a printed header; a single ampersand would be read as a command."""
    return words[:80].replace("\n", " ").replace("&", "&&")
