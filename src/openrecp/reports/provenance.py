"""Tables that open figures up: what each was made from, down to what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openrecp.errors import Where
from openrecp.figures import Figure, show
from openrecp.reports.blocks import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    KeyFigures,
    Paragraph,
    Picture,
    Report,
    Row,
    Table,
    Words,
    group,
    row,
)
from openrecp.reports.places import place_words
from openrecp.reports.wording import settled, speak
from openrecp.texts import Language, Text, text


def figure_table(
    title: Words,
    figures: Iterable[Figure],
    language: Language,
    key: str = "",
    groups: Iterable[tuple[Words, Iterable[Figure]]] = (),
) -> Table:
    """A table of figures and all they were made from, each once: value, basis, formula, source.

    Parameters
    ----------
    title : Words
        Its caption.
    figures : iterable of Figure
        Where to begin; their inputs follow them.
    language : Language
        Decides how values with different units are shown in one column.
    key : str
        As of any table.
    groups : iterable of (Words, iterable of Figure)
        Further figures, each group below a heading of its own.
    """
    columns = (
        Column(text("Figure"), share=2.4),
        Column(text("Value"), align="right", share=1.3),
        Column(text("Basis"), share=1.3),
        Column(text("Formula"), share=2.5),
        Column(text("Source"), share=2.5),
    )
    rows = [_row(figure, language) for figure in each_once(figures)]
    for heading, members in groups:
        rows += [group(heading), *(_row(figure, language) for figure in each_once(members))]
    return Table(title, columns, tuple(rows), key)


def each_once(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The figures and their inputs, parents first, equal ones once.

    Sharing is followed by identity: a result that is used many times is walked only once.
    """
    seen: set[int] = set()
    shown: set[tuple[str, str, str, str, str]] = set()
    stack = list(reversed(list(figures)))
    while stack:
        figure = stack.pop()
        if id(figure) in seen:
            continue
        seen.add(id(figure))
        stack.extend(reversed(figure.inputs))
        face = (
            str(figure.name),
            "" if figure.value is None else repr(float(figure.value)),
            figure.unit,
            str(figure.formula),
            str(figure.source),
        )
        if face not in shown:
            shown.add(face)
            yield figure


def source_words(figure: Figure, language: Language) -> str:
    """Where a figure comes from, in words; empty where nothing is said."""
    if isinstance(figure.source, Where):
        return speak(place_words(figure.source), language)
    return speak(figure.source, language)


def _row(figure: Figure, language: Language) -> Row:
    formula: Cell = figure.formula
    return row(
        Text("{name}", {"name": figure.name}),
        show(settled(figure), language),
        figure.basis,
        formula,
        source_words(figure, language) or None,
    )


def figures_of(report: Report) -> Iterator[Figure]:
    """Every figure that stands anywhere in a report, in reading order, those inside sentences too."""
    for section in (*report.sections, *report.appendices):
        for block in section.blocks:
            yield from _in_block(block)


def _in_block(block: Block) -> Iterator[Figure]:
    for content in _contents(block):
        if isinstance(content, (Paragraph, Bullets, Table)):
            yield from _in_block(content)
        else:
            yield from _in_content(content)


def _contents(block: Block) -> Iterable[object]:
    """What stands in a block, one level down."""
    match block:
        case Paragraph():
            return [each.content for each in block.runs]
        case Bullets():
            return block.items
        case Callout():
            return block.blocks
        case KeyFigures():
            return [content for card in block.cards for content in (card.figure, card.note)]
        case Table():
            return [cell for line in block.rows for cell in line.cells]
        case Picture():
            return [block.title, block.data]
        case _:
            return ()


def _in_content(content: object) -> Iterator[Figure]:
    if isinstance(content, Figure):
        yield content
    elif isinstance(content, Text):
        for value in content.values.values():
            yield from _in_content(value)
