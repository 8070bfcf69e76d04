"""Names what stands on a worksheet and was not read, so that nothing a person typed is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openrecp.assessment.workbook.find import Region
from openrecp.assessment.workbook.grid import Cell, CellKind
from openrecp.assessment.workbook.labels import explanations, nearest_label
from openrecp.assessment.workbook.layout import CALCULATED_SIGN, HELP_SIGN, REQUIRED_SIGN, label_key
from openrecp.assessment.workbook.tables import Taken
from openrecp.errors import Issue, Severity, Where, problem

_LONGEST_SHOWN: Final = 60
_MOST_CELLS: Final = 500


def left_over(taken: Taken, file: str) -> Iterator[Issue]:
    """Findings about the cells of a region that belong to no field; a great many are only counted."""
    region = taken.region
    if not taken.found:
        yield from _no_headings(region, file)
        return
    unread = list(_unread(taken))
    lines: dict[int, list[Cell]] = {}
    for cell in unread[:_MOST_CELLS]:
        lines.setdefault(cell.row if taken.turned else cell.column, []).append(cell)
    for place, cells in lines.items():
        heading = taken.headings.get(place)
        if heading is None and taken.turned and len(cells) > 1 and cells[0].kind is CellKind.TEXT:
            heading = cells[0]
        if heading is None:
            for cell in cells:
                yield _not_read(region, cell, file)
        elif not _is_calculated(heading):
            others = [cell for cell in cells if cell is not heading]
            if others:
                yield _unknown(region, heading, len(others), file, turned=taken.turned)
    if len(unread) > _MOST_CELLS:
        yield problem(
            "cell-not-read",
            "From here on, {count} more cells stand outside the fields of “{block}” and were not read.",
            where=_where(region, unread[_MOST_CELLS], file),
            severity=Severity.WARNING,
            count=len(unread) - _MOST_CELLS,
            block=region.block.title,
        )


def _unread(taken: Taken) -> Iterator[Cell]:
    region = taken.region
    known = explanations()
    for row in region.rows():
        for cell in region.cells(row).values():
            if (row, cell.column) in taken.used or cell.formula or row == region.top:
                continue
            if cell.words.startswith(HELP_SIGN):
                continue
            # What is this long is a note below a title, not an entry; titles and helps are known.
            if cell.kind is CellKind.TEXT and label_key(cell.words[:500]) in known:
                continue
            if label_key(cell.words[:_LONGEST_SHOWN]) or cell.kind is not CellKind.TEXT:
                yield cell


def _is_calculated(heading: Cell) -> bool:
    return heading.words.startswith(CALCULATED_SIGN)


def _where(region: Region, cell: Cell, file: str) -> Where:
    return Where(file=file, sheet=region.sheet.name, cell=cell.address)


def _shown(cell: Cell) -> str:
    words = cell.words.rstrip(f" {REQUIRED_SIGN}")
    return words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "…"


def _not_read(region: Region, cell: Cell, file: str) -> Issue:
    return problem(
        "cell-not-read",
        "“{found}” stands outside the fields of “{block}” and was not read.",
        where=_where(region, cell, file),
        severity=Severity.NOTE,
        found=_shown(cell),
        block=region.block.title,
    )


def _unknown(region: Region, heading: Cell, count: int, file: str, *, turned: bool) -> Issue:
    where, near = _where(region, heading, file), nearest_label(heading.words, region.block.record)
    if near is not None:
        return problem(
            "heading-unknown",
            "“{heading}” names no field of “{block}”; its cells ({count}) were not read. If “{near}” is meant, write "
            "that.",
            where=where,
            severity=Severity.WARNING,
            heading=_shown(heading),
            block=region.block.title,
            count=count,
            near=near,
        )
    if turned:
        return problem(
            "heading-unknown",
            "The row “{heading}” belongs to no field of “{block}”; its cells ({count}) were not read.",
            where=where,
            severity=Severity.NOTE,
            heading=_shown(heading),
            block=region.block.title,
            count=count,
        )
    return problem(
        "heading-unknown",
        "The column “{heading}” belongs to no field of “{block}”; its cells ({count}) were not read.",
        where=where,
        severity=Severity.NOTE,
        heading=_shown(heading),
        block=region.block.title,
        count=count,
    )


def _no_headings(region: Region, file: str) -> Iterator[Issue]:
    cells = [cell for row in region.rows() if row > region.top for cell in region.cells(row).values()]
    typed = [cell for cell in cells if not cell.formula and label_key(cell.words[:500]) not in explanations()]
    if typed:
        yield problem(
            "headings-missing",
            "No heading of “{block}” is left below its title, so what stands there ({count} cells) was not read. "
            "Copy the headings from an empty workbook.",
            where=_where(region, typed[0], file),
            block=region.block.title,
            count=len(typed),
        )
