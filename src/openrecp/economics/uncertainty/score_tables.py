"""Values at normal scores, looked up in tables, for drawing without scipy and faster than with it.

A table holds values at evenly spaced scores; between them a straight line errs by less than 1e-6 of the range
(decision 44). Exact inverses stand with the distributions themselves.

scipy.special would do the same but takes up to half a second to import, longer than a million draws.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np

from openrecp.economics.amounts import Array

# Scores beyond this never occur: the share outside is smaller than the last bit of a number near 1.
_OUTERMOST: Final = 8.5
_POINTS: Final = 4097
# Angles at which the density of a beta distribution is summed.
_ANGLES: Final = 16_385
# Sums this small beside the whole are left out: no score reaches them.
_NOTHING: Final = 1e-200
# Up to so many inverses are found one by one.
_FEW: Final = 5_000
_STANDARD: Final = NormalDist()

Table = tuple[Array, Array]


def looked_up(table: Table, scores: Array) -> Array:
    """Values of a table at scores, shape (n,)."""
    values, steps = table
    places = (scores + _OUTERMOST) * ((_POINTS - 1) / (2.0 * _OUTERMOST))
    np.clip(places, 0.0, _POINTS - 1.0, out=places)
    whole = places.astype(np.intp)
    places -= whole
    places *= steps.take(whole)
    places += values.take(whole)
    return places


def normal_share(score: float) -> float:
    """Share of the normal distribution below a score.

    >>> round(normal_share(1.0), 6)
    0.841345
    """
    return 0.5 * math.erfc(-score / math.sqrt(2.0))


def normal_shares(scores: Array) -> Array:
    """Shares of the normal distribution below scores, within 1e-6, shape (n,)."""
    return looked_up(_share_table(), scores)


def normal_scores(shares: Array) -> Array:
    """Scores below which shares of the normal distribution lie, exact to rounding, shape (n,)."""
    if shares.size > _FEW:
        from scipy.special import ndtri

        found: Array = ndtri(shares)
        return found
    return np.array([_score(share) for share in shares.tolist()])


def _score(share: float) -> float:
    if 0.0 < share < 1.0:
        return _STANDARD.inv_cdf(share)
    return math.nan if not 0.0 <= share <= 1.0 else math.copysign(math.inf, share - 0.5)


def scores_between(shares: Array, first: float, last: float) -> Array:
    """Scores of a normal distribution of which only the part between two scores is left, shape (n,)."""
    part = part_between(first, last)
    # Counted from the end of the curve that is nearer, where small shares keep their digits.
    from_above = (first > 0) | ((shares > 0.5) & (last > 0))
    below = normal_share(first) + part * shares
    above = normal_share(-last) + part * (1.0 - shares)
    found = normal_scores(np.where(from_above, above, below))
    return np.where(from_above, -found, found)


def part_between(first: float, last: float) -> float:
    """Share of the normal distribution between two scores."""
    # Taken in the lower tail, where small differences keep their digits.
    if first > 0:
        first, last = -last, -first
    return normal_share(last) - normal_share(first)


@lru_cache(maxsize=64)
def cut_table(first: float, last: float) -> Table:
    """`scores_between` as a table."""
    half = _share_table()[0][: _POINTS // 2 + 1]
    above = -scores_between(half, -last, -first)
    return _with_steps(np.concatenate((scores_between(half, first, last), above[-2::-1])))


@lru_cache(maxsize=64)
def beta_table(first: float, second: float) -> Table:
    """Quantiles of a beta distribution with exponents of 1 to 1,001, as a table.

    With ``x = sin² θ`` the density is smooth to both ends. It is summed from either end, so that small shares keep
    their digits.
    """
    angles = np.linspace(0.0, 0.5 * math.pi, _ANGLES)
    with np.errstate(divide="ignore"):
        logs = (2.0 * first - 1.0) * np.log(np.sin(angles)) + (2.0 * second - 1.0) * np.log(np.cos(angles))
    density = np.exp(logs - logs[1:-1].max())
    density[[0, -1]] = 0.0
    half = _share_table()[0][: _POINTS // 2 + 1]
    below = np.sin(_angles_at(half, density, angles[1])) ** 2
    above = np.sin(_angles_at(half, density[::-1], angles[1])) ** 2
    return _with_steps(np.concatenate((below, 1.0 - above[-2::-1])))


def _angles_at(shares: Array, density: Array, step: float) -> Array:
    """Angles below which shares of the density lie, counted from its first end."""
    sums = np.cumsum(density[1:] + density[:-1])
    kept = np.flatnonzero(sums > _NOTHING * sums[-1])[0]
    angles = step * np.arange(kept + 1, len(density))
    # Both ends fall by a power of the angle, which is a straight line of logarithms.
    found: Array = np.exp(np.interp(np.log(shares), np.log(sums[kept:] / sums[-1]), np.log(angles)))
    return found


@lru_cache(maxsize=1)
def _share_table() -> Table:
    scores = np.linspace(-_OUTERMOST, _OUTERMOST, _POINTS)
    return _with_steps(np.array([normal_share(score) for score in scores.tolist()]))


def _with_steps(values: Array) -> Table:
    return values, np.append(np.diff(values), 0.0)
