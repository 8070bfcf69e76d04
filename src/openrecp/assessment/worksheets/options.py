"""Worksheets 10 (option generation), 11 (option description) and 12 (option evaluation)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from openrecp.assessment.spec import Code, Number, Quantity, Record, Spec, Words
from openrecp.texts import Choice, Text, text


class MeetingFormat(Choice):
    """How options were found (section 3.5.2)."""

    BRAINSTORMING = "brainstorming", text("Brainstorming")
    GROUP = "group", text("Group discussion")
    OTHER = "other", text("Other format")


class Session(Record):
    """A meeting at which options were proposed."""

    streams: Annotated[
        tuple[Code, ...], Spec(text("Stream No."), refers_to="waste_streams", simplified=True)
    ] = ()
    format: Annotated[MeetingFormat | None, Spec(text("Meeting format"), simplified=True)] = None
    held_on: Annotated[date | None, Spec(text("Held on"), simplified=True)] = None
    coordinator: Annotated[Words, Spec(text("Meeting coordinator"), simplified=True)] = None
    participants: Annotated[Words, Spec(text("Participants"), simplified=True, long=True)] = None


class Option(Record):
    """An idea for reducing waste, as proposed."""

    number: Annotated[
        Code | None, Spec(text("Option No."), help=text("Such as O1."), required=True, simplified=True)
    ] = None
    name: Annotated[Words, Spec(text("Option name"), required=True, simplified=True)] = None
    streams: Annotated[
        tuple[Code, ...], Spec(text("Streams it reduces"), refers_to="waste_streams", simplified=True)
    ] = ()
    rationale: Annotated[
        Words,
        Spec(text("Rationale and remarks"), help=text("Why it was proposed."), simplified=True, long=True),
    ] = None
    proposed_by: Annotated[Words, Spec(text("Proposed by"))] = None


class Hierarchy(Choice):
    """Place in the waste minimization hierarchy, best first (figure 1.2 and section 3.5.1)."""

    PRACTICE = "practice", text("Source reduction: good operating practice")
    TECHNOLOGY = "technology", text("Source reduction: technology change")
    INPUT = "input", text("Source reduction: input material change")
    PRODUCT = "product", text("Source reduction: product change")
    RECYCLING_ON_SITE = "recycling-on-site", text("Recycling on site")
    RECYCLING_OFF_SITE = "recycling-off-site", text("Recycling off site")
    TREATMENT = "treatment", text("Treatment")


class ReclaimedMaterial(Choice):
    """What becomes of recycled material (worksheet 11)."""

    ORIGINAL = "original", text("Reused for its original purpose")
    LOWER = "lower", text("Used as a lower-grade material")
    SOLD = "sold", text("Sold")
    FUEL = "fuel", text("Burned for heat recovery")
    OTHER = "other", text("Other use")


class OptionDescription(Record):
    """What an option is, what it touches, and where it stands in the hierarchy."""

    option: Annotated[
        Code | None, Spec(text("Option No."), refers_to="options", required=True, simplified=True)
    ] = None
    description: Annotated[
        Words, Spec(text("Brief description"), required=True, simplified=True, long=True)
    ] = None
    hierarchy: Annotated[
        Hierarchy | None, Spec(text("Place in the hierarchy"), required=True, simplified=True)
    ] = None
    materials: Annotated[
        tuple[Code, ...], Spec(text("Input materials affected"), refers_to="input_materials")
    ] = ()
    streams: Annotated[tuple[Code, ...], Spec(text("Waste streams affected"), refers_to="waste_streams")] = ()
    products: Annotated[tuple[Code, ...], Spec(text("Products affected"), refers_to="products")] = ()
    equipment_change: Annotated[
        Words, Spec(text("Change to equipment"), section=text("If the source is reduced"), long=True)
    ] = None
    procedure_change: Annotated[Words, Spec(text("Change to procedure or personnel"), long=True)] = None
    material_change: Annotated[Words, Spec(text("Change to materials"), long=True)] = None
    reclaimed: Annotated[
        ReclaimedMaterial | None,
        Spec(text("Reclaimed material is"), section=text("If the waste is recycled")),
    ] = None
    reclaimed_note: Annotated[Words, Spec(text("Use of the reclaimed material"))] = None
    reduction: Annotated[
        Number | None,
        Spec(
            text("Expected reduction of the streams"),
            units=("%",),
            minimum=Decimal(0),
            maximum=Decimal(100),
            simplified=True,
            section=text("Effect"),
        ),
    ] = None
    moves_medium: Annotated[
        bool | None,
        Spec(
            text("Moves the pollutant to another medium"),
            help=text(
                "Such as carbon that takes solvent out of water: that alone is not waste minimization."
            ),
            simplified=True,
        ),
    ] = None
    contains: Annotated[
        tuple[Code, ...],
        Spec(
            text("Contains options"),
            help=text(
                "Options that are part of this one; when both are chosen, costs and savings count once."
            ),
            refers_to="options",
            simplified=True,
        ),
    ] = ()
    alternative_to: Annotated[
        tuple[Code, ...],
        Spec(
            text("Alternative to options"),
            help=text("Options of which only one can be carried out."),
            refers_to="options",
            simplified=True,
        ),
    ] = ()
    requires: Annotated[
        tuple[Code, ...],
        Spec(
            text("Needs options"),
            help=text("Options without which this one cannot be carried out."),
            refers_to="options",
        ),
    ] = ()
    accepted: Annotated[
        bool | None, Spec(text("Approved for study"), section=text("Decision"), simplified=True)
    ] = None
    decided_by: Annotated[Words, Spec(text("Decided by"))] = None
    decided_on: Annotated[date | None, Spec(text("Decided on"))] = None
    decision_reason: Annotated[
        Words, Spec(text("Reason for keeping or dropping it"), simplified=True, long=True)
    ] = None


class AvoidedKind(Choice):
    """What an option avoids beside money."""

    WASTE = "waste", text("Waste")
    GREENHOUSE_GAS = "greenhouse-gas", text("Greenhouse gases (CO2 equivalent)")
    WATER = "water", text("Water")
    ENERGY = "energy", text("Energy")

    @property
    def units(self) -> tuple[str, ...]:
        """Units a year in which it is counted, one for each that can be measured."""
        return _AVOIDED_UNITS[self.value]


_AVOIDED_UNITS: Final = {
    "waste": ("t/yr", "m³/yr"),
    "greenhouse-gas": ("t/yr",),
    "water": ("m³/yr", "t/yr"),
    "energy": ("MWh/yr",),
}


class AvoidedQuantity(Record):
    """What an option avoids a year beside money, for its cost per unit avoided."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    kind: Annotated[AvoidedKind | None, Spec(text("What is avoided"), required=True)] = None
    amount: Annotated[
        Quantity | None,
        Spec(
            text("Avoided a year"),
            help=text("Less what the option itself causes; below zero if it adds more than it avoids."),
            units=("t/yr", "kg/yr", "m³/yr", "kWh/yr", "MWh/yr", "GJ/yr"),
            required=True,
        ),
    ] = None
    stream: Annotated[
        Code | None,
        Spec(
            text("On stream"),
            help=text("The stream it comes from, where other options reduce the same stream."),
            refers_to="waste_streams",
        ),
    ] = None
    note: Annotated[Words, Spec(text("How it was found"))] = None


