"""Opens what a person has: a workbook, or the assessment document as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from openrecp.assessment.document import Assessment, assessment_from_json
from openrecp.assessment.workbook.guard import read_bytes
from openrecp.assessment.workbook.layout import sheet_name
from openrecp.assessment.workbook.reader import read_workbook
from openrecp.assessment.worksheets.registry import COVER, FULL, SIMPLIFIED
from openrecp.errors import Issue, Where
from openrecp.texts import Language

_JSON_BYTES: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class AssessmentReading:
    """An assessment from a file.

    Attributes
    ----------
    assessment : Assessment
        All that could be understood.
    issues : tuple of Issue
        All that could not; a JSON document is understood whole or not at all.
    language : {'en', 'zh-hant'} or None
        The language of a workbook; a JSON document has none.
    places : Mapping of str to Where
        For a workbook, sheet and cell of every value by its place in the document.
    file : str or None
        Name of the file.
    """

    assessment: Assessment
    issues: tuple[Issue, ...] = ()
    language: Language | None = None
    places: Mapping[str, Where] = field(default_factory=lambda: MappingProxyType({}))
    file: str | None = None

    def placed(self, issues: Iterable[Issue]) -> tuple[Issue, ...]:
        """The same findings, each at the sheet and cell where a person mends it, as far as there is one."""
        return tuple(issue.at(self.cell_of(issue.where)) for issue in issues)

    def cell_of(self, where: Where) -> Where:
        """The sheet and cell of a place in the document, or the nearest there is."""
        if where.sheet is not None or not where.path:
            return where
        found = self.places.get(where.path)
        if found is not None:
            return replace(found, path=where.path)
        # Nothing was entered there: the record it belongs to, or at least the sheet.
        record = where.path.partition("].")[0].removesuffix("]") + "]"
        beside = self._first(f"{record}.") if "[" in where.path else None
        if beside is not None:
            return replace(beside, path=where.path)
        collection = where.path.partition("[")[0].partition(".")[0]
        sheet = self._first(f"{collection}[") or self._first(f"{collection}.")
        if sheet is not None:
            return replace(sheet, cell=None, path=where.path)
        title = self._title(collection)
        return where if title is None else replace(where, file=self.file, sheet=title)

    def _title(self, collection: str) -> str | None:
        """What the sheet of a collection is called in a workbook where nothing was entered on it."""
        if self.language is None:
            return None
        for sheet in (COVER, *(SIMPLIFIED if self.assessment.simplified else FULL)):
            if any(collection in (block.collection, block.ratings) for block in sheet.blocks):
                return sheet_name(sheet, self.language)
        return None

    def _first(self, beginning: str) -> Where | None:
        return next((place for path, place in self.places.items() if path.startswith(beginning)), None)


def read_assessment(path: Path) -> AssessmentReading:
    """Read an assessment from a workbook (``.xlsx``) or a document (``.json``).

    Parameters
    ----------
    path : Path
        The file; its ending decides what it is.

    Raises
    ------
    UnusableInput
        If nothing can be done with the file.
    """
    if path.suffix.lower() == ".json":
        return AssessmentReading(assessment_from_json(read_bytes(path, _JSON_BYTES), file=path.name))
    reading = read_workbook(path)
    return AssessmentReading(
        reading.assessment, reading.issues, reading.language, reading.places, file=path.name
    )
