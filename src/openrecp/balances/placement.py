"""Which meter to install next: what it would do to the uncertainty of a number that matters, such as a loss.

Another reading adds knowledge of rank one, so what any meter would bring is exact without solving anything anew: with
q the covariance of its variable with the target, v the variance of the variable and s² that of the meter, the
variance of the target falls by q² / (v + s²). Nothing of this depends on what the meters read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from openrecp.balances.gross_errors.checks import checks_of, covariance_root
from openrecp.balances.problems import Array, LinearProblem

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class NewMeter:
    """A meter that could be installed.

    Attributes
    ----------
    variable : int
        What it would measure; measured already or not.
    sd : float
        Standard deviation of its reading, in the unit of the variable.
    cost : float
        In money or relative to others.
    replaces : bool
        It takes the place of the meter that is there; else it stands beside it.
    """

    variable: int
    sd: float
    cost: float = 1.0
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """What one or more new meters would do to the target.

    Attributes
    ----------
    meters : tuple of int
        Places in the list of meters that could be installed.
    sd_before, sd_after : float
        Standard deviation of the target; infinite where nothing gives it.
    cost : float
        Of all of them.
    """

    meters: tuple[int, ...]
    sd_before: float
    sd_after: float
    cost: float

    @property
    def variance_saved(self) -> float:
        """By how much the variance falls; infinite if the target becomes observable."""
        return 0.0 if math.isinf(self.sd_after) else self.sd_before**2 - self.sd_after**2

    @property
    def saved_per_cost(self) -> float:
        """Variance saved for a unit of cost; infinite if something is saved for nothing."""
        if not self.cost:
            return math.inf if self.variance_saved > 0 else 0.0
        return self.variance_saved / self.cost


def next_meters(
    problem: LinearProblem, target: Array, meters: Sequence[NewMeter], *, by_cost: bool = False
) -> tuple[Placement, ...]:
    """Every meter that could be installed, the one that helps most first.

    Parameters
    ----------
    problem : LinearProblem
        Of a nonlinear problem the linear one at its solution, ``reconciliation.problem``.
    target : array, shape (variables,)
        The number of interest is ``target @ x``, such as inputs minus outputs.
    meters : sequence of NewMeter
    by_cost : bool
        Rank by variance saved per cost instead of by variance saved.

    Raises
    ------
    ValueError
        If the target does not fit the problem, a meter measures no variable of it or has no standard deviation above
        0, or one is to replace a meter whose errors are correlated with others.

    >>> import scipy.sparse as sp
    >>> plant = LinearProblem(sp.csr_array((0, 2)), np.zeros(0), np.array([10.0, 9.0]), np.array([1.0, 2.0]))
    >>> best, other = next_meters(plant, np.array([1.0, -1.0]), [NewMeter(0, 1.0), NewMeter(1, 2.0)])
    >>> best.meters, round(best.sd_before**2, 9), round(best.sd_after**2, 9)  # 1 + 4, 1 + 2
    ((1,), 5.0, 3.0)
    """
    known = _known(problem, target, meters)
    found = [known.placement((place,), float(sd), meters) for place, sd in enumerate(known.sds_with_one())]
    return tuple(sorted(found, key=_key(by_cost=by_cost)))


def best_pair(
    problem: LinearProblem, target: Array, meters: Sequence[NewMeter], *, by_cost: bool = False
) -> Placement | None:
    """The two meters that help most together, all pairs tried; None if no two can be installed together.

    Parameters and errors are those of :func:`next_meters`. Meant for up to a few hundred meters.
    """
    known = _known(problem, target, meters)
    return min(_pairs(known, meters, range(len(meters))), key=_key(by_cost=by_cost), default=None)


def meter_sequence(
    problem: LinearProblem,
    target: Array,
    meters: Sequence[NewMeter],
    count: int,
    *,
    by_cost: bool = False,
) -> tuple[Placement, ...]:
    """Meters one after the other, each the best after those before it; each placement holds all so far.

    It ends early when no further meter helps. Where no single meter makes the target observable but two do, these
    two come together; where more are needed, the one that points at the target most comes first.

    Parameters and errors are those of :func:`next_meters`; ``count`` is how many meters at most.
    """
    start = known = _known(problem, target, meters)
    found: list[Placement] = []
    chosen: tuple[int, ...] = ()
    while len(chosen) < count:
        step = _next_step(known, chosen, meters, pairs=len(chosen) + 1 < count, key=_key(by_cost=by_cost))
        if not step:
            break
        for place in step:
            known = known.with_meter(place)
        chosen += step
        found.append(start.placement(chosen, known.sd, meters))
    return tuple(found)


def _key(*, by_cost: bool) -> Callable[[Placement], tuple[float, float]]:
    return _by_cost if by_cost else _by_variance


def _by_variance(placement: Placement) -> tuple[float, float]:
    return placement.sd_after, placement.cost


def _by_cost(placement: Placement) -> tuple[float, float]:
    return -placement.saved_per_cost, placement.sd_after


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What is known of the variables that could be measured, and last of the target.

    Attributes
    ----------
    covariance : array, shape (meters + 1, meters + 1)
        Of what the balances and the readings give.
    free : array, shape (meters + 1, freedom)
        How each moves with what nothing determines; a row of 0 where it is determined.
    noise : array, shape (meters,)
        Variance of the reading each meter would add; infinite where it would add nothing.
    """

    covariance: Array
    free: Array
    noise: Array

    @property
    def sd(self) -> float:
        """Standard deviation of the target."""
        return math.inf if self.free[-1].any() else math.sqrt(max(float(self.covariance[-1, -1]), 0.0))

    def sds_with_one(self) -> Array:
        """Standard deviation of the target after each single meter, shape (meters,)."""
        variances = np.diag(self.covariance)
        together = self.covariance[:-1, -1]
        open_here = self.free[:-1].any(axis=1)
        if not self.free[-1].any():
            saved = np.where(open_here, 0.0, together**2 / (variances[:-1] + self.noise))
            return np.sqrt(np.maximum(variances[-1] - saved, 0.0))
        length = np.sum(self.free[:-1] ** 2, axis=1)
        share = np.divide(self.free[:-1] @ self.free[-1], length, out=np.zeros_like(length), where=open_here)
        beside = self.free[-1] - share[:, None] * self.free[:-1]
        opens = open_here & (np.linalg.norm(beside, axis=1) <= _ROUNDING * np.linalg.norm(self.free[-1]))
        noise = np.where(opens, self.noise, 0.0)
        after = variances[-1] - 2.0 * share * together + share**2 * (variances[:-1] + noise)
        return np.where(opens, np.sqrt(np.maximum(after, 0.0)), np.inf)

    def with_meter(self, place: int) -> Self:
        """Once a meter is installed."""
        own, noise = self.covariance[:, place], self.noise[place]
        direction = self.free[place]
        if not direction.any():
            gain = own / (own[place] + noise)
            return replace(self, covariance=self.covariance - np.outer(gain, own))
        share = self.free @ direction / (direction @ direction)
        free = self.free - np.outer(share, direction)
        free[np.linalg.norm(free, axis=1) <= _ROUNDING * np.linalg.norm(self.free, axis=1)] = 0.0
        covariance = self.covariance - np.outer(share, own) - np.outer(own, share)
        return replace(self, covariance=covariance + np.outer(share, share) * (own[place] + noise), free=free)

    def placement(self, places: tuple[int, ...], sd: float, meters: Sequence[NewMeter]) -> Placement:
        """What some meters come to."""
        return Placement(places, self.sd, sd, math.fsum(meters[place].cost for place in places))


