"""What lies behind the figures of one option: further measures, break-even, scenarios, hurdles eased for risk."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.assessment.evaluation.cost_data import CostData
from openrecp.assessment.evaluation.economics_results import (
    FundingPart,
    Merit,
    NamedScenario,
    RiskAdjustment,
)
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.terms import Terms
from openrecp.assessment.worksheets.funding import FundingKind
from openrecp.assessment.worksheets.terms import OptionTerms
from openrecp.economics import scenarios as named
from openrecp.economics.criteria import Judgement, Verdict
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.evaluation import evaluate_project
from openrecp.economics.funding_figures import grant_figures, loan_figures
from openrecp.economics.labels import as_text
from openrecp.errors import Issue, UnusableInput
from openrecp.figures import Figure, unit_words
from openrecp.texts import Text, text


def merit_list(appraisal: Appraisal) -> Iterator[Merit]:
    """Further measures of merit, in the order in which they are shown."""
    found = appraisal.merits
    named_figures: tuple[tuple[str, Figure | None], ...] = (
        ("discounted-payback", found.discounted_payback),
        ("modified-internal-rate", found.modified_irr),
        ("annual-worth", found.annual_worth),
        ("benefit-cost-ratio", found.benefit_cost_ratio),
        ("savings-to-investment", found.savings_to_investment),
        ("adjusted-internal-rate", found.adjusted_irr),
        ("real-internal-rate", found.real_irr),
        *(("loan-subsidy", figure) for figure in found.loan_subsidies),
        ("grants-value", found.grants_value),
        ("tax-credits-value", found.credits_value),
        *(("levelised-cost", each.net) for each in found.levelised),
        *(("levelised-cost-gross", each.gross) for each in found.levelised),
        ("cost-of-delay", found.cost_of_delay),
        ("month-of-waiting", found.month_of_waiting),
    )
    return (Merit(key, figure) for key, figure in named_figures if figure is not None)


def funding_amounts(appraisal: Appraisal) -> Iterator[FundingPart]:
    """What each loan, grant and tax credit comes to."""
    flow = appraisal.cash_flow
    for loan, figure in zip(flow.project.financing.loans, loan_figures(flow), strict=True):
        yield FundingPart(FundingKind.LOAN, as_text(loan.name), figure)
    for grant, figure in zip(flow.project.grants, grant_figures(flow), strict=True):
        yield FundingPart(FundingKind.GRANT, as_text(grant.name), figure)
    for credit in flow.project.tax_credits:
        used = Figure(
            as_text(credit.name),
            float(sum(flow.credit_used)),
            flow.project.currency,
            text("sum of what is taken off the tax of each year, for all tax credits together"),
            source=credit.source,
        )
        yield FundingPart(FundingKind.TAX_CREDIT, as_text(credit.name), used)
        return


def named_scenarios(
    appraisal: Appraisal, data: CostData
) -> tuple[tuple[NamedScenario, ...], tuple[Issue, ...]]:
    """Each fine or shutdown avoided as a scenario of its own, and what stood in the way."""
    found: list[NamedScenario] = []
    faults: list[Issue] = []
    for event in _events(data):
        scenario = named.NamedScenario(str(event.name), event.name, events=(event,), source=None)
        try:
            project = named.scenario_project(appraisal.project, scenario)
        except UnusableInput as refused:
            faults += refused.issues
            continue
        found.append(_scenario(appraisal, evaluate_project(project, appraisal.conventions), event))
    return tuple(found), tuple(faults)


def _events(data: CostData) -> Iterator[named.Event]:
    for key, each in data.events:
        if each.kind is None or each.loss is None or (each.chance is None and each.year is None):
            continue
        yield named.Event(
            name=each.name or each.kind.label,
            kind=each.kind,
            amount=float(each.loss.amount),
            probability=1.0 if each.chance is None else float(each.chance) / 100.0,
            year=each.year,
            source=place("avoided_events", key),
        )


def _scenario(appraisal: Appraisal, changed: Appraisal, event: named.Event) -> NamedScenario:
    expected = event.figure(appraisal.project.currency)
    change = Figure(
        text("Change of net present value"),
        float(changed.npv.value or 0) - float(appraisal.npv.value or 0),
        appraisal.project.currency,
        text("net present value of the scenario − that of the base case"),
        (changed.npv, appraisal.npv, expected),
    )
    return NamedScenario(
        name=event.name,
        what=_what(event, appraisal.project.currency),
        payback=changed.payback,
        npv=changed.npv,
        irr=changed.irr,
        change=change,
    )


def _what(event: named.Event, currency: str) -> Text:
    chance = round(event.probability * 100.0, 6)
    if event.year is None:
        return text(
            "{kind}: {amount} {currency} each time, with a chance of {chance} % in every year",
            kind=event.kind,
            amount=round(event.amount),
            currency=unit_words(currency),
            chance=chance,
        )
    return text(
        "{kind}: {amount} {currency} in year {year}, with a chance of {chance} %",
        kind=event.kind,
        amount=round(event.amount),
        currency=currency,
        year=event.year,
        chance=chance,
    )


def risk_adjustment(judgement: Judgement, terms: Terms, own: OptionTerms | None) -> RiskAdjustment | None:
    """The hurdles eased for what lowers risk or liability, beside the owner's usual ones."""
    eased = terms.risk(own)
    if eased is None or own is None:
        return None
    given = {each.key: each.figure for each in terms.parameters}
    payback = Figure(
        text("Longest payback accepted for less risk"),
        terms.value("maximum-payback") + eased.payback_years,
        "yr",
        text("longest payback accepted + years for less risk"),
        (given["maximum-payback"], given["longer-payback"]),
    )
    rate = Figure(
        text("Lowest IRR accepted for less risk"),
        max(terms.value("minimum-irr") - eased.irr_points, 0.0) * 100.0,
        "%",
        text("lowest IRR accepted − points for less risk"),
        (given["minimum-irr"], given["lower-irr"]),
    )
    decisive = judgement.verdict is Verdict.ACCEPTED_FOR_RISK
    return RiskAdjustment(
        reason=own.risk_reason,
        maximum_payback=payback,
        minimum_irr=rate,
        judgement=judgement,
        decisive=decisive,
        sentence=_risk_sentence(judgement, payback, rate),
    )


def _risk_sentence(judgement: Judgement, payback: Figure, rate: Figure) -> Text:
    years, percent = payback.value, round(float(rate.value or 0), 6)
    if judgement.verdict is Verdict.ACCEPTED_FOR_RISK:
        return text(
            "It is accepted only because it lowers risk or liability: a payback of {years} years or an internal rate of "
            "{percent} % is enough for it. Its figures are unchanged.",
            years=years,
            percent=percent,
        )
    if judgement.verdict is Verdict.NOT_MET:
        return text(
            "It lowers risk or liability, but does not reach even the payback of {years} years and the internal rate of "
            "{percent} % that are enough for that.",
            years=years,
            percent=percent,
        )
    return text(
        "It lowers risk or liability, so a payback of {years} years or an internal rate of {percent} % would be enough; "
        "it meets the owner's usual limits as well.",
        years=years,
        percent=percent,
    )
