"""What the plant saves, earns and spends each year because of the project.

Amounts are *incremental*: the plant with the project compared with the plant without it (section
4.2.2 of the manual). Everywhere in this package a positive amount is money gained (a saving or a
revenue) and a negative amount is money spent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openrecp.economics.conventions import Conventions
from openrecp.errors import Where
from openrecp.figures import Basis
from openrecp.texts import Choice, Text, text


class OperatingClass(Choice):
    """The ten classes of incremental operating costs, savings and revenues of section 4.2.2."""

    WASTE_MANAGEMENT = "waste-management", text("Waste management")
    MATERIALS = "materials", text("Input materials")
    INSURANCE = "insurance", text("Insurance and liability")
    QUALITY = "quality", text("Quality")
    UTILITIES = "utilities", text("Utilities")
    LABOUR = "labour", text("Labour, burden and benefits")
    SUPPLIES = "supplies", text("Operating and maintenance supplies")
    OVERHEAD = "overhead", text("Overhead")
    PRODUCTION = "production", text("Revenue from production")
    BYPRODUCTS = "by-products", text("Revenue from by-products")


@dataclass(frozen=True, slots=True)
class OperatingItem:
    """A yearly amount.

    Attributes
    ----------
    key : str
        Unique name within the project, by which derived items and sensitivity ranges refer to it.
    name : Text or str
    operating_class : OperatingClass
    annual_amount : float
        At the prices entered [money/yr]; positive is money gained, negative is money spent.
    escalation : float or None
        Yearly price rise of this item as a fraction; None for the project's general rate.
    basis, source
        How the amount is known, and from where.
    """

    key: str
    name: Text | str
    operating_class: OperatingClass
    annual_amount: float
    escalation: float | None = None
    basis: Basis = Basis.ESTIMATED
    source: Where | Text | None = None


@dataclass(frozen=True, slots=True)
class DerivedItem:
    """A yearly amount that is a share of other items, such as overhead on labour.

    It has the sign of what it is a share of and follows its escalation.

    Attributes
    ----------
    key : str
    name : Text or str
    operating_class : OperatingClass
    share : float
        Fraction of the sum of the items in ``of``.
    of : tuple of str
        Keys of items that stand before this one in the project.
    """

    key: str
    name: Text | str
    operating_class: OperatingClass
    share: float
    of: tuple[str, ...]
    basis: Basis = Basis.ESTIMATED
    source: Where | Text | None = None


OperatingLine = OperatingItem | DerivedItem


def annual_amounts(lines: Sequence[OperatingLine]) -> dict[str, float]:
    """Yearly amount of every line at the prices entered, unrounded [money/yr]."""
    amounts: dict[str, float] = {}
    for line in lines:
        if isinstance(line, OperatingItem):
            amounts[line.key] = line.annual_amount
        else:
            amounts[line.key] = line.share * sum(amounts[key] for key in line.of)
    return amounts


def yearly_amounts(
    lines: Sequence[OperatingLine], years: int, escalation: float, conventions: Conventions
) -> dict[str, tuple[float, ...]]:
    """Escalated amount of every line in operating years 1 to ``years`` [money]."""
    yearly: dict[str, tuple[float, ...]] = {}
    for line in lines:
        if isinstance(line, OperatingItem):
            rate = escalation if line.escalation is None else line.escalation
            factors = conventions.escalation_factors(rate, years)
            yearly[line.key] = tuple(conventions.money(line.annual_amount * factor) for factor in factors)
        else:
            bases = [yearly[key] for key in line.of]
            yearly[line.key] = tuple(
                conventions.money(line.share * sum(base[year] for base in bases)) for year in range(years)
            )
    return yearly
