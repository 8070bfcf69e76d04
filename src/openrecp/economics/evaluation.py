"""The figures a decision is made on, each with its formula and all that went into it."""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.economics.cash_flow import CashFlow, after_tax_cash_flow
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.funding_figures import discount_rate_figure, rate_figure
from openrecp.economics.labels import as_text
from openrecp.economics.merit_figures import merit_figures
from openrecp.economics.merit_results import MeritFigures
from openrecp.economics.merits import Merits
from openrecp.economics.operating import OperatingItem, annual_amounts, usual_year
from openrecp.economics.profitability import simple_payback
from openrecp.economics.project import Project
from openrecp.economics.yearly_figures import year_figure
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
    merits : MeritFigures
        The other measures: discounted payback, annual worth, ratios, levelised costs and more.
    """

    project: Project
    conventions: Conventions
    cash_flow: CashFlow
    payback: Figure
    npv: Figure
    irr: Figure
    total_capital: Figure
    annual_net_saving: Figure
    merits: MeritFigures

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in the order in which they are shown: payback first."""
        first = (self.payback, self.npv, self.irr, self.total_capital, self.annual_net_saving)
        return first + self.merits.figures


def evaluate_project(project: Project, conventions: Conventions = TEXTBOOK) -> Evaluation:
    """Payback, net present value, internal rate and the other measures of merit of a project, as figures.

    The numbers alone, of one project or of many, are in `openrecp.economics.merits`.

    Parameters
    ----------
    project : Project
    conventions : Conventions
        `TEXTBOOK` or `EPA_1988`.
    """
    flow = after_tax_cash_flow(project, conventions)
    capital = _total_capital(flow)
    saving = _annual_net_saving(project)
    years = tuple(year_figure(flow, column) for column in range(len(flow.years)))
    npv, irr = _npv_figure(flow, years), _irr_figure(flow, years)
    return Evaluation(
        project=project,
        conventions=conventions,
        cash_flow=flow,
        payback=payback_figure(capital, saving),
        npv=npv,
        irr=irr,
        total_capital=capital,
        annual_net_saving=saving,
        merits=merit_figures(Merits(flow), npv, irr, saving),
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
    project = flow.project
    base = Figure(
        text("Capital before construction interest"),
        float(flow.funding.base),
        project.currency,
        formula=text("sum of the capital items and working capital"),
    )
    rates = tuple(
        figure
        for account in flow.loans
        for figure in (
            rate_figure(
                text("Loan share"),
                float(account.amount / flow.funding.capital),
                account.loan.source or project.sources.get("financing.loan_share"),
            ),
            rate_figure(
                text("Interest on the loan"),
                float(account.loan.interest_rate),
                account.loan.source or project.sources.get("financing.interest_rate"),
            ),
        )
    )
    one_year = len(flow.loans) == 1 and project.construction_years == 1 and flow.loans[0].loan.amount is None
    formula = (
        text("K ÷ (1 − s × i ÷ (1 + i)) − K, with capital K before interest, loan share s, interest i")
        if one_year
        else text(
            "sum over the loans of loan − what was drawn, each part growing by the interest until start-up"
        )
    )
    return Figure(
        name=text("Interest during construction"),
        value=float(flow.funding.construction_interest),
        unit=project.currency,
        formula=formula,
        inputs=(base, *rates),
    )


def _annual_net_saving(project: Project) -> Figure:
    amounts = annual_amounts(project.operating, project.life)
    year = usual_year(project.operating, project.life)
    parts: dict[str, Figure] = {}
    for line in project.operating:
        formula: Text | None = None
        inputs: tuple[Figure, ...] = ()
        if not isinstance(line, OperatingItem):
            formula = text("{share} % of the items below", share=round(line.share * 100, 6))
            inputs = tuple(parts[key] for key in line.of)
        elif not line.runs_in(year):
            formula = text(
                "no part of a usual year: it comes in years {first} to {last}",
                first=line.first_year,
                last=line.last_year or project.life,
            )
            inputs = (Figure(as_text(line.name), line.annual_amount, project.currency),)
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
    return Figure(
        name=text("Net present value"),
        value=flow.net_present_value,
        unit=project.currency,
        formula=text("sum of cash flow ÷ (1 + discount rate)ⁿ, n years after the first one"),
        inputs=(discount_rate_figure(project), *years),
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
