"""The adviser's logo: what kind of picture it is, and a clear refusal where it is none."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Literal

from openrecp.errors import UnusableInput, problem
from openrecp.reports.charts.drawing import svg_png


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that every writer can place."""

    kind: Literal["png", "jpg", "svg"]
    data: bytes

    def raster(self) -> Logo:
        """The logo as PNG or JPEG, for programs that do not draw SVG."""
        if self.kind != "svg":
            return self
        return Logo("png", svg_png(self.data.decode("utf-8"), zoom=4))


def read_logo(data: bytes | None) -> Logo | None:
    """The logo, or None where none is given.

    Raises
    ------
    UnusableInput
        If the data are no whole PNG, JPEG or SVG.
    """
    if not data:
        return None
    if data.startswith(b"\x89PNG\r\n\x1a\n") and _whole_png(data):
        return Logo("png", data)
    if data.startswith(b"\xff\xd8\xff") and data.rstrip(b"\x00").endswith(b"\xff\xd9"):
        return Logo("jpg", data)
    if b"<svg" in data[:4096] and _drawable_svg(data):
        return Logo("svg", data)
    raise UnusableInput(
        problem(
            "logo-unreadable",
            "The logo is not a whole PNG, JPEG or SVG picture; save it again in one of these formats.",
        )
    )


def _whole_png(data: bytes) -> bool:
    """Whether every chunk is there and unharmed (PNG specification, clause 5.3)."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + length]
        check = data[at + 8 + length : at + 12 + length]
        if check != struct.pack(">I", zlib.crc32(body)):
            return False
        if body[:4] == b"IEND":
            return True
        at += 12 + length
    return False


def _drawable_svg(data: bytes) -> bool:
    try:
        svg_png(data.decode("utf-8"), zoom=0.1)
    except (ValueError, UnicodeDecodeError):
        return False
    return True
