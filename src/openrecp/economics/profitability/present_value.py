"""Net present value of one cash flow or of many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from openrecp.economics.amounts import Amount, Array
from openrecp.economics.profitability.merit import check_rate
from openrecp.economics.profitability.rows import (
    TURNED_AT_ONCE,
    Flows,
    Rows,
    is_one_flow,
    rows_of,
    shared_out,
)

# Rows summed at a time: the sum stays in the cache, and two threads seldom wait for each other.
_BLOCK = 65_536


@overload
def net_present_value(rate: float, flows: Sequence[float]) -> float: ...
@overload
def net_present_value(rate: Amount, flows: Flows) -> Amount: ...
def net_present_value(rate: Amount, flows: Flows) -> Amount:
    """Sum of the flows, each divided by ``(1 + rate) ** t`` with t = 0 for the first.

    Parameters
    ----------
    rate : float or array of shape (n,)
        Discount rate a period, as a fraction above -1.
    flows : sequence of float, array of shape (n, periods), or sequence of floats and arrays of shape (n,)
        Cash flow of each period [money]: of one option, of n options as a table, or of n options year by
        year.

    Returns
    -------
    float or array of shape (n,)
        A number for one option, an array for many or for several rates.

    Raises
    ------
    ValueError
        If a rate is not above -1, a flow is not finite or the shapes do not fit.

    >>> round(net_present_value(0.10, [-100, 60, 60]), 4)
    4.1322
    >>> net_present_value(0.10, np.array([[-100.0, 60, 60], [-100, 0, 242]])).round(4)
    array([  4.1322, 100.    ])
    """
    if isinstance(rate, np.ndarray) and rate.ndim:
        check_rate(rate)
        rows = _with_as_many_rates(rows_of(flows), rate)
    else:
        if not -1.0 < rate < math.inf:
            check_rate(rate)
        if is_one_flow(flows):
            return _present_value_of_one(float(rate), flows)
        rows = rows_of(flows)
    value = np.empty(rows.count)
    with np.errstate(all="ignore"):  # what overflows is found below
        factor = 1.0 / np.asarray(1.0 + rate)
        factors = factor ** np.arange(rows.periods) if factor.ndim == 0 else None
        if isinstance(flows, np.ndarray) and factors is not None and np.isfinite(factors).all():
            np.matmul(flows, factors, out=value)
        else:
            shared_out(lambda start, stop: _sum_block_by_block(factor, rows, value, start, stop), rows.count)
    if not np.isfinite(value).all():
        raise ValueError("the net present value is not a finite number")
    return value


def _present_value_of_one(rate: float, flows: Any) -> float:
    total, base = 0.0, 1.0 + rate
    for flow in reversed(flows.tolist() if isinstance(flows, np.ndarray) else flows):
        total = total / base + flow
    if not math.isfinite(total):
        raise ValueError("the net present value is not a finite number")
    return float(total)


def _with_as_many_rates(rows: Rows, rate: Array) -> Rows:
    """The rows, repeated for every rate if there is only one."""
    if rate.ndim != 1:
        raise ValueError(f"the rates are one number a row, not a table of {rate.ndim} dimensions")
    if rows.count != rate.size:
        if any(year.ndim for year in rows.years):
            raise ValueError(f"there are {rows.count} cash flows and {rate.size} rates")
        return Rows(rows.years, rate.size)
    return rows


def _sum_block_by_block(factor: Array, rows: Rows, value: Array, start: int, stop: int) -> None:
    """Horner's rule, the last year first."""
    with np.errstate(all="ignore"):
        block = TURNED_AT_ONCE if isinstance(rows.years, np.ndarray) else _BLOCK
        for first in range(start, stop, block):
            part = slice(first, min(first + block, stop))
            total = value[part]
            by = factor[part] if factor.ndim else factor
            total[:] = 0.0
            for year in reversed(rows.years):
                np.multiply(total, by, total)
                np.add(total, year[part] if year.ndim else year, total)
