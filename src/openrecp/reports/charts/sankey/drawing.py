"""A balance as a Sankey: the plan, the ribbons on it, their words, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from openrecp.reports.charts.flow_specs import BalancePicture, SankeyDiagram
from openrecp.reports.charts.flows.arranging import Rect
from openrecp.reports.charts.flows.boxes import box_items, box_svg, frames_svg, free_end, sections_of
from openrecp.reports.charts.flows.labelling import Label, Labeller, cover_track
from openrecp.reports.charts.flows.level import Item, Link, Spacing
from openrecp.reports.charts.flows.picture import (
    MARGIN,
    Finished,
    Planned,
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
from openrecp.reports.charts.flows.reading import Flow, flows_of, throughput
from openrecp.reports.charts.flows.svg import words
from openrecp.reports.charts.labels import scale_of, scaled_unit
from openrecp.reports.charts.sankey.legend import legend, loss_mark
from openrecp.reports.charts.sankey.ribbons import Ribbon, hatches, ribbon, ribbon_svg, slot
from openrecp.reports.look import INK, PAPER
from openrecp.texts import Language

_UNITS_UP_TO: Final = 24
"""Up to how many streams each label repeats the unit."""
_LEAST: Final = 1e-100
"""What is smaller is drawn as nothing, before its scale becomes infinite."""
_WIDEST: Final = 110.0
"""Width of the largest throughput of a box [px]; one scale holds for the whole picture."""
_WIDEST_IN_ROWS: Final = 60.0
SPACING: Final = Spacing(gap=62.0)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A Sankey before it is written as SVG: where everything stands.

    Attributes
    ----------
    chart : BalancePicture
        What is drawn, sections collapsed where they had to be.
    scale : float
        Width of a ribbon for one unit [px].
    factor : float
        What amounts are divided by in labels.
    unit : str
        The unit of labels, already scaled.
    """

    chart: BalancePicture
    flows: tuple[Flow, ...]
    plan: Plan
    ribbons: tuple[Ribbon, ...]
    labels: tuple[Label, ...]
    scale: float
    factor: float
    unit: str
    canvas: Rect


@lru_cache(maxsize=16)
def sankey_sketch(diagram: SankeyDiagram, language: Language) -> Sketch:
    """Places of boxes, ribbons and labels."""
    chart = fitted(diagram)
    flows = flows_of(chart, language)
    factor, scaled = scale_of(max((flow.amount or 0.0 for flow in flows), default=0.0))
    unit = scaled_unit(scaled, chart.unit, language)
    repeated = unit if len(flows) <= _UNITS_UP_TO else ""
    said = {flow.key: stream_lines(flow, factor, repeated) for flow in flows}
    plan, scale = _plan(chart, flows, said, language)
    ribbons = tuple(ribbon(flow, scale, plan.ways[flow.key]) for flow in flows)
    canvas = canvas_of(plan, [(each.track, each.high / 2) for each in ribbons])
    labeller = _labeller(chart, ribbons, plan, said, canvas)
    for each in _thick_first(ribbons):
        if not each.flow.crosses:
            value = valued(each.flow, factor, repeated)
            choices = [said[each.flow.key], (value,), (valued(each.flow, factor, ""),), (each.flow.key,)]
            labeller.place(each.flow.key, choices, each.way, each.high)
    canvas = with_labels(canvas, labeller.placed)
    return Sketch(chart, flows, plan, ribbons, tuple(labeller.placed), scale, factor, unit, canvas)


def _plan(
    chart: BalancePicture, flows: Sequence[Flow], said: dict[str, tuple[str, ...]], language: Language
) -> Planned:
    """The plan and its scale; where it goes on in further rows, ribbons are narrower."""
    most = throughput(flows)
    boxes, sections = box_items(chart, language), sections_of(chart, flows)

    def drawn_at(widest: float) -> tuple[list[Item], list[Link], float]:
        scale = widest / most if most > _LEAST else 0.0
        ends = [free_item(flow, said[flow.key], slot(flow, scale)) for flow in flows if flow.crosses]
        return [*boxes, *ends], [_link(flow, scale) for flow in flows], scale

    def needed(width: float) -> int:
        items, links, _ = drawn_at(_WIDEST)
        return rows_needed(items, links, sections, SPACING, width)

    def plan(rows: int) -> Planned:
        items, links, scale = drawn_at(_WIDEST if rows == 1 else _WIDEST_IN_ROWS)
        return planned(items, links, sections, SPACING, rows), scale

    return rows_planned(chart.detail, needed, plan)


def sankey_picture(diagram: SankeyDiagram, language: Language, name: str) -> Finished:
    """The drawing of a Sankey; ``name`` begins the ids in it."""
    sketch = sankey_sketch(diagram, language)
    chart, canvas = sketch.chart, sketch.canvas
    parts = [hatches(name)]
    parts += frames_svg(chart, sketch.plan.frames, language)
    parts += [ribbon_svg(each, name) for each in _thick_first(sketch.ribbons)]
    parts += [
        box_svg(node, sketch.plan.boxes[node.key], language)
        for node in chart.nodes
        if node.kind != "environment"
    ]
    flows = {flow.key: flow for flow in sketch.flows}
    parts += [_label_svg(label, flows[label.key]) for label in sketch.labels]
    per_unit = sketch.scale * sketch.factor
    room = picture_width(canvas) - 2 * MARGIN
    # The legend has room for a short one only.
    numbered = min((label.key for label in sketch.labels if label.lines == (label.key,)), key=len, default="")
    key = legend(sketch.ribbons, (sketch.unit, per_unit), room, language, name, numbered)
    return assembled(parts, sketch.canvas, key, sketch.unit, language)


def _link(flow: Flow, scale: float) -> Link:
    start, end = flow.start or free_end(flow), flow.end or free_end(flow)
    return Link(flow.key, start, end, slot(flow, scale), (flow.amount or 0.0) * scale + 1.0)


def _labeller(
    chart: BalancePicture,
    ribbons: Sequence[Ribbon],
    plan: Plan,
    said: dict[str, tuple[str, ...]],
    canvas: Rect,
) -> Labeller:
    """Everything that words must keep clear of, and the words at free ends, whose room is planned."""
    labeller = Labeller(canvas)
    for node in chart.nodes:
        if node.key in plan.boxes:
            labeller.solid.take(plan.boxes[node.key])
    for rect in plan.frames.values():
        labeller.solid.take(Rect(rect.x, rect.y, rect.width, 22.0))
    for each in ribbons:
        cover_track(labeller.streams, each.track, each.high / 2, each.flow.key)
        if each.flow.crosses:
            labeller.put(end_label(each.flow, said[each.flow.key], plan.boxes[free_end(each.flow)]))
    return labeller


def _label_svg(label: Label, flow: Flow) -> str:
    lines, rect = label.lines, label.rect
    y = rect.y + rect.height / len(lines) / 2
    if flow.crosses:
        mark = loss_mark(rect.x - 5, y) if flow.loss and flow.end is None else ""
        return mark + end_label_svg(label, flow)
    strong = len(lines) - 1
    if label.inside:
        on_dark = flow.state == "measured" and (flow.loss or flow.product)
        return words(
            lines,
            rect.x + rect.width / 2,
            y,
            anchor="middle",
            strong=strong,
            colour=PAPER if on_dark else INK,
        )
    return words(
        lines, rect.x + rect.width / 2, y, anchor="middle", halo=True, strong=strong, colour=shade_of(flow)
    )


def _thick_first(ribbons: Sequence[Ribbon]) -> list[Ribbon]:
    return sorted(ribbons, key=lambda each: (-each.width, each.flow.key))
