"""Equity and loan: how the capital is paid for.

Both modes share these conventions, which are those of the manual's appendix 8 (table 8.1):

- The loan is a share of the *total* capital, construction interest included.
- With a construction year, the loan is drawn when construction begins; its interest of that year is
  added to the loan and to the capital. From ``C = base + interest``, ``L = s C`` and
  ``interest = L i / (1 + i)`` follows ``C = base / (1 - s i / (1 + i))``.
- Principal is repaid in equal parts at the end of each operating year, with the interest on the
  balance at the beginning of that year.
- What is still owed when the project's life ends is repaid in its last year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Financing:
    """How the capital is paid for.

    Attributes
    ----------
    loan_share : float
        Part of the total capital that is borrowed, 0 to 1; the rest is equity.
    interest_rate : float
        Yearly interest of the loan, as a fraction.
    loan_years : int
        Number of equal yearly repayments [yr].
    interest_depreciable : bool
        Construction interest is added to the cost that is depreciated. Appendix 8 (8.2, item 3) does not;
        set it where tax law makes it part of the asset's cost.
    """

    loan_share: float = 0.0
    interest_rate: float = 0.0
    loan_years: int = 0
    interest_depreciable: bool = False

    @property
    def equity_share(self) -> float:
        """Part of the total capital paid from the firm's own means."""
        return 1.0 - self.loan_share


ALL_EQUITY: Final = Financing()


@dataclass(frozen=True, slots=True)
class Funding:
    """The capital and who pays for it [money].

    ``capital = base + construction_interest = loan + equity``; ``drawn`` is the loan paid out when the
    capital is spent, the loan without its construction interest.
    """

    base: float
    construction_interest: float
    capital: float
    loan: float
    equity: float

    @property
    def drawn(self) -> float:
        """Loan paid out when the capital is spent [money]."""
        return self.loan - self.construction_interest


def funding(
    base: float,
    financing: Financing,
    construction_years: int = 0,
    money: Callable[[float], float] = float,
) -> Funding:
    """Capital with construction interest, split into loan and equity.

    Parameters
    ----------
    base : float
        Fixed and working capital before interest [money].
    financing : Financing
    construction_years : int
        0, or 1 for a year of construction with interest.
    money : callable
        Rounding of amounts.

    Raises
    ------
    ValueError
        If the construction time is neither 0 nor 1 year.

    References
    ----------
    工業減廢評估, appendix 8, table 8.1:

    >>> found = funding(295_000, Financing(0.40, 0.13, 5), 1, round)
    >>> found.capital, found.construction_interest, found.loan, found.equity
    (309230, 14230, 123692, 185538)
    """
    if construction_years not in (0, 1):
        raise ValueError(f"construction time must be 0 or 1 year, not {construction_years}")
    share, rate = financing.loan_share, financing.interest_rate
    burden = share * rate / (1.0 + rate) if construction_years else 0.0
    capital = money(base / (1.0 - burden))
    loan = money(share * capital)
    return Funding(base, capital - base, capital, loan, capital - loan)


@dataclass(frozen=True, slots=True)
class LoanSchedule:
    """Opening balance, interest and principal of each operating year [money], equal lengths."""

    balance: tuple[float, ...]
    interest: tuple[float, ...]
    principal: tuple[float, ...]


def equal_principal_loan(
    loan: float,
    interest_rate: float,
    loan_years: int,
    life: int | None = None,
    money: Callable[[float], float] = float,
) -> LoanSchedule:
    """Repayment in equal parts of principal, interest on the opening balance.

    Parameters
    ----------
    loan : float
        Sum owed at start-up [money].
    interest_rate : float
        Yearly interest, as a fraction.
    loan_years : int
        Number of repayments [yr].
    life : int, optional
        Years of the schedule; the balance left in the last of them is repaid then. Default ``loan_years``.
    money : callable
        Rounding of amounts; the last repayment takes up the difference.

    Raises
    ------
    ValueError
        If there is a loan but no year to repay it in.

    References
    ----------
    工業減廢評估, appendix 8, table 8.3:

    >>> equal_principal_loan(123_692, 0.13, 5, money=round).interest
    (16080, 12864, 9648, 6432, 3216)
    """
    years = loan_years if life is None else life
    if loan and (loan_years < 1 or years < 1):
        raise ValueError("a loan needs at least 1 year of repayment")
    part = money(loan / loan_years) if loan else 0.0
    owed, balance, interest, principal = loan, [], [], []
    for year in range(1, years + 1):
        repaid = owed if year in (loan_years, years) else (part if year < loan_years else 0.0)
        balance.append(owed)
        interest.append(money(owed * interest_rate))
        principal.append(repaid)
        owed -= repaid
    return LoanSchedule(tuple(balance), tuple(interest), tuple(principal))
