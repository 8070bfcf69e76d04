"""What a project is held against when an input changes: one measure by name, and a target for it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from openrecp.economics.amounts import Amount, total
from openrecp.economics.cash_flow import CashFlow
from openrecp.economics.checks import number_out_of_range
from openrecp.economics.operating import annual_amounts
from openrecp.economics.profitability import net_present_value
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import unit_words
from openrecp.texts import Choice, Text, text


class Measure(Choice):
    """What a changed input is shown to do to."""

    NPV = "npv", text("Net present value")
    IRR = "irr", text("Internal rate of return")
    PAYBACK = "payback", text("Simple payback")

    def unit(self, currency: str) -> str:
        """Unit of its figures."""
        return {Measure.NPV: currency, Measure.IRR: "%", Measure.PAYBACK: "yr"}[self]


@dataclass(frozen=True, slots=True)
class Target:
    """A value that a measure must reach; without more, a net present value of zero.

    Attributes
    ----------
    measure : Measure
    value : float
        Least net present value [money], least internal rate as a fraction, or longest simple payback [yr].

    Raises
    ------
    UnusableInput
        If the value is impossible.
    """

    measure: Measure = Measure.NPV
    value: float = 0.0

    def __post_init__(self) -> None:
        limits = {
            Measure.NPV: (-math.inf, math.inf),
            Measure.IRR: (-0.99, 10.0),
            Measure.PAYBACK: (0.0, math.inf),
        }
        issues = list(
            number_out_of_range(Where(path="target"), self.measure.value, self.value, *limits[self.measure])
        )
        if issues:
            raise UnusableInput(issues)

    def surplus(self, flow: CashFlow) -> Amount:
        """How far a cash flow lies beyond the target: not below zero where it is reached [money].

        The internal rate is reached where the net present value at the rate asked for is not negative, and the
        payback where the savings of so many years are not less than the capital.
        """
        match self.measure:
            case Measure.NPV:
                return flow.net_present_value - self.value
            case Measure.IRR:
                return net_present_value(self.value, flow.cash)
            case Measure.PAYBACK:
                saving = total(annual_amounts(flow.project.operating, flow.project.life).values())
                return self.value * saving - flow.funding.capital

    def goal(self, currency: str) -> Text:
        """The target in words that follow "reaches"."""
        match self.measure:
            case Measure.IRR:
                return text(
                    "an internal rate of return of at least {rate} %", rate=round(self.value * 100.0, 4)
                )
            case Measure.PAYBACK:
                return text("a payback of at most {years} years", years=self.value)
            case Measure.NPV if not self.value:
                return text("a net present value of at least zero")
            case Measure.NPV:
                return text(
                    "a net present value of at least {amount} {currency}",
                    amount=self.value,
                    currency=unit_words(currency),
                )


def unknown_input(key: str, known: Iterable[str], where: Where) -> Issue:
    """The finding that a project has no input of this name."""
    return problem(
        "unknown-sensitivity-input",
        "{key} is not an input of this project; choose one of {known}.",
        where=where,
        key=key,
        known=list(known),
    )
