"""Loans: what is owed, paid in interest and repaid each year.

All loans share these conventions:

- Interest is on the balance at the beginning of the year and is paid, with the principal, at its end.
- The term counts from start-up and holds the grace period: of 7 years with 2 years of grace, the principal is
  repaid in the last 5.
- What is still owed when the project's life ends is repaid in its last year.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount, chosen, is_nothing
from openrecp.economics.checks import number_out_of_range, years_out_of_range
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Choice, Text, text

_NAME: Final = text("Loan")


class Repayment(Choice):
    """How a loan is paid back."""

    EQUAL_PRINCIPAL = "equal-principal", text("equal parts of principal, interest on what is still owed")
    ANNUITY = "annuity", text("equal payments of principal and interest together")
    AT_END = "at-end", text("all principal at the end of the term")


class Grace(Choice):
    """What is paid during the grace period."""

    INTEREST = "interest", text("interest alone")
    NOTHING = "nothing", text("nothing: the interest is added to the loan")


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan towards the capital.

    Attributes
    ----------
    share : float
        Part of the total capital that is borrowed, 0 to 1; unused where ``amount`` is given.
    interest_rate : float
        Yearly interest, as a fraction.
    years : int
        Term from start-up, grace included [yr].
    repayment : Repayment
    grace_years : int
        Years from start-up in which no principal is repaid; fewer than ``years`` [yr].
    grace : Grace
    amount : float or None
        A fixed loan at start-up instead of a share [money].
    limit : float or None
        The most that is lent when the loan is a share [money].
    interest_from_startup : bool
        No interest is charged before start-up.
    market_rate : float or None
        What the loan would cost without a subsidy; shows what the lower rate is worth and changes nothing else.
    name : Text or str
    source : Where or Text or None
    """

    share: Amount = 0.0
    interest_rate: Amount = 0.0
    years: int = 0
    repayment: Repayment = Repayment.EQUAL_PRINCIPAL
    grace_years: int = 0
    grace: Grace = Grace.INTEREST
    amount: Amount | None = None
    limit: Amount | None = None
    market_rate: Amount | None = None
    name: Text | str = _NAME
    source: Where | Text | None = None
    interest_from_startup: bool = False

    def issues(self, where: Where) -> Iterator[Issue]:
        """What makes the loan impossible."""
        yield from number_out_of_range(where, "loan_share", self.share, 0.0, 1.0)
        yield from number_out_of_range(where, "interest_rate", self.interest_rate, 0.0, 10.0)
        for name, value in (("amount", self.amount), ("limit", self.limit)):
            if value is not None:
                yield from number_out_of_range(where, name, value, 0.0, math.inf)
        if self.market_rate is not None:
            yield from number_out_of_range(where, "market_rate", self.market_rate, 0.0, 10.0)
        if is_nothing(self.share) and self.amount is None:
            return
        yield from years_out_of_range(where, "loan_years", self.years)
        if self.years >= 1 and not 0 <= self.grace_years < self.years:
            yield problem(
                "grace-too-long",
                "{grace} years of grace leave no year of the loan's {years} to repay in; the term holds the grace "
                "period.",
                where=where,
                grace=self.grace_years,
                years=self.years,
            )

    def schedule(
        self, loan: Amount, life: int | None = None, money: Callable[[Amount], Amount] = lambda amount: amount
    ) -> LoanSchedule:
        """What is owed and paid each year when ``loan`` is owed at start-up; see `loan_schedule`."""
        return loan_schedule(
            loan,
            self.interest_rate,
            self.years,
            self.repayment,
            grace_years=self.grace_years,
            grace=self.grace,
            life=life,
            money=money,
        )


@dataclass(frozen=True, slots=True)
class LoanSchedule:
    """Opening balance, interest paid and principal repaid of each operating year [money], equal lengths.

    Interest that is added to the loan in a grace period counts as interest and as negative principal.
    """

    balance: tuple[Amount, ...]
    interest: tuple[Amount, ...]
    principal: tuple[Amount, ...]

    @property
    def closing_balance(self) -> tuple[Amount, ...]:
        """Owed at the end of each year [money]."""
        if not self.balance:
            return ()
        return (*self.balance[1:], self.balance[-1] - self.principal[-1])


