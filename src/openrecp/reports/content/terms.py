"""The terms behind the economics, entered or assumed, and why two conventions differ."""

from __future__ import annotations

from dataclasses import replace

from openrecp.assessment.evaluation.results import Evaluation, Parameter
from openrecp.economics.conventions import Mode
from openrecp.economics.modes import ModeComparison, mode_differences
from openrecp.errors import Where
from openrecp.figures import Figure
from openrecp.reports.blocks import Block, Cell, Column, Section, Table, Words, paragraph, row
from openrecp.reports.content.phrases import bullets, currency_of, known, option_name, running
from openrecp.reports.places import place_words
from openrecp.texts import Language, Text, text


def terms_section(evaluation: Evaluation, language: Language) -> Section:
    """Every term used, with where it comes from; empty where there is none."""
    if not evaluation.parameters:
        return Section(text("The terms behind these figures"), (), level=2)
    assumed = evaluation.assumptions
    opening = running(
        language,
        text("The discount rate, the longest payback and the lowest return accepted are the owner's to set."),
        text(
            "Terms that were not entered and for which common values were assumed: {count}. The plant's own values "
            "replace them.",
            count=len(assumed),
        )
        if assumed
        else text("All of them were entered."),
    )
    columns = (
        Column(text("Term"), share=2),
        Column(text("Value"), align="right", share=0.9),
        Column(text("Where it comes from"), share=3),
    )
    rows = tuple(
        row(Text("{name}", {"name": each.figure.name}), _as_entered(each.figure), _origin(each))
        for each in (*assumed, *(each for each in evaluation.parameters if not each.assumed))
    )
    table = Table(text("Terms of the economic evaluation"), columns, rows, key="terms")
    return Section(text("The terms behind these figures"), (opening, table), level=2, key="terms-section")


def _as_entered(figure: Figure) -> Figure:
    """A whole number without decimals: what was entered as 7 years is not 7.00 years."""
    whole = figure.value is not None and figure.value == int(figure.value)
    return replace(figure, value=int(figure.value or 0)) if whole else figure


def _origin(parameter: Parameter) -> Words:
    source = parameter.figure.source
    if parameter.assumed:
        if isinstance(source, Text):
            return text("assumed: {source}", source=source)
        return text("assumed")
    return place_words(source if isinstance(source, Where) else parameter.where)


def mode_section(evaluation: Evaluation, language: Language) -> Section:
    """Under the conventions of 1988: what the textbook's would give, and why."""
    heading = text("Why these figures differ from the textbook's")
    if evaluation.mode is not Mode.EPA_1988:
        return Section(heading, (), level=2)
    blocks: list[Block] = [
        running(
            language,
            text(
                "This report uses the conventions of appendix 8 of the manual. Below, the same cash flows are "
                "counted by the textbook's conventions, and the difference is split by its causes."
            ),
        )
    ]
    reasons: dict[Text, None] = {}
    rows = []
    for option in evaluation.options:
        appraisal = option.economics.appraisal if option.economics else None
        if appraisal is None:
            continue
        comparison = mode_differences(appraisal.project)
        rows += [row(option_name(option), *_figures(comparison))]
        reasons.update(dict.fromkeys(step.explanation for step in comparison.steps))
    if not rows:
        return Section(heading, (), level=2)
    money = currency_of(evaluation)
    columns = (
        Column(text("Option"), share=2.4),
        Column(text("Net present value, EPA 1988"), money, "right"),
        Column(text("Net present value, textbook"), money, "right"),
        Column(text("Internal rate of return, EPA 1988"), "%", "right", digits=1),
        Column(text("Internal rate of return, textbook"), "%", "right", digits=1),
    )
    blocks.append(Table(text("Two conventions side by side"), columns, tuple(rows), key="modes"))
    if reasons:
        blocks += [paragraph(text("The difference comes from these conventions:")), bullets(reasons)]
    return Section(heading, tuple(blocks), level=2, key="modes-section")


def _figures(comparison: ModeComparison) -> tuple[Cell, ...]:
    epa, textbook = comparison.epa_1988, comparison.textbook
    return tuple(each if known(each) else "–" for each in (epa.npv, textbook.npv, epa.irr, textbook.irr))
