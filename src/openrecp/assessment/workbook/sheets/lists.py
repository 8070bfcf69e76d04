"""Drop-downs, limits and hints of the cells to fill in, and the hidden sheet with the lists behind them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet as Sheet

from openrecp.assessment.spec import Kind, RecordField
from openrecp.assessment.workbook.layout import ITEM_SEPARATOR, LISTS_SHEET
from openrecp.assessment.workbook.sheets.plan import Cells, Plan
from openrecp.errors import UnitError
from openrecp.texts import Language, Text, render, text
from openrecp.units import convert

_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255
_PER = ("t", "kg", "m³", "L", "piece", "kWh")
_AMOUNTS = (
    "t/yr", "kg/yr", "m³/yr", "L/yr", "t/month", "kg/month", "m³/month", "L/month", "piece/yr", "m²/yr", "kWh/yr",
)  # fmt: skip
FACTORS_NAME: Final = "openrecp_factors"
SEPARATOR: Final = "|"


def _yearly_factors() -> dict[str, float]:
    found = {}
    for amount in _AMOUNTS:
        for per in _PER:
            try:
                found[f"{per}{SEPARATOR}{amount}"] = float(convert(Decimal(1), amount, f"{per}/yr"))
            except UnitError:
                continue
    return found


YEARLY_FACTORS: Final = _yearly_factors()
"""How many of a price's unit an amount comes to in a year, by ``price unit|amount unit``."""


def full_name(cells: Cells) -> str:
    """The absolute address of cells, sheet included."""
    quoted = cells.sheet.replace("'", "''")
    return f"'{quoted}'!{xl_range_abs(cells.top, cells.left, cells.bottom, cells.right)}"


