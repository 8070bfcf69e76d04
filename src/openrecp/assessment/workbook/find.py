"""Finds the blocks of the worksheets on the sheets of a workbook.

A sheet made by the template carries marks in its hidden first column. Where they are missing, because
somebody rebuilt the sheet by hand, worksheet and blocks are recognised by tab, title and headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from openrecp.assessment.spec import Block, Layout, Record, Worksheet
from openrecp.assessment.workbook.grid import Cell, CellKind, Sheet
from openrecp.assessment.workbook.labels import WORKSHEETS, ratings_blocks, slots, worksheets_named
from openrecp.assessment.workbook.layout import (
    BLOCK_MARK,
    CALCULATED_MARK,
    DERIVED_MARK,
    SECTION_MARK,
    label_key,
)
from openrecp.assessment.worksheets.registry import blocks_by_collection
from openrecp.texts import LANGUAGES, Text, render

_TITLE_ROWS: Final = 5
# Fewer headings than this, on a sheet whose tab says nothing, may be there by chance.
_ENOUGH: Final = 3


Keys = dict[int, dict[int, str]]
# Longer texts are no headings.
_LONGEST_HEADING: Final = 120


@dataclass(frozen=True, slots=True)
class Region:
    """The rows of a sheet in which a block stands.

    Attributes
    ----------
    sheet : Sheet
        The sheet.
    block : Block
        What stands there.
    top, bottom : int
        First row, and the row after the last.
    marks : int or None
        The column of marks and ids; None on a sheet without marks.
    keys : dict of int to dict of int to str
        By row and column, the keys of all cells of the sheet that read like a heading of some block.
    """

    sheet: Sheet
    block: Block
    top: int
    bottom: int
    marks: int | None
    keys: Keys

    def rows(self) -> list[int]:
        """Rows that hold something to be read, from the top."""
        rows = sorted(row for row in self.sheet.rows if self.top <= row < self.bottom)
        return [row for row in rows if self.mark(row) not in (SECTION_MARK, CALCULATED_MARK)]

    def cells(self, row: int) -> dict[int, Cell]:
        """The cells of a row, without its mark."""
        return {column: cell for column, cell in self.sheet.rows[row].items() if column != self.marks}

    def mark(self, row: int) -> str:
        """What stands in the column of marks and ids beside a row."""
        cell = None if self.marks is None else self.sheet.cell(row, self.marks)
        return cell.words if cell is not None else ""


def find_regions(sheet: Sheet) -> list[Region]:
    """The blocks on a sheet, from top to bottom; none when it is no worksheet."""
    column = _marks_column(sheet)
    keys = _keys(sheet, column)
    return _marked(sheet, keys, column) if column is not None else _recognised(sheet, keys)


def is_calculated(sheet: Sheet) -> bool:
    """Whether a sheet without blocks shows only what is calculated, as the sheet of paybacks does."""
    marked = any(
        cell.kind is CellKind.TEXT and cell.words.startswith(DERIVED_MARK)
        for cells in sheet.rows.values()
        for cell in cells.values()
    )
    named = worksheets_named(sheet.name)
    return marked or (bool(named) and not any(worksheet.blocks for worksheet in named))


@cache
def _all_headings() -> frozenset[str]:
    blocks = (*blocks_by_collection().values(), *ratings_blocks().values())
    return frozenset(key for block in blocks for key in slots(block.record))


def _keys(sheet: Sheet, marks: int | None) -> Keys:
    known = _all_headings()
    found: Keys = {}
    for row, cells in sheet.rows.items():
        for column, cell in cells.items():
            if column != marks and cell.kind is CellKind.TEXT and len(cell.words) <= _LONGEST_HEADING:
                key = label_key(cell.words)
                if key in known:
                    found.setdefault(row, {})[column] = key
    return found


def _marks_column(sheet: Sheet) -> int | None:
    for cell in sheet.cells():
        if (
            cell.kind is CellKind.TEXT
            and cell.words.startswith(BLOCK_MARK)
            and _block(cell.words) is not None
        ):
            return cell.column
    return None


def _block(mark: str) -> Block | None:
    name = mark.removeprefix(BLOCK_MARK).strip()
    return blocks_by_collection().get(name) or ratings_blocks().get(name)


def _marked(sheet: Sheet, keys: Keys, column: int) -> list[Region]:
    regions: list[Region] = []
    started: tuple[int, Block] | None = None
    last = max(sheet.rows) + 1
    for row in [*sorted(sheet.rows), last]:
        cell = sheet.cell(row, column)
        mark = cell.words if cell is not None else ""
        if row == last or mark.startswith((BLOCK_MARK, DERIVED_MARK)):
            if started is not None:
                regions.append(Region(sheet, started[1], started[0], row, column, keys))
            block = _block(mark) if mark.startswith(BLOCK_MARK) else None
            started = (row, block) if block is not None else None
    return regions


def matches(keys: Iterable[str], record: type[Record]) -> int:
    """How many different headings of a record are among some keys."""
    known = slots(record)
    return len({key for key in keys if key in known})


def by_column(keys: Keys, top: int, bottom: int) -> Keys:
    """The keys of some rows by column and row."""
    turned: Keys = {}
    for row, line in keys.items():
        if top <= row < bottom:
            for column, key in line.items():
                turned.setdefault(column, {})[row] = key
    return turned


def _recognised(sheet: Sheet, keys: Keys) -> list[Region]:
    if not keys:
        return []
    named = worksheets_named(sheet.name) or tuple(dict.fromkeys(_titled(sheet)))
    titles = _titles(sheet)
    best: tuple[int, list[Region]] = (0, [])
    for worksheet in named or WORKSHEETS:
        regions = _divided(sheet, keys, titles, worksheet)
        score = sum(_headings(region) for region in regions)
        if score > best[0]:
            best = score, regions
    return best[1] if best[0] >= (1 if named else _ENOUGH) else []


def _titled(sheet: Sheet) -> Iterator[Worksheet]:
    for row in sorted(sheet.rows)[:_TITLE_ROWS]:
        for cell in sheet.rows[row].values():
            if cell.kind is CellKind.TEXT and len(cell.words) <= _LONGEST_HEADING:
                yield from worksheets_named(cell.words)


@cache
def _title_keys(title: Text) -> frozenset[str]:
    return frozenset(label_key(render(title, language)) for language in LANGUAGES)


@cache
def _all_titles() -> frozenset[str]:
    return frozenset().union(*(_title_keys(block.title) for block in blocks_by_collection().values()))


def _titles(sheet: Sheet) -> dict[int, str]:
    """Rows that hold nothing but the title of some block and perhaps a note, with the title's key."""
    found: dict[int, str] = {}
    for row in sorted(sheet.rows):
        cells = list(sheet.rows[row].values())
        if len(cells) <= 2 and len(cells[0].words) <= _LONGEST_HEADING:
            key = label_key(cells[0].words)
            if key in _all_titles():
                found[row] = key
    return found


