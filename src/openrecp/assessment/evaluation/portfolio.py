"""The options to be carried out, taken together: what is counted, what is not, and what the sum returns.

An option that a chosen option contains is counted within it. Of alternatives only the best is chosen. Savings of
options on the same stream may overlap: nothing in the document says by how much, so the sum says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_sense import contained_options
from openrecp.assessment.evaluation.option_results import (
    Fate,
    LeftOut,
    OptionEconomics,
    OptionResult,
    SetCase,
    SetEconomics,
)
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.quantities import money_sum, no_value
from openrecp.assessment.evaluation.terms import Terms
from openrecp.economics.cases import CaseName
from openrecp.economics.cash_flow import CashFlow, year_name
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.evaluation import payback_figure
from openrecp.economics.profitability import internal_rate_of_return, net_present_value
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import Figure
from openrecp.texts import Text, text


def with_alternatives_settled(options: tuple[OptionResult, ...]) -> tuple[OptionResult, ...]:
    """Of chosen options that exclude each other the best stays: what the law requires, then the highest value."""
    chosen = {option.number: option for option in options if option.selected}
    rivals = {
        frozenset({option.number, other})
        for option in chosen.values()
        for other in (option.description.alternative_to if option.description else ())
        if other in chosen and other != option.number
    }
    lost: dict[str, str] = {}
    for option in sorted(chosen.values(), key=_worth, reverse=True):
        for other in chosen:
            if (
                option.number not in lost
                and other not in lost
                and frozenset({option.number, other}) in rivals
            ):
                lost[other] = option.number
    return tuple(
        option
        if option.number not in lost
        else replace(
            option,
            fate=Fate.NOT_RECOMMENDED,
            reasons=(_why_the_other(option, chosen[lost[option.number]]), *option.reasons),
        )
        for option in options
    )


def _why_the_other(option: OptionResult, better: OptionResult) -> Text:
    if better.fate is Fate.REQUIRED and option.fate is not Fate.REQUIRED:
        return text(
            "Only one of {option} and {better} can be carried out, and {better} is required by law.",
            option=option.number,
            better=better.number,
        )
    return text(
        "Only one of {option} and {better} can be carried out, and {better} is worth more.",
        option=option.number,
        better=better.number,
    )


def _worth(option: OptionResult) -> tuple[bool, float, float]:
    """What alternatives are compared by: the law, then net present value, then yearly saving."""
    economics = option.economics
    npv = economics.npv.value if economics is not None else None
    saving = economics.net_saving.value if economics is not None else None
    return option.fate is Fate.REQUIRED, float(npv or 0), float(saving or 0)


def with_containers_named(
    assessment: Assessment, options: tuple[OptionResult, ...]
) -> tuple[OptionResult, ...]:
    """Chosen options, each saying which other chosen option contains it."""
    parts = {each.option: each.contains for each in assessment.option_descriptions if each.option}
    chosen = [option.number for option in options if option.selected]
    inside: dict[str, str] = {}
    for number in chosen:
        for part in contained_options(parts, number) & set(chosen):
            # Where entries go round, neither contains the other.
            if number not in contained_options(parts, part):
                inside.setdefault(part, number)
    return tuple(
        replace(
            option,
            contained_in=inside[option.number],
            reasons=(
                *option.reasons,
                text(
                    "{container} contains it, so its cost and saving are counted there.",
                    container=inside[option.number],
                ),
            ),
        )
        if option.number in inside
        else option
        for option in options
    )


@dataclass(frozen=True, slots=True)
class _Member:
    """An option that is counted."""

    option: OptionResult
    economics: OptionEconomics


def part_issues(options: tuple[OptionResult, ...]) -> Iterator[Issue]:
    """Options worth less than an option they contain: what they add costs more than it brings."""
    values = {option.number: _value(option) for option in options}
    for option in options:
        for part in option.description.contains if option.description is not None else ():
            whole, alone = values[option.number], values.get(part)
            if option.selected and whole is not None and alone is not None and whole < alone:
                yield problem(
                    "part-worth-more",
                    "{option} contains {part} and has a net present value of {whole}, less than the {alone} of "
                    "{part} alone: what it adds costs more than it saves. Check its costs and savings, or say what "
                    "else speaks for it.",
                    where=place("option_descriptions"),
                    severity=Severity.WARNING,
                    option=option.number,
                    part=part,
                    whole=round(whole),
                    alone=round(alone),
                )


def with_parts_weighed(options: tuple[OptionResult, ...]) -> tuple[OptionResult, ...]:
    """Options with the finding that a part of them is worth more alone among their reasons."""
    found: dict[str, list[Text]] = {}
    for issue in part_issues(options):
        found.setdefault(issue.values["option"], []).append(Text(issue.message, issue.values))
    return tuple(
        replace(option, reasons=(*option.reasons, *found[option.number]))
        if option.number in found
        else option
        for option in options
    )


def _value(option: OptionResult) -> float | None:
    value = None if option.economics is None else option.economics.npv.value
    return None if value is None else float(value)


def set_economics(
    assessment: Assessment, options: tuple[OptionResult, ...], terms: Terms
) -> SetEconomics | None:
    """The sum of the cash flows of the options to be carried out; None when there is none."""
    chosen = [option for option in options if option.selected]
    if not chosen:
        return None
    members, left_out = _members(chosen)
    currency = assessment.currency
    over_options = text("sum over the options")
    economics = [member.economics for member in members]
    capital = money_sum(
        text("Total capital investment"), [each.capital for each in economics], currency, over_options
    )
    saving = money_sum(
        text("Annual net saving"), [each.net_saving for each in economics], currency, over_options
    )
    found = SetEconomics(
        options=tuple(member.option.number for member in members),
        left_out=tuple(left_out),
        capital=capital,
        gains=money_sum(
            text("Savings and revenues a year"), [each.gains for each in economics], currency, over_options
        ),
        expenses=money_sum(
            text("Added costs a year"), [each.expenses for each in economics], currency, over_options
        ),
        net_saving=saving,
        payback=_payback(capital, saving),
        npv=no_value(text("Net present value"), text("no option has a cash flow"), currency.value),
        irr=no_value(text("Internal rate of return"), text("no option has a cash flow"), "%"),
        cautions=(
            *(Text(issue.message, issue.values) for issue in part_issues(options)),
            *_cautions([member.option for member in members]),
        ),
    )
    appraisals = [each.appraisal for each in economics if each.appraisal is not None]
    return _with_cash_flow(found, economics, appraisals, terms) if appraisals else found


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
            members.append(_Member(option, option.economics))
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


def _with_cash_flow(
    found: SetEconomics, economics: Sequence[OptionEconomics], appraisals: Sequence[Appraisal], terms: Terms
) -> SetEconomics:
    years, cash = _summed([each.cash_flow for each in appraisals])
    rate = terms.value("discount-rate")
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
        cases=tuple(_cases(economics, rate)),
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


def _cases(economics: Sequence[OptionEconomics], rate: float) -> Iterator[SetCase]:
    for position, name in enumerate(CaseName):
        results = [each.cases[position].evaluation for each in economics if each.cases]
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


def _cautions(members: Sequence[OptionResult]) -> Iterator[Text]:
    sharing: dict[tuple[str, ...], list[str]] = {}
    for stream in dict.fromkeys(stream for member in members for stream in member.streams):
        options = tuple(member.number for member in members if stream in member.streams)
        if len(options) > 1:
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
