"""Tables of many columns, cut into blocks that fit the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openrecp.cli.console import Console, shown_width
from openrecp.texts import Text, format_number

_MARGIN = 2
_GAP = 2


def money(amount: float) -> str:
    """An amount in whole units of its currency; nothing is a dash, so that what matters stands out."""
    shown = format_number(amount, 0)
    return "–" if shown == "0" else shown


def wide_table(
    console: Console, headers: Sequence[Text | str], rows: Sequence[Sequence[str]], lead: int
) -> None:
    """A table whose first ``lead`` columns are words, repeated before each block of the others.

    What is too wide for the page is continued below, never cut.
    """
    titles = [console.say(header) for header in headers]
    widths = [max(shown_width(row[column]) for row in (titles, *rows)) for column in range(len(titles))]
    room = console.width - _MARGIN - sum(widths[:lead]) - _GAP * (lead - 1)
    for number, block in enumerate(_blocks(widths[lead:], room)):
        if number:
            console.line()
        columns = [*range(lead), *(lead + each for each in block)]
        console.table(
            [titles[column] for column in columns],
            [[row[column] for column in columns] for row in rows],
            right=range(lead, len(columns)),
            whole=True,
        )


def _blocks(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """Columns that fit side by side; one that fits nowhere stands alone."""
    block: list[int] = []
    left = room
    for column, width in enumerate(widths):
        if block and width + _GAP > left:
            yield block
            block, left = [], room
        block.append(column)
        left -= width + _GAP
    if block:
        yield block