def _headings(region: Region) -> int:
    """How many headings of its block a region has, in its best row or column."""
    rows = {row: line for row, line in region.keys.items() if region.top <= row < region.bottom}
    columns = by_column(rows, region.top, region.bottom)
    lines = (*rows.values(), *columns.values())
    return max((matches(line.values(), region.block.record) for line in lines), default=0)


def _divided(sheet: Sheet, keys: Keys, titles: dict[int, str], worksheet: Worksheet) -> list[Region]:
    """A sheet divided among the blocks of a worksheet, each from its title or headings to the next."""
    last = max(sheet.rows) + 1
    blocks = worksheet.blocks
    if len(blocks) <= 1:
        return [Region(sheet, block, 1, last, None, keys) for block in blocks]
    starts: dict[int, Block] = {}
    for block in blocks:
        own = _title_keys(block.title)
        row = next((row for row, key in titles.items() if key in own and row not in starts), None)
        if row is None:
            row = _heading_row(keys, block, blocks)
        if row is not None:
            starts.setdefault(row, block)
    between = pairwise([*sorted(starts), last])
    return [Region(sheet, starts[row], row, end, None, keys) for row, end in between]


def _heading_row(keys: Keys, block: Block, blocks: tuple[Block, ...]) -> int | None:
    """The row with most headings of a table; the first row of the labels of a form or a table of columns."""
    if block.layout in (Layout.ROWS, Layout.MATRIX):
        counts = {row: matches(line.values(), block.record) for row, line in keys.items()}
        row = max(counts, key=lambda row: (counts[row], -row))
        others = max(matches(keys[row].values(), other.record) for other in blocks if other is not block)
        return row if counts[row] >= max(2, others) else None
    columns = by_column(keys, 1, max(keys) + 1)
    known = slots(block.record)
    labelled = max(
        ([row for row, key in line.items() if key in known] for line in columns.values()), key=len, default=[]
    )
    return min(labelled) if len(labelled) >= 2 else None
