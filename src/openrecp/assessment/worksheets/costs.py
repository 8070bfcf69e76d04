"""Worksheets 14 (cost information) and 15 (payback)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openrecp.assessment.spec import Code, Money, Number, Record, Spec, Words
from openrecp.figures import Basis
from openrecp.texts import Choice, text

_ZERO = Decimal(0)


class CapitalPart(Choice):
    """Parts of the capital investment (table 4.1)."""

    SITE = "site", text("Site development")
    EQUIPMENT = "equipment", text("Process equipment")
    MATERIALS = "materials", text("Construction materials")
    UTILITIES = "utilities", text("Utility connections and new utility systems")
    OTHER_EQUIPMENT = "other-equipment", text("Other equipment")
    INSTALLATION = "installation", text("Construction and installation")
    ENGINEERING = "engineering", text("Engineering and procurement")
    PERMITTING = "permitting", text("Permitting")
    CONTRACTOR = "contractor", text("Contractors")
    STARTUP = "startup", text("Start-up")
    TRAINING = "training", text("Training")
    CONTINGENCY = "contingency", text("Contingency")
    WORKING_CAPITAL = "working-capital", text("Working capital")


class CapitalItem(Choice):
    """Items of worksheet 14 and table 4.1; the first of a part stands for the part as a whole."""

    EQUIPMENT = "equipment", text("Process equipment: price")
    EQUIPMENT_TAXES = "equipment-taxes", text("Process equipment: taxes and duty")
    EQUIPMENT_FREIGHT = "equipment-freight", text("Process equipment: freight and insurance")
    EQUIPMENT_SPARES = "equipment-spares", text("Process equipment: initial spare parts")
    MATERIALS = "materials", text("Materials: all together")
    MATERIALS_PIPING = "materials-piping", text("Materials: piping")
    MATERIALS_ELECTRICAL = "materials-electrical", text("Materials: electrical")
    MATERIALS_INSTRUMENTS = "materials-instruments", text("Materials: instruments and controls")
    MATERIALS_STRUCTURAL = "materials-structural", text("Materials: buildings and structures")
    MATERIALS_INSULATION = "materials-insulation", text("Materials: insulation and painting")
    UTILITIES = "utilities", text("Utilities: all together")
    UTILITY_ELECTRICITY = "utility-electricity", text("Utilities: electricity")
    UTILITY_STEAM = "utility-steam", text("Utilities: steam")
    UTILITY_COOLING_WATER = "utility-cooling-water", text("Utilities: cooling water")
    UTILITY_PROCESS_WATER = "utility-process-water", text("Utilities: process water")
    UTILITY_REFRIGERATION = "utility-refrigeration", text("Utilities: refrigeration")
    UTILITY_FUEL = "utility-fuel", text("Utilities: fuel")
    UTILITY_PLANT_AIR = "utility-plant-air", text("Utilities: plant air and ventilation")
    UTILITY_INERT_GAS = "utility-inert-gas", text("Utilities: inert gas")
    UTILITY_LIGHTING = "utility-lighting", text("Utilities: lighting and fire protection")
    STORAGE_HANDLING = "storage-handling", text("Other equipment: storage and materials handling")
    LABORATORY = "laboratory", text("Other equipment: laboratory and analysis")
    OTHER_EQUIPMENT = "other-equipment", text("Other equipment: other")
    SITE = "site", text("Site: clearing, grading and demolition")
    SITE_ROADS = "site-roads", text("Site: paving, roads and fences")
    INSTALLATION = "installation", text("Installation: all together")
    INSTALLATION_VENDOR = "installation-vendor", text("Installation: vendor")
    INSTALLATION_CONTRACTOR = "installation-contractor", text("Installation: contractor")
    INSTALLATION_INHOUSE = "installation-inhouse", text("Installation: own staff")
    INSTALLATION_SUPERVISION = (
        "installation-supervision",
        text("Installation: supervision, accounting and safety"),
    )
    INSTALLATION_TEMPORARY = "installation-temporary", text("Installation: temporary facilities and tools")
    INSTALLATION_PERMITS = (
        "installation-permits",
        text("Installation: taxes, insurance, building permits and tests"),
    )
    ENGINEERING = "engineering", text("Engineering: own staff, planning and design")
    ENGINEERING_OUTSIDE = "engineering-outside", text("Engineering: outside design and consultants")
    PROCUREMENT = "procurement", text("Engineering: procurement and office")
    CONTRACTOR = "contractor", text("Contractors' fees")
    PERMIT_FEES = "permit-fees", text("Permits: fees")
    PERMIT_STAFF = "permit-staff", text("Permits: own staff")
    STARTUP = "startup", text("Start-up: all together")
    STARTUP_VENDOR = "startup-vendor", text("Start-up: vendor")
    STARTUP_CONTRACTOR = "startup-contractor", text("Start-up: contractor")
    STARTUP_INHOUSE = "startup-inhouse", text("Start-up: own staff")
    STARTUP_CHEMICALS = "startup-chemicals", text("Start-up: first charge of catalysts and chemicals")
    TRAINING = "training", text("Training")
    CONTINGENCY = "contingency", text("Contingency")
    WORKING_CAPITAL = "working-capital", text("Working capital")
    OTHER = "other", text("Other capital cost")


_PART_PREFIXES: Final[tuple[tuple[str, CapitalPart], ...]] = (
    ("equipment", CapitalPart.EQUIPMENT),
    ("materials", CapitalPart.MATERIALS),
    ("utilit", CapitalPart.UTILITIES),
    ("storage", CapitalPart.OTHER_EQUIPMENT),
    ("laboratory", CapitalPart.OTHER_EQUIPMENT),
    ("other", CapitalPart.OTHER_EQUIPMENT),
    ("site", CapitalPart.SITE),
    ("installation", CapitalPart.INSTALLATION),
    ("engineering", CapitalPart.ENGINEERING),
    ("procurement", CapitalPart.ENGINEERING),
    ("contractor", CapitalPart.CONTRACTOR),
    ("permit", CapitalPart.PERMITTING),
    ("startup", CapitalPart.STARTUP),
    ("training", CapitalPart.TRAINING),
    ("contingency", CapitalPart.CONTINGENCY),
    ("working-capital", CapitalPart.WORKING_CAPITAL),
)


def capital_part(item: CapitalItem) -> CapitalPart:
    """The part of table 4.1 that an item belongs to."""
    return next(part for prefix, part in _PART_PREFIXES if item.value.startswith(prefix))


class CapitalCost(Record):
    """One item of an option's capital investment."""

    option: Annotated[
        Code | None, Spec(text("Option No."), refers_to="options", required=True, simplified=True)
    ] = None
    item: Annotated[CapitalItem | None, Spec(text("Capital item"), required=True, simplified=True)] = None
    amount: Annotated[Money | None, Spec(text("Cost"), required=True, simplified=True)] = None
    basis: Annotated[Basis | None, Spec(text("How it is known"))] = None
    note: Annotated[Words, Spec(text("Note"), simplified=True)] = None


