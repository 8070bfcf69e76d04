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
    rows = rows_of(flows)
    so_far = np.empty((rows.periods, max(rows.count, np.size(rate))))
    growth, factor = np.add(1.0, rate), 1.0
    for place, year in enumerate(rows.years):
        np.multiply(year, factor, out=so_far[place])
        if place:
            so_far[place] += so_far[place - 1]
        factor = factor / growth
    if not rows.periods:
        so_far = np.zeros((1, 1))
    check_finite(flow=so_far[-1])
    back = _years_until_it_stays(so_far, start)
    if not one:
        return back
    if np.isnan(back[0]):
        last = start + rows.periods - 1
        return Payback(
            None,
            text("never: in {years} years the discounted flows do not make up for what is spent", years=last),
        )
    return Payback(float(back[0]))


def _years_until_it_stays(so_far: Array, start: int) -> Array:
    """When sums, one row a year from ``start`` on, rise from below zero for the last time; nan for never."""
    count = so_far.shape[1]
    size = np.maximum(so_far.max(axis=0), -so_far.min(axis=0))
    stays = so_far >= -NOISE * size
    for place in range(len(stays) - 2, -1, -1):
        stays[place] &= stays[place + 1]
    first = len(stays) - np.add.reduce(stays, axis=0, dtype=np.intp)
    # Whoever never owes, or owes to the end, has no two such rows; any do, and the answer is replaced.
    places = np.clip(first, min(1, len(stays) - 1), len(stays) - 1) * count + np.arange(count)
    after, before = so_far.reshape(-1).take(places), so_far.reshape(-1).take(places - count)
    with np.errstate(divide="ignore", invalid="ignore"):
        back: Array = np.minimum(before / (before - after), 1.0)
    back += start - 1 + first
    np.maximum(back, 0.0, out=back)
    np.copyto(back, 0.0, where=first == 0)
    np.copyto(back, np.nan, where=first == len(stays))
    return back
