"""Economics of single options: worksheets 14 to 16 as a project, evaluated under the owner's terms."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.analyses import (
    funding_amounts,
    merit_list,
    named_scenarios,
    risk_adjustment,
)
from openrecp.assessment.evaluation.break_evens import break_even_points
from openrecp.assessment.evaluation.cost_data import CostData
from openrecp.assessment.evaluation.cost_figures import (
    annual_classes,
    capital_figure,
    capital_parts,
    expenses_figure,
    gains_figure,
    net_saving_figure,
)
from openrecp.assessment.evaluation.option_results import OptionEconomics
from openrecp.assessment.evaluation.projects import project_of
from openrecp.assessment.evaluation.quantities import no_value
from openrecp.assessment.evaluation.simulations import Simulated, simulated
from openrecp.assessment.evaluation.terms import Terms
from openrecp.assessment.evaluation.ways import ways_compared
from openrecp.economics.cases import evaluate_scenarios
from openrecp.economics.conventions import Conventions
from openrecp.economics.criteria import judge_profit, judge_project
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.evaluation import evaluate_project, payback_figure
from openrecp.economics.sensitivity import tornado
from openrecp.errors import Issue, UnusableInput
from openrecp.figures import Figure
from openrecp.texts import Text, text

_NOTHING_AT_STAKE: Final = text("it needs no capital, so nothing is at stake")


def option_economics(
    assessment: Assessment,
    number: str,
    name: str,
    data: CostData,
    terms: Terms,
    conventions: Conventions,
) -> tuple[OptionEconomics | None, tuple[Issue, ...]]:
    """Economics of an option with any cost data, and what stood in the way of more."""
    if data.empty:
        return None, ()
    thin = _thin(data, capital_figure(assessment, data))
    if thin is not None:
        return _thin_economics(assessment, data, thin, terms), ()
    try:
        appraisal = evaluate_project(project_of(assessment, name, data, terms), conventions)
        found = _full_economics(assessment, appraisal, data, terms)
    except UnusableInput as error:
        return _thin_economics(assessment, data, text("the terms cannot be used"), terms), error.issues
    return _with_analyses(number, found, appraisal, data, terms)


def _full_economics(
    assessment: Assessment, appraisal: Appraisal, data: CostData, terms: Terms
) -> OptionEconomics:
    project, conventions = appraisal.project, appraisal.conventions
    return OptionEconomics(
        capital=appraisal.total_capital,
        capital_parts=tuple(capital_parts(assessment, data)),
        annual=tuple(annual_classes(assessment, data)),
        gains=gains_figure(assessment, data),
        expenses=expenses_figure(assessment, data),
        net_saving=net_saving_figure(assessment, data),
        payback=appraisal.payback,
        npv=appraisal.npv,
        irr=appraisal.irr,
        appraisal=appraisal,
        cases=evaluate_scenarios(project, terms.scenarios, conventions),
        tornado=tornado(project, terms.variation, (), conventions) if 0 < terms.variation < 1 else (),
        judgement=judge_project(appraisal, terms.criteria(data.terms)),
        merits=tuple(merit_list(appraisal)),
        funding=tuple(funding_amounts(appraisal)),
    )


def _with_analyses(
    number: str, found: OptionEconomics, appraisal: Appraisal, data: CostData, terms: Terms
) -> tuple[OptionEconomics, tuple[Issue, ...]]:
    """With risk, break-even and scenarios; what cannot be had leaves the rest as it is."""
    missing: dict[str, Text] = {}
    scenarios, faults = named_scenarios(appraisal, data)
    if not scenarios:
        missing["scenarios"] = text("no avoided fine or shutdown is entered in worksheet 16")
    needs_capital = float(appraisal.total_capital.value or 0) > 0
    break_evens = break_even_points(appraisal, found.tornado) if needs_capital else ()
    if not needs_capital:
        missing["break_evens"] = _NOTHING_AT_STAKE
    elif not break_evens:
        missing["break_evens"] = text("no single input changes the answer while it keeps its sign")
    uncertainty = (
        simulated(number, appraisal, data, terms) if needs_capital else Simulated(None, _NOTHING_AT_STAKE)
    )
    if uncertainty.reason is not None:
        missing["uncertainty"] = uncertainty.reason
    ways, refused = ways_compared(appraisal, data)
    if ways is None:
        missing["ways"] = text("no offer beside buying is entered in worksheet 16, or none that can be used")
    risk = None if found.judgement is None else risk_adjustment(found.judgement, terms, data.terms)
    if risk is None:
        missing["risk"] = text("it is not said to lower risk or liability")
    whole = replace(
        found,
        uncertainty=uncertainty.result,
        break_evens=break_evens,
        scenarios=scenarios,
        ways=ways,
        risk=risk,
        missing=missing,
    )
    return whole, (*faults, *uncertainty.issues, *refused)


def _thin(data: CostData, capital: Figure) -> Text | None:
    """Why the data do not carry a cash flow; None when they do."""
    if capital.value is None:
        return text("the capital is not known; enter it in worksheet 14, or 0 if none is needed")
    if not data.operating:
        return text("no yearly saving or cost is entered in worksheet 14")
    return None


def _thin_economics(assessment: Assessment, data: CostData, reason: Text, terms: Terms) -> OptionEconomics:
    capital = capital_figure(assessment, data)
    saving = net_saving_figure(assessment, data)
    payback = no_value(text("Simple payback"), reason, "yr", (capital, saving))
    judgement = None
    if capital.value is not None and saving.value is not None:
        payback = payback_figure(capital, saving)
        judgement = judge_profit(
            total_capital=capital,
            annual_net_saving=saving,
            payback=payback,
            criteria=terms.criteria(data.terms),
        )
    return OptionEconomics(
        capital=capital,
        capital_parts=tuple(capital_parts(assessment, data)),
        annual=tuple(annual_classes(assessment, data)),
        gains=gains_figure(assessment, data),
        expenses=expenses_figure(assessment, data),
        net_saving=saving,
        payback=payback,
        npv=no_value(text("Net present value"), reason, assessment.currency.value),
        irr=no_value(text("Internal rate of return"), reason, "%"),
        judgement=judgement,
    )
