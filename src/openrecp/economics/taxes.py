"""Income tax year by year: losses carried forward or used at once, and investment tax credits.

References
----------
Credits of 工業減廢評估, appendix 6, 5.1 item 2 and 5.4: a percentage of the cost of equipment or technology, against
the income tax of the year; what the tax of the year does not suffice for, in the following four years; the
purchases of a tax year must reach 600,000 TWD.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount, chosen, is_nothing, larger, smaller, total
from openrecp.economics.checks import number_out_of_range, years_out_of_range
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Choice, Text, text

_NAME: Final = text("Investment tax credit")


class Losses(Choice):
    """What a loss of a year does to the tax."""

    AT_ONCE = "at-once", text("used at once against the firm's other income")
    CARRIED_FORWARD = "carried-forward", text("carried forward to later years of the project")


@dataclass(frozen=True, slots=True)
class TaxCredit:
    """A share of the investment that is taken off the income tax.

    Attributes
    ----------
    rate : float
        Share of ``base``.
    base : float or None
        What the credit counts [money]; None for the capital that is depreciated, without interest.
    threshold : float
        No credit where the base is smaller [money].
    year : int
        Year of the cash flow whose tax it first lowers; 1 is the first operating year.
    carry_forward_years : int
        Further years in which what was left is used; then it lapses [yr].
    limit_share : float
        Part of a year's tax that the credit may take.
    """

    rate: Amount
    base: Amount | None = None
    threshold: float = 0.0
    year: int = 1
    carry_forward_years: int = 4
    limit_share: float = 1.0
    name: Text | str = _NAME
    source: Where | Text | None = None

    def issues(self, where: Where, first: int, last: int) -> Iterator[Issue]:
        """What makes the credit impossible in a cash flow from year ``first`` to ``last``."""
        yield from number_out_of_range(where, "rate", self.rate, 0.0, 1.0)
        yield from number_out_of_range(where, "limit_share", self.limit_share, 0.0, 1.0)
        yield from number_out_of_range(where, "threshold", self.threshold, 0.0, math.inf)
        yield from years_out_of_range(where, "carry_forward_years", self.carry_forward_years, 0)
        if self.base is not None:
            yield from number_out_of_range(where, "base", self.base, 0.0, math.inf)
        if not first <= self.year <= last:
            yield problem(
                "year-outside",
                "Year {year} of {name} lies outside the project, which runs from year {first} to {last}.",
                where=where,
                year=self.year,
                name=self.name,
                first=first,
                last=last,
            )

    def counted(self, depreciable_capital: Amount) -> Amount:
        """The cost that the credit is a share of [money]."""
        return depreciable_capital if self.base is None else self.base

    def earned(self, depreciable_capital: Amount) -> Amount:
        """The credit before any limit [money].

        >>> TaxCredit(0.20, threshold=600_000).earned(1_000_000)
        200000.0
        """
        base = self.counted(depreciable_capital)
        return chosen(base >= self.threshold, self.rate * base, 0.0) if self.threshold else self.rate * base


@dataclass(frozen=True, slots=True)
class EarnedCredit:
    """A credit with its amount [money], ``first``, the place of the year it first lowers, and the cost it counts [money]."""

    first: int
    amount: Amount
    credit: TaxCredit
    base: Amount = 0.0

    @property
    def last(self) -> int:
        """Place of the last year in which it is used."""
        return self.first + self.credit.carry_forward_years


@dataclass(frozen=True, slots=True)
class IncomeTax:
    """Tax of every year, before and after credits [money].

    Attributes
    ----------
    losses_used : tuple of float
        Earlier losses deducted from the taxable income of each year.
    losses_open : tuple of float
        Losses that can still be deducted after each year.
    tax : tuple of float
        Before credits and without the tax on the sale; negative where a loss lowers the firm's other tax.
    sale_tax : float
        Tax on the gain of the sale in the last year; negative where a loss lowers the tax.
    credit_used, credit_open, credit_lapsed : tuple of float
        Taken off the tax of each year; still open after it; lapsed with it.
    """

    losses_used: tuple[Amount, ...]
    losses_open: tuple[Amount, ...]
    tax: tuple[Amount, ...]
    sale_tax: Amount
    credit_used: tuple[Amount, ...]
    credit_open: tuple[Amount, ...]
    credit_lapsed: tuple[Amount, ...]


def income_tax(
    taxable: Sequence[Amount],
    rate: Amount,
    *,
    sale_gain: Amount = 0.0,
    losses: Losses = Losses.AT_ONCE,
    loss_years: int | None = None,
    earned: Sequence[EarnedCredit] = (),
    other_tax: Amount = 0.0,
    money: Callable[[Amount], Amount] = lambda amount: amount,
) -> IncomeTax:
    """Tax of each year of a cash flow.

    Parameters
    ----------
    taxable : sequence of float or array, length of the cash flow
        Taxable income of each year, negative for a loss [money].
    rate : float or array, shape (n,)
        Income tax, as a fraction.
    sale_gain : float or array, shape (n,)
        Gain of the sale of the equipment in the last year, negative for a loss [money].
    losses : Losses
    loss_years : int, optional
        Years for which a loss is carried forward; None without end [yr].
    earned : sequence of EarnedCredit
    other_tax : float or array, shape (n,)
        Yearly tax of the firm's other income, which credits may lower too [money/yr].
    money : callable
        Rounding of amounts.

    References
    ----------
    A credit of 100 against tax of 40 a year is used up in the third year:

    >>> found = income_tax([160.0] * 4, 0.25, earned=[EarnedCredit(0, 100.0, TaxCredit(0.2))])
    >>> found.credit_used, found.credit_open
    ((40.0, 40.0, 20.0, 0.0), (60.0, 20.0, 0.0, 0.0))
    """
    *before, last = taxable
    if losses is Losses.AT_ONCE:
        nothing: tuple[Amount, ...] = (0.0,) * len(taxable)
        used, still = nothing, nothing
        tax = tuple(money(rate * income) for income in taxable)
        sale_tax = money(rate * sale_gain)
    else:
        used, still = _carried_losses((*before, last + sale_gain), loss_years)
        tax = tuple(
            money(rate * larger(income - deducted, 0.0))
            for income, deducted in zip(taxable, used, strict=True)
        )
        # The sale pays what it adds to the tax of its year, or takes off it.
        sale_tax = money(rate * larger(last + sale_gain - used[-1], 0.0)) - tax[-1]
    payable = (*tax[:-1], tax[-1] + sale_tax)
    return IncomeTax(used, still, tax, sale_tax, *_credits(payable, earned, other_tax))


def _carried_losses(
    taxable: Sequence[Amount], loss_years: int | None
) -> tuple[tuple[Amount, ...], tuple[Amount, ...]]:
    """Losses deducted in, and open after, each year; the oldest are used first."""
    open_losses: list[tuple[int, Amount]] = []
    used: list[Amount] = []
    still: list[Amount] = []
    for year, income in enumerate(taxable):
        room = larger(income, 0.0)
        deducted: Amount = 0.0
        for place, (since, loss) in enumerate(open_losses):
            taken = smaller(loss, room - deducted)
            open_losses[place] = (since, loss - taken)
            deducted = deducted + taken
        open_losses.append((year, larger(-income, 0.0)))
        open_losses = [
            (since, loss)
            for since, loss in open_losses
            if not is_nothing(loss) and (loss_years is None or year - since < loss_years)
        ]
        used.append(deducted)
        still.append(total(loss for _, loss in open_losses))
    return tuple(used), tuple(still)


def _credits(
    tax: Sequence[Amount], earned: Sequence[EarnedCredit], other_tax: Amount
) -> tuple[tuple[Amount, ...], tuple[Amount, ...], tuple[Amount, ...]]:
    """Credits used in, open after and lapsed with each year; the soonest to lapse are used first."""
    nothing: tuple[Amount, ...] = (0.0,) * len(tax)
    if not earned:
        return nothing, nothing, nothing
    order = sorted(earned, key=lambda each: each.last)
    left = [each.amount for each in order]
    used: list[Amount] = []
    still: list[Amount] = []
    lapsed: list[Amount] = []
    for year, due in enumerate(tax):
        payable = larger(due + other_tax, 0.0)
        room: Amount = payable
        gone: Amount = 0.0
        for place, each in enumerate(order):
            if each.first <= year <= each.last:
                taken = smaller(smaller(left[place], each.credit.limit_share * payable), room)
                left[place], room = left[place] - taken, room - taken
            if year == each.last:
                gone, left[place] = gone + left[place], 0.0
        used.append(payable - room)
        lapsed.append(gone)
        still.append(total(amount for amount, each in zip(left, order, strict=True) if each.first <= year))
    return tuple(used), tuple(still), tuple(lapsed)
