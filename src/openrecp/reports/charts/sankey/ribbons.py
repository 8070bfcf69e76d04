"""Ribbons: how wide each stream is drawn, its colour, its interval, and its line style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.reports.charts.flows.arranging import Loop, Part
from openrecp.reports.charts.flows.reading import Flow
from openrecp.reports.charts.flows.svg import element, grouped
from openrecp.reports.charts.flows.tracks import Piece, band_path, curved_corners, line_path, pieces
from openrecp.reports.look import ACCENT, ACCENT_MID, LOSS, MUTED, NEUTRAL_BAR, PAPER

THINNEST: Final = 1.6
"""What is narrower is drawn this wide and marked as not to scale [px]."""
UNKNOWN: Final = 5.0
"""Width of a stream that nothing is known of [px]."""
_HEAD: Final = 9.0
_BROADEST: Final = 150.0
DASHES: Final = {"estimated": "7 2.5 1.5 2.5", "computed": "5 3", "unobservable": "1.2 3"}


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A stream with its width, that of its interval from low to high, and its way [px]."""

    flow: Flow
    width: float
    low: float
    high: float
    true_width: float
    way: tuple[Part, ...]
    track: tuple[Piece, ...]

    @property
    def thin(self) -> bool:
        """Whether it is drawn wider than it is."""
        return self.flow.amount is not None and self.true_width < THINNEST

    @property
    def returns(self) -> bool:
        """Whether it runs back somewhere on its way."""
        return any(isinstance(part, Loop) for part in self.way)


def widths(flow: Flow, scale: float) -> tuple[float, float, float, float]:
    """Width drawn, of the lower and of the upper end of the interval, and the true one [px]."""
    if flow.amount is None:
        return UNKNOWN, UNKNOWN, UNKNOWN, 0.0
    true = flow.amount * scale
    width = max(true, THINNEST)
    half = (flow.half or 0.0) * scale
    return width, max(true - half, 0.0), min(max(true + half, width), width + _BROADEST), true


def slot(flow: Flow, scale: float) -> float:
    """Room a ribbon takes at a box: its upper end and a little air [px]."""
    return max(widths(flow, scale)[2], 3.0) + 2.0


def ribbon(flow: Flow, scale: float, way: Sequence[Part]) -> Ribbon:
    """The ribbon along its way."""
    width, low, high, true = widths(flow, scale)
    track = tuple(pieces(curved_corners(way, high / 2)))
    return Ribbon(flow, width, low, high, true, tuple(way), track)


def colour_of(flow: Flow) -> str:
    """Losses vermilion, products deep teal, what comes in grey, all else pale teal; nothing is red against green."""
    if flow.amount is None:
        return MUTED
    if flow.loss:
        return LOSS
    if flow.product:
        return ACCENT
    return NEUTRAL_BAR if flow.start is None else ACCENT_MID


def ribbon_svg(item: Ribbon, name: str) -> str:
    """A ribbon with its interval as a hatched edge and its state as the style of its outline."""
    flow, colour = item.flow, colour_of(item.flow)
    flare = max(item.width / 2, 3.6) if item.width < 12 else item.width / 2
    head = _HEAD if item.width >= 4 else 7.0
    band = band_path(item.track, item.width / 2, head, flare)
    parts = []
    if item.high - item.width > 0.8:
        kind = "loss" if flow.loss else "plain"
        ring = band_path(item.track, item.high / 2) + band_path(item.track, item.width / 2)
        parts.append(
            element(
                "path",
                d=ring,
                fill=f"url(#{name}-hatch-{kind})",
                fill_rule="evenodd",
                stroke=colour,
                stroke_width="0.5",
            )
        )
    if flow.state == "unobservable":
        parts.append(
            element("path", d=band, fill=PAPER, stroke=MUTED, stroke_dasharray=DASHES["unobservable"])
        )
        return grouped(parts)
    pale = {"measured": "0.92", "estimated": "0.6", "computed": "0.34"}[flow.state]
    parts.append(element("path", d=band, fill=PAPER, fill_opacity="0.55") if flow.state != "measured" else "")
    parts.append(element("path", d=band, fill=colour, fill_opacity=pale, **_outline(item, colour)))
    if item.low < item.width - 1.6 and item.low > 0.8:
        parts.append(_lower_end(item))
    if item.thin:
        parts.append(_break_mark(item))
    return grouped(parts)


def _outline(item: Ribbon, colour: str) -> dict[str, str]:
    dashes = DASHES.get(item.flow.state)
    if dashes is None:
        return {}
    dark = ACCENT if colour in (ACCENT_MID, NEUTRAL_BAR) else colour
    return {"stroke": dark, "stroke-width": "1.1", "stroke-dasharray": dashes}


def _lower_end(item: Ribbon) -> str:
    """Fine lines inside the ribbon where the lower end of its interval lies."""
    return "".join(
        element(
            "path",
            d=line_path(item.track, side * item.low / 2),
            fill="none",
            stroke=PAPER,
            stroke_width="0.7",
        )
        for side in (-1, 1)
    )


def _break_mark(item: Ribbon) -> str:
    """Two small strokes across a ribbon that is drawn wider than it is."""
    first = item.track[0]
    x, y = first.x1 + 3.5, first.y1
    marks = [f"M{x + at - 1:.1f} {y + 3.5:.1f}l2 -7" for at in (0.0, 3.0)]
    return element("path", d="".join(marks), fill="none", stroke=MUTED, stroke_width="0.9")


def hatches(name: str) -> str:
    """The two hatchings of intervals, to be defined once a picture."""
    parts = []
    for kind, colour in (("plain", ACCENT), ("loss", LOSS)):
        parts.append(
            f'<pattern id="{name}-hatch-{kind}" width="4" height="4" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="4" height="4" fill="{PAPER}"/>'
            f'<path d="M0 0V4" stroke="{colour}" stroke-width="1.5"/></pattern>'
        )
    return f"<defs>{''.join(parts)}</defs>"
