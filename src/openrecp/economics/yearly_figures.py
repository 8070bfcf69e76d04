"""The cash flow of a year as a figure: every line of worksheet 16 with its formula and what went into it."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.economics.cash_flow import CashFlow, taxable_gain, year_name
from openrecp.economics.conventions import StraightLineSwitch
from openrecp.economics.depreciation import DepreciationMethod
from openrecp.economics.labels import as_text
from openrecp.economics.operating import OperatingItem
from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


def rate_figure(name: Text, rate: float, source: Where | Text | None = None) -> Figure:
    """A rate that was entered, in percent."""
    return Figure(name, rate * 100.0, "%", basis=Basis.ASSUMED, source=source)


def year_figure(flow: CashFlow, column: int) -> Figure:
    """The cash flow of one year, down to the entries it comes from; ``column`` counts the years of the flow."""
    year = flow.years[column]
    return Figure(
        name=text("Cash flow, {year}", year=year_name(year)),
        value=flow.cash[column],
        unit=flow.project.currency,
        formula=text(
            "net operating savings less interest, tax, repayment and capital, plus loan and salvage"
        ),
        inputs=tuple(_year_parts(flow, column)),
    )


def _year_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    money, year = flow.project.currency, flow.years[column]
    if year > 0:
        yield _net_savings(flow, column)
        yield _tax_figure(flow, column)
    loan = _loan(flow)
    simple: tuple[tuple[Text, float, Text, tuple[Figure, ...]], ...] = (
        (
            text("Interest on the loan"),
            -flow.interest[column],
            text("interest rate × balance before"),
            tuple(_interest_parts(flow, column)),
        ),
        (
            text("Repayment of the loan"),
            -flow.principal[column],
            text("loan ÷ years of repayment, and in the last year what is still owed"),
            (loan, _years_figure(text("Years of repayment"), flow.project.financing.loan_years)),
        ),
        (text("Capital investment"), -flow.total_capital[column], text("capital spent this year"), ()),
        (text("Loan paid out"), flow.loan_drawn[column], _drawn(flow, year), (loan,)),
        (
            text("Salvage value and working capital recovered"),
            flow.salvage[column],
            text("what the equipment fetches, and working capital where it comes back"),
            tuple(_recovered(flow)),
        ),
        (
            text("Tax on the sale of the equipment"),
            -flow.sale_tax[column],
            text("tax rate × gain over the book value; a loss lowers other tax"),
            (_tax_rate(flow), _sale_gain(flow, column)),
        ),
    )
    for name, amount, formula, inputs in simple:
        if amount:
            yield Figure(name, amount, money, formula, inputs)


def _net_savings(flow: CashFlow, column: int) -> Figure:
    return Figure(
        text("Net operating savings"),
        flow.net_savings[column],
        flow.project.currency,
        text("sum of the operating items at the prices of the year"),
        tuple(_escalated(flow, column)),
    )


def _loan(flow: CashFlow) -> Figure:
    share = rate_figure(
        text("Loan share"),
        flow.project.financing.loan_share,
        flow.project.sources.get("financing.loan_share"),
    )
    money = flow.project.currency
    capital = Figure(text("Total capital investment"), flow.funding.capital, money)
    return Figure(
        text("Loan"), flow.funding.loan, money, text("loan share × total capital"), (share, capital)
    )


def _drawn(flow: CashFlow, year: int) -> Text:
    if flow.years[0] == 0:
        return text("loan share × total capital")
    if year < 0:
        return text("loan − its interest during construction")
    return text("interest during construction, which is added to the loan")


def _interest_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    rate, sources = flow.project.financing.interest_rate, flow.project.sources
    yield rate_figure(text("Interest on the loan"), rate, sources.get("financing.interest_rate"))
    yield Figure(
        text("Loan still owed"),
        flow.loan_balance[column - 1],
        flow.project.currency,
        text("loan − repayments so far"),
    )


def _recovered(flow: CashFlow) -> Iterator[Figure]:
    project, money = flow.project, flow.project.currency
    amounts = [("salvage", text("Salvage value"), project.salvage)]
    if flow.conventions.working_capital_recovered:
        amounts.append(("working_capital", text("Working capital"), project.working_capital))
    for key, name, amount in amounts:
        if amount:
            yield Figure(name, amount, money, basis=Basis.ESTIMATED, source=project.sources.get(key))


def _sale_gain(flow: CashFlow, column: int) -> Figure:
    project, money, book = flow.project, flow.project.currency, flow.book_value[column]
    kept = project.fixed_capital - project.depreciable_capital
    parts = [
        Figure(
            text("Salvage value"),
            project.salvage,
            money,
            basis=Basis.ESTIMATED,
            source=project.sources.get("salvage"),
        ),
        Figure(text("Book value"), book, money, text("cost − depreciation so far")),
    ]
    formula = text("salvage value − book value")
    if kept > 0:
        parts.append(Figure(text("Capital that is not depreciated"), kept, money))
        formula = text(
            "salvage value − book value; a gain is lessened by the capital that is not depreciated"
        )
    return Figure(text("Gain on the sale"), taxable_gain(project, book), money, formula, tuple(parts))


def _tax_rate(flow: CashFlow) -> Figure:
    return rate_figure(text("Income tax rate"), flow.project.tax_rate, flow.project.sources.get("tax_rate"))


def _years_figure(name: Text, years: int, source: Where | Text | None = None) -> Figure:
    return Figure(name, years, "yr", basis=Basis.ASSUMED, source=source)


def _tax_figure(flow: CashFlow, column: int) -> Figure:
    money = flow.project.currency
    parts = [
        Figure(text("Net operating savings"), flow.net_savings[column], money),
        Figure(text("Interest on the loan"), flow.interest[column], money),
        _depreciation(flow, column),
    ]
    taxable = Figure(
        text("Taxable income"),
        flow.taxable_income[column],
        money,
        text("net operating savings − interest − depreciation"),
        tuple(parts),
    )
    return Figure(
        name=text("Income tax"),
        value=-flow.tax[column] or 0.0,
        unit=money,
        formula=text("tax rate × taxable income; a loss lowers other tax"),
        inputs=(_tax_rate(flow), taxable),
    )


def _depreciation(flow: CashFlow, column: int) -> Figure:
    project, money = flow.project, flow.project.currency
    written, name, amount = project.depreciation, text("Depreciation"), flow.depreciation[column]
    if written is None or not amount:
        return Figure(name, amount, money)
    before = flow.book_value[column - 1]
    start = len(flow.years) - project.life - 1
    parts = [
        Figure(text("Cost that is depreciated"), flow.book_value[start], money),
        _years_figure(text("Depreciation life"), written.life, project.sources.get("depreciation.life")),
    ]
    if written.method is DepreciationMethod.STRAIGHT_LINE:
        return Figure(name, amount, money, text("cost ÷ depreciation life"), tuple(parts))
    factor = Figure(text("Declining balance factor"), written.factor, basis=Basis.ASSUMED)
    straight = (
        text("book value ÷ years left")
        if flow.conventions.switch is StraightLineSwitch.REMAINING_BOOK
        else text("cost ÷ depreciation life")
    )
    return Figure(
        name,
        amount,
        money,
        text("the larger of book value × factor ÷ depreciation life and {line}", line=straight),
        (*parts, factor, Figure(text("Book value"), before, money, text("cost − depreciation so far"))),
    )


def _escalated(flow: CashFlow, column: int) -> Iterator[Figure]:
    project, year = flow.project, flow.years[column]
    for line in project.operating:
        if isinstance(line, OperatingItem):
            rate = project.escalation if line.escalation is None else line.escalation
            formula = text(
                "amount entered × (1 + {rate} %) to the power of {year}", rate=round(rate * 100, 6), year=year
            )
        else:
            formula = text("{share} % of the items it depends on", share=round(line.share * 100, 6))
        amount = flow.operating[line.key][column]
        yield Figure(as_text(line.name), amount, project.currency, formula, (), line.basis, line.source)
