"""How the capital is paid for, on the screen: own money, loans, grants and tax credits."""

from __future__ import annotations

from openrecp.cli.console import Console
from openrecp.economics import CashFlow, Grace, Loan
from openrecp.economics.funding_figures import grant_figures, loan_figures
from openrecp.figures import Figure, show
from openrecp.texts import Text, text


def show_paying(flow: CashFlow, console: Console) -> None:
    """Who pays, how much and on which terms; nothing where the owner pays all."""
    if not (flow.loans or flow.project.grants or flow.project.tax_credits):
        return
    console.heading(text("How it is paid for"))
    money = flow.project.currency
    rows = [(Figure(text("Own money at start-up"), float(flow.funding.equity), money), "")]
    for account, figure in zip(flow.loans, loan_figures(flow), strict=True):
        rows.append((figure, console.say(_loan_terms(account.loan))))
    for grant, figure in zip(flow.project.grants, grant_figures(flow), strict=True):
        rows.append((figure, console.say(text("taxed") if grant.taxable else text("not taxed"))))
    if flow.project.tax_credits:
        used = Figure(text("Tax credits used"), float(sum(flow.credit_used)), money)
        rows.append((used, _credit_terms(flow, console)))
    console.table(
        (text("Source"), text("Amount"), text("Terms")),
        [(console.say(figure.name), show(figure, console.language), terms) for figure, terms in rows],
        right=(1,),
        whole=True,
    )


def _loan_terms(loan: Loan) -> Text:
    values = {"rate": round(loan.interest_rate * 100.0, 4), "years": loan.years, "grace": loan.grace_years}
    if not loan.grace_years:
        return text("{rate} %, {years} years", **values)
    if loan.grace is Grace.INTEREST:
        return text("{rate} %, {years} years, {grace} of grace with interest alone", **values)
    return text("{rate} %, {years} years, {grace} of grace with no payment", **values)


def _credit_terms(flow: CashFlow, console: Console) -> str:
    lapsed = float(sum(flow.credit_lapsed))
    left = float(flow.credit_open[-1])
    if not lapsed and not left:
        return ""
    lost = Figure(text("Tax credits lapsed"), lapsed + left, flow.project.currency)
    return console.say(text("{amount} not used", amount=show(lost, console.language)))
