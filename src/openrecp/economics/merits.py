"""Measures of merit of one project or of many, as plain numbers.

Conventions of all of them, which the figures repeat in words (`openrecp.economics.merit_figures`):

- Present values are those of the first year of the cash flow, after tax and financing.
- Benefits are the savings and revenues: every positive operating amount. Costs are all the rest, benefits less net
  present value: capital, added operating costs, replaced parts, contract payments, taxes and interest, less salvage,
  grants and loans.
- Investment is the capital and the replaced parts, less grants, salvage and working capital that comes back. With it
  the savings-to-investment ratio is ``(net present value + investment) / investment``: at least 1 exactly where the
  net present value is not negative, and before tax and without a loan the ratio of NIST.

References
----------
NIST Handbook 135, Life-Cycle Costing Manual for the Federal Energy Management Program, 1995 edition, and 10 CFR 436.20
to 436.22: net savings, savings-to-investment ratio, adjusted internal rate of return.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from openrecp.economics.amounts import Amount, Array, added, chosen, is_many, larger, less, magnitude, total
from openrecp.economics.cash_flow import CashFlow, LoanAccount, after_tax_cash_flow
from openrecp.economics.cash_flow_lines import Line
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.investment import Avoided
from openrecp.economics.operating import annual_amounts
from openrecp.economics.prices import PriceBasis
from openrecp.economics.profitability import (
    Merit,
    Payback,
    adjusted_internal_rate,
    annual_worth,
    benefit_cost_ratio,
    cost_of_delay,
    discounted_payback,
    internal_rates_of_return,
    levelised_cost,
    modified_internal_rate,
    net_present_value,
    savings_to_investment_ratio,
    simple_payback,
)
from openrecp.economics.project import Project

# Beside what it is taken from, so little is the rounding of a sum.
_ROUNDING = 1e-12
MERITS: Final = (
    "payback",
    "npv",
    "irr",
    "discounted_payback",
    "modified_irr",
    "annual_worth",
    "benefit_cost_ratio",
    "savings_to_investment",
    "adjusted_irr",
    "real_irr",
    "cost_of_delay",
    "month_of_waiting",
)


@dataclass(frozen=True)
class Merits:
    """The measures of a cash flow, each counted when it is asked for.

    What always exists is a float for one option, and a float or an array of shape (n,) for many. What may not exist is
    a `Merit` or `Payback` with the reason for one option, and for many an array that holds nan. Rates are fractions.
    """

    flow: CashFlow

    # What the others are made of

    @property
    def rate(self) -> Amount:
        """Nominal discount rate, as a fraction."""
        return self.flow.project.nominal_discount_rate

    @cached_property
    def npv(self) -> Amount:
        """Net present value [money]."""
        return self.flow.net_present_value

    @cached_property
    def annual_net_saving(self) -> Amount:
        """Savings and revenues less costs of a usual year, at the prices entered [money/yr]."""
        return total(annual_amounts(self.flow.project.operating, self.flow.project.life).values())

    @cached_property
    def gains(self) -> Line:
        """Savings and revenues of each year: every positive operating amount [money]."""
        lines = [tuple(larger(amount, 0.0) for amount in line) for line in self.flow.operating.values()]
        return added(*lines) if lines else (0.0,) * len(self.flow.years)

    @cached_property
    def benefits(self) -> Amount:
        """Present value of savings and revenues [money]."""
        return self.present(self.gains)

    @cached_property
    def costs(self) -> Amount:
        """Present value of everything else [money]."""
        return self.benefits - self.npv

    @cached_property
    def capital(self) -> Amount:
        """Present value of the capital and the replaced parts [money]."""
        flow = self.flow
        return self.present(
            added(flow.total_capital, flow.replacements_deducted, flow.replacements_capitalised)
        )

    @cached_property
    def recovered(self) -> Amount:
        """Present value of salvage, and of working capital where it comes back [money]."""
        return self.present(self.flow.salvage)

    @cached_property
    def grants(self) -> Amount:
        """Present value of the grants, before the tax on them [money]."""
        return self.present(added(self.flow.grants_taxed, self.flow.grants_free))

    @cached_property
    def credits(self) -> Amount:
        """Present value of the tax credits used [money]."""
        return self.present(self.flow.credit_used)

    @cached_property
    def investment(self) -> Amount:
        """Present value of the investment [money]."""
        return self.capital - self.recovered - self.grants

    @cached_property
    def annuity_factor(self) -> Amount:
        """Present value of 1 in every operating year."""
        return self.present(tuple(1.0 if year > 0 else 0.0 for year in self.flow.years))

    @property
    def study_years(self) -> int:
        """Years from the first to the last of the cash flow [yr]."""
        return len(self.flow.years) - 1

    def present(self, line: Sequence[Amount]) -> Amount:
        """Present value of a line [money]."""
        return net_present_value(self.rate, line)

    @cached_property
    def spent(self) -> Amount:
        """Present value of the years that cost more than they gain [money]."""
        return self.present(tuple(larger(0.0 - cash, 0.0) for cash in self.flow.cash))

    @cached_property
    def received(self) -> Amount:
        """Value of the years that gain more than they cost, at the end of the last [money]."""
        gained = self.present(tuple(larger(cash, 0.0) for cash in self.flow.cash))
        return gained * (1.0 + self.rate) ** self.study_years

    # Rates and paybacks

    @cached_property
    def irr(self) -> Merit | Array:
        """Internal rate of return, where there is exactly one."""
        if is_many(*self.flow.cash):
            return internal_rates_of_return(self.flow.cash).value
        found = self.flow.internal_rate
        return Merit(found.value, found.reason)

    @cached_property
    def real_irr(self) -> Merit | Array:
        """Internal rate of return without inflation."""
        prices, irr = self.flow.project.prices, self.irr
        if isinstance(irr, Merit):
            return irr if irr.value is None else Merit(float(prices.real(irr.value)))
        return np.asarray(prices.real(irr))

    @cached_property
    def payback(self) -> Payback | Array:
        """Simple payback, before tax [yr]."""
        return simple_payback(self.flow.funding.capital, self.annual_net_saving)

    @cached_property
    def discounted_payback(self) -> Payback | Array:
        """Discounted payback after start-up, after tax and financing [yr]."""
        return discounted_payback(self.rate, self.flow.cash, self.flow.years[0])

    @cached_property
    def modified_irr(self) -> Merit | Array:
        """Modified internal rate of return, financed and reinvested at the discount rate."""
        return modified_internal_rate(self.flow.cash, self.rate, self.rate)

    # Ratios and yearly values

    @cached_property
    def annual_worth(self) -> Amount:
        """Equal yearly amount over the operating years with the same present value [money/yr]."""
        at_start_up = self.npv * (1.0 + self.rate) ** -self.flow.years[0]
        return annual_worth(at_start_up, self.rate, self.flow.project.life)

    @cached_property
    def benefit_cost_ratio(self) -> Merit | Array:
        """Benefits over costs."""
        return benefit_cost_ratio(self.benefits, _without_noise(self.costs, self.benefits))

    @cached_property
    def savings_to_investment(self) -> Merit | Array:
        """Savings-to-investment ratio."""
        investment = _without_noise(self.investment, self.capital)
        savings = _without_noise(self.npv + investment, self.capital)
        found: Merit | Array = savings_to_investment_ratio(savings, investment)
        return found

    @cached_property
    def adjusted_irr(self) -> Merit | Array:
        """Adjusted internal rate of return: the savings are invested again at the discount rate."""
        ratio = self.savings_to_investment
        if isinstance(ratio, Merit):
            known: Amount = ratio.value
            return ratio if known is None else adjusted_internal_rate(self.rate, known, self.study_years)
        # Without an investment there is no ratio, and so no rate.
        return adjusted_internal_rate(self.rate, np.where(np.isnan(ratio), -1.0, ratio), self.study_years)

    # What support and waiting are worth

    def loan_subsidy(self, account: LoanAccount) -> Amount:
        """What a rate below the market's is worth: the loan less its service, at the market rate [money].

        Before tax; 0 for a loan at the market rate. It is the grant that would be worth the same.
        """
        loan, flow = account.loan, self.flow
        # What is owed grows by the interest until start-up; the rest of its increase is paid out.
        growth = 1.0 + (0.0 if loan.interest_from_startup else loan.interest_rate)
        before: Amount = 0.0
        drawn: list[Amount] = []
        for year, owed in zip(flow.years, account.balance, strict=True):
            drawn.append(owed - before * growth if year <= 0 else 0.0)
            before = owed
        return net_present_value(loan.market_rate, less(drawn, account.interest, account.principal))

    @cached_property
    def cost_of_delay(self) -> Amount:
        """What is lost when the same cash flow starts a year later [money].

        It is discounted as the owner states the rate: with real prices the later amounts are those of a year later.
        """
        return cost_of_delay(self.npv, self.flow.project.discount_rate)

    @cached_property
    def month_of_waiting(self) -> Amount:
        """Net saving of a month [money/month]."""
        return self.annual_net_saving / 12.0

    # Per unit of what is avoided

    def yearly_quantities(self, avoided: Avoided) -> Line:
        """Quantity avoided in every year after the first of the cash flow, to be discounted as money is [unit].

        With real prices the cost of a unit rises with inflation, so that the levelised cost is at the prices entered.
        """
        prices = self.flow.project.prices
        rise = prices.inflation if prices.basis is PriceBasis.REAL else 0.0
        return tuple(
            avoided.yearly * (1.0 + rise) ** year if year > 0 else 0.0 for year in self.flow.years[1:]
        )

    def levelised_gross(self, avoided: Avoided) -> Merit | Array:
        """Costs, without the savings, of a unit avoided [money/unit]."""
        return levelised_cost(self.costs, self.rate, self.yearly_quantities(avoided))

    def levelised_net(self, avoided: Avoided) -> Merit | Array:
        """Costs less savings of a unit avoided: its abatement cost [money/unit]."""
        found: Merit | Array = levelised_cost(0.0 - self.npv, self.rate, self.yearly_quantities(avoided))
        return found


def merits_of_many(
    project: Project, conventions: Conventions = TEXTBOOK, names: Iterable[str] = MERITS
) -> dict[str, Array]:
    """The measures of many projects of the same structure.

    Parameters
    ----------
    project : Project
        With at least one amount, rate or share that is an array of shape (n,).
    conventions : Conventions
    names : iterable of str
        Attributes of `Merits`.

    Returns
    -------
    dict of str to array, shape (n,)
        By name; nan where a measure does not exist. Rates are fractions. Beside them, for every unit avoided, its
        cost as ``levelised_gross:NAME`` and ``levelised_net:NAME``.
    """
    merits = Merits(after_tax_cash_flow(project, conventions))
    amounts = {name: getattr(merits, name) for name in names}
    for avoided in project.avoided:
        amounts[f"levelised_gross:{avoided.name}"] = merits.levelised_gross(avoided)
        amounts[f"levelised_net:{avoided.name}"] = merits.levelised_net(avoided)
    found = {name: np.asarray(_number(amount), dtype=np.float64) for name, amount in amounts.items()}
    shape = np.broadcast_shapes((1,), *(value.shape for value in found.values()))
    return {name: np.broadcast_to(value, shape) for name, value in found.items()}


def _number(found: Merit | Payback | Amount) -> Amount:
    """A measure as a number, nan where there is none."""
    if not isinstance(found, Merit | Payback):
        return found
    value = found.years if isinstance(found, Payback) else found.value
    return math.nan if value is None else value


def _without_noise(amount: Amount, beside: Amount) -> Amount:
    """The amount, zero where it is the rounding of a sum."""
    return chosen(magnitude(amount) <= _ROUNDING * magnitude(beside), 0.0, amount)
