"""Elements of our own drawings as SVG text, with the user's words escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from openrecp.reports.charts.flows.tracks import number
from openrecp.reports.charts.frame import SMALL
from openrecp.reports.look import INK, PAPER
from openrecp.reports.wording import printable

LINE: Final = 13.0
"""From one line of small words to the next [px]."""


def element(name: str, **attributes: str | float) -> str:
    """An empty element; underscores in attribute names become hyphens.

    >>> element("path", d="M0 0", stroke_width=2.0)
    '<path d="M0 0" stroke-width="2"/>'
    """
    parts = [
        f' {key.replace("_", "-")}="{number(value) if isinstance(value, int | float) else escape(value)}"'
        for key, value in attributes.items()
    ]
    return f"<{name}{''.join(parts)}/>"


def words(
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    anchor: str = "start",
    colour: str = INK,
    strong: int = -1,
    halo: bool = False,
    size: float = SMALL,
) -> str:
    """Lines of words from the middle of their first line at ``y``; line number ``strong`` stands out by weight."""
    around = (
        f' stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    )
    spans = []
    for at, line in enumerate(lines):
        weight = ' font-weight="700"' if at == strong else ""
        spans.append(
            f'<text x="{number(x)}" y="{number(y + at * LINE + size * 0.35)}" text-anchor="{anchor}" '
            f'font-size="{number(size)}" fill="{colour}"{around}{weight}>{escape(printable(line))}</text>'
        )
    return "".join(spans)


def grouped(parts: Sequence[str], **attributes: str) -> str:
    """Several elements as one group."""
    head = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return f"<g{head}>{''.join(parts)}</g>"
