"""After-tax cash flow of a project, line by line as worksheet 16 of the manual has it.

Lines A to Q keep the letters and signs of worksheet 16: lines marked "-" there are amounts to be
subtracted and are positive here. Three lines that the worksheet lacks are added: the loan paid out,
the tax on the sale of the equipment, and working capital that comes back (within line D, as note 2
of the worksheet says).

Every amount counts at the end of its year. Year 0 is start-up. With a construction year the capital
is spent in year -1, when construction begins, under conventions that discount that year; otherwise
in year 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.financing import Funding, LoanSchedule, equal_principal_loan, funding
from openrecp.economics.investment import Project
from openrecp.economics.operating import yearly_amounts
from openrecp.economics.profitability import InternalRate, internal_rate_of_return, net_present_value
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Every line of the cash flow, one value a year of ``years`` [money].

    Attributes
    ----------
    years : tuple of int
        Operating years 1 to life, before them year 0 and perhaps -1.
    operating : Mapping[str, tuple of float]
        Escalated amount of each operating line by key.
    fixed_capital, working_capital, total_capital : tuple of float
        Lines A, B, C; line A holds the construction interest.
    salvage : tuple of float
        Line D, with the working capital that comes back.
    net_savings : tuple of float
        Line E, the sum of the operating lines.
    interest, depreciation, taxable_income, tax, profit : tuple of float
        Lines F, G, H, I, J; line K repeats G, line M repeats C and line N repeats D.
    principal : tuple of float
        Line L.
    loan_drawn, sale_tax : tuple of float
        Loan paid out; tax on the gain of salvage over book value, negative for a loss.
    cash : tuple of float
        Line O.
    present_value, cumulative_present_value : tuple of float
        Lines P and Q; the last of Q is the net present value.
    loan_balance, book_value : tuple of float
        Owed, and not yet written off, at the end of each year.
    internal_rate : InternalRate
    """

    project: Project
    conventions: Conventions
    funding: Funding
    years: tuple[int, ...]
    operating: Mapping[str, tuple[float, ...]]
    fixed_capital: tuple[float, ...]
    working_capital: tuple[float, ...]
    total_capital: tuple[float, ...]
    salvage: tuple[float, ...]
    net_savings: tuple[float, ...]
    interest: tuple[float, ...]
    depreciation: tuple[float, ...]
    taxable_income: tuple[float, ...]
    tax: tuple[float, ...]
    profit: tuple[float, ...]
    principal: tuple[float, ...]
    loan_drawn: tuple[float, ...]
    sale_tax: tuple[float, ...]
    cash: tuple[float, ...]
    present_value: tuple[float, ...]
    cumulative_present_value: tuple[float, ...]
    loan_balance: tuple[float, ...]
    book_value: tuple[float, ...]
    internal_rate: InternalRate

    @property
    def net_present_value(self) -> float:
        """Present value of all years, at the first of them [money]."""
        return net_present_value(self.project.discount_rate, self.cash)

    def internal_rates(self) -> tuple[InternalRate, ...]:
        """Internal rate if the project ended with each year, as the last line of tables 8.3 and 8.4."""
        return tuple(internal_rate_of_return(self.cash[: end + 1]) for end in range(len(self.cash)))

    def worksheet(self) -> tuple[CashFlowLine, ...]:
        """The lines in the order of worksheet 16."""
        return (
            CashFlowLine("A", text("Fixed capital investment"), self.fixed_capital),
            CashFlowLine("B", text("+ Working capital"), self.working_capital),
            CashFlowLine("C", text("Total capital investment"), self.total_capital),
            CashFlowLine("D", text("Salvage value and working capital recovered"), self.salvage),
            CashFlowLine("E", text("Net operating savings"), self.net_savings),
            CashFlowLine("F", text("− Interest on the loan"), self.interest),
            CashFlowLine("G", text("− Depreciation"), self.depreciation),
            CashFlowLine("H", text("Taxable income"), self.taxable_income),
            CashFlowLine("I", text("− Income tax"), self.tax),
            CashFlowLine("J", text("After-tax profit"), self.profit),
            CashFlowLine("K", text("+ Depreciation"), self.depreciation),
            CashFlowLine("L", text("− Repayment of loan principal"), self.principal),
            CashFlowLine("M", text("− Capital investment (line C)"), self.total_capital),
            CashFlowLine("", text("+ Loan paid out"), self.loan_drawn),
            CashFlowLine("N", text("+ Salvage value (line D)"), self.salvage),
            CashFlowLine("", text("− Tax on the sale of the equipment"), self.sale_tax),
            CashFlowLine("O", text("Cash flow"), self.cash),
            CashFlowLine("P", text("Present value of cash flow"), self.present_value),
            CashFlowLine("Q", text("Net present value to date"), self.cumulative_present_value),
        )


