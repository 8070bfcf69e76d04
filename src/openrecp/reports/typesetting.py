"""Sets a report: renders all words, numbers sections, tables and pictures, resolves references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Final

from openrecp.figures import Basis, Figure, show, show_unit
from openrecp.reports.blocks import (
    MISSING,
    Block,
    Bullets,
    Callout,
    Card,
    Cell,
    Column,
    KeyFigures,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Reference,
    Report,
    Row,
    Section,
    Steps,
    Table,
    TableOfContents,
)
from openrecp.reports.marks import UNSURE, basis_mark, mark_legend
from openrecp.reports.pages import (
    SetBlock,
    SetBreak,
    SetBullets,
    SetCallout,
    SetCard,
    SetCards,
    SetCell,
    SetColumn,
    SetContents,
    SetParagraph,
    SetPicture,
    SetReport,
    SetRow,
    SetSection,
    SetStep,
    SetSteps,
    SetTable,
    Span,
)
from openrecp.reports.widths import fitted
from openrecp.reports.wording import printable, settled, speak
from openrecp.texts import Language, Text, format_number, render, text

NUMBER_HERE: Final = "\ue000"
COUNT_HERE: Final = "\ue001"
"""Stand-ins for the page number and the number of pages, which only the writer's program knows."""

_PHRASES: Final = {
    "contents": text("Contents"),
    "page": text("Page {page} of {pages}", page=NUMBER_HERE, pages=COUNT_HERE),
    "prepared_for": text("Prepared for"),
    "prepared_by": text("Assessed by"),
    "date": text("Date"),
    "missing": text("not given"),
    "who": text("Who"),
    "when": text("When"),
    "finding": text("Finding"),
    "caution": text("Caution"),
    "decision": text("Decision to take"),
    "data": text("Data behind the picture"),
    "formula": text("Formula"),
    "inputs": text("Made from"),
    "source": text("Source"),
    "basis": text("Basis"),
    "reason": text("Why there is no value"),
    "skip": text("Skip to the report"),
    "unmarked": text("no letter: calculated"),
    "back": text("Back to the summary"),
    "plan": text("Month plan"),
    "low": text("Low value"),
    "high": text("High value"),
    "rate": text("Discount rate"),
    "payback": text("Simple payback, years"),
    "npv": text("Net present value"),
    "irr": text("Internal rate of return"),
    "open": text("Figures with a dotted line can be opened to show how they were found."),
}


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Label of every key, and of every numbered block by identity."""

    by_key: dict[str, Text | str]
    by_block: dict[int, tuple[str, Text, int]]
    by_section: dict[int, tuple[str, str]]


def set_report(report: Report) -> SetReport:
    """The report with every word rendered and every block numbered.

    Raises
    ------
    ValueError
        If two blocks share a key, or a reference points at none.
    """
    return _Setter(report).whole()


class _Setter:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.language: Language = report.language
        self.numbers = _numbered(report)

    def whole(self) -> SetReport:
        report, say = self.report, self.say
        sections = tuple(self.section(each) for each in (*report.sections, *report.appendices))
        return SetReport(
            language=self.language,
            title=say(report.title),
            subtitle=say(report.subtitle),
            plant=say(report.plant),
            firm=say(report.firm),
            day=say(report.day),
            mark=say(report.mark),
            logo=report.logo,
            details=tuple((say(label), say(value)) for label, value in report.details),
            sections=_without_jumps(sections),
            words={name: render(phrase, self.language) for name, phrase in _PHRASES.items()},
        )

    def say(self, item: object) -> str:
        return speak(item, self.language, self.resolve)

    def resolve(self, item: object) -> object:
        if not isinstance(item, Reference):
            return item
        if item.key not in self.numbers.by_key:
            raise ValueError(f"reference to {item.key!r}, which is no key in the report")
        return self.numbers.by_key[item.key]

    def section(self, section: Section) -> SetSection:
        identity, number = self.numbers.by_section[id(section)]
        return SetSection(
            id=identity,
            number=number,
            heading=self.say(section.heading),
            level=section.level,
            blocks=tuple(self.block(each) for each in section.blocks),
            new_page=section.new_page,
            appendix=any(section is each for each in self.report.appendices),
        )

    def block(self, block: Block) -> SetBlock:
        match block:
            case Paragraph() | Bullets():
                return self.text_block(block)
            case Table():
                return self.table(block)
            case Picture():
                return self.picture(block)
            case KeyFigures():
                return SetCards(tuple(self.card(each) for each in block.cards))
            case Callout():
                heading = self.say(block.heading) or render(_PHRASES[block.kind], self.language)
                return SetCallout(block.kind, heading, tuple(self.text_block(each) for each in block.blocks))
            case Steps():
                say = self.say
                return SetSteps(
                    tuple(
                        SetStep(say(each.action), say(each.who), say(each.when), say(each.detail))
                        for each in block.steps
                    )
                )
            case PageBreak():
                return SetBreak()
            case TableOfContents():
                return SetContents(block.depth)

    def text_block(self, block: Paragraph | Bullets) -> SetParagraph | SetBullets:
        if isinstance(block, Bullets):
            return SetBullets(tuple(self.paragraph(each) for each in block.items), block.ordered)
        return self.paragraph(block)

    def paragraph(self, block: Paragraph) -> SetParagraph:
        return SetParagraph(tuple(self.span(run.content, run.strong) for run in block.runs), block.style)

    def span(self, content: Part, strong: bool) -> Span:
        words = self.say(content)
        if not isinstance(content, Figure) or settled(content).value is None:
            return Span(words, strong)
        mark = basis_mark(content.basis, self.language)
        return Span(words, strong, mark, content.basis in UNSURE, content)

    def card(self, card: Card) -> SetCard:
        label, note = self.say(card.label), self.say(card.note)
        if not isinstance(card.figure, Figure):
            return SetCard(label, self.say(card.figure), "", note)
        figure = settled(card.figure)
        if figure.value is None:
            return SetCard(label, "–", "", note or self.say(figure.reason), figure=figure)
        number, unit = _parted(figure, self.language, None)
        mark = basis_mark(figure.basis, self.language)
        basis = render(figure.basis, self.language)
        return SetCard(label, number, unit, note, mark, basis, figure.basis in UNSURE, figure)

    def picture(self, picture: Picture) -> SetPicture:
        identity, label, number = self.numbers.by_block[id(picture)]
        return SetPicture(
            id=identity,
            label=render(label, self.language),
            title=self.say(picture.title),
            description=self.say(picture.description),
            chart=picture.chart,
            data=None if picture.data is None else self.table(picture.data),
            notes=tuple(self.say(note) for note in picture.notes),
            print_data=picture.print_data,
            number=number,
        )

    def table(self, table: Table) -> SetTable:
        identity, label, number = self.numbers.by_block.get(id(table), (table.key, Text(""), 0))
        rows = tuple(self.row(each, table.columns) for each in table.rows)
        return SetTable(
            id=identity,
            label=render(label, self.language),
            title=self.say(table.title),
            columns=fitted(tuple(self.column(table, index) for index in range(len(table.columns))), rows),
            rows=rows,
            notes=tuple(self.say(note) for note in table.notes),
            legend=tuple(mark_legend(_bases(table), self.language)),
            empty=self.say(table.empty) or render(text("nothing was given"), self.language),
            number=number,
            continues=table.continues,
            worth=table.worth,
        )

    def column(self, table: Table, index: int) -> SetColumn:
        column = table.columns[index]
        align = column.align
        if align == "auto":
            cells = [row.cells[index] for row in table.rows if row.kind != "group"]
            align = "right" if _numeric(cells) else "left"
        return SetColumn(self.say(column.header), show_unit(column.unit, self.language), align, column.share)

    def row(self, row: Row, columns: tuple[Column, ...]) -> SetRow:
        cells = tuple(self.cell(cell, column) for cell, column in zip(row.cells, columns, strict=False))
        return SetRow(cells, row.kind, row.key, row.working)

    def cell(self, cell: Cell, column: Column) -> SetCell:
        if cell is MISSING:
            return SetCell(self.say(cell), missing=True)
        if isinstance(cell, Figure):
            return self.figure_cell(settled(cell), column)
        if isinstance(cell, float) and not isfinite(cell):
            return SetCell(self.say(MISSING), missing=True)
        if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
            return SetCell(format_number(cell, column.digits), value=cell)
        return SetCell(self.say(cell), value=cell if isinstance(cell, date) else None)

    def figure_cell(self, figure: Figure, column: Column) -> SetCell:
        if figure.value is None:
            return SetCell(self.say(figure.reason) or self.say(MISSING), missing=True, figure=figure)
        number, unit = _parted(figure, self.language, column.digits)
        same = figure.unit == column.unit
        return SetCell(
            number if same else f"{number} {unit}".strip(),
            mark=basis_mark(figure.basis, self.language),
            unsure=figure.basis in UNSURE,
            figure=figure,
            value=figure.value if same else None,
        )


def _parted(figure: Figure, language: Language, digits: int | None) -> tuple[str, str]:
    """Number and unit of a figure that has a value, as it is shown."""
    shown = printable(show(figure, language, digits))
    unit = show_unit(figure.unit, language)
    return (shown.removesuffix(unit).rstrip(), unit) if unit else (shown, "")


def _numeric(cells: list[Cell]) -> bool:
    """Whether a column holds numbers: at least one, and no words but marked gaps."""
    kept = [cell for cell in cells if cell is not None and cell is not MISSING and cell != ""]
    return bool(kept) and all(isinstance(cell, (Figure, int, float, Decimal)) for cell in kept)


def _bases(table: Table) -> Iterator[Basis]:
    for row in table.rows:
        for cell in row.cells:
            if isinstance(cell, Figure) and settled(cell).value is not None:
                yield cell.basis


def _numbered(report: Report) -> _Numbers:
    """One pass that numbers everything, in reading order."""
    numbers = _Numbers({}, {}, {})
    counts = {"table": 0, "picture": 0}
    levels = [0, 0, 0]
    for place, section in enumerate((*report.sections, *report.appendices)):
        if place == len(report.sections):
            levels = [0, 0, 0]
        number = _section_number(section, levels, appendix=place >= len(report.sections))
        numbers.by_section[id(section)] = (section.key or f"section-{place + 1}", number)
        _name(numbers, section.key, _section_label(section, number, place >= len(report.sections)))
        for block in section.blocks:
            if isinstance(block, Table):
                counts["table"] += 1
                label = text("Table {number}", number=str(counts["table"]))
                _enter(numbers, block, "table", label, counts["table"])
            elif isinstance(block, Picture):
                counts["picture"] += 1
                label = text("Figure {number}", number=str(counts["picture"]))
                _enter(numbers, block, "figure", label, counts["picture"])
    return numbers


def _enter(numbers: _Numbers, block: Table | Picture, kind: str, label: Text, number: int) -> None:
    numbers.by_block[id(block)] = (block.key or f"{kind}-{number}", label, number)
    _name(numbers, block.key, label)


def _name(numbers: _Numbers, key: str, label: Text | str) -> None:
    if not key:
        return
    if key in numbers.by_key:
        raise ValueError(f"the key {key!r} is used twice in the report")
    numbers.by_key[key] = label


def _section_number(section: Section, levels: list[int], *, appendix: bool) -> str:
    if not section.numbered:
        return ""
    depth = min(max(section.level, 1), 3) - 1
    levels[depth] += 1
    levels[depth + 1 :] = [0] * (2 - depth)
    parts = [str(max(level, 1)) for level in levels[: depth + 1]]
    if appendix:
        parts[0] = _letter(max(levels[0], 1))
    return ".".join(parts)


def _letter(number: int) -> str:
    """A, B … Z, AA, AB for the appendices."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _section_label(section: Section, number: str, appendix: bool) -> Text:
    if not number:
        return text("“{heading}”", heading=section.heading)
    if appendix:
        return text("appendix {number}", number=number)
    return text("section {number}", number=number)


def _without_jumps(sections: tuple[SetSection, ...]) -> tuple[SetSection, ...]:
    """Sections whose levels go down one step at a time, as readers of headings need."""
    depth, kept = 0, []
    for section in sections:
        level = min(max(section.level, 1), depth + 1, 3)
        depth = level
        kept.append(replace(section, level=level))
    return tuple(kept)
