"""Payback: how long until the savings have paid the capital back."""

from __future__ import annotations

import math
from dataclasses import dataclass

from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Payback:
    """Years until the savings have paid the capital back [yr], or why there is no such time."""

    years: float | None
    reason: Text | None = None


def simple_payback(capital: float, annual_net_saving: float) -> Payback:
    """Capital divided by yearly net saving, before tax, without interest or price rises.

    Parameters
    ----------
    capital : float
        Total capital [money].
    annual_net_saving : float
        Savings and revenues less costs [money/yr].

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
    if not (math.isfinite(capital) and math.isfinite(annual_net_saving)):
        raise ValueError("capital and saving must be finite numbers")
    if capital <= 0 <= annual_net_saving:
        return Payback(0.0)
    if annual_net_saving <= 0:
        return Payback(None, text("never: there is no yearly net saving to pay the capital back"))
    return Payback(capital / annual_net_saving)