@dataclass(frozen=True, slots=True)
class CashFlowLine:
    """A line of worksheet 16: its letter (empty if the worksheet lacks it), name, value each year."""

    letter: str
    name: Text
    amounts: tuple[float, ...]


def year_name(year: int) -> Text:
    """What a year of the cash flow is called.

    >>> str(year_name(1))
    'Year 1'
    """
    if year > 0:
        return text("Year {year}", year=year)
    if year == 0:
        return text("Start-up (year 0)")
    return text("Start of construction")


def after_tax_cash_flow(project: Project, conventions: Conventions = TEXTBOOK) -> CashFlow:
    """Cash flow of the owner of a project: after tax and after the loan is served.

    Parameters
    ----------
    project : Project
    conventions : Conventions
        `TEXTBOOK` or `EPA_1988`.

    References
    ----------
    工業減廢評估, worksheet 16 and appendix 8, tables 8.2-8.4.
    """
    money, life = conventions.money, project.life
    base = project.fixed_capital + project.working_capital
    paid = funding(base, project.financing, project.construction_years, money)
    operating = yearly_amounts(project.operating, life, project.escalation, conventions)
    savings = [sum(amounts[year] for amounts in operating.values()) for year in range(life)]
    loan = equal_principal_loan(
        paid.loan, project.financing.interest_rate, project.financing.loan_years, life, money
    )
    written, book = _written_off(project, paid, conventions)
    depreciation, taxable, tax = _taxed(project, savings, loan.interest, written, conventions)
    sold = project.salvage + (project.working_capital if conventions.working_capital_recovered else 0.0)
    gain = taxable_gain(project, book[-1]) if conventions.salvage_taxed else 0.0
    sale_tax = money(project.tax_rate * gain)
    at_end = [0.0] * (life - 1)
    early = (-1,) if conventions.construction_year_discounted and project.construction_years else ()
    start = _Start(len(early) + 1, paid, project.working_capital)
    lines = {
        "fixed_capital": start.fixed_capital() + [0.0] * life,
        "working_capital": start.first(project.working_capital) + [0.0] * life,
        "salvage": start.nothing() + at_end + [sold],
        "net_savings": start.nothing() + savings,
        "interest": start.nothing() + list(loan.interest),
        "depreciation": start.nothing() + depreciation,
        "taxable_income": start.nothing() + taxable,
        "tax": start.nothing() + tax,
        "principal": start.nothing() + list(loan.principal),
        "loan_drawn": start.loan_drawn() + [0.0] * life,
        "sale_tax": start.nothing() + at_end + [sale_tax],
        "book_value": start.book_value(_depreciable(project, paid)) + book,
        "loan_balance": start.loan_balance() + _closing_balance(loan),
    }
    return _assembled(project, conventions, paid, (*early, 0, *range(1, life + 1)), operating, lines)


def taxable_gain(project: Project, book: float) -> float:
    """What the salvage value brings above the book value, negative for a loss [money].

    Capital that may not be written off, such as land, is recovered before there is a gain; no loss is claimed
    on it, since what is not sold keeps its value.

    Parameters
    ----------
    project : Project
    book : float
        What is not yet written off when the project ends [money].
    """
    gain = project.salvage - book
    kept = project.fixed_capital - project.depreciable_capital
    return gain - min(max(kept, 0.0), max(gain, 0.0))


