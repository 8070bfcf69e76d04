"""Internal rates of the cash flows that are not ordinary: several changes of sign, far rates, long lives.

How many rates a flow has is counted interval by interval with Descartes' rule, as computer algebra isolates
roots (Vincent 1836; Collins and Akritas 1976): none where the signs do not change, one where they change
once. Where they change more often, or a sum drowns in rounding, the function for one flow decides.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import comb

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Array
from openrecp.economics.profitability.internal_rate import (
    LOWEST,
    NOTHING,
    RootCount,
    internal_rate_of_return,
)
from openrecp.economics.profitability.roots import NOISE

CODES = (RootCount.ONE, RootCount.NO_SIGN_CHANGE, RootCount.NONE, RootCount.SEVERAL)
_ONE, _NO_SIGN_CHANGE, _NONE, _SEVERAL, _UNKNOWN = range(5)
# Fewer rows are done sooner one by one.
FEW = 16
_STEPS = 60
# Bounds of the intervals: rates that no real flow is likely to have exactly.
_MARKS = (9.17, 3.83, 1.87, 1.13, 0.73, 0.47, 0.283, 0.137, 0.0317, -0.083, -0.21, -0.37, -0.57, -0.83)
# With more the powers of the marks grow too large.
_MOST_PERIODS = 100
# Beyond it the answer is too sensitive to rounding to be taken from here.
_WORST_CONDITION = 100.0


def settled(flows: Array) -> tuple[Array, NDArray[np.int8], NDArray[np.int16]]:
    """Value, code and changes of sign of the flows of shape (periods, m).

    Raises
    ------
    ValueError
        If a flow is not finite.
    """
    periods, count = flows.shape
    if not np.isfinite(flows).all():
        raise ValueError("cash flows must be finite numbers")
    value = np.full(count, np.nan)
    codes = np.full(count, _UNKNOWN, np.int8)
    changes = np.zeros(count, np.int16)
    if count > FEW and periods > 1:
        terms = _scaled(flows)
        changes[:], _ = _sign_changes(np.sign(terms).astype(np.int8))
        codes[:] = _proven_codes(terms, changes)
        ordinary = np.flatnonzero(codes == _ONE)
        roots = _roots_within(terms[:, ordinary])
        value[ordinary] = roots
        codes[ordinary[np.isnan(roots)]] = _UNKNOWN
    for row in np.flatnonzero(codes == _UNKNOWN):
        found = internal_rate_of_return(flows[:, row].tolist())
        value[row] = np.nan if found.value is None else found.value
        codes[row] = CODES.index(found.count)
        changes[row] = found.sign_changes
    return value, codes, changes


def _scaled(flows: Array) -> Array:
    """Each row times a power of two, so that nothing overflows, and without what is nothing beside it."""
    largest = np.abs(flows).max(axis=0)
    terms: Array = np.ldexp(flows, -np.frexp(largest)[1])
    terms[np.abs(terms) <= NOTHING] = 0.0
    return terms


def _sign_changes(signs: NDArray[np.int8]) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """Changes of sign of each row, zeros left out, and the first sign that is not zero."""
    changes = np.zeros(signs.shape[1], np.int16)
    last = signs[0].copy()
    first = signs[0].copy()
    for sign in signs[1:]:
        changes += last * sign < 0
        last = np.where(sign == 0, last, sign)
        first = np.where(first == 0, sign, first)
    return changes, first


def _proven_codes(terms: Array, changes: NDArray[np.int16]) -> NDArray[np.int8]:
    """How many rates each row has, where the signs prove it."""
    codes = np.where(changes == 0, _NO_SIGN_CHANGE, np.where(changes == 1, _ONE, _UNKNOWN)).astype(np.int8)
    several = np.flatnonzero(codes == _UNKNOWN)
    if several.size and len(terms) <= _MOST_PERIODS:
        count = np.zeros(several.size, np.int16)
        proven = np.ones(several.size, np.bool_)
        terms = _from_first_flow(terms[:, several])
        sizes = np.abs(terms)
        for basis in _bases(len(terms)):
            coefficients, noise = basis @ terms, NOISE * (basis @ sizes)
            proven &= ((np.abs(coefficients) > noise) | (noise == 0)).all(axis=0)
            within, _ = _sign_changes(np.sign(coefficients).astype(np.int8))
            proven &= within <= 1
            count += within
        codes[several[proven]] = np.array([_NONE, _ONE, _SEVERAL], np.int8)[np.minimum(count[proven], 2)]
    return codes


@lru_cache(maxsize=8)
def _bases(periods: int) -> list[Array]:
    """For each interval of rates, what turns the flows into coefficients of Bernstein's basis on it.

    By Descartes' rule there are at most as many roots x = 1 / (1 + rate) within as these change sign, and
    exactly one if they change once. Beyond the last mark the coefficients are those around it.
    """
    degree = periods - 1
    marks = [0.0] + [1 / (1 + rate) for rate in _MARKS]
    bases = []
    for low, high in pairwise(marks):
        around = _taylor(periods, low) * ((high - low) ** np.arange(periods))[:, None]
        shares = [[comb(j, k) / comb(degree, k) for k in range(periods)] for j in range(periods)]
        bases.append(np.array(shares) @ around)
    return [*bases, _taylor(periods, marks[-1])]


def _taylor(periods: int, x: float) -> Array:
    """What turns the coefficients of a polynomial into those of its powers of (x' - x)."""
    return np.array([[comb(t, k) * x ** max(t - k, 0) for t in range(periods)] for k in range(periods)])


def _roots_within(terms: Array) -> Array:
    """The rate of each row of which it is known that it has exactly one; nan where it is hard to find.

    Of ``x = 1 / (1 + rate)`` and ``1 / x`` the one that lies below 1 is looked for, so that no power is
    large: Newton's steps, kept within the interval by halving.
    """
    _, first = _sign_changes(np.sign(terms).astype(np.int8))
    losing = terms.sum(axis=0) * first > 0
    terms = _from_first_flow(np.where(losing, terms[::-1], terms))
    sign = np.sign(terms[0])
    count = terms.shape[1]
    low, high, x = np.zeros(count), np.ones(count), np.full(count, 0.5)
    root = np.full(count, np.nan)
    active = np.arange(count)
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            value, slope = _value_and_slope(terms, x)
            before = value * sign > 0
            low, high = np.where(before, x, low), np.where(before, high, x)
            following = x - value / slope
            outside = ~((following > low) & (following < high))
            halved = np.where(low > 0, np.sqrt(low * high), high / 1024)
            following = np.where(outside, halved, following)
            there = (np.abs(value / slope) <= 2.0**-50 * x) | (value == 0)
            root[active[there]] = np.where(_is_well_conditioned(terms, x, value, slope), x, np.nan)[there]
            going = ~there
            active, terms, sign = active[going], terms[:, going], sign[going]
            low, high, x = low[going], high[going], following[going]
            if not active.size:
                break
        return np.maximum(np.where(losing, root - 1.0, 1.0 / root - 1.0), LOWEST)


def _from_first_flow(terms: Array) -> Array:
    """The rows without their leading zeros, filled up with zeros at the end."""
    periods = terms.shape[0]
    start = (terms != 0).argmax(axis=0)
    if not start.any():
        return terms
    padded = np.vstack([terms, np.zeros(terms.shape[1])])
    places = np.minimum(np.arange(periods)[:, None] + start, periods)
    return np.take_along_axis(padded, places, axis=0)


def _value_and_slope(terms: Array, x: Array) -> tuple[Array, Array]:
    value, slope = terms[-1], np.zeros_like(x)
    for term in terms[-2::-1]:
        slope = slope * x + value
        value = value * x + term
    return value, slope


def _is_well_conditioned(terms: Array, x: Array, value: Array, slope: Array) -> NDArray[np.bool_]:
    """Whether the value is nothing but rounding and the slope steep enough to trust the place."""
    size, _ = _value_and_slope(np.abs(terms), x)
    return (np.abs(value) <= NOISE * size) & (size <= _WORST_CONDITION * np.abs(slope * x))
