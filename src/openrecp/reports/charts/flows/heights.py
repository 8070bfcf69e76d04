"""How high everything stands, so that streams run straight where they can."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openrecp.reports.charts.flows.level import Grid, Spacing

_SWEEPS: Final = 14


class Heights:
    """Tops of all cells, and the ports of their links, found by sweeps over the columns.

    Attributes
    ----------
    tops : list of float
        Top of each cell [px].
    leave, enter : dict of int to float
        Port of each segment below the top of the cell where it starts and ends [px].
    leave_back, enter_back : dict of int to float
        The same for links that run back, by the index of the link.
    """

    def __init__(self, grid: Grid, spacing: Spacing) -> None:
        self.grid, self.spacing = grid, spacing
        self.tops = [0.0] * len(grid.column)
        self.leave: dict[int, float] = {}
        self.enter: dict[int, float] = {}
        self.leave_back: dict[int, float] = {}
        self.enter_back: dict[int, float] = {}
        self.back_out, self.back_in = _back_links(grid)
        self._grow()
        self._stack()
        for sweep in range(_SWEEPS):
            self._ports()
            both = sweep >= _SWEEPS - 4
            order = grid.columns if sweep % 2 == 0 else grid.columns[::-1]
            for column in order:
                self._settle(column, before=sweep % 2 == 0 or both, after=sweep % 2 == 1 or both)
        self._ports()

    def _grow(self) -> None:
        """Boxes as high as the streams on either side of them."""
        grid = self.grid
        for cell in range(len(grid.items)):
            right = sum(grid.segments[each].slot for each in grid.out_of[cell])
            left = sum(grid.segments[each].slot for each in grid.into[cell])
            right += sum(grid.links[each].slot for each in self.back_out.get(cell, ()))
            left += sum(grid.links[each].slot for each in self.back_in.get(cell, ()))
            fixed = any(grid.segments[each].leave is not None for each in grid.out_of[cell])
            fixed = fixed or any(grid.segments[each].enter is not None for each in grid.into[cell])
            if not fixed:
                grid.heights[cell] = max(grid.heights[cell], left, right)

    def _stack(self) -> None:
        for column in self.grid.columns:
            at = 0.0
            for cell, room in zip(column, self._rooms(column), strict=True):
                self.tops[cell] = at
                at += room
            for cell in column:
                self.tops[cell] -= at / 2

    def _rooms(self, column: Sequence[int]) -> list[float]:
        """Height of each cell with the distance to the next."""
        rooms = []
        for cell, below in zip(column, [*column[1:], None], strict=True):
            passing = self._slim(cell) or (below is not None and self._slim(below))
            rooms.append(
                self.grid.heights[cell] + (self.spacing.passing if passing else self.spacing.between)
            )
        return rooms

    def _slim(self, cell: int) -> bool:
        """Whether only a stream passes here: no box, or a gate."""
        return self.grid.is_passing(cell) or self.grid.items[cell].width == 0

    def _ports(self) -> None:
        """Streams leave and enter in the order of where they come from and go to; loops on top."""
        for cell in range(len(self.grid.column)):
            right = sorted(self.grid.out_of[cell], key=self._goal)
            self._side(cell, right, self.back_out.get(cell, []), self.leave, self.leave_back)
            left = sorted(self.grid.into[cell], key=self._origin)
            self._side(cell, left, self.back_in.get(cell, []), self.enter, self.enter_back)
        self._fixed_ports()

    def _side(
        self,
        cell: int,
        segments: Sequence[int],
        looping: Sequence[int],
        ports: dict[int, float],
        loops: dict[int, float],
    ) -> None:
        """Ports of one side of a cell, one below the other about its middle."""
        grid = self.grid
        whole = sum(grid.segments[each].slot for each in segments) + sum(
            grid.links[each].slot for each in looping
        )
        at = (grid.heights[cell] - whole) / 2
        for link in looping:
            loops[link] = at + grid.links[link].slot / 2
            at += grid.links[link].slot
        for each in segments:
            ports[each] = at + grid.segments[each].slot / 2
            at += grid.segments[each].slot

    def _fixed_ports(self) -> None:
        grid = self.grid
        for index, segment in enumerate(grid.segments):
            if segment.leave is not None:
                self.leave[index] = segment.leave
            if segment.enter is not None:
                self.enter[index] = segment.enter
        for index in grid.backward:
            link = grid.links[index]
            if link.leave is not None:
                self.leave_back[index] = link.leave
            if link.enter is not None:
                self.enter_back[index] = link.enter

    def _goal(self, index: int) -> tuple[float, int]:
        return self._height_at(self.grid.segments[index].end, self.enter.get(index)), index

    def _origin(self, index: int) -> tuple[float, int]:
        return self._height_at(self.grid.segments[index].start, self.leave.get(index)), index

    def _height_at(self, cell: int, port: float | None) -> float:
        return self.tops[cell] + (self.grid.heights[cell] / 2 if port is None else port)

    def _settle(self, column: Sequence[int], *, before: bool, after: bool) -> None:
        """Move the cells of a column to where their links would be straight, as far as there is room."""
        wishes, weights = [], []
        for cell in column:
            total, weight = 0.0, 1e-6
            total += weight * self.tops[cell]
            if before:
                for index in self.grid.into[cell]:
                    segment = self.grid.segments[index]
                    pull = self._pull(segment.start, cell, segment.slot)
                    total += pull * (self.tops[segment.start] + self.leave[index] - self.enter[index])
                    weight += pull
            if after:
                for index in self.grid.out_of[cell]:
                    segment = self.grid.segments[index]
                    pull = self._pull(cell, segment.end, segment.slot)
                    total += pull * (self.tops[segment.end] + self.enter[index] - self.leave[index])
                    weight += pull
            wishes.append(total / weight)
            weights.append(weight)
        for cell, top in zip(column, separated(wishes, weights, self._rooms(column)), strict=True):
            self.tops[cell] = top

    def _pull(self, one: int, other: int, slot: float) -> float:
        """How much it matters that a segment is straight: most inside a long link."""
        passing = self.grid.is_passing(one) + self.grid.is_passing(other)
        return (1.0, 2.0, 8.0)[passing] * (2.0 + slot)


def separated(wishes: Sequence[float], weights: Sequence[float], rooms: Sequence[float]) -> list[float]:
    """Places as near to the wished ones as possible (least squares) with ``rooms[i]`` from one to the next.

    Pools neighbours that stand in each other's way, which is exact for this problem.

    >>> separated([0.0, 0.0, 30.0], [1.0, 1.0, 1.0], [10.0, 10.0, 10.0])
    [-5.0, 5.0, 30.0]
    """
    offsets, at = [], 0.0
    for room in rooms:
        offsets.append(at)
        at += room
    blocks: list[tuple[float, float, int]] = []
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        mean, mass, count = wish - offset, weight, 1
        while blocks and blocks[-1][0] >= mean:
            other, more, size = blocks.pop()
            mean = (mean * mass + other * more) / (mass + more)
            mass, count = mass + more, count + size
        blocks.append((mean, mass, count))
    bases = [mean for mean, _, count in blocks for _ in range(count)]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]


def _back_links(grid: Grid) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Links that run back by the cell they leave and enter, the narrow loops first."""
    number = {item.key: index for index, item in enumerate(grid.items)}
    out: dict[int, list[int]] = {}
    into: dict[int, list[int]] = {}

    def span(index: int) -> tuple[int, int]:
        link = grid.links[index]
        return grid.column[number[link.start]] - grid.column[number[link.end]], index

    for index in sorted(grid.backward, key=span):
        out.setdefault(number[grid.links[index].start], []).append(index)
        into.setdefault(number[grid.links[index].end], []).append(index)
    return out, into