def _taxed(
    project: Project,
    savings: Sequence[float],
    interest: Sequence[float],
    written: Sequence[float],
    conventions: Conventions,
) -> tuple[list[float], list[float], list[float]]:
    """Depreciation as shown, taxable income and tax of each operating year."""
    money = conventions.money
    before = [saved - paid for saved, paid in zip(savings, interest, strict=True)]
    depreciation = [money(amount) for amount in written]
    taxable = [amount - shown for amount, shown in zip(before, depreciation, strict=True)]
    # Depreciation moves no cash, so it is rounded for showing only; appendix 8 comes out either way.
    tax = [money(project.tax_rate * (amount - exact)) for amount, exact in zip(before, written, strict=True)]
    return depreciation, taxable, tax


@dataclass(frozen=True, slots=True)
class _Start:
    """What stands in the years before operation: one column, or two with a discounted construction."""

    columns: int
    paid: Funding
    working: float

    def nothing(self) -> list[float]:
        return [0.0] * self.columns

    def first(self, amount: float) -> list[float]:
        return [amount] + [0.0] * (self.columns - 1)

    def _grown(self, spent: float) -> list[float]:
        interest = self.paid.construction_interest
        return [spent, interest] if self.columns == 2 else [spent + interest]

    def fixed_capital(self) -> list[float]:
        return self._grown(self.paid.base - self.working)

    def loan_drawn(self) -> list[float]:
        return self._grown(self.paid.drawn)

    def loan_balance(self) -> list[float]:
        return [self.paid.drawn, self.paid.loan] if self.columns == 2 else [self.paid.loan]

    def book_value(self, depreciable: float) -> list[float]:
        return [depreciable] * self.columns


def _assembled(
    project: Project,
    conventions: Conventions,
    paid: Funding,
    years: tuple[int, ...],
    operating: Mapping[str, tuple[float, ...]],
    lines: Mapping[str, Sequence[float]],
) -> CashFlow:
    """The lines that follow from others, by the arithmetic of worksheet 16."""
    given = {name: tuple(amounts) for name, amounts in lines.items()}
    capital = _sum(given["fixed_capital"], given["working_capital"])
    profit = _difference(given["taxable_income"], given["tax"])
    gained = _sum(profit, given["depreciation"], given["loan_drawn"], given["salvage"])
    cash = _difference(gained, _sum(given["principal"], capital, given["sale_tax"]))
    present = tuple(amount / (1 + project.discount_rate) ** t for t, amount in enumerate(cash))
    before = (0.0,) * (len(years) - project.life)
    return CashFlow(
        project=project,
        conventions=conventions,
        funding=paid,
        years=years,
        operating={key: before + amounts for key, amounts in operating.items()},
        total_capital=capital,
        profit=profit,
        cash=cash,
        present_value=present,
        cumulative_present_value=tuple(accumulate(present)),
        internal_rate=internal_rate_of_return(cash),
        **given,
    )


def _depreciable(project: Project, paid: Funding) -> float:
    interest = paid.construction_interest if project.financing.interest_depreciable else 0.0
    return project.depreciable_capital + interest


def _written_off(
    project: Project, paid: Funding, conventions: Conventions
) -> tuple[list[float], list[float]]:
    """Unrounded depreciation of each operating year, and the book value at its end."""
    cost = _depreciable(project, paid)
    schedule: tuple[float, ...] = ()
    if project.depreciation is not None:
        schedule = project.depreciation.schedule(cost, conventions.switch)
    padded = [*schedule, *([0.0] * project.life)][: project.life]
    # The schedule runs on unrounded book values; only what is shown of each year is rounded.
    book = [conventions.money(_no_noise(cost - done, cost)) for done in accumulate(padded)]
    return padded, book


def _no_noise(amount: float, beside: float) -> float:
    return amount if abs(amount) > 1e-12 * abs(beside) else 0.0


def _closing_balance(loan: LoanSchedule) -> list[float]:
    return [owed - repaid for owed, repaid in zip(loan.balance, loan.principal, strict=True)]


def _sum(*lines: Sequence[float]) -> tuple[float, ...]:
    return tuple(sum(column) for column in zip(*lines, strict=True))


def _difference(line: Sequence[float], less: Sequence[float]) -> tuple[float, ...]:
    return tuple(a - b for a, b in zip(line, less, strict=True))
