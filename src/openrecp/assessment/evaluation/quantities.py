"""Entered quantities and money as figures: converted where they can be, with a reason where they cannot."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from openrecp.assessment.spec import Currency, Money, Quantity, UnitPrice
from openrecp.errors import UnitError, Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text
from openrecp.units import Dimension, Unit, convert, parse_unit

# Units a year in which amounts are shown, the largest first; the first that gives at least 1 is taken.
_SHOWN: Final = (
    ("t/yr", "kg/yr"),
    ("m³/yr", "L/yr"),
    ("Nm³/yr",),
    ("MWh/yr", "kWh/yr"),
    ("piece/yr",),
    ("m²/yr",),
    ("batch/yr",),
)
_PLAIN: Final = (("t", "kg"), ("m³", "L"))


def unit_of(written: str) -> Unit | None:
    """The unit, or None if it cannot be read."""
    try:
        return parse_unit(written)
    except UnitError:
        return None


@lru_cache(maxsize=256)
def dimensions(units: tuple[str, ...]) -> frozenset[Dimension]:
    """What the units of a field measure."""
    return frozenset(parse_unit(unit).dimension for unit in units)


@lru_cache(maxsize=512)
def _shown_units(dimension: Dimension) -> tuple[str, ...]:
    for units in (*_SHOWN, *_PLAIN):
        if parse_unit(units[0]).dimension == dimension:
            return units
    return ()


def readable(value: Decimal, unit: Unit) -> tuple[Decimal, str]:
    """An amount in a unit that people like to read, a year where it is a rate."""
    shown = _shown_units(unit.dimension)
    for symbol in shown:
        amount = convert(value, unit, symbol)
        if abs(amount) >= 1 or symbol == shown[-1]:
            return amount, symbol
    return value, unit.symbol


def no_value(name: Text, reason: Text, unit: str = "", inputs: tuple[Figure, ...] = ()) -> Figure:
    """A figure that does not exist."""
    return Figure(name, None, unit, inputs=inputs, reason=reason)


NOT_GIVEN: Final = text("not given")


def yearly(name: Text, quantity: Quantity | None, basis: Basis | None, source: Where) -> Figure:
    """An entered rate as an amount a year; a month is a twelfth of a year."""
    if quantity is None:
        return no_value(name, NOT_GIVEN)
    unit = unit_of(quantity.unit)
    if unit is None:
        return no_value(name, text("its unit “{unit}” cannot be read", unit=quantity.unit))
    if ("time", -1) not in unit.dimension and not _shown_units(unit.dimension):
        return no_value(name, text("“{unit}” is not an amount in a time", unit=quantity.unit))
    if _shown_units(unit.dimension) and _shown_units(unit.dimension) in _PLAIN:
        return no_value(name, text("“{unit}” is not an amount in a time", unit=quantity.unit))
    value, symbol = readable(quantity.value, unit)
    known = basis or Basis.ESTIMATED
    if symbol == unit.symbol:
        return Figure(name, value, symbol, basis=known, source=source)
    entered = Figure(text("As entered"), quantity.value, quantity.unit, basis=known, source=source)
    return Figure(
        name,
        value,
        symbol,
        formula=text("amount entered, over a year of twelve months or 365 days"),
        inputs=(entered,),
        basis=known,
    )


def amount(name: Text, quantity: Quantity | None, basis: Basis | None, source: Where) -> Figure:
    """An entered quantity as it is."""
    if quantity is None:
        return no_value(name, NOT_GIVEN)
    unit = unit_of(quantity.unit)
    symbol = quantity.unit if unit is None else unit.symbol
    return Figure(name, quantity.value, symbol, basis=basis or Basis.ESTIMATED, source=source)


def money_figure(name: Text, money: Money | None, source: Where, basis: Basis = Basis.RECORDED) -> Figure:
    """An entered amount of money."""
    if money is None:
        return no_value(name, NOT_GIVEN)
    return Figure(name, money.amount, money.currency.value, basis=basis, source=source)


def minor_units(amount: Decimal, currency: Currency) -> int:
    """Whole minor units, rounded half up."""
    return int(amount.scaleb(currency.decimals).to_integral_value(ROUND_HALF_UP))


def from_minor(minor: int, currency: Currency) -> Decimal:
    """The amount in whole currency units, without trailing zeros after the point."""
    amount = Decimal(minor).scaleb(-currency.decimals)
    whole = amount.to_integral_value()
    return whole if whole == amount else amount


def minor_of(figure: Figure, currency: Currency) -> int:
    """Minor units of a money figure; a figure without a value counts nothing."""
    return 0 if figure.value is None else minor_units(Decimal(figure.value), currency)


def money_sum(
    name: Text, parts: Iterable[Figure], currency: Currency, formula: Text, missing: Text = NOT_GIVEN
) -> Figure:
    """Sum of money figures in whole minor units; parts without a value do not count."""
    known = tuple(part for part in parts if part.value is not None)
    if not known:
        return no_value(name, missing, currency.value)
    total = sum(minor_of(part, currency) for part in known)
    return Figure(name, from_minor(total, currency), currency.value, formula, known)


def price_figure(name: Text, price: UnitPrice, source: Where) -> Figure:
    """An entered unit price."""
    return Figure(
        name, price.amount, f"{price.currency.value}/{price.per}", basis=Basis.RECORDED, source=source
    )


def priced(name: Text, price: UnitPrice, price_at: Where, yearly_amount: Figure) -> Figure:
    """Unit price times an amount a year, in whole minor units; no value where the units do not fit."""
    currency = price.currency
    if yearly_amount.value is None:
        return no_value(name, text("the amount a year is not known"), currency.value)
    try:
        units = convert(Decimal(yearly_amount.value), yearly_amount.unit, f"({price.per})/yr")
    except UnitError:
        return no_value(
            name,
            text("the price is per {per}, the amount is in {unit}", per=price.per, unit=yearly_amount.unit),
            currency.value,
        )
    cost = from_minor(minor_units(price.amount * units, currency), currency)
    return Figure(
        name,
        cost,
        currency.value,
        formula=text("unit price × amount a year"),
        inputs=(price_figure(text("Unit price"), price, price_at), yearly_amount),
    )


def differs(one: Figure, other: Figure, tolerance: Decimal) -> bool:
    """Whether two known figures in the same unit differ by more than a share of the larger."""
    if one.value is None or other.value is None or one.unit != other.unit:
        return False
    a, b = Decimal(one.value), Decimal(other.value)
    return abs(a - b) > tolerance * max(abs(a), abs(b))
