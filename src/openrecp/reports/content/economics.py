"""Economics: all options side by side, the recommended set, each option in turn, the terms behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from openrecp.assessment.evaluation.option_results import OptionEconomics, OptionResult, SetEconomics
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.economics.criteria import Verdict
from openrecp.figures import Figure
from openrecp.reports.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Row,
    Section,
    Table,
    group,
    paragraph,
    row,
    sum_above,
    total,
)
from openrecp.reports.content.choosing import profit_cells, profit_columns, to_carry_out
from openrecp.reports.content.phrases import (
    amount_of,
    bullets,
    currency_of,
    joined,
    known,
    named,
    option_name,
    running,
    years_words,
)
from openrecp.reports.content.portfolio import choosing_sections
from openrecp.reports.content.profit_pictures import cash_picture, tornado_picture
from openrecp.reports.content.risk import depth_blocks
from openrecp.reports.content.terms import mode_section, terms_section
from openrecp.texts import Language, Text, text

_MOST_PICTURED: Final = 12


def economics_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """What the options cost and return; none if no cost was entered."""
    costed = [option for option in evaluation.options if option.economics is not None]
    if not costed:
        return ()
    blocks: list[Block] = [_opening(costed, language), _overview(evaluation, costed)]
    remark = _required_remark(costed)
    if remark is not None:
        blocks.append(remark)
    heading = text("Economics: what the options cost and return")
    sections = [Section(heading, tuple(blocks), key="economics")]
    together = evaluation.selected
    if together is not None and (together.cautions or len(to_carry_out(evaluation)) > 1):
        sections.append(_set_section(evaluation, together, language))
    sections += choosing_sections(evaluation, language)
    deep = [
        (option, option.economics)
        for option in costed
        if option.economics is not None and _has_depth(option.economics)
    ]
    pictured = _pictured(evaluation, deep)
    if len(pictured) < len(deep):
        note = text(
            "Cash flow and sensitivity are drawn for {count} options: those to be carried out, then those that "
            "would return most. The tables have the figures of all.",
            count=len(pictured),
        )
        sections[0] = replace(sections[0], blocks=(*sections[0].blocks, paragraph(note, style="note")))
    sections += [
        _option_section(
            evaluation, option, economics, language, str(number), with_pictures=option.number in pictured
        )
        for number, (option, economics) in enumerate(deep, 1)
    ]
    sections += [terms_section(evaluation, language), mode_section(evaluation, language)]
    return tuple(section for section in sections if section.blocks)


def _pictured(evaluation: Evaluation, deep: Sequence[tuple[OptionResult, OptionEconomics]]) -> frozenset[str]:
    """Numbers of the options whose economics are drawn; a report with hundreds of pictures helps nobody."""
    chosen = [option.number for option in to_carry_out(evaluation)]

    def order(pair: tuple[OptionResult, OptionEconomics]) -> tuple[int, float]:
        option, economics = pair
        place = chosen.index(option.number) if option.number in chosen else len(chosen)
        return place, -float(economics.npv.value or 0)

    return frozenset(option.number for option, _ in sorted(deep, key=order)[:_MOST_PICTURED])


def _has_depth(economics: OptionEconomics) -> bool:
    """Whether there is more to say than the overview shows."""
    return bool(economics.capital.value) or len(economics.annual) > 1


def _opening(costed: list[OptionResult], language: Language) -> Block:
    paying = [
        (option.economics.payback, option)
        for option in costed
        if option.economics is not None and option.economics.payback.value
    ]
    quickest = min(paying, key=lambda pair: amount_of(pair[0]), default=None)
    return running(
        language,
        text(
            "Payback is capital divided by the yearly saving, before tax. Net present value and internal rate of "
            "return are after tax, over the life of the project."
        ),
        text(
            "Of the options that need capital, {option} pays back first, in {time}.",
            option=option_name(quickest[1]),
            time=years_words(quickest[0]),
        )
        if quickest is not None and len(paying) > 1
        else None,
        style="lead",
    )


def _overview(evaluation: Evaluation, costed: list[OptionResult]) -> Table:
    columns = (*profit_columns(currency_of(evaluation), text("Option")), Column(text("Outcome"), share=1.2))
    rows: list[Row] = [Row((option_name(option), *profit_cells(option), option.fate)) for option in costed]
    together = evaluation.selected
    if together is not None and len(together.options) > 1:
        rows.append(total(text("Recommended options together"), *_set_cells(together), None))
    return Table(text("What each option costs and returns"), columns, tuple(rows), key="profit")


def _set_cells(together: SetEconomics) -> tuple[Cell, ...]:
    figures = (together.payback, together.capital, together.net_saving, together.npv, together.irr)
    return tuple(figure if known(figure) else "–" for figure in figures)


def _required_remark(costed: list[OptionResult]) -> Block | None:
    """Legal necessity overrides profit, and the report says so."""
    required = [
        option
        for option in costed
        if option.economics
        and option.economics.judgement
        and option.economics.judgement.verdict is Verdict.REQUIRED
    ]
    if not required:
        return None
    sentences = [
        text(
            "{option} is required by law ({law}) and has to be carried out whatever it earns.",
            option=option_name(option),
            law=option.terms.law,
        )
        if option.terms is not None and option.terms.law
        else text(
            "{option} is required by law and has to be carried out whatever it earns.",
            option=option_name(option),
        )
        for option in required
    ]
    return Callout("caution", (bullets(sentences),), text("Required by law"))


def _set_section(evaluation: Evaluation, together: SetEconomics, language: Language) -> Section:
    counted = [each for each in to_carry_out(evaluation) if each.number in together.options]
    names = [option_name(each) if len(counted) < 4 else each.number for each in counted]
    blocks: list[Block] = [
        running(
            language,
            text(
                "Taken together, {options} need {capital} and save {saving} a year.",
                options=names,
                capital=together.capital,
                saving=together.net_saving,
            ),
            text("The capital is back in {payback}.", payback=years_words(together.payback))
            if known(together.payback) and together.payback.value
            else None,
            text(
                "Over their life they are worth {npv} today, a return of {irr} a year.",
                npv=together.npv,
                irr=together.irr,
            )
            if known(together.npv) and known(together.irr)
            else None,
        )
    ]
    if together.cases:
        rows = tuple(
            row(case.name, *(each if known(each) else "–" for each in (case.payback, case.npv, case.irr)))
            for case in together.cases
        )
        blocks.append(
            Table(
                text("The recommended options in the best, base and worst case"),
                _case_columns(evaluation),
                rows,
                key="set-cases",
            )
        )
    if len(together.years) > 1:
        blocks.append(
            cash_picture(
                together.years,
                together.cash,
                together.cumulative_present_value,
                currency_of(evaluation),
                text("The recommended options together"),
                "set-cash-flow",
            )
        )
    warned = [
        *together.cautions,
        *(_left_out(evaluation, each.number, each.reason) for each in together.left_out),
    ]
    if warned:
        blocks.append(Callout("caution", (bullets(warned),), text("What to mind in these sums")))
    return Section(text("The recommended options together"), tuple(blocks), level=2, key="set")


def _left_out(evaluation: Evaluation, number: str, reason: Text) -> Text:
    option = evaluation.option(number)
    name = option_name(option) if option else named(number, "")
    return text("{option} is not counted: {reason}", option=name, reason=reason)


def _case_columns(evaluation: Evaluation) -> tuple[Column, ...]:
    return (
        Column(text("Case"), share=1.6),
        Column(text("Payback"), "yr", "right", digits=2),
        Column(text("Net present value"), currency_of(evaluation), "right"),
        Column(text("Internal rate of return"), "%", "right", digits=1),
    )


def _option_section(
    evaluation: Evaluation,
    option: OptionResult,
    economics: OptionEconomics,
    language: Language,
    mark: str,
    *,
    with_pictures: bool,
) -> Section:
    blocks: list[Block] = [_verdict(economics, language), _cost_table(evaluation, option, economics, mark)]
    if economics.capital.value and len(economics.cases) > 1:
        blocks.append(_cases(evaluation, option, economics, mark))
    if with_pictures and economics.appraisal is not None and economics.capital.value:
        flow = economics.appraisal.cash_flow
        blocks.append(
            cash_picture(
                flow.years,
                flow.cash,
                flow.cumulative_present_value,
                currency_of(evaluation),
                option_name(option),
                f"cash-flow-{mark}",
            )
        )
    if with_pictures and economics.capital.value and economics.tornado:
        blocks.append(
            tornado_picture(option, economics, currency_of(evaluation), language, f"tornado-{mark}")
        )
    blocks += depth_blocks(economics, option_name(option), language, mark, with_pictures=with_pictures)
    return Section(option_name(option), tuple(blocks), level=2)


def _verdict(economics: OptionEconomics, language: Language) -> Block:
    first = None
    judged = economics.judgement
    if judged is None and economics.payback.value:
        first = text("Payback: {payback}.", payback=years_words(economics.payback))
    return running(
        language,
        first,
        text("{verdict}.", verdict=judged.verdict.label) if judged is not None else None,
        joined(language, judged.reasons) if judged is not None and judged.reasons else None,
    )


def _cost_table(evaluation: Evaluation, option: OptionResult, economics: OptionEconomics, mark: str) -> Table:
    """Capital by part, then what changes each year by class."""
    money = currency_of(evaluation)
    rows: list[Row] = []
    if economics.capital_parts:
        rows.append(group(text("Capital investment")))
        rows += [row(each.part, None, None, each.amount) for each in economics.capital_parts]
        rows.append(sum_above(text("Total capital"), None, None, economics.capital))
    if economics.annual:
        rows.append(group(text("What changes each year")))
        rows += [
            row(each.operating_class, _some(each.gains), _some(each.expenses), each.net)
            for each in economics.annual
        ]
        sums = (_some(economics.gains), _some(economics.expenses), economics.net_saving)
        rows.append(sum_above(text("Saving a year"), *sums))
    columns = (
        Column(text("Item"), share=2.6),
        Column(text("Saved or earned"), money, "right"),
        Column(text("Spent more"), money, "right"),
        Column(text("Total amount"), money, "right"),
    )
    title = text("{option}: capital and yearly changes", option=option_name(option))
    return Table(title, columns, tuple(rows), key=f"costs-{mark}")


def _some(figure: Figure) -> Cell:
    """An amount, left empty where it is nothing."""
    return figure if figure.value else None


def _cases(evaluation: Evaluation, option: OptionResult, economics: OptionEconomics, mark: str) -> Table:
    rows = []
    for result in economics.cases:
        case, found = result.scenario, result.evaluation
        changes = tuple(_change(each) for each in (case.capital, case.savings, case.costs))
        figures = tuple(each if known(each) else "–" for each in (found.payback, found.npv, found.irr))
        rows.append(Row((case.name, *changes, *figures)))
    first, *rest = _case_columns(evaluation)
    columns = (
        first,
        Column(text("Capital"), align="right"),
        Column(text("Savings and revenue"), align="right"),
        Column(text("Added costs"), align="right"),
        *rest,
    )
    title = text("{option} in the best, base and worst case", option=option_name(option))
    return Table(title, columns, tuple(rows), key=f"cases-{mark}")


def _change(fraction: float) -> Cell:
    return "±0 %" if not fraction else f"{'+' if fraction > 0 else '−'}{abs(fraction) * 100:g} %"