def _known(problem: LinearProblem, target: Array, meters: Sequence[NewMeter]) -> _Known:
    wanted = np.asarray(target, dtype=np.float64)
    if wanted.shape != np.shape(problem.measured):
        raise ValueError("the target needs one number a variable")
    if any(not 0 <= meter.variable < wanted.size or not meter.sd > 0 for meter in meters):
        raise ValueError("a meter measures a variable of the problem, with a standard deviation above 0")
    asked = np.zeros((len(meters) + 1, wanted.size))
    asked[np.arange(len(meters)), [meter.variable for meter in meters]] = 1.0
    asked[-1] = wanted
    checks = checks_of(problem)
    unmeasured = np.isnan(checks.sds)
    given, free = _by_measured(problem.matrix.toarray(), unmeasured, asked)
    spread = given @ covariance_root(problem, np.where(unmeasured, 0.0, checks.sds))
    checked = given @ checks.errors.T
    return _Known(spread @ spread.T - checked @ checked.T, free, _noise(problem, checks.sds, meters))


def _by_measured(matrix: Array, unmeasured: Array, asked: Array) -> tuple[Array, Array]:
    """What is asked, by what is measured, and by what remains free."""
    columns = matrix[:, unmeasured]
    lengths = np.linalg.norm(columns, axis=0)
    scale = 1.0 / np.where(lengths > 0, lengths, 1.0)
    left, sizes, right = np.linalg.svd(columns * scale, full_matrices=True)
    rank = int(np.count_nonzero(sizes > _ROUNDING * sizes.max(initial=0.0)))
    wanted = asked[:, unmeasured] * scale
    through = (wanted @ right[:rank].T) / sizes[:rank] @ left[:, :rank].T
    given = np.where(unmeasured, 0.0, asked - through @ matrix)
    free = wanted @ right[rank:].T
    free[np.linalg.norm(free, axis=1) <= _ROUNDING * np.linalg.norm(wanted, axis=1)] = 0.0
    return given, free


