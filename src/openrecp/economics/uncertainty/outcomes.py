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
    Payback,
    RootCount,
    discounted_payback,
    internal_rates_of_return,
    simple_payback,
)
from openrecp.economics.project import Project

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
    saving = total(annual_amounts(flow.project.operating, flow.project.life).values())
    return _years(simple_payback(flow.funding.capital, saving), draws)


def _discounted_payback(flow: CashFlow, draws: int) -> Array:
    return _years(discounted_payback(flow.project.nominal_discount_rate, flow.cash, flow.years[0]), draws)


def _years(found: Payback | Array, draws: int) -> Array:
    """Years of payback; what never comes takes infinitely long."""
    if isinstance(found, Payback):
        return np.full(draws, np.inf if found.years is None else found.years)
    np.copyto(found, np.inf, where=np.isnan(found))
    return found


def _many(amount: Amount, draws: int) -> Array:
    return amount if isinstance(amount, np.ndarray) else np.full(draws, float(amount))
