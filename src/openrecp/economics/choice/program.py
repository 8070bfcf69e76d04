"""The choice as an integer program: columns to choose among, groups of which one is taken, and limits.

A column is a combination of options (a bundle, see :mod:`~openrecp.economics.choice.bundles`) or, where
a cluster has too many combinations, one option of it. Of each group of columns at most one is taken, or
exactly one where the law leaves no choice of none. The limits are budgets and least quantities; clusters
that are not listed add rows for what excludes, requires and overlaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.choice.bundles import bundles, clusters
from openrecp.economics.choice.candidates import ROUNDING
from openrecp.economics.choice.portfolio import Portfolio, SharedLoad

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a set must keep to.

    Attributes
    ----------
    budget : float or None
        Most capital in all [money].
    by_year : tuple of float
        Most capital by year, the first year first; empty if no year has a limit of its own [money].
    least : Mapping[str, float]
        Least amounts avoided a year, by quantity [unit/yr].
    """

    budget: float | None = None
    by_year: tuple[float, ...] = ()
    least: Mapping[str, float] = field(default_factory=dict, hash=False)

    @property
    def count(self) -> int:
        """Number of limits."""
        return (self.budget is not None) + len(self.by_year) + len(self.least)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the program: ``sum(factor × column) <= limit``."""

    columns: tuple[int, ...]
    factors: tuple[float, ...]
    limit: float


@dataclass(frozen=True, slots=True)
class Program:
    """Columns, groups and limits.

    Attributes
    ----------
    members : list of tuple of int
        Places of the candidates that each choice column stands for, columns of a group together.
    starts : ndarray, shape (groups,)
        First column of each group.
    must : ndarray, shape (groups,)
        Whether one of the group has to be taken.
    value : ndarray, shape (columns,)
        Net present value; columns behind the choice columns are the auxiliary ones of loads [money].
    amounts : ndarray, shape (limits, columns)
        What each column uses of each limit; a least amount counts below zero.
    limits : ndarray, shape (limits,)
    rows : list of Row
        What excludes, requires and overlaps in clusters that are not listed.
    """

    members: list[tuple[int, ...]]
    starts: NDArray[np.intp]
    must: NDArray[np.bool_]
    value: Floats
    amounts: Floats
    limits: Floats
    rows: list[Row]

    @property
    def choices(self) -> int:
        """Number of columns that are taken or not; those behind them are between 0 and 1."""
        return len(self.members)

    @property
    def lists_all(self) -> bool:
        """Whether nothing but budgets links the groups."""
        return not self.rows and len(self.value) == self.choices

    @property
    def stops(self) -> NDArray[np.intp]:
        """One past the last column of each group."""
        return np.append(self.starts[1:], self.choices)

    def places(self, columns: Iterable[int]) -> set[int]:
        """Places of the candidates that columns stand for."""
        return {each for column in columns for each in self.members[column]}


def program_of(portfolio: Portfolio, limits: Limits, *, affordable_only: bool = True) -> Program:
    """Build the program; columns that break a budget alone are left out unless all are wanted."""
    columns: list[tuple[int, ...]] = []
    starts: list[int] = []
    must: list[bool] = []
    loose: list[int] = []
    for cluster in clusters(portfolio):
        listed = bundles(portfolio, cluster)
        if listed is None:
            loose += cluster
            continue
        none = () in listed
        listed = [each for each in listed if each]
        if listed or not none:
            starts.append(len(columns))
            must.append(not none)
            columns += listed
    for each in loose:
        starts.append(len(columns))
        must.append(portfolio.candidates[each].required_by_law)
        columns.append((each,))
    program = Program(
        columns,
        np.array(starts, np.intp),
        np.array(must, bool),
        _values(portfolio, columns),
        _amounts(portfolio, columns, limits),
        _limits(limits),
        [],
    )
    if affordable_only:
        program = _affordable(program)
    return _with_rows(portfolio, program, loose, limits) if loose else program


def _membership(columns: Sequence[tuple[int, ...]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Column and candidate of every membership."""
    sizes = np.fromiter(map(len, columns), np.intp, len(columns))
    places = np.fromiter((each for column in columns for each in column), np.intp, int(sizes.sum()))
    return np.repeat(np.arange(len(columns)), sizes), places


