"""Words at streams: each where it covers least, the largest stream first, never one over another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from openrecp.reports.charts.flows.arranging import Leg, Loop, Part, Rect
from openrecp.reports.charts.flows.spots import Spots
from openrecp.reports.charts.flows.svg import LINE
from openrecp.reports.charts.flows.tracks import Arc, Piece
from openrecp.reports.charts.frame import SMALL
from openrecp.reports.charts.labels import width_of

_AIR: Final = 2.0
_STEP: Final = 26.0
_BEYOND: Final = 44.0
"""How far words may stand above and below the drawing [px]."""


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of words and the rectangle they fill."""

    key: str
    lines: tuple[str, ...]
    rect: Rect
    inside: bool = False


def block_size(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of lines of small words [px]."""
    return max(width_of(line, SMALL) + _broad_signs(line) for line in lines) + 2, len(lines) * LINE


def _broad_signs(line: str) -> float:
    """What ± and the like need more beside Chinese, where they come as wide as a Chinese character [px]."""
    if line.isascii() or not any(unicodedata.east_asian_width(sign) in "WF" for sign in line):
        return 0.0
    return 0.47 * SMALL * sum(unicodedata.east_asian_width(sign) == "A" for sign in line)


def places_along(way: Sequence[Part], width: float, size: tuple[float, float]) -> Iterator[tuple[Rect, bool]]:
    """Rectangles for words along a way: on its straight pieces, inside it (True) if it is wide enough, else above or below."""
    for rect in _swing_places(way, width, size):
        yield rect, True
    for x1, x2, y in _level_stretches(way):
        centres = [(x1 + x2) / 2]
        reach = (x2 - x1 - size[0]) / 2
        shift = _STEP
        while shift < reach:
            centres += [centres[0] - shift, centres[0] + shift]
            shift += _STEP
        within = width >= size[1] + 2
        if x2 - x1 < 8:
            continue
        heights = [y + width / 2 + _AIR, y - width / 2 - size[1] - _AIR]
        for centre in centres:
            if within and size[0] <= x2 - x1:
                yield Rect(centre - size[0] / 2, y - size[1] / 2, *size), True
            for top in heights:
                yield Rect(centre - size[0] / 2, top, *size), False


def _swing_places(way: Sequence[Part], width: float, size: tuple[float, float]) -> Iterator[Rect]:
    """The middle of a swing, where the ribbon is so wide that words have room in it."""
    for part in way:
        if isinstance(part, Leg):
            slope = abs(part.y2 - part.y1) / max(part.b - part.a, 1.0)
            if size[1] + slope * size[0] <= width and size[0] <= part.x2 - part.x1:
                x, y = (part.x1 + part.x2) / 2, (part.y1 + part.y2) / 2
                yield Rect(x - size[0] / 2, y - size[1] / 2, *size)


def _level_stretches(way: Sequence[Part]) -> list[tuple[float, float, float]]:
    """Level pieces of a way: lanes of loops, legs that hardly rise, what lies between legs, the ends."""
    found: list[tuple[float, float, float]] = []
    for part in way:
        if isinstance(part, Loop):
            found.append((part.back, part.out, part.lane))
        elif abs(part.y2 - part.y1) < 3:
            found.append((part.x1, part.x2, part.y1))
    for one, other in pairwise(way):
        if isinstance(one, Leg) and isinstance(other, Leg) and other.a - one.b > _STEP:
            found.append((one.b, other.a, one.y2))
    for part in way:
        if isinstance(part, Leg) and abs(part.y2 - part.y1) >= 3:
            middle = (part.a + part.b) / 2
            found.append((part.x1, middle, part.y1))
            found.append((middle, part.x2, part.y2))
    return found


def cover_track(spots: Spots, track: Sequence[Piece], half: float, name: str) -> None:
    """Note the band along a way as taken, in rectangles that follow it."""
    for piece in track:
        steps = 4 if isinstance(piece, Arc) else max(1, int(abs(piece.y2 - piece.y1) // 20) + 1)
        for at in range(steps):
            x1 = piece.x1 + (piece.x2 - piece.x1) * at / steps
            x2 = piece.x1 + (piece.x2 - piece.x1) * (at + 1) / steps
            y1 = piece.y1 + (piece.y2 - piece.y1) * at / steps
            y2 = piece.y1 + (piece.y2 - piece.y1) * (at + 1) / steps
            spots.take(
                Rect(min(x1, x2) - 1, min(y1, y2) - half, abs(x2 - x1) + 2, abs(y2 - y1) + 2 * half), name
            )


class Labeller:
    """Places labels one after the other; what is placed or solid is never written over."""

    def __init__(self, bounds: Rect) -> None:
        self.bounds = Rect(bounds.x, bounds.y - _BEYOND, bounds.width, bounds.height + 2 * _BEYOND)
        self.solid = Spots()
        self.streams = Spots()
        self.placed: list[Label] = []

    def put(self, label: Label) -> None:
        """Place a label where it has been decided to stand."""
        self.solid.take(label.rect)
        self.placed.append(label)

    def place(self, key: str, choices: Sequence[Sequence[str]], way: Sequence[Part], width: float) -> None:
        """Place the first of the choices that covers no other stream, or else the shortest where it covers one."""
        if not any(self._try(key, lines, (way, width), {key}, 0) for lines in choices):
            self._try(key, choices[-1], (way, width), {key}, 1)

    def place_clear(
        self, key: str, choices: Sequence[Sequence[str]], way: Sequence[Part], width: float
    ) -> None:
        """Place the first of the choices that covers no stream at all, its own neither."""
        any(self._try(key, lines, (way, width), set(), 0) for lines in choices)

    def _try(
        self, key: str, lines: Sequence[str], along: tuple[Sequence[Part], float], spared: set[str], most: int
    ) -> bool:
        for rect, within in places_along(*along, block_size(lines)):
            if (
                self._inside(rect)
                and not self.solid.over(rect)
                and len(self.streams.over(rect) - spared) <= most
            ):
                self.put(Label(key, tuple(lines), rect, within))
                return True
        return False

    def place_on(self, key: str, word: str, size: tuple[float, float], way: Sequence[Part]) -> bool:
        """Place a short word on the line itself, where it covers hardly any other stream."""
        best: tuple[float, Rect] | None = None
        for order, (x1, x2, y) in enumerate(_level_stretches(way)):
            if x2 - x1 < size[0] + 8:
                continue
            for share in (0.5, 0.3, 0.7, 0.15, 0.85):
                rect = Rect(x1 + 2 + (x2 - x1 - 4 - size[0]) * share, y - size[1] / 2, *size)
                if self._inside(rect) and not self.solid.over(rect):
                    cost = len(self.streams.over(rect) - {key}) * 100 + order * 5 + abs(share - 0.5)
                    if best is None or cost < best[0]:
                        best = cost, rect
        if best is None:
            return False
        self.put(Label(key, (word,), best[1], inside=True))
        return True

    def _inside(self, rect: Rect) -> bool:
        bounds = self.bounds
        return (
            rect.x >= bounds.x
            and rect.y >= bounds.y
            and rect.right <= bounds.right
            and rect.bottom <= bounds.bottom
        )
