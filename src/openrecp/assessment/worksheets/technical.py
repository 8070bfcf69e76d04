"""Worksheet 13: technical feasibility of equipment, procedure and material options."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from openrecp.assessment.spec import Code, Number, Quantity, Record, Spec, Words
from openrecp.assessment.worksheets.planning import Department
from openrecp.texts import Choice, text

_ZERO = Decimal(0)


class OptionNature(Choice):
    """What an option changes; decides which parts of worksheet 13 apply."""

    EQUIPMENT = "equipment", text("Equipment")
    PROCEDURE = "procedure", text("Personnel or procedure")
    MATERIALS = "materials", text("Raw materials")


class TechnicalFeasibility(Record):
    """Technical evaluation of one option."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    nature: Annotated[tuple[OptionNature, ...], Spec(text("Nature of the option"), required=True)] = ()
    feasible: Annotated[bool | None, Spec(text("Technically feasible"), required=True)] = None
    rationale: Annotated[Words, Spec(text("Reason"), long=True)] = None
    further_analysis: Annotated[bool | None, Spec(text("Further analysis needed"))] = None
    equipment_available: Annotated[
        bool | None, Spec(text("Equipment commercially available"), section=text("Equipment"))
    ] = None
    technology_proven: Annotated[bool | None, Spec(text("Technology commercially demonstrated"))] = None
    similar_use: Annotated[bool | None, Spec(text("Used in a similar application"))] = None
    successful: Annotated[bool | None, Spec(text("Used successfully"))] = None
    applications: Annotated[Words, Spec(text("Industrial applications so far"), long=True)] = None
    constraints: Annotated[Words, Spec(text("Constraints of the facility or product"), long=True)] = None
    floor_space: Annotated[Quantity | None, Spec(text("Floor space needed"), units=("m²", "坪"))] = None
    space_sufficient: Annotated[bool | None, Spec(text("Floor space sufficient"))] = None
    place: Annotated[Words, Spec(text("Possible place in the plant"))] = None
    electricity: Annotated[
        Words, Spec(text("Electricity"), help=text("Voltage and power."), section=text("Utilities needed"))
    ] = None
    process_water: Annotated[
        Words,
        Spec(text("Process water"), help=text("Flow, pressure, quality (tap, deionised, ground water).")),
    ] = None
    cooling_water: Annotated[
        Words, Spec(text("Cooling water"), help=text("Flow, pressure, temperature in and out."))
    ] = None
    heat_fluid: Annotated[
        Words, Spec(text("Coolant or heat transfer fluid"), help=text("Kind, temperature in and out."))
    ] = None
    steam: Annotated[Words, Spec(text("Steam"), help=text("Pressure, temperature, flow."))] = None
    fuel: Annotated[Words, Spec(text("Fuel"), help=text("Kind and consumption."))] = None
    plant_air: Annotated[Words, Spec(text("Plant air or ventilation"), help=text("Flow."))] = None
    inert_gas: Annotated[Words, Spec(text("Inert gas"), help=text("Kind and flow."))] = None
    utilities_available: Annotated[bool | None, Spec(text("Utilities available"))] = None
    delivery_time: Annotated[
        Quantity | None,
        Spec(
            text("Delivery time after the contract"),
            units=("month", "week", "d"),
            section=text("Installation"),
        ),
    ] = None
    installation_time: Annotated[
        Quantity | None, Spec(text("Installation time"), units=("month", "week", "d"))
    ] = None
    installation_date: Annotated[date | None, Spec(text("Installation date"))] = None
    downtime: Annotated[
        Quantity | None,
        Spec(
            text("Production downtime"),
            help=text("Enter 0 when production is not stopped."),
            units=("d", "h"),
        ),
    ] = None
    production_effect: Annotated[
        Words, Spec(text("Effect on production"), section=text("Operation"), long=True)
    ] = None
    quality_effect: Annotated[Words, Spec(text("Effect on product quality"), long=True)] = None
    quality_maintained: Annotated[bool | None, Spec(text("Product quality maintained"))] = None
    workflow_change: Annotated[Words, Spec(text("Changes to work flow or production"), long=True)] = None
    extra_labour: Annotated[Words, Spec(text("Additional labour or specialists"))] = None
    training_needed: Annotated[bool | None, Spec(text("Operators or maintenance need training"))] = None
    trained_inside: Annotated[int | None, Spec(text("People trained in the plant"), minimum=_ZERO)] = None
    trained_outside: Annotated[int | None, Spec(text("People trained outside"), minimum=_ZERO)] = None
    training_time: Annotated[Quantity | None, Spec(text("Length of the training"), units=("d", "h"))] = None
    safe: Annotated[
        bool | None,
        Spec(
            text("Meets safety, health and environmental rules"),
            help=text("Government's and the company's own."),
            section=text("Safety and environment"),
        ),
    ] = None
    safety_note: Annotated[Words, Spec(text("How the rules are met"), long=True)] = None
    new_problems: Annotated[bool | None, Spec(text("Creates new environmental problems"))] = None
    new_problems_note: Annotated[Words, Spec(text("Which problems, and how they are met"), long=True)] = None
    service: Annotated[Words, Spec(text("Service by the vendor"), section=text("Service"))] = None
    warranty: Annotated[Words, Spec(text("Warranty"))] = None
    departments_affected: Annotated[
        Words,
        Spec(text("Departments or areas affected"), section=text("Personnel or procedure")),
    ] = None
    training_requirements: Annotated[Words, Spec(text("Training requirements"))] = None
    instruction_changes: Annotated[
        Words, Spec(text("Changes to operating instructions, and who makes them"), long=True)
    ] = None
    material_available: Annotated[
        bool | None, Spec(text("New material commercially available"), section=text("Raw materials"))
    ] = None
    material_similar_use: Annotated[bool | None, Spec(text("New material used in a similar application"))] = (
        None
    )
    material_successful: Annotated[bool | None, Spec(text("New material used successfully"))] = None
    material_application: Annotated[Words, Spec(text("Closest application of the material"), long=True)] = (
        None
    )
    material_departments: Annotated[Words, Spec(text("Departments or areas affected by the material"))] = None
    material_production_effect: Annotated[
        Words, Spec(text("Effect of the material on production"), long=True)
    ] = None
    material_quality_effect: Annotated[Words, Spec(text("Effect of the material on quality"), long=True)] = (
        None
    )
    material_storage: Annotated[Words, Spec(text("Additional storage, handling or equipment"), long=True)] = (
        None
    )
    material_training: Annotated[Words, Spec(text("Training or procedure changes"), long=True)] = None
    material_trials: Annotated[Words, Spec(text("Material trials needed"), long=True)] = None


