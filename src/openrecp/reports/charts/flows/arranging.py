"""One level of a picture arranged: every box in its place, every stream with its way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.reports.charts.flows.columns import column_numbers
from openrecp.reports.charts.flows.heights import Heights
from openrecp.reports.charts.flows.level import Grid, Item, Link, Spacing, grid_of
from openrecp.reports.charts.flows.loops import feedback_arcs
from openrecp.reports.charts.flows.ordering import order_columns

_LEAVING: Final = 5.0
_ARRIVING: Final = 11.0
_STEEP: Final = 1.15


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its left upper corner and its size [px]."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, dx: float, dy: float) -> Rect:
        """The same elsewhere."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    @property
    def right(self) -> float:
        """Its right edge [px]."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge [px]."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Leg:
    """From one column to the next: straight to ``a``, over to the other height until ``b``, straight to the end."""

    x1: float
    y1: float
    a: float
    b: float
    x2: float
    y2: float

    def moved(self, dx: float, dy: float) -> Leg:
        """The same elsewhere."""
        return Leg(self.x1 + dx, self.y1 + dy, self.a + dx, self.b + dx, self.x2 + dx, self.y2 + dy)


@dataclass(frozen=True, slots=True)
class Loop:
    """Back over the top: from the port at ``x1``, up at ``out``, along ``lane``, down at ``back``, to ``x2``."""

    x1: float
    y1: float
    out: float
    lane: float
    back: float
    x2: float
    y2: float

    def moved(self, dx: float, dy: float) -> Loop:
        """The same elsewhere."""
        return Loop(
            self.x1 + dx,
            self.y1 + dy,
            self.out + dx,
            self.lane + dy,
            self.back + dx,
            self.x2 + dx,
            self.y2 + dy,
        )


Part = Leg | Loop


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Boxes by the key of their item, ways by the key of their link, and the size of it all [px]."""

    boxes: dict[str, Rect]
    ways: dict[str, tuple[Part, ...]]
    width: float
    height: float
    columns: int


def arranged(items: Sequence[Item], links: Sequence[Link], spacing: Spacing) -> Arrangement:
    """Items in columns with few crossings and straight streams; links that run back go around over the top."""
    number = {item.key: index for index, item in enumerate(items)}
    backward = feedback_arcs(
        len(items), [(number[each.start], number[each.end], each.weight) for each in links]
    )
    grid = grid_of(items, links, backward, column_numbers(items, links, backward))
    order_columns(grid)
    heights = Heights(grid, spacing)
    loops = _Loops(grid, heights, spacing, number)
    across = _Across(grid, heights, loops, spacing)
    rise = -min([0.0, *loops.tops.values(), *heights.tops]) if grid.column else 0.0
    rise -= max(0.0, min([*loops.tops.values(), *heights.tops], default=0.0))
    boxes = {
        item.key: Rect(across.left_of(index), heights.tops[index] + rise, item.width, grid.heights[index])
        for index, item in enumerate(items)
    }
    ways = {
        link.key: tuple(part.moved(0, rise) for part in across.way(index)) for index, link in enumerate(links)
    }
    bottom = max([top + height for top, height in zip(heights.tops, grid.heights, strict=True)], default=0.0)
    return Arrangement(boxes, ways, across.width, bottom + rise, len(grid.columns))


class _Loops:
    """The lanes of links that run back: above all they pass, the narrow ones inside the wide ones."""

    def __init__(self, grid: Grid, heights: Heights, spacing: Spacing, number: dict[str, int]) -> None:
        self.lanes: dict[int, float] = {}
        self.tops: dict[int, float] = {}
        self.spans: dict[int, tuple[int, int]] = {}
        roof = [min((heights.tops[cell] for cell in column), default=0.0) for column in grid.columns]
        for index in grid.backward:
            link = grid.links[index]
            self.spans[index] = (grid.column[number[link.end]], grid.column[number[link.start]])
        for index in sorted(grid.backward, key=lambda each: (self.length(each), self.spans[each], each)):
            first, last = self.spans[index]
            above = [roof[at] for at in range(first, last + 1)]
            above += [
                top
                for other, top in self.tops.items()
                if self.spans[other][0] - 1 <= last and first - 1 <= self.spans[other][1]
            ]
            slot = grid.links[index].slot
            self.tops[index] = min(above) - spacing.lane - slot
            self.lanes[index] = self.tops[index] + slot / 2

    def length(self, index: int) -> int:
        """How many columns a loop goes back."""
        first, last = self.spans[index]
        return last - first


