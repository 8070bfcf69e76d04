"""Reads the parts of an ``.xlsx`` file (ECMA-376) as a grid of cells.

The XML is read once, part by part, with a plain parser: so a formula and its saved value are seen together,
memory stays bounded, and a broken drawing, style or drop-down on a sheet cannot keep the rest from being read.
"""

from __future__ import annotations

import posixpath
import re
from datetime import date
from decimal import Decimal
from typing import Final

from openrecp.assessment.workbook.grid import Cell, CellKind, Grid, Sheet, serial_date
from openrecp.assessment.workbook.guard import Package
from openrecp.errors import UnusableInput, problem

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_TYPED_DIGITS = 16
# Larger merged ranges are decoration, not shared values.
_MERGED_CELLS, _MERGED_TOTAL = 5_000, 100_000


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"not a cell: {reference}")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if not (0 < row <= _LAST_ROW and column <= _LAST_COLUMN):
        raise ValueError(f"not a cell: {reference}")
    return row, column


def read_grid(package: Package) -> Grid:
    """Read every sheet of a workbook.

    Raises
    ------
    UnusableInput
        If a part is damaged or the workbook holds more than the limits allow.
    """
    return _Book(package).read()


_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _decoded(words: str) -> str:
    """Office writes characters that XML cannot hold as ``_x000D_``."""
    if "_x" not in words:
        return words
    plain = _CODED.sub(lambda coded: chr(int(coded[1], 16)), words)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _Book:
    """Finds the parts of a workbook and reads them in turn."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.folded = {name.lower().lstrip("/"): name for name in package.names}
        self.texts: list[str] = []
        self.formats: list[str] = []
        self.since_1904 = False
        self.cells = 0

    def read(self) -> Grid:
        book = self._workbook_part()
        listed, related = self._listed(book), self._related(book)
        if not listed:
            raise self.package.damaged()
        limit = self.package.limits.sheets
        if len(listed) > limit:
            raise UnusableInput(
                problem(
                    "workbook-too-many-sheets",
                    "The workbook has {found} sheets, more than the {limit} that are read. Keep the sheets of the "
                    "assessment and move the others to a workbook of their own.",
                    where=self.package.where,
                    found=len(listed),
                    limit=limit,
                )
            )
        parts = dict(related.values())
        if "sharedStrings" in parts:
            self._read_texts(parts["sharedStrings"])
        if "styles" in parts:
            self._read_formats(parts["styles"])
        sheets = []
        for name, relation in listed:
            kind, part = related.get(relation, ("", ""))
            if kind == "worksheet":
                sheets.append(_SheetReader(self, name).read(part))
        linked = any(kind == "externalLink" for kind, _ in related.values())
        return Grid(tuple(sheets), self._properties(), linked)

    def _part(self, folder: str, target: str) -> str:
        """The name of a part in the zip, as a relationship gives it."""
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        return self.folded.get(path.lower(), path)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id → kind and part."""
        folder, base = posixpath.split(part)
        name = self._part(folder, f"_rels/{base}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, values: dict[str, str]) -> None:
            if tag == "Relationship" and len(found) < self.package.limits.parts:
                kind = values.get("Type", "").rpartition("/")[2]
                found[values.get("Id", "")] = kind, self._part(folder, values.get("Target", ""))

        if name in self.package.names:
            self.package.parse(name, start)
        return found

    def _workbook_part(self) -> str:
        root = [part for kind, part in self._relations("").values() if kind == "officeDocument"]
        return root[0] if root else self._part("", "xl/workbook.xml")

    def _related(self, book: str) -> dict[str, tuple[str, str]]:
        return self._relations(book)

    def _listed(self, book: str) -> list[tuple[str, str]]:
        """Name and relationship id of each sheet, in the order of the tabs."""
        listed: list[tuple[str, str]] = []

        def start(tag: str, values: dict[str, str]) -> None:
            if tag == "sheet":
                relation = next(
                    (value for key, value in values.items() if key.rpartition(":")[2] == "id"), ""
                )
                listed.append((_decoded(values.get("name", "")), relation))
            elif tag == "workbookPr":
                self.since_1904 = values.get("date1904", "0") in {"1", "true"}

        self.package.parse(book, start)
        return listed

    def _read_texts(self, part: str) -> None:
        pieces: list[str] = []
        inside = phonetic = False
        characters = 0

        def start(tag: str, _: dict[str, str]) -> None:
            nonlocal inside, phonetic
            if tag == "si":
                pieces.clear()
            elif tag == "rPh":
                phonetic = True
            elif tag == "t":
                inside = not phonetic

        def end(tag: str) -> None:
            nonlocal inside, phonetic, characters
            if tag == "t":
                inside = False
            elif tag == "rPh":
                phonetic = False
            elif tag == "si":
                words = _decoded("".join(pieces))
                characters += len(words)
                self.texts.append(words)
                limits = self.package.limits
                if characters > limits.characters or len(self.texts) > limits.cells:
                    raise self.package.too_large()

        def write(words: str) -> None:
            if inside:
                pieces.append(words)

        self.package.parse(part, start, end, write)

    def _read_formats(self, part: str) -> None:
        """For each cell style, whether it shows a date, a time, a percentage or something else."""
        own: dict[str, str] = {}
        inside = False

        def start(tag: str, values: dict[str, str]) -> None:
            nonlocal inside
            if tag == "cellXfs":
                inside = True
            elif tag == "numFmt":
                own[values.get("numFmtId", "")] = values.get("formatCode", "")
            elif tag == "xf" and inside:
                number = values.get("numFmtId", "0")
                self.formats.append(_shown(own[number]) if number in own else _BUILT_IN.get(number, ""))

        def end(tag: str) -> None:
            nonlocal inside
            if tag == "cellXfs":
                inside = False

        self.package.parse(part, start, end)

    def _properties(self) -> dict[str, str]:
        """The workbook's custom properties; they help, but their loss does no harm."""
        found: dict[str, str] = {}
        name, pieces = "", list[str]()

        def start(tag: str, values: dict[str, str]) -> None:
            nonlocal name
            if tag == "property":
                name = values.get("name", "")
                pieces.clear()

        def end(tag: str) -> None:
            if tag == "property":
                found[name] = "".join(pieces).strip()

        part = self._part("", "docProps/custom.xml")
        if part not in self.package.names:
            return found
        try:
            self.package.parse(part, start, end, pieces.append)
        except UnusableInput as refusal:
            if refusal.issues[0].code != "workbook-damaged":
                raise
        return found


_DATES = (*range(14, 18), 22, *range(27, 32), 34, 35, 36, *range(50, 59))
_TIMES = (*range(18, 22), 32, 33, 45, 46, 47)
_BUILT_IN: Final = {
    **{str(number): "date" for number in _DATES},
    **{str(number): "time" for number in _TIMES},
    "9": "percent",
    "10": "percent",
}
"""Number formats that a workbook need not define (ECMA-376 part 1, 18.8.30)."""
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def _shown(code: str) -> str:
    """What a number format shows.

    >>> _shown('[$-404]e"年"m"月"d"日"'), _shown("0.0%"), _shown("#,##0.00E+00"), _shown("h:mm"), _shown('0 "d"')
    ('date', 'percent', '', 'time', '')
    """
    bare = _QUOTED.sub("", code.partition(";")[0]).lower()
    if "general" in bare:
        return ""
    if "y" in bare or "d" in bare or re.search(r"e(?![+-])|g", bare):
        return "date"
    if "h" in bare or "s" in bare:
        return "time"
    if "m" in bare:
        return "date"
    return "percent" if "%" in bare else ""


class _SheetReader:
    """Takes in the XML of one sheet."""

    def __init__(self, book: _Book, name: str) -> None:
        self.book = book
        self.sheet = Sheet(name)
        self.row = self.column = 0
        self.reference, self.type, self.style = "", "", ""
        self.pieces: list[str] = []
        self.inside = self.in_data = self.phonetic = False
        self.has_value = self.formula = False
        self.room = _MERGED_TOTAL

    def read(self, part: str) -> Sheet:
        self.book.package.parse(part, self.start, self.end, self.write)
        return self.sheet

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "c":
            if "r" not in values:
                self._settle()
                self.column += 1
            self.reference = values.get("r", "")
            self.type, self.style = values.get("t", "n"), values.get("s", "0")
            self.pieces.clear()
            self.has_value = self.formula = False
        elif tag == "v" or (tag == "t" and not self.phonetic):
            self.inside = self.in_data
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self._settle()
            self.row = int(values["r"]) if "r" in values else self.row + 1
            self.column = 0
        elif tag == "rPh":
            self.phonetic = True
        elif tag == "sheetData":
            self.in_data = True
        elif tag == "mergeCell":
            self._merge(values.get("ref", ""))

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self.has_value = self.has_value or self.inside
            self.inside = False
        elif tag == "c" and self.in_data and (self.pieces or self.formula):
            self._keep("".join(self.pieces))
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "sheetData":
            self.in_data = False

    def write(self, words: str) -> None:
        if self.inside:
            self.pieces.append(words)

    def _settle(self) -> None:
        """Work out the position; blank cells, of which there may be a million, do without."""
        if self.reference:
            self.row, self.column = _position(self.reference)
            self.reference = ""

    def _keep(self, raw: str) -> None:
        kind, value = self._value(raw)
        if value == "":
            return
        self._settle()
        self.book.cells += 1
        if self.book.cells > self.book.package.limits.cells:
            raise self.book.package.too_large()
        cell = Cell(self.row, self.column, kind, value, self.formula)
        self.sheet.rows.setdefault(self.row, {})[self.column] = cell

    def _value(self, raw: str) -> tuple[CellKind, str | Decimal | date | bool]:
        if self.formula and not raw and not (self.has_value and self.type == "str"):
            return CellKind.UNCACHED, "="
        if self.type == "s":
            index = int(raw)
            if not 0 <= index < len(self.book.texts):
                raise ValueError("a cell names a text that is not there")
            words = self.book.texts[index]
            return CellKind.TEXT, words if words.strip() else ""
        if self.type in {"str", "inlineStr"}:
            return CellKind.TEXT, _decoded(raw) if raw.strip() else ""
        if self.type == "e":
            return CellKind.ERROR, raw.strip() or "#VALUE!"
        if self.type == "b":
            return CellKind.TRUTH, raw.strip().lower() in {"1", "true"}
        try:
            if self.type == "d":
                return CellKind.DATE, date.fromisoformat(raw.strip()[:10])
            number = float(raw)
        except ValueError:
            # Some program wrote words where a number belongs; a person will see them, so they are kept as words.
            return CellKind.TEXT, raw if raw.strip() else ""
        return self._number(number)

    def _number(self, number: float) -> tuple[CellKind, str | Decimal | date | bool]:
        if not -1e300 < number < 1e300:
            return CellKind.ERROR, "#NUM!"
        value = Decimal(repr(number))
        if self.formula or len(value.as_tuple().digits) > _TYPED_DIGITS:
            # What stands behind the 15 digits that Excel shows is noise of binary arithmetic.
            value = Decimal(f"{number:.15g}")
        style = int(self.style)
        shown = self.book.formats[style] if 0 <= style < len(self.book.formats) else ""
        if shown == "date":
            day = serial_date(number, since_1904=self.book.since_1904)
            return (CellKind.DATE, day) if day is not None else (CellKind.NUMBER, value)
        if shown == "time":
            minutes = round(number * 24 * 60)
            return CellKind.TIME, f"{minutes // 60}:{minutes % 60:02d}"
        return (CellKind.PERCENT if shown == "percent" else CellKind.NUMBER), value

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = _position(first)
        bottom, right = _position(last or first)
        size = (bottom - top + 1) * (right - left + 1)
        if size < 2 or size > _MERGED_CELLS or size > self.room:
            return
        self.room -= size
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    self.sheet.merged[row, column] = top, left
