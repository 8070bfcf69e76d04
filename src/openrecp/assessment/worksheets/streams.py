"""Worksheets 8 (individual waste stream characterization) and 9 (waste stream summary)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openrecp.assessment.spec import Code, Money, Number, Quantity, Record, Spec, UnitPrice, Words
from openrecp.assessment.worksheets.materials import UNCERTAINTY_HELP
from openrecp.figures import Basis
from openrecp.texts import Choice, Text, text

_ZERO, _TEN, _HUNDRED = Decimal(0), Decimal(10), Decimal(100)


class PhysicalState(Choice):
    """State in which the waste leaves the process."""

    GAS = "gas", text("Gas")
    LIQUID = "liquid", text("Liquid")
    SOLID = "solid", text("Solid")
    MIXED = "mixed", text("Mixed phase")


class Release(Choice):
    """Form in which the waste leaves the process."""

    AIR = "air", text("Air emission")
    WASTEWATER = "wastewater", text("Wastewater")
    HAZARDOUS = "hazardous", text("Industrial waste: hazardous")
    GENERAL = "general", text("Industrial waste: general")


class Occurrence(Choice):
    """When the waste arises."""

    CONTINUOUS = "continuous", text("Continuous")
    PERIODIC = "periodic", text("Intermittent: periodic")
    IRREGULAR = "irregular", text("Intermittent: irregular")


class WasteOrigin(Choice):
    """How the waste arises (worksheet 8, part 6)."""

    BYPRODUCT = "byproduct", text("Formation of a by-product")
    UNREACTED = "unreacted", text("Unreacted material")
    DRAG_OUT = "drag-out", text("Discharge of the main component (drag-out)")
    CLEANING = "cleaning", text("Equipment cleaning")
    OFF_SPECIFICATION = "off-specification", text("Off-specification or expired material")
    REACTION_PRODUCT = "reaction-product", text("Undesired reaction product")
    SPILL = "spill", text("Spill or leak")
    EVAPORATION = "evaporation", text("Evaporation loss")
    VENTING = "venting", text("Venting loss")
    OTHER = "other", text("Other origin")


class TemporaryStorage(Choice):
    """Where the waste waits."""

    PILE = "pile", text("Pile")
    WAREHOUSE = "warehouse", text("Warehouse")
    DRUM = "drum", text("200 L drum")
    OTHER = "other", text("Other storage")


class ManagementSite(Choice):
    """Where the waste is treated."""

    ON_SITE = "on-site", text("On site")
    OFF_SITE = "off-site", text("Off site")


class Handler(Choice):
    """Who treats the waste."""

    LICENSED = "licensed", text("Licensed waste management company")
    OWN = "own", text("Own treatment or disposal facility")
    OTHER = "other", text("Other handler")


class Recycling(Choice):
    """How the waste is recycled now."""

    DIRECT = "direct", text("Direct use or reuse")
    ENERGY = "energy", text("Energy recovery")
    DISTILLATION = "distillation", text("Redistillation")
    OTHER = "other", text("Other recycling")


class ReclaimedUse(Choice):
    """Where reclaimed material goes."""

    RETURNED = "returned", text("Returned to the site")
    OTHERS = "others", text("Used by others")


class Treatment(Choice):
    """Intermediate treatment of the waste."""

    BIOLOGICAL = "biological", text("Biological")
    OXIDATION = "oxidation", text("Oxidation or reduction")
    INCINERATION = "incineration", text("Incineration")
    PH_ADJUSTMENT = "ph-adjustment", text("pH adjustment")
    PRECIPITATION = "precipitation", text("Precipitation")
    SOLIDIFICATION = "solidification", text("Solidification")
    DEWATERING = "dewatering", text("Dewatering")
    OTHER = "other", text("Other treatment")


class Disposal(Choice):
    """Final disposal of the waste."""

    LANDFILL = "landfill", text("Landfill")
    DEEP_WELL = "deep-well", text("Deep well injection")
    LAGOON = "lagoon", text("Pond or lagoon")
    OCEAN = "ocean", text("Ocean dumping")
    SEWER = "sewer", text("Sewer")
    OTHER = "other", text("Other disposal")


class WasteStream(Record):
    """A waste stream, whatever the medium."""

    number: Annotated[
        Code | None,
        Spec(
            text("Stream No."),
            help=text("As on the flow diagram, such as W1."),
            required=True,
            simplified=True,
        ),
    ] = None
    name: Annotated[Words, Spec(text("Stream name"), required=True, simplified=True)] = None
    process: Annotated[
        Code | None, Spec(text("From process No."), refers_to="processes", simplified=True)
    ] = None
    source: Annotated[Words, Spec(text("Source"), help=text("Machine, tank or step."), simplified=True)] = (
        None
    )
    component: Annotated[Words, Spec(text("Component or attribute of concern"), simplified=True)] = None
    component_share: Annotated[
        Number | None,
        Spec(text("Share of that component"), units=("%",), minimum=_ZERO, maximum=_HUNDRED),
    ] = None
    composition: Annotated[
        Words, Spec(text("Composition"), section=text("Characteristics of the waste"), long=True)
    ] = None
    state: Annotated[PhysicalState | None, Spec(text("Physical state"))] = None
    density: Annotated[Quantity | None, Spec(text("Density"), units=("kg/L", "kg/m³"))] = None
    heating_value: Annotated[
        Quantity | None, Spec(text("Higher heating value"), units=("kcal/kg", "MJ/kg"))
    ] = None
    viscosity: Annotated[Quantity | None, Spec(text("Viscosity"), units=("St", "cSt", "mPa·s"))] = None
    ph: Annotated[Number | None, Spec(text("pH"), minimum=Decimal(-2), maximum=Decimal(16))] = None
    flash_point: Annotated[Quantity | None, Spec(text("Flash point"), units=("°C", "°F"))] = None
    water_content: Annotated[
        Number | None, Spec(text("Water content"), units=("%",), minimum=_ZERO, maximum=_HUNDRED)
    ] = None
    release: Annotated[
        Release | None, Spec(text("Leaves the process as"), section=text("How it leaves and when"))
    ] = None
    occurrence: Annotated[Occurrence | None, Spec(text("Occurrence"))] = None
    cycle: Annotated[
        Quantity | None, Spec(text("Length of the cycle"), units=("month", "d", "week", "h"))
    ] = None
    discharge_point: Annotated[Words, Spec(text("Discharge point"))] = None
    sampling_point: Annotated[Words, Spec(text("Sampling point"))] = None
    generation: Annotated[
        Quantity | None,
        Spec(
            text("Generation: average"),
            help=text("Average amount with its unit; a month counts as a twelfth of a year."),
            units=("t/month", "t/yr", "kg/month", "kg/yr", "m³/month", "m³/yr", "m³/d"),
            required=True,
            simplified=True,
            section=text("Amount generated"),
        ),
    ] = None
    generation_maximum: Annotated[
        Quantity | None, Spec(text("Generation: maximum"), units=("t/month", "kg/month", "m³/month"))
    ] = None
    generation_minimum: Annotated[
        Quantity | None, Spec(text("Generation: minimum"), units=("t/month", "kg/month", "m³/month"))
    ] = None
    generation_basis: Annotated[Basis | None, Spec(text("Generation known by"), simplified=True)] = None
    generation_uncertainty: Annotated[
        Words, Spec(text("Uncertainty of the generation"), help=UNCERTAINTY_HELP, simplified=True)
    ] = None
    frequency: Annotated[Quantity | None, Spec(text("Batch frequency"), units=("batch/month", "batch/d"))] = (
        None
    )
    mixed: Annotated[
        bool | None,
        Spec(
            text("Mixed with other wastes"),
            help=text("If so, describe each waste as a stream of its own."),
            section=text("Origin of the waste"),
        ),
    ] = None
    origins: Annotated[tuple[WasteOrigin, ...], Spec(text("Kind of origin"))] = ()
    origin: Annotated[Words, Spec(text("How the waste arises"), long=True)] = None
    materials: Annotated[
        tuple[Code, ...], Spec(text("Materials it comes from"), refers_to="input_materials")
    ] = ()
    storage: Annotated[
        TemporaryStorage | None, Spec(text("Leaves the site from"), section=text("Management of the waste"))
    ] = None
    handling_frequency: Annotated[Words, Spec(text("Frequency of treatment"))] = None
    law: Annotated[Words, Spec(text("Applicable law"))] = None
    clause: Annotated[Words, Spec(text("Clause"))] = None
    management: Annotated[
        Words,
        Spec(
            text("Management method"),
            help=text("Such as sanitary landfill, incineration, recycling on site, dewatering."),
            simplified=True,
        ),
    ] = None
    management_site: Annotated[ManagementSite | None, Spec(text("Where it is treated"))] = None
    handler: Annotated[Handler | None, Spec(text("Treated by"))] = None
    recycling: Annotated[tuple[Recycling, ...], Spec(text("Recycling method"))] = ()
    reclaimed_use: Annotated[ReclaimedUse | None, Spec(text("Reclaimed material is"))] = None
    residue: Annotated[Words, Spec(text("Residue"))] = None
    residue_handling: Annotated[Words, Spec(text("Handling of the residue"))] = None
    treatment: Annotated[tuple[Treatment, ...], Spec(text("Intermediate treatment"))] = ()
    disposal: Annotated[Disposal | None, Spec(text("Final disposal"))] = None
    management_cost: Annotated[
        Money | None,
        Spec(
            text("Management cost a year"),
            help=text("Left empty, it is the sum of the cost elements listed for this stream."),
            simplified=True,
        ),
    ] = None
    lost_material_cost: Annotated[
        Money | None,
        Spec(
            text("Value of material lost a year"),
            help=text("What the raw material in this waste was bought for; often more than its disposal."),
            simplified=True,
        ),
    ] = None


class WasteCostElement(Choice):
    """Elements of the cost of managing a waste (worksheet 8)."""

    PRETREATMENT = "pretreatment", text("Pretreatment on site")
    CONTAINER = "container", text("Containers")
    TRANSPORT = "transport", text("Transport")
    TREATMENT = "treatment", text("Intermediate treatment")
    DISPOSAL = "disposal", text("Disposal")
    TAX = "tax", text("Taxes and fees")
    OTHER = "other", text("Other cost of management")


class WasteCost(Record):
    """One cost element of one stream: price, amount a year, and their product or the bill."""

    stream: Annotated[Code | None, Spec(text("Stream No."), refers_to="waste_streams", required=True)] = None
    element: Annotated[WasteCostElement | None, Spec(text("Cost element"), required=True)] = None
    price: Annotated[
        UnitPrice | None, Spec(text("Unit price"), units=("t", "kg", "m³", "L", "piece"), minimum=_ZERO)
    ] = None
    amount: Annotated[
        Quantity | None,
        Spec(
            text("Amount a year"),
            help=text("Left empty, it is the stream's generation."),
            units=("t/yr", "kg/yr", "m³/yr", "L/yr", "piece/yr"),
        ),
    ] = None
    cost: Annotated[
        Money | None, Spec(text("Cost a year"), help=text("Left empty, it is price times amount."))
    ] = None
    note: Annotated[Words, Spec(text("Note"))] = None


STREAM_CRITERIA: Final[dict[str, Text]] = {
    "compliance": text("Regulatory compliance"),
    "cost": text("Treatment and disposal cost"),
    "liability": text("Potential liability"),
    "quantity": text("Quantity of waste generated"),
    "environment": text("Environmental hazard"),
    "safety": text("Safety hazard"),
    "reduction": text("Potential for source reduction"),
    "bottleneck": text("Potential to remove bottlenecks"),
    "byproduct": text("Potential by-product recovery"),
    "budget": text("Available budget"),
}
"""Worksheet 9's nine criteria, and the available budget of section 3.2 as an optional tenth."""


class Criterion(Record):
    """A criterion of a weighted-sum ranking and its weight."""

    number: Annotated[
        Code | None,
        Spec(
            text("Criterion No."),
            help=text("Such as C1, or the name of a standard criterion."),
            required=True,
        ),
    ] = None
    name: Annotated[
        Words, Spec(text("Criterion"), help=text("Left empty for a standard criterion."), simplified=True)
    ] = None
    weight: Annotated[
        Number | None,
        Spec(
            text("Weight (W)"),
            help=text("0 not important, 10 most important."),
            minimum=_ZERO,
            maximum=_TEN,
            required=True,
            simplified=True,
        ),
    ] = None


class Rating(Record):
    """How a stream or an option rates on a criterion, 0 (none) to 10 (highest)."""

    criterion: Annotated[Code | None, Spec(text("Criterion No."), required=True, simplified=True)] = None
    subject: Annotated[Code | None, Spec(text("Rated"), required=True, simplified=True)] = None
    rating: Annotated[
        Number | None,
        Spec(text("Rating (R)"), minimum=_ZERO, maximum=_TEN, required=True, simplified=True),
    ] = None
