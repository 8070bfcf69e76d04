"""Small text files as offices keep them: UTF-8 with or without mark, UTF-16, or Big5."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from openrecp.assessment.workbook.guard import read_bytes
from openrecp.errors import UnusableInput, Where, problem

LARGEST: Final = 1_000_000  # bytes; cases and matrices are a few kilobytes


def read_text_file(path: Path) -> str:
    """The words of a text file.

    Raises
    ------
    UnusableInput
        If there is no such file, it is too large, or it is not text.
    """
    return decoded(read_bytes(path, LARGEST), path.name)


def decoded(content: bytes, file: str) -> str:
    r"""The words of a text in whichever of the usual encodings it was saved.

    Raises
    ------
    UnusableInput
        If it is not text.

    >>> decoded("評等準則".encode("big5"), "a.csv"), decoded(b"\xef\xbb\xbfX", "b.csv")
    ('評等準則', 'X')
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp950"]
    for encoding in encodings:
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Control characters stand in no table or YAML file, but in every other kind of file.
        if not any(ord(char) < 32 and char not in "\t\r\n\f" for char in words):
            return words
    raise UnusableInput(
        problem(
            "not-text",
            "{file} is not a text file in UTF-8 or Big5. Save it again as “CSV UTF-8” or plain text.",
            where=Where(file=file),
            file=file,
        )
    )
