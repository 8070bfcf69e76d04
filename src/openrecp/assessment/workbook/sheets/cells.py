"""From a field's value to what stands in its cell; nothing a person wrote ever becomes a formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet as Sheet

from openrecp.assessment.spec import Kind, Money, Quantity, RecordField, UnitPrice
from openrecp.assessment.workbook.layout import ITEM_SEPARATOR, has_unit_cell
from openrecp.texts import Language, render

Content = float | str | date | None

# Excel counts a 29 February 1900 that never was; programs disagree on the days before it.
_FIRST_SAFE_DAY: Final = date(1900, 3, 1)

INPUT_STYLES: Final[dict[Kind, str]] = {
    Kind.WORDS: "input-text",
    Kind.NUMBER: "input-number",
    Kind.INTEGER: "input-number",
    Kind.YES_NO: "input-centre",
    Kind.DATE: "input-date",
    Kind.CHOICE: "input-text",
    Kind.CHOICES: "input-text",
    Kind.CODE: "input-text",
    Kind.CODES: "input-text",
    Kind.QUANTITY: "input-number",
    Kind.PRICE: "input-number",
    Kind.MONEY: "input-money",
}
"""Style of the cell that holds a value of each kind."""


def input_style(field: RecordField) -> str:
    """Style of a field's cell; the number of a record stands out."""
    return "input-key" if field.name == "number" else INPUT_STYLES[field.kind]


def number_content(value: Decimal) -> float | str:
    """The number as Excel keeps it; as text when a float would not give the same digits back.

    >>> number_content(Decimal("0.1")), number_content(Decimal("0.1234567890123456789"))
    (0.1, '0.1234567890123456789')
    """
    number = float(value)
    # The file holds 16 significant digits.
    exact = Decimal(repr(number)) == value and Decimal(f"{number:.16G}") == value
    return number if exact else f"{value:f}"


def cell_content(field: RecordField, value: Any, language: Language) -> Content:
    """What stands in the cell of a field's value; the unit of a quantity may stand in a cell of its own."""
    if value is None or value == ():
        return None
    if isinstance(value, tuple):
        return ITEM_SEPARATOR.join(render(item, language) for item in value)
    if isinstance(value, bool) or field.kind is Kind.CHOICE:
        return render(value, language)
    if isinstance(value, (int, Decimal)):
        return number_content(Decimal(value))
    if isinstance(value, Money):
        return number_content(value.amount)
    if isinstance(value, UnitPrice):
        return number_content(value.amount)
    if isinstance(value, Quantity):
        if has_unit_cell(field) or field.spec.units[:1] == (value.unit,):
            return number_content(value.value)
        return str(value)
    if isinstance(value, date):
        return value if value >= _FIRST_SAFE_DAY else value.isoformat()
    return str(value)


def unit_content(value: Any) -> str | None:
    """What stands in the unit cell of a quantity or a price."""
    if isinstance(value, Quantity):
        return value.unit
    if isinstance(value, UnitPrice):
        return value.per
    return None


def write_content(sheet: Sheet, row: int, column: int, content: Content, style: Format) -> None:
    """Write one cell; text always stays text, whatever it looks like."""
    if content is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(content, str):
        sheet.write_string(row, column, content, style)
    elif isinstance(content, date):
        sheet.write_datetime(row, column, content, style)
    else:
        sheet.write_number(row, column, content, style)
