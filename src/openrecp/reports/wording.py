"""Words as they are printed: rendered in the report's language and free of what files refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import isfinite
from typing import Any

from openrecp.figures import Figure, show
from openrecp.texts import Language, Text, render

# XML 1.0 has no place for these, and one of them in a cell would lose the whole document.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

Resolve = Callable[[object], object]


def printable(words: str) -> str:
    r"""The words without control characters, line ends as ``\n`` and tabs as spaces.

    >>> printable("a\x0bb\r\nc")
    'a b\nc'
    """
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNPRINTABLE.sub(" ", words)


def speak(item: object, language: Language, resolve: Resolve | None = None) -> str:
    """The words for anything a block may hold, figures inside a text included.

    ``resolve`` turns what only the report knows (references) into words or texts.
    """
    return printable(render(_spoken(item, language, resolve), language))


def settled(figure: Figure) -> Figure:
    """The figure itself, or one without value where its value is no finite number."""
    if figure.value is None or isfinite(figure.value):
        return figure
    return replace(figure, value=None)


def _spoken(item: object, language: Language, resolve: Resolve | None) -> Any:
    if resolve is not None:
        item = resolve(item)
    if isinstance(item, Figure):
        figure = settled(item)
        shown = show(figure, language)
        # A number and its unit stay on one line.
        return shown if figure.value is None else shown.replace(" ", "\u00a0")
    if isinstance(item, Text) and item.values:
        values = {key: _spoken(value, language, resolve) for key, value in item.values.items()}
        return Text(item.message, values)
    return item
