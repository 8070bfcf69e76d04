"""What every writer of a sheet needs at hand, and the parts all blocks share: title, note, labels, number look."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet as Sheet

from openrecp.assessment.spec import Kind, RecordField
from openrecp.assessment.workbook.layout import (
    BLOCK_MARK,
    CALCULATED_SIGN,
    REQUIRED_SIGN,
    unit_label,
    value_label,
)
from openrecp.assessment.workbook.sheets.lists import Lists
from openrecp.assessment.workbook.sheets.plan import CALCULATED_AFTER, Cells, Line, Placed, Plan, SheetPlan
from openrecp.assessment.workbook.sheets.styles import Styles
from openrecp.texts import Language, render

_NUMERIC = {Kind.NUMBER, Kind.INTEGER, Kind.QUANTITY, Kind.PRICE, Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet being written, with the plan of the whole workbook."""

    sheet: Sheet
    here: SheetPlan
    plan: Plan
    styles: Styles
    lists: Lists
    language: Language
    widths: dict[int, float]

    def words(self, item: object) -> str:
        """The item in the workbook's language."""
        return render(item, self.language)

    def widen(self, column: int, width: float) -> None:
        """Ask for a column at least this wide [characters]."""
        self.widths[column] = max(self.widths.get(column, 0), width)

    def mark(self, row: int, mark: str) -> None:
        """Write a mark or an id into the hidden column."""
        self.sheet.write_string(row, 0, mark, self.styles["mark"])


def display_width(words: str) -> float:
    """About how many characters wide words are; a Chinese character counts as two.

    >>> display_width("pH 值")
    5
    """
    return sum(2 if ord(char) > 0x2E7F else 1 for char in words)


def line_count(words: str, width: float) -> int:
    """About how many lines words take in a cell so many characters wide."""
    return sum(max(1, -int(-display_width(part) // max(width, 1))) for part in words.split("\n"))


def write_block_head(page: Page, placed: Placed) -> None:
    """The title of a block with its mark, and its note below."""
    sheet, styles, block = page.sheet, page.styles, placed.block
    page.mark(placed.top, f"{BLOCK_MARK}{block.collection}")
    sheet.set_row(placed.top, 22)
    right = max(placed.right, 2)
    for column in range(2, right + 1):
        sheet.write_blank(placed.top, column, None, styles["block"])
    sheet.write_string(placed.top, 1, page.words(block.title), styles["block"])
    if block.note is not None:
        sheet.write_string(placed.top + 1, 1, page.words(block.note), styles["purpose"])


def field_label(page: Page, line: Line, collection: str) -> str:
    """The words beside or above a field, with unit or currency, and the sign of what is required."""
    field = line.field
    if line.role == "section":
        return page.words(field.spec.section)
    if line.role == "unit":
        return unit_label(field, page.language)
    if line.role == "calculated":
        return f"{CALCULATED_SIGN} {page.words(CALCULATED_AFTER[collection, field.name])}{_currency(page)}"
    label = value_label(field, page.language)
    if field.kind in (Kind.MONEY, Kind.PRICE):
        label += _currency(page)
    return f"{label} {REQUIRED_SIGN}" if field.spec.required else label


def _currency(page: Page) -> str:
    return f" [{page.plan.assessment.currency.value}]"


def write_label(page: Page, row: int, line: Line, collection: str) -> None:
    """A label in the second column, with the sign of what is required in red."""
    styles, words = page.styles, field_label(page, line, collection)
    style = {"unit": "unit-label", "calculated": "calculated-label"}.get(line.role, "label")
    if line.role == "value" and line.field.spec.required:
        plain = words.removesuffix(REQUIRED_SIGN)
        page.sheet.write_rich_string(
            row, 1, styles["plain"], plain, styles["required"], REQUIRED_SIGN, styles[style]
        )
    else:
        page.sheet.write_string(row, 1, words, styles[style])


def show_thousands(page: Page, field: RecordField, cells: Cells) -> None:
    """Separate thousands of large numbers, and show cents only where there are any."""
    if field.kind not in _NUMERIC:
        return
    area = (cells.top, cells.left, cells.bottom, cells.right)
    if field.kind is Kind.MONEY:
        first = _relative(cells)
        decimals = page.plan.assessment.currency.decimals
        if decimals:
            page.sheet.conditional_format(
                *area,
                {
                    "type": "formula",
                    "criteria": f"=AND(ISNUMBER({first}),{first}<>INT({first}))",
                    "format": page.styles.rule("cents"),
                },
            )
        return
    first = _relative(cells)
    whole = f"=AND(ISNUMBER({first}),ABS({first})>=1000,{first}=INT({first}))"
    broken = f"=AND(ISNUMBER({first}),ABS({first})>=1000,{first}<>INT({first}))"
    for criteria, rule in ((whole, "thousands"), (broken, "thousands-decimals")):
        page.sheet.conditional_format(
            *area, {"type": "formula", "criteria": criteria, "format": page.styles.rule(rule)}
        )


def show_missing(page: Page, field: RecordField, cells: Cells, record: str) -> None:
    """Tint a required cell that is empty while its record (``record``, a relative range) has been begun."""
    if field.spec.required:
        page.sheet.conditional_format(
            cells.top,
            cells.left,
            cells.bottom,
            cells.right,
            {
                "type": "formula",
                "criteria": f'=AND({_relative(cells)}="",COUNTA({record})>0)',
                "format": page.styles.rule("missing"),
            },
        )


def _relative(cells: Cells) -> str:
    return xl_rowcol_to_cell(cells.top, cells.left)

