"""What the writer puts on a sheet and the reader looks for: names, labels and markers.

Sheets are named ``number title`` in the workbook's language. A person may move, add and reorder rows and
columns; everything is found again by its label, in either language. Column A is hidden and holds marks and
permanent ids:

``#block:collection``
    On the title row of a block. What stands above the first block of a sheet is passed over.
``#id``
    Beside the heading row of a table of rows (the ids of its records follow below it in column A), or beside
    the row that holds the ids of a table of columns (the ids stand above the records, in that row). The id of
    a form stands beside its first field.
``#section``, ``#calculated``
    The row holds a heading, or only calculated cells; the reader passes over it.
``#subjects``
    In a matrix, the row with the numbers of what is rated, each above its column of ratings (R); the column
    to the right of it is R×W. Below follow calculated rows, the row of headings, and the criteria with their
    ids.
``#derived:name``
    From here to the next block only calculated or explaining cells stand; the reader passes over them.

Labels of required fields end in an asterisk, labels of money in its currency in brackets; :func:`label_key`
drops both. A label that begins with :data:`CALCULATED_SIGN`, and a heading that is a number (a month of the
plan), belongs to calculated cells. In tables of columns and forms the unit of a field stands in a row of its
own.

Ratings without a place in the matrix (unknown or repeated criterion, no subject, no value, the same pair
again) stand below it as an ordinary table of rows with the mark ``#block:`` and the name of the ratings'
collection.

The very hidden sheet :data:`DATA_SHEET` keeps what needs no eyes, one entry a row, five cells of text (what,
collection, id, criterion id, subject):

``assessment``, ``version``, ``language``, ``simplified``
    With the value in the third cell (``true`` or ``false`` for the last).
``form``
    The id of each form of the document, shown or not.
``rating``
    Every rating in the order of the document, with the id of its criterion's row and its subject as they
    stand in the matrix; both empty for a rating that stands in a table of its own.
``prefilled``
    The id of a record that the template filled in part (a standard criterion, a document of the checklist).
    While nothing else is filled, it is not a record: a criterion without weight and ratings, a document with
    only its kind.

The very hidden sheet :data:`LISTS_SHEET` holds the lists behind drop-downs; nobody reads it back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from openrecp.assessment.spec import Kind, RecordField, Worksheet
from openrecp.assessment.worksheets.options import OPTION_CRITERIA
from openrecp.assessment.worksheets.streams import STREAM_CRITERIA
from openrecp.figures import show_unit
from openrecp.texts import Language, Text, render, text

BLOCK_MARK: Final = "#block:"
ID_MARK: Final = "#id"
DERIVED_MARK: Final = "#derived:"
"""Marks cells below which only calculated things stand; the reader passes over them until the next block."""
SECTION_MARK: Final = "#section"
CALCULATED_MARK: Final = "#calculated"
SUBJECTS_MARK: Final = "#subjects"
CALCULATED_SIGN: Final = "ƒ"
"""Begins the label of a calculated row or column."""
HELP_SIGN: Final = "←"
"""Begins an explanation to the right of a form's field; the reader passes over it."""
REQUIRED_SIGN: Final = "*"
ITEM_SEPARATOR: Final = "; "
"""Between several choices or several numbers in one cell."""

DATA_SHEET: Final = "openrecp"
LISTS_SHEET: Final = "openrecp-lists"

SHEET_NAME_LIMIT: Final = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

PROPERTY_FORMAT: Final = "openrecp-template"
PROPERTY_VERSION: Final = "openrecp-version"
PROPERTY_ASSESSMENT: Final = "openrecp-assessment-id"
PROPERTY_SIMPLIFIED: Final = "openrecp-simplified"
"""Custom document properties that a workbook carries: the document's format (text) and version (number), the
assessment's id (text), and whether it shows the simplified set (yes or no)."""

STANDARD_CRITERIA: Final[Mapping[str, Mapping[str, Text]]] = {
    "stream_criteria": STREAM_CRITERIA,
    "option_criteria": OPTION_CRITERIA,
}
"""For each matrix, the criteria known by their number; their label is shown where the record has no name."""


def sheet_name(worksheet: Worksheet, language: Language) -> str:
    """The tab of a worksheet: its number and as much of its title as Excel allows."""
    name = f"{worksheet.number} {render(worksheet.title, language)}"
    return _FORBIDDEN.sub(" ", name)[:SHEET_NAME_LIMIT].strip()


def value_label(field: RecordField, language: Language) -> str:
    """The heading over (or beside) a field's value; a fixed unit stands in brackets."""
    label = render(field.spec.label, language)
    if not field.spec.units or has_unit_cell(field):
        return label
    return f"{label} [{show_unit(field.spec.units[0], language)}]"


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
