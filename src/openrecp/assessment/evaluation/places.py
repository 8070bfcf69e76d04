"""Where a record or a field stands in the assessment document, as findings and figures name it.

A place reads ``waste_streams[W1].density``: the collection, the record's number, the field. A record without
a number, or with one that another record bears too or that begins with #, is named by its position, from 1:
``capital_costs[#3].amount``. A form has no brackets: ``financial_terms.discount_rate``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, TypeVar

from openrecp.assessment.document import COLLECTIONS, Assessment
from openrecp.assessment.spec import Record
from openrecp.errors import Where

_PATH: Final = re.compile(r"(?P<collection>\w+)(?:\[(?P<key>.+)\])?(?:\.(?P<field>\w+))?")


_R = TypeVar("_R", bound=Record)


def keyed(records: tuple[_R, ...]) -> Iterator[tuple[str, _R]]:
    """The records of a collection, each with the key by which places name it."""
    count = Counter(getattr(record, "number", None) for record in records)
    for position, record in enumerate(records, start=1):
        number: str | None = getattr(record, "number", None)
        if number is None or count[number] > 1 or number.startswith("#"):
            yield f"#{position}", record
        else:
            yield number, record


def is_form(assessment: Assessment, collection: str) -> bool:
    """Whether the collection is a single record."""
    return isinstance(getattr(assessment, collection), Record)


def place(collection: str, key: str | None = None, field: str | None = None) -> Where:
    """The place of a record or of one of its fields.

    >>> place("waste_streams", "W1", "density").path
    'waste_streams[W1].density'
    """
    record = collection if key is None else f"{collection}[{key}]"
    return Where(path=record if field is None else f"{record}.{field}")


def place_of(assessment: Assessment, collection: str, record: Record, field: str | None = None) -> Where:
    """The place of a record that is at hand."""
    if is_form(assessment, collection):
        return place(collection, None, field)
    key = next((key for key, other in keyed(assessment.records(collection)) if other is record), None)
    return place(collection, key, field)


def located(assessment: Assessment, where: Where) -> tuple[str, Record | None, str | None] | None:
    """Collection, record and field that a place names; None if it names none.

    This is how a workbook finds the cell of a finding.

    Parameters
    ----------
    assessment : Assessment
        The document the finding is about.
    where : Where
        Place of a finding or source of a figure.
    """
    found = _PATH.fullmatch(where.path or "")
    if found is None or found["collection"] not in COLLECTIONS:
        return None
    collection, field = found["collection"], found["field"]
    if is_form(assessment, collection):
        return collection, assessment.records(collection)[0], field
    record = next((each for key, each in keyed(assessment.records(collection)) if key == found["key"]), None)
    return collection, record, field
