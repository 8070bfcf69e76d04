"""Payback: how long until the savings have paid the capital back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from openrecp.economics.amounts import Amount, Array
from openrecp.economics.profitability.merit import check_finite, check_rate
from openrecp.economics.profitability.roots import NOISE
from openrecp.economics.profitability.rows import Flows, is_one_flow, rows_of
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Payback:
    """Years until the savings have paid the capital back [yr], or why there is no such time."""

    years: float | None
    reason: Text | None = None


@overload
def simple_payback(capital: float, annual_net_saving: float) -> Payback: ...
@overload
def simple_payback(capital: Amount, annual_net_saving: Amount) -> Payback | Array: ...
def simple_payback(capital: Amount, annual_net_saving: Amount) -> Payback | Array:
    """Capital divided by yearly net saving, before tax, without interest or price rises.

    Parameters
    ----------
    capital : float or array of shape (n,)
        Total capital [money].
    annual_net_saving : float or array of shape (n,)
        Savings and revenues less costs [money/yr].

    Returns
    -------
    Payback or array of shape (n,)
        [yr]; never (nan in an array) where nothing is saved.

    Raises
    ------
    ValueError
        If a number is not finite.

    References
    ----------
    工業減廢評估, section 4.2.3 and worksheet 15; the drain board of appendix 3 costs 5,000 and saves
    14,300 a year:

    >>> round(simple_payback(5_000, 14_300).years, 2)
    0.35
    """
    check_finite(capital=capital, annual_net_saving=annual_net_saving)
    saves = np.greater(annual_net_saving, 0.0)
    at_once = np.less_equal(capital, 0.0) & np.greater_equal(annual_net_saving, 0.0)
    with np.errstate(over="ignore"):
        years = np.where(at_once, 0.0, np.divide(capital, np.where(saves, annual_net_saving, np.nan)))
    if years.ndim:
        return years
    if not (saves or at_once):
        return Payback(None, text("never: there is no yearly net saving to pay the capital back"))
    return Payback(float(years))


@overload
def discounted_payback(rate: float, flows: Sequence[float], start: int = 0) -> Payback: ...
@overload
def discounted_payback(rate: Amount, flows: Flows, start: int = 0) -> Payback | Array: ...
def discounted_payback(rate: Amount, flows: Flows, start: int = 0) -> Payback | Array:
    """Years after year 0 from which the cumulative discounted cash flow stays at or above zero.

    Within a year the discounted flow counts as coming evenly. Who has spent nothing more than came in by
    year 0, and never does later, is paid back at once. Years of construction before year 0 count with what is
    spent in them, but not as time. Who is thrown below zero again later, by a replacement or the cost of
    closing, is not paid back before that is made up for as well.

    Parameters
    ----------
    rate : float or array of shape (n,)
        Discount rate a year, as a fraction above -1.
    flows : sequence of float, array of shape (n, years), or sequence of floats and arrays of shape (n,)
        Cash flow of each year [money], at its end.
    start : int
        Year of the first flow: 0, or -2 with two years of construction [yr].

    Returns
    -------
    Payback or array of shape (n,)
        [yr]; never (nan in an array) where the present value of all flows is below zero.

    Raises
    ------
    ValueError
        If a flow is not finite, the rate not above -1 or the shapes do not fit.

    >>> round(discounted_payback(0.10, [-100, 66, 60.5]).years, 3)
    1.8
    >>> discounted_payback(0.10, [-100, 110, 0, -20]).years is None
    True
    """
    check_rate(rate)
    one = is_one_flow(flows) and np.ndim(rate) == 0
    factor = (1.0 + np.atleast_1d(rate)) ** -float(start)
    total, size, back = np.zeros(1), np.zeros(1), np.zeros(1)
    owing = np.zeros(1, np.bool_)
    years = rows_of(flows).years
    for time, year in enumerate(years, start):
        check_finite(flow=year)
        before, owed, flow = total, owing, year * factor
        total, size, factor = total + flow, size + np.abs(flow), factor / (1.0 + rate)
        owing = total < -NOISE * size
        repaid = owed & ~owing
        share = np.minimum(-before / np.where(repaid, flow, 1.0), 1.0)
        back = np.where(repaid, np.maximum(time - 1 + share, 0.0), back)
    back = np.where(owing, np.nan, back)
    if not one:
        return back
    if owing[0]:
        last = start + len(years) - 1
        return Payback(
            None,
            text("never: in {years} years the discounted flows do not make up for what is spent", years=last),
        )
    return Payback(float(back[0]))