class Benefit(Choice):
    """Main benefits an option may bring (section 3.5.3, question 1)."""

    ECONOMIC = "economic", text("Economic")
    COMPLIANCE = "compliance", text("Compliance")
    LIABILITY = "liability", text("Liability")
    SAFETY = "safety", text("Safety at work")
    OTHER = "other", text("Other benefit")


class OptionScreening(Record):
    """The seven questions of section 3.5.3, answered for one option."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    main_benefits: Annotated[
        tuple[Benefit, ...], Spec(text("1 Main benefits"), help=text("What is gained by carrying it out?"))
    ] = ()
    technology_exists: Annotated[
        bool | None, Spec(text("2 Technology exists"), help=text("Is there technology to carry it out?"))
    ] = None
    cost_effective: Annotated[
        bool | None, Spec(text("3 Cost-effective"), help=text("What does it cost, and is it worth it?"))
    ] = None
    timely: Annotated[
        bool | None,
        Spec(
            text("4 In reasonable time"),
            help=text("Can it be done in reasonable time without disrupting production?"),
        ),
    ] = None
    track_record: Annotated[
        bool | None,
        Spec(text("5 Good track record"), help=text("Is there a record or evidence that it works?")),
    ] = None
    likely_success: Annotated[
        bool | None, Spec(text("6 Good chance of success"), help=text("Is it likely to succeed here?"))
    ] = None
    other_benefits: Annotated[Words, Spec(text("7 Other benefits"))] = None
    remarks: Annotated[Words, Spec(text("Remarks"), long=True)] = None


OPTION_CRITERIA: Final[dict[str, Text]] = {
    "reduce-waste": text("Reduction of the waste quantity"),
    "reduce-hazard": text("Reduction of the waste hazard"),
    "reduce-treatment-cost": text("Reduction of treatment and disposal cost"),
    "reduce-material-cost": text("Reduction of raw material cost"),
    "reduce-liability": text("Reduction of liability and insurance cost"),
    "own-success": text("Earlier success within the company"),
    "industry-success": text("Earlier success in industry"),
    "keep-quality": text("No harm to product quality"),
    "low-capital": text("Low capital cost"),
    "low-operating": text("Low operating and maintenance cost"),
    "short-time": text("Short implementation, little disruption"),
    "ease": text("Ease of implementation"),
}
"""The criteria appendix 7 suggests for the weighted-sum method; a team adds its own or leaves some out."""
