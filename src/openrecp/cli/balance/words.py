"""Amounts, money and verdicts of a balance as they are shown on the screen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from openrecp.balances.closure import ClosureState
from openrecp.texts import Text, format_number, format_significant, text

HALF_95: Final = 1.959963984540054
"""Standard deviations in half of a 95 % interval."""
DASH: Final = "–"

VERDICTS: Final[Mapping[ClosureState, Text]] = MappingProxyType(
    {
        ClosureState.GAP: text("lost"),
        ClosureState.WITHIN: text("may be meter error"),
        ClosureState.EXCESS: text("more leaves than enters"),
        ClosureState.OPEN: text("cannot be told"),
    }
)


def with_half(value: float, half: float) -> str:
    """A value with half of its interval, to as many digits as the interval deserves.

    >>> with_half(1730.05, 485.4), with_half(12.3456, 0.4321), with_half(5.0, 0.0), with_half(math.nan, 1.0)
    ('1,730 ± 485', '12.35 ± 0.43', '5.000', '–')
    """
    if not math.isfinite(value):
        return DASH
    if not math.isfinite(half) or half <= 0:
        return format_significant(value, 4)
    digits = max(0, min(12, 1 - math.floor(math.log10(half) + 1e-9)))
    return f"{format_number(value, digits)} ± {format_number(half, digits)}"


def money_unit(currency: str, unit: str) -> str:
    """Currency a period, for flows in this unit.

    >>> money_unit("TWD", "kg/month"), money_unit("TWD", "kg")
    ('TWD/month', 'TWD')
    """
    period = unit.partition("/")[2]
    return f"{currency}/{period}" if currency and period else currency