def _noise(problem: LinearProblem, sds: Array, meters: Sequence[NewMeter]) -> Array:
    """A better meter in the place of another adds what its precision exceeds that of the old one by."""
    correlated = {place for first, second, _ in problem.correlations for place in (first, second)}
    noise = np.array([meter.sd**2 for meter in meters])
    for place, meter in enumerate(meters):
        old = sds[meter.variable]
        if not meter.replaces or math.isnan(old):
            continue
        if meter.variable in correlated:
            raise ValueError("a meter whose errors are correlated with others cannot be replaced here")
        noise[place] = math.inf if meter.sd >= old else 1.0 / (meter.sd**-2 - old**-2)
    return noise


def _together(first: NewMeter, second: NewMeter) -> bool:
    return first.variable != second.variable or not (first.replaces or second.replaces)


def _pairs(known: _Known, meters: Sequence[NewMeter], allowed: Sequence[int]) -> list[Placement]:
    found = []
    for number, place in enumerate(allowed[:-1]):
        after = known.with_meter(place).sds_with_one()
        found += [
            known.placement((place, other), float(after[other]), meters)
            for other in allowed[number + 1 :]
            if _together(meters[place], meters[other])
        ]
    return found


def _next_step(
    known: _Known,
    chosen: tuple[int, ...],
    meters: Sequence[NewMeter],
    *,
    pairs: bool,
    key: Callable[[Placement], tuple[float, float]],
) -> tuple[int, ...]:
    """The next meter, or the next two; none if no more helps."""
    allowed = [
        place
        for place, meter in enumerate(meters)
        if place not in chosen and all(_together(meter, meters[other]) for other in chosen)
    ]
    after = known.sds_with_one()
    found = [known.placement((place,), float(after[place]), meters) for place in allowed]
    if math.isinf(known.sd) and np.isinf(after[allowed]).all() and pairs:
        found += _pairs(known, meters, allowed)
    best = min(found, key=key, default=None)
    if best is not None and best.sd_after < known.sd * (1.0 - _ROUNDING):
        return best.meters
    return _pointing(known, allowed) if math.isinf(known.sd) else ()


def _pointing(known: _Known, allowed: Sequence[int]) -> tuple[int, ...]:
    """The meter whose unknown part is most in line with that of the target."""
    lengths = np.linalg.norm(known.free[:-1], axis=1)
    lines = np.abs(known.free[:-1] @ known.free[-1]) / np.where(lengths > 0, lengths, np.inf)
    best = max(allowed, key=lambda place: float(lines[place]), default=None)
    least = _ROUNDING * float(np.linalg.norm(known.free[-1]))
    return () if best is None or lines[best] <= least else (best,)
