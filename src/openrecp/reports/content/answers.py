"""What was entered in a field, as a report shows it: exact, with its unit, and how it is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from openrecp.assessment.spec import Money, Quantity, Record, RecordField, UnitPrice
from openrecp.figures import Basis, unit_words
from openrecp.reports.blocks import Cell
from openrecp.reports.content.phrases import measure_words, quantity_words
from openrecp.texts import Choice, Text, format_number, text

BASIS_OF: Final = {
    "generation": "generation_basis",
    "consumption": "consumption_basis",
    "production": "production_basis",
    "amount": "basis",
    "share": "basis",
    "gain": "basis",
    "expense": "basis",
    "actual_production": "basis",
}
"""Fields whose basis another field of the same record tells."""


def answer_cell(record: Record, field: RecordField) -> Cell:
    """The entry of a field; None where nothing was entered."""
    value = getattr(record, field.name)
    words = _words(value, field)
    basis = getattr(record, BASIS_OF.get(field.name, ""), None)
    if words is not None and isinstance(basis, Basis) and isinstance(value, (Quantity, Money, Decimal)):
        return text("{amount} ({basis})", amount=words, basis=basis.label)
    return words


def _words(value: Any, field: RecordField) -> Cell:
    if value is None or value in ("", ()):
        return None
    if isinstance(value, bool):
        return text("yes") if value else text("no")
    if isinstance(value, Quantity):
        return quantity_words(value)
    if isinstance(value, Money):
        return money_words(value)
    if isinstance(value, UnitPrice):
        return price_words(value)
    if isinstance(value, (Decimal, int)):
        return number_words(value, field.spec.units)
    if isinstance(value, tuple):
        return Text(
            "{items}", {"items": [each.label if isinstance(each, Choice) else each for each in value]}
        )
    if isinstance(value, Choice):
        return value.label
    return value if isinstance(value, (str, date)) else str(value)


def number_words(value: Decimal | int, units: tuple[str, ...]) -> Cell:
    """A plain number with the one unit it is in."""
    if not units:
        return value
    return measure_words(value, units[0])


def money_words(money: Money) -> Text:
    """An amount of money, cents only where there are some."""
    amount = money.amount
    shown = format_number(amount, 0 if amount == amount.to_integral_value() else money.currency.decimals)
    return Text("{amount} {currency}", {"amount": shown, "currency": unit_words(money.currency.value)})


def price_words(price: UnitPrice) -> Text:
    """An amount of money per unit."""
    unit = unit_words(f"{price.currency.value}/{price.per}")
    return Text("{amount} {unit}", {"amount": price.amount, "unit": unit})
