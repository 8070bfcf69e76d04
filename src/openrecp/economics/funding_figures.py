"""Loans and grants as figures: how much, from what, and what is paid in a year."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.economics.cash_flow_lines import CashFlow, LoanAccount
from openrecp.economics.grants import Grant
from openrecp.economics.labels import as_text
from openrecp.economics.loans import Repayment
from openrecp.economics.prices import PriceBasis
from openrecp.economics.project import Project
from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


def rate_figure(name: Text, rate: float, source: Where | Text | None = None) -> Figure:
    """A rate that was entered, in percent."""
    return Figure(name, rate * 100.0, "%", basis=Basis.ASSUMED, source=source)


def inflation_figure(project: Project) -> Figure:
    """The inflation, in percent."""
    return rate_figure(
        text("Inflation"), float(project.prices.inflation), project.sources.get("prices.inflation")
    )


def discount_rate_figure(project: Project, stated: Figure | None = None) -> Figure:
    """The rate that the cash flow is discounted at, in percent: as stated, or made nominal where that is real."""
    if stated is None:
        stated = rate_figure(
            text("Discount rate"), float(project.discount_rate), project.sources.get("discount_rate")
        )
    if project.prices.basis is PriceBasis.NOMINAL or stated.value is None:
        return stated
    return Figure(
        text("Discount rate with inflation"),
        100.0 * float(project.prices.nominal(float(stated.value) / 100.0)),
        "%",
        text("(1 + discount rate) × (1 + inflation) − 1"),
        (stated, inflation_figure(project)),
    )


def years_figure(name: Text, years: int, source: Where | Text | None = None) -> Figure:
    """A number of years that was entered."""
    return Figure(name, years, "yr", basis=Basis.ASSUMED, source=source)


def loan_figures(flow: CashFlow) -> tuple[Figure, ...]:
    """Every loan at start-up, with the share of the capital it is."""
    return tuple(_loan(flow, account) for account in flow.loans)


def _loan(flow: CashFlow, account: LoanAccount) -> Figure:
    money, loan, project = flow.project.currency, account.loan, flow.project
    name, amount = as_text(loan.name), float(account.amount)
    if loan.amount is not None:
        return Figure(name, amount, money, basis=Basis.ASSUMED, source=loan.source)
    source = loan.source or project.sources.get("financing.loan_share")
    inputs = [
        rate_figure(text("Loan share"), float(loan.share), source),
        Figure(text("Total capital investment"), float(flow.funding.capital), money),
    ]
    formula = text("loan share × total capital")
    if loan.limit is not None:
        formula = text("loan share × total capital, up to the limit")
        inputs.append(Figure(text("Most that is lent"), float(loan.limit), money, basis=Basis.ASSUMED))
    return Figure(name, amount, money, formula, tuple(inputs))


def drawn_formula(flow: CashFlow, year: int) -> Text:
    """How the loans that are paid out in a year are counted."""
    if flow.years[0] == 0:
        return text("sum of the loans")
    if year == 0:
        return text("interest during construction, which is added to the loan")
    if flow.project.construction_years == 1:
        return text("loan − its interest during construction")
    return text("(loans − their interest during construction) × part of the capital spent in the year")


def drawn_parts(flow: CashFlow, year: int) -> Iterator[Figure]:
    """The loans, their interest until start-up, and the part that is drawn in a year."""
    yield from loan_figures(flow)
    if flow.years[0] < 0:
        yield _interest_before(flow)
        if year < 0 and flow.project.construction_years > 1:
            yield _part_spent(flow, year)


def capital_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    """What of the capital is spent in a year."""
    money, year = flow.project.currency, flow.years[column]
    if flow.years[0] == 0:
        yield Figure(text("Total capital investment"), float(flow.funding.capital), money)
    elif year == 0:
        yield _interest_before(flow)
    else:
        yield Figure(text("Capital before construction interest"), float(flow.funding.base), money)
        yield _part_spent(flow, year)


def _interest_before(flow: CashFlow) -> Figure:
    interest = float(flow.funding.construction_interest)
    return Figure(text("Interest during construction"), interest, flow.project.currency)


def _part_spent(flow: CashFlow, year: int) -> Figure:
    share = flow.project.construction_spending[year - flow.years[0]]
    return rate_figure(
        text("Part of the capital spent in the year"), share, flow.project.sources.get("spending")
    )


def interest_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    """Rate and balance of every loan that bears interest in a year."""
    money, sources = flow.project.currency, flow.project.sources
    for account in flow.loans:
        if account.interest[column]:
            yield rate_figure(
                text("Interest on the loan"),
                float(account.loan.interest_rate),
                account.loan.source or sources.get("financing.interest_rate"),
            )
            yield Figure(
                text("Loan still owed"),
                float(account.balance[column - 1]),
                money,
                text("loan − repayments so far"),
            )


def repayment_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    """What each loan repays in a year, by its terms."""
    for account in flow.loans:
        if account.principal[column]:
            yield Figure(
                as_text(account.loan.name),
                float(account.principal[column]),
                flow.project.currency,
                _repayment_formula(flow, account, flow.years[column]),
                tuple(_terms(flow, account)),
            )


def _repayment_formula(flow: CashFlow, account: LoanAccount, year: int) -> Text:
    loan = account.loan
    if year in (loan.years, flow.project.life):
        return text("what is still owed")
    if year <= loan.grace_years:
        return text("interest that is not paid in the grace period is added to the loan")
    if loan.repayment is Repayment.ANNUITY:
        return text("equal payment L × i ÷ (1 − (1 + i)⁻ⁿ) − interest, n years of repayment left")
    return text("loan ÷ years of repayment")


def _terms(flow: CashFlow, account: LoanAccount) -> Iterator[Figure]:
    yield _loan(flow, account)
    loan, sources = account.loan, flow.project.sources
    source = loan.source or sources.get("financing.loan_years")
    yield years_figure(text("Term of the loan"), loan.years, source)
    if loan.grace_years:
        yield years_figure(text("Grace period"), loan.grace_years, source)


def grant_figures(flow: CashFlow) -> tuple[Figure, ...]:
    """Every grant, with what it is a share of."""
    return tuple(_grant(flow, grant) for grant in flow.project.grants)


def _grant(flow: CashFlow, grant: Grant) -> Figure:
    project, money = flow.project, flow.project.currency
    name, amount = as_text(grant.name), float(grant.granted(project.fixed_capital))
    if grant.amount is not None:
        return Figure(name, amount, money, basis=Basis.ASSUMED, source=grant.source)
    inputs = [
        rate_figure(text("Share granted"), float(grant.share), grant.source),
        Figure(text("Fixed capital investment"), float(project.fixed_capital), money),
    ]
    formula = text("share granted × fixed capital")
    if grant.limit is not None:
        formula = text("share granted × fixed capital, up to the limit")
        inputs.append(Figure(text("Most that is granted"), float(grant.limit), money, basis=Basis.ASSUMED))
    return Figure(name, amount, money, formula, tuple(inputs))