class Vendor(Record):
    """A possible vendor, or a plant where the technique can be seen."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    company: Annotated[Words, Spec(text("Vendor or reference user"), required=True)] = None
    reference: Annotated[bool | None, Spec(text("Reference user"))] = None
    ability: Annotated[Words, Spec(text("Engineering ability or experience"))] = None
    contact: Annotated[Words, Spec(text("Contact person"))] = None
    phone: Annotated[Words, Spec(text("Telephone"))] = None


class Consumable(Record):
    """Catalyst, chemical, spare part or other supply an option needs."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    item: Annotated[Words, Spec(text("Catalyst, chemical, spare part"), required=True)] = None
    amount: Annotated[Words, Spec(text("Amount needed"))] = None
    supplier: Annotated[Words, Spec(text("Supplier and address"))] = None


class SignOff(Record):
    """Review of an option by a department it affects (section 4.1)."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    department: Annotated[Department | None, Spec(text("Department"), required=True)] = None
    name: Annotated[Words, Spec(text("Name of the person"))] = None
    agrees: Annotated[bool | None, Spec(text("Agrees"), required=True)] = None
    signed_on: Annotated[date | None, Spec(text("Date"))] = None
    remarks: Annotated[Words, Spec(text("Remarks"))] = None


class MaterialTrial(Record):
    """A trial run of a new material or procedure."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    trial: Annotated[Words, Spec(text("Trial"), required=True)] = None
    planned_on: Annotated[date | None, Spec(text("Planned for"))] = None
    responsible: Annotated[Words, Spec(text("Responsible"))] = None
    result: Annotated[Words, Spec(text("Result"), long=True)] = None
    share_accepted: Annotated[
        Number | None, Spec(text("Share accepted"), units=("%",), minimum=_ZERO, maximum=Decimal(100))
    ] = None
