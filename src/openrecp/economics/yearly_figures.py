"""The cash flow of a year as a figure: every line of worksheet 16 with its formula and what went into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openrecp.economics.amounts import Amount
from openrecp.economics.cash_flow import CashFlow, year_name
from openrecp.economics.funding_figures import (
    capital_parts,
    drawn_formula,
    drawn_parts,
    grant_figures,
    interest_parts,
    repayment_parts,
)
from openrecp.economics.labels import as_text
from openrecp.economics.operating import OperatingItem
from openrecp.economics.tax_figures import (
    credit_parts,
    sale_formula,
    sale_parts,
    salvage_figures,
    tax_figure,
)
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


def year_figure(flow: CashFlow, column: int) -> Figure:
    """The cash flow of one year, down to the entries it comes from; ``column`` counts the years of the flow."""
    year = flow.years[column]
    return Figure(
        name=text("Cash flow, {year}", year=year_name(year, flow.project.construction_years)),
        value=float(flow.cash[column]),
        unit=flow.project.currency,
        formula=text(
            "net operating savings less interest, tax, repayment and capital, plus loans, grants and salvage"
        ),
        inputs=tuple(_year_parts(flow, column)),
    )


def _year_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    money, year = flow.project.currency, flow.years[column]
    if year > 0:
        yield _net_savings(flow, column)
    if year > 0 or flow.tax[column] or flow.grants_taxed[column] or flow.contract_taxed[column]:
        yield tax_figure(flow, column)
    parts: tuple[tuple[Text, Amount, Text, Iterable[Figure]], ...] = (
        (
            text("Tax credits used"),
            flow.credit_used[column],
            text("what is left of the credits, up to the tax of the year"),
            credit_parts(flow, column),
        ),
        (
            text("Interest on the loan"),
            -flow.interest[column],
            text("interest rate × balance before"),
            interest_parts(flow, column),
        ),
        (
            text("Repayment of the loan"),
            -flow.principal[column],
            text("what each loan repays this year, and in the last year what is still owed"),
            repayment_parts(flow, column),
        ),
        (
            text("Capital investment"),
            -flow.total_capital[column],
            text("capital spent this year, and at start-up the interest during construction"),
            capital_parts(flow, column),
        ),
        (text("Loan paid out"), flow.loan_drawn[column], drawn_formula(flow, year), drawn_parts(flow, year)),
        (
            text("Grants received"),
            flow.grants_taxed[column] + flow.grants_free[column],
            text("parts of the grants that are paid this year"),
            grant_figures(flow),
        ),
        (
            text("Payments under contract"),
            flow.contract_taxed[column] + flow.contract_free[column],
            text("what the contract says for the year; what is paid is negative"),
            _contract_parts(flow, year),
        ),
        (
            text("Replacement of parts"),
            -flow.replacements_deducted[column] - flow.replacements_capitalised[column],
            text("cost of the parts at the prices of the year"),
            _replaced_parts(flow, year),
        ),
        (
            text("Salvage value and working capital recovered"),
            flow.salvage[column],
            text("what the equipment fetches, and working capital where it comes back"),
            _recovered(flow),
        ),
        (
            text("Tax on the sale of the equipment"),
            -flow.sale_tax[column],
            sale_formula(flow),
            sale_parts(flow, column),
        ),
    )
    for name, amount, formula, inputs in parts:
        if amount:
            yield Figure(name, float(amount), money, formula, tuple(inputs))


def _net_savings(flow: CashFlow, column: int) -> Figure:
    return Figure(
        text("Net operating savings"),
        float(flow.net_savings[column]),
        flow.project.currency,
        text("sum of the operating items at the prices of the year"),
        tuple(_escalated(flow, column)),
    )


def _replaced_parts(flow: CashFlow, year: int) -> Iterator[Figure]:
    project = flow.project
    for part in project.replacements:
        if year in part.replaced_in(project.life):
            rate = project.nominal_escalation(part.escalation)
            factor = flow.conventions.escalation_factors(rate, year)[-1]
            yield Figure(
                as_text(part.name),
                float(flow.conventions.money(part.amount * factor)),
                project.currency,
                _risen(part.amount, rate, year),
                basis=Basis.ESTIMATED,
                source=part.source,
            )


def _risen(amount: Amount, rate: Amount, year: int) -> Text:
    return text(
        "{amount} entered × (1 + {rate} %) to the power of {year}",
        amount=round(float(amount), 2),
        rate=round(float(rate) * 100, 6),
        year=year,
    )


def _contract_parts(flow: CashFlow, year: int) -> Iterator[Figure]:
    for payment in flow.project.payments:
        for due, amount in payment.amounts:
            if due == year and amount:
                yield Figure(
                    as_text(payment.name),
                    float(amount),
                    flow.project.currency,
                    basis=Basis.ASSUMED,
                    source=payment.source,
                )


def _recovered(flow: CashFlow) -> Iterator[Figure]:
    project, money = flow.project, flow.project.currency
    yield from salvage_figures(flow)
    if flow.conventions.working_capital_recovered and project.working_capital:
        yield Figure(
            text("Working capital"),
            float(project.working_capital),
            money,
            basis=Basis.ESTIMATED,
            source=project.sources.get("working_capital"),
        )


def _escalated(flow: CashFlow, column: int) -> Iterator[Figure]:
    project, year = flow.project, flow.years[column]
    names = {line.key: as_text(line.name) for line in project.operating}
    for line in project.operating:
        if not isinstance(line, OperatingItem):
            formula = text(
                "{share} % of: {items}",
                share=round(float(line.share) * 100, 6),
                items=[names[key] for key in line.of],
            )
        elif line.runs_in(year):
            formula = _risen(line.annual_amount, project.nominal_escalation(line.escalation), year)
        else:
            formula = text(
                "comes in years {first} to {last} only",
                first=line.first_year,
                last=line.last_year or project.life,
            )
        amount = float(flow.operating[line.key][column])
        yield Figure(names[line.key], amount, project.currency, formula, (), line.basis, line.source)
