"""Several gross errors at once: the smallest set that explains the data, which need not hold the worst single one.

Two errors can hide each other, or together point at a third meter; taking one after the other then goes astray. Here
the best set of each size is sought: every single one, every pair, and larger ones by adding and exchanging members.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np

from openrecp.balances.gross_errors.candidates import candidates, members_at
from openrecp.balances.gross_errors.checks import Checks
from openrecp.balances.gross_errors.critical_values import SAME, CriticalValue
from openrecp.balances.gross_errors.findings import Findings, StopReason
from openrecp.balances.gross_errors.remainders import NEARLY, Remainder, all_without, findings_of
from openrecp.balances.gross_errors.statistical_tests import global_test
from openrecp.balances.problems import Array
from openrecp.texts import Choice, text

_MOST: Final = 6
_ALTERNATIVES: Final = 20


class Criterion(Choice):
    """What makes a set of gross errors large enough."""

    FAMILY = "family", text("no further error exceeds its critical value")
    INFORMATION = "information", text("extended Bayesian information criterion")


def simultaneous_errors(
    checks: Checks,
    leaks: Array | None = None,
    level: float = 0.05,
    criterion: Criterion = Criterion.FAMILY,
    most: int = _MOST,
) -> Findings:
    """The smallest set of gross errors that explains the data, estimated together.

    Parameters
    ----------
    checks : Checks
    leaks : array, shape (balances, leaks), optional
        As at :func:`~openrecp.balances.gross_errors.candidates`.
    level : float
        Chance that anything is named in data without gross errors, by the first criterion.
    criterion : Criterion
        ``FAMILY``: the smallest number of errors whose best set leaves nothing that exceeds the critical value of
        all that is left. ``INFORMATION``: the number p at which chi2 + p ln r + 2 ln C(n, p) is least, with r checks
        and n different candidates; it holds no level.
    most : int
        Largest number of gross errors.

    Raises
    ------
    ValueError
        If the leaks do not fit the balances, or the level is not between 0 and 1.

    References
    ----------
    J. Y. Keller, M. Darouach and G. Krzakala, Fault detection of multiple biases or process leaks in linear steady
    state systems, Computers and Chemical Engineering 18 (1994) 1001-1004, for estimating all at once. J. Chen and Z.
    Chen, Extended Bayesian information criteria for model selection with large model spaces, Biometrika 95 (2008)
    759-771.
    """
    found = candidates(checks, leaks)
    start = Remainder.of(checks.residuals, found)
    sizes = min(most, max(start.redundancy - 1, min(start.redundancy, 1)))
    if criterion is Criterion.INFORMATION:
        places = _most_informative(start, sizes)
    else:
        places = _just_enough(start, sizes, level)
    left = all_without(start, places)
    named = [_judged(start, places, place, level) for place in places]
    named.sort(key=lambda each: -abs(each[1]))
    stop = _stop(left, level, criterion, sizes - len(places))
    alternatives = tuple(members_at(found, each) for each in _alternatives(start, places))
    return replace(findings_of(start, found, named, stop, level), alternatives=alternatives)


def _just_enough(start: Remainder, sizes: int, level: float) -> list[int]:
    places: list[int] = []
    while len(places) < sizes and _exceeds(all_without(start, places), level):
        places = _enlarged(start, places)
    return places


def _exceeds(left: Remainder, level: float) -> bool:
    if not left.redundancy or not left.live.size:
        return False
    return float(np.max(np.abs(left.residuals @ left.directions))) > left.critical(level).value


def _most_informative(start: Remainder, sizes: int) -> list[int]:
    different = _different(start).size
    best: list[int] = []
    places: list[int] = []
    least = start.chi2
    for size in range(1, min(sizes, different) + 1):
        places = _enlarged(start, places)
        left = all_without(start, places)
        cost = left.chi2 + size * math.log(start.redundancy) + 2.0 * math.log(math.comb(different, size))
        if cost < least:
            best, least = places, cost
    return best


def _different(left: Remainder) -> Array:
    """Places of the first of each set that is alike."""
    directions = left.directions
    if not directions.size:
        return left.live
    same = np.abs(directions.T @ directions) > 1.0 - SAME
    return np.asarray(left.live[np.argmax(same, axis=0) == np.arange(directions.shape[1])])


def _enlarged(start: Remainder, places: list[int]) -> list[int]:
    """The best set with one member more: pairs are all tried, larger ones come by adding and exchanging."""
    if len(places) == 1:
        return _best_pair(start)
    places = [*places, _best_next(all_without(start, places))]
    for _ in range(4 * len(places)):
        oldest, *others = places
        exchanged = _best_next(all_without(start, others))
        # The one taken out goes to the end; a full turn without change ends in the same set.
        places = [*others, exchanged if _better(start, others, exchanged, oldest) else oldest]
    return places


def _best_next(left: Remainder) -> int:
    return int(left.live[np.argmax(np.abs(left.residuals @ left.directions))])


def _better(start: Remainder, others: list[int], new: int, old: int) -> bool:
    return (
        all_without(start, [*others, new]).chi2 < all_without(start, [*others, old]).chi2 - 1e-9 * start.chi2
    )


def _best_pair(start: Remainder) -> list[int]:
    """The two that explain most together."""
    places, explained = _pairs(start)
    first, second = np.unravel_index(int(np.argmax(explained)), explained.shape)
    return [int(places[first]), int(places[second])]


def _alternatives(start: Remainder, places: list[int]) -> list[tuple[int, ...]]:
    """Sets that differ in up to two members and leave hardly more, best first."""
    least = all_without(start, places).chi2
    found: dict[tuple[int, ...], float] = {}
    for pair in combinations(places, 2):
        others = [place for place in places if place not in pair]
        left = all_without(start, others)
        candidates_left, explained = _pairs(left)
        remaining = left.chi2 - np.triu(explained, 1)
        for first, second in np.argwhere(np.triu(remaining < least + NEARLY, 1)):
            key = (*others, int(candidates_left[first]), int(candidates_left[second]))
            found[tuple(sorted(key))] = float(remaining[first, second])
    alike_here = {tuple(sorted(places))}
    return sorted(found.keys() - alike_here, key=lambda key: found[key])[:_ALTERNATIVES]


def _pairs(start: Remainder) -> tuple[Array, Array]:
    """Places of what is different, and what each two of them explain together."""
    places = _different(start)
    directions = start.signatures[:, places] / np.linalg.norm(start.signatures[:, places], axis=0)
    statistics = start.residuals @ directions
    correlation = directions.T @ directions
    together = np.square(statistics)[:, None] + np.square(statistics)[None, :]
    together -= 2.0 * correlation * np.outer(statistics, statistics)
    free = 1.0 - correlation**2
    return places, np.divide(together, free, out=np.zeros_like(free), where=free > 2.0 * SAME)


def _judged(
    start: Remainder, places: list[int], place: int, level: float
) -> tuple[int, float, CriticalValue]:
    """A member's statistic with all others allowed for, and what it must exceed."""
    left = all_without(start, [other for other in places if other != place])
    direction = left.signatures[:, place] / np.linalg.norm(left.signatures[:, place])
    return place, float(left.residuals @ direction), left.critical(level)


def _stop(left: Remainder, level: float, criterion: Criterion, room: int) -> StopReason:
    if not left.redundancy:
        return StopReason.NOTHING_LEFT
    if criterion is Criterion.FAMILY and not room and _exceeds(left, level):
        return StopReason.MOST
    return StopReason.AGREE if global_test(left.chi2, left.redundancy, level).passed else StopReason.UNLOCATED
