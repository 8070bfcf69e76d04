"""Depreciation of the capital a tax office lets a firm write off.

Schedules write off the whole cost; what the equipment still fetches at the end is taxed as a gain
over its book value when it is sold (`openrecp.economics.cash_flow`).
"""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.economics.conventions import StraightLineSwitch
from openrecp.texts import Choice, text


class DepreciationMethod(Choice):
    """How the cost is spread over the years."""

    STRAIGHT_LINE = "straight-line", text("Straight line")
    DECLINING_BALANCE = "declining-balance", text("Declining balance, changing to the straight line")


@dataclass(frozen=True, slots=True)
class Depreciation:
    """How the depreciable capital is written off.

    Attributes
    ----------
    method : DepreciationMethod
    life : int
        Years over which the cost is written off [yr].
    factor : float
        Multiple of the straight-line rate; 2 is the double declining balance. Unused by the straight line.
    """

    method: DepreciationMethod
    life: int
    factor: float = 2.0

    def schedule(self, cost: float, switch: StraightLineSwitch) -> tuple[float, ...]:
        """Depreciation of years 1 to ``life`` [money]."""
        if self.method is DepreciationMethod.STRAIGHT_LINE:
            return straight_line(cost, self.life)
        return declining_balance(cost, self.life, self.factor, switch)


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
    if life < 1:
        raise ValueError(f"depreciation life must be at least 1 year, not {life}")
    return (cost / life,) * life


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
    if life < 1:
        raise ValueError(f"depreciation life must be at least 1 year, not {life}")
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
