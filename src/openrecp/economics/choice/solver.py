"""The best columns of a program, with a proof.

1. The linear relaxation prices the limits, which gives an upper bound of every choice
   (:mod:`~openrecp.economics.choice.relaxation`): by HiGHS (``scipy.optimize.linprog``), or, where there is
   a single budget, without a solver (:mod:`~openrecp.economics.choice.one_price`).
2. The same prices say for each column how far the bound falls if it is taken, or if the best of its
   group is not: its reach. What would fall below a known choice cannot be part of a better one.
3. The few groups left are the core. Where nothing but one limit links them, it is closed by lists of
   undominated states (:mod:`~openrecp.economics.choice.core`), otherwise by HiGHS' branch and bound
   (``scipy.optimize.milp``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.choice.branching import branched
from openrecp.economics.choice.core import Core, undominated_best
from openrecp.economics.choice.program import Floats, Program
from openrecp.economics.choice.relaxation import Bound, allowed_limits, bound_at, relaxed_prices

# Columns left free in the first core; more are added until the proof holds.
_FIRST_CORE = 40
_WIDER = 4.0
_LEAST_TIME = 0.05  # s


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best columns found.

    Attributes
    ----------
    columns : tuple of int or None
        Choice columns taken; None if no choice keeps the limits, or none was found in time.
    bound : float
        No choice that keeps the limits is worth more; minus infinity if there is none [money].
    in_time : bool
        Whether the search ended before its time limit.
    prices : ndarray, shape (limits,)
        What a little more of each limit would be worth, in the linear relaxation.
    """

    columns: tuple[int, ...] | None
    bound: float
    in_time: bool
    prices: Floats


def optimum(
    program: Program, gap: float, time_limit: float, keeps: Callable[[tuple[int, ...]], bool]
) -> Optimum:
    """The most valuable choice of columns.

    Parameters
    ----------
    program : Program
    gap : float
        The search may end when what was found is within this fraction of the bound.
    time_limit : float
        [s]
    keeps : callable
        Whether a choice of columns keeps the limits in plain arithmetic, free of a solver's tolerance.
    """
    end = time.monotonic() + time_limit
    impossible = Optimum(None, -np.inf, in_time=True, prices=np.zeros(len(program.limits)))
    if (program.starts == program.stops).any():
        return impossible
    if not program.choices:
        fits = bool((allowed_limits(program) >= 0).all())
        return Optimum((), 0.0, in_time=True, prices=impossible.prices) if fits else impossible
    prices = relaxed_prices(program, time_limit)
    if prices is None:
        return impossible
    bound = bound_at(program, prices)
    if program.lists_all and len(program.limits) <= 1:
        found = _closed_by_lists(program, bound, end)
        if found is not None:
            return found
    return _closed_by_branching(program, bound, gap, end, keeps)


def _first_distance(bound: Bound) -> float:
    """How far below the bound to look first: as far as leaves a small core."""
    last = min(_FIRST_CORE, len(bound.reach) - 1)
    nearest = float(np.partition(bound.reach, last)[last])
    noise = 1e-12 * float(np.abs(bound.reduced).sum()) + 1e-300
    return max(nearest, noise) if np.isfinite(nearest) else noise


def _farthest(bound: Bound) -> float:
    """A distance beyond which nothing is fixed that could be otherwise."""
    return float(bound.reach[np.isfinite(bound.reach)].sum()) + 2.0 * abs(bound.total)


def _closed_by_lists(program: Program, bound: Bound, end: float) -> Optimum | None:
    """The best choice under one limit at most; None if the lists grow too long or time runs out."""
    distance = _first_distance(bound)
    farthest = _farthest(bound)
    while time.monotonic() < end:
        everything = distance > farthest
        fixed, options = _free(program, bound, distance)
        core = _core(program, bound, fixed, options, -np.inf if everything else bound.total - distance)
        try:
            found = undominated_best(core)
        except MemoryError:
            return None
        if found is not None and found[1] > core.floor:
            picked = [int(option[pick]) for option, pick in zip(options, found[0], strict=True)]
            taken = tuple(sorted([*fixed, *(column for column in picked if column >= 0)]))
            return Optimum(taken, float(program.value[list(taken)].sum()), in_time=True, prices=bound.prices)
        if everything:
            return Optimum(None, -np.inf, in_time=True, prices=bound.prices)
        # What lies below the floor still shows how far below the bound it is worth looking.
        distance = _WIDER * distance if found is None else (distance + core.floor - found[1]) * 1.000001
    return None


