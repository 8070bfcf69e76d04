"""Which characters the vendored fonts can print, read from the fonts themselves."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from openrecp.reports.look import font_files

_NO_GLYPH: Final = "□"
# Joiners and variation selectors only steer emoji; without the emoji they mean nothing.
_IGNORED: Final = frozenset({0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
_LAYOUT: Final = frozenset({0x09, 0x0A, 0x200B})


def drawable(words: str) -> str:
    """The words with every character that no vendored font has replaced by 「□」.

    PDF and pictures carry their fonts with them; a character without glyph would print as nothing
    at all, or make a PDF that readers for the blind refuse.
    """
    if words.isascii():
        return words
    covered = covered_characters()
    return "".join(sign if ord(sign) < 0x80 or ord(sign) in covered else _substitute(sign) for sign in words)


def _substitute(sign: str) -> str:
    if ord(sign) in _LAYOUT:
        return sign
    if ord(sign) in _IGNORED or unicodedata.category(sign) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and all(ord(each) in covered_characters() for each in plain):
        return plain
    return _NO_GLYPH


@lru_cache(maxsize=1)
def covered_characters() -> frozenset[int]:
    """Code points that the regular pair of fonts and the bold pair can both print."""
    latin, latin_bold, chinese, chinese_bold = (frozenset(_mapped(path)) for path in font_files())
    return (latin | chinese) & (latin_bold | chinese_bold)


def _mapped(path: Path) -> Iterator[int]:
    """Code points of a TrueType font's Unicode cmap, formats 4 and 12 (OpenType 1.9, cmap table)."""
    data = path.read_bytes()
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, start, _ = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag == b"cmap":
            break
    else:
        return
    for index in range(struct.unpack_from(">H", data, start + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * index)
        form = struct.unpack_from(">H", data, start + offset)[0]
        if platform in (0, 3) and form == 12:
            yield from _format_12(data, start + offset)
        elif platform in (0, 3) and form == 4:
            yield from _format_4(data, start + offset)


def _format_12(data: bytes, at: int) -> Iterator[int]:
    for index in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * index)
        yield from range(first + (1 if glyph == 0 else 0), last + 1)


def _format_4(data: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    for index in range(count):
        for code in range(starts[index], min(ends[index], 0xFFFE) + 1):
            if offsets[index]:
                place = offsets_at + 2 * index + offsets[index] + 2 * (code - starts[index])
                if struct.unpack_from(">H", data, place)[0]:
                    yield code
            elif (code + deltas[index]) & 0xFFFF:
                yield code
