"""Cover, worksheet 1 (programme organisation) and worksheet 2 (assessment team)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from openrecp.assessment.spec import Currency, Number, Record, Spec, Words
from openrecp.texts import Choice, text


class Confidentiality(Choice):
    """Mark printed on every page of the report."""

    NONE = "none", text("No mark")
    INTERNAL = "internal", text("Internal")
    CONFIDENTIAL = "confidential", text("Confidential")


class Cover(Record):
    """What stands at the head of every worksheet."""

    firm: Annotated[Words, Spec(text("Firm"), required=True, simplified=True)] = None
    plant: Annotated[Words, Spec(text("Plant"), simplified=True)] = None
    project_number: Annotated[Words, Spec(text("Project number"), simplified=True)] = None
    prepared_by: Annotated[Words, Spec(text("Prepared by"), simplified=True)] = None
    reviewed_by: Annotated[Words, Spec(text("Reviewed by"), simplified=True)] = None
    prepared_on: Annotated[date | None, Spec(text("Date"), simplified=True)] = None
    period_start: Annotated[
        date | None,
        Spec(
            text("Baseline period from"),
            help=text("First day of the year the figures describe."),
            simplified=True,
        ),
    ] = None
    period_end: Annotated[date | None, Spec(text("Baseline period to"), simplified=True)] = None
    currency: Annotated[
        Currency,
        Spec(
            text("Currency"),
            help=text("Every amount of money in this assessment is in this currency."),
            required=True,
            simplified=True,
        ),
    ] = Currency.TWD
    confidentiality: Annotated[
        Confidentiality | None,
        Spec(text("Confidentiality"), help=text("Printed on every page of the report."), simplified=True),
    ] = None
    note: Annotated[
        Words, Spec(text("Note"), help=text("What a reader should know first."), simplified=True, long=True)
    ] = None


class ProgrammeFunction(Choice):
    """Functions of worksheet 1."""

    MANAGER = "manager", text("Programme manager")
    TEAM_LEADER = "team-leader", text("Assessment team leader")
    COORDINATOR = "coordinator", text("Site coordinator")
    CHAMPION = "champion", text("Cause champion")
    OTHER = "other", text("Other function")


class ProgrammeGoals(Record):
    """Policy and goals of the programme (sections 2.1 and 2.3)."""

    policy: Annotated[
        Words,
        Spec(text("Policy statement"), help=text("What management has declared, and when."), long=True),
    ] = None
    goal: Annotated[
        Words,
        Spec(
            text("Goal"),
            help=text("A goal that can be measured, such as 5 % less waste each year."),
            required=True,
            long=True,
        ),
    ] = None
    reduction: Annotated[
        Number | None,
        Spec(text("Reduction aimed at"), units=("%",), minimum=Decimal(0), maximum=Decimal(100)),
    ] = None
    goal_by: Annotated[date | None, Spec(text("To be reached by"))] = None
    obstacles: Annotated[
        Words,
        Spec(
            text("Obstacles expected"),
            help=text("See section 2.4: production, space, quality, habits."),
            long=True,
        ),
    ] = None
    incentives: Annotated[
        Words,
        Spec(text("How employees take part"), help=text("Suggestions, bonuses, quality circles."), long=True),
    ] = None


class ProgrammeRole(Record):
    """A person with a function in the programme; with the superior named, the organisation chart."""

    function: Annotated[ProgrammeFunction | None, Spec(text("Function"), required=True)] = None
    name: Annotated[Words, Spec(text("Name of the person"), required=True)] = None
    position: Annotated[Words, Spec(text("Position"))] = None
    phone: Annotated[Words, Spec(text("Telephone"))] = None
    reports_to: Annotated[
        Words, Spec(text("Reports to"), help=text("Name of the superior; draws the organisation chart."))
    ] = None


class Department(Choice):
    """Departments to draw people from (section 2.5.2)."""

    PRODUCTION = "production", text("Manufacturing")
    MAINTENANCE = "maintenance", text("Facilities and maintenance")
    ENGINEERING = "engineering", text("Process engineering")
    QUALITY = "quality", text("Quality control")
    ENVIRONMENT = "environment", text("Environment")
    RESEARCH = "research", text("Research and development")
    SAFETY = "safety", text("Safety and health")
    MARKETING = "marketing", text("Marketing and client relations")
    PURCHASING = "purchasing", text("Purchasing")
    MATERIALS = "materials", text("Material control and inventory")
    LEGAL = "legal", text("Legal")
    FINANCE = "finance", text("Finance and accounting")
    INFORMATION = "information", text("Information systems")
    MANAGEMENT = "management", text("Company management")
    CONSULTANT = "consultant", text("Outside consultant")
    OTHER = "other", text("Other department")


class Duty(Choice):
    """Duties of worksheet 2."""

    LEAD = "lead", text("Lead")
    SUPPORT = "support", text("Support")
    REVIEW = "review", text("Review")


class TeamMember(Record):
    """A member of the assessment team."""

    department: Annotated[Department | None, Spec(text("Department"), required=True)] = None
    name: Annotated[Words, Spec(text("Name of the person"), required=True)] = None
    contact: Annotated[Words, Spec(text("Location or telephone"))] = None
    hours: Annotated[Number | None, Spec(text("Working hours needed"), units=("h",), minimum=Decimal(0))] = (
        None
    )
    duty: Annotated[Duty | None, Spec(text("Duty"))] = None
    external: Annotated[bool | None, Spec(text("From outside the plant"))] = None
    responsibilities: Annotated[Words, Spec(text("Responsibilities"), long=True)] = None
