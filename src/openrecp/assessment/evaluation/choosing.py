"""Options beside one another: which are carried out, what they save in common, what a unit avoided costs."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.abatement import abatement_curves
from openrecp.assessment.evaluation.alternatives import alternatives_compared
from openrecp.assessment.evaluation.budget import Budgeted, within_budget
from openrecp.assessment.evaluation.candidates import Savings
from openrecp.assessment.evaluation.choosing_results import BudgetChoice, Choosing, Overlap
from openrecp.assessment.evaluation.loads import stream_savings
from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.assessment.evaluation.selection import (
    with_alternatives_settled,
    with_containers_named,
    with_needs_met,
    with_parts_weighed,
)
from openrecp.assessment.evaluation.set_search import without_overtaken
from openrecp.assessment.evaluation.terms import Terms
from openrecp.errors import Issue
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options with their last word on which are carried out, and what led to it."""

    options: tuple[OptionResult, ...]
    savings: Savings
    budget: BudgetChoice | None
    issues: tuple[Issue, ...]


def chosen_options(assessment: Assessment, options: tuple[OptionResult, ...], terms: Terms) -> Chosen:
    """Settle budget, alternatives, needs and parts among the options that deserve to be carried out."""
    savings = {option.number: stream_savings(assessment, option) for option in options}
    options = with_needs_met(assessment, options)
    budgeted = Budgeted(options, None)
    if terms.budget is not None:
        budgeted = within_budget(assessment, options, terms.budget, savings)
    settled = without_overtaken(assessment, with_alternatives_settled(budgeted.options), savings)
    settled = with_needs_met(assessment, settled)
    named = with_parts_weighed(with_containers_named(assessment, settled))
    return Chosen(named, savings, budgeted.choice, budgeted.issues)


def choosing_of(
    assessment: Assessment, chosen: Chosen, common: tuple[Overlap, ...], terms: Terms
) -> Choosing:
    """Everything about options beside one another, with the reason for what is missing."""
    alternatives = alternatives_compared(chosen.options)
    curves = abatement_curves(assessment, chosen.options, chosen.savings, terms.value("discount-rate"))
    missing: dict[str, Text] = {}
    if chosen.budget is None:
        missing["budget"] = (
            text("no capital budget is entered in worksheet 16")
            if terms.budget is None
            else text("there is no option to choose from")
        )
    if not alternatives:
        missing["alternatives"] = text("no two options with a cash flow are alternatives to each other")
    if not common:
        missing["overlaps"] = text(
            "no two options to be carried out are known to save on the same stream; enter the stream of each saving in "
            "worksheet 14 and the reduction in worksheet 11"
        )
    if not curves:
        missing["abatement"] = text("no two options with a cash flow are known to avoid the same thing")
    return Choosing(
        budget=chosen.budget,
        alternatives=alternatives,
        overlaps=common,
        abatement=curves,
        missing=MappingProxyType(missing),
    )
