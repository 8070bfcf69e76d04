"""Opens what a person has: a workbook, or the assessment document as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from openrecp.assessment.document import Assessment, assessment_from_json
from openrecp.assessment.workbook.guard import read_bytes
from openrecp.assessment.workbook.reader import read_workbook
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
    """

    assessment: Assessment
    issues: tuple[Issue, ...] = ()
    language: Language | None = None
    places: Mapping[str, Where] = field(default_factory=lambda: MappingProxyType({}))


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
    return AssessmentReading(reading.assessment, reading.issues, reading.language, reading.places)
