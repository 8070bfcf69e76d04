"""The lines of a cash flow, in the order and with the letters of worksheet 16.

Lines A to Q keep the letters and signs of worksheet 16: lines marked "-" there are amounts to be
subtracted and are positive here. What the worksheet lacks is added without a letter: the loan paid out, grants,
replaced parts, losses of earlier years, tax credits, the tax on the sale of the equipment, and working capital
that comes back (within line D, as note 2 of the worksheet says).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from openrecp.economics.amounts import Amount, added, chosen, is_many, is_nothing, less, magnitude
from openrecp.economics.conventions import Conventions, StraightLineSwitch
from openrecp.economics.depreciation import Depreciation
from openrecp.economics.financing import Funding
from openrecp.economics.loans import Loan
from openrecp.economics.operating import yearly_amounts
from openrecp.economics.profitability import InternalRate, internal_rate_of_return, net_present_value
from openrecp.economics.project import Project
from openrecp.economics.taxes import EarnedCredit
from openrecp.texts import Text, text

Line = tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class LoanAccount:
    """One loan through the years of the cash flow [money]: owed at the end of each, interest and principal paid."""

    loan: Loan
    amount: Amount
    balance: Line
    interest: Line
    principal: Line


@dataclass(frozen=True, slots=True)
class Asset:
    """What is depreciated: the year in which it is bought (0 is start-up), its cost [money], and how."""

    year: int
    cost: Amount
    depreciation: Depreciation | None

    def yearly_shares(self, switch: StraightLineSwitch) -> Iterator[tuple[int, float]]:
        """Years of the cash flow and the share of the cost written off in each."""
        shares = () if self.depreciation is None else self.depreciation.yearly_shares(switch)
        return enumerate(shares, self.year + 1)


@dataclass(frozen=True)
class CashFlow:
    """Every line of the cash flow, one value a year of ``years`` [money].

    Attributes
    ----------
    years : tuple of int
        Operating years 1 to life, before them year 0 and perhaps years of construction, from -1 down.
    fixed_capital, working_capital : tuple of float
        Lines A and B; line A holds the construction interest.
    salvage : tuple of float
        Line D, with the working capital that comes back.
    net_savings : tuple of float
        Line E, the sum of the operating lines.
    interest, tax, principal : tuple of float
        Lines F, I and L; line K repeats G, line M repeats C and line N repeats D.
    grants_taxed, grants_free : tuple of float
        Grants that count as income, and those that do not.
    contract_taxed, contract_free : tuple of float
        Payments under contract, negative where they are paid: within taxable income, and others.
    replacements_deducted, replacements_capitalised : tuple of float
        Replaced parts that are an expense of the year, and those that are depreciated.
    losses_used, losses_open : tuple of float
        Losses of earlier years deducted from the taxable income, and those still open.
    credit_used, credit_open, credit_lapsed : tuple of float
        Investment tax credits taken off the tax, still open, and lapsed.
    loan_drawn, sale_tax : tuple of float
        Loan paid out; tax on the gain of salvage over book value, negative for a loss.
    cash : tuple of float
        Line O.
    loan_balance : tuple of float
        Owed at the end of each year.
    bought, written : tuple of float
        Cost of what is depreciated, bought until the end of each year; depreciation of each year, unrounded.
    loans : tuple of LoanAccount
    assets : tuple of Asset
    earned : tuple of EarnedCredit
    """

    project: Project
    conventions: Conventions
    funding: Funding
    years: tuple[int, ...]
    fixed_capital: Line
    working_capital: Line
    salvage: Line
    net_savings: Line
    interest: Line
    tax: Line
    principal: Line
    grants_taxed: Line
    grants_free: Line
    contract_taxed: Line
    contract_free: Line
    replacements_deducted: Line
    replacements_capitalised: Line
    losses_used: Line
    losses_open: Line
    credit_used: Line
    credit_open: Line
    credit_lapsed: Line
    loan_drawn: Line
    sale_tax: Line
    cash: Line
    loan_balance: Line
    bought: Line
    written: Line
    loans: tuple[LoanAccount, ...]
    assets: tuple[Asset, ...]
    earned: tuple[EarnedCredit, ...]

    @cached_property
    def operating(self) -> Mapping[str, Line]:
        """Escalated amount of each operating line by key [money]."""
        project = self.project
        before = (0.0,) * (len(self.years) - project.life)
        yearly = yearly_amounts(project.operating, project.life, project.nominal_escalation, self.conventions)
        return {key: before + amounts for key, amounts in yearly.items()}

    @cached_property
    def total_capital(self) -> Line:
        """Line C [money]."""
        return added(self.fixed_capital, self.working_capital)

    @cached_property
    def depreciation(self) -> Line:
        """Line G, as shown [money]."""
        return tuple(self.conventions.money(amount) for amount in self.written)

    @cached_property
    def taxable_income(self) -> Line:
        """Line H [money]."""
        gained = added(self.net_savings, self.grants_taxed, self.contract_taxed)
        return less(gained, self.interest, self.replacements_deducted, self.depreciation)

    @cached_property
    def profit(self) -> Line:
        """Line J [money]."""
        return less(added(self.taxable_income, self.credit_used), self.tax)

    @cached_property
    def book_value(self) -> Line:
        """Not yet written off at the end of each year [money]."""
        # The schedule runs on unrounded book values; only what is shown of each year is rounded.
        return tuple(
            self.conventions.money(remaining_book(spent, done))
            for spent, done in zip(self.bought, accumulate(self.written), strict=True)
        )

    @cached_property
    def net_present_value(self) -> Amount:
        """Present value of all years, at the first of them [money]."""
        return net_present_value(self.project.nominal_discount_rate, self.cash)

    @cached_property
    def present_value(self) -> Line:
        """Line P: the cash flow of each year, discounted to the first of them [money]."""
        growth = 1.0 + self.project.nominal_discount_rate
        return tuple(amount / growth**t for t, amount in enumerate(self.cash))

    @cached_property
    def cumulative_present_value(self) -> Line:
        """Line Q; its last is the net present value [money]."""
        return tuple(accumulate(self.present_value))

    @cached_property
    def real_cash(self) -> Line:
        """The cash flow at the prices of year 0 [money]."""
        growth = 1.0 + self.project.prices.inflation
        return tuple(amount / growth**year for year, amount in zip(self.years, self.cash, strict=True))

    @cached_property
    def internal_rate(self) -> InternalRate:
        """Internal rate of one option; many have `openrecp.economics.profitability.internal_rates_of_return`.

        Raises
        ------
        ValueError
            If the cash flow is that of many options.
        """
        return internal_rate_of_return(self._of_one())

    def internal_rates(self) -> tuple[InternalRate, ...]:
        """Internal rate if the project ended with each year, as the last line of tables 8.3 and 8.4."""
        cash = self._of_one()
        return tuple(internal_rate_of_return(cash[: end + 1]) for end in range(len(cash)))

    def _of_one(self) -> tuple[float, ...]:
        if is_many(*self.cash):
            raise ValueError("this is the cash flow of many options; find their rates together")
        return tuple(float(amount) for amount in self.cash)

    def worksheet(self) -> tuple[CashFlowLine, ...]:
        """The lines in the order of worksheet 16; those without a letter only where there is something in them."""
        return tuple(line for line in self._lines() if line.letter or any(map(_something, line.amounts)))

    def _lines(self) -> Iterator[CashFlowLine]:
        yield CashFlowLine("A", text("Fixed capital investment"), self.fixed_capital)
        yield CashFlowLine("B", text("+ Working capital"), self.working_capital)
        yield CashFlowLine("C", text("Total capital investment"), self.total_capital)
        yield CashFlowLine("D", text("Salvage value and working capital recovered"), self.salvage)
        yield CashFlowLine("E", text("Net operating savings"), self.net_savings)
        yield CashFlowLine("F", text("− Interest on the loan"), self.interest)
        yield CashFlowLine("G", text("− Depreciation"), self.depreciation)
        yield CashFlowLine("", text("+ Grants that are taxed"), self.grants_taxed)
        yield CashFlowLine("", text("Contract payments, deductible (− paid)"), self.contract_taxed)
        yield CashFlowLine("", text("− Replaced parts, deducted at once"), self.replacements_deducted)
        yield CashFlowLine("H", text("Taxable income"), self.taxable_income)
        yield CashFlowLine("", text("Losses of earlier years deducted from it"), self.losses_used)
        yield CashFlowLine("I", text("− Income tax"), self.tax)
        yield CashFlowLine("", text("+ Tax credits used"), self.credit_used)
        yield CashFlowLine("J", text("After-tax profit"), self.profit)
        yield CashFlowLine("K", text("+ Depreciation"), self.depreciation)
        yield CashFlowLine("L", text("− Repayment of loan principal"), self.principal)
        yield CashFlowLine("M", text("− Capital investment (line C)"), self.total_capital)
        yield CashFlowLine("", text("+ Loan paid out"), self.loan_drawn)
        yield CashFlowLine("", text("+ Grants that are not taxed"), self.grants_free)
        yield CashFlowLine("", text("Contract payments, not deductible (− paid)"), self.contract_free)
        yield CashFlowLine(
            "", text("− Parts replaced or bought later, depreciated"), self.replacements_capitalised
        )
        yield CashFlowLine("N", text("+ Salvage value (line D)"), self.salvage)
        yield CashFlowLine("", text("− Tax on the sale of the equipment"), self.sale_tax)
        yield CashFlowLine("O", text("Cash flow"), self.cash)
        yield CashFlowLine("P", text("Present value of cash flow"), self.present_value)
        yield CashFlowLine("Q", text("Net present value to date"), self.cumulative_present_value)


@dataclass(frozen=True, slots=True)
class CashFlowLine:
    """A line of worksheet 16: its letter (empty if the worksheet lacks it), name, value each year."""

    letter: str
    name: Text
    amounts: Line


def remaining_book(bought: Amount, written: Amount) -> Amount:
    """Book value without the noise of its rounding [money]."""
    book = bought - written
    return chosen(magnitude(book) <= 1e-12 * magnitude(bought), 0.0, book)


def _something(amount: Amount) -> bool:
    return not is_nothing(amount)


def year_name(year: int, construction_years: int = 1) -> Text:
    """What a year of the cash flow is called.

    >>> str(year_name(1))
    'Year 1'
    """
    if year > 0:
        return text("Year {year}", year=year)
    if year == 0:
        return text("Start-up (year 0)")
    if year == -1 and construction_years <= 1:
        return text("Start of construction")
    return text("Construction, year {year}", year=f"−{-year}")
