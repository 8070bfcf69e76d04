"""Boxes and links of one level of a picture, and the grid of columns that they are arranged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

FREE: Final = "\x01"
"""Begins the key of the free end of a stream, which stays in the row of its box."""


@dataclass(frozen=True, slots=True)
class Item:
    """A box, the free end of a stream, or a gate in the frame of a section.

    Attributes
    ----------
    width, height : float
        Least size [px]; a box grows with the streams at it.
    column : {"free", "first", "last"}
        First and last column are for gates and for what leaves on the right.
    bias : float
        Below others where all else is equal (positive), or above them.
    """

    key: str
    width: float
    height: float
    column: Literal["free", "first", "last"] = "free"
    bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """A stream between two boxes, with the room it takes at them.

    Attributes
    ----------
    slot : float
        Room at the side of a box [px].
    weight : float
        How much it matters that it runs forward.
    leave, enter : float or None
        Height below the top of its box where it leaves and enters [px]; None where that is free.
    """

    key: str
    start: str
    end: str
    slot: float
    weight: float
    leave: float | None = None
    enter: float | None = None


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances [px]: between columns, between boxes of a column, and around lanes of loops."""

    gap: float = 80.0
    between: float = 14.0
    passing: float = 8.0
    lane: float = 10.0
    channel: float = 6.0


@dataclass(slots=True)
class Segment:
    """A link's way from one column to the next."""

    link: int
    start: int
    end: int
    slot: float
    leave: float | None
    enter: float | None


@dataclass(slots=True)
class Grid:
    """Cells in columns: the items by their index, then one cell for each column that a link passes through."""

    items: Sequence[Item]
    links: Sequence[Link]
    backward: set[int]
    column: list[int]
    heights: list[float]
    bias: list[float]
    segments: list[Segment] = field(default_factory=list)
    into: list[list[int]] = field(default_factory=list)
    out_of: list[list[int]] = field(default_factory=list)
    columns: list[list[int]] = field(default_factory=list)
    chains: dict[int, list[int]] = field(default_factory=dict)

    def is_passing(self, cell: int) -> bool:
        """Whether the cell only holds room for a link."""
        return cell >= len(self.items)


def grid_of(items: Sequence[Item], links: Sequence[Link], backward: set[int], column: list[int]) -> Grid:
    """The grid, with a passing cell wherever a link crosses a column."""
    grid = Grid(
        items,
        links,
        backward,
        list(column),
        [item.height for item in items],
        [item.bias for item in items],
    )
    number = {item.key: index for index, item in enumerate(items)}
    for index, link in enumerate(links):
        if index in backward:
            continue
        at, end = number[link.start], number[link.end]
        chain = []
        for step in range(grid.column[at] + 1, grid.column[end]):
            cell = len(grid.column)
            grid.column.append(step)
            grid.heights.append(link.slot)
            grid.bias.append(0.0)
            chain.append(cell)
        grid.chains[index] = []
        whole = [at, *chain, end]
        for order, (here, there) in enumerate(pairwise(whole)):
            leave = link.leave if order == 0 else None
            enter = link.enter if order == len(whole) - 2 else None
            grid.chains[index].append(len(grid.segments))
            grid.segments.append(Segment(index, here, there, link.slot, leave, enter))
    _index(grid)
    return grid


def _index(grid: Grid) -> None:
    grid.into = [[] for _ in grid.column]
    grid.out_of = [[] for _ in grid.column]
    for index, segment in enumerate(grid.segments):
        grid.out_of[segment.start].append(index)
        grid.into[segment.end].append(index)
    grid.columns = [[] for _ in range(max(grid.column, default=-1) + 1)]
    for cell, at in enumerate(grid.column):
        grid.columns[at].append(cell)
