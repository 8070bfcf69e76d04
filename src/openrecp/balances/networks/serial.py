"""Gross errors in large networks, taken out one after the other at the cost of one solve each.

Allowing an error of any size in a meter, or a leak of any size at a balance, with signature a (a column of the balances,
or a unit vector), changes the inverse Z of the factored balances by one rank:

    w = Z a,   Z' = Z - w w' / a'w,   multipliers' = multipliers - w (a'multipliers) / a'w

so every statistic of every other candidate follows without factoring anew. How large each is with all others allowed
for comes at the end, from the same vectors w.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from openrecp.balances.networks.network import NetworkReconciliation
from openrecp.balances.problems import VariableClass
from openrecp.balances.threads import on_one_thread

_SAME: Final = 1e-9
"""How far the square of a correlation may be from 1 where two candidates do the same to all balances."""
_GONE: Final = 1e-9
"""Part of what a candidate did to the balances below which nothing is left to see it by."""
_TIE: Final = 1e-9
_NEARLY: Final = 3.841458820694124
"""Chi-square with one degree of freedom, 95 %."""


@dataclass(frozen=True, slots=True, eq=False)
class Elimination:
    """An error that was allowed for.

    Attributes
    ----------
    streams, groups : int array
        Meters, by their streams, and leaks, by the group of the balance, that explain the same: no test tells them
        apart, all other errors allowed for.
    z : float
        Test statistic with the earlier errors allowed for.
    sizes, sds : array, shape (streams + groups,)
        How large each would be, all other errors allowed for, and its standard deviation: reading minus truth, or what
        is lost.
    chi2_before, chi2_after : float
        With and without it, the earlier errors allowed for.
    redundancy_after : int
    rival_streams, rival_groups : int array
        What could be told from it in better data, but would explain these nearly as well: chi2 would be higher by
        less than 3.84, the 95 % point with one degree of freedom.
    """

    streams: Any
    groups: Any
    z: float
    sizes: Any
    sds: Any
    chi2_before: float
    chi2_after: float
    redundancy_after: int
    rival_streams: Any
    rival_groups: Any


class _Candidates:
    """Meters first, then leaks; every one is a difference of two balances, of which one may be none."""

    def __init__(self, found: NetworkReconciliation) -> None:
        balances = found.balances
        self.streams = np.flatnonzero(found.classes == VariableClass.REDUNDANT)
        self.groups = np.flatnonzero(balances.rows >= 0)
        none = np.full(self.groups.size, -1)
        at = np.append(balances.rows, -1)
        into = at[balances.seen.group[balances.heads[self.streams]]]
        out_of = at[balances.seen.group[balances.tails[self.streams]]]
        self.plus = np.concatenate([into, balances.rows[self.groups]])
        self.minus = np.concatenate([out_of, none])
        self.count = balances.factor.rows
        sizes = found.shares[self.streams] / balances.variances[self.streams]
        self.sizes = np.concatenate([sizes, found.multiplier_variances[self.groups]])

    def along(self, vector: Any) -> Any:
        """A'v of every candidate, for v with one entry a balance."""
        padded = np.append(vector, 0.0)
        return padded[self.plus] - padded[self.minus]

    def parted(self, places: Any) -> tuple[Any, Any]:
        """Streams of the meters and groups of the leaks at some places."""
        meters = places < self.streams.size
        return self.streams[places[meters]], self.groups[places[~meters] - self.streams.size]

    def signature(self, place: int) -> Any:
        signature = np.zeros(self.count + 1)
        signature[self.plus[place]] += 1.0
        signature[self.minus[place]] -= 1.0
        return signature[:-1]


