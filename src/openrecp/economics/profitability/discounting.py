"""Money at other times and rates: present values, equal yearly amounts, nominal and real."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from openrecp.economics.amounts import Amount
from openrecp.economics.profitability.merit import as_given, check_finite, check_rate


def present_values(rate: Amount, flows: Sequence[Amount], start: int = 0) -> tuple[Amount, ...]:
    """Each flow divided by ``(1 + rate) ** t``.

    Parameters
    ----------
    rate : float or array of shape (n,)
        Discount rate a year, as a fraction above -1.
    flows : sequence of float or array of shape (n,)
        Cash flow of each year [money].
    start : int
        Year t of the first flow.

    Raises
    ------
    ValueError
        If a rate is not above -1 or a flow is not finite.

    References
    ----------
    工業減廢評估, worksheet 16: the present value factors at 15 %.

    >>> [round(value, 4) for value in present_values(0.15, [1.0, 1.0, 1.0])]
    [1.0, 0.8696, 0.7561]
    """
    check_rate(rate)
    for flow in flows:
        check_finite(flow=flow)
    return tuple(flow / (1.0 + rate) ** year for year, flow in enumerate(flows, start))


def capital_recovery_factor(rate: Amount, years: float) -> Amount:
    """Equal amount at the end of each year that is worth 1 today; ``1 / years`` without interest.

    Parameters
    ----------
    rate : float or array of shape (n,)
        Discount rate a year, as a fraction above -1.
    years : float
        Above 0 [yr].

    Raises
    ------
    ValueError
        If the rate is not above -1 or there are no years.

    References
    ----------
    Its reciprocal is the uniform present value factor of NIST Handbook 135 (1995): 14.88 at 3 % over 20
    years follows from table 5-2, where 7,000 a year are worth 104,160.

    >>> round(1 / capital_recovery_factor(0.03, 20), 2)
    14.88
    """
    check_rate(rate)
    if not (years > 0 and np.isfinite(years)):
        raise ValueError(f"the years must be more than none, not {years}")
    nothing = np.equal(rate, 0.0)
    interest = np.where(nothing, 1.0, rate)
    factor = np.where(nothing, 1.0 / years, interest / -np.expm1(-years * np.log1p(interest)))
    return as_given(factor)


def annual_worth(npv: Amount, rate: Amount, years: float) -> Amount:
    """Equal amount at the end of each year that has the given net present value.

    Parameters
    ----------
    npv : float or array of shape (n,)
        Net present value [money].
    rate : float or array of shape (n,)
        Discount rate a year, as a fraction above -1.
    years : float
        Above 0 [yr].

    Returns
    -------
    float or array of shape (n,)
        [money/yr]

    Raises
    ------
    ValueError
        If a number is not finite, the rate not above -1 or there are no years.

    References
    ----------
    Sample report of NIST's program BLCC 5: a life-cycle cost of 16,187 over 15 years at 3 %.

    >>> round(annual_worth(16_187, 0.03, 15))
    1356
    """
    check_finite(net_present_value=npv)
    return npv * capital_recovery_factor(rate, years)


def cost_of_delay(npv: Amount, rate: Amount, years: float = 1.0) -> Amount:
    """Net present value that is lost by doing the same thing some years later.

    Negative for what loses money, which is better done late.

    Parameters
    ----------
    npv : float or array of shape (n,)
        Net present value, if done today [money].
    rate : float or array of shape (n,)
        Discount rate a year, as a fraction above -1.
    years : float
        Delay, not negative [yr].

    Raises
    ------
    ValueError
        If a number is not finite, the rate not above -1 or the delay negative.

    >>> round(cost_of_delay(1_100, 0.10), 6)
    100.0
    """
    check_rate(rate)
    check_finite(net_present_value=npv, years=years)
    if years < 0:
        raise ValueError(f"the delay must not be negative: {years}")
    return as_given(-npv * np.expm1(-years * np.log1p(rate)))


def real_rate(nominal: Amount, inflation: Amount) -> Amount:
    """Rate in money of constant value from a rate in money of the day.

    Parameters
    ----------
    nominal, inflation : float or array of shape (n,)
        A year, as fractions above -1.

    Raises
    ------
    ValueError
        If a rate is not above -1.

    References
    ----------
    The inverse of `nominal_rate`.

    >>> round(real_rate(0.10, 0.05), 4)
    0.0476
    """
    check_rate(nominal, "nominal rate")
    check_rate(inflation, "inflation")
    return (nominal - inflation) / (1.0 + inflation)


def nominal_rate(real: Amount, inflation: Amount) -> Amount:
    """Rate in money of the day from a rate in money of constant value.

    Parameters
    ----------
    real, inflation : float or array of shape (n,)
        A year, as fractions above -1.

    Raises
    ------
    ValueError
        If a rate is not above -1.

    References
    ----------
    Sample report of NIST's program BLCC 5: inflation of 0.1 % on a real rate of 3 % is printed as 3.1 %.

    >>> round(nominal_rate(0.03, 0.001), 5)
    0.03103
    """
    check_rate(real, "real rate")
    check_rate(inflation, "inflation")
    return real + inflation + real * inflation
