"""Internal rate of return of one plain cash flow.

The internal rate is found among *all* rates above -100 % that make the net present value zero, and
is only given as the answer when there is exactly one. A cash flow that changes sign more than once
can have several; then none of them is singled out and all are listed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openrecp.texts import Choice, Text, text

# Rounding noise of a sum, relative to the sum of its absolute terms, below which it is zero.
NOISE = 64 * 2.0**-52
# Flows this small beside the largest are nothing; keeps ratios of flows finite.
NOTHING = 1e-100


class RootCount(Choice):
    """How many rates make the net present value zero."""

    ONE = "one", text("one rate")
    NO_SIGN_CHANGE = "no-sign-change", text("no rate: the cash flow never changes sign")
    NONE = "none", text("no rate")
    SEVERAL = "several", text("several rates")


@dataclass(frozen=True, slots=True)
class InternalRate:
    """Internal rate of return.

    Attributes
    ----------
    value : float or None
        The rate a period as a fraction, if there is exactly one.
    count : RootCount
    roots : tuple of float
        Every rate above -1 that makes the net present value zero, ascending.
    sign_changes : int
        Changes of sign in the cash flow; Descartes' rule allows at most so many rates.
    reason : Text or None
        Why there is no single rate.
    """

    value: float | None
    count: RootCount
    roots: tuple[float, ...]
    sign_changes: int
    reason: Text | None = None


def internal_rate_of_return(flows: Sequence[float]) -> InternalRate:
    """The one rate that makes the net present value zero, or the reason why there is none.

    Parameters
    ----------
    flows : sequence of float, shape (n,)
        Cash flow of each period, the first at time zero [money].

    Raises
    ------
    ValueError
        If a flow is not finite.

    References
    ----------
    With ``x = 1 / (1 + r)`` the net present value is a polynomial in x, and every rate above -1 is a
    positive root. The roots are isolated by the argument that proves Descartes' rule of signs: the
    derivative of ``x**-k f(x)``, k at a sign change, has one sign change less, and between its roots
    the function is monotone.

    >>> round(internal_rate_of_return([-100, 60, 60]).value, 6)
    0.130662
    >>> [round(root, 9) for root in internal_rate_of_return([-100, 230, -132]).roots]
    [0.1, 0.2]
    """
    if not all(map(math.isfinite, flows)):
        raise ValueError("cash flows must be finite numbers")
    largest = max(map(abs, flows), default=0.0)
    # Scaled by a power of two, which changes no digit, so that nothing overflows.
    scale = math.ldexp(1.0, -math.frexp(largest)[1]) if largest else 1.0
    terms = [flow * scale if abs(flow) * scale > NOTHING else 0.0 for flow in flows]
    changes = _sign_changes(terms)
    if changes == 0:
        return InternalRate(
            None,
            RootCount.NO_SIGN_CHANGE,
            (),
            0,
            text("the cash flow never changes sign, so no rate makes its present value zero"),
        )
    roots = tuple(sorted(1.0 / x - 1.0 for x in _positive_roots(terms)))
    if len(roots) == 1:
        return InternalRate(roots[0], RootCount.ONE, roots, changes)
    if not roots:
        reason = text("no rate makes the present value of this cash flow zero")
        return InternalRate(None, RootCount.NONE, roots, changes, reason)
    reason = text(
        "several rates make the present value zero ({rates}); judge by the net present value",
        rates=[f"{root:.2%}" for root in roots],
    )
    return InternalRate(None, RootCount.SEVERAL, roots, changes, reason)


def _sign_changes(terms: Sequence[float]) -> int:
    signs = [term > 0 for term in terms if term]
    return sum(1 for one, following in pairwise(signs) if one != following)


def _positive_roots(terms: Sequence[float]) -> list[float]:
    """Positive roots of ``sum(terms[t] * x**t)``, ascending; a multiple root appears once."""
    changes = _sign_changes(terms)
    if changes == 0:
        return []
    low, high = _root_bounds(terms)
    if changes == 1:
        return [_single_root(terms, low, high)]
    turn = _middle_of_a_sign_change(terms)
    slopes = [term * (t - turn) for t, term in enumerate(terms)]
    marks = [low, *(x for x in _positive_roots(slopes) if low < x < high), high]
    signs = [_sign(terms, x) for x in marks]
    roots = [x for x, sign in zip(marks, signs, strict=True) if sign == 0]
    for (left, before), (right, after) in pairwise(zip(marks, signs, strict=True)):
        if before * after < 0:
            roots.append(_single_root(terms, left, right))
    return sorted(roots)


def _middle_of_a_sign_change(terms: Sequence[float]) -> float:
    last = -1
    for t, term in enumerate(terms):
        if not term:
            continue
        if last >= 0 and (term > 0) != (terms[last] > 0):
            return (last + t) / 2
        last = t
    raise ValueError("no sign change")


def _root_bounds(terms: Sequence[float]) -> tuple[float, float]:
    """Cauchy's bounds of all positive roots, a little widened."""
    sizes = [abs(term) for term in terms]
    first = next(size for size in sizes if size)
    last = next(size for size in reversed(sizes) if size)
    largest = max(sizes)
    return 0.5 / (1.0 + largest / first), 2.0 * (1.0 + largest / last)


def _sign(terms: Sequence[float], x: float) -> int:
    """Sign of the polynomial at x > 0; zero when it drowns in its own rounding noise."""
    # Above 1 the powers of 1/x are summed instead: same sign, no overflow.
    ordered, y = (reversed(terms), x) if x <= 1.0 else (iter(terms), 1.0 / x)
    value = size = 0.0
    for term in ordered:
        value = value * y + term
        size = size * y + abs(term)
    return 0 if abs(value) <= NOISE * size else (1 if value > 0 else -1)


def _value_and_step(terms: Sequence[float], x: float) -> tuple[float, float]:
    """Value (up to a positive factor) and Newton's step ``-f/f'`` at x > 0, free of overflow."""
    value = slope = 0.0
    if x <= 1.0:
        for term in reversed(terms):
            slope = slope * x + value
            value = value * x + term
        return value, (-value / slope if slope else math.inf)
    y = 1.0 / x
    for term in terms:
        slope = slope * y + value
        value = value * y + term
    # d/dx of x**n g(1/x) is x**(n-1) (n g - y g'); the common power cancels in f/f'.
    steepness = (len(terms) - 1) * value - y * slope
    return value, (-value * x / steepness if steepness else math.inf)


def _single_root(terms: Sequence[float], low: float, high: float) -> float:
    """The root between two points of opposite sign: Newton's steps, kept inside by bisection."""
    rising = _value_and_step(terms, high)[0] > 0
    x = _first_guess(terms)
    if not low < x < high:
        x = math.sqrt(low * high)
    for _ in range(400):
        value, step = _value_and_step(terms, x)
        if value == 0.0:
            return x
        if (value > 0) == rising:
            high = x
        else:
            low = x
        moved = x + step
        if abs(step) <= 2.0**-51 * x:
            return moved
        if not low < moved < high:
            # Bisection of the logarithm: roots may lie orders of magnitude apart.
            moved = math.sqrt(low * high)
            if not low < moved < high:
                return x
        x = moved
    return x


def _first_guess(terms: Sequence[float]) -> float:
    """Where the root would be if all flows after the first came at once, at their mean time."""
    after = sum(terms) - terms[0]
    moment = sum(t * term for t, term in enumerate(terms))
    if not after or not terms[0] or moment / after <= 0 or terms[0] / after > 0:
        return 1.0
    power = math.log(-terms[0] / after) * after / moment
    return math.exp(power) if abs(power) < 50 else 1.0
