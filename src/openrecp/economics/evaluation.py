"""The figures a decision is made on, each with its formula and all that went into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openrecp.economics.cash_flow import CashFlow, after_tax_cash_flow, year_name
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.investment import Project
from openrecp.economics.labels import as_text
from openrecp.economics.operating import OperatingItem, annual_amounts
from openrecp.economics.profitability import simple_payback
from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a project costs, saves and returns.

    Attributes
    ----------
    project : Project
    conventions : Conventions
    cash_flow : CashFlow
    payback : Figure
        Simple payback [yr], before tax; always shown first.
    npv : Figure
        Net present value after tax [money].
    irr : Figure
        Internal rate of return after tax [%].
    total_capital : Figure
        Fixed and working capital with construction interest [money].
    annual_net_saving : Figure
        Savings and revenues less costs, at the prices entered [money/yr].
    """

    project: Project
    conventions: Conventions
    cash_flow: CashFlow
    payback: Figure
    npv: Figure
    irr: Figure
    total_capital: Figure
    annual_net_saving: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in the order in which they are shown: payback first."""
        return (self.payback, self.npv, self.irr, self.total_capital, self.annual_net_saving)


def evaluate_project(project: Project, conventions: Conventions = TEXTBOOK) -> Evaluation:
    """Payback, net present value, internal rate, capital and saving of a project, as figures.

    Parameters
    ----------
    project : Project
    conventions : Conventions
        `TEXTBOOK` or `EPA_1988`.
    """
    flow = after_tax_cash_flow(project, conventions)
    capital = _total_capital(flow)
    saving = _annual_net_saving(project)
    years = tuple(_year_figure(flow, column) for column in range(len(flow.years)))
    return Evaluation(
        project=project,
        conventions=conventions,
        cash_flow=flow,
        payback=payback_figure(capital, saving),
        npv=_npv_figure(flow, years),
        irr=_irr_figure(flow, years),
        total_capital=capital,
        annual_net_saving=saving,
    )


def payback_figure(capital: Figure, annual_net_saving: Figure) -> Figure:
    """Simple payback as a figure [yr].

    Parameters
    ----------
    capital, annual_net_saving : Figure
        Must have values, in the same currency.

    Raises
    ------
    ValueError
        If one of them has no value.
    """
    if capital.value is None or annual_net_saving.value is None:
        raise ValueError("payback needs a capital and a saving")
    found = simple_payback(float(capital.value), float(annual_net_saving.value))
    return Figure(
        name=text("Simple payback"),
        value=found.years,
        unit="yr",
        formula=text("total capital ÷ annual net saving"),
        inputs=(capital, annual_net_saving),
        reason=found.reason,
    )


def rate_figure(name: Text, rate: float, source: Where | Text | None = None) -> Figure:
    """A rate that was entered, in percent."""
    return Figure(name, rate * 100.0, "%", basis=Basis.ASSUMED, source=source)


def _total_capital(flow: CashFlow) -> Figure:
    project, money = flow.project, flow.project.currency
    parts = [
        Figure(as_text(item.name), item.amount, money, basis=item.basis, source=item.source)
        for item in project.capital
    ]
    if project.working_capital:
        parts.append(
            Figure(
                text("Working capital"),
                project.working_capital,
                money,
                basis=Basis.ESTIMATED,
                source=project.sources.get("working_capital"),
            )
        )
    if flow.funding.construction_interest:
        parts.append(_construction_interest(flow))
    return Figure(
        name=text("Total capital investment"),
        value=flow.funding.capital,
        unit=money,
        formula=text("sum of the capital items, working capital and construction interest"),
        inputs=tuple(parts),
    )


def _construction_interest(flow: CashFlow) -> Figure:
    project, financing = flow.project, flow.project.financing
    sources = project.sources
    return Figure(
        name=text("Interest during construction"),
        value=flow.funding.construction_interest,
        unit=project.currency,
        formula=text(
            "K ÷ (1 − s × i ÷ (1 + i)) − K, with capital K before interest, loan share s, interest i"
        ),
        inputs=(
            Figure(
                text("Capital before construction interest"),
                flow.funding.base,
                project.currency,
                formula=text("sum of the capital items and working capital"),
            ),
            rate_figure(text("Loan share"), financing.loan_share, sources.get("financing.loan_share")),
            rate_figure(
                text("Interest on the loan"), financing.interest_rate, sources.get("financing.interest_rate")
            ),
        ),
    )


def _annual_net_saving(project: Project) -> Figure:
    amounts = annual_amounts(project.operating)
    parts: dict[str, Figure] = {}
    for line in project.operating:
        formula: Text | None = None
        inputs: tuple[Figure, ...] = ()
        if not isinstance(line, OperatingItem):
            formula = text("{share} % of the items below", share=round(line.share * 100, 6))
            inputs = tuple(parts[key] for key in line.of)
        parts[line.key] = Figure(
            as_text(line.name), amounts[line.key], project.currency, formula, inputs, line.basis, line.source
        )
    return Figure(
        name=text("Annual net saving"),
        value=sum(amounts.values()),
        unit=project.currency,
        formula=text("savings and revenues less costs of one year, before tax, at the prices entered"),
        inputs=tuple(parts.values()),
    )


def _npv_figure(flow: CashFlow, years: tuple[Figure, ...]) -> Figure:
    project = flow.project
    rate = rate_figure(text("Discount rate"), project.discount_rate, project.sources.get("discount_rate"))
    return Figure(
        name=text("Net present value"),
        value=flow.net_present_value,
        unit=project.currency,
        formula=text("sum of cash flow ÷ (1 + discount rate)ⁿ, n years after the first one"),
        inputs=(rate, *years),
    )


def _irr_figure(flow: CashFlow, years: tuple[Figure, ...]) -> Figure:
    rate = flow.internal_rate
    return Figure(
        name=text("Internal rate of return"),
        value=None if rate.value is None else rate.value * 100.0,
        unit="%",
        formula=text("the rate r at which the sum of cash flow ÷ (1 + r)ⁿ is zero"),
        inputs=years,
        reason=rate.reason,
    )


def _year_figure(flow: CashFlow, column: int) -> Figure:
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
        yield Figure(
            text("Net operating savings"),
            flow.net_savings[column],
            money,
            text("sum of the operating items at the prices of the year"),
            tuple(_escalated(flow, column)),
        )
        yield _tax_figure(flow, column)
    simple = (
        (text("Interest on the loan"), -flow.interest[column], text("interest rate × balance before")),
        (text("Repayment of the loan"), -flow.principal[column], text("loan ÷ years of repayment")),
        (text("Capital investment"), -flow.total_capital[column], text("capital spent this year")),
        (text("Loan paid out"), flow.loan_drawn[column], text("loan share × total capital")),
        (
            text("Salvage value and working capital recovered"),
            flow.salvage[column],
            text("what the equipment fetches, and working capital where it comes back"),
        ),
        (
            text("Tax on the sale of the equipment"),
            -flow.sale_tax[column],
            text("tax rate × (salvage value − book value)"),
        ),
    )
    for name, amount, formula in simple:
        if amount:
            yield Figure(name, amount, money, formula)


def _tax_figure(flow: CashFlow, column: int) -> Figure:
    project, money = flow.project, flow.project.currency
    return Figure(
        name=text("Income tax"),
        value=-flow.tax[column] or 0.0,
        unit=money,
        formula=text("tax rate × (net operating savings − interest − depreciation); a loss lowers other tax"),
        inputs=(
            rate_figure(text("Income tax rate"), project.tax_rate, project.sources.get("tax_rate")),
            Figure(text("Taxable income"), flow.taxable_income[column], money),
            Figure(text("Depreciation"), flow.depreciation[column], money),
        ),
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
