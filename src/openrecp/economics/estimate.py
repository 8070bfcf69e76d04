"""The manual's way to estimate operating items from a few quantities, prices and percentages.

References
----------
EPA/625/7-88/003 (1988); 工業減廢評估, 經濟部工業局, appendix 8, section 8.3 and tables 8.1-8.2.
"""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.economics.operating import DerivedItem, OperatingClass, OperatingItem, OperatingLine
from openrecp.errors import Where
from openrecp.figures import Basis
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class OperatingEstimate:
    """Quantities, prices and percentages from which the operating lines of table 8.2 follow.

    Quantities are yearly; prices are money per the same unit; percentages are fractions.

    Attributes
    ----------
    production_units, production_price : float
        Additional production sold a year, and its price.
    byproduct_units, byproduct_price : float
        By-product sold a year, and its price.
    raw_material_units, raw_material_price : float
        Raw material no longer needed a year, and its price.
    waste_tons : float
        Waste no longer disposed of a year [t].
    disposal_unit_cost : float
        What its disposal costs, with taxes, transport and all else [money/t].
    operators, shifts, days, hours_per_shift : float
        Additional operators a shift, shifts a day, days a year, hours charged a shift.
    wage : float
        Wage of an operator [money/h].
    supplies : float
        Operating supplies, part of operating labour.
    maintenance_labour, maintenance_supplies : float
        Part of equipment, materials and installation, a year.
    supervision : float
        Part of operating and maintenance labour.
    labour_burden, plant_overhead, home_office_overhead : float
        Part of operating and maintenance labour and supervision.
    """

    production_units: float = 0.0
    production_price: float = 0.0
    byproduct_units: float = 0.0
    byproduct_price: float = 0.0
    raw_material_units: float = 0.0
    raw_material_price: float = 0.0
    waste_tons: float = 0.0
    disposal_unit_cost: float = 0.0
    operators: float = 1.0
    shifts: float = 0.0
    days: float = 0.0
    hours_per_shift: float = 0.0
    wage: float = 0.0
    supplies: float = 0.0
    maintenance_labour: float = 0.0
    maintenance_supplies: float = 0.0
    supervision: float = 0.0
    labour_burden: float = 0.0
    plant_overhead: float = 0.0
    home_office_overhead: float = 0.0

    @property
    def operating_labour(self) -> float:
        """Yearly cost of the additional operators [money/yr]."""
        return self.operators * self.shifts * self.days * self.hours_per_shift * self.wage


_LABOUR = ("operating_labour", "maintenance_labour")
_STAFF = (*_LABOUR, "supervision")


def estimated_operating(
    estimate: OperatingEstimate, installed_cost: float, source: Where | Text | None = None
) -> tuple[OperatingLine, ...]:
    """The operating lines of table 8.2, savings and revenues first; lines of nothing are left out.

    Parameters
    ----------
    estimate : OperatingEstimate
    installed_cost : float
        Equipment, materials and installation, the base of the maintenance lines [money].
    source : Where or Text, optional
        Where the estimate stands.

    Examples
    --------
    >>> lines = estimated_operating(OperatingEstimate(waste_tons=200, disposal_unit_cost=560), 0)
    >>> [(line.key, line.annual_amount) for line in lines]
    [('disposal', 112000)]
    """
    amounts = _amount_lines(estimate, installed_cost, source)
    lines: list[OperatingLine] = [item for item in amounts if item.annual_amount]
    present = {line.key for line in lines}
    for derived in _share_lines(estimate):
        of = tuple(key for key in derived.of if key in present)
        if derived.share and of:
            lines.append(
                DerivedItem(
                    derived.key, derived.name, derived.operating_class, derived.share, of, source=source
                )
            )
            present.add(derived.key)
    return tuple(lines)


def _amount_lines(
    estimate: OperatingEstimate, installed_cost: float, source: Where | Text | None
) -> tuple[OperatingItem, ...]:
    e, kind = estimate, OperatingClass

    def item(key: str, name: Text, operating_class: OperatingClass, amount: float) -> OperatingItem:
        return OperatingItem(key, name, operating_class, amount, None, Basis.ESTIMATED, source)

    return (
        item(
            "production",
            text("Additional production"),
            kind.PRODUCTION,
            e.production_units * e.production_price,
        ),
        item("byproduct", text("By-product sold"), kind.BYPRODUCTS, e.byproduct_units * e.byproduct_price),
        item(
            "raw_material",
            text("Raw material saved"),
            kind.MATERIALS,
            e.raw_material_units * e.raw_material_price,
        ),
        item(
            "disposal",
            text("Waste disposal saved"),
            kind.WASTE_MANAGEMENT,
            e.waste_tons * e.disposal_unit_cost,
        ),
        item("operating_labour", text("Operating labour"), kind.LABOUR, -e.operating_labour),
        item(
            "maintenance_labour",
            text("Maintenance labour"),
            kind.LABOUR,
            -e.maintenance_labour * installed_cost,
        ),
        item(
            "maintenance_supplies",
            text("Maintenance supplies"),
            kind.SUPPLIES,
            -e.maintenance_supplies * installed_cost,
        ),
    )


def _share_lines(estimate: OperatingEstimate) -> tuple[DerivedItem, ...]:
    e, kind = estimate, OperatingClass
    return (
        DerivedItem("supplies", text("Operating supplies"), kind.SUPPLIES, e.supplies, ("operating_labour",)),
        DerivedItem("supervision", text("Supervision"), kind.LABOUR, e.supervision, _LABOUR),
        DerivedItem("labour_burden", text("Labour burden"), kind.LABOUR, e.labour_burden, _STAFF),
        DerivedItem("plant_overhead", text("Plant overhead"), kind.OVERHEAD, e.plant_overhead, _STAFF),
        DerivedItem(
            "home_office_overhead",
            text("Home-office overhead"),
            kind.OVERHEAD,
            e.home_office_overhead,
            _STAFF,
        ),
    )
