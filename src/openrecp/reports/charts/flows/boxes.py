"""Boxes of processes and stocks and frames of sections, as they stand in every picture of a balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from openrecp.reports.charts.flow_specs import BalancePicture, SankeyNode
from openrecp.reports.charts.flows.arranging import Rect
from openrecp.reports.charts.flows.level import FREE, Item
from openrecp.reports.charts.flows.reading import Flow
from openrecp.reports.charts.flows.svg import LINE, element, words
from openrecp.reports.charts.frame import SMALL
from openrecp.reports.charts.labels import balanced
from openrecp.reports.look import ACCENT, INK, PANEL, PAPER
from openrecp.reports.look import LINE as RULE
from openrecp.reports.wording import speak
from openrecp.texts import Language

BOX: Final = 92.0
"""Width of a box and of the words at the free end of a stream [px]."""
_LINES: Final = 4


def free_end(flow: Flow) -> str:
    """Key of the item where a stream comes from or goes to the environment."""
    return f"{FREE}{flow.key}"


def box_lines(node: SankeyNode, language: Language) -> list[str]:
    """The name of a box in lines."""
    return balanced(speak(node.label, language), BOX - 12, SMALL, _LINES).split("\n")


def box_items(chart: BalancePicture, language: Language) -> list[Item]:
    """The boxes of a picture with the room their names need."""
    return [
        Item(
            node.key,
            BOX,
            max(len(box_lines(node, language)) * LINE + (20 if node.kind == "stock" else 10), 26.0),
        )
        for node in chart.nodes
        if node.kind != "environment"
    ]


def sections_of(chart: BalancePicture, flows: Sequence[Flow]) -> dict[str, str]:
    """Section of every item, free ends included."""
    known = {section.key for section in chart.sections}
    found = {node.key: node.section for node in chart.nodes if node.section in known}
    for flow in flows:
        inside = flow.end if flow.start is None else flow.start
        if flow.crosses and inside in found:
            found[free_end(flow)] = found[inside]
    return found


def box_svg(node: SankeyNode, rect: Rect, language: Language) -> str:
    """A box with its name; a stock is drawn as a tank."""
    lines = box_lines(node, language)
    middle = rect.y + rect.height / 2 - (len(lines) - 1) * LINE / 2
    middle += 3 if node.kind == "stock" else 0
    name = words(lines, rect.x + rect.width / 2, middle, anchor="middle")
    if node.kind == "stock":
        return _tank(rect) + name
    shape = element(
        "rect",
        x=rect.x,
        y=rect.y,
        width=rect.width,
        height=rect.height,
        rx=3.0,
        fill=PAPER,
        stroke=ACCENT,
        stroke_width="1.4",
    )
    return shape + name


def _tank(rect: Rect) -> str:
    """An upright cylinder."""
    x, y, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    flat = min(5.0, rect.height / 5)
    half = rect.width / 2
    arc = f"A{half:.1f} {flat:.1f} 0 0"
    body = f"M{x:.1f} {y + flat:.1f}{arc} 1 {right:.1f} {y + flat:.1f}V{bottom - flat:.1f}{arc} 1 {x:.1f} {bottom - flat:.1f}Z"
    rim = f"M{x:.1f} {y + flat:.1f}{arc} 0 {right:.1f} {y + flat:.1f}"
    return element("path", d=body, fill=PANEL, stroke=ACCENT, stroke_width="1.4") + element(
        "path", d=rim, fill="none", stroke=ACCENT, stroke_width="1.4"
    )


def frames_svg(chart: BalancePicture, frames: Mapping[str, Rect], language: Language) -> list[str]:
    """A quiet frame with its name around each section."""
    parts = []
    for section in chart.sections:
        rect = frames.get(section.key)
        if rect is None:
            continue
        name = speak(section.label, language)
        lines = balanced(name, max(rect.width - 20, 40.0), 12, 1).split("\n")
        parts.append(
            element(
                "rect",
                x=rect.x,
                y=rect.y,
                width=rect.width,
                height=rect.height,
                rx=6.0,
                fill=PANEL,
                stroke=RULE,
            )
            + words(lines, rect.x + 10, rect.y + 13, colour=INK, strong=0, size=12)
        )
    return parts
