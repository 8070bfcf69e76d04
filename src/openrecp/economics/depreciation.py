"""Depreciation of the capital a tax office lets a firm write off.

Schedules write off the whole cost; what the equipment still fetches at the end is taxed as a gain
over its book value when it is sold (`openrecp.economics.cash_flow`). Every method is a list of yearly
shares of the cost, so that one list serves one option and many.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount
from openrecp.economics.checks import years_out_of_range
from openrecp.economics.conventions import StraightLineSwitch
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Choice, text

# Published tables are printed to a hundredth of a percent.
SHARES_TOLERANCE: Final = 5e-4
_TWO_YEARS: Final = 2


class DepreciationMethod(Choice):
    """How the cost is spread over the years."""

    STRAIGHT_LINE = "straight-line", text("Straight line")
    DECLINING_BALANCE = "declining-balance", text("Declining balance, changing to the straight line")
    SUM_OF_YEARS = "sum-of-years", text("Sum of the years' digits")
    TWO_YEAR = "two-year", text("Accelerated: written off in two years")
    TABLE = "table", text("Yearly shares as given")


@dataclass(frozen=True, slots=True)
class Depreciation:
    """How the depreciable capital is written off.

    Attributes
    ----------
    method : DepreciationMethod
    life : int
        Years over which the cost is written off [yr]. Unused by the two-year method and by a table.
    factor : float
        Multiple of the straight-line rate; 2 is the double declining balance. Used by the declining balance alone.
    shares : tuple of float
        Shares of the cost in years 1, 2, ... for `DepreciationMethod.TABLE`; they add up to 1.

    References
    ----------
    Two years for equipment against water or air pollution: 工業減廢評估, appendix 6, 5.1, item 3 (所得稅法第五十一條).
    """

    method: DepreciationMethod
    life: int = 0
    factor: float = 2.0
    shares: tuple[float, ...] = ()

    def issues(self, where: Where) -> Iterator[Issue]:
        """What makes the depreciation impossible."""
        if self.method is DepreciationMethod.TABLE:
            total = math.fsum(self.shares)
            if not self.shares or min(self.shares) < 0 or abs(total - 1.0) > SHARES_TOLERANCE:
                yield problem(
                    "depreciation-shares",
                    "The yearly shares of depreciation add up to {total} %; they must be at least 0 and add up to "
                    "100 %.",
                    where=where,
                    total=round(100.0 * total, 4),
                )
        elif self.method is not DepreciationMethod.TWO_YEAR:
            yield from years_out_of_range(where, "depreciation.life", self.life)
        if not (math.isfinite(self.factor) and self.factor > 0):
            yield problem(
                "depreciation-factor",
                "The declining-balance factor must be above zero; 2 is the double declining balance.",
                where=where,
            )

    @property
    def years(self) -> int:
        """Years over which the cost is written off [yr]."""
        if self.method is DepreciationMethod.TWO_YEAR:
            return _TWO_YEARS
        return len(self.shares) if self.method is DepreciationMethod.TABLE else self.life

    def yearly_shares(self, switch: StraightLineSwitch) -> tuple[float, ...]:
        """Shares of the cost written off in years 1 to `years`; they add up to 1."""
        match self.method:
            case DepreciationMethod.TABLE:
                return given_shares(1.0, self.shares)
            case DepreciationMethod.SUM_OF_YEARS:
                return sum_of_years(1.0, self.life)
            case DepreciationMethod.DECLINING_BALANCE:
                return declining_balance(1.0, self.life, self.factor, switch)
            case _:
                return straight_line(1.0, self.years)

    def schedule(self, cost: Amount, switch: StraightLineSwitch) -> tuple[Amount, ...]:
        """Depreciation of years 1 to `years` [money]."""
        return tuple(cost * share for share in self.yearly_shares(switch))


def straight_line(cost: float, life: int) -> tuple[float, ...]:
    """Equal shares of the cost.

    Parameters
    ----------
    cost : float
        Depreciable cost [money].
    life : int
        Depreciation life [yr].

    Returns
    -------
    tuple of float, length ``life``
        Depreciation of each year [money].

    Raises
    ------
    ValueError
        If the life is not at least one year.

    >>> straight_line(300, 3)
    (100.0, 100.0, 100.0)
    """
    _check_life(life)
    return (cost / life,) * life


def sum_of_years(cost: float, life: int) -> tuple[float, ...]:
    """Shares that fall by equal steps: the years left, over the sum of the years' digits.

    Parameters
    ----------
    cost : float
        Depreciable cost [money].
    life : int
        Depreciation life [yr].

    Returns
    -------
    tuple of float, length ``life``
        Depreciation of each year [money]; sums to the cost.

    Raises
    ------
    ValueError
        If the life is not at least one year.

    >>> sum_of_years(15_000, 5)
    (5000.0, 4000.0, 3000.0, 2000.0, 1000.0)
    """
    _check_life(life)
    digits = life * (life + 1) / 2
    return tuple(cost * (life - year) / digits for year in range(life))


def given_shares(cost: float, shares: Sequence[float]) -> tuple[float, ...]:
    """Yearly shares from a table, such as those of a tax office; the last takes up the table's rounding.

    Parameters
    ----------
    cost : float
        Depreciable cost [money].
    shares : sequence of float
        Fractions of the cost in years 1, 2, ...

    Raises
    ------
    ValueError
        If there is no share, one is negative, or they do not add up to 1 within 0.05 %.

    References
    ----------
    IRS Publication 946, table A-1, 3-year property:

    >>> [round(amount, 2) for amount in given_shares(1000, (0.3333, 0.4445, 0.1481, 0.0741))]
    [333.3, 444.5, 148.1, 74.1]
    """
    if not shares or min(shares) < 0 or abs(math.fsum(shares) - 1.0) > SHARES_TOLERANCE:
        raise ValueError(f"yearly shares must be at least 0 and add up to 1, not {math.fsum(shares)}")
    *first, _ = shares
    return tuple(cost * share for share in (*first, 1.0 - math.fsum(first)))


def declining_balance(
    cost: float,
    life: int,
    factor: float = 2.0,
    switch: StraightLineSwitch = StraightLineSwitch.REMAINING_BOOK,
) -> tuple[float, ...]:
    """Declining balance that changes to the straight line as soon as that writes off more.

    Parameters
    ----------
    cost : float
        Depreciable cost [money].
    life : int
        Depreciation life [yr].
    factor : float
        Multiple of the straight-line rate (2 for the double declining balance).
    switch : StraightLineSwitch
        ``REMAINING_BOOK`` compares with the book value over the remaining life, as textbooks and
        IRS Publication 946 do; ``ORIGINAL_COST`` with the original cost over the whole life, as the
        manual's appendix 8 does, and may finish early.

    Returns
    -------
    tuple of float, length ``life``
        Depreciation of each year [money]; sums to the cost.

    Raises
    ------
    ValueError
        If the life is not at least one year or the factor is not above zero.

    References
    ----------
    工業減廢評估, appendix 8, table 8.3 (290,000 over 7 years):

    >>> [round(d) for d in declining_balance(290_000, 7, 2, StraightLineSwitch.ORIGINAL_COST)]
    [82857, 59184, 42274, 41429, 41429, 22828, 0]
    """
    _check_life(life)
    if factor <= 0:
        raise ValueError(f"declining-balance factor must be above 0, not {factor}")
    book, years = cost, []
    for year in range(life):
        line = book / (life - year) if switch is StraightLineSwitch.REMAINING_BOOK else cost / life
        # A cost below zero (a credit) declines by the same rule towards zero.
        written = min(abs(book), max(factor / life * abs(book), abs(line)))
        written = written if book >= 0 else -written
        years.append(written)
        book -= written
    return tuple(years)


def _check_life(life: int) -> None:
    if life < 1:
        raise ValueError(f"depreciation life must be at least 1 year, not {life}")
