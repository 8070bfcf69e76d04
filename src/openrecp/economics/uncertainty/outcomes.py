"""What each draw of a project returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Amount, Array, is_many, total
from openrecp.economics.cash_flow import CashFlow, after_tax_cash_flow
from openrecp.economics.conventions import Conventions
from openrecp.economics.operating import annual_amounts
from openrecp.economics.profitability import (
    RootCount,
    internal_rates_of_return,
    simple_payback,
)
from openrecp.economics.project import Project
from openrecp.economics.uncertainty.paybacks import discounted_paybacks, simple_paybacks

# How many rates a draw has, by the place of the word in this list.
COUNTS = tuple(RootCount)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Results of draws, in their order; arrays of shape (n,).

    Attributes
    ----------
    npv : array of float
        Net present value after tax [money].
    irr : array of float
        Internal rate of return after tax, as a fraction; not a number where there is not exactly one.
    counts : array of int
        How many internal rates there are: places in `RootCount`.
    payback, discounted_payback : array of float
        [yr]; infinite where the draw is never paid back.
    """

    npv: Array
    irr: Array
    counts: NDArray[np.int8]
    payback: Array
    discounted_payback: Array

    @classmethod
    def space_for(cls, draws: int) -> Outcomes:
        """Results yet to be filled in."""
        npv, irr, payback, discounted = np.empty((4, draws))
        return cls(npv, irr, np.empty(draws, np.int8), payback, discounted)

    def put(self, rows: slice | NDArray[np.intp], others: Outcomes) -> None:
        """Fill in the results of some draws."""
        for own, other in zip(self.arrays, others.arrays, strict=True):
            own[rows] = other

    @property
    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        """All results."""
        return self.npv, self.irr, self.counts, self.payback, self.discounted_payback


def outcomes_of(project: Project, conventions: Conventions, draws: int) -> Outcomes:
    """Evaluate all draws of a project together.

    Parameters
    ----------
    project : Project
        Uncertain inputs are arrays of shape (draws,), the others floats.
    conventions : Conventions
    draws : int
    """
    flow = after_tax_cash_flow(project, conventions)
    irr, counts = _internal_rates(flow, draws)
    return Outcomes(
        npv=_many(flow.net_present_value, draws),
        irr=irr,
        counts=counts,
        payback=_simple_payback(flow, draws),
        discounted_payback=_discounted_payback(flow, draws),
    )


def _internal_rates(flow: CashFlow, draws: int) -> tuple[Array, NDArray[np.int8]]:
    if is_many(*flow.cash):
        found = internal_rates_of_return(flow.cash)
        return found.value, found.codes
    alone = flow.internal_rate
    value = np.nan if alone.value is None else alone.value
    return np.full(draws, value), np.full(draws, COUNTS.index(alone.count), np.int8)


def _simple_payback(flow: CashFlow, draws: int) -> Array:
    capital, saving = flow.funding.capital, total(annual_amounts(flow.project.operating).values())
    if is_many(capital, saving):
        return simple_paybacks(capital, saving)
    years = simple_payback(capital, saving).years
    return np.full(draws, np.inf if years is None else years)


def _discounted_payback(flow: CashFlow, draws: int) -> Array:
    rate, before = flow.project.nominal_discount_rate, len(flow.years) - flow.project.life - 1
    if is_many(rate, *flow.cash):
        return discounted_paybacks(rate, flow.cash, before)
    cash = [np.array([amount]) for amount in flow.cash]
    return _many(float(discounted_paybacks(rate, cash, before)[0]), draws)


def _many(amount: Amount, draws: int) -> Array:
    return amount if isinstance(amount, np.ndarray) else np.full(draws, float(amount))