def _summed(columns: Sequence[tuple[int, ...]], amounts: Iterable[float]) -> Floats:
    """For each column the sum of its candidates' amounts."""
    column, place = _membership(columns)
    each = np.fromiter(amounts, np.float64)
    return np.bincount(column, each[place] if len(place) else None, minlength=len(columns)).astype(np.float64)


def _overlap(
    portfolio: Portfolio, columns: Sequence[tuple[int, ...]], amounts: Mapping[str, Sequence[float]]
) -> Floats:
    """For each column by how much the amounts of its options, each alone, exceed what they come to together."""
    total = np.zeros(len(columns))
    if not portfolio.loads:
        return total
    on_a_load = {each for load in portfolio.loads for each in load.members}
    using: dict[int, list[int]] = {each: [] for each in on_a_load}
    for number, column in enumerate(columns):
        if len(column) > 1:
            for each in column:
                if each in on_a_load:
                    using[each].append(number)
    for load in portfolio.loads:
        touched = np.array(sorted({number for each in load.members for number in using[each]}), np.intp)
        if len(touched):
            taken = [np.isin(touched, np.array(using[each], np.intp)).astype(float) for each in load.members]
            total[touched] += load.overlap(amounts[load.name], taken)
    return total


def _values(portfolio: Portfolio, columns: Sequence[tuple[int, ...]]) -> Floats:
    alone = _summed(columns, (each.npv for each in portfolio.candidates))
    worth = {load.name: [share.value for share in load.shares] for load in portfolio.loads}
    return alone - _overlap(portfolio, columns, worth)


def _amounts(portfolio: Portfolio, columns: Sequence[tuple[int, ...]], limits: Limits) -> Floats:
    candidates = portfolio.candidates
    rows = []
    if limits.budget is not None:
        rows.append(_summed(columns, (each.capital for each in candidates)))
    for year in range(len(limits.by_year)):
        spent = (each.yearly_capital[year : year + 1] for each in candidates)
        rows.append(_summed(columns, (sum(part) for part in spent)))
    for name in limits.least:
        avoided = _summed(columns, (each.quantities.get(name, 0.0) for each in candidates))
        shares = {
            load.name: [share.quantities.get(name, 0.0) for share in load.shares] for load in portfolio.loads
        }
        rows.append(_overlap(portfolio, columns, shares) - avoided)
    return np.array(rows).reshape(limits.count, len(columns))


def _limits(limits: Limits) -> Floats:
    most = [] if limits.budget is None else [limits.budget]
    return np.array([*most, *limits.by_year, *(-least for least in limits.least.values())], np.float64)


def allowed(limit: float) -> float:
    """The limit with room for the rounding of sums."""
    return limit + ROUNDING * max(abs(limit), 1e-9)


def _affordable(program: Program) -> Program:
    """Without the columns that break a limit that nothing else can make good again."""
    spent_only = (program.amounts >= 0).all(axis=1)
    room = np.array([allowed(limit) for limit in program.limits])[spent_only]
    keep = np.asarray((program.amounts[spent_only] <= room[:, None]).all(axis=0))
    if not program.rows and len(program.limits) <= 1:
        keep &= _undominated(program)
    if keep.all():
        return program
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    starts, stops = kept_before[program.starts], kept_before[program.stops]
    groups = (stops > starts) | program.must
    return replace(
        program,
        members=[each for each, kept in zip(program.members, keep, strict=True) if kept],
        starts=starts[groups],
        must=program.must[groups],
        value=program.value[keep],
        amounts=program.amounts[:, keep],
    )


