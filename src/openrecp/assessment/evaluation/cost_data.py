"""What was entered about the money of one option, from worksheets 11, 14 and 16."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_fields import first_for_option
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.spec import Record
from openrecp.assessment.worksheets.costs import CapitalCost, OperatingChange
from openrecp.assessment.worksheets.funding import OptionFunding
from openrecp.assessment.worksheets.risk import AvoidedEvent, UncertainInput
from openrecp.assessment.worksheets.terms import OptionTerms, PartReplacement
from openrecp.economics.investment import Avoided
from openrecp.errors import Issue, Severity, problem

_R = TypeVar("_R", bound=Record)
Keyed = tuple[tuple[str, _R], ...]
"""Records, each with the key by which places name it."""


@dataclass(frozen=True, slots=True)
class CostData:
    """What was entered about one option's costs.

    ``needs_none`` says that no capital was entered because the option, a mere change of practice or procedure,
    needs none. ``avoided`` is what it avoids beside money, one for each kind.
    """

    capital: Keyed[CapitalCost]
    operating: Keyed[OperatingChange]
    terms: OptionTerms | None
    needs_none: bool
    replacements: Keyed[PartReplacement] = ()
    funding: Keyed[OptionFunding] = ()
    uncertain: Keyed[UncertainInput] = ()
    events: Keyed[AvoidedEvent] = ()
    avoided: tuple[Avoided, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all was entered."""
        return not (self.capital or self.operating)


def cost_data(
    assessment: Assessment, option: str, *, needs_none: bool, avoided: tuple[Avoided, ...] = ()
) -> CostData:
    """The records of an option that have an amount."""
    return CostData(
        capital=tuple(
            (key, each) for key, each in _own(assessment.capital_costs, option) if each.amount is not None
        ),
        operating=tuple(
            (key, each)
            for key, each in _own(assessment.operating_changes, option)
            if each.gain is not None or each.expense is not None
        ),
        terms=first_for_option(assessment.option_terms, option),
        needs_none=needs_none,
        replacements=tuple(
            (key, each)
            for key, each in _own(assessment.replacements, option)
            if each.cost is not None and each.year is not None
        ),
        funding=tuple(_own(assessment.option_funding, option)),
        uncertain=tuple(_own(assessment.uncertain_inputs, option)),
        events=tuple(_own(assessment.avoided_events, option)),
        avoided=avoided,
    )


def _own(records: tuple[_R, ...], option: str) -> Iterator[tuple[str, _R]]:
    return ((key, each) for key, each in keyed(records) if getattr(each, "option", None) == option)


def cost_issues(option: str, data: CostData) -> Iterator[Issue]:
    """What is missing in the cost records of an option that has some."""
    if data.empty:
        return
    if not data.capital:
        yield problem(
            "capital-missing",
            "{option}: no capital is entered; enter the amounts, or 0 if none is needed.",
            where=place("capital_costs"),
            severity=Severity.NOTE if data.needs_none else Severity.WARNING,
            option=option,
        )
    if not data.operating:
        yield problem(
            "operating-missing",
            "{option}: no yearly saving or cost is entered, so nobody can say whether it pays.",
            where=place("operating_changes"),
            severity=Severity.WARNING
            if any(each.amount.minor for _, each in data.capital if each.amount)
            else Severity.NOTE,
            option=option,
        )
