"""Worksheet 16: uncertain inputs of an option, and what could happen without it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from openrecp.assessment.spec import Code, Money, Number, Record, Spec, Words
from openrecp.assessment.worksheets.costs import OperatingItem
from openrecp.economics.scenarios import EventKind
from openrecp.texts import Choice, text

_ZERO, _HUNDRED, _ONE = Decimal(0), Decimal(100), Decimal(1)


class UncertainSubject(Choice):
    """Inputs of the cash flow that may be uncertain, each with the unit its values are entered in."""

    CAPITAL = "capital", text("Capital (amount)")
    SAVINGS = "savings", text("Savings and revenues a year (amount)")
    COSTS = "costs", text("Added costs a year (amount)")
    DISCOUNT_RATE = "discount-rate", text("Discount rate (%)")
    TAX_RATE = "tax-rate", text("Income tax rate (%)")
    ESCALATION = "escalation", text("General price rise (%)")
    INFLATION = "inflation", text("Inflation (%)")
    LIFE = "life", text("Project life (years)")
    SALVAGE = "salvage", text("Salvage value (amount)")
    INTEREST_RATE = "interest-rate", text("Loan interest (%)")
    GRANTS = "grants", text("Grants (amount)")
    REPLACEMENTS = "replacements", text("Replacement of parts (amount)")


class Likelihood(Choice):
    """How the values of an uncertain input are spread."""

    TRIANGULAR = "triangular", text("Triangular: lowest, most likely, highest")
    PERT = "pert", text("PERT: lowest, most likely, highest, with thinner tails")
    UNIFORM = "uniform", text("Uniform: lowest and highest, all alike")
    NORMAL = "normal", text("Normal: 5 % below the lowest, 5 % above the highest")


class UncertainInput(Record):
    """What is known of an input that is not certain."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    subject: Annotated[UncertainSubject | None, Spec(text("Uncertain input"), required=True)] = None
    item: Annotated[
        OperatingItem | None,
        Spec(
            text("Of which item"),
            help=text("For savings or costs: one item of worksheet 14; left empty, all of them together."),
        ),
    ] = None
    likelihood: Annotated[
        Likelihood | None, Spec(text("Distribution"), help=text("Triangular when left empty."))
    ] = None
    low: Annotated[
        Number | None,
        Spec(
            text("Lowest"), help=text("In the unit of the input; costs as positive amounts."), required=True
        ),
    ] = None
    likely: Annotated[
        Number | None,
        Spec(text("Most likely"), help=text("Left empty, the value entered elsewhere.")),
    ] = None
    high: Annotated[Number | None, Spec(text("Highest"), required=True)] = None
    moves_with: Annotated[
        UncertainSubject | None,
        Spec(
            text("Moves together with"),
            help=text("Another uncertain input of the option that rises and falls with it."),
        ),
    ] = None
    correlation: Annotated[
        Number | None,
        Spec(
            text("Rank correlation"),
            help=text("From −1 to 1; with the input before."),
            minimum=-_ONE,
            maximum=_ONE,
        ),
    ] = None
    note: Annotated[Words, Spec(text("Note"))] = None


class AvoidedEvent(Record):
    """Something costly that may happen without the option; shown as a scenario, never part of the base case."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    kind: Annotated[EventKind | None, Spec(text("What is avoided"), required=True)] = None
    name: Annotated[Words, Spec(text("Which, and by what rule"), required=True)] = None
    loss: Annotated[
        Money | None,
        Spec(text("Loss each time"), help=text("At today's prices."), minimum=_ZERO, required=True),
    ] = None
    chance: Annotated[
        Number | None,
        Spec(
            text("Chance in a year"),
            help=text("Such as 20 for once in five years; or enter the year."),
            units=("%",),
            minimum=_ZERO,
            maximum=_HUNDRED,
        ),
    ] = None
    year: Annotated[
        int | None,
        Spec(
            text("Or in year"),
            help=text("Operating year in which it would happen."),
            minimum=_ONE,
            maximum=Decimal(50),
        ),
    ] = None
    note: Annotated[Words, Spec(text("Note"))] = None
