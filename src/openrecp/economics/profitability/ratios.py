"""Ratios and rates of present values: per money invested, per cost, per unit avoided, reinvested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np

from openrecp.economics.amounts import Amount, Array
from openrecp.economics.profitability.merit import Merit, check_finite, check_rate, merit_of
from openrecp.economics.profitability.rows import Flows, is_one_flow, rows_of
from openrecp.texts import Text, text

_NO_INVESTMENT = text("no added investment to hold the savings against")
_NO_COSTS = text("no costs to hold the benefits against")
_SAVINGS_BELOW_ZERO = text("the savings are below zero, and no rate describes that")
_NOTHING_AVOIDED = text("nothing is avoided: the discounted quantities are not above zero")
_ONE_SIDED = text("needs money paid and money received")


@overload
def savings_to_investment_ratio(present_savings: float, present_investment: float) -> Merit: ...
@overload
def savings_to_investment_ratio(present_savings: Amount, present_investment: Amount) -> Merit | Array: ...
def savings_to_investment_ratio(present_savings: Amount, present_investment: Amount) -> Merit | Array:
    """Present value of the savings in operation over that of the added investment.

    Parameters
    ----------
    present_savings : float or array of shape (n,)
        Savings in energy, material, waste and operation, less added costs of operation [money].
    present_investment : float or array of shape (n,)
        Added investment and replacements less salvage value [money].

    Returns
    -------
    Merit or array of shape (n,)
        Worth while from 1 on; without added investment none (nan in an array).

    Raises
    ------
    ValueError
        If a number is not finite.

    References
    ----------
    10 CFR 436.21; NIST Handbook 135 (1995), chapter 6. Sample report of NIST's program BLCC 5: savings of
    3,443 on an investment of 861.

    >>> round(savings_to_investment_ratio(3_443, 861).value, 2)
    4.0
    """
    check_finite(savings=present_savings, investment=present_investment)
    return _quotient(present_savings, present_investment, _NO_INVESTMENT)


@overload
def benefit_cost_ratio(present_benefits: float, present_costs: float) -> Merit: ...
@overload
def benefit_cost_ratio(present_benefits: Amount, present_costs: Amount) -> Merit | Array: ...
def benefit_cost_ratio(present_benefits: Amount, present_costs: Amount) -> Merit | Array:
    """Present value of all benefits over that of all costs; worth while from 1 on.

    Parameters
    ----------
    present_benefits, present_costs : float or array of shape (n,)
        [money]

    Returns
    -------
    Merit or array of shape (n,)
        None (nan in an array) without costs.

    Raises
    ------
    ValueError
        If a number is not finite.

    >>> benefit_cost_ratio(150.0, 100.0).value
    1.5
    """
    check_finite(benefits=present_benefits, costs=present_costs)
    return _quotient(present_benefits, present_costs, _NO_COSTS)


@overload
def adjusted_internal_rate(rate: float, sir: float, years: float) -> Merit: ...
@overload
def adjusted_internal_rate(rate: Amount, sir: Amount, years: float) -> Merit | Array: ...
def adjusted_internal_rate(rate: Amount, sir: Amount, years: float) -> Merit | Array:
    """Yearly rate that the investment earns if what it saves is reinvested at the discount rate.

    Parameters
    ----------
    rate : float or array of shape (n,)
        Discount rate a year, as a fraction above -1.
    sir : float or array of shape (n,)
        Savings-to-investment ratio.
    years : float
        Study period, above 0 [yr].

    Returns
    -------
    Merit or array of shape (n,)
        A fraction a year; none (nan in an array) where the ratio is below zero.

    Raises
    ------
    ValueError
        If a number is not finite, the rate not above -1 or there are no years.

    References
    ----------
    10 CFR 436.22; NIST Handbook 135 (1995), chapter 6: ``(1 + rate) * sir ** (1 / years) - 1``. Sample
    report of NIST's program BLCC 5: a ratio of 4.00 over 15 years at 3 % is 12.97 %.

    >>> round(adjusted_internal_rate(0.03, 4.00, 15).value, 4)
    0.1297
    """
    check_rate(rate)
    check_finite(savings_to_investment_ratio=sir, years=years)
    if not years > 0:
        raise ValueError(f"the years must be more than none, not {years}")
    earned = (1.0 + rate) * np.maximum(sir, 0.0) ** (1.0 / years) - 1.0
    return merit_of(earned, np.greater_equal(sir, 0.0), _SAVINGS_BELOW_ZERO)


@overload
def levelised_cost(present_cost: float, rate: float, yearly_quantities: Sequence[float]) -> Merit: ...
@overload
def levelised_cost(
    present_cost: Amount, rate: Amount, yearly_quantities: Sequence[Amount]
) -> Merit | Array: ...
def levelised_cost(present_cost: Amount, rate: Amount, yearly_quantities: Sequence[Amount]) -> Merit | Array:
    """Cost of a unit that is avoided or saved, the same in every year.

    Parameters
    ----------
    present_cost : float or array of shape (n,)
        Present value of the costs, negative where money is saved [money].
    rate : float or array of shape (n,)
        Discount rate a year, as a fraction above -1.
    yearly_quantities : sequence of float or array of shape (n,)
        Quantity of each year, the first at the end of year 1 [unit].

    Returns
    -------
    Merit or array of shape (n,)
        [money/unit]; none (nan in an array) where the discounted quantities are not above zero.

    Raises
    ------
    ValueError
        If a number is not finite or the rate not above -1.

    >>> round(levelised_cost(1_000.0, 0.10, [100.0, 100.0, 100.0]).value, 4)
    4.0211
    """
    check_rate(rate)
    check_finite(present_cost=present_cost)
    quantity: Amount = 0.0
    for yearly in reversed(yearly_quantities):
        check_finite(quantity=yearly)
        quantity = (quantity + yearly) / (1.0 + rate)
    return _quotient(present_cost, quantity, _NOTHING_AVOIDED)


@overload
def modified_internal_rate(
    flows: Sequence[float], finance_rate: float, reinvestment_rate: float
) -> Merit: ...
@overload
def modified_internal_rate(
    flows: Flows, finance_rate: Amount, reinvestment_rate: Amount
) -> Merit | Array: ...
def modified_internal_rate(flows: Flows, finance_rate: Amount, reinvestment_rate: Amount) -> Merit | Array:
    """Rate from what is paid, financed at one rate, to what is received, reinvested at another until the end.

    Parameters
    ----------
    flows : sequence of float, array of shape (n, periods), or sequence of floats and arrays of shape (n,)
        Cash flow of each period, the first at time zero [money].
    finance_rate, reinvestment_rate : float or array of shape (n,)
        A period, as fractions above -1.

    Returns
    -------
    Merit or array of shape (n,)
        A fraction a period; none (nan in an array) where nothing is paid or nothing received.

    Raises
    ------
    ValueError
        If a flow is not finite or a rate not above -1.

    References
    ----------
    MIRR of Microsoft Excel, with the example of its documentation:

    >>> flows = [-120_000, 39_000, 30_000, 21_000, 37_000, 46_000]
    >>> round(modified_internal_rate(flows, 0.10, 0.12).value, 6)
    0.126094
    """
    check_rate(finance_rate, "finance rate")
    check_rate(reinvestment_rate, "reinvestment rate")
    many = not is_one_flow(flows) or bool(np.ndim(finance_rate) or np.ndim(reinvestment_rate))
    paid: Amount = 0.0
    received: Amount = 0.0
    years = [year if many else float(year) for year in rows_of(flows).years]
    check_finite(**{f"flow of period {time}": year for time, year in enumerate(years)})
    for year in reversed(years):
        paid = paid / (1.0 + finance_rate) - np.minimum(year, 0.0)
    for year in years:
        received = received * (1.0 + reinvestment_rate) + np.maximum(year, 0.0)
    exists = np.greater(paid, 0.0) & np.greater(received, 0.0)
    ratio = received / np.where(exists, paid, 1.0)
    return merit_of(ratio ** (1.0 / max(len(years) - 1, 1)) - 1.0, exists, _ONE_SIDED)


def _quotient(part: Amount, of: Amount, reason: Text) -> Merit | Array:
    exists = np.greater(of, 0.0)
    return merit_of(part / np.where(exists, of, 1.0), exists, reason)
