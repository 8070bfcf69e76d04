"""The years of a project on the screen: in short, or line by line as worksheet 16 has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openrecp.cli.console import Console
from openrecp.cli.economics.wide import money, wide_table
from openrecp.economics import CashFlow
from openrecp.economics.amounts import added, less
from openrecp.economics.cash_flow_lines import Line, LoanAccount
from openrecp.figures import unit_words
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the short table: its name and an amount for each year [money]."""

    name: Text
    amounts: Line


def short_columns(flow: CashFlow) -> tuple[Column, ...]:
    """The cash flow in few columns: what is paid and gained, which add up to the cash flow of the year.

    Columns in which there is nothing are left out.
    """
    bought = added(flow.total_capital, flow.replacements_deducted, flow.replacements_capitalised)
    parts = (
        Column(text("Investment"), less(flow.salvage, bought)),
        Column(text("Savings"), flow.net_savings),
        Column(text("Contract"), added(flow.contract_taxed, flow.contract_free)),
        Column(text("Grants"), added(flow.grants_taxed, flow.grants_free)),
        Column(text("Loans"), less(flow.loan_drawn, flow.interest, flow.principal)),
        Column(text("Tax"), less(flow.credit_used, flow.tax, flow.sale_tax)),
    )
    return tuple(column for column in parts if any(column.amounts))


def show_years(flow: CashFlow, console: Console) -> None:
    """The cash flow year by year in few columns."""
    console.heading(text("Cash flow after tax [{currency}]", currency=unit_words(flow.project.currency)))
    columns = [*short_columns(flow), Column(text("Cash flow"), flow.cash)]
    inflation = flow.project.prices.inflation
    columns.append(Column(text("NPV to date"), flow.cumulative_present_value))
    if inflation:
        columns.append(Column(text("Real"), flow.real_cash))
    rows = [
        (str(year), *(money(column.amounts[place]) for column in columns))
        for place, year in enumerate(flow.years)
    ]
    wide_table(console, [text("Year"), *(column.name for column in columns)], rows, 1)
    if len(flow.years) > flow.project.life + 1:
        console.line(text("  Year 0 is start-up; the years before it are construction."))
    if inflation:
        console.paragraph(
            text(
                "Real: the cash flow at the prices of year 0, without the inflation of {rate} % a year.",
                rate=round(100.0 * inflation, 4),
            )
        )
    if flow.project.prices.year is not None:
        console.paragraph(
            text("Amounts are entered at the prices of {year}.", year=str(flow.project.prices.year))
        )


def show_operating(flow: CashFlow, console: Console) -> None:
    """Savings and costs of each operating year, item by item."""
    project = flow.project
    console.heading(text("Operating savings and costs [{currency}]", currency=unit_words(project.currency)))
    headers: list[Text | str] = [text("Item"), *(str(year) for year in range(1, project.life + 1))]
    rows = [
        (console.say(line.name), *(money(amount) for amount in flow.operating[line.key][-project.life :]))
        for line in project.operating
    ]
    wide_table(console, headers, rows, 1)


def show_lines(flow: CashFlow, console: Console) -> None:
    """Every line of worksheet 16, and those that it lacks."""
    project = flow.project
    console.heading(
        text("Cash flow after tax, line by line [{currency}]", currency=unit_words(project.currency))
    )
    rows = [
        (line.letter, console.say(line.name), *map(money, line.amounts))
        for line in flow.worksheet()
        if line.letter or any(line.amounts)
    ]
    for name, amounts in _further_lines(flow):
        if any(amounts):
            rows.append(("", console.say(name), *map(money, amounts)))
    wide_table(console, ["", text("Line"), *map(str, flow.years)], rows, 2)


def _further_lines(flow: CashFlow) -> Iterator[tuple[Text, Line]]:
    """What is behind the lines: what is still open at the end of each year."""
    yield text("Losses still to be deducted"), flow.losses_open
    yield text("Tax credits still to be used"), flow.credit_open
    yield text("Tax credits lapsed"), flow.credit_lapsed
    if flow.project.prices.inflation:
        yield text("Cash flow at the prices of year 0"), flow.real_cash


def show_loans(flow: CashFlow, console: Console) -> None:
    """Every loan through its years: what is owed at the end, interest and principal paid."""
    for account in flow.loans:
        loan = account.loan
        console.heading(
            text(
                "{name}: {amount} {currency} at {rate} %, {terms} [{currency}]",
                name=loan.name,
                amount=round(account.amount),
                currency=unit_words(flow.project.currency),
                rate=round(loan.interest_rate * 100.0, 4),
                terms=loan.repayment,
            )
        )
        if loan.grace_years:
            console.line(
                text(
                    "  In the first {years} of its {term} years it pays {what}.",
                    years=loan.grace_years,
                    term=loan.years,
                    what=loan.grace,
                )
            )
        wide_table(
            console, ["", *map(str, _loan_years(flow, account))], _account_rows(flow, account, console), 1
        )


def _loan_years(flow: CashFlow, account: LoanAccount) -> list[int]:
    """The years in which anything is owed or paid."""
    return [
        year
        for year, *amounts in zip(
            flow.years, account.balance, account.interest, account.principal, strict=True
        )
        if any(amounts)
    ]


def _account_rows(flow: CashFlow, account: LoanAccount, console: Console) -> Sequence[Sequence[str]]:
    places = [flow.years.index(year) for year in _loan_years(flow, account)]
    lines = (
        (text("Interest"), account.interest),
        (text("Principal repaid"), account.principal),
        (text("Owed at the end of the year"), account.balance),
    )
    return [(console.say(name), *(money(amounts[place]) for place in places)) for name, amounts in lines]
