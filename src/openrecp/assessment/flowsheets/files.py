"""Opens what a person has: a flowsheet as workbook, YAML or JSON; and tells it from an assessment."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from openrecp.assessment.flowsheets.document import FlowsheetDocument
from openrecp.assessment.flowsheets.schema import FORMAT
from openrecp.assessment.flowsheets.text_reader import parse_flowsheet
from openrecp.assessment.flowsheets.workbook_reader import is_flowsheet_grid, parse_workbook
from openrecp.assessment.text_file import decoded
from openrecp.assessment.workbook.guard import open_package, read_bytes
from openrecp.assessment.workbook.ooxml import read_grid
from openrecp.errors import Issue, UnusableInput, Where, problem

_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_TEXTS: Final = frozenset({".yaml", ".yml", ".json"})
_LARGEST: Final = 50_000_000
_LARGEST_YAML: Final = 1_000_000


class FlowsheetReading(NamedTuple):
    """A flowsheet document from a file, and what could not be read."""

    document: FlowsheetDocument
    issues: tuple[Issue, ...]


def read_flowsheet(path: Path) -> FlowsheetReading:
    """Read a flowsheet from ``.xlsx``, ``.yaml`` or ``.json``.

    Parameters
    ----------
    path : Path
        The file; its ending decides what it is.

    Returns
    -------
    FlowsheetReading
        The document, and findings with sheet and cell or line and key. What its values come to, and whether the drawing
        can balance, is told by :func:`openrecp.assessment.flowsheets.build.built_flowsheet`.

    Raises
    ------
    UnusableInput
        If nothing can be done with the file.
    """
    ending = path.suffix.lower()
    if ending in _WORKBOOKS:
        document, issues = parse_workbook(read_grid(open_package(path)), path.name)
    elif ending in _TEXTS:
        limit = _LARGEST if ending == ".json" else _LARGEST_YAML
        document, issues = parse_flowsheet(decoded(read_bytes(path, limit), path.name), path.name)
    else:
        raise UnusableInput(
            problem(
                "flowsheet-ending",
                "A flowsheet is a file that ends in .xlsx, .yaml or .json.",
                where=Where(file=path.name),
            )
        )
    if not document.settings and not document.sections:
        raise UnusableInput(
            problem(
                "flowsheet-nothing-read",
                "No flowsheet was found in this file; it needs processes and streams. The example “balance” shows how it is "
                "written.",
                where=Where(file=path.name),
            )
        )
    return FlowsheetReading(document, issues)


def is_flowsheet_file(path: Path) -> bool:
    """Whether a file holds a flowsheet rather than an assessment or something else; never fails.

    A file of either kind that cannot be read is none, so that the reader of assessments says what is wrong with it.
    """
    ending = path.suffix.lower()
    try:
        if ending in _WORKBOOKS:
            return is_flowsheet_grid(read_grid(open_package(path)))
        if ending in _TEXTS:
            return _is_flowsheet_text(decoded(read_bytes(path, _LARGEST), path.name))
    except UnusableInput:
        return False
    return False


def _is_flowsheet_text(words: str) -> bool:
    """By its mark, or by the keys at the left margin (or the first level of braces)."""
    if FORMAT in words[:2_000]:
        return True
    found = {
        part for part in ("processes", "streams") if f'"{part}"' in words or f"\n{part}:" in f"\n{words}"
    }
    return len(found) == 2 and '"waste_streams"' not in words and "\nwaste_streams:" not in words
