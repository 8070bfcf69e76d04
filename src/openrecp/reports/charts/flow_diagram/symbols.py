"""Signs of a flow diagram: lines, arrow heads, and stream numbers whose shape tells how the flow is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openrecp.reports.charts.flows.arranging import Rect
from openrecp.reports.charts.flows.keys import SAMPLE, Sample, key_rows
from openrecp.reports.charts.flows.reading import Flow
from openrecp.reports.charts.flows.svg import element, words
from openrecp.reports.charts.flows.tracks import Piece, line_path
from openrecp.reports.charts.labels import width_of
from openrecp.reports.look import ACCENT, INK, LOSS, MUTED, PAPER
from openrecp.texts import Language, Text, text

_TAG: Final = 15.0
_SIZE: Final = 10.0
_DASHES: Final = {"estimated": "8 3 2 3", "computed": "6 3", "unobservable": "1.5 3"}


def tag_size(flow: Flow) -> tuple[float, float]:
    """Room of the stream number on its line [px]."""
    return max(width_of(flow.key[:14], _SIZE) + 10, _TAG + (3 if flow.state == "measured" else 0)), _TAG


def colour_of(flow: Flow) -> str:
    """Losses vermilion, what is not known grey, all else ink."""
    return MUTED if flow.amount is None else LOSS if flow.loss else INK


def line_svg(flow: Flow, track: Sequence[Piece]) -> str:
    """The line of a stream in the style of how it is known."""
    dashes = _DASHES.get(flow.state)
    style = {"stroke-dasharray": dashes} if dashes else {}
    wide = "1.8" if flow.product or flow.loss else "1.3"
    return element(
        "path", d=line_path(track), fill="none", stroke=colour_of(flow), stroke_width=wide, **style
    )


def head_svg(flow: Flow, track: Sequence[Piece]) -> str:
    """The arrow head at the end of a line; open for what is lost, so that colour is not needed."""
    end = track[-1]
    x, y = end.x2, end.y2
    fill = PAPER if flow.loss else colour_of(flow)
    return element(
        "path", d=f"M{x - 8:.1f} {y - 4:.1f}L{x:.1f} {y:.1f}l-8 4Z", fill=fill, stroke=colour_of(flow)
    )


def tag_svg(flow: Flow, rect: Rect) -> str:
    """The stream number: round for a meter, square for a sum, cut for an estimate, dotted for what is not known."""
    colour = ACCENT if flow.state == "measured" and not flow.loss else colour_of(flow)
    shape = _shape(flow.state, rect, colour)
    key = words(
        [flow.key[:14]],
        rect.x + rect.width / 2,
        rect.y + rect.height / 2,
        anchor="middle",
        size=_SIZE,
        colour=PAPER if flow.state == "measured" else colour,
    )
    return shape + key


def _shape(state: str, rect: Rect, colour: str) -> str:
    x, y, wide, high = rect.x, rect.y, rect.width, rect.height
    if state == "measured":
        return element("rect", x=x, y=y, width=wide, height=high, rx=high / 2, fill=colour)
    if state == "estimated":
        cut = 4.0
        d = (
            f"M{x + cut:.1f} {y:.1f}H{x + wide - cut:.1f}L{x + wide:.1f} {y + high / 2:.1f}L{x + wide - cut:.1f} {y + high:.1f}"
            f"H{x + cut:.1f}L{x:.1f} {y + high / 2:.1f}Z"
        )
        return element("path", d=d, fill=PAPER, stroke=colour)
    style = {"stroke-dasharray": "1.5 2"} if state == "unobservable" else {}
    return element("rect", x=x, y=y, width=wide, height=high, fill=PAPER, stroke=colour, **style)


def flow_legend(flows: Sequence[Flow], width: float, language: Language) -> tuple[list[str], float]:
    """What lines and numbers mean, as far as they occur, and the height of that [px]."""
    states = {flow.state for flow in flows}
    entries: list[tuple[Sample, Text]] = []
    meanings = {
        "measured": text("measured"),
        "estimated": text("estimated (≈)"),
        "computed": text("computed, not measured"),
        "unobservable": text("cannot be known (?)"),
    }
    for state, meaning in meanings.items():
        if state in states:
            entries.append((_state_sample(state), meaning))
    if any(flow.loss for flow in flows):
        entries.append((_loss_sample, text("waste or loss")))
    if any(flow.turned for flow in flows):
        entries.append((_turned_sample, text("negative: flows against the direction it was given in")))
    return key_rows(entries, width, language)


def _state_sample(state: str) -> Sample:
    def sample(x: float, y: float) -> str:
        colour = {"measured": ACCENT, "unobservable": MUTED}.get(state, INK)
        dashes = _DASHES.get(state)
        style = {"stroke-dasharray": dashes} if dashes else {}
        line = element("path", d=f"M{x:.1f} {y:.1f}h{SAMPLE:.0f}", stroke=colour, stroke_width="1.3", **style)
        return line + _shape(state, Rect(x + 7, y - 6, 16, 12), colour)

    return sample


def _loss_sample(x: float, y: float) -> str:
    line = element("path", d=f"M{x:.1f} {y:.1f}h20", stroke=LOSS, stroke_width="1.8")
    return line + element("path", d=f"M{x + 19:.1f} {y - 4:.1f}l8 4l-8 4Z", fill=PAPER, stroke=LOSS)


def _turned_sample(x: float, y: float) -> str:
    return words(["-2"], x + 12, y, anchor="middle", strong=0)