@on_one_thread
def eliminate_errors(
    found: NetworkReconciliation, critical: float, most: int = 100
) -> tuple[Elimination, ...]:
    """Allow for the worst error, then for the worst of what is left, until nothing exceeds the critical value.

    Parameters
    ----------
    found : NetworkReconciliation
    critical : float
        What the largest |z| must exceed, corrected for the number of candidates.
    most : int
        Largest number of errors.
    """
    candidates = _Candidates(found)
    factor, rows = found.balances.factor, found.balances.rows
    left = candidates.sizes.copy()
    pull = candidates.along(found.multipliers[rows >= 0])
    taken = _Taken()
    for _ in range(min(most, found.redundancy)):
        live = left > _GONE * candidates.sizes
        squares = np.divide(pull**2, left, out=np.zeros_like(left), where=live)
        largest = squares.max(initial=0.0)
        if largest <= critical**2:
            break
        # The first of those that tie, which rounding would choose from at random.
        worst = int(np.argmax(squares >= (1.0 - _TIE) * largest))
        signature = candidates.signature(worst)
        size, direction = taken.add(factor.solve(signature), signature, float(pull[worst]))
        shared = candidates.along(direction)
        pull = pull - shared * (pull[worst] / size)
        left = left - shared**2 / size
        taken.squares.append(float(squares[worst]))
    return tuple(_steps(found, candidates, taken, pull, left))


class _Taken:
    """Errors that are allowed for: w, a'w and the multipliers along a of each, as they were found one after the other.

    With W their vectors, S their sizes, and U how much of each earlier one is in each later one, the inverse of what
    all of them do to each other is inv(U) inv(S) inv(U)'.
    """

    def __init__(self) -> None:
        self.directions: list[Any] = []
        self.sizes: list[float] = []
        self.pulls: list[float] = []
        self.earlier: list[list[float]] = []
        self.squares: list[float] = []

    def add(self, direction: Any, signature: Any, pull: float) -> tuple[float, Any]:
        """One more, from Z a of the balances with nothing taken out."""
        shares = [
            float(each @ signature) / size for each, size in zip(self.directions, self.sizes, strict=True)
        ]
        for each, share in zip(self.directions, shares, strict=True):
            direction -= each * share
        size = float(direction @ signature)
        self.directions.append(direction)
        self.sizes.append(size)
        self.pulls.append(pull)
        self.earlier.append(shares)
        return size, direction

    def together(self) -> tuple[Any, Any, Any]:
        """Size of each error with all others allowed for, its variance, and the w that each then has."""
        count = len(self.sizes)
        upper = np.eye(count)
        for place, shares in enumerate(self.earlier):
            upper[:place, place] = shares
        back = np.linalg.inv(upper)
        mixed = back.T / np.array(self.sizes)[:, None]
        variances = np.einsum("ij,ji->i", back, mixed)
        estimates = back @ (np.array(self.pulls) / np.array(self.sizes))
        return estimates, variances, np.column_stack(self.directions) @ mixed / variances


def _steps(
    found: NetworkReconciliation, candidates: _Candidates, taken: _Taken, pull: Any, left: Any
) -> Iterator[Elimination]:
    """Each error with what is like it, from what is left of pulls and sizes when all are taken out."""
    if not taken.sizes:
        return
    estimates, variances, directions = taken.together()
    chi2 = found.chi2
    for number, square in enumerate(taken.squares):
        shared = candidates.along(directions[:, number])
        alone, size = left + shared**2 * variances[number], 1.0 / variances[number]
        pulled = pull + shared * estimates[number]
        live = alone > _GONE * candidates.sizes
        alike = live & (shared**2 >= (1.0 - _SAME) * alone * size)
        same = np.flatnonzero(alike)
        least = max(estimates[number] ** 2 / variances[number] - _NEARLY, 0.0)
        streams, groups = candidates.parted(same)
        rivals = candidates.parted(np.flatnonzero(live & ~alike & (pulled**2 > least * alone)))
        after = max(chi2 - square, 0.0)
        yield Elimination(
            streams=streams,
            groups=groups,
            z=float(np.sqrt(square)),
            sizes=pulled[same] / alone[same],
            sds=1.0 / np.sqrt(alone[same]),
            chi2_before=chi2,
            chi2_after=after,
            redundancy_after=found.redundancy - number - 1,
            rival_streams=rivals[0],
            rival_groups=rivals[1],
        )
        chi2 = after
