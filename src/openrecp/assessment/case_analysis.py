"""What an economics case says about how the project is examined: scenarios, ranges, tables, the owner's criteria."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ValidationInfo, model_validator

from openrecp.assessment.case_inputs import (
    InputKey,
    InputValue,
    OptionalInputValue,
    shown_value,
    value_of,
)
from openrecp.assessment.case_values import (
    Keys,
    OptionalLifetime,
    OptionalRate,
    OptionalWords,
    Quantity,
    Rate,
    Share,
    Words,
    YesNo,
    choice_of,
    nonnegative,
    optional,
    rate,
    refuse,
)
from openrecp.economics import AcceptanceCriteria, Change, Event, EventKind, Measure, Range, RiskAdjustment
from openrecp.errors import Where, problem


class Changes(Keys):
    """A scenario's changes against the base case."""

    capital: Rate = 0.0
    savings: Rate = 0.0
    costs: Rate = 0.0


class GivenChange(Keys):
    """Another value of an input in a scenario, or by how much it changes."""

    input: InputKey
    value: OptionalInputValue = None
    change: OptionalRate = None

    @model_validator(mode="after")
    def _one_way(self) -> GivenChange:
        if (self.value is None) == (self.change is None):
            refuse(
                problem(
                    "value-or-change",
                    "Give either “value”, the value of {key} in this scenario, or “change”, such as −20 %.",
                    key=self.input,
                )
            )
        return self

    def built(self, where: Where) -> Change:
        """The change."""
        return Change(self.input, self.value, None if self.change is None else 1.0 + self.change, where)


class GivenEvent(Keys):
    """A loss that the project would avoid."""

    name: Words
    kind: Annotated[EventKind, choice_of(EventKind)]
    amount: Quantity
    probability: Share
    year: OptionalLifetime = None

    def built(self, where: Where) -> Event:
        """The event."""
        return Event(self.name, self.kind, self.amount, self.probability, self.year, where)


class NamedTerms(Keys):
    """A scenario with a name of its own."""

    name: Words
    changes: tuple[GivenChange, ...] = ()
    events: tuple[GivenEvent, ...] = ()


class ScenarioTerms(Keys):
    """Best and worst case, and others by name; a case that is not given keeps the starting values."""

    best: Changes | None = None
    worst: Changes | None = None
    named: tuple[NamedTerms, ...] = ()


class GivenRange(Keys):
    """Low and high value of an input of the tornado."""

    input: InputKey
    low: InputValue
    high: InputValue

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> GivenRange:
        if self.low >= self.high:
            refuse(
                problem(
                    "range-reversed",
                    "The low value {low} of {key} is not below the high value {high}.",
                    low=shown_value(self.input, self.low, info),
                    high=shown_value(self.input, self.high, info),
                    key=self.input,
                )
            )
        return self

    def built(self, where: Where) -> Range:
        """The range."""
        return Range(self.input, self.low, self.high, where)


def _change(value: Any) -> float:
    found = rate(value)
    if not 0 < found < 1:
        refuse(problem("tornado-change", "The change of the tornado must lie between 0 % and 100 %."))
    return found


class TornadoTerms(Keys):
    """One-way sensitivity."""

    change: Annotated[float | None, optional(_change)] = None
    ranges: tuple[GivenRange, ...] = ()


class TableTerms(Keys):
    """A table of two inputs that change together; without values, steps around those of the base case."""

    rows: InputKey
    columns: InputKey
    row_values: tuple[Annotated[float, value_of("rows")], ...] = ()
    column_values: tuple[Annotated[float, value_of("columns")], ...] = ()
    measure: Annotated[Measure, choice_of(Measure)] = Measure.NPV


class RiskTerms(Keys):
    """How far the limits are eased for a project that lowers risk and liability."""

    reason: Words
    payback_years: Quantity = 1.0
    irr_points: Share = 0.03


class CriteriaTerms(Keys):
    """What the owner asks of an investment; a key without value leaves the criterion out."""

    maximum_payback: Annotated[float | None, optional(nonnegative)] = 4.0
    minimum_irr: OptionalRate = 0.12
    positive_npv: YesNo = True
    small_capital: Quantity = 0.0
    required_by_law: OptionalWords = None
    risk: RiskTerms | None = None

    def built(self, risk_place: Where) -> AcceptanceCriteria:
        """The criteria."""
        given, risk = self.risk, None
        if given is not None:
            risk = RiskAdjustment(given.reason, given.payback_years, given.irr_points, risk_place)
        return AcceptanceCriteria(
            self.maximum_payback,
            self.minimum_irr,
            self.positive_npv,
            self.small_capital,
            self.required_by_law,
            risk,
        )
