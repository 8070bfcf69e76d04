"""Which record is which: the permanent ids a workbook keeps, and ids for records that people added."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from openrecp.assessment.document import VERSION
from openrecp.assessment.workbook.grid import Grid
from openrecp.assessment.workbook.layout import (
    DATA_SHEET,
    PROPERTY_ASSESSMENT,
    PROPERTY_SIMPLIFIED,
    PROPERTY_VERSION,
)
from openrecp.errors import UnusableInput, Where, problem
from openrecp.texts import LANGUAGES, Language

_ID: Final = re.compile(r"[0-9A-Za-z-]{4,64}")
_NAMESPACE: Final = uuid.UUID("5c2f7a0e-3d1b-5e0c-9b51-0b8f6f7d2a11")


@dataclass(slots=True)
class Stored:
    """What a workbook remembers of its document where nobody looks; all of it may be missing.

    Attributes
    ----------
    assessment : str
        Id of the document.
    language : str or None
        Language the workbook was written in.
    simplified : bool or None
        Whether it shows the simplified set.
    forms : dict of str to str
        Id of each form.
    ratings : dict of (str, str, str) to str
        Collection, criterion's id and subject of each rating in a matrix, and its own id.
    order : dict of str to int
        Position of each rating in the document.
    prefilled : set of (str, str)
        Collection and id of records that the template filled in part.
    """

    assessment: str = ""
    language: Language | None = None
    simplified: bool | None = None
    forms: dict[str, str] = field(default_factory=dict)
    ratings: dict[tuple[str, str, str], str] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    prefilled: set[tuple[str, str]] = field(default_factory=set)


def stored_facts(grid: Grid, where: Where) -> Stored:
    """What the workbook remembers, from its hidden sheet or its properties.

    Raises
    ------
    UnusableInput
        If a newer version of the program wrote it.
    """
    stored = Stored()
    stored.assessment = _id(grid.properties.get(PROPERTY_ASSESSMENT, ""))
    stored.simplified = _TRUTH.get(grid.properties.get(PROPERTY_SIMPLIFIED, "").lower())
    version = grid.properties.get(PROPERTY_VERSION, "")
    for sheet in grid.sheets:
        if sheet.name == DATA_SHEET:
            for row in sorted(sheet.rows):
                cells = [cell.words if (cell := sheet.cell(row, column)) else "" for column in range(1, 6)]
                version = cells[2] if cells[0] == "version" else version
                _keep(stored, cells)
    if re.fullmatch(r"[0-9]{1,6}(?:\.0)?", version) and int(float(version)) > VERSION:
        raise UnusableInput(
            problem(
                "workbook-version",
                "A newer version of OpenRECP wrote this workbook. Update OpenRECP to open it.",
                where=where,
            )
        )
    return stored


_TRUTH: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}


def _id(words: str) -> str:
    return words if _ID.fullmatch(words) else ""


def _keep(stored: Stored, cells: list[str]) -> None:
    what, collection, value, criterion, subject = cells
    if what == "assessment":
        stored.assessment = _id(value) or stored.assessment
    elif what == "language":
        stored.language = next((language for language in LANGUAGES if language == value), stored.language)
    elif what == "simplified":
        stored.simplified = _TRUTH.get(value.lower(), stored.simplified)
    elif not _id(value):
        return
    elif what == "form":
        stored.forms[collection] = value
    elif what == "rating":
        stored.order.setdefault(value, len(stored.order))
        if criterion:
            stored.ratings.setdefault((collection, criterion, subject), value)
    elif what == "prefilled":
        stored.prefilled.add((collection, value))


class Identities:
    """Gives every record an id of its own: the one beside it, or one that comes out the same at every reading."""

    def __init__(self, assessment: str) -> None:
        self.assessment = assessment
        self.taken: dict[str, set[str]] = {}

    def give(self, collection: str, wanted: str, content: str) -> tuple[str, bool]:
        """The id of a record, and whether another record had the wanted one already."""
        taken = self.taken.setdefault(collection, set())
        repeated = wanted in taken
        given = wanted if wanted and not repeated else ""
        attempt = 0
        while not given or given in taken:
            seed = f"{self.assessment}/{collection}/{content}/{attempt}"
            given = uuid.uuid5(_NAMESPACE, seed).hex
            attempt += 1
        taken.add(given)
        return given, repeated
