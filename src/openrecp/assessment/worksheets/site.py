"""Worksheets 3 (site description), 4 (personnel) and 5 (process information)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from openrecp.assessment.spec import Code, Money, Number, Quantity, Record, Spec, Words
from openrecp.assessment.worksheets.materials import UNCERTAINTY_HELP
from openrecp.figures import Basis
from openrecp.texts import Choice, text

_ZERO, _HUNDRED = Decimal(0), Decimal(100)


class Site(Record):
    """Background of the plant: place, products and operations."""

    department: Annotated[Words, Spec(text("Department"), simplified=True)] = None
    area: Annotated[Words, Spec(text("Area assessed"), simplified=True)] = None
    address: Annotated[Words, Spec(text("Address"), simplified=True, long=True)] = None
    phone: Annotated[Words, Spec(text("Telephone"), simplified=True)] = None
    industry: Annotated[
        Words,
        Spec(text("Industry"), help=text("Name and code of the industrial classification."), simplified=True),
    ] = None
    generator_number: Annotated[
        Words, Spec(text("Control number of the waste generator"), help=text("As on waste manifests."))
    ] = None
    employees: Annotated[int | None, Spec(text("Employees"), minimum=_ZERO, simplified=True)] = None
    operating_days: Annotated[
        Number | None,
        Spec(
            text("Operating days a year"), units=("d",), minimum=_ZERO, maximum=Decimal(366), simplified=True
        ),
    ] = None
    shifts: Annotated[Number | None, Spec(text("Shifts a day"), minimum=_ZERO, maximum=Decimal(6))] = None
    major_products: Annotated[
        Words, Spec(text("Major products"), required=True, simplified=True, long=True)
    ] = None
    major_units: Annotated[Words, Spec(text("Major units"), simplified=True, long=True)] = None
    operations: Annotated[Words, Spec(text("Operations"), required=True, simplified=True, long=True)] = None
    facility_age: Annotated[
        Words, Spec(text("Age of facilities and equipment"), simplified=True, long=True)
    ] = None


class Personnel(Record):
    """People of the whole plant or of one department."""

    area: Annotated[
        Words,
        Spec(
            text("Plant or department"),
            help=text("“Whole plant” or the name of a department."),
            required=True,
        ),
    ] = None
    total_staff: Annotated[int | None, Spec(text("Total staff"), minimum=_ZERO)] = None
    supervisors: Annotated[int | None, Spec(text("Direct supervisory staff"), minimum=_ZERO)] = None
    managers: Annotated[int | None, Spec(text("Managers"), minimum=_ZERO)] = None
    average_age: Annotated[Number | None, Spec(text("Average age"), units=("yr",), minimum=_ZERO)] = None
    turnover: Annotated[Number | None, Spec(text("Annual turnover rate"), units=("%",), minimum=_ZERO)] = None
    seniority: Annotated[Number | None, Spec(text("Average seniority"), units=("yr",), minimum=_ZERO)] = None
    education: Annotated[
        Number | None, Spec(text("Years of formal education"), units=("yr",), minimum=_ZERO)
    ] = None
    training: Annotated[
        Number | None, Spec(text("Training a person and year"), units=("h",), minimum=_ZERO)
    ] = None
    remarks: Annotated[Words, Spec(text("Remarks"), long=True)] = None


class OperationType(Choice):
    """How a process runs."""

    CONTINUOUS = "continuous", text("Continuous operation")
    SEMI_CONTINUOUS = "semi-continuous", text("Semi-continuous")
    BATCH = "batch", text("Batch")
    OTHER = "other", text("Other operation")


class Process(Record):
    """A process unit or operation in the assessed area."""

    number: Annotated[
        Code | None,
        Spec(
            text("Process No."),
            help=text("As on the flow diagram, such as P1."),
            required=True,
            simplified=True,
        ),
    ] = None
    name: Annotated[Words, Spec(text("Process unit or operation"), required=True, simplified=True)] = None
    operation: Annotated[OperationType | None, Spec(text("Operation type"), simplified=True)] = None
    description: Annotated[Words, Spec(text("Description"), simplified=True, long=True)] = None
    system_cost: Annotated[
        Money | None,
        Spec(
            text("System cost a year"),
            help=text("Labour, depreciation and maintenance of the process (ISO 14051)."),
            minimum=_ZERO,
        ),
    ] = None


class DocumentKind(Choice):
    """Documents to look for before the assessment, as worksheet 5 lists them."""

    FLOW_DIAGRAM = "flow-diagram", text("Process flow diagram")
    DESIGN_BALANCE = "design-balance", text("Material and energy balance: design")
    ACTUAL_BALANCE = "actual-balance", text("Material and energy balance: actual operation")
    FLOW_MEASUREMENTS = "flow-measurements", text("Flow measurements: streams")
    STREAM_ANALYSES = "stream-analyses", text("Analyses: streams")
    PROCESS_DESCRIPTION = "process-description", text("Process description")
    OPERATING_MANUALS = "operating-manuals", text("Operating manuals")
    EQUIPMENT_LIST = "equipment-list", text("Equipment list")
    EQUIPMENT_SPECIFICATIONS = "equipment-specifications", text("Equipment specifications")
    PIPING_DIAGRAMS = "piping-diagrams", text("Piping and instrument diagrams")
    PLOT_PLANS = "plot-plans", text("Plot and elevation plans")
    WORK_FLOW_DIAGRAMS = "work-flow-diagrams", text("Work flow diagrams")
    WASTE_MANIFESTS = "waste-manifests", text("Hazardous waste manifests")
    EMISSION_INVENTORIES = "emission-inventories", text("Emission inventories")
    TREATMENT_REPORTS = "treatment-reports", text("Treatment and disposal reports")
    AUDIT_REPORTS = "audit-reports", text("Environmental audit reports")
    PERMITS = "permits", text("Permits and applications")
    BATCH_SHEETS = "batch-sheets", text("Batch sheets")
    MATERIAL_DIAGRAMS = "material-diagrams", text("Materials application diagrams")
    PRODUCT_COMPOSITION = "product-composition", text("Product composition sheets")
    SAFETY_DATA_SHEETS = "safety-data-sheets", text("Safety data sheets")
    INVENTORY_RECORDS = "inventory-records", text("Inventory records")
    OPERATOR_LOGS = "operator-logs", text("Operator logs")
    PRODUCTION_SCHEDULES = "production-schedules", text("Production schedules")
    OTHER = "other", text("Other document")


class ProcessDocument(Record):
    """One document of the checklist and where it is kept."""

    kind: Annotated[DocumentKind | None, Spec(text("Document"), required=True, simplified=True)] = None
    available: Annotated[bool | None, Spec(text("On file"), simplified=True)] = None
    file_number: Annotated[Words, Spec(text("File number"), simplified=True)] = None
    location: Annotated[Words, Spec(text("Kept at"), simplified=True)] = None
    description: Annotated[Words, Spec(text("Description"), simplified=True)] = None
    revised: Annotated[date | None, Spec(text("Last revised"))] = None
    used: Annotated[bool | None, Spec(text("Used in this assessment"))] = None
    remarks: Annotated[Words, Spec(text("Remarks"), simplified=True)] = None


class Direction(Choice):
    """Where a flow goes, seen from the process."""

    IN = "in", text("Into the process")
    OUT = "out", text("Out of the process")
    ACCUMULATED = "accumulated", text("Accumulated in the process")


class MaterialFlow(Record):
    """A flow that no other worksheet holds: between processes, evaporated, or accumulated (section 3.1.2)."""

    number: Annotated[
        Code | None, Spec(text("Flow No."), help=text("Such as F1; needed where its composition is listed."))
    ] = None
    process: Annotated[Code | None, Spec(text("Process No."), refers_to="processes", required=True)] = None
    direction: Annotated[Direction | None, Spec(text("Direction"), required=True)] = None
    to_process: Annotated[
        Code | None,
        Spec(
            text("To process No."),
            help=text("For what leaves one process and enters another: one row is enough for such a flow."),
            refers_to="processes",
        ),
    ] = None
    material: Annotated[
        Words,
        Spec(
            text("Material"),
            help=text(
                "Leave empty for a flow that counts in the total only; name a component to balance it too."
            ),
        ),
    ] = None
    description: Annotated[Words, Spec(text("Description"))] = None
    amount: Annotated[
        Quantity | None,
        Spec(text("Amount of the flow"), units=("t/yr", "kg/yr", "m³/yr", "t/month"), required=True),
    ] = None
    basis: Annotated[Basis | None, Spec(text("How it is known"))] = None
    uncertainty: Annotated[Words, Spec(text("Uncertainty"), help=UNCERTAINTY_HELP)] = None


class ComponentShare(Record):
    """How much of a component is in a material, a product, a waste stream or a flow; a row for each component."""

    stream: Annotated[
        Code | None,
        Spec(
            text("In which stream"),
            help=text("Number of the input material, product, waste stream or flow."),
            required=True,
        ),
    ] = None
    component: Annotated[
        Words,
        Spec(
            text("Component"),
            help=text("Written the same wherever it occurs, such as nickel."),
            required=True,
        ),
    ] = None
    share: Annotated[
        Number | None,
        Spec(
            text("Share by mass"),
            units=("%",),
            minimum=_ZERO,
            maximum=_HUNDRED,
            required=True,
        ),
    ] = None
    basis: Annotated[Basis | None, Spec(text("How it is known"))] = None
    uncertainty: Annotated[
        Words,
        Spec(
            text("Uncertainty"),
            help=text(
                "Such as 0.2 points, which 0.2 alone means too, or 5 % rel for a part of the share itself. Left empty, it is "
                "assumed."
            ),
        ),
    ] = None
