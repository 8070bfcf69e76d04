"""The order of boxes in their columns, with few crossings: barycentres, then swaps of neighbours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import Final

from openrecp.reports.charts.flows.level import Grid

_SWEEPS: Final = 12
_PATIENCE: Final = 4


def order_columns(grid: Grid) -> None:
    """Order every column of the grid in place, the best of several sweeps."""
    _start(grid)
    best, fewest, stale = [list(each) for each in grid.columns], _crossings(grid), 0
    for sweep in range(_SWEEPS):
        _sweep(grid, forward=sweep % 2 == 0)
        _swap_neighbours(grid)
        count = _crossings(grid)
        if count < fewest:
            best, fewest, stale = [list(each) for each in grid.columns], count, 0
        else:
            stale += 1
        if fewest == 0 or stale > _PATIENCE:
            break
    grid.columns = best


def _start(grid: Grid) -> None:
    """First order: what is reached from one box stays together, connected parts one below the other."""
    seen: set[int] = set()
    rank: dict[int, int] = {}
    for root in sorted(range(len(grid.column)), key=lambda cell: (grid.column[cell], grid.bias[cell], cell)):
        stack = [root]
        while stack:
            cell = stack.pop()
            if cell in seen:
                continue
            seen.add(cell)
            rank[cell] = len(rank)
            near = [grid.segments[index].end for index in grid.out_of[cell]]
            near += [grid.segments[index].start for index in grid.into[cell]]
            stack += sorted(near, key=lambda other: -grid.bias[other])
    for column in grid.columns:
        column.sort(key=lambda cell: rank[cell])


def _sweep(grid: Grid, *, forward: bool) -> None:
    place = _places(grid.columns)
    order = grid.columns if forward else grid.columns[::-1]
    for column in order:
        keys = {}
        for at, cell in enumerate(column):
            near = _near(grid, cell, forward=forward)
            middle = sum(place[other] for other in near) / len(near) if near else place[cell]
            keys[cell] = (middle + 4.0 * grid.bias[cell], at)
        column.sort(key=keys.__getitem__)
        for at, cell in enumerate(column):
            place[cell] = (at + 0.5) / len(column) * 100


def _near(grid: Grid, cell: int, *, forward: bool) -> list[int]:
    if forward:
        return [grid.segments[index].start for index in grid.into[cell]]
    return [grid.segments[index].end for index in grid.out_of[cell]]


def _places(columns: Sequence[Sequence[int]]) -> dict[int, float]:
    """Places in per cent of the column, so that long and short columns compare."""
    return {cell: (at + 0.5) / len(column) * 100 for column in columns for at, cell in enumerate(column)}


def _swap_neighbours(grid: Grid) -> None:
    place = {cell: at for column in grid.columns for at, cell in enumerate(column)}
    for column in grid.columns:
        improved, rounds = True, 0
        while improved and rounds < 6:
            improved, rounds = False, rounds + 1
            for at in range(len(column) - 1):
                one, other = column[at], column[at + 1]
                gain = 0
                for forward in (True, False):
                    first = sorted(place[each] for each in _near(grid, one, forward=forward))
                    second = sorted(place[each] for each in _near(grid, other, forward=forward))
                    gain += _inversions(first, second) - _inversions(second, first)
                if gain > 0 or (gain == 0 and grid.bias[one] > grid.bias[other]):
                    column[at], column[at + 1] = other, one
                    place[one], place[other] = at + 1, at
                    improved = True


def _inversions(upper: Sequence[int], lower: Sequence[int]) -> int:
    """Crossings between the links of a cell and those of the cell below it."""
    return sum(bisect_left(lower, each) for each in upper)


def _crossings(grid: Grid) -> int:
    place = {cell: at for column in grid.columns for at, cell in enumerate(column)}
    whole = 0
    for column in grid.columns:
        ends: list[int] = []
        for cell in column:
            targets = [place[grid.segments[index].end] for index in grid.out_of[cell]]
            whole += sum(len(ends) - bisect_right(ends, target) for target in targets)
            for target in targets:
                insort(ends, target)
    return whole
