"""A flowsheet as it was typed: what files, workbooks and the browser exchange."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from openrecp.assessment.flowsheets.schema import FORMAT, SECTIONS, SETTINGS, VERSION, Column, FieldKind
from openrecp.errors import Where

Row = Mapping[str, str]
"""Fields of a record by name, each as typed; what is empty is left out."""


@dataclass(frozen=True, slots=True)
class FlowsheetDocument:
    """Everything of a flowsheet file, value and unit as entered.

    Attributes
    ----------
    settings : Mapping[str, str]
    sections : Mapping[str, tuple of Mapping[str, str]]
        The records of each section of the schema that has any.
    file : str
    places : Mapping of (section, row, field) to Where
        Where each value stands, for findings; documents are equal without it.
    """

    settings: Row
    sections: Mapping[str, tuple[Row, ...]]
    file: str = field(default="", compare=False)
    places: Mapping[tuple[str, int, str], Where] = field(
        default_factory=lambda: MappingProxyType({}), compare=False
    )

    def rows(self, name: str) -> tuple[Row, ...]:
        """The records of a section."""
        return self.sections.get(name, ())

    def where(self, name: str, row: int = 0, column: str = "") -> Where:
        """The place of a value, or of its record."""
        path = name if name == "settings" else f"{name}[{row + 1}]"
        known = self.places.get((name, row, column)) or self.places.get((name, row, ""))
        return known or Where(file=self.file or None, path=f"{path}.{column}" if column else path)


def flowsheet_data(document: FlowsheetDocument) -> dict[str, Any]:
    """The document as plain data, as JSON holds it."""
    data: dict[str, Any] = {"format": FORMAT, "version": VERSION, **document.settings}
    for each in SECTIONS:
        rows = document.rows(each.name)
        if rows:
            data[each.name] = [dict(row) for row in rows]
    return data


def flowsheet_json(document: FlowsheetDocument) -> str:
    """The document as JSON; reading it gives the same document."""
    return json.dumps(flowsheet_data(document), ensure_ascii=False, indent=2) + "\n"


def flowsheet_schema() -> dict[str, Any]:
    """JSON Schema of a flowsheet file, with the English label and help of every field."""
    properties: dict[str, Any] = {"format": {"const": FORMAT}, "version": {"const": VERSION}}
    properties |= {column.name: _property(column) for column in SETTINGS.columns}
    for each in SECTIONS:
        properties[each.name] = {
            "type": "array",
            "title": str(each.title),
            "description": str(each.help),
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {column.name: _property(column) for column in each.columns},
                "required": [column.name for column in each.columns if column.required],
            },
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "OpenRECP flowsheet",
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "processes", "streams"],
        "properties": properties,
    }


def _property(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"type": ["string", "number", "null"], "title": str(column.label)}
    if column.kind is FieldKind.YES_NO:
        found["type"] = ["boolean", "string", "null"]
    elif column.kind in (FieldKind.KEY, FieldKind.REFERENCE, FieldKind.WORDS):
        found["type"] = ["string", "number", "null"]
    if column.choices is not None:
        found["examples"] = [choice.value for choice in column.choices]
    if column.help is not None:
        found["description"] = str(column.help)
    if column.refers_to:
        found["x-refers-to"] = column.refers_to
    return found
