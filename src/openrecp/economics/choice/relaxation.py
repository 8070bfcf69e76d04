"""The upper bound of a choice: what its limits are worth at a price, and the best of each group.

The linear relaxation finds the prices that make the bound smallest; the bound itself is counted in plain
arithmetic and holds at any prices not below zero, whatever the tolerance of a solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.choice.one_price import has_one_price, price_of_budget
from openrecp.economics.choice.program import Floats, Program, allowed

# The solver's tolerances are absolute, so limits and values are brought to this size.
_SIZE = 1e5


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound, and how far it falls for each choice column.

    Attributes
    ----------
    total : float
        No choice that keeps the limits is worth more [money].
    reduced : ndarray, shape (columns,)
        Value of each column less what it uses of the limits, at their prices [money].
    reach : ndarray, shape (choice columns,)
        How far the bound falls if the column is taken, or if it is not where it is the best of its group.
    best : ndarray, shape (groups,)
        The best column of each group.
    taken : ndarray, shape (groups,)
        Whether it is better than none of the group.
    prices : ndarray, shape (limits,)
    """

    total: float
    reduced: Floats
    reach: Floats
    best: NDArray[np.intp]
    taken: NDArray[np.bool_]
    prices: Floats


def allowed_limits(program: Program) -> Floats:
    """The limits with room for the rounding of sums."""
    return np.array([allowed(limit) for limit in program.limits], np.float64)


def relaxed_prices(program: Program, time_limit: float) -> Floats | None:
    """Prices of limits and rows by the linear relaxation; None if even that has no solution."""
    if not len(program.limits) and not program.rows:
        return np.zeros(0)
    if has_one_price(program):
        price = price_of_budget(program, float(allowed_limits(program)[0]))
        return None if price is None else np.array([price])
    # scipy.optimize takes most of a second to import; only a choice needs it.
    from scipy.optimize import linprog

    matrix, low, high, scale = matrix_of(program)
    equal = low == high
    found = linprog(
        -program.value / value_size(program),
        A_ub=matrix[~equal],
        b_ub=high[~equal],
        A_eq=matrix[equal] if equal.any() else None,
        b_eq=high[equal] if equal.any() else None,
        bounds=(0.0, 1.0),
        method="highs-ds",
        options={"time_limit": time_limit},
    )
    if found.status == 2:
        return None
    count = len(program.limits) + len(program.rows)
    if found.status != 0:
        # Any prices not below zero give a bound; zero gives the widest.
        return np.zeros(count)
    marginals = np.zeros(len(high))
    marginals[~equal] = found.ineqlin.marginals
    return np.maximum(-marginals[:count], 0.0) * value_size(program) * scale[:count]


def value_size(program: Program) -> float:
    """By what values are divided to suit the solver's tolerances."""
    return float(np.abs(program.value).max(initial=0.0)) * 10.0 / _SIZE or 1.0


def matrix_of(program: Program) -> tuple[Any, Floats, Floats, Floats]:
    """Rows of the program as a sparse matrix with lower and upper limits, and by what each was multiplied.

    Limits first, then the rows for what excludes, requires and overlaps, then the groups.
    """
    from scipy import sparse  # slow to import, as above

    width, count = len(program.value), len(program.limits)
    scale = np.array([_SIZE / (abs(limit) or 1.0) for limit in program.limits])
    sizes = program.stops - program.starts
    grouped = np.flatnonzero((sizes > 1) | program.must)
    parts = [sparse.csr_array(program.amounts * scale[:, None])] if count else []
    if program.rows:
        lengths = [len(row.columns) for row in program.rows]
        parts.append(
            sparse.csr_array(
                (
                    np.concatenate([row.factors for row in program.rows]),
                    np.concatenate([row.columns for row in program.rows]),
                    np.concatenate([[0], np.cumsum(lengths)]),
                ),
                shape=(len(program.rows), width),
            )
        )
    inside = np.repeat((sizes > 1) | program.must, sizes)
    columns = np.flatnonzero(inside)
    ends = np.concatenate([[0], np.cumsum(sizes[grouped])])
    parts.append(sparse.csr_array((np.ones(len(columns)), columns, ends), shape=(len(grouped), width)))
    high = np.concatenate(
        [
            allowed_limits(program) * scale,
            [row.limit for row in program.rows],
            np.ones(len(grouped)),
        ]
    )
    low = np.full(len(high), -np.inf)
    low[len(high) - len(grouped) :][program.must[grouped]] = 1.0
    multiplied = np.concatenate([scale, np.ones(len(high) - count)])
    return sparse.vstack(parts, format="csr"), low, high, multiplied


def bound_at(program: Program, prices: Floats) -> Bound:
    """The bound at prices not below zero, in plain arithmetic."""
    count = len(program.limits)
    reduced = program.value - prices[:count] @ program.amounts
    room = float(prices[:count] @ allowed_limits(program))
    for row, price in zip(program.rows, prices[count:], strict=True):
        if price:
            np.subtract.at(reduced, np.array(row.columns), price * np.array(row.factors))
            room += float(price) * row.limit
    own = reduced[: program.choices]
    group = np.repeat(np.arange(len(program.starts)), program.stops - program.starts)
    top = np.maximum.reduceat(own, program.starts)
    best = np.full(len(program.starts), -1, np.intp)
    leading = np.flatnonzero(own == top[group])[::-1]
    best[group[leading]] = leading
    others = own.copy()
    others[best] = -np.inf
    second = np.maximum.reduceat(others, program.starts)
    none = np.where(program.must, -np.inf, 0.0)
    taken = top > none
    worth = np.maximum(top, none)
    reach = worth[group] - own
    reach[best[taken]] = (top - np.maximum(second, none))[taken]
    total = room + float(worth.sum()) + float(np.maximum(reduced[program.choices :], 0.0).sum())
    return Bound(total, reduced, reach, best, taken, prices[:count])
