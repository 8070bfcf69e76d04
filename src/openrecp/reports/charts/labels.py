"""Labels that fit: line breaking by estimated width, and numbers in a readable scale."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from openrecp.figures import show_unit
from openrecp.reports.wording import printable
from openrecp.texts import Language, Text, format_number, format_significant, render, text

_LINE: Final = 15
# A line this long [characters] can spare one for the next.
_WIDOW: Final = 3
# What is left of an A4 page for rows [px], below caption and headings.
_PAGE: Final = 800
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}- /")
_WIDE = frozenset("mwMW@%&—")
_TOKEN = re.compile(r"\s+|[!-~À-ɏ]+-?|.", re.DOTALL)
_LATIN_WORD: Final = re.compile(r"[!-~]+")
_NO_LINE_START = frozenset("，。、；：！？）」』】》％,.;:!?)%")


def width_of(words: str, size: float = 12) -> float:
    """Estimated width [px] of words in the report's fonts, erring to the wide side."""
    return sum(_advance(sign) for sign in words) * size


def _advance(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return 0.31
    if sign in _WIDE or (sign.isupper() and sign.isascii()):
        return 0.68 if sign.isupper() and sign not in "MW" else 0.86
    return 0.53


def wrapped(words: str, width: float, size: float = 12, most: int = 4) -> str:
    """The words broken into at most ``most`` lines of ``width`` [px]; only beyond that they end in “…”.

    Chinese breaks between any two characters but not before closing punctuation; Latin words break
    at spaces, and inside a word only where the word alone is wider than the line.
    """
    lines = [""]
    for token in _TOKEN.findall(" ".join(words.split())):
        if width_of(lines[-1] + token, size) <= width or token in _NO_LINE_START:
            lines[-1] += token
        elif width_of(token, size) <= width:
            lines.append(token.lstrip())
        else:
            for sign in token:
                if width_of(lines[-1] + sign, size) > width:
                    lines.append("")
                lines[-1] += sign
    lines = [line.strip() for line in lines if line.strip()] or [""]
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and width_of(lines[-1] + "…", size) > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    return "\n".join(lines)


def balanced(words: str, width: float, size: float = 12, most: int = 4) -> str:
    r"""As :func:`wrapped`, with lines about equally long, so that none holds a single character.

    >>> balanced("符合法令", 40, 11)
    '符合\n法令'
    """
    best = wrapped(words, width, size, most)
    if best.endswith("…"):
        return best
    narrower = width
    while narrower > size:
        narrower -= size / 2
        tried = wrapped(words, narrower, size, most + 1)
        if lines_in(tried) > lines_in(best) or max(_breaks_words(tried, words)):
            break
        best = tried
    return _no_widow(best)


def _no_widow(lines: str) -> str:
    """The lines, a single last character joined by the one before it."""
    *others, before, last = ["", "", *lines.split("\n")]
    if len(last) != 1 or len(before) < _WIDOW or before.isascii() or last in _NO_LINE_START:
        return lines
    return "\n".join([*others[2:], before[:-1], before[-1] + last])


def _breaks_words(lines: str, words: str) -> tuple[bool, ...]:
    """For each Latin word, whether the lines have cut it."""
    whole = " ".join(lines.split("\n"))
    return (False, *(word not in whole for word in _LATIN_WORD.findall(words)))


def row_labels(names: list[str], widths: tuple[float, ...], least: float) -> tuple[list[str], float, float]:
    """Labels of rows wrapped so that all rows fit a page, the width they need, and the height of a row [px].

    Wider columns of ``widths`` are tried in turn; where even the widest is not enough, long labels lose lines.
    """
    count = max(len(names), 1)
    for width in widths:
        labels = [balanced(name, width) for name in names]
        band = max([least, *(lines_in(label) * _LINE + 8 for label in labels)])
        if band * count <= _PAGE:
            return labels, width, band
    band = max(_PAGE / count, _LINE)
    labels = [wrapped(name, widths[-1], most=max(int(band // _LINE), 1)) for name in names]
    return labels, widths[-1], band


def lines_in(words: str) -> int:
    """How many lines a wrapped label takes."""
    return words.count("\n") + 1


def scale_of(largest: float) -> tuple[float, Text]:
    """What amounts are divided by so that labels stay short, and the name of the scaled unit."""
    if abs(largest) >= 1e8:
        return 1e6, text("million {unit}")
    if abs(largest) >= 1e5:
        return 1e3, text("thousand {unit}")
    return 1.0, Text("{unit}")


def scaled_unit(name: Text, unit: str, language: Language) -> str:
    """The unit in its scale, such as “thousand TWD”."""
    return printable(render(Text(name.message, {"unit": show_unit(unit, language)}), language))


def short(value: float) -> str:
    """A number for a label: three significant digits at most, whole above a hundred.

    >>> short(42.0), short(0.1234), short(1234.5)
    ('42', '0.123', '1,234')
    """
    if abs(value) >= 100:
        return format_number(value, 0)
    return format_number(float(format_significant(value, 3)))