def _undominated(program: Program) -> NDArray[np.bool_]:
    """Columns than which no other of their group is worth as much and uses no more of the one limit."""
    group = np.repeat(np.arange(len(program.starts)), program.stops - program.starts)
    used = program.amounts[0] if len(program.limits) else np.zeros(len(program.value))
    order = np.lexsort((-program.value, used, group))
    value, starts = program.value[order], np.zeros(len(program.starts) + 1, np.intp)
    starts[:-1] = program.starts
    starts[-1] = program.choices
    keep = np.zeros(program.choices, bool)
    for start, stop in pairwise(starts.tolist()):
        highest = np.maximum.accumulate(value[start:stop])
        keep[order[start:stop]] = np.append(True, value[start:stop][1:] > highest[:-1])[: stop - start]
    return keep


def _with_rows(portfolio: Portfolio, program: Program, loose: list[int], limits: Limits) -> Program:
    inside = set(loose)
    column = {
        each[0]: number for number, each in enumerate(program.members) if len(each) == 1 and each[0] in inside
    }
    rows = [row for each in loose if each in column for row in _relation_rows(portfolio, each, column)]
    names = list(limits.least)
    extra_values: list[float] = []
    extra_amounts: list[list[float]] = []
    value, amounts = program.value.copy(), program.amounts.copy()
    for load in portfolio.loads:
        if load.members[0] not in inside:
            continue
        first = len(value) + len(extra_values)
        present = [spot for spot, each in enumerate(load.members) if each in column]
        for spot in present:
            share, number = load.shares[spot], column[load.members[spot]]
            avoided = [share.quantities.get(name, 0.0) for name in names]
            value[number] -= share.value
            extra_values.append(share.value)
            if names:
                amounts[-len(names) :, number] += avoided
            extra_amounts.append([0.0] * (limits.count - len(names)) + [-each for each in avoided])
        rows += _load_rows(load, present, column, first)
    return replace(
        program,
        value=np.concatenate([value, extra_values]),
        amounts=np.hstack([amounts, np.array(extra_amounts).reshape(len(extra_values), limits.count).T]),
        rows=rows,
    )


def _relation_rows(portfolio: Portfolio, each: int, column: Mapping[int, int]) -> Iterable[Row]:
    own, candidate = column[each], portfolio.candidates[each]
    for key in candidate.requires:
        other = column.get(portfolio.place[key])
        yield Row((own,), (1.0,), 0.0) if other is None else Row((own, other), (1.0, -1.0), 0.0)
    if candidate.requires_any:
        others = {
            column[place]
            for place in map(portfolio.place.__getitem__, candidate.requires_any)
            if place in column
        }
        yield Row((own, *others), (1.0, *[-1.0] * len(others)), 0.0)
    yield from _rival_rows(portfolio, each, column)


def _rival_rows(portfolio: Portfolio, each: int, column: Mapping[int, int]) -> Iterable[Row]:
    """At most one of a set whose members all exclude one another: far tighter than pair by pair."""
    later = sorted(other for other in portfolio.rivals[each] if other > each and other in column)
    while later:
        together = [each]
        for other in later:
            if all(other in portfolio.rivals[one] for one in together):
                together.append(other)
        later = [other for other in later if other not in together]
        yield Row(tuple(column[one] for one in together), (1.0,) * len(together), 1.0)


def _load_rows(load: SharedLoad, present: list[int], column: Mapping[int, int], first: int) -> Iterable[Row]:
    """What each option finds left of a load: ``z = x × (1 - sum of fraction × z before)``, exact for x of 0 or 1."""
    before: list[int] = []
    fractions: list[float] = []
    for number, spot in enumerate(present):
        own, left = column[load.members[spot]], first + number
        yield Row((left, own), (1.0, -1.0), 0.0)
        yield Row((left, *before), (1.0, *fractions), 1.0)
        yield Row((own, left, *before), (1.0, -1.0, *(-each for each in fractions)), 0.0)
        before.append(left)
        fractions.append(load.shares[spot].fraction)
