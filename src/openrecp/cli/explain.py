"""Figures opened: the formula of each, its inputs, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from openrecp.cli.console import Console
from openrecp.errors import Where
from openrecp.figures import Figure, show
from openrecp.texts import Text, text


def _as_is(where: Where) -> Where:
    return where


def explain_figures(
    figures: Iterable[Figure],
    console: Console,
    locate: Callable[[Where], Where] = _as_is,
    opened: set[int] | None = None,
    *,
    with_file: bool = False,
) -> None:
    """Open every figure, its inputs indented below it; what was opened before is only named again.

    Parameters
    ----------
    figures : iterable of Figure
    console : Console
    locate : callable
        From a place in the document to the sheet and cell where it stands, if that is known.
    opened : set of int, optional
        Identities of the figures opened so far, where several calls explain one set of results.
    with_file : bool
        Whether sources name their file, since the figures come from several.
    """
    known = set[int]() if opened is None else opened

    def placed(where: Where) -> Where:
        found = locate(where)
        # The name of the one file on every line would say nothing.
        known_place = found.cell is not None or found.line is not None
        return replace(found, file=None) if known_place and not with_file else found

    for figure in figures:
        console.line()
        _open(figure, 0, known, console, placed)


def _open(
    figure: Figure, level: int, opened: set[int], console: Console, locate: Callable[[Where], Where]
) -> None:
    digits = 2 if figure.unit == "%" else None
    shown = show(figure, console.language, digits)
    words = ["  " * level + console.say(text("{name}: {value}", name=figure.name, value=shown))]
    if figure.inputs and id(figure) in opened:
        console.line(f"  {'  '.join((*words, console.say(text('(opened above)'))))}")
        return
    opened.add(id(figure))
    if figure.formula is not None:
        words.append(f"= {console.say(figure.formula)}")
    if figure.source is not None:
        words.append(f"[{_source(figure.source, console, locate)}]")
    console.line(f"  {'  '.join(words)}")
    for part in figure.inputs:
        _open(part, level + 1, opened, console, locate)


def _source(source: Where | Text, console: Console, locate: Callable[[Where], Where]) -> str:
    return console.say(source) if isinstance(source, Text) else console.place(locate(source))
