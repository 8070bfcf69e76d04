"""Takes records out of the blocks of a sheet: which cell belongs to which field of which record.

A table of columns is a table of rows turned round, so both are read as lines and places: a line is a record
(a row, or a column), a place is where a field stands along it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from openrecp.assessment.spec import Block, Kind, Layout
from openrecp.assessment.workbook.find import Region, by_column, matches
from openrecp.assessment.workbook.grid import Cell, CellKind
from openrecp.assessment.workbook.labels import (
    FOOTER_WORDS,
    TOTAL_WORDS,
    UNIT_WORDS,
    Slot,
    explanations,
    heading_unit,
    slots,
)
from openrecp.assessment.workbook.layout import CALCULATED_SIGN, HELP_SIGN, ID_MARK, SUBJECTS_MARK, label_key
from openrecp.assessment.worksheets.registry import blocks_by_collection
from openrecp.assessment.worksheets.streams import Rating

_ID = re.compile(r"[0-9A-Za-z-]{4,64}")
# Kinds of which one merged cell may stand for several records; a number is never counted twice.
_SHARED: Final = frozenset({Kind.CODE, Kind.CODES, Kind.CHOICE})
_RATING_HEADINGS: Final = {"r", *(key for key, slot in slots(Rating).items() if slot.field.name == "rating")}
_PRODUCT_HEADINGS: Final = frozenset({"rw", "wr"})
# How far above the headings of a matrix the numbers of what is rated may stand: facts about them lie between.
_ROWS_ABOVE: Final = 8
_NO_COLUMN: Final = 1 << 20


@dataclass(slots=True)
class Entry:
    """The cells of one field of one record, and the unit its heading says in brackets."""

    value: Cell | None = None
    unit: Cell | None = None
    heading: str = ""


@dataclass(slots=True)
class RawRecord:
    """A record as it stands on its sheet.

    Attributes
    ----------
    collection : str
        Where it belongs in the document.
    block : Block
        The block it stands in.
    sheet : str
        Tab of its sheet.
    at : str
        Address of its first cell.
    id : str
        The permanent id beside it; empty where there is none.
    entries : dict of str to Entry
        Its cells by field.
    ratings : list
        For a criterion of a matrix: what is rated (None where the column names nothing), and the rating.
    """

    collection: str
    block: Block
    sheet: str
    at: str
    id: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)
    ratings: list[tuple[Cell | None, Cell]] = field(default_factory=list)


@dataclass(slots=True)
class Taken:
    """What a region gave: its records, the cells that were used or need no reading, and its headings.

    ``headings`` are the cells that name no field, by place: columns of a table of rows, else rows.
    """

    region: Region
    records: list[RawRecord] = field(default_factory=list)
    used: set[tuple[int, int]] = field(default_factory=set)
    headings: dict[int, Cell] = field(default_factory=dict)
    turned: bool = False
    found: bool = True

    def use(self, *cells: Cell | None) -> None:
        """Note that these cells were read."""
        self.used.update((cell.row, cell.column) for cell in cells if cell is not None)


def take(region: Region) -> Taken:
    """The records of a region."""
    layout = region.block.layout
    if layout is Layout.FORM:
        return _take_form(region)
    if layout is Layout.MATRIX:
        return _take_matrix(region)
    return _take_table(region)


@dataclass(frozen=True, slots=True)
class _Lines:
    """A region seen as lines and places."""

    region: Region
    turned: bool
    lines: dict[int, dict[int, Cell]]
    keys: dict[int, dict[int, str]]

    def shared(self, line: int, place: int) -> Cell | None:
        """The cell that a merged range shows here, if the range runs along the place."""
        row, column = (place, line) if self.turned else (line, place)
        anchor = self.region.sheet.merged.get((row, column))
        if anchor is None or anchor[0 if self.turned else 1] != place:
            return None
        return self.region.sheet.cell(*anchor)


def _seen(region: Region, *, turned: bool) -> _Lines:
    rows = {row: cells for row in region.rows() if (cells := region.cells(row))}
    keys = {row: line for row, line in region.keys.items() if row in rows}
    if not turned:
        return _Lines(region, turned, rows, keys)
    lines: dict[int, dict[int, Cell]] = {}
    for row, cells in rows.items():
        for column, cell in cells.items():
            lines.setdefault(column, {})[row] = cell
    return _Lines(region, turned, dict(sorted(lines.items())), by_column(keys, region.top, region.bottom))


def _best_line(seen: _Lines) -> tuple[int, int]:
    """The line with most headings, and how many."""
    record = seen.region.block.record
    counts = {line: matches(keys.values(), record) for line, keys in seen.keys.items() if line in seen.lines}
    best = max(counts, key=lambda line: (counts[line], -line), default=0)
    return best, counts.get(best, 0)


def _take_table(region: Region) -> Taken:
    upright, turned = _seen(region, turned=False), _seen(region, turned=True)
    (row, in_row), (column, in_column) = _best_line(upright), _best_line(turned)
    as_columns = in_column > in_row or (in_column == in_row and region.block.layout is Layout.COLUMNS)
    seen, heading = (turned, column) if as_columns else (upright, row)
    taken = Taken(region, turned=as_columns, found=max(in_row, in_column) > 0)
    if not taken.found:
        return taken
    ids = next((row for row in region.rows() if region.mark(row) == ID_MARK), None) if as_columns else None
    named = _name(seen, heading, taken)
    for line in seen.lines:
        if line <= heading:
            taken.use(*(cell for cell in seen.lines[line].values() if line < heading or _is_aside(cell)))
            continue
        cells = seen.lines[line]
        if ids is not None:
            taken.use(cells.get(ids))
        if _is_heading_again(seen, line, named):
            named = _name(seen, line, taken)
        elif _is_total(cells, named):
            taken.use(*cells.values())
        else:
            _take_line(seen, line, named, taken, ids)
    return taken


def _name(seen: _Lines, heading: int, taken: Taken) -> dict[int, tuple[Slot, str]]:
    """For each place, the field its heading names and the unit it says."""
    known = slots(seen.region.block.record)
    named: dict[int, tuple[Slot, str]] = {}
    before: Slot | None = None
    for place, cell in sorted(seen.lines[heading].items()):
        key = seen.keys.get(heading, {}).get(place, "")
        slot = known.get(key)
        if slot is None and before is not None and not before.is_unit and label_key(cell.words) in UNIT_WORDS:
            slot = Slot(before.field, is_unit=True)
        if slot is not None and all(slot != other for other, _ in named.values()):
            named[place] = slot, heading_unit(cell.words, slot.field)
            before = slot
            taken.use(cell)
        elif cell.kind is CellKind.TEXT:
            taken.headings[place] = cell
    return named


def _is_heading_again(seen: _Lines, line: int, named: dict[int, tuple[Slot, str]]) -> bool:
    """Whether the headings stand here once more, as where two tables were pasted one below the other."""
    if not seen.turned and _ID.fullmatch(seen.region.mark(line)):
        return False
    found = matches(seen.keys.get(line, {}).values(), seen.region.block.record)
    return found >= max(2, len(named) // 2) and 2 * found > len(seen.lines[line])


def _is_total(cells: dict[int, Cell], named: Iterable[int]) -> bool:
    """Whether a line adds up the others: its first cell says so, and formulas stand where entries would."""
    entries = [cells[place] for place in sorted(cells) if place in named]
    if not entries:
        return False
    first, *others = entries
    return (
        first.kind is CellKind.TEXT
        and label_key(first.words) in TOTAL_WORDS
        and any(cell.formula for cell in others)
        and all(cell.formula or cell.kind is CellKind.TEXT for cell in others)
    )


def _is_aside(cell: Cell) -> bool:
    """A heading that belongs to calculated cells: one with their sign, or the month of a plan."""
    return cell.words.startswith(CALCULATED_SIGN) or cell.kind is CellKind.NUMBER or cell.formula


def _take_line(
    seen: _Lines, line: int, named: dict[int, tuple[Slot, str]], taken: Taken, ids: int | None
) -> None:
    cells = seen.lines[line]
    region = seen.region
    first = next((cells[place] for place in sorted(cells) if place in named), None)
    if first is None:
        return
    record = RawRecord(region.block.collection, region.block, region.sheet.name, first.address)
    id_cell = cells.get(ids) if ids is not None else None
    words = id_cell.words if id_cell is not None else "" if seen.turned else region.mark(line)
    record.id = words if _ID.fullmatch(words) else ""
    own = False
    for place, (slot, heading) in named.items():
        cell = cells.get(place)
        own = own or (cell is not None and not slot.is_unit)
        if cell is None and slot.field.kind in _SHARED:
            cell = seen.shared(line, place)
        taken.use(cell)
        entry = record.entries.setdefault(slot.field.name, Entry())
        if slot.is_unit:
            entry.unit = cell
        else:
            entry.value, entry.heading = cell, heading
    if own:
        taken.records.append(record)


def _take_form(region: Region) -> Taken:
    """One record: each label with the cell beside it."""
    rows = region.rows()
    known = slots(region.block.record)
    turned = by_column({row: region.keys.get(row, {}) for row in rows}, region.top, region.bottom)
    labels = {column: [row for row, key in line.items() if key in known] for column, line in turned.items()}
    most = max((len(rows) for rows in labels.values()), default=0)
    # A value may read like a label; only where labels stand one below the other do they name fields.
    columns = sorted(column for column, rows in labels.items() if rows and 4 * len(rows) >= most)
    columns = columns if region.marks is None else columns[:1]
    taken = Taken(region, turned=True, found=most > 0)
    record = RawRecord(region.block.collection, region.block, region.sheet.name, "")
    record.id = next((region.mark(row) for row in rows if _ID.fullmatch(region.mark(row))), "")
    for column, until in pairwise([*columns, _NO_COLUMN]):
        beside = _value_column(region, labels[column], column, until)
        for row in labels[column]:
            label, value = region.cells(row)[column], region.cells(row).get(beside)
            taken.use(label, value)
            record.at = record.at or label.address
            slot = known[region.keys[row][column]]
            entry = record.entries.setdefault(slot.field.name, Entry())
            if slot.is_unit:
                entry.unit = entry.unit or value
            elif entry.value is None:
                entry.value, entry.heading = value, heading_unit(label.words, slot.field)
    if any(entry.value is not None for entry in record.entries.values()) or record.id:
        taken.records.append(record)
    return taken


def _value_column(region: Region, rows: list[int], column: int, until: int) -> int:
    """The first column beside the labels that holds more than explanations."""
    held: dict[int, list[Cell]] = {}
    for row in rows:
        for place, cell in region.cells(row).items():
            if column < place < until and not cell.words.startswith(HELP_SIGN):
                held.setdefault(place, []).append(cell)
    if region.marks is not None and column + 1 in held:
        return column + 1
    for place in sorted(held):
        explaining = sum(1 for cell in held[place] if label_key(cell.words) in explanations())
        if 2 * explaining <= len(held[place]):
            return place
    return column + 1


def _take_matrix(region: Region) -> Taken:
    """Criteria with their ratings: a column of ratings below each number of what is rated."""
    seen = _seen(region, turned=False)
    heading, count = _best_line(seen)
    taken = Taken(region, found=count > 0)
    if not count:
        return taken
    named = _name(seen, heading, taken)
    subjects = _subjects(seen, heading, named)
    rated = _rated_columns(seen, heading, named, subjects)
    taken.use(*subjects.values())
    for line in seen.lines:
        if line <= heading:
            taken.use(*seen.lines[line].values())
            continue
        cells = seen.lines[line]
        if _is_footer(seen, line):
            taken.use(*cells.values())
            continue
        ratings = [(subjects.get(column), cells[column]) for column in rated if column in cells]
        before = len(taken.records)
        _take_line(seen, line, named, taken, None)
        if len(taken.records) == before and ratings:
            taken.records.append(
                RawRecord(region.block.collection, region.block, region.sheet.name, ratings[0][1].address)
            )
        if ratings:
            taken.records[-1].ratings = ratings
            taken.use(*(cell for _, cell in ratings))
    _use_products(seen, rated, taken)
    return taken


def _is_footer(seen: _Lines, line: int) -> bool:
    """Whether a line below the criteria only sums or ranks; a row with an id beside it is a criterion."""
    if _ID.fullmatch(seen.region.mark(line)):
        return False
    cells = seen.lines[line]
    return label_key(cells[min(cells)].words) in FOOTER_WORDS


def _subjects(seen: _Lines, heading: int, named: dict[int, tuple[Slot, str]]) -> dict[int, Cell]:
    """Columns with the number of what is rated in them."""
    region = seen.region
    marked = next((line for line in seen.lines if region.mark(line) == SUBJECTS_MARK), None)
    if marked is not None:
        return {column: cell for column, cell in seen.lines[marked].items() if column > max(named)}
    named_by = _number_labels(region.block)
    near: dict[int, Cell] = {}
    for line in [line for line in seen.lines if line <= heading][::-1][:_ROWS_ABOVE]:
        cells = {column: cell for column, cell in seen.lines[line].items() if column > max(named)}
        first = seen.lines[line][min(seen.lines[line])]
        if label_key(first.words) in named_by and line < heading:
            return cells
        if not near and not first.words.startswith(CALCULATED_SIGN):
            near = {column: cell for column, cell in cells.items() if _can_be_subject(cell)}
    return near


def _number_labels(block: Block) -> frozenset[str]:
    """The headings that the number of what a matrix rates has elsewhere."""
    record = blocks_by_collection()[str(block.subjects)].record
    return frozenset(key for key, slot in slots(record).items() if slot.field.name == "number")


def _can_be_subject(cell: Cell) -> bool:
    known = {CellKind.TEXT, CellKind.NUMBER}
    return cell.kind in known and not _is_rating_heading(cell) and not _is_product_heading(cell)


def _is_rating_heading(cell: Cell) -> bool:
    return label_key(cell.words) in _RATING_HEADINGS


def _is_product_heading(cell: Cell) -> bool:
    return cell.words.startswith(CALCULATED_SIGN) or label_key(cell.words) in _PRODUCT_HEADINGS


def _rated_columns(
    seen: _Lines, heading: int, named: dict[int, tuple[Slot, str]], subjects: dict[int, Cell]
) -> Iterable[int]:
    headed = {
        column
        for column, cell in seen.lines[heading].items()
        if column > max(named) and cell.kind is CellKind.TEXT and _is_rating_heading(cell)
    }
    return sorted(headed | set(subjects))


def _use_products(seen: _Lines, rated: Iterable[int], taken: Taken) -> None:
    """R×W beside the ratings is calculated, whether as formula or as pasted value."""
    for column, cell in list(taken.headings.items()):
        if _is_product_heading(cell):
            taken.use(*(line[column] for line in seen.lines.values() if column in line))
    taken.headings = {column: cell for column, cell in taken.headings.items() if column not in set(rated)}
    taken.use(*(cell for line in seen.lines.values() for cell in line.values() if cell.formula))
