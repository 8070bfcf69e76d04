"""How money is counted: the textbook conventions, and those of the manual's appendix 8.

The two named modes differ in five conventions and in nothing else, so that the difference between
their results can be explained one convention at a time (`openrecp.economics.modes`).

References
----------
EPA/625/7-88/003, Waste Minimization Opportunity Assessment Manual (1988), economic evaluation
example; 工業減廢評估, 經濟部工業局, appendix 8, tables 8.1-8.4. The conventions of ``EPA_1988`` were found by
reproducing every printed total; the manual does not spell them out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.economics.amounts import Amount
from openrecp.texts import Choice, text


class Mode(Choice):
    """A named set of conventions."""

    TEXTBOOK = "textbook", text("Textbook conventions")
    EPA_1988 = "epa-1988", text("Conventions of EPA 1988 (appendix 8 of the manual)")


class StraightLineSwitch(Choice):
    """What the straight line is drawn over when declining-balance depreciation changes to it."""

    REMAINING_BOOK = "remaining-book", text("book value over the remaining life")
    ORIGINAL_COST = "original-cost", text("original cost over the whole life")


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a cash flow is counted.

    Attributes
    ----------
    mode : Mode or None
        The named mode; None for a mixture.
    whole_money : bool
        Every line is rounded to whole money, half away from zero, and escalation factors are rounded to
        three decimals year by year.
    switch : StraightLineSwitch
        When declining-balance depreciation changes to the straight line.
    working_capital_recovered : bool
        Working capital comes back at the end of the last year.
    salvage_taxed : bool
        The gain of salvage over the remaining book value is taxed, and a loss lowers the tax.
    construction_year_discounted : bool
        The capital is spent when construction begins, a year before start-up, and that year is
        discounted. Otherwise the capital is counted at start-up, whatever the construction time.
    """

    mode: Mode | None
    whole_money: bool
    switch: StraightLineSwitch
    working_capital_recovered: bool
    salvage_taxed: bool
    construction_year_discounted: bool

    def money(self, amount: Amount) -> Amount:
        """The amount as it enters the next line: rounded to whole money, or as it is."""
        return round_half_away(amount) if self.whole_money else amount

    def escalation_factors(self, rate: Amount, years: int) -> tuple[Amount, ...]:
        """Factors of operating years 1 to ``years``; entered prices are those of year 0.

        The first operating year is already escalated once, in both modes, as in table 8.2.

        >>> EPA_1988.escalation_factors(0.05, 4)
        (1.05, 1.103, 1.158, 1.216)
        """
        factors: list[Amount] = []
        growth: Amount = 1.0 + rate
        for _ in range(years):
            factor = factors[-1] * growth if factors else growth
            if self.whole_money:
                factor = round_half_away(factor, 3)
            factors.append(factor)
        return tuple(factors)


TEXTBOOK: Final = Conventions(
    mode=Mode.TEXTBOOK,
    whole_money=False,
    switch=StraightLineSwitch.REMAINING_BOOK,
    working_capital_recovered=True,
    salvage_taxed=True,
    construction_year_discounted=True,
)
EPA_1988: Final = Conventions(
    mode=Mode.EPA_1988,
    whole_money=True,
    switch=StraightLineSwitch.ORIGINAL_COST,
    working_capital_recovered=False,
    salvage_taxed=False,
    construction_year_discounted=False,
)


def conventions_of(mode: Mode) -> Conventions:
    """The conventions a named mode stands for."""
    return EPA_1988 if mode is Mode.EPA_1988 else TEXTBOOK


def round_half_away(amount: Amount, decimals: int = 0) -> Amount:
    """Round half away from zero, forgiving the last bits of binary fractions.

    >>> round_half_away(2.5), round_half_away(-2.5), round_half_away(1.05 * 1.05, 3)
    (3.0, -3.0, 1.103)
    """
    scale = 10.0**decimals
    if isinstance(amount, np.ndarray):
        sizes = np.abs(amount) * scale
        return np.copysign(np.floor(sizes + 0.5 + 1e-9 * np.maximum(1.0, sizes * 1e-6)) / scale, amount)
    scaled = abs(amount) * scale
    whole = math.floor(scaled + 0.5 + 1e-9 * max(1.0, scaled * 1e-6))
    return math.copysign(whole / scale, amount) if whole else 0.0
