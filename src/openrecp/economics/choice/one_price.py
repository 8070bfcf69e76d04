"""The price of a single budget, found without a solver: most choices have one budget and few options.

The bound of a choice at a price λ of the budget, ``λ × budget + Σ best of each group at that price``, is convex in λ
and made of straight lines. Its lowest point is where what the groups choose goes from more than the budget to less:
the same price that the linear relaxation gives, in a few steps of plain arithmetic. Small choices need not wait for
the solver to be imported, which takes most of a second.
"""

from __future__ import annotations

import numpy as np

from openrecp.economics.choice.program import Floats, Program

_MOST_DOUBLINGS = 1100
_MOST_HALVINGS = 200


def has_one_price(program: Program) -> bool:
    """Whether a budget is all that links the groups of a program."""
    return len(program.limits) == 1 and not program.rows and bool((program.amounts[0] >= 0).all())


def price_of_budget(program: Program, budget: float) -> float | None:
    """What a little more of the budget would be worth, as in the linear relaxation; None if nothing fits.

    Parameters
    ----------
    program : Program
        One for which `has_one_price` holds.
    budget : float
        [money]
    """
    least = np.minimum.reduceat(program.amounts[0], program.starts)
    if float(least[program.must].sum()) > budget:
        return None
    worth, used = _line(program, 0.0)
    if used <= budget:
        return 0.0
    low, high = (0.0, worth, used), _first_within(program, budget, worth)
    for _ in range(_MOST_HALVINGS):
        # Where the two lines cross there is no third below them at the lowest point.
        price = (low[1] - high[1]) / (low[2] - high[2])
        if not low[0] < price < high[0]:
            return float(min(max(price, low[0]), high[0]))
        worth, used = _line(program, price)
        at_crossing = low[1] - price * low[2]
        if worth - price * used <= at_crossing + 1e-12 * abs(at_crossing):
            return float(price)
        if used > budget:
            low = (price, worth, used)
        else:
            high = (price, worth, used)
    return high[0]


def _first_within(program: Program, budget: float, worth: float) -> tuple[float, float, float]:
    """A price at which the groups choose within the budget, with what they choose is worth and uses."""
    price = max(abs(worth) / max(budget, 1.0), 1e-300)
    for _ in range(_MOST_DOUBLINGS):
        found, used = _line(program, price)
        if used <= budget:
            return price, found, used
        price *= 2.0
    raise ArithmeticError("no price keeps the groups within a budget that they fit in")


def _line(program: Program, price: float) -> tuple[float, float]:
    """Value and amount of what every group chooses at a price, the smaller amount where two are worth the same."""
    own, amounts = program.value[: program.choices], program.amounts[0][: program.choices]
    reduced: Floats = own - price * amounts
    top = np.maximum.reduceat(reduced, program.starts)
    group = np.repeat(np.arange(len(program.starts)), program.stops - program.starts)
    leading = np.where(reduced == top[group], amounts, np.inf)
    smallest = np.minimum.reduceat(leading, program.starts)
    taken = program.must | (top > 0)
    return float((top + price * smallest)[taken].sum()), float(smallest[taken].sum())
