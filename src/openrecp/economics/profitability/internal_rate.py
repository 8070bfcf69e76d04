"""Internal rate of return of one plain cash flow.

The internal rate is found among *all* rates above -100 % that make the net present value zero, and
is only given as the answer when there is exactly one. A cash flow that changes sign more than once
can have several; then none of them is singled out and all are listed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openrecp.economics.profitability.roots import positive_roots, sign_changes, single_root
from openrecp.texts import Choice, Text, text

# Flows this small beside the largest are nothing; keeps ratios of flows finite.
NOTHING = 1e-100
# Sizes among which nothing overflows.
_SMALL, _LARGE = 1e-90, 1e90
# Rates lie above -1, also when they round to it.
LOWEST = math.nextafter(-1.0, 0.0)


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
    positive root. See `openrecp.economics.profitability.roots` for how all of them are found.

    >>> round(internal_rate_of_return([-100, 60, 60]).value, 6)
    0.130662
    >>> [round(root, 9) for root in internal_rate_of_return([-100, 230, -132]).roots]
    [0.1, 0.2]
    """
    terms = _terms(flows)
    changes = sign_changes(terms)
    if changes == 1:
        rate = _rate(single_root(terms))
        return InternalRate(rate, RootCount.ONE, (rate,), 1)
    if changes == 0:
        return InternalRate(
            None,
            RootCount.NO_SIGN_CHANGE,
            (),
            0,
            text("the cash flow never changes sign, so no rate makes its present value zero"),
        )
    roots = tuple(sorted(map(_rate, positive_roots(terms))))
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


def _rate(x: float) -> float:
    return max(1.0 / x - 1.0, LOWEST)


def _terms(flows: Sequence[float]) -> list[float]:
    """The flows from the first to the last that is something.

    They are scaled by a power of two where they are so large or small that powers would overflow.
    """
    terms = list(map(float, flows))
    sizes = list(map(abs, terms))
    largest = max(sizes, default=0.0)
    if largest > _SMALL and sum(sizes) < _LARGE and min(sizes) > NOTHING * largest:
        return terms  # a sum that is no number is not below
    if not all(map(math.isfinite, terms)):
        raise ValueError("cash flows must be finite numbers")
    shift = -math.frexp(largest)[1]
    terms = [math.ldexp(term, shift) for term in terms]
    terms = [term if abs(term) > NOTHING else 0.0 for term in terms]
    something = [t for t, term in enumerate(terms) if term]
    return terms[something[0] : something[-1] + 1] if something else []
