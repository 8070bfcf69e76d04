"""Worksheets 6 (input materials) and 7 (products)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openrecp.assessment.spec import Code, Money, Number, Quantity, Record, Spec, UnitPrice, Words
from openrecp.figures import Basis
from openrecp.texts import Text, text

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
_YEARLY = ("t/yr", "kg/yr", "m³/yr", "L/yr", "t/month", "kg/month", "m³/month", "piece/yr", "m²/yr", "kWh/yr")
_STOCK = ("t", "kg", "m³", "L", "piece")
UNCERTAINTY_HELP: Final[Text] = text(
    "How far the amount may be off, such as ±2 %, or ±5 in the unit of the amount. Left empty, it is assumed from "
    "how the amount is known."
)
"""What to put into a field that tells how sure an amount is."""


class InputMaterial(Record):
    """A raw material, chemical, water or energy carrier that goes into the process."""

    number: Annotated[
        Code | None, Spec(text("Material No."), help=text("Such as M1."), required=True, simplified=True)
    ] = None
    name: Annotated[Words, Spec(text("Material name"), required=True, simplified=True)] = None
    process: Annotated[
        Code | None, Spec(text("Used in process No."), refers_to="processes", simplified=True)
    ] = None
    source: Annotated[Words, Spec(text("Source or supplier"), simplified=True)] = None
    component: Annotated[Words, Spec(text("Component or attribute of concern"), simplified=True)] = None
    component_share: Annotated[
        Number | None,
        Spec(text("Share of that component"), units=("%",), minimum=_ZERO, maximum=_HUNDRED, simplified=True),
    ] = None
    consumption: Annotated[
        Quantity | None,
        Spec(
            text("Consumption"),
            help=text("What production used, not what was bought: mind opening and closing stock."),
            units=_YEARLY,
            required=True,
            simplified=True,
        ),
    ] = None
    consumption_basis: Annotated[Basis | None, Spec(text("Consumption known by"), simplified=True)] = None
    consumption_uncertainty: Annotated[
        Words, Spec(text("Uncertainty of the consumption"), help=UNCERTAINTY_HELP, simplified=True)
    ] = None
    energy_carrier: Annotated[
        bool | None,
        Spec(
            text("Energy carrier"),
            help=text(
                "Fuel, steam, electricity, compressed air: it counts as energy and not in the mass balance."
            ),
        ),
    ] = None
    density: Annotated[
        Quantity | None,
        Spec(
            text("Density"),
            help=text("Puts a volume on a mass basis in the balance."),
            units=("kg/L", "kg/m³"),
        ),
    ] = None
    price: Annotated[
        UnitPrice | None,
        Spec(
            text("Purchase price"),
            units=("kg", "t", "L", "m³", "piece", "kWh"),
            minimum=_ZERO,
            simplified=True,
        ),
    ] = None
    annual_cost: Annotated[
        Money | None,
        Spec(
            text("Total annual cost"),
            help=text("Left empty, it is consumption times price."),
            simplified=True,
        ),
    ] = None
    delivery_mode: Annotated[
        Words,
        Spec(text("Delivery mode"), help=text("Pipeline, tank car, tank truck, truck."), simplified=True),
    ] = None
    container: Annotated[
        Words, Spec(text("Shipping container"), help=text("Such as 200 L drum, bag, tank."), simplified=True)
    ] = None
    storage_mode: Annotated[
        Words,
        Spec(
            text("Storage mode"),
            help=text("Outdoors, warehouse, underground, above ground."),
            simplified=True,
        ),
    ] = None
    transfer_mode: Annotated[
        Words, Spec(text("Transfer mode"), help=text("Pump, forklift, pneumatic, conveyor."), simplified=True)
    ] = None
    empty_containers: Annotated[
        Words,
        Spec(
            text("Management of empty containers"),
            help=text("Crushed and landfilled, cleaned and recycled, returned to the supplier."),
            simplified=True,
        ),
    ] = None
    shelf_life: Annotated[
        Quantity | None, Spec(text("Shelf life"), units=("month", "d", "yr"), simplified=True)
    ] = None
    takes_back_expired: Annotated[
        bool | None, Spec(text("Supplier takes back expired material"), simplified=True)
    ] = None
    takes_back_containers: Annotated[
        bool | None, Spec(text("Supplier takes back shipping containers"), simplified=True)
    ] = None
    treats_waste: Annotated[bool | None, Spec(text("Supplier treats the waste"), simplified=True)] = None
    substitutes: Annotated[Words, Spec(text("Acceptable substitutes"), simplified=True)] = None
    alternate_suppliers: Annotated[Words, Spec(text("Alternate suppliers"), simplified=True)] = None
    purchases: Annotated[
        Quantity | None,
        Spec(
            text("Purchased amount"),
            help=text(
                "With opening and closing stock it gives the consumption where that is left empty, and checks it "
                "where it is not."
            ),
            units=_YEARLY,
            minimum=_ZERO,
            section=text("Purchases and stock"),
        ),
    ] = None
    purchases_uncertainty: Annotated[
        Words, Spec(text("Uncertainty of the purchases"), help=UNCERTAINTY_HELP)
    ] = None
    opening_stock: Annotated[
        Quantity | None,
        Spec(
            text("Opening stock"),
            help=text("What lay in store when the period began."),
            units=_STOCK,
            minimum=_ZERO,
        ),
    ] = None
    closing_stock: Annotated[
        Quantity | None,
        Spec(text("Closing stock"), help=text("What was left when it ended."), units=_STOCK, minimum=_ZERO),
    ] = None
    stock_uncertainty: Annotated[
        Words,
        Spec(
            text("Uncertainty of the stock"),
            help=text("For opening and closing stock alike, such as ±1 %, or ±5 in their unit."),
        ),
    ] = None


class Product(Record):
    """A product or intermediate that leaves the process."""

    number: Annotated[
        Code | None, Spec(text("Product No."), help=text("Such as PR1."), required=True, simplified=True)
    ] = None
    name: Annotated[Words, Spec(text("Product name"), required=True, simplified=True)] = None
    process: Annotated[
        Code | None, Spec(text("Made in process No."), refers_to="processes", simplified=True)
    ] = None
    component: Annotated[Words, Spec(text("Component or attribute of concern"), simplified=True)] = None
    component_share: Annotated[
        Number | None,
        Spec(text("Share of that component"), units=("%",), minimum=_ZERO, maximum=_HUNDRED, simplified=True),
    ] = None
    production: Annotated[
        Quantity | None, Spec(text("Amount produced"), units=_YEARLY, required=True, simplified=True)
    ] = None
    production_basis: Annotated[Basis | None, Spec(text("Production known by"), simplified=True)] = None
    production_uncertainty: Annotated[
        Words, Spec(text("Uncertainty of the production"), help=UNCERTAINTY_HELP, simplified=True)
    ] = None
    density: Annotated[Quantity | None, Spec(text("Density"), units=("kg/L", "kg/m³"))] = None
    annual_revenue: Annotated[Money | None, Spec(text("Annual revenue"), simplified=True)] = None
    shipping_mode: Annotated[Words, Spec(text("Shipping mode"), simplified=True)] = None
    container: Annotated[Words, Spec(text("Shipping container"), simplified=True)] = None
    storage_mode: Annotated[Words, Spec(text("Storage mode on site"), simplified=True)] = None
    containers_returnable: Annotated[bool | None, Spec(text("Containers returnable"), simplified=True)] = None
    shelf_life: Annotated[
        Quantity | None, Spec(text("Shelf life"), units=("month", "d", "yr"), simplified=True)
    ] = None
    rework_possible: Annotated[bool | None, Spec(text("Rework possible"), simplified=True)] = None
    relaxed_specification: Annotated[
        bool | None, Spec(text("Customer would relax the specification"), simplified=True)
    ] = None
    larger_containers: Annotated[
        bool | None, Spec(text("Customer would accept larger containers"), simplified=True)
    ] = None
