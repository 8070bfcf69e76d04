"""Where words may stand: rectangles already taken, found quickly in squares of the canvas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openrecp.reports.charts.flows.arranging import Rect

_SQUARE: Final = 48.0


class Spots:
    """Rectangles by the squares they touch, each with the name of what it belongs to."""

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[tuple[Rect, str]]] = {}

    def take(self, rect: Rect, name: str = "") -> None:
        """Note that a rectangle is taken."""
        for square in _squares(rect):
            self._squares.setdefault(square, []).append((rect, name))

    def over(self, rect: Rect) -> set[str]:
        """Names of everything that the rectangle would lie over."""
        return {
            name
            for square in _squares(rect)
            for other, name in self._squares.get(square, ())
            if rect.x < other.right
            and other.x < rect.right
            and rect.y < other.bottom
            and other.y < rect.bottom
        }


def _squares(rect: Rect) -> Iterator[tuple[int, int]]:
    for column in range(int(rect.x // _SQUARE), int(rect.right // _SQUARE) + 1):
        for row in range(int(rect.y // _SQUARE), int(rect.bottom // _SQUARE) + 1):
            yield column, row
