"""Profitability of plain cash flows: payback, present values, rates of return and ratios.

Everything here works on plain numbers, for one option (floats) and for many at once (arrays). What does not
exist for one option comes with a reason, for many as nan.
"""

from openrecp.economics.profitability.discounting import (
    annual_worth,
    capital_recovery_factor,
    cost_of_delay,
    nominal_rate,
    present_values,
    real_rate,
)
from openrecp.economics.profitability.internal_rate import (
    InternalRate,
    RootCount,
    internal_rate_of_return,
)
from openrecp.economics.profitability.merit import Merit
from openrecp.economics.profitability.payback import Payback, discounted_payback, simple_payback
from openrecp.economics.profitability.present_value import net_present_value
from openrecp.economics.profitability.rates_of_many import InternalRates, internal_rates_of_return
from openrecp.economics.profitability.ratios import (
    adjusted_internal_rate,
    benefit_cost_ratio,
    levelised_cost,
    modified_internal_rate,
    savings_to_investment_ratio,
)

__all__ = [
    "InternalRate",
    "InternalRates",
    "Merit",
    "Payback",
    "RootCount",
    "adjusted_internal_rate",
    "annual_worth",
    "benefit_cost_ratio",
    "capital_recovery_factor",
    "cost_of_delay",
    "discounted_payback",
    "internal_rate_of_return",
    "internal_rates_of_return",
    "levelised_cost",
    "modified_internal_rate",
    "net_present_value",
    "nominal_rate",
    "present_values",
    "real_rate",
    "savings_to_investment_ratio",
    "simple_payback",
]
