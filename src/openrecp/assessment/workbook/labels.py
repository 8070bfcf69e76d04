"""Which worksheet, block or field some words on a sheet name, in either language."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from openrecp.assessment.spec import Block, Layout, Record, RecordField, Worksheet, record_fields
from openrecp.assessment.workbook.layout import (
    SHEET_NAME_LIMIT,
    has_unit_cell,
    label_key,
    sheet_name,
    unit_label,
    value_label,
)
from openrecp.assessment.worksheets.registry import COVER, FULL, SIMPLIFIED
from openrecp.assessment.worksheets.streams import Rating
from openrecp.texts import LANGUAGES, Text, render, text

WORKSHEETS: Final[tuple[Worksheet, ...]] = (COVER, *FULL, *SIMPLIFIED)

UNIT_WORDS: Final = frozenset({"unit", "units", "單位", "per", "每"})
"""Headings of a unit cell that leave out the field: it belongs to the field before it."""
TOTAL_WORDS: Final = frozenset(
    {"total", "totals", "subtotal", "sum", "grandtotal", "合計", "小計", "總計", "總和", "共計", "總額"}
)

_FOOTERS: Final = (text("Σ R×W"), text("Rank"))
FOOTER_WORDS: Final = TOTAL_WORDS | {
    label_key(render(word, language)) for word in _FOOTERS for language in LANGUAGES
}
"""First words of the calculated rows below a matrix."""

_LONGEST_LABEL: Final = 120
_BRACKETED = re.compile(r"\[([^\]]*)\]|\(([^)]*)\)|（([^）]*)）|【([^】]*)】")


@dataclass(frozen=True, slots=True)
class Slot:
    """The field a heading names, and whether its value or its unit stands there."""

    field: RecordField
    is_unit: bool


@cache
def slots(record: type[Record]) -> dict[str, Slot]:
    """Key of each heading of a record, in both languages, and what it names."""
    found: dict[str, Slot] = {}
    for field in record_fields(record):
        for language in LANGUAGES:
            found.setdefault(label_key(value_label(field, language)), Slot(field, is_unit=False))
            if has_unit_cell(field):
                found.setdefault(label_key(unit_label(field, language)), Slot(field, is_unit=True))
    return found


def bracketed(words: str) -> str:
    """What stands in brackets at the end of some words, or the last brackets in them.

    >>> bracketed("Generation [t/month]"), bracketed("產生量（公噸/月）"), bracketed("Amount")
    ('t/month', '公噸/月', '')
    """
    found = _BRACKETED.findall(words)
    return next((part.strip() for part in found[-1] if part), "") if found else ""


def heading_unit(heading: str, field: RecordField) -> str:
    """The unit a heading says in brackets, unless the brackets belong to the label: “Weight (W)” is no power."""
    unit = bracketed(heading)
    own = {bracketed(render(field.spec.label, language)) for language in LANGUAGES}
    return "" if unit in own else unit


def nearest_label(heading: str, record: type[Record]) -> Text | None:
    """The label most like an unknown heading; None where none is near."""
    known = slots(record)
    near = difflib.get_close_matches(label_key(heading[:_LONGEST_LABEL]), known, n=1, cutoff=0.75)
    return known[near[0]].field.spec.label if near else None


@cache
def ratings_blocks() -> dict[str, Block]:
    """For ratings that stand in a table of their own, the block that reads them."""
    return {
        block.ratings: Block(block.ratings, Rating, Layout.ROWS, text("Rating (R)"))
        for sheet in WORKSHEETS
        for block in sheet.blocks
        if block.ratings
    }


def worksheets_named(name: str) -> tuple[Worksheet, ...]:
    """The worksheets that a tab or a title may mean: by number and title, by title, or by number.

    >>> [sheet.number for sheet in worksheets_named("8 Waste stream characterization")]
    ['8']
    >>> [sheet.number for sheet in worksheets_named("site description")]
    ['3', 'S1']
    >>> [sheet.number for sheet in (*worksheets_named("S5"), *worksheets_named("Sheet1"))]
    ['S5']
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    numbered = re.match(r"(?:worksheet|表)?\s*(s?\s?[0-9]{1,2})(?![0-9%])", plain, re.IGNORECASE)
    number = re.sub(r"\s", "", numbered[1]).upper() if numbered else ""
    key = label_key(plain[numbered.end() :] if numbered else plain)
    titled = [sheet for sheet in WORKSHEETS if key and _is_title(key, sheet)]
    exact = [sheet for sheet in titled if sheet.number == number]
    if exact or titled:
        return tuple(exact or titled)
    return tuple(sheet for sheet in WORKSHEETS if sheet.number == number)


def _is_title(key: str, sheet: Worksheet) -> bool:
    titles = [label_key(render(sheet.title, language)) for language in LANGUAGES]
    cut = [label_key(sheet_name(sheet, language).partition(" ")[2]) for language in LANGUAGES]
    # Copies are named “… (2)”, whose brackets the key drops; long titles are cut to what a tab holds.
    return (
        key in titles
        or key in cut
        or any(len(key) > SHEET_NAME_LIMIT // 2 and t.startswith(key) for t in titles)
    )


def _explanations() -> Iterator[Text | None]:
    for sheet in WORKSHEETS:
        yield sheet.title
        yield sheet.purpose
        for block in sheet.blocks:
            yield block.title
            yield block.note
            for field in record_fields(block.record):
                yield field.spec.help
                yield field.spec.section


@cache
def explanations() -> frozenset[str]:
    """Keys of the titles, notes, helps and section headings that a workbook shows beside its cells."""
    return frozenset(
        label_key(render(part, language))
        for part in _explanations()
        if part is not None
        for language in LANGUAGES
    )