class Lists:
    """The lists of one workbook, each written once on the hidden sheet and named."""

    def __init__(self, book: Workbook, sheet: Sheet, plan: Plan, language: Language) -> None:
        self._book, self._sheet, self._plan, self._language = book, sheet, plan, language
        self._names: dict[object, str] = {}
        self._column = 0
        keys = list(YEARLY_FACTORS)
        sheet.write_column(0, 0, keys)
        sheet.write_column(0, 1, [YEARLY_FACTORS[key] for key in keys])
        book.define_name(FACTORS_NAME, f"='{LISTS_SHEET}'!$A$1:$B${len(keys)}")
        self._column = 2

    def _list(self, key: object, items: Iterable[str]) -> str:
        if key not in self._names:
            words = list(items)
            for row, item in enumerate(words):
                self._sheet.write_string(row, self._column, item)
            name = f"openrecp_list_{len(self._names) + 1}"
            area = xl_range_abs(0, self._column, len(words) - 1, self._column)
            self._book.define_name(name, f"='{LISTS_SHEET}'!{area}")
            self._names[key], self._column = name, self._column + 1
        return self._names[key]

    def numbers(self, collection: str) -> str | None:
        """The name of the list of a collection's numbers, live from its sheet; None if no sheet shows it."""
        cells = self._plan.cells(collection, "number")
        if cells is None:
            return None
        key = ("numbers", collection)
        if key not in self._names:
            name = f"openrecp_numbers_{collection}"
            area = full_name(cells)
            first = full_name(Cells(cells.sheet, cells.top, cells.left, cells.top, cells.left)).split(":")[0]
            size = f"MAX(1,COUNTA({area}))"
            high, wide = (size, "1") if cells.bottom > cells.top else ("1", size)
            self._book.define_name(name, f"=OFFSET({first},0,0,{high},{wide})")
            self._names[key] = name
        return self._names[key]

    def rule(self, field: RecordField) -> dict[str, Any]:
        """The data validation of a field's cell: drop-down or limits, and the hint shown beside the cell."""
        return {**self._limits(field), **self._hint(field)}

    def unit_rule(self, field: RecordField) -> dict[str, Any]:
        """The drop-down of a unit; other units stay possible."""
        source = self._list(("units", field.spec.units), field.spec.units)
        return {
            "validate": "list",
            "source": f"={source}",
            **self._warning(text("This unit is not in the list. Keep it if it measures the same thing.")),
        }

    def _limits(self, field: RecordField) -> dict[str, Any]:
        if field.kind in (Kind.CHOICE, Kind.CHOICES) and field.choices is not None:
            words = [render(item, self._language) for item in field.choices]
            rule: dict[str, Any] = {"validate": "list", "source": f"={self._list(field.choices, words)}"}
            if field.kind is Kind.CHOICES:
                return {**rule, "show_error": False}
            return {**rule, **self._refusal(text("Choose one of the answers in the list."))}
        if field.kind is Kind.YES_NO:
            source = self._list("yes-no", [render(answer, self._language) for answer in (True, False)])
            return {"validate": "list", "source": f"={source}", **self._refusal(text("Choose yes or no."))}
        if field.kind in (Kind.CODE, Kind.CODES) and field.spec.refers_to:
            name = self.numbers(field.spec.refers_to)
            if name is not None:
                return {"validate": "list", "source": f"={name}", **self._unknown_number(field)}
        if field.kind in (Kind.NUMBER, Kind.INTEGER, Kind.MONEY):
            return self._number_limits(field)
        return {"validate": "any"}

    def _number_limits(self, field: RecordField) -> dict[str, Any]:
        low, high = field.spec.minimum, field.spec.maximum
        rule: dict[str, Any] = {"validate": "decimal", **self._warning(text("A number is expected here."))}
        if low is not None and high is not None:
            message = text("A number from {low} to {high} is expected here.", low=low, high=high)
            return {
                **rule,
                "criteria": "between",
                "minimum": float(low),
                "maximum": float(high),
                **self._warning(message),
            }
        if low is not None:
            message = text("A number of at least {low} is expected here.", low=low)
            return {**rule, "criteria": ">=", "value": float(low), **self._warning(message)}
        return {**rule, "criteria": "between", "minimum": -1e15, "maximum": 1e15}

    def _unknown_number(self, field: RecordField) -> dict[str, Any]:
        if field.kind is Kind.CODES:
            return {"show_error": False}
        return self.unknown_number()

    def unknown_number(self) -> dict[str, Any]:
        """What is said about a number no record has: it may be added later."""
        return self._warning(text("No record has this number yet. Keep it if you will add the record."))

    def _warning(self, message: Text) -> dict[str, Any]:
        return {**self._refusal(message), "error_type": "warning"}

    def _refusal(self, message: Text) -> dict[str, Any]:
        title = render(text("Please check"), self._language)
        return {"error_title": title, "error_message": render(message, self._language), "error_type": "stop"}

    def _hint(self, field: RecordField) -> dict[str, Any]:
        hints = [field.spec.help] if field.spec.help else []
        if field.kind in (Kind.CHOICES, Kind.CODES):
            separator = ITEM_SEPARATOR.strip()
            hints.append(text("Several are possible; put “{separator}” between them.", separator=separator))
        if field.kind is Kind.DATE:
            hints.append(text("Such as 2026-03-31."))
        if field.spec.minimum is not None and field.spec.maximum is not None:
            hints.append(text("From {low} to {high}.", low=field.spec.minimum, high=field.spec.maximum))
        if not hints:
            return {}
        gap = "" if self._language == "zh-hant" else " "
        message = gap.join(render(hint, self._language) for hint in hints)
        title = render(field.spec.label, self._language)
        return {"input_title": title[:_TITLE_LIMIT], "input_message": message[:_MESSAGE_LIMIT]}

    def guard(self) -> dict[str, Any]:
        """Refuses typing over labels and calculated cells on sheets that cannot be protected."""
        message = text(
            "This cell is not for filling in: its words or its formula are needed to read the sheet."
        )
        return {"validate": "custom", "value": "=FALSE", "ignore_blank": False, **self._refusal(message)}
