"""The options to be carried out, taken together: what is counted, what is not, and what the sum returns.

An option that a chosen option contains is counted within it. Savings of options on the same stream are counted once
where the document says by how much each reduces it; where it does not, the sum says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.candidates import Savings, candidates_of
from openrecp.assessment.evaluation.choosing_results import Overlap
from openrecp.assessment.evaluation.loads import Loads, overlaps, set_project, shared_loads
from openrecp.assessment.evaluation.option_results import (
    LeftOut,
    OptionEconomics,
    OptionResult,
    SetCase,
    SetEconomics,
)
from openrecp.assessment.evaluation.quantities import from_minor, minor_of, money_sum, no_value
from openrecp.assessment.evaluation.selection import part_issues
from openrecp.assessment.evaluation.terms import Terms
from openrecp.assessment.spec import Currency
from openrecp.economics.cases import CaseName, ScenarioResult, evaluate_scenarios
from openrecp.economics.cash_flow import CashFlow, year_name
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.evaluation import evaluate_project, payback_figure
from openrecp.economics.profitability import internal_rate_of_return, net_present_value
from openrecp.figures import Figure
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class _Member:
    """An option that is counted."""

    option: OptionResult
    economics: OptionEconomics
    appraisal: Appraisal


def set_economics(
    assessment: Assessment, options: tuple[OptionResult, ...], terms: Terms, savings: Savings
) -> tuple[SetEconomics | None, tuple[Overlap, ...]]:
    """The sum of the cash flows of the options to be carried out, and what was counted once in it."""
    chosen = [option for option in options if option.selected]
    if not chosen:
        return None, ()
    members, left_out = _members(chosen)
    loads = shared_loads(candidates_of(assessment, [member.option for member in members], savings))
    common = overlaps(loads, assessment)
    found = _summed_figures(assessment, members, common)
    cautions = (
        *(Text(issue.message, issue.values) for issue in part_issues(options)),
        *_cautions([member.option for member in members], _known_pairs(loads)),
    )
    found = replace(found, left_out=tuple(left_out), cautions=cautions)
    together = [_together(member, savings, loads, terms) for member in members]
    if members:
        found = _with_cash_flow(found, together, terms)
    return found, common


def _summed_figures(
    assessment: Assessment, members: Sequence[_Member], common: tuple[Overlap, ...]
) -> SetEconomics:
    """Capital, gains and expenses of all members, less what is counted twice."""
    currency, economics = assessment.currency, [member.economics for member in members]
    over_options = text("sum over the options")
    capital = money_sum(
        text("Total capital investment"), [each.capital for each in economics], currency, over_options
    )
    gains = money_sum(
        text("Savings and revenues a year"), [each.gains for each in economics], currency, over_options
    )
    saving = money_sum(
        text("Annual net saving"), [each.net_saving for each in economics], currency, over_options
    )
    if common:
        gains, saving = _counted_once(gains, common, currency), _counted_once(saving, common, currency)
    nothing = text("no option has a cash flow")
    return SetEconomics(
        options=tuple(member.option.number for member in members),
        left_out=(),
        capital=capital,
        gains=gains,
        expenses=money_sum(
            text("Added costs a year"), [each.expenses for each in economics], currency, over_options
        ),
        net_saving=saving,
        payback=_payback(capital, saving),
        npv=no_value(text("Net present value"), nothing, currency.value),
        irr=no_value(text("Internal rate of return"), nothing, "%"),
    )


def _counted_once(total: Figure, common: tuple[Overlap, ...], currency: Currency) -> Figure:
    """A yearly sum less what options save on the same stream, in whole minor units."""
    off = sum(minor_of(each.taken_off, currency) for each in common)
    return Figure(
        total.name,
        from_minor(minor_of(total, currency) - off, currency),
        total.unit,
        text("sum over the options − what they save on the same stream, counted twice"),
        (*total.inputs, *(each.taken_off for each in common)),
    )


def _known_pairs(loads: Loads) -> dict[str, frozenset[str]]:
    """For each stream the options whose savings on it are known and counted once."""
    return {load.name: frozenset(keys) for load, keys in loads}


def _members(chosen: Sequence[OptionResult]) -> tuple[list[_Member], list[LeftOut]]:
    members: list[_Member] = []
    left_out: list[LeftOut] = []
    for option in chosen:
        if option.contained_in is not None:
            reason = text("counted within {container}, which contains it", container=option.contained_in)
            left_out.append(LeftOut(option.number, reason))
        elif option.economics is None or option.economics.appraisal is None:
            left_out.append(LeftOut(option.number, _why_not_counted(option)))
        else:
            members.append(_Member(option, option.economics, option.economics.appraisal))
    return members, left_out


def _why_not_counted(option: OptionResult) -> Text:
    capital = None if option.economics is None else option.economics.capital.value
    if capital == 0:
        return text("it needs no capital, and its saving is not known")
    return text("its capital or its yearly saving is not known")


def _payback(capital: Figure, saving: Figure) -> Figure:
    if capital.value is None or saving.value is None:
        return no_value(text("Simple payback"), text("no option has both a capital and a saving"), "yr")
    return payback_figure(capital, saving)


@dataclass(frozen=True, slots=True)
class _Together:
    """An option as it counts in the set: its cash flow, and that of its cases."""

    appraisal: Appraisal
    cases: tuple[ScenarioResult, ...]


def _together(member: _Member, savings: Savings, loads: Loads, terms: Terms) -> _Together:
    """The option with what others have saved of its streams before it taken off."""
    project = set_project(member.option, savings.get(member.option.number, ()), loads)
    if project is None:
        return _Together(member.appraisal, member.economics.cases)
    conventions = member.appraisal.conventions
    return _Together(
        evaluate_project(project, conventions), evaluate_scenarios(project, terms.scenarios, conventions)
    )


def _with_cash_flow(found: SetEconomics, members: Sequence[_Together], terms: Terms) -> SetEconomics:
    appraisals = [each.appraisal for each in members]
    years, cash = _summed([each.cash_flow for each in appraisals])
    rate = terms.prices.nominal(terms.value("discount-rate"))
    present = tuple(amount / (1.0 + rate) ** t for t, amount in enumerate(cash))
    npv, irr = _returns(years, cash, appraisals, rate)
    return replace(
        found,
        npv=npv,
        irr=irr,
        years=years,
        cash=cash,
        present_value=present,
        cumulative_present_value=tuple(accumulate(present)),
        cases=tuple(_cases(members, rate)),
    )


def _summed(flows: Sequence[CashFlow]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Cash flows added year by year; one with a shorter life adds nothing afterwards."""
    years = range(min(flow.years[0] for flow in flows), max(flow.years[-1] for flow in flows) + 1)
    by_year = [dict(zip(flow.years, flow.cash, strict=True)) for flow in flows]
    return tuple(years), tuple(sum(each.get(year, 0.0) for each in by_year) for year in years)


