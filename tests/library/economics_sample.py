"""Projects that the tests of economics share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from openrecp.economics import (
    CapitalItem,
    Depreciation,
    DepreciationMethod,
    Financing,
    Loan,
    OperatingClass,
    OperatingEstimate,
    OperatingItem,
    Project,
    estimated_operating,
)

CASES = Path(__file__).parent.parent / "cases"


def published(name: str) -> dict[str, Any]:
    """A published case from ``tests/cases``."""
    found: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def half_of_last_digit(decimals: int) -> float:
    """Tolerance of a figure printed with so many decimals."""
    return 0.5 * 10.0**-decimals * (1 + 1e-6)


APPENDIX_8 = published("economics_appendix_8")


def appendix_8(loan_share: float) -> Project:
    """The process unit of appendix 8 with a part of its capital borrowed."""
    given = APPENDIX_8["inputs"]
    estimate = OperatingEstimate(
        byproduct_units=given["byproduct_units"],
        byproduct_price=given["byproduct_price"],
        raw_material_units=given["raw_material_units"],
        raw_material_price=given["raw_material_price"],
        waste_tons=given["waste_tons"],
        disposal_unit_cost=given["disposal_unit_cost"],
        shifts=given["shifts"],
        days=given["days"],
        hours_per_shift=given["hours_per_shift"],
        wage=given["wage"],
        supplies=given["supplies"],
        maintenance_labour=given["maint_labour"],
        maintenance_supplies=given["maint_supplies"],
        supervision=given["supervision"],
        labour_burden=given["labour_burden"],
        plant_overhead=given["plant_oh"],
        home_office_overhead=given["hq_oh"],
    )
    installed = given["equipment"] + given["materials"] + given["installation"]
    items = "equipment materials installation engineering contractors permitting startup contingency"
    return Project(
        name="Process unit",
        currency="USD",
        capital=tuple(CapitalItem(key, given[key]) for key in items.split()),
        operating=estimated_operating(estimate, installed),
        life=given["life"],
        discount_rate=given["discount"],
        tax_rate=given["tax"],
        depreciation=Depreciation(DepreciationMethod.DECLINING_BALANCE, given["dep_life"]),
        financing=Financing((Loan(loan_share, given["interest"], given["loan_years"]),))
        if loan_share
        else Financing(),
        escalation=given["escalation"],
        working_capital=given["working_capital"],
        construction_years=1,
    )


def plain_project(**changes: Any) -> Project:
    """1,000 of equipment that saves 300 a year for 5 years, before tax and at 10 %."""
    given: dict[str, Any] = {
        "name": "Plain",
        "currency": "TWD",
        "capital": (CapitalItem("Equipment", 1000.0),),
        "operating": (OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 300.0),),
        "life": 5,
        "discount_rate": 0.10,
    }
    return Project(**(given | changes))
