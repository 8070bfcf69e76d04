"""What every writer of a sheet needs at hand, and the parts all blocks share: title, note, labels, number look."""

from __future__ import annotations

from dataclasses import dataclass, field

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

_SHORT, _DEFAULT_WIDTH, _LINE_HEIGHT, _HIGHEST = 5, 8.43, 13.5, 405
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
    widths: dict[int, float] = field(default_factory=dict)
    texts: list[tuple[int, int, int, str]] = field(default_factory=list)

    def words(self, item: object) -> str:
        """The item in the workbook's language."""
        return render(item, self.language)

    def widen(self, column: int, width: float) -> None:
        """Ask for a column at least this wide [characters]."""
        self.widths[column] = max(self.widths.get(column, 0), width)

    def fit(self, row: int, column: int, words: object, span: int = 1) -> None:
        """Remember words that wrap, so that their row becomes high enough."""
        if isinstance(words, str) and (len(words) > _SHORT or "\n" in words):
            self.texts.append((row, column, span, words))

    def heights(self) -> dict[int, float]:
        """The height of each row whose words need more than one line [points]."""
        lines: dict[int, int] = {}
        for row, column, span, words in self.texts:
            width = sum(self.widths.get(each, _DEFAULT_WIDTH) for each in range(column, column + span))
            lines[row] = max(lines.get(row, 1), line_count(words, width - 1))
        return {row: min(count * _LINE_HEIGHT + 3, _HIGHEST) for row, count in lines.items() if count > 1}

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
    # Columns are measured in digits of the default font; letters of ours are a little narrower.
    room = max(width * 1.1, 1)
    return sum(max(1, -int(-display_width(part) // room)) for part in words.split("\n"))


def write_block_head(page: Page, placed: Placed, right: int = 2) -> None:
    """The title of a block with its mark, underlined at least to column ``right``, and its note below."""
    sheet, styles, block = page.sheet, page.styles, placed.block
    page.mark(placed.top, f"{BLOCK_MARK}{block.collection}")
    sheet.set_row(placed.top, 22)
    for column in range(2, max(placed.right, right) + 1):
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
    """Separate the thousands of large numbers; whole ones keep no decimal point."""
    if field.kind not in _NUMERIC:
        return
    if field.kind is Kind.MONEY:
        show_cents(page, cells)
        return
    first = _relative(cells)
    large = f"ISNUMBER({first}),ABS({first})>=1000"
    _rule(page, cells, f"=AND({large},{first}=INT({first}))", "thousands")
    _rule(page, cells, f"=AND({large},{first}<>INT({first}))", "thousands-decimals")


def show_cents(page: Page, cells: Cells) -> None:
    """Show the cents of an amount of money only where there are any."""
    if page.plan.assessment.currency.decimals:
        first = _relative(cells)
        _rule(page, cells, f"=AND(ISNUMBER({first}),{first}<>INT({first}))", "cents")


def show_missing(page: Page, field: RecordField, cells: Cells, record: str) -> None:
    """Tint a required cell that is empty while its record (``record``, a relative range) has been begun."""
    if field.spec.required:
        begun = f'SUMPRODUCT(--({record}<>""))>0'
        _rule(page, cells, f'=AND({_relative(cells)}="",{begun})', "missing")


def _rule(page: Page, cells: Cells, criteria: str, look: str) -> None:
    area = (cells.top, cells.left, cells.bottom, cells.right)
    rule = {"type": "formula", "criteria": criteria, "format": page.styles.rule(look)}
    page.sheet.conditional_format(*area, rule)


def _relative(cells: Cells) -> str:
    return str(xl_rowcol_to_cell(cells.top, cells.left))
