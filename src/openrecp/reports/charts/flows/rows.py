"""Rows of a picture one below the other, and the ways from one row to another around their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.reports.charts.flows.arranging import Arrangement, Loop
from openrecp.reports.charts.flows.level import Spacing

_BETWEEN_ROWS: Final = 26.0
_SIDE: Final = 16.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A link from one row to another: where it leaves on the right and enters on the left, within its rows [px]."""

    key: str
    slot: float
    start: str
    leave: float
    end: str
    enter: float


@dataclass(frozen=True, slots=True)
class Stack:
    """Offsets of the rows by their key, ways between them by the key of the link, and the size [px]."""

    offsets: dict[str, tuple[float, float]]
    loops: dict[str, Loop]
    width: float
    height: float


def stacked(rows: Sequence[tuple[str, Arrangement]], passages: Sequence[Passage], spacing: Spacing) -> Stack:
    """Rows from top to bottom; each passage turns down at the end of its row, back below it, and up or down to its goal."""
    tops: dict[str, float] = {}
    lanes: dict[str, float] = {}
    outs: dict[str, float] = {}
    at, right = 0.0, 0.0
    for key, row in rows:
        tops[key] = at
        at += row.height
        aside = row.width + _SIDE
        for passage in sorted((each for each in passages if each.start == key), key=lambda each: -each.leave):
            at += spacing.lane
            lanes[passage.key] = at + passage.slot / 2
            outs[passage.key] = aside + passage.slot / 2
            at += passage.slot
            aside += passage.slot + spacing.channel
        right = max(right, aside if aside > row.width + _SIDE else row.width)
        at += _BETWEEN_ROWS
    backs, gutter = _gutter(passages, tops, lanes, spacing)
    widths = {key: row.width for key, row in rows}
    loops = {
        each.key: Loop(
            gutter + widths[each.start],
            tops[each.start] + each.leave,
            gutter + outs[each.key],
            lanes[each.key],
            gutter - backs[each.key],
            gutter,
            tops[each.end] + each.enter,
        )
        for each in passages
    }
    height = at - _BETWEEN_ROWS if rows else 0.0
    return Stack({key: (gutter, top) for key, top in tops.items()}, loops, gutter + right, height)


def _gutter(
    passages: Sequence[Passage], tops: dict[str, float], lanes: dict[str, float], spacing: Spacing
) -> tuple[dict[str, float], float]:
    """How far left of the rows each passage goes up or down, the short ways nearest, and the room that takes."""
    backs: dict[str, float] = {}
    taken: list[tuple[float, float, float]] = []

    def span(each: Passage) -> tuple[float, float]:
        low, high = sorted((lanes[each.key], tops[each.end] + each.enter))
        return low, high

    for each in sorted(passages, key=lambda one: (span(one)[1] - span(one)[0], one.key)):
        low, high = span(each)
        reach = each.slot / 2 + spacing.channel
        beside = [until for first, last, until in taken if first < high + reach and low - reach < last]
        start = max([_SIDE, *beside])
        backs[each.key] = start + each.slot / 2
        taken.append((low - each.slot / 2, high + each.slot / 2, start + each.slot + spacing.channel))
    return backs, max((until for _, _, until in taken), default=0.0)
