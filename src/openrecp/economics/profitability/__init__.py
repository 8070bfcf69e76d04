"""Profitability of plain cash flows: payback, net present value, internal rate of return.

Everything here works on plain numbers, for one option (floats) and for many at once (arrays).
"""

from openrecp.economics.profitability.internal_rate import (
    InternalRate,
    RootCount,
    internal_rate_of_return,
)
from openrecp.economics.profitability.payback import Payback, simple_payback
from openrecp.economics.profitability.present_value import net_present_value
from openrecp.economics.profitability.rates_of_many import InternalRates, internal_rates_of_return

__all__ = [
    "InternalRate",
    "InternalRates",
    "Payback",
    "RootCount",
    "internal_rate_of_return",
    "internal_rates_of_return",
    "net_present_value",
    "simple_payback",
]
