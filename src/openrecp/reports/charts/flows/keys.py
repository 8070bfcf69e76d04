"""Legends: a sample of each style that occurs, with its words, in as many rows as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from openrecp.reports.charts.flows.svg import LINE, words
from openrecp.reports.charts.frame import SMALL
from openrecp.reports.charts.labels import width_of, wrapped
from openrecp.reports.look import MUTED
from openrecp.texts import Language, Text, render

ROW: Final = 22.0
SAMPLE: Final = 30.0
"""Width of a sample [px]."""
_BETWEEN: Final = 18.0

Sample = Callable[[float, float], str]
"""Draws a sample from its left end, at the height of its middle."""


def key_rows(
    entries: Sequence[tuple[Sample, Text]], width: float, language: Language
) -> tuple[list[str], float]:
    """The entries from the origin downwards in rows of ``width``, and their height [px]."""
    parts: list[str] = []
    x, y = 0.0, 0.0
    for sample, meaning in entries:
        lines = wrapped(render(meaning, language), max(width - SAMPLE - 8, 60.0), SMALL, 2).split("\n")
        room = SAMPLE + 6 + max(width_of(line, SMALL) for line in lines)
        if x and x + room > width:
            x, y = 0.0, y + ROW
        parts.append(sample(x, y + ROW / 2))
        parts.append(words(lines, x + SAMPLE + 6, y + ROW / 2, colour=MUTED))
        x += room + _BETWEEN
        y += (len(lines) - 1) * LINE
    return parts, y + ROW if entries else 0.0
