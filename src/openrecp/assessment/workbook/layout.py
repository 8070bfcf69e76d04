"""What the writer puts on a sheet and the reader looks for: names, labels and markers.

Sheets are named ``number title`` in the workbook's language. Column A is hidden and holds, on the title row of a
block, ``#block:collection``, and the permanent ids: beside each record of a table of rows, on an ``#id`` row above
the records of a table of columns, beside the single record of a form. A person may move, add and reorder rows and
columns; everything is found again by its label, in either language.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from openrecp.assessment.spec import Kind, RecordField, Worksheet
from openrecp.texts import Language, render, text

BLOCK_MARK: Final = "#block:"
ID_MARK: Final = "#id"
DERIVED_MARK: Final = "#derived:"
"""Marks cells below which only calculated things stand; the reader passes over them until the next block."""

SHEET_NAME_LIMIT: Final = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

PROPERTY_FORMAT: Final = "openrecp-template"
PROPERTY_VERSION: Final = "openrecp-version"
PROPERTY_ASSESSMENT: Final = "openrecp-assessment-id"
PROPERTY_SIMPLIFIED: Final = "openrecp-simplified"
"""Custom document properties that a workbook carries."""


def sheet_name(worksheet: Worksheet, language: Language) -> str:
    """The tab of a worksheet: its number and as much of its title as Excel allows."""
    name = f"{worksheet.number} {render(worksheet.title, language)}"
    return _FORBIDDEN.sub(" ", name)[:SHEET_NAME_LIMIT].strip()


def value_label(field: RecordField, language: Language) -> str:
    """The heading over (or beside) a field's value; a fixed unit stands in brackets."""
    label = render(field.spec.label, language)
    return f"{label} [{field.spec.units[0]}]" if field.spec.units and not has_unit_cell(field) else label


def has_unit_cell(field: RecordField) -> bool:
    """Whether the unit is chosen in a cell of its own (more than one unit is usual, or it is a price)."""
    return field.kind is Kind.PRICE or (field.kind is Kind.QUANTITY and len(field.spec.units) > 1)


def unit_label(field: RecordField, language: Language) -> str:
    """The heading over (or beside) the cell that holds a field's unit."""
    label = render(field.spec.label, language)
    if field.kind is Kind.PRICE:
        return render(text("{label}: per", label=label), language)
    return render(text("{label}: unit", label=label), language)


def label_key(words: str) -> str:
    """What two labels have in common when people would call them the same.

    Width, case, spaces, punctuation and a bracketed unit do not count.

    >>> label_key("Ｄｅｎｓｉｔｙ  [kg/L]") == label_key("density")
    True
    """
    plain = unicodedata.normalize("NFKC", words).casefold()
    plain = re.sub(r"[\[(（【].*?[\])）】]", "", plain)
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN" or c in "%#")
