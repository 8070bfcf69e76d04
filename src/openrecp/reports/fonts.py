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
    if covered.issuperset(map(ord, words)):
        return words
    return "".join(sign if ord(sign) in covered else _substitute(sign) for sign in words)


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
    """Code points that the vendored fonts can print; bold and regular cover the same."""
    latin, _, chinese, _ = font_files()
    return frozenset(range(0x80)) | mapped_characters(latin) | mapped_characters(chinese)


def mapped_characters(path: Path) -> frozenset[int]:
    """Code points of a TrueType font's Unicode cmap, of format 12 or else 4 (OpenType 1.9, cmap table)."""
    data = path.read_bytes()
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, start, _ = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag == b"cmap":
            break
    else:
        return frozenset()
    forms: dict[int, int] = {}
    for index in range(struct.unpack_from(">H", data, start + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * index)
        if platform in (0, 3):
            forms[struct.unpack_from(">H", data, start + offset)[0]] = start + offset
    # Format 12 holds all that format 4 holds, and the characters beyond 16 bits.
    if 12 in forms:
        return frozenset(_format_12(data, forms[12]))
    return frozenset(_format_4(data, forms[4])) if 4 in forms else frozenset()


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
