"""Reads a workbook back into an assessment, and lists all that could not be understood on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from openrecp.assessment.document import Assessment
from openrecp.assessment.workbook.assembly import MOST_FINDINGS, assemble
from openrecp.assessment.workbook.find import Region, find_regions, is_calculated
from openrecp.assessment.workbook.grid import Grid, Sheet
from openrecp.assessment.workbook.guard import LIMITS, Limits, open_package
from openrecp.assessment.workbook.identity import stored_facts
from openrecp.assessment.workbook.labels import worksheets_named
from openrecp.assessment.workbook.layout import DATA_SHEET, LISTS_SHEET
from openrecp.assessment.workbook.left_over import left_over
from openrecp.assessment.workbook.ooxml import read_grid
from openrecp.assessment.workbook.tables import RawRecord, take
from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
from openrecp.texts import Language


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """What a workbook holds.

    Attributes
    ----------
    assessment : Assessment
        All that could be understood.
    issues : tuple of Issue
        All that could not, and what was done about it, in the order of the sheets.
    language : {'en', 'zh-hant'}
        The language of the workbook.
    sheets_read, sheets_passed_over : tuple of str
        Tabs of the worksheets, and of the sheets that hold something but are no worksheets.
    places : Mapping of str to Where
        Sheet and cell of every value, by its place in the document (``waste_streams[W1].density``).
    """

    assessment: Assessment
    issues: tuple[Issue, ...]
    language: Language
    sheets_read: tuple[str, ...]
    sheets_passed_over: tuple[str, ...]
    places: Mapping[str, Where]


def read_workbook(path: Path, *, limits: Limits = LIMITS) -> WorkbookReading:
    """Read an assessment from an Excel workbook.

    Sheets are recognised in either language, in any order; so are rows and columns, by their labels. What cannot
    be understood becomes a finding with sheet and cell; the rest is kept.

    Parameters
    ----------
    path : Path
        The ``.xlsx`` file.
    limits : Limits
        How much it may hold.

    Raises
    ------
    UnusableInput
        If nothing can be done with the file: it is missing, no ordinary workbook, damaged, far too large, made by
        a newer version, or has no worksheet in it.
    """
    package = open_package(path, limits)
    grid = read_grid(package)
    stored = stored_facts(grid, package.where)
    stored.assessment = stored.assessment or package.digest[:32]
    found = _Found(path.name)
    for sheet in grid.sheets:
        found.read(sheet)
    if not found.sheets_read:
        raise UnusableInput(_no_worksheets(grid, package.where))
    simplified = stored.simplified if stored.simplified is not None else _is_simplified(found.sheets_read)
    done = assemble(found.raws, stored, path.name, simplified=simplified)
    issues = [*_workbook_issues(grid, package.where, given_up=done.given_up), *done.issues, *found.issues]
    return WorkbookReading(
        assessment=done.assessment,
        issues=_ordered(issues, grid),
        language=stored.language or found.language,
        sheets_read=tuple(found.sheets_read),
        sheets_passed_over=tuple(found.sheets_passed_over),
        places=MappingProxyType(done.places),
    )


class _Found:
    """Collects the records of all sheets."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.raws: list[RawRecord] = []
        self.issues: list[Issue] = []
        self.sheets_read: list[str] = []
        self.sheets_passed_over: list[str] = []
        self.chinese = Counter[bool]()

    @property
    def language(self) -> Language:
        """The language of most headings."""
        return "zh-hant" if self.chinese[True] > self.chinese[False] else "en"

    def read(self, sheet: Sheet) -> None:
        """Take the records from a sheet."""
        if sheet.name in {DATA_SHEET, LISTS_SHEET} or not sheet.rows:
            return
        regions = find_regions(sheet)
        if regions:
            self.sheets_read.append(sheet.name)
            for region in regions:
                self._take(region)
        elif not is_calculated(sheet):
            self.sheets_passed_over.append(sheet.name)
            self.issues.append(_no_worksheet(sheet, self.file))

    def _take(self, region: Region) -> None:
        taken = take(region)
        self.raws += taken.records
        self.issues += left_over(taken, self.file)
        for row, line in region.keys.items():
            if region.top <= row < region.bottom:
                self.chinese.update(not key.isascii() for key in line.values())


def _is_simplified(sheets: Iterable[str]) -> bool:
    """Whether more of the worksheets belong to the simplified set."""
    named = [found[0] for name in sheets if (found := worksheets_named(name))]
    simplified = sum(1 for worksheet in named if worksheet.simplified)
    return 2 * simplified > sum(1 for worksheet in named if worksheet.number != "0")


def _no_worksheets(grid: Grid, where: Where) -> Issue:
    return problem(
        "no-worksheets",
        "None of the sheets ({sheets}) is a worksheet of an assessment. Start from the workbook that “openrecp "
        "template” writes, or name the sheets as it does.",
        where=where,
        sheets=[sheet.name for sheet in grid.sheets[:10]],
    )


def _no_worksheet(sheet: Sheet, file: str) -> Issue:
    return problem(
        "sheet-not-read",
        "This sheet is no worksheet of the assessment; its cells ({count}) were not read.",
        where=Where(file=file, sheet=sheet.name),
        severity=Severity.NOTE,
        count=sum(len(cells) for cells in sheet.rows.values()),
    )


def _workbook_issues(grid: Grid, where: Where, *, given_up: bool) -> list[Issue]:
    issues = []
    if given_up:
        issues.append(
            problem(
                "too-many-findings",
                "More than {count} cells cannot be understood, so the rest of the workbook was not read. Mend these "
                "first, or start again from an empty workbook.",
                where=where,
                count=MOST_FINDINGS,
            )
        )
    if grid.linked:
        issues.append(
            problem(
                "workbook-linked",
                "Some formulas draw on other workbooks; their values as last saved were read.",
                where=where,
                severity=Severity.NOTE,
            )
        )
    return issues


def _ordered(issues: list[Issue], grid: Grid) -> tuple[Issue, ...]:
    """The findings by sheet and cell, those about the whole workbook first."""
    sheets = {sheet.name: position for position, sheet in enumerate(grid.sheets)}
    return tuple(
        sorted(issues, key=lambda issue: (sheets.get(issue.where.sheet or "", -1), _position(issue)))
    )


def _position(issue: Issue) -> tuple[int, str]:
    """Row and column of a finding, for sorting."""
    cell = issue.where.cell or ""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), letters.rjust(3)
