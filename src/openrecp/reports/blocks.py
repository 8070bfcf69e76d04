"""What a report is made of, before any file format: frozen blocks that every writer understands.

Content is built once from these and written four times. Nothing here is rendered yet: words are
``Text`` (or ``Choice``, or the user's own ``str``), numbers are ``Figure``, and the language of the
report decides how they read. A ``Text`` may hold a ``Figure`` or a ``Reference`` as a value, so that

    text("The plant loses {loss} a year, see {where}.", loss=figure, where=Reference("streams"))

reads as a sentence in either language, with the figure's unit and the right table number.
Control characters in the user's words are removed by the writers; content need not care.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from openrecp.figures import Figure
from openrecp.reports.charts.specs import Chart
from openrecp.reports.workings import SumAbove, Working, Worth
from openrecp.texts import Choice, Language, Text, text


class Missing(Choice):
    """A cell that should hold something and does not; shown as a marked gap, never as zero."""

    MISSING = "missing", text("not given")


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a table, picture or section by its ``key``; reads “Table 3”, 「圖 2」, “section 4.1”."""

    key: str


Words = str | Text
"""What is read as words: the user's own text, a translated message, or a choice."""

Part = str | Text | Figure | Reference
"""What may stand in running text."""

Cell = str | Text | Figure | Reference | int | float | Decimal | date | None
"""What may stand in a table cell: ``None`` leaves it empty, ``MISSING`` marks a gap."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph; ``strong`` is the only emphasis (by weight, never by slant)."""

    content: Part
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. Build it with :func:`paragraph`.

    ``lead`` is the larger opening text of a section, ``note`` the small print below something.
    """

    runs: tuple[Run, ...]
    style: Literal["body", "lead", "note"] = "body"


def strong(content: Part) -> Run:
    """A piece of text that stands out by weight."""
    return Run(content, strong=True)


def paragraph(*parts: Part | Run, style: Literal["body", "lead", "note"] = "body") -> Paragraph:
    """A paragraph from pieces that are put side by side without any space added.

    >>> paragraph("a", strong("b")).runs
    (Run(content='a', strong=False), Run(content='b', strong=True))
    """
    runs = tuple(part if isinstance(part, Run) else Run(part) for part in parts)
    return Paragraph(runs, style)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short paragraphs; ``ordered`` numbers them."""

    items: tuple[Paragraph, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    header : Words
        Its heading, without the unit.
    unit : str
        Unit of its figures, printed under the heading; a figure in another unit shows its own.
    align : {"auto", "left", "right", "centre"}
        ``auto`` puts columns of numbers to the right and words to the left.
    share : float
        Width relative to the other columns.
    digits : int or None
        Decimals of its numbers; None lets each figure decide.
    """

    header: Words
    unit: str = ""
    align: Literal["auto", "left", "right", "centre"] = "auto"
    share: float = 1.0
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: ``total`` rows are set off, a ``group`` row has one cell that spans the table.

    ``key`` names the row within its table for the ``working`` of others, which says how a row follows from them.
    """

    cells: tuple[Cell, ...]
    kind: Literal["body", "total", "group"] = "body"
    key: str = ""
    working: Working | None = None


def row(*cells: Cell) -> Row:
    """An ordinary row."""
    return Row(cells)


def total(*cells: Cell) -> Row:
    """A row of totals."""
    return Row(cells, "total")


def sum_above(*cells: Cell) -> Row:
    """A row of totals that adds up the rows right above it."""
    return Row(cells, "total", working=SumAbove())


def group(heading: Words) -> Row:
    """A row that opens a group of rows."""
    return Row((heading,), "group")


@dataclass(frozen=True, slots=True)
class Table:
    """A numbered table; its header is repeated on every page it runs over.

    A legend of the bases (measured, estimated…) is added by itself where figures bear a mark.

    Attributes
    ----------
    title : Words
        Caption, without number; best a statement.
    columns, rows
        Every row but a ``group`` row has one cell a column.
    key : str
        What a :class:`Reference` points at; also the name of its worksheet in XLSX. Unique in the report.
    notes : tuple of Words
        Small print below.
    empty : Words
        What is said when there are no rows.
    continues : int
        How many leading columns repeat those of the table before, which this one carries on in breadth; a
        workbook has room to join them. Zero for a table of its own.
    worth : Worth or None
        What its yearly cash flows come to.
    """

    title: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    key: str = ""
    notes: tuple[Words, ...] = ()
    empty: Words = ""
    continues: int = 0
    worth: Worth | None = None

    def __post_init__(self) -> None:
        for number, each in enumerate(self.rows, 1):
            expected = 1 if each.kind == "group" else len(self.columns)
            if len(each.cells) != expected:
                raise ValueError(f"row {number} has {len(each.cells)} cells, expected {expected}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A numbered picture whose title states the conclusion.

    Attributes
    ----------
    title : Words
        The conclusion, as a sentence: “Rinse water is 41 % of what waste costs”.
    chart : Chart
        One of the chart specifications of ``openrecp.reports.charts.specs``.
    description : Words
        Text alternative: what a reader who cannot see the picture needs to know.
    data : Table or None
        The table behind the picture: folded below it in HTML, a sheet in XLSX; in DOCX and PDF it is
        printed only where ``print_data`` is set, as the evidence is mostly in a table nearby. Not numbered.
    """

    title: Words
    chart: Chart
    description: Words
    data: Table | None = None
    key: str = ""
    notes: tuple[Words, ...] = ()
    print_data: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure: what it is, how much, and one line of context."""

    label: Words
    figure: Figure | Words
    note: Words = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Two to four cards side by side; more wrap into the next line."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A framed remark: a ``finding``, a ``caution``, or a ``decision`` somebody has to take."""

    kind: Literal["finding", "caution", "decision"]
    blocks: tuple[Paragraph | Bullets, ...]
    heading: Words = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: what, by whom, when."""

    action: Words
    who: Words = ""
    when: Words = ""
    detail: Words = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered things to do, such as what happens on Monday."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block starts a new page where there are pages."""


@dataclass(frozen=True, slots=True)
class TableOfContents:
    """The list of sections with their pages; usually after the one-page summary."""

    depth: int = 2


Block = Paragraph | Bullets | Table | Picture | KeyFigures | Callout | Steps | PageBreak | TableOfContents


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it.

    Attributes
    ----------
    heading : Words
        Without number; numbers are given by the report.
    level : int
        1 to 3; sections are a flat list in reading order.
    numbered : bool
        False for the summary and the like.
    new_page : bool
        Start on a new page.
    """

    heading: Words
    blocks: tuple[Block, ...] = ()
    level: int = 1
    key: str = ""
    numbered: bool = True
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report, ready for any writer.

    Attributes
    ----------
    title, subtitle : Words
        On the cover and in the running header.
    firm : Words
        Who writes the report (the adviser).
    plant : Words
        Whom it is about.
    day : date or None
        Date of the report.
    mark : Words
        Confidentiality mark; on the cover and every page. Empty for none.
    logo : bytes or None
        PNG, JPEG or SVG of the adviser.
    language : Language
        The language it is written in.
    sections, appendices : tuple of Section
        Appendices are lettered A, B, C.
    details : tuple of (Words, Words)
        Further lines of the cover: label and what it says (assessment period, version, contact office).
    """

    title: Words
    plant: Words
    language: Language
    sections: tuple[Section, ...]
    appendices: tuple[Section, ...] = ()
    subtitle: Words = ""
    firm: Words = ""
    day: date | None = None
    mark: Words = ""
    logo: bytes | None = None
    details: tuple[tuple[Words, Words], ...] = ()
