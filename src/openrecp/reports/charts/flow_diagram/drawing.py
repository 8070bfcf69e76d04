"""A balance as a process flow diagram: boxes and tanks, lines with right angles, a number on each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from openrecp.reports.charts.flow_diagram.symbols import flow_legend, head_svg, line_svg, tag_size, tag_svg
from openrecp.reports.charts.flow_specs import BalancePicture, FlowDiagram
from openrecp.reports.charts.flows.arranging import Rect
from openrecp.reports.charts.flows.boxes import box_items, box_svg, frames_svg, free_end, sections_of
from openrecp.reports.charts.flows.labelling import Label, Labeller, cover_track
from openrecp.reports.charts.flows.level import Link, Spacing
from openrecp.reports.charts.flows.picture import (
    MARGIN,
    Finished,
    assembled,
    canvas_of,
    end_label,
    end_label_svg,
    fitted,
    free_item,
    picture_width,
    rows_planned,
    shade_of,
    stream_lines,
    valued,
    with_labels,
)
from openrecp.reports.charts.flows.plan import Plan, planned, rows_needed
from openrecp.reports.charts.flows.reading import Flow, flows_of
from openrecp.reports.charts.flows.svg import words
from openrecp.reports.charts.flows.tracks import Piece, pieces, square_corners
from openrecp.reports.charts.flows.turns import turning_places
from openrecp.reports.charts.labels import scale_of, scaled_unit
from openrecp.texts import Language

_SLOT: Final = 17.0
"""From one line to the next at the side of a box [px]."""
_RADIUS: Final = 6.0
_CLEAR: Final = 14.5
"""Height that words keep clear of about a line, for the number on it [px]."""
SPACING: Final = Spacing(gap=66.0, between=16.0, passing=12.0, lane=8.0, channel=4.0)


@dataclass(frozen=True, slots=True)
class FlowSketch:
    """A flow diagram before it is written as SVG; tags are the numbers on the lines."""

    chart: BalancePicture
    flows: tuple[Flow, ...]
    plan: Plan
    tracks: dict[str, tuple[Piece, ...]]
    tags: tuple[Label, ...]
    labels: tuple[Label, ...]
    factor: float
    unit: str
    canvas: Rect


@lru_cache(maxsize=16)
def flow_sketch(diagram: FlowDiagram, language: Language) -> FlowSketch:
    """Places of boxes, lines, numbers and labels."""
    chart = fitted(diagram)
    flows = flows_of(chart, language)
    factor, scaled = scale_of(max((flow.amount or 0.0 for flow in flows), default=0.0))
    unit = scaled_unit(scaled, chart.unit, language)
    said = {flow.key: stream_lines(flow, factor, "") for flow in flows}
    items = box_items(chart, language)
    items += [free_item(flow, said[flow.key], _SLOT) for flow in flows if flow.crosses]
    links, sections = _links(flows), sections_of(chart, flows)
    plan, _ = rows_planned(
        chart.detail,
        lambda width: rows_needed(items, links, sections, SPACING, width),
        lambda rows: (planned(items, links, sections, SPACING, rows), 1.0),
    )
    turns = turning_places(plan.ways)
    tracks = {
        flow.key: tuple(pieces(square_corners(plan.ways[flow.key], turns[flow.key], _RADIUS)))
        for flow in flows
    }
    canvas = canvas_of(plan, [(track, _SLOT / 2) for track in tracks.values()])
    labeller = _labeller(chart, flows, plan, tracks, canvas)
    for flow in flows:
        if flow.crosses:
            labeller.put(end_label(flow, said[flow.key], plan.boxes[free_end(flow)]))
    ends = tuple(labeller.placed)
    labeller.placed.clear()
    for flow in flows:
        labeller.place_on(flow.key, flow.key, tag_size(flow), plan.ways[flow.key])
    tags = tuple(labeller.placed)
    labeller.placed.clear()
    for flow in sorted(flows, key=lambda each: (-(each.amount or 0.0), each.key)):
        if not flow.crosses:
            labeller.place_clear(
                flow.key, [said[flow.key], (valued(flow, factor, ""),)], plan.ways[flow.key], _CLEAR
            )
    labels = (*ends, *labeller.placed)
    canvas = with_labels(canvas, labels)
    return FlowSketch(chart, flows, plan, tracks, tags, labels, factor, unit, canvas)


def _links(flows: Sequence[Flow]) -> list[Link]:
    most = max((flow.amount or 0.0 for flow in flows), default=0.0) or 1.0
    return [
        Link(
            flow.key,
            flow.start or free_end(flow),
            flow.end or free_end(flow),
            _SLOT,
            1.0 + 20.0 * (flow.amount or 0.0) / most,
        )
        for flow in flows
    ]


def _labeller(
    chart: BalancePicture,
    flows: Sequence[Flow],
    plan: Plan,
    tracks: dict[str, tuple[Piece, ...]],
    canvas: Rect,
) -> Labeller:
    labeller = Labeller(canvas)
    for node in chart.nodes:
        if node.key in plan.boxes:
            labeller.solid.take(plan.boxes[node.key])
    for rect in plan.frames.values():
        labeller.solid.take(Rect(rect.x, rect.y, rect.width, 22.0))
    for flow in flows:
        cover_track(labeller.streams, tracks[flow.key], 1.0, flow.key)
    return labeller


def flow_picture(diagram: FlowDiagram, language: Language) -> Finished:
    """The drawing of a flow diagram."""
    sketch = flow_sketch(diagram, language)
    chart = sketch.chart
    flows = {flow.key: flow for flow in sketch.flows}
    parts = frames_svg(chart, sketch.plan.frames, language)
    parts += [line_svg(flow, sketch.tracks[flow.key]) for flow in sketch.flows]
    parts += [head_svg(flow, sketch.tracks[flow.key]) for flow in sketch.flows]
    parts += [
        box_svg(node, sketch.plan.boxes[node.key], language)
        for node in chart.nodes
        if node.kind != "environment"
    ]
    parts += [_label_svg(label, flows[label.key]) for label in sketch.labels]
    parts += [tag_svg(flows[tag.key], tag.rect) for tag in sketch.tags]
    key = flow_legend(sketch.flows, picture_width(sketch.canvas) - 2 * MARGIN, language)
    return assembled(parts, sketch.canvas, key, sketch.unit, language)


def _label_svg(label: Label, flow: Flow) -> str:
    if flow.crosses:
        return end_label_svg(label, flow)
    lines, rect = label.lines, label.rect
    y = rect.y + rect.height / len(lines) / 2
    return words(
        lines,
        rect.x + rect.width / 2,
        y,
        anchor="middle",
        halo=True,
        strong=len(lines) - 1,
        colour=shade_of(flow),
    )
