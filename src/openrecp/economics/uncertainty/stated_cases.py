"""A distribution for those who know a best, a base and a worst case."""

from __future__ import annotations

import math
from collections.abc import Iterator

from openrecp.economics.uncertainty.distributions import (
    Constant,
    Triangular,
    mode_issues,
    not_finite,
    refuse,
)
from openrecp.errors import Issue, problem


def triangular_from_cases(
    best: float, base: float, worst: float, *, within: float = 1.0
) -> Triangular | Constant:
    """A triangular distribution from the three cases of section 4.3 of the manual.

    Parameters
    ----------
    best, worst : float
        In either order: the best capital is the smallest, the best saving the largest.
    base : float
        Taken as the most likely value.
    within : float
        Part of all values that is meant to lie between best and worst: 1 makes them the outermost values; 0.8 makes
        them the 10th and 90th percentile, since people seldom think of the extremes, and values beyond are possible.

    Returns
    -------
    Triangular or Constant
        A constant if the three are equal.

    Raises
    ------
    UnusableInput
        If the base does not lie between the others, or ``within`` is not above 0 and at most 1.

    References
    ----------
    D. L. Keefer and S. E. Bodily, Three-Point Approximations for Continuous Random Variables, Management Science 29
    (1983) 595-609, for triangles from percentiles.

    >>> triangular_from_cases(80.0, 100.0, 150.0)
    Triangular(low=80.0, mode=100.0, high=150.0)
    >>> wider = triangular_from_cases(80.0, 100.0, 150.0, within=0.8)
    >>> round(wider.low, 2), round(wider.high, 2)
    (56.7, 182.08)
    """
    low, high = min(best, worst), max(best, worst)
    refuse(_case_issues(low, base, high, within))
    if low == high:
        return Constant(base)
    if within == 1.0:
        return Triangular(low, base, high)
    tail = (1.0 - within) / 2.0
    left, right = base - low, high - base

    def reach(distance: float, width: float) -> float:
        """Distance of the outermost value where the tail beyond ``distance`` of the base is given."""
        part = math.sqrt(tail * width)
        return (0.5 * (part + math.sqrt(part * part + 4.0 * distance))) ** 2

    # The width that the two reaches add up to, found by halving: they grow more slowly than it.
    least, most = left + right, left + right
    while reach(left, most) + reach(right, most) > most:
        most *= 2.0
    for _ in range(100):
        width = 0.5 * (least + most)
        if reach(left, width) + reach(right, width) > width:
            least = width
        else:
            most = width
    return Triangular(base - reach(left, most), base, base + reach(right, most))


def _case_issues(low: float, base: float, high: float, within: float) -> Iterator[Issue]:
    if low == high:
        yield from not_finite(base=base)
        if base != low:
            yield problem(
                "case-outside",
                "The base case, {base}, must lie between best and worst, which are both {value}.",
                base=base,
                value=low,
            )
    else:
        yield from mode_issues(low, base, high)
    if not 0.0 < within <= 1.0:
        yield problem(
            "case-share-outside",
            "The part of all values between best and worst must be above 0 and at most 1, not {within}.",
            within=within,
        )
