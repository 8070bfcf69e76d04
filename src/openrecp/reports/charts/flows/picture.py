"""What every picture of a balance has: which diagram is drawn and how wide, its words, and the finished drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.reports.charts.flow_specs import BalancePicture, Detail
from openrecp.reports.charts.flows.arranging import Rect
from openrecp.reports.charts.flows.boxes import BOX, free_end
from openrecp.reports.charts.flows.collapsing import collapsed
from openrecp.reports.charts.flows.labelling import Label, block_size
from openrecp.reports.charts.flows.level import Item
from openrecp.reports.charts.flows.plan import Plan
from openrecp.reports.charts.flows.reading import Flow, amount_words
from openrecp.reports.charts.flows.svg import words
from openrecp.reports.charts.flows.tracks import Piece, extent
from openrecp.reports.charts.frame import SMALL
from openrecp.reports.charts.labels import balanced
from openrecp.reports.look import INK, LOSS, MUTED
from openrecp.texts import Language, render, text

MARGIN: Final = 12.0
HEADING: Final = 26.0
LEAST_WIDTH: Final = 420.0
Planned = tuple[Plan, float]
"""A plan and the width of a ribbon for one unit in it [px]."""
_PAGE_WIDTH: Final = 660.0
_PAGE_HEIGHT: Final = 800.0
_MOST_ROWS: Final = 5
_READABLE: Final = 0.52
"""Words printed in this share of their full size, about 4 points, can still be read."""
_GAIN: Final = 1.08
_ON_SCREEN: Final = 2600.0
_MOST_ON_PAPER: Final = 60
"""More streams than this cannot be read on a page, and sections are drawn as boxes."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished drawing: its elements and its size [px]."""

    body: str
    width: int
    height: int


def fitted(chart: BalancePicture) -> BalancePicture:
    """The diagram as it is drawn: its sections collapsed where that is asked for or needed on paper."""
    many = len(chart.streams) > _MOST_ON_PAPER and bool(chart.sections)
    if chart.detail == "sections" or (chart.detail == "auto" and many):
        return collapsed(chart)
    return chart


def rows_planned(detail: Detail, needed: Callable[[float], int], plan: Callable[[int], Planned]) -> Planned:
    """The plan in the number of rows that suits where it is shown.

    In full it is made for a screen, where people scroll. On paper the words have to stay large: rows are
    tried one more at a time until they are, as long as that makes them larger.

    Parameters
    ----------
    needed : callable
        Number of rows for a width [px].
    plan : callable
        The plan in a number of rows, with whatever belongs to it.
    """
    if detail == "full":
        return plan(needed(_ON_SCREEN))
    best = plan(1)
    for rows in range(2, _MOST_ROWS + 1):
        if _print_scale(best[0]) >= _READABLE:
            break
        other = plan(rows)
        if _print_scale(other[0]) < _GAIN * _print_scale(best[0]):
            break
        best = other
    return best


def _print_scale(plan: Plan) -> float:
    """How large it can be printed; 1 for words in their full size."""
    return min(1.0, _PAGE_WIDTH / max(plan.width, 1.0), _PAGE_HEIGHT / max(plan.height, 1.0))


def stream_lines(flow: Flow, factor: float, unit: str) -> tuple[str, ...]:
    """The words at a stream: its name and how much flows."""
    name = balanced(flow.label or flow.key, BOX, SMALL, 3).split("\n")
    return (*name, valued(flow, factor, unit))


def valued(flow: Flow, factor: float, unit: str) -> str:
    """How much flows, with the unit unless that is empty."""
    amount = amount_words(flow, factor)
    return f"{amount} {unit}" if unit and flow.amount is not None else amount


def free_item(flow: Flow, lines: Sequence[str], slot: float) -> Item:
    """The free end of a stream in a column, with its words beside it."""
    width, height = block_size(lines)
    last = flow.product and flow.end is None
    bias = 1.0 if flow.loss else -1.0 if flow.start is None else 0.0
    room = width + (14 if flow.loss and flow.end is None else 4)
    return Item(free_end(flow), room, max(height, slot), "last" if last else "free", bias)


def end_label(flow: Flow, lines: tuple[str, ...], room: Rect) -> Label:
    """Words left of where a stream comes in, or right of where it goes out."""
    width, height = block_size(lines)
    x = room.x if flow.start is None else room.right - width
    return Label(flow.key, lines, Rect(x, room.y + (room.height - height) / 2, width, height))


def end_label_svg(label: Label, flow: Flow) -> str:
    """The words at a free end, what flows in bold."""
    lines, rect = label.lines, label.rect
    y = rect.y + rect.height / len(lines) / 2
    shade = shade_of(flow)
    if flow.start is None:
        return words(lines, rect.right - 2, y, anchor="end", strong=len(lines) - 1, colour=shade)
    return words(lines, rect.x + 1, y, strong=len(lines) - 1, colour=shade)


def shade_of(flow: Flow) -> str:
    """Colour of the words at a stream."""
    return MUTED if flow.amount is None else LOSS if flow.loss else INK


def canvas_of(plan: Plan, tracks: Sequence[tuple[Sequence[Piece], float]]) -> Rect:
    """What the drawing covers: the plan, and every stream with half its width."""
    covered = [extent(track, half) for track, half in tracks]
    return _union([(0.0, 0.0, plan.width, plan.height), *covered])


def with_labels(canvas: Rect, labels: Sequence[Label]) -> Rect:
    """What the drawing covers together with its words."""
    rects = [canvas, *(label.rect for label in labels)]
    return _union([(rect.x, rect.y, rect.right, rect.bottom) for rect in rects])


def _union(covered: Sequence[tuple[float, float, float, float]]) -> Rect:
    left, top = min(each[0] for each in covered), min(each[1] for each in covered)
    right, bottom = max(each[2] for each in covered), max(each[3] for each in covered)
    return Rect(left, top, right - left, bottom - top)


def assembled(
    parts: Sequence[str], canvas: Rect, key: tuple[Sequence[str], float], unit: str, language: Language
) -> Finished:
    """Heading, drawing and legend one below the other; ``key`` is the legend and its height."""
    below, height = key
    if canvas.width <= 0:
        nothing = render(text("There are no streams."), language)
        return Finished(words([nothing], MARGIN, 24, colour=MUTED), round(LEAST_WIDTH), 48)
    heading = render(text("Flows in {unit}; ± is half of the 95 % interval", unit=unit), language)
    top = HEADING + canvas.height + 14
    body = (
        words([heading], MARGIN, 12, colour=MUTED)
        + f'<g transform="translate({MARGIN - canvas.x:.1f} {HEADING - canvas.y:.1f})">{"".join(parts)}</g>'
        + f'<g transform="translate({MARGIN} {top:.1f})">{"".join(below)}</g>'
    )
    return Finished(body, round(picture_width(canvas)), round(top + height + 6))


def picture_width(canvas: Rect) -> float:
    """Width of the whole picture [px]."""
    return max(canvas.width + 2 * MARGIN, LEAST_WIDTH)
