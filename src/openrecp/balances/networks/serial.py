"""Gross errors in large networks, taken out one after the other at the cost of one solve each.

Allowing an error of any size in a meter, or a leak of any size at a balance, with signature a (a column of the balances,
or a unit vector), changes the inverse Z of the factored balances by one rank:

    w = Z a,   Z' = Z - w w' / a'w,   multipliers' = multipliers - w (a'multipliers) / a'w

so every statistic of every other candidate follows without factoring anew.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True, eq=False)
class Elimination:
    """An error that was allowed for.

    Attributes
    ----------
    streams, groups : int array
        Meters, by their streams, and leaks, by the group of the balance, that explain the same: no test tells them
        apart.
    z : float
        Test statistic with the earlier errors allowed for.
    sizes, sds : array, shape (streams + groups,)
        How large each would be alone, and its standard deviation: reading minus truth, or what is lost.
    chi2_before, chi2_after : float
    redundancy_after : int
    """

    streams: Any
    groups: Any
    z: float
    sizes: Any
    sds: Any
    chi2_before: float
    chi2_after: float
    redundancy_after: int


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
    pull = candidates.along(found.multipliers[rows >= 0])
    left, whole = candidates.sizes.copy(), candidates.sizes
    chi2 = found.chi2
    taken: list[tuple[Any, float]] = []
    steps: list[Elimination] = []
    for number in range(min(most, found.redundancy)):
        live = left > _GONE * whole
        squares = np.divide(pull**2, left, out=np.zeros_like(left), where=live)
        worst = int(np.argmax(squares)) if squares.size else -1
        if worst < 0 or squares[worst] <= critical**2:
            break
        signature = candidates.signature(worst)
        direction = factor.solve(signature)
        for earlier, size in taken:
            direction -= earlier * (earlier @ signature) / size
        size = float(direction @ signature)
        shared = candidates.along(direction)
        same = np.flatnonzero(live & (shared**2 >= (1.0 - _SAME) * left * size))
        after = max(chi2 - float(squares[worst]), 0.0)
        meters = same < candidates.streams.size
        steps.append(
            Elimination(
                streams=candidates.streams[same[meters]],
                groups=candidates.groups[same[~meters] - candidates.streams.size],
                z=float(np.sqrt(squares[worst])),
                sizes=pull[same] / left[same],
                sds=1.0 / np.sqrt(left[same]),
                chi2_before=chi2,
                chi2_after=after,
                redundancy_after=found.redundancy - number - 1,
            )
        )
        pull = pull - shared * (pull[worst] / size)
        left, chi2 = left - shared**2 / size, after
        taken.append((direction, size))
    return tuple(steps)