class OperatingItem(Choice):
    """Annual operating items of worksheet 14 in the ten classes of section 4.2.2."""

    WASTE_TREATMENT = "waste-treatment", text("Waste: treatment and disposal fees")
    WASTE_TAXES = "waste-taxes", text("Waste: taxes and fees")
    WASTE_TRANSPORT = "waste-transport", text("Waste: transport")
    WASTE_PRETREATMENT = "waste-pretreatment", text("Waste: pretreatment on site")
    WASTE_REPORTING = "waste-reporting", text("Waste: permits, reporting and records")
    RAW_MATERIALS = "raw-materials", text("Raw materials")
    INSURANCE = "insurance", text("Insurance and liability")
    QUALITY = "quality", text("Quality: rework, scrap and control")
    UTILITY_ELECTRICITY = "utility-electricity", text("Utilities: electricity")
    UTILITY_STEAM = "utility-steam", text("Utilities: steam")
    UTILITY_COOLING_WATER = "utility-cooling-water", text("Utilities: cooling water")
    UTILITY_PROCESS_WATER = "utility-process-water", text("Utilities: process water")
    UTILITY_REFRIGERATION = "utility-refrigeration", text("Utilities: refrigeration")
    UTILITY_FUEL = "utility-fuel", text("Utilities: fuel")
    UTILITY_PLANT_AIR = "utility-plant-air", text("Utilities: plant air and ventilation")
    UTILITY_INERT_GAS = "utility-inert-gas", text("Utilities: inert gas")
    LABOUR = "labour", text("Operating and maintenance labour")
    LABOUR_BURDEN = "labour-burden", text("Labour burden and benefits")
    SUPERVISION = "supervision", text("Supervision")
    SUPPLIES = "supplies", text("Operating and maintenance supplies")
    OVERHEAD = "overhead", text("Overhead")
    PRODUCTION_REVENUE = "production-revenue", text("Revenue from changed production")
    BYPRODUCT_REVENUE = "byproduct-revenue", text("Revenue from by-products")
    OTHER = "other", text("Other operating cost")


class OperatingChange(Record):
    """What an option changes in one annual operating item: what it adds and what it saves."""

    option: Annotated[
        Code | None, Spec(text("Option No."), refers_to="options", required=True, simplified=True)
    ] = None
    item: Annotated[OperatingItem | None, Spec(text("Operating item"), required=True, simplified=True)] = None
    gain: Annotated[
        Money | None,
        Spec(
            text("Saved or earned a year"),
            help=text("Lower cost or higher revenue than today."),
            minimum=_ZERO,
            simplified=True,
        ),
    ] = None
    expense: Annotated[
        Money | None,
        Spec(
            text("Spent more a year"),
            help=text("Higher cost or lower revenue than today."),
            minimum=_ZERO,
            simplified=True,
        ),
    ] = None
    basis: Annotated[Basis | None, Spec(text("How it is known"))] = None
    escalation: Annotated[
        Number | None,
        Spec(text("Own price rise a year"), help=text("Left empty, the general rate applies."), units=("%",)),
    ] = None
    stream: Annotated[
        Code | None,
        Spec(
            text("Saves on stream"),
            help=text(
                "Number of the stream that this saving follows: what another option has saved of it cannot be saved "
                "again."
            ),
            refers_to="waste_streams",
        ),
    ] = None
    note: Annotated[Words, Spec(text("Note"), simplified=True)] = None
