"""Equity and loans: how the capital is paid for.

Both modes share these conventions, which are those of the manual's appendix 8 (table 8.1):

- A loan is a share of the *total* capital, construction interest included, or a fixed amount.
- Loans are drawn as the capital is spent, at the beginning of each construction year; the interest until
  start-up is added to the loan and to the capital. With ``g`` the growth of a unit drawn until start-up,
  ``C = base + Σ (1 − 1 / g) L`` and ``L = s C``. For one loan and one year, ``C = base / (1 - s i / (1 + i))``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount, chosen, is_nothing, total
from openrecp.economics.loans import Loan


@dataclass(frozen=True, slots=True)
class Financing:
    """How the capital is paid for; what is not borrowed is equity.

    Attributes
    ----------
    loans : tuple of Loan
    interest_depreciable : bool
        Construction interest is added to the cost that is depreciated. Appendix 8 (8.2, item 3) does not;
        set it where tax law makes it part of the asset's cost.
    """

    loans: tuple[Loan, ...] = ()
    interest_depreciable: bool = False


ALL_EQUITY: Final = Financing()


@dataclass(frozen=True, slots=True)
class Funding:
    """The capital and who pays for it [money].

    Attributes
    ----------
    base : float
        Fixed and working capital before interest.
    capital : float
        With the construction interest.
    loans : tuple of float
        Owed on each loan at start-up.
    growth : tuple of float
        What a unit of each loan grows to between drawing and start-up.
    """

    base: Amount
    capital: Amount
    loans: tuple[Amount, ...] = ()
    growth: tuple[Amount, ...] = ()

    @property
    def construction_interest(self) -> Amount:
        """Interest until start-up, which is part of the capital [money]."""
        # Without construction the two are the same object, and many options need no row of zeros.
        return 0.0 if self.capital is self.base else self.capital - self.base

    @property
    def loan(self) -> Amount:
        """All loans together at start-up [money]."""
        return total(self.loans)

    @property
    def equity(self) -> Amount:
        """What the owner pays [money]."""
        return self.capital - self.loan

    @property
    def drawn(self) -> Amount:
        """Loans paid out: without their construction interest [money]."""
        return self.loan - self.construction_interest


def funding(
    base: Amount,
    financing: Financing,
    spending: Sequence[float] = (),
    money: Callable[[Amount], Amount] = lambda amount: amount,
) -> Funding:
    """Capital with construction interest, split into loans and equity.

    Parameters
    ----------
    base : float or array, shape (n,)
        Fixed and working capital before interest [money].
    financing : Financing
    spending : sequence of float
        Shares of the capital spent at the beginning of each construction year, adding up to 1; none when
        there is no construction.
    money : callable
        Rounding of amounts.

    References
    ----------
    工業減廢評估, appendix 8, table 8.1:

    >>> found = funding(295_000, Financing((Loan(0.40, 0.13, 5),)), (1.0,), round)
    >>> found.capital, found.construction_interest, found.loan, found.equity
    (309230, 14230, 123692, 185538)
    """
    growth = tuple(
        1.0 if loan.interest_from_startup else _growth(loan.interest_rate, spending)
        for loan in financing.loans
    )
    burdens = tuple(1.0 - 1.0 / each for each in growth)
    capital = money(_capital(base, financing.loans, burdens))
    owed = tuple(money(_lent(loan, capital)) for loan in financing.loans)
    return Funding(base, capital, owed, growth)


def _growth(rate: Amount, spending: Sequence[float]) -> Amount:
    """What a unit grows to when it is drawn as the capital is spent."""
    if not spending:
        return 1.0
    return total(share * (1.0 + rate) ** (len(spending) - year) for year, share in enumerate(spending))


def _lent(loan: Loan, capital: Amount) -> Amount:
    if loan.amount is not None:
        return loan.amount
    lent = loan.share * capital
    return lent if loan.limit is None else chosen(lent > loan.limit, loan.limit, lent)


def _capital(base: Amount, loans: Sequence[Loan], burdens: Sequence[Amount]) -> Amount:
    """The fixed point of ``C = base + Σ burden × lent(C)``.

    Each limit bends the right side down, so Newton's steps from the unlimited solution reach it exactly after at
    most one step more than there are limits.
    """
    if all(is_nothing(burden) for burden in burdens):
        return base
    fixed = total(
        burden * loan.amount for loan, burden in zip(loans, burdens, strict=True) if loan.amount is not None
    )
    capital: Amount = (base + fixed) / (1.0 - total(_slopes(loans, burdens, None)))
    limits = sum(1 for loan in loans if loan.limit is not None and loan.amount is None)
    for _ in range(limits + 1 if limits else 0):
        slope = total(_slopes(loans, burdens, capital))
        reached = base + total(
            burden * _lent(loan, capital) for loan, burden in zip(loans, burdens, strict=True)
        )
        capital = (reached - slope * capital) / (1.0 - slope)
    return capital


def _slopes(loans: Sequence[Loan], burdens: Sequence[Amount], capital: Amount | None) -> list[Amount]:
    """How much of each further unit of capital is added to it as interest."""
    slopes: list[Amount] = []
    for loan, burden in zip(loans, burdens, strict=True):
        if loan.amount is not None:
            slopes.append(0.0)
        elif loan.limit is None or capital is None:
            slopes.append(burden * loan.share)
        else:
            slopes.append(chosen(loan.share * capital > loan.limit, 0.0, burden * loan.share))
    return slopes
