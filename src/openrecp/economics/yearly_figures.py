"""The cash flow of a year as a figure: every line of worksheet 16 with its formula and what went into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openrecp.economics.amounts import Amount
from openrecp.economics.cash_flow import CashFlow, taxable_gain, year_name
from openrecp.economics.conventions import StraightLineSwitch
from openrecp.economics.depreciation import DepreciationMethod
from openrecp.economics.funding_figures import (
    grant_figures,
    interest_parts,
    loan_figures,
    rate_figure,
    repayment_parts,
    years_figure,
)
from openrecp.economics.labels import as_text
from openrecp.economics.operating import OperatingItem
from openrecp.economics.taxes import Losses
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
        yield _tax_figure(flow, column)
    parts: tuple[tuple[Text, Amount, Text, Iterable[Figure]], ...] = (
        (
            text("Tax credits used"),
            flow.credit_used[column],
            text("what is left of the credits, up to the tax of the year"),
            _credit_parts(flow, column),
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
        (text("Capital investment"), -flow.total_capital[column], text("capital spent this year"), ()),
        (text("Loan paid out"), flow.loan_drawn[column], _drawn(flow, year), loan_figures(flow)),
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
            text("tax rate × gain over the book value; a loss lowers other tax"),
            _sale_parts(flow, column),
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


def _drawn(flow: CashFlow, year: int) -> Text:
    if flow.years[0] == 0:
        return text("loan share × total capital")
    if year < 0:
        return text("loan − its interest during construction")
    return text("interest during construction, which is added to the loan")


def _credit_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    project = flow.project
    for credit in project.tax_credits:
        yield rate_figure(as_text(credit.name), float(credit.rate), credit.source)
    before = flow.credit_open[column - 1] if column else 0.0
    yield Figure(text("Credits still open before"), float(before), project.currency)
    yield Figure(
        text("Income tax"),
        float(flow.tax[column] + flow.sale_tax[column]),
        project.currency,
        text("tax of the year before credits"),
    )
    if project.other_tax:
        yield Figure(
            text("Tax of other income"), float(project.other_tax), project.currency, basis=Basis.ESTIMATED
        )


def _replaced_parts(flow: CashFlow, year: int) -> Iterator[Figure]:
    for part in flow.project.replacements:
        if year in part.replaced_in(flow.project.life):
            yield Figure(
                as_text(part.name),
                float(part.amount),
                flow.project.currency,
                basis=Basis.ESTIMATED,
                source=part.source,
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
    yield from _salvage_figures(flow)
    if flow.conventions.working_capital_recovered and project.working_capital:
        yield Figure(
            text("Working capital"),
            float(project.working_capital),
            money,
            basis=Basis.ESTIMATED,
            source=project.sources.get("working_capital"),
        )


def _salvage_figures(flow: CashFlow) -> Iterator[Figure]:
    project, money = flow.project, flow.project.currency
    if project.salvage or not project.residual_value:
        source = project.sources.get("salvage")
        yield Figure(
            text("Salvage value"), float(project.salvage), money, basis=Basis.ESTIMATED, source=source
        )
    for item in project.capital:
        if item.residual:
            name = text("Residual value of {item}", item=item.name)
            yield Figure(name, float(item.residual), money, basis=Basis.ESTIMATED, source=item.source)


def _sale_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    project, money, book = flow.project, flow.project.currency, float(flow.book_value[column])
    kept = project.fixed_capital - project.depreciable_capital
    parts = [
        *_salvage_figures(flow),
        Figure(text("Book value"), book, money, text("cost − depreciation so far")),
    ]
    formula = text("salvage value − book value")
    if kept > 0:
        parts.append(Figure(text("Capital that is not depreciated"), float(kept), money))
        formula = text(
            "salvage value − book value; a gain is lessened by the capital that is not depreciated"
        )
    yield _tax_rate(flow)
    gain = float(taxable_gain(project, book))
    yield Figure(text("Gain on the sale"), gain, money, formula, tuple(parts))


def _tax_rate(flow: CashFlow) -> Figure:
    return rate_figure(
        text("Income tax rate"), float(flow.project.tax_rate), flow.project.sources.get("tax_rate")
    )


def _tax_figure(flow: CashFlow, column: int) -> Figure:
    project, money = flow.project, flow.project.currency
    parts = [
        Figure(text("Net operating savings"), float(flow.net_savings[column]), money),
        Figure(text("Interest on the loan"), float(flow.interest[column]), money),
        _depreciation(flow, column),
    ]
    formula = text("net operating savings − interest − depreciation")
    if flow.grants_taxed[column] or flow.replacements_deducted[column]:
        parts += [
            Figure(text("Grants that are taxed"), float(flow.grants_taxed[column]), money),
            Figure(
                text("Replaced parts, deducted at once"), float(flow.replacements_deducted[column]), money
            ),
        ]
        formula = text(
            "net operating savings − interest − depreciation + grants that are taxed − replaced parts"
        )
    if flow.contract_taxed[column]:
        parts.append(Figure(text("Payments under contract"), float(flow.contract_taxed[column]), money))
        formula = text("{formula} + payments under contract", formula=formula)
    inputs = [
        _tax_rate(flow),
        Figure(text("Taxable income"), float(flow.taxable_income[column]), money, formula, tuple(parts)),
    ]
    how = text("tax rate × taxable income; a loss lowers other tax")
    if project.losses is Losses.CARRIED_FORWARD:
        how = text("tax rate × (taxable income − losses of earlier years), not below zero")
        inputs.append(
            Figure(text("Losses of earlier years deducted"), float(flow.losses_used[column]), money)
        )
    return Figure(text("Income tax"), -float(flow.tax[column]) or 0.0, money, how, tuple(inputs))


def _depreciation(flow: CashFlow, column: int) -> Figure:
    project, money = flow.project, flow.project.currency
    written, name, amount = project.depreciation, text("Depreciation"), float(flow.depreciation[column])
    mixed = any(item.depreciation for item in project.capital) or any(
        part.depreciation for part in project.replacements
    )
    if not amount or (written is None and not mixed):
        return Figure(name, amount, money)
    start = len(flow.years) - project.life - 1
    cost = Figure(text("Cost that is depreciated"), float(flow.book_value[start]), money)
    if mixed or written is None:
        return Figure(name, amount, money, text("each part of the capital by its own method"), (cost,))
    life = years_figure(text("Depreciation life"), written.years, project.sources.get("depreciation.life"))
    book = Figure(
        text("Book value"), float(flow.book_value[column - 1]), money, text("cost − depreciation so far")
    )
    match written.method:
        case DepreciationMethod.SUM_OF_YEARS:
            formula, inputs = text("cost × years left ÷ sum of the years' digits"), (cost, life)
        case DepreciationMethod.TABLE:
            share = written.shares[flow.years[column] - 1]
            formula = text("cost × share of the year in the table")
            inputs = (cost, rate_figure(text("Share of the year"), share))
        case DepreciationMethod.DECLINING_BALANCE:
            straight = (
                text("book value ÷ years left")
                if flow.conventions.switch is StraightLineSwitch.REMAINING_BOOK
                else text("cost ÷ depreciation life")
            )
            formula = text("the larger of book value × factor ÷ depreciation life and {line}", line=straight)
            factor = Figure(text("Declining balance factor"), written.factor, basis=Basis.ASSUMED)
            return Figure(name, amount, money, formula, (cost, life, factor, book))
        case _:
            formula, inputs = text("cost ÷ depreciation life"), (cost, life)
    return Figure(name, amount, money, formula, inputs)


def _escalated(flow: CashFlow, column: int) -> Iterator[Figure]:
    project, year = flow.project, flow.years[column]
    for line in project.operating:
        if isinstance(line, OperatingItem):
            rate = float(project.nominal_escalation(line.escalation))
            formula = text(
                "amount entered × (1 + {rate} %) to the power of {year}", rate=round(rate * 100, 6), year=year
            )
        else:
            formula = text("{share} % of the items it depends on", share=round(float(line.share) * 100, 6))
        amount = float(flow.operating[line.key][column])
        yield Figure(as_text(line.name), amount, project.currency, formula, (), line.basis, line.source)
