"""Widths of columns on paper: every column holds its longest word, whatever share it was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from openrecp.reports.charts.labels import width_of
from openrecp.reports.pages import SetColumn, SetRow

_TEXT_WIDTH: Final = 459.0
"""Between the margins of the page [pt]."""
_LATIN_WORD: Final = re.compile(r"[!-~À-ɏ]+?(?:-|$|(?=[^!-~À-ɏ]))")
_BROADEST: Final = 0.4
_MARK: Final = 12.0


def fitted(columns: tuple[SetColumn, ...], rows: Sequence[SetRow]) -> tuple[SetColumn, ...]:
    """The columns, wider where a word of the header, a number or a date would not fit, at the cost of the others."""
    needs = [min(_need(columns, rows, index), _BROADEST * _TEXT_WIDTH) for index in range(len(columns))]
    widths = _shared([column.share for column in columns], [0.0] * len(columns))
    if all(width >= need for width, need in zip(widths, needs, strict=True)):
        return columns
    widths = _shared([column.share for column in columns], needs)
    return tuple(
        replace(column, share=round(width / _TEXT_WIDTH * len(columns), 3))
        for column, width in zip(columns, widths, strict=True)
    )


def _shared(shares: Sequence[float], needs: Sequence[float]) -> list[float]:
    """Widths [pt] by shares, none below its need as long as there is room for all."""
    if sum(needs) >= _TEXT_WIDTH:
        return [need / sum(needs) * _TEXT_WIDTH for need in needs]
    held: set[int] = set()
    while True:
        room = _TEXT_WIDTH - sum(needs[index] for index in held)
        whole = sum(share for index, share in enumerate(shares) if index not in held) or 1.0
        widths = [
            needs[index] if index in held else room * share / whole for index, share in enumerate(shares)
        ]
        short = {index for index, width in enumerate(widths) if width < needs[index] - 1e-9}
        if not short:
            return widths
        held |= short


def _need(columns: Sequence[SetColumn], rows: Sequence[SetRow], index: int) -> float:
    """Width [pt] of the longest piece of a column that cannot be broken, with the cell's own margins."""
    column, count = columns[index], len(columns)
    # As in the style of printed tables: the more columns, the smaller.
    size, margins = (7.0, 6.0) if count > 10 else (8.0, 6.0) if count > 7 else (9.0, 10.0)
    widest = max([width_of(word, size) for word in _words(column.header)], default=0.0)
    cells = [row.cells[index] for row in rows if row.kind != "group"]
    marked = _MARK if any(cell.mark for cell in cells) else 0.0
    # Numbers and dates are not broken; words are.
    whole = [width_of(cell.words, size) + marked for cell in cells if cell.value is not None]
    return max([widest, *whole]) + margins


def _words(header: str) -> Iterable[str]:
    """Pieces of a header that stay in one line: Latin words, cut after hyphens."""
    return (found for found in _LATIN_WORD.findall(header) if found)