def _returns(
    years: tuple[int, ...], cash: tuple[float, ...], appraisals: Sequence[Appraisal], rate: float
) -> tuple[Figure, Figure]:
    currency = appraisals[0].project.currency
    flows = tuple(
        Figure(
            text("Cash flow, {year}", year=year_name(year)), amount, currency, text("sum over the options")
        )
        for year, amount in zip(years, cash, strict=True)
    )
    internal = internal_rate_of_return(cash)
    npv = Figure(
        text("Net present value"),
        net_present_value(rate, cash),
        currency,
        text("sum of cash flow ÷ (1 + discount rate)ⁿ, n years after the first one"),
        flows,
    )
    irr = Figure(
        text("Internal rate of return"),
        None if internal.value is None else internal.value * 100.0,
        "%",
        text("the rate r at which the sum of cash flow ÷ (1 + r)ⁿ is zero"),
        flows,
        reason=internal.reason,
    )
    return npv, irr


def _cases(members: Sequence[_Together], rate: float) -> Iterator[SetCase]:
    for position, name in enumerate(CaseName):
        results = [each.cases[position].evaluation for each in members if each.cases]
        if not results:
            return
        years, cash = _summed([each.cash_flow for each in results])
        npv, irr = _returns(years, cash, results, rate)
        yield SetCase(name, payback_figure(*_totals(results)), npv, irr)


def _totals(results: Sequence[Appraisal]) -> tuple[Figure, Figure]:
    currency = results[0].project.currency
    capitals = tuple(each.total_capital for each in results)
    savings = tuple(each.annual_net_saving for each in results)
    over_options = text("sum over the options")
    return (
        Figure(text("Total capital investment"), _total(capitals), currency, over_options, capitals),
        Figure(text("Annual net saving"), _total(savings), currency, over_options, savings),
    )


def _total(figures: Sequence[Figure]) -> float:
    return sum(float(figure.value or 0) for figure in figures)


def _cautions(members: Sequence[OptionResult], known: dict[str, frozenset[str]]) -> Iterator[Text]:
    sharing: dict[tuple[str, ...], list[str]] = {}
    for stream in dict.fromkeys(stream for member in members for stream in member.streams):
        options = tuple(member.number for member in members if stream in member.streams)
        if len(options) > 1 and not set(options) <= known.get(stream, frozenset()):
            sharing.setdefault(options, []).append(stream)
    for options, streams in sharing.items():
        yield text(
            "{options} all reduce {streams}: part of their savings may be the same, so the sum may be too high.",
            options=list(options),
            streams=streams,
        )
    lives = {
        member.economics.appraisal.project.life
        for member in members
        if member.economics and member.economics.appraisal
    }
    if len(lives) > 1:
        yield text(
            "The options last {lives} years; after its last year an option adds nothing to the sum.",
            lives=sorted(lives),
        )