def loan_schedule(
    loan: Amount,
    interest_rate: Amount,
    years: int,
    repayment: Repayment = Repayment.EQUAL_PRINCIPAL,
    *,
    grace_years: int = 0,
    grace: Grace = Grace.INTEREST,
    life: int | None = None,
    money: Callable[[Amount], Amount] = lambda amount: amount,
) -> LoanSchedule:
    """What is owed and paid in each year of a loan.

    Parameters
    ----------
    loan : float or array, shape (n,)
        Sum owed at start-up [money].
    interest_rate : float or array, shape (n,)
        Yearly interest, as a fraction.
    years : int
        Term from start-up, grace included [yr].
    repayment : Repayment
    grace_years : int
        Years without repayment of principal, fewer than ``years`` [yr].
    grace : Grace
        What is paid in those years.
    life : int, optional
        Years of the schedule; the balance left in the last of them is repaid then. Default ``years``.
    money : callable
        Rounding of amounts; the last repayment takes up the difference.

    Raises
    ------
    ValueError
        If there is a loan but no year to repay it in, or the grace period leaves none.

    References
    ----------
    工業減廢評估, appendix 8, table 8.3 (equal parts), and appendix 6, 4.4 and 4.5 (terms that hold the
    grace period; 4.1 to 4.3 leave it open):

    >>> loan_schedule(123_692, 0.13, 5, money=round).interest
    (16080, 12864, 9648, 6432, 3216)
    >>> [round(paid) for paid in loan_schedule(700, 0.10, 7, grace_years=2).principal]
    [0, 0, 140, 140, 140, 140, 140]
    """
    length = years if life is None else life
    if not is_nothing(loan) and (years < 1 or length < 1):
        raise ValueError("a loan needs at least 1 year of repayment")
    if grace_years and not 0 <= grace_years < years:
        raise ValueError(f"{grace_years} years of grace leave no year of {years} to repay in")
    owed, balance, interest, principal = loan, [], [], []
    start = None if repayment is Repayment.AT_END else loan
    part: Amount | None = None
    for year in range(1, length + 1):
        due = money(owed * interest_rate) if year <= years else 0.0
        if year in (years, length):
            repaid: Amount = owed
        elif year > years:
            repaid = 0.0
        elif year <= grace_years:
            repaid = -due if grace is Grace.NOTHING else 0.0
            start = None if start is None else owed - repaid
        elif start is None:
            repaid = 0.0
        elif repayment is Repayment.ANNUITY:
            repaid = money(annuity(owed, interest_rate, years - year + 1)) - due
        else:
            part = repaid = money(start / (years - grace_years)) if part is None else part
        balance.append(owed)
        interest.append(due)
        principal.append(repaid)
        # What is repaid to the last is nothing, for many options too: no rows of zeros are counted with.
        owed = 0.0 if repaid is owed else owed - repaid
    return LoanSchedule(tuple(balance), tuple(interest), tuple(principal))


def annuity(loan: Amount, interest_rate: Amount, years: int) -> Amount:
    """Equal yearly payment that pays interest and repays a loan.

    Parameters
    ----------
    loan : float or array, shape (n,)
        [money]
    interest_rate : float or array, shape (n,)
        Yearly, as a fraction; zero gives equal parts.
    years : int
        Number of payments [yr].

    Raises
    ------
    ValueError
        If there is no year to pay in.

    >>> round(annuity(10_000, 0.10, 5), 2)
    2637.97
    """
    if years < 1:
        raise ValueError(f"a loan needs at least 1 year of repayment, not {years}")
    growth = (1.0 + interest_rate) ** years
    free = growth == 1.0
    return chosen(free, loan / years, loan * interest_rate * growth / chosen(free, 1.0, growth - 1.0))
