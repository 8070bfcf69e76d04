"""A balance as a Sankey: the plan, the ribbons on it, their words, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from openrecp.reports.charts.flow_specs import SankeyDiagram
from openrecp.reports.charts.flows.arranging import Rect
from openrecp.reports.charts.flows.boxes import (
    BOX,
    box_items,
    box_svg,
    frames_svg,
    free_end,
    sections_of,
)
from openrecp.reports.charts.flows.labelling import Label, Labeller, block_size, cover_track
from openrecp.reports.charts.flows.level import Item, Link, Spacing
from openrecp.reports.charts.flows.plan import Plan, planned
from openrecp.reports.charts.flows.reading import Flow, amount_words, flows_of, throughput
from openrecp.reports.charts.flows.svg import element, words
from openrecp.reports.charts.flows.tracks import extent
from openrecp.reports.charts.frame import SMALL
from openrecp.reports.charts.labels import balanced, scale_of, scaled_unit
from openrecp.reports.charts.sankey.legend import legend, loss_mark
from openrecp.reports.charts.sankey.ribbons import (
    Ribbon,
    colour_of,
    hatches,
    ribbon,
    ribbon_svg,
    slot,
)
from openrecp.reports.look import LOSS, MUTED
from openrecp.texts import Language, render, text

_MARGIN: Final = 12.0
_HEADING: Final = 26.0
_FULL_WIDTH: Final = 120.0
"""Width of the largest throughput of a box [px]; one scale holds for the whole picture."""
_LEAST_WIDTH: Final = 420.0
_UNITS_UP_TO: Final = 24
"""Up to how many streams each label repeats the unit."""
SPACING: Final = Spacing(gap=86.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished drawing: its elements and its size [px]."""

    body: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """A Sankey before it is written as SVG: where everything stands."""

    flows: tuple[Flow, ...]
    plan: Plan
    ribbons: tuple[Ribbon, ...]
    labels: tuple[Label, ...]
    scale: float
    factor: float
    unit: str
    canvas: Rect
    omitted: int


def sankey_sketch(chart: SankeyDiagram, language: Language) -> Sketch:
    """Places of boxes, ribbons and labels."""
    flows = flows_of(chart, language)
    factor, scaled = scale_of(max((flow.amount or 0.0 for flow in flows), default=0.0))
    unit = scaled_unit(scaled, chart.unit, language)
    most = throughput(flows)
    scale = _FULL_WIDTH / most if most > 0 else 0.0
    suffix = f" {unit}" if len(flows) <= _UNITS_UP_TO else ""
    said = {flow.key: _lines(flow, factor, suffix) for flow in flows}
    items = [*box_items(chart, language), *(_free_item(flow, said[flow.key], scale) for flow in flows if flow.crosses)]
    plan = planned(items, [_link(flow, scale) for flow in flows], sections_of(chart, flows), SPACING)
    ribbons = tuple(ribbon(flow, scale, plan.ways[flow.key]) for flow in flows)
    canvas = _canvas(plan, ribbons)
    labeller = _labelled(chart, ribbons, plan, said, (factor, suffix), canvas)
    omitted = len(flows) - len(labeller.placed)
    return Sketch(flows, plan, ribbons, tuple(labeller.placed), scale, factor, unit, canvas, omitted)


def sankey_picture(chart: SankeyDiagram, language: Language, name: str) -> Picture:
    """The drawing of a Sankey; ``name`` begins the ids in it."""
    sketch = sankey_sketch(chart, language)
    canvas = sketch.canvas
    width = max(canvas.width + 2 * _MARGIN, _LEAST_WIDTH)
    parts = [hatches(name)]
    parts += frames_svg(chart, sketch.plan.frames, language)
    parts += [ribbon_svg(each, name) for each in _thick_first(sketch.ribbons)]
    nodes = {node.key: node for node in chart.nodes}
    parts += [box_svg(nodes[key], rect, language) for key, rect in sketch.plan.boxes.items() if key in nodes]
    flows = {flow.key: flow for flow in sketch.flows}
    parts += [_label_svg(label, flows[label.key]) for label in sketch.labels]
    per_unit = sketch.scale * sketch.factor
    below, height = legend(sketch.ribbons, sketch.unit, per_unit, width - 2 * _MARGIN, language, name)
    heading = render(text("Flows in {unit}; ± is half of the 95 % interval", unit=sketch.unit), language)
    top = _HEADING + canvas.height + 14
    body = (
        words([heading], _MARGIN, 12, colour=MUTED)
        + f'<g transform="translate({_MARGIN - canvas.x:.1f} {_HEADING - canvas.y:.1f})">{"".join(parts)}</g>'
        + f'<g transform="translate({_MARGIN} {top:.1f})">{"".join(below)}</g>'
    )
    return Picture(body, round(width), round(top + height + 6))


