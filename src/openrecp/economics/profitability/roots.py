"""All positive roots of ``sum(terms[t] * x**t)``, found one after the other between bounds.

They are isolated by the argument that proves Descartes' rule of signs: the derivative of ``x**-k f(x)``, k
at a sign change, has one sign change less, and between its roots the function is monotone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count, pairwise
from operator import mul

# Rounding noise of a sum, relative to the sum of its absolute terms, below which it is zero.
NOISE = 64 * 2.0**-52
# A Newton step this small beside x doubles its correct digits to all there are.
_NEARLY = 1e-9
# More steps than an ordinary search takes; whoever needs more is searched for between bounds.
_ORDINARY_STEPS = 12


def sign_changes(terms: Sequence[float]) -> int:
    """How often the terms change sign, zeros left out."""
    changes = last = 0
    for term in terms:
        if term > 0.0:
            changes += last < 0
            last = 1
        elif term < 0.0:
            changes += last > 0
            last = -1
    return changes


def single_root(terms: Sequence[float]) -> float:
    """The positive root of terms that change sign once."""
    x = _first_guess(terms)
    downward = terms[::-1]
    for _ in range(_ORDINARY_STEPS):
        value = slope = 0.0
        for term in downward:
            slope = slope * x + value
            value = value * x + term
        step = value / slope if slope else math.inf
        # The ratio of value to slope is small near the root only, because all terms of one sign come
        # before those of the other.
        if abs(step) <= _NEARLY * x:
            return x - step
        x -= step
        if not 0.0 < x < math.inf:
            break
    low, high = _root_bounds(terms)
    return _root_between(terms, low, high)


def positive_roots(terms: Sequence[float]) -> list[float]:
    """Positive roots of ``sum(terms[t] * x**t)``, ascending; a multiple root appears once."""
    changes = sign_changes(terms)
    if changes == 0:
        return []
    if changes == 1:
        return [single_root(terms)]
    low, high = _root_bounds(terms)
    turn = _middle_of_a_sign_change(terms)
    slopes = [term * (t - turn) for t, term in enumerate(terms)]
    marks = [low, *(x for x in positive_roots(slopes) if low < x < high), high]
    signs = [_sign(terms, x) for x in marks]
    roots = [x for x, sign in zip(marks, signs, strict=True) if sign == 0]
    for (left, before), (right, after) in pairwise(zip(marks, signs, strict=True)):
        if before * after < 0:
            roots.append(_root_between(terms, left, right))
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


def _root_between(terms: Sequence[float], low: float, high: float) -> float:
    """The root between two points of opposite sign: Newton's steps, kept inside and quick by halving."""
    rising = _value_and_step(terms, high)[0] > 0
    x, last = math.sqrt(low * high), math.inf
    while True:
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
        if not low < moved < high or abs(step) > 0.5 * last:
            # Halving of the logarithm: roots may lie orders of magnitude apart.
            moved = math.sqrt(low * high)
            if not low < moved < high:
                return x
        last, x = abs(moved - x), moved


def _first_guess(terms: Sequence[float]) -> float:
    """Where the root would be if all flows after the first came at once, at their mean time."""
    after = sum(terms) - terms[0]
    moment = sum(map(mul, terms, count()))
    if not after or not terms[0] or moment / after <= 0 or terms[0] / after > 0:
        return 1.0
    power = math.log(-terms[0] / after) * after / moment
    return math.exp(power) if abs(power) < 50 else 1.0
