"""Worksheets 17 (project summary) and 18 (option performance)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from openrecp.assessment.spec import Code, Money, Quantity, Record, Spec, Words
from openrecp.figures import Basis
from openrecp.texts import Choice, text

MOST_MONTHS: Final = 60
"""The longest month plan: five years."""


class ProjectSummary(Record):
    """An option as a project: goal, execution, finance, approval and owner."""

    option: Annotated[
        Code | None, Spec(text("Option No."), refers_to="options", required=True, simplified=True)
    ] = None
    name: Annotated[Words, Spec(text("Project name"), simplified=True)] = None
    goal: Annotated[Words, Spec(text("Goal"), required=True, simplified=True, long=True)] = None
    summary: Annotated[Words, Spec(text("Project in brief"), simplified=True, long=True)] = None
    benefits: Annotated[Words, Spec(text("Benefits"), simplified=True, long=True)] = None
    execution: Annotated[Words, Spec(text("How it is carried out"), simplified=True, long=True)] = None
    downtime: Annotated[
        Quantity | None, Spec(text("Production downtime"), units=("d", "h"), simplified=True)
    ] = None
    budget: Annotated[Money | None, Spec(text("Budget"), simplified=True)] = None
    finance: Annotated[Words, Spec(text("Financial analysis"), simplified=True, long=True)] = None
    measurement: Annotated[
        Words,
        Spec(
            text("How the result is measured"),
            help=text("What is metered, per unit of what, before and after."),
            required=True,
            simplified=True,
            long=True,
        ),
    ] = None
    start: Annotated[date | None, Spec(text("First month of the plan"), simplified=True)] = None
    proposed_by: Annotated[Words, Spec(text("Proposed by"), simplified=True)] = None
    approved: Annotated[bool | None, Spec(text("Approved"), simplified=True)] = None
    approved_by: Annotated[Words, Spec(text("Approved by"), simplified=True)] = None
    refusal_reason: Annotated[Words, Spec(text("If not approved, why"), simplified=True, long=True)] = None
    reviewed_by: Annotated[Words, Spec(text("Reviewed by"), simplified=True)] = None
    owner: Annotated[Words, Spec(text("Responsible for carrying it out"), required=True, simplified=True)] = (
        None
    )
    assisted_by: Annotated[Words, Spec(text("Assisted by"), simplified=True)] = None


class PlanTask(Record):
    """A task of the month plan."""

    option: Annotated[
        Code | None, Spec(text("Option No."), refers_to="options", required=True, simplified=True)
    ] = None
    task: Annotated[Words, Spec(text("Task"), required=True, simplified=True)] = None
    responsible: Annotated[Words, Spec(text("Responsible"), simplified=True)] = None
    first_month: Annotated[
        int | None,
        Spec(
            text("From month"),
            help=text("1 is the first month of the plan."),
            minimum=Decimal(1),
            maximum=Decimal(MOST_MONTHS),
            required=True,
            simplified=True,
        ),
    ] = None
    last_month: Annotated[
        int | None,
        Spec(
            text("To month"), minimum=Decimal(1), maximum=Decimal(MOST_MONTHS), required=True, simplified=True
        ),
    ] = None


class OptionPerformance(Record):
    """Planned and actual operation of an option, and the baseline they are held against."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    baseline_from: Annotated[date | None, Spec(text("Baseline from"), section=text("Baseline"))] = None
    baseline_to: Annotated[date | None, Spec(text("Baseline to"))] = None
    baseline_production: Annotated[
        Quantity | None, Spec(text("Baseline production"), units=("t", "kg", "piece", "m²"))
    ] = None
    planned_from: Annotated[date | None, Spec(text("Planned from"), section=text("Planned"))] = None
    planned_to: Annotated[date | None, Spec(text("Planned to"))] = None
    planned_production: Annotated[
        Quantity | None, Spec(text("Planned production"), units=("t", "kg", "piece", "m²"))
    ] = None
    actual_from: Annotated[date | None, Spec(text("Actual from"), section=text("Actual"))] = None
    actual_to: Annotated[date | None, Spec(text("Actual to"))] = None
    actual_production: Annotated[
        Quantity | None, Spec(text("Actual production"), units=("t", "kg", "piece", "m²"))
    ] = None
    basis: Annotated[Basis | None, Spec(text("Actual figures known by"))] = None
    remarks: Annotated[Words, Spec(text("Remarks"), long=True)] = None


class PerformanceKind(Choice):
    """What a line of worksheet 18 measures."""

    INPUT = "input", text("Input material consumed")
    WASTE = "waste", text("Waste generated")
    SUBSTANCE = "substance", text("Substance of concern")


class PerformanceLine(Record):
    """Consumption or waste of one period, in the same periods as the option's performance record."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    kind: Annotated[PerformanceKind | None, Spec(text("What is measured"), required=True)] = None
    stream: Annotated[
        Words, Spec(text("Material or stream"), help=text("Number or name."), required=True)
    ] = None
    substance: Annotated[Words, Spec(text("Substance"))] = None
    baseline: Annotated[Quantity | None, Spec(text("Baseline amount"), units=("kg", "t", "m³"))] = None
    planned: Annotated[Quantity | None, Spec(text("Planned amount"), units=("kg", "t", "m³"))] = None
    actual: Annotated[Quantity | None, Spec(text("Actual amount"), units=("kg", "t", "m³"))] = None