def _lines(flow: Flow, factor: float, suffix: str) -> tuple[str, ...]:
    """The words at a stream: its name and how much flows."""
    name = balanced(flow.label or flow.key, BOX, SMALL, 3).split("\n")
    return (*name, amount_words(flow, factor) + (suffix if flow.amount is not None else ""))


def _free_item(flow: Flow, lines: Sequence[str], scale: float) -> Item:
    """The free end of a stream in a column, with its words beside it."""
    width, height = block_size(lines)
    last = flow.product and flow.end is None
    bias = 1.0 if flow.loss else -1.0 if flow.start is None else 0.0
    room = max(height, slot(flow, scale))
    return Item(free_end(flow), width + (14 if flow.loss else 4), room, "last" if last else "free", bias)


def _link(flow: Flow, scale: float) -> Link:
    start, end = flow.start or free_end(flow), flow.end or free_end(flow)
    return Link(flow.key, start, end, slot(flow, scale), (flow.amount or 0.0) * scale + 1.0)


def _canvas(plan: Plan, ribbons: Sequence[Ribbon]) -> Rect:
    """What the drawing covers, ribbons included."""
    left, top, right, bottom = 0.0, 0.0, plan.width, plan.height
    for each in ribbons:
        x1, y1, x2, y2 = extent(each.track, each.high / 2)
        left, top, right, bottom = min(left, x1), min(top, y1), max(right, x2), max(bottom, y2)
    return Rect(left, top, right - left, bottom - top)


def _labelled(
    chart: SankeyDiagram,
    ribbons: Sequence[Ribbon],
    plan: Plan,
    said: dict[str, tuple[str, ...]],
    number: tuple[float, str],
    canvas: Rect,
) -> Labeller:
    labeller = Labeller(canvas)
    for node in chart.nodes:
        if node.key in plan.boxes:
            labeller.solid.take(plan.boxes[node.key])
    for rect in plan.frames.values():
        labeller.solid.take(Rect(rect.x, rect.y, rect.width, 22.0))
    for each in ribbons:
        cover_track(labeller.streams, each.track, each.high / 2, each.flow.key)
        if each.flow.crosses:
            labeller.put(_end_label(each.flow, said[each.flow.key], plan.boxes[free_end(each.flow)]))
    for each in _thick_first(ribbons):
        flow = each.flow
        if flow.crosses:
            continue
        value = amount_words(flow, number[0]) + (number[1] if flow.amount is not None else "")
        choices = [said[flow.key], (value,), (flow.key,)]
        labeller.place(flow.key, choices, each.way, each.high)
    return labeller


def _end_label(flow: Flow, lines: tuple[str, ...], room: Rect) -> Label:
    """Words left of where a stream comes in, or right of where it goes out."""
    width, height = block_size(lines)
    x = room.x if flow.start is None else room.right - width
    return Label(flow.key, lines, Rect(x, room.y + (room.height - height) / 2, width, height))


def _label_svg(label: Label, flow: Flow) -> str:
    lines, rect = label.lines, label.rect
    y = rect.y + rect.height / len(lines) / 2
    colour = LOSS if flow.loss else MUTED if flow.amount is None else ""
    shade = {"colour": colour} if colour else {}
    if not flow.crosses:
        strong = len(lines) - 1 if len(lines) > 1 else 0
        return words(lines, rect.x + rect.width / 2, y, anchor="middle", halo=True, strong=strong, **shade)
    if flow.start is None:
        return words(lines, rect.right - 2, y, anchor="end", strong=len(lines) - 1, **shade)
    mark = loss_mark(rect.x - 5, y) if flow.loss else ""
    return mark + words(lines, rect.x + 1, y, strong=len(lines) - 1, **shade)


def _thick_first(ribbons: Sequence[Ribbon]) -> list[Ribbon]:
    return sorted(ribbons, key=lambda each: (-each.width, each.flow.key))
