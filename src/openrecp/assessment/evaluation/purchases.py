"""What production used of a material, from what was bought and what lay in store (section 3.1.4 of the manual).

What was bought in a period is not what was used in it: consumption = opening stock + purchases - closing stock.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.quantities import no_value, unit_of, yearly
from openrecp.assessment.spec import Quantity
from openrecp.assessment.worksheets.materials import InputMaterial
from openrecp.errors import UnitError
from openrecp.figures import Basis, Figure
from openrecp.texts import text
from openrecp.units import convert

_YEAR: Final = Decimal(365)


def has_store(record: InputMaterial) -> bool:
    """Whether purchases and both stocks are known, so that the store can be balanced."""
    return None not in (record.purchases, record.opening_stock, record.closing_stock)


def period_years(assessment: Assessment) -> Decimal:
    """Length of the period assessed in years; one year where its dates are not given or reversed.

    A stock counts once a period while amounts are a year, so its change is spread over the period.
    """
    start, end = assessment.cover.period_start, assessment.cover.period_end
    days = 0 if start is None or end is None else (end - start).days + 1
    return Decimal(1) if days <= 0 or days in (365, 366) else days / _YEAR


def consumption(assessment: Assessment, key: str, record: InputMaterial) -> Figure:
    """Amount of a material used a year: as entered, else from purchases and stock, else without a value.

    Parameters
    ----------
    assessment : Assessment
    key : str
        By which places name the material.
    record : InputMaterial
    """
    name, at = text("Amount a year"), place("input_materials", key, "consumption")
    if record.consumption is not None or not has_store(record):
        return yearly(name, record.consumption, record.consumption_basis, at)
    bought = yearly(
        text("Purchased amount"), record.purchases, Basis.RECORDED, place("input_materials", key, "purchases")
    )
    if bought.value is None:
        return no_value(name, bought.reason or text("not given"))
    years = period_years(assessment)
    stocks = (
        _stock(record.opening_stock, bought.unit, years),
        _stock(record.closing_stock, bought.unit, years),
    )
    opening, closing = stocks
    if opening is None or closing is None:
        return no_value(
            name, text("purchases and stock are in units that do not fit; enter both in kg, for instance")
        )
    return Figure(
        name,
        Decimal(bought.value) + opening - closing,
        bought.unit,
        text("purchases + opening stock - closing stock, a year"),
        (bought, _stock_figure(key, record, "opening_stock"), _stock_figure(key, record, "closing_stock")),
        Basis.CALCULATED,
    )


def _stock(quantity: Quantity | None, unit: str, years: Decimal) -> Decimal | None:
    """A stock as an amount a year."""
    found = None if quantity is None else unit_of(quantity.unit)
    if quantity is None or found is None:
        return None
    try:
        return convert(quantity.value / years, f"({quantity.unit})/yr", unit)
    except UnitError:
        return None


def _stock_figure(key: str, record: InputMaterial, field: str) -> Figure:
    name = text("Opening stock") if field == "opening_stock" else text("Closing stock")
    quantity: Quantity = getattr(record, field)
    return Figure(
        name,
        quantity.value,
        quantity.unit,
        basis=Basis.RECORDED,
        source=place("input_materials", key, field),
    )
