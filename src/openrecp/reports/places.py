"""Places in the assessment document as a reader finds them: worksheet, record and field."""

from __future__ import annotations

import re
from typing import Final

from openrecp.assessment.document import COLLECTIONS
from openrecp.assessment.spec import record_fields
from openrecp.assessment.worksheets.registry import blocks_by_collection, worksheet_of
from openrecp.errors import Where
from openrecp.texts import Text, text

_PATH: Final = re.compile(r"(?P<collection>\w+)(?:\[(?P<key>[^\]]+)\])?(?:\.(?P<field>\w+))?")


def place_words(where: Where) -> Text | str:
    """The place in words: sheet and cell where they are known, else worksheet, record and field.

    >>> str(place_words(Where(path="waste_streams[W1].density")))
    'Worksheet 8 · W1 · Density'
    """
    if where.cell or where.line is not None:
        return str(where)
    found = _PATH.fullmatch(where.path or "")
    if found is None or found["collection"] not in COLLECTIONS:
        return str(where)
    parts: list[Text | str] = [_worksheet(found["collection"])]
    if found["key"]:
        parts.append(_record(found["key"]))
    label = _field(found["collection"], found["field"])
    if label is not None:
        parts.append(label)
    names = {f"part{index}": part for index, part in enumerate(parts)}
    return Text(" · ".join(f"{{{name}}}" for name in names), names)


def _worksheet(collection: str) -> Text:
    sheet = worksheet_of(collection)
    return sheet.title if sheet.number == "0" else text("Worksheet {number}", number=sheet.number)


def _record(key: str) -> Text | str:
    return text("record {number}", number=key[1:]) if key.startswith("#") else key


def _field(collection: str, field: str | None) -> Text | None:
    block = blocks_by_collection().get(collection)
    if block is None or field is None:
        return None
    return next((each.spec.label for each in record_fields(block.record) if each.name == field), None)
