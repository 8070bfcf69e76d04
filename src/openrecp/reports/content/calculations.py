"""Appendix: cash flows line by line, and every headline figure opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.economics.cash_flow import CashFlow, CashFlowLine
from openrecp.figures import Figure, unit_words
from openrecp.reports.blocks import Column, Row, Section, Table, Words, paragraph
from openrecp.reports.content.phrases import currency_of, known, option_name, stream_name
from openrecp.reports.provenance import figure_table
from openrecp.reports.workings import Discounted, RunningTotal, SumOf, Working, Worth
from openrecp.texts import Language, Text, text

_YEARS_ABREAST: Final = 11
_DEPTH: Final = 2
_TOTALS: Final = frozenset("CEJOQ")
# Lines of the cash flow that worksheet 16 has no letter for, by their English names.
_UNLETTERED: Final[Mapping[str, str]] = {
    "+ Grants that are taxed": "grants-taxed",
    "Contract payments, deductible (− paid)": "contract-taxed",
    "− Replaced parts, deducted at once": "parts-deducted",
    "Losses of earlier years deducted from it": "losses",
    "+ Tax credits used": "credits",
    "+ Loan paid out": "loan",
    "+ Grants that are not taxed": "grants-free",
    "Contract payments, not deductible (− paid)": "contract-free",
    "− Parts replaced or bought later, depreciated": "parts-depreciated",
    "− Tax on the sale of the equipment": "sale-tax",
}
# Worksheet 16's own arithmetic, with those lines where they belong.
_WORKINGS: Final[Mapping[str, Working]] = {
    "C": SumOf(("A", "B")),
    "H": SumOf(("E", "-F", "-G", "grants-taxed", "contract-taxed", "-parts-deducted")),
    "J": SumOf(("H", "-I", "credits")),
    "K": SumOf(("G",)),
    "M": SumOf(("C",)),
    "N": SumOf(("D",)),
    "O": SumOf(
        (
            "J",
            "K",
            "-L",
            "-M",
            "loan",
            "grants-free",
            "contract-free",
            "-parts-depreciated",
            "N",
            "-sale-tax",
        )
    ),
    "P": Discounted("O"),
    "Q": RunningTotal("P"),
}


def calculation_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """The opening, the cash flows, the figures; none if nothing was calculated."""
    cash = _cash_flows(evaluation)
    figures = _figures(evaluation, language)
    if not cash and not figures:
        return ()
    sections = [
        Section(
            text("Calculations"),
            (
                paragraph(
                    text(
                        "Each figure is opened here as far as a reader on paper can follow; the HTML and Excel "
                        "editions of this report open it down to the last entry."
                    )
                ),
            ),
            key="calculations",
            new_page=True,
        )
    ]
    if cash:
        sections.append(Section(text("Cash flows, line by line"), tuple(cash), level=2))
    if figures:
        sections.append(Section(text("How the main figures were found"), tuple(figures), level=2))
    return tuple(sections)


def _cash_flows(evaluation: Evaluation) -> list[Table]:
    tables: list[Table] = []
    for number, option in enumerate(evaluation.options, 1):
        appraisal = option.economics.appraisal if option.economics else None
        if appraisal is not None:
            flow = appraisal.cash_flow
            rate = flow.project.nominal_discount_rate
            worth = Worth(rate, "O", "C", "E", appraisal.payback, appraisal.npv, appraisal.irr)
            tables += _cash_flow(evaluation, option, flow, worth, f"lines-{number}")
    return tables


def _cash_flow(
    evaluation: Evaluation, option: OptionResult, flow: CashFlow, worth: Worth, key: str
) -> Iterator[Table]:
    """Worksheet 16 with the years across, cut into tables that fit a page; empty lines left out."""
    lines = [(name, line) for name, line in _keyed(flow) if any(line.amounts)]
    for start in range(0, len(flow.years), _YEARS_ABREAST):
        some = range(start, min(start + _YEARS_ABREAST, len(flow.years)))
        columns = (
            Column("", share=0.5),
            Column(text("Line of worksheet 16"), share=3.4),
            *(
                Column(text("Year {year}", year=str(flow.years[place])), align="right", digits=0)
                for place in some
            ),
        )
        title: Words = text(
            "{option}: cash flow by year, in {currency}",
            option=option_name(option),
            currency=unit_words(currency_of(evaluation)),
        )
        if start:
            title = text("{title}, continued", title=title)
        yield Table(
            title,
            columns,
            tuple(_line(name, line, some) for name, line in lines),
            f"{key}-{start // _YEARS_ABREAST + 1}",
            continues=2 if start else 0,
            worth=worth,
        )


def _keyed(flow: CashFlow) -> Iterator[tuple[str, CashFlowLine]]:
    """The lines with their letters, or with the names of those that worksheet 16 lacks."""
    for line in flow.worksheet():
        yield line.letter or _UNLETTERED[line.name.message], line


def _line(key: str, line: CashFlowLine, some: range) -> Row:
    cells = (line.letter or None, line.name, *(line.amounts[place] for place in some))
    return Row(cells, "total" if line.letter in _TOTALS else "body", key, _WORKINGS.get(key))


def _figures(evaluation: Evaluation, language: Language) -> list[Table]:
    """One table for what waste costs, one for the recommended set, one for each option that was appraised."""
    tables = []
    totals, together = evaluation.stream_totals, evaluation.selected
    if known(totals.total_cost):
        title = text("What waste costs a year")
        groups = [
            (stream_name(stream), _pruned([stream.total_cost], 3))
            for stream in evaluation.streams
            if known(stream.total_cost)
        ]
        tables.append(figure_table(title, _pruned([totals.total_cost], 0), language, "figures-cost", groups))
    if together is not None:
        figures = [together.payback, together.npv, together.irr, together.capital, together.net_saving]
        title = text("The recommended options together")
        tables.append(figure_table(title, _opened(figures), language, "figures-set"))
    for number, option in enumerate(evaluation.options, 1):
        economics = option.economics
        if economics is not None and (economics.capital.value or economics.net_saving.value):
            figures = [
                economics.payback,
                economics.npv,
                economics.irr,
                economics.capital,
                economics.net_saving,
            ]
            title = Text("{name}", {"name": option_name(option)})
            tables.append(figure_table(title, _opened(figures), language, f"figures-{number}"))
    return tables


def _opened(figures: list[Figure]) -> list[Figure]:
    """Payback with capital and saving below it, NPV, IRR; their yearly flows stand in the cash flow tables."""
    payback, npv, irr, *sums = figures
    return [*_pruned([payback] if known(payback) else sums, _DEPTH), *_pruned([npv, irr], 0)]


def _pruned(figures: list[Figure], depth: int) -> list[Figure]:
    """The figures with their inputs down to a depth; what does not exist is left out."""
    return [_cut(figure, depth) for figure in figures if known(figure)]


def _cut(figure: Figure, depth: int) -> Figure:
    if not figure.inputs:
        return figure
    return replace(figure, inputs=tuple(_cut(part, depth - 1) for part in figure.inputs) if depth else ())