def _least_across(rise: float, slot: float) -> float:
    """Room in which a band of a width changes its height by two arcs, neither tighter than half its width.

    >>> round(_least_across(31.0, 110.0), 1), _least_across(300.0, 110.0)
    (76.5, 110.0)
    """
    steepest = min(rise, slot)
    return math.sqrt(steepest * (2 * slot - steepest))


class _Across:
    """Where columns, the gaps between them and the channels of loops lie."""

    def __init__(self, grid: Grid, heights: Heights, loops: _Loops, spacing: Spacing) -> None:
        self.grid, self.heights, self.loops = grid, heights, loops
        count = len(grid.columns)
        self.widths = [
            max((grid.items[cell].width for cell in column if not grid.is_passing(cell)), default=0.0)
            for column in grid.columns
        ]
        self.out: dict[int, float] = {}
        self.back: dict[int, float] = {}
        self.out_room = [0.0] * (count + 1)
        self.in_room = [0.0] * (count + 1)
        for index in sorted(loops.spans, key=lambda each: (loops.length(each), loops.spans[each], each)):
            first, last = loops.spans[index]
            slot = grid.links[index].slot
            self.out[index] = self.out_room[last + 1] + spacing.channel + slot / 2
            self.out_room[last + 1] += spacing.channel + slot
            self.back[index] = self.in_room[first] + _ARRIVING + spacing.channel + slot / 2
            self.in_room[first] += spacing.channel + slot
        # Gap g lies before column g; the first and the last hold channels of loops only.
        self.starts: list[float] = []
        at = 0.0
        for gap in range(count + 1):
            at += self._gap(gap, count, spacing)
            if gap < count:
                self.starts.append(at)
                at += self.widths[gap]
        self.width = at

    def _gap(self, gap: int, count: int, spacing: Spacing) -> float:
        room = self.out_room[gap] + self.in_room[gap]
        if gap in (0, count):
            return room + (_ARRIVING + spacing.channel if room else 0.0)
        crossing = [
            _STEEP * _least_across(abs(y2 - y1), self.grid.segments[each].slot)
            for cell in self.grid.columns[gap - 1]
            for each in self.grid.out_of[cell]
            for y1, y2 in (self._ports(each),)
        ]
        return room + _LEAVING + _ARRIVING + max([spacing.gap, *crossing])

    def _ports(self, index: int) -> tuple[float, float]:
        """Where a segment leaves one cell and enters the next."""
        segment, heights = self.grid.segments[index], self.heights
        return (
            heights.tops[segment.start] + heights.leave[index],
            heights.tops[segment.end] + heights.enter[index],
        )

    def left_of(self, cell: int) -> float:
        """Left edge of an item: sources stand to the right of their column, all else to the left."""
        column, item = self.grid.column[cell], self.grid.items[cell]
        lone = not self.grid.into[cell] and cell not in self.heights.back_in and self.grid.out_of[cell]
        return self.starts[column] + (self.widths[column] - item.width if lone else 0.0)

    def way(self, index: int) -> list[Part]:
        """The parts of a link's way, one after the other."""
        grid = self.grid
        if index in grid.backward:
            return [self._around(index)]
        parts: list[Part] = []
        for each in grid.chains[index]:
            segment = grid.segments[each]
            column = grid.column[segment.start]
            y1, y2 = self._ports(each)
            x1, x2 = self._right_of(segment.start), self._left_edge(segment.end)
            a = self.starts[column] + self.widths[column] + self.out_room[column + 1] + _LEAVING
            b = self.starts[column + 1] - self.in_room[column + 1] - _ARRIVING
            parts.append(Leg(x1, y1, a, b, x2, y2))
        return parts

    def _right_of(self, cell: int) -> float:
        if self.grid.is_passing(cell):
            column = self.grid.column[cell]
            return self.starts[column] + self.widths[column]
        return self.left_of(cell) + self.grid.items[cell].width

    def _left_edge(self, cell: int) -> float:
        return self.starts[self.grid.column[cell]] if self.grid.is_passing(cell) else self.left_of(cell)

    def _around(self, index: int) -> Loop:
        link = self.grid.links[index]
        number = {item.key: at for at, item in enumerate(self.grid.items)}
        start, end = number[link.start], number[link.end]
        first, last = self.loops.spans[index]
        return Loop(
            self._right_of(start),
            self.heights.tops[start] + self.heights.leave_back[index],
            self.starts[last] + self.widths[last] + self.out[index],
            self.loops.lanes[index],
            self.starts[first] - self.back[index],
            self._left_edge(end),
            self.heights.tops[end] + self.heights.enter_back[index],
        )
