"""Payback of many draws at once; what is never paid back takes infinitely long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from openrecp.economics.amounts import Amount, Array

_NOISE: Final = 1e-12


def simple_paybacks(capital: Amount, annual_net_saving: Amount) -> Array:
    """Capital divided by yearly net saving, as `openrecp.economics.profitability.simple_payback`.

    Parameters
    ----------
    capital, annual_net_saving : float or array, shape (n,)
        [money] and [money/yr]; at least one is an array.

    Returns
    -------
    array, shape (n,)
        [yr]; infinite where there is no saving to pay the capital back.

    >>> simple_paybacks(np.array([5000.0, 5000.0, 0.0]), np.array([14300.0, -1.0, 0.0])).round(2)
    array([0.35,  inf, 0.  ])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        years = np.asarray(capital / annual_net_saving)
    nothing_saved = np.asarray(annual_net_saving) <= 0
    if nothing_saved.any():
        years = np.where(nothing_saved, np.inf, years)
    nothing_to_pay = (np.asarray(capital) <= 0) & (np.asarray(annual_net_saving) >= 0)
    if nothing_to_pay.any():
        years = np.where(nothing_to_pay, 0.0, years)
    return years


def discounted_paybacks(rate: Amount, flows: Sequence[Amount], before: int) -> Array:
    """Years from start-up until the present value of the cash flow so far first reaches zero.

    Parameters
    ----------
    rate : float or array, shape (n,)
        Discount rate, as a fraction.
    flows : sequence of float or array, shape (n,)
        Cash flow of each year [money]; a rate or at least one year is an array.
    before : int
        Years of the flow before start-up (year 0) [yr].

    Returns
    -------
    array, shape (n,)
        [yr]; within a year by a straight line, 0 where nothing is to be paid back at start-up, infinite where the
        cash flow never pays back.

    >>> discounted_paybacks(0.10, [np.array([-100.0, -100.0]), 66.0, 48.4], 0).round(4)
    array([2., 2.])
    >>> discounted_paybacks(0.10, [np.array([-80.0, -200.0]), 66.0, 48.4], 0)
    array([1.5, inf])
    """
    growth, factor = 1.0 + rate, 1.0
    table = np.empty((len(flows), max(np.size(each) for each in (rate, *flows))))
    table[0] = flows[0]
    for year, flow in enumerate(flows[1:], 1):
        factor = factor / growth
        np.multiply(flow, factor, out=table[year])
        table[year] += table[year - 1]
    return _zero_crossings(table[before:])


def _zero_crossings(table: Array) -> Array:
    """Where each column first reaches zero from below, in rows from the first."""
    # What is owed but for rounding is paid back.
    owing = table < -_NOISE * np.abs(table[0])
    for year in range(1, len(table)):
        owing[year] &= owing[year - 1]
    years = np.zeros(table.shape[1], np.int8)  # no project lasts longer than 100 years
    for flags in owing.view(np.int8):
        years += flags
    last, count = len(table) - 1, table.shape[1]
    after = np.minimum(np.maximum(years, 1), last)
    places = after * np.intp(count) + np.arange(count)
    flat = table.reshape(-1)
    found = flat.take(places)
    start = flat.take(places - count)
    # Where it never happens, or has happened before, any two rows do: the answer is replaced.
    with np.errstate(divide="ignore", invalid="ignore"):
        found /= start - found
    found += after
    np.copyto(found, 0.0, where=years == 0)
    np.copyto(found, np.inf, where=years > last)
    return found
