"""A report set for printing: every word rendered, every block numbered, nothing left to decide.

The writers differ only in how they draw these; what is said and numbered is settled here once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from openrecp.figures import Figure
from openrecp.reports.charts.specs import Chart
from openrecp.reports.workings import Working, Worth
from openrecp.texts import Language

_SHORT_ROWS: Final = 12
_SHORT_WORDS: Final = 900


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one weight; ``mark`` is the letter of the basis where the words are a figure."""

    words: str
    strong: bool = False
    mark: str = ""
    unsure: bool = False
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class SetParagraph:
    """Running text."""

    spans: tuple[Span, ...]
    style: Literal["body", "lead", "note"] = "body"

    @property
    def words(self) -> str:
        """The bare words."""
        return "".join(span.words for span in self.spans)


@dataclass(frozen=True, slots=True)
class SetBullets:
    """A list."""

    items: tuple[SetParagraph, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class SetCell:
    """A cell; ``value`` is the bare number or date for workbooks, ``missing`` a marked gap."""

    words: str
    mark: str = ""
    unsure: bool = False
    missing: bool = False
    figure: Figure | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class SetColumn:
    """A column with its side settled."""

    header: str
    unit: str
    align: Literal["left", "right", "centre"]
    share: float


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row of a table."""

    cells: tuple[SetCell, ...]
    kind: Literal["body", "total", "group"]
    key: str = ""
    working: Working | None = None


@dataclass(frozen=True, slots=True)
class SetTable:
    """``label`` is “Table 3”, empty for the data behind a picture."""

    id: str
    label: str
    title: str
    columns: tuple[SetColumn, ...]
    rows: tuple[SetRow, ...]
    notes: tuple[str, ...]
    legend: tuple[tuple[str, str, bool], ...]
    empty: str
    number: int = 0
    continues: int = 0
    worth: Worth | None = None

    @property
    def short(self) -> bool:
        """Whether it should stand on one page: a dozen rows without much to read in them."""
        words = (cell.words for row in self.rows for cell in row.cells)
        # A Chinese character takes the room of two or three letters, as in UTF-8.
        return len(self.rows) <= _SHORT_ROWS and sum(len(each.encode()) for each in words) <= _SHORT_WORDS


@dataclass(frozen=True, slots=True)
class SetPicture:
    """A picture, its number and its text alternative."""

    id: str
    label: str
    title: str
    description: str
    chart: Chart
    data: SetTable | None
    notes: tuple[str, ...]
    print_data: bool
    number: int = 0


@dataclass(frozen=True, slots=True)
class SetCard:
    """A key figure, number and unit apart."""

    label: str
    words: str
    unit: str
    note: str
    mark: str = ""
    basis: str = ""
    unsure: bool = False
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class SetCards:
    """Key figures side by side."""

    cards: tuple[SetCard, ...]


@dataclass(frozen=True, slots=True)
class SetCallout:
    """A framed remark with its heading."""

    kind: Literal["finding", "caution", "decision"]
    heading: str
    blocks: tuple[SetParagraph | SetBullets, ...]


@dataclass(frozen=True, slots=True)
class SetStep:
    """Something to do."""

    action: str
    who: str
    when: str
    detail: str


@dataclass(frozen=True, slots=True)
class SetSteps:
    """Numbered things to do."""

    steps: tuple[SetStep, ...]


@dataclass(frozen=True, slots=True)
class SetBreak:
    """A new page, where there are pages."""


@dataclass(frozen=True, slots=True)
class SetContents:
    """Where the table of contents stands."""

    depth: int


SetBlock = (
    SetParagraph
    | SetBullets
    | SetTable
    | SetPicture
    | SetCards
    | SetCallout
    | SetSteps
    | SetBreak
    | SetContents
)


@dataclass(frozen=True, slots=True)
class SetSection:
    """``number`` is “2.1”, “A” or empty; ``level`` never jumps."""

    id: str
    number: str
    heading: str
    level: int
    blocks: tuple[SetBlock, ...]
    new_page: bool
    appendix: bool = False

    @property
    def full_heading(self) -> str:
        """Number and heading."""
        return f"{self.number}  {self.heading}" if self.number else self.heading


@dataclass(frozen=True, slots=True)
class SetReport:
    """``words`` are the few phrases of the writers, by name, in the report's language."""

    language: Language
    title: str
    subtitle: str
    plant: str
    firm: str
    day: str
    mark: str
    logo: bytes | None
    details: tuple[tuple[str, str], ...]
    sections: tuple[SetSection, ...]
    words: dict[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The language tag of BCP 47."""
        return "zh-Hant-TW" if self.language == "zh-hant" else "en"