def _free(program: Program, bound: Bound, distance: float) -> tuple[list[int], list[NDArray[np.intp]]]:
    """Columns taken for certain, and for each group left open its columns, -1 for none of them.

    A choice worth no more than the distance below the bound may be lost, no other.
    """
    near = bound.reach <= distance
    near_best = near[bound.best]
    fixed = bound.best[bound.taken & ~near_best].tolist()
    groups = np.repeat(np.arange(len(program.starts)), program.stops - program.starts)
    open_group = np.zeros(len(program.starts), bool)
    open_group[groups[near]] = True
    open_group[bound.taken & ~near_best] = False
    order = np.flatnonzero(open_group)
    # The groups least likely to change come first: the lists stay short longest.
    order = order[np.argsort(-bound.reach[bound.best[order]], kind="stable")]
    options = []
    for group in order:
        columns = np.arange(program.starts[group], program.stops[group])
        columns = columns[near[columns]]
        worth_of_none = bound.reduced[bound.best[group]] if bound.taken[group] else 0.0
        if not program.must[group] and worth_of_none <= distance:
            columns = np.append(columns, -1)
        options.append(columns)
    return fixed, options


def _core(
    program: Program, bound: Bound, fixed: list[int], options: list[NDArray[np.intp]], floor: float
) -> Core:
    limited = len(program.limits) > 0
    value = np.append(program.value, 0.0)
    amount = np.append(program.amounts[0], 0.0) if limited else np.zeros(len(value))
    room = float(allowed_limits(program)[0] - amount[fixed].sum()) if limited else 0.0
    return Core(
        [value[each] for each in options],
        [amount[each] for each in options],
        room,
        float(bound.prices[0]) if limited else 0.0,
        floor - float(value[fixed].sum()),
    )


def _closed_by_branching(
    program: Program, bound: Bound, gap: float, end: float, keeps: Callable[[tuple[int, ...]], bool]
) -> Optimum:
    """The best choice by branch and bound on the core, widened until the proof holds or time runs out."""
    distance, farthest = _first_distance(bound), _farthest(bound)
    best: tuple[int, ...] | None = None
    # The solver ends within an absolute gap too, which matters where gains and losses cancel.
    noise = 1e-9 * float(np.abs(program.value).max())
    value = -np.inf
    forbidden: list[tuple[int, ...]] = []
    while True:
        everything = distance > farthest
        lowest, highest = _ranges(program, bound, np.inf if everything else distance)
        left = max(end - time.monotonic(), _LEAST_TIME)
        found = branched(program, lowest, highest, forbidden, gap, left)
        if found.columns is not None and not keeps(found.columns):
            # Within the solver's tolerance, but not in plain arithmetic.
            forbidden.append(found.columns)
            if time.monotonic() < end:
                continue
        elif found.columns is not None and found.value > value:
            best, value = found.columns, found.value
        outside = -np.inf if everything else bound.total - distance
        upper = min(bound.total, max(found.bound, outside, value))
        proven = best is not None and upper - value <= gap * abs(value) + noise
        if everything or proven or time.monotonic() >= end:
            return Optimum(best, upper, found.in_time and (everything or proven), bound.prices)
        distance = _WIDER * distance if best is None else (bound.total - value) * 1.000001


def _ranges(program: Program, bound: Bound, distance: float) -> tuple[Floats, Floats]:
    """Lowest and highest value of each column when only what reaches at most so far is left open."""
    far = bound.reach > distance
    lowest, highest = np.zeros(len(program.value)), np.ones(len(program.value))
    highest[: program.choices][far] = 0.0
    sure = bound.best[bound.taken & far[bound.best]]
    lowest[sure] = highest[sure] = 1.0
    return lowest, highest
