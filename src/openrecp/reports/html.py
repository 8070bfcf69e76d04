"""Writes a report as one HTML file: no script, no address, everything inside it.

Any figure that knows how it was found can be opened where it stands.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from importlib.resources import files
from typing import Final

from openrecp.figures import Figure, show
from openrecp.reports.blocks import Report
from openrecp.reports.charts.drawing import chart_svg
from openrecp.reports.logo import read_logo
from openrecp.reports.pages import (
    SetBlock,
    SetBreak,
    SetBullets,
    SetCallout,
    SetCard,
    SetCards,
    SetCell,
    SetContents,
    SetParagraph,
    SetPicture,
    SetReport,
    SetRow,
    SetSection,
    SetSteps,
    SetTable,
    Span,
)
from openrecp.reports.provenance import source_words
from openrecp.reports.typesetting import set_report
from openrecp.reports.wording import settled, speak
from openrecp.texts import Language, render

_MEDIA: Final = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
_DEEPEST: Final = 4
# Nothing may run or be fetched, whatever an assessment's words contain.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def write_html(report: Report) -> bytes:
    """The report as HTML in UTF-8.

    Raises
    ------
    UnusableInput
        If the logo is no picture.
    """
    page = set_report(report)
    writer = _Writer(page)
    style = (files("openrecp.reports") / "report.css").read_text("utf-8")
    title = escape(" – ".join(part for part in (page.title, page.plant) if part))
    sections = "\n".join(writer.section(each) for each in page.sections)
    # Said only where something can be opened.
    hint = (
        f'<p class="note hint">{escape(page.words["open"])}</p>\n'
        if '<details class="f">' in sections
        else ""
    )
    footer = f"<span>{escape(page.firm)}</span><span>{escape(page.mark)}</span>"
    return (
        f'<!DOCTYPE html>\n<html lang="{page.tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#report">{escape(page.words["skip"])}</a>\n{_cover(page)}\n'
        f'<main id="report" class="page">\n{hint}{sections}\n<footer>{footer}</footer>\n</main>\n</body>\n</html>\n'
    ).encode()


def _cover(page: SetReport) -> str:
    logo = read_logo(page.logo)
    top = escape(page.firm)
    if logo is not None:
        data = b64encode(logo.data).decode("ascii")
        top = f'<img src="data:{_MEDIA[logo.kind]};base64,{data}" alt="{escape(page.firm or page.title)}">'
    mark = f'<span class="confidential">{escape(page.mark)}</span>' if page.mark else ""
    subtitle = f'<p class="subtitle">{escape(page.subtitle)}</p>' if page.subtitle else ""
    lines = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
        for label, value in (
            (page.words["prepared_for"], page.plant),
            (page.words["prepared_by"], page.firm),
            (page.words["date"], page.day),
            *page.details,
        )
        if value
    )
    return (
        f'<header class="cover"><div><div class="top"><span>{top}</span>{mark}</div>'
        f"<h1>{escape(page.title)}</h1>{subtitle}<dl>{lines}</dl></div></header>"
    )


class _Writer:
    def __init__(self, page: SetReport) -> None:
        self.page = page
        self.language: Language = page.language

    def section(self, section: SetSection) -> str:
        level = section.level + 1
        start = ' class="new-page"' if section.new_page or (section.appendix and section.level == 1) else ""
        blocks = "\n".join(self.block(each) for each in section.blocks)
        identity = escape(section.id)
        return (
            f'<section{start} aria-labelledby="{identity}">\n'
            f'<h{level} id="{identity}">{escape(section.full_heading)}</h{level}>\n{blocks}\n</section>'
        )

    def block(self, block: SetBlock) -> str:
        match block:
            case SetParagraph():
                # A paragraph element may not hold one that opens; the browser would end it there.
                name = "div" if any(span.figure for span in block.spans) else "p"
                kind = "p" if block.style == "body" else f"p {block.style}"
                return f'<{name} class="{kind}">{self.spans(block.spans)}</{name}>'
            case SetBullets():
                name = "ol" if block.ordered else "ul"
                items = "".join(f"<li>{self.spans(item.spans)}</li>" for item in block.items)
                return f"<{name}>{items}</{name}>"
            case SetTable():
                return self.table(block)
            case SetPicture():
                return self.picture(block)
            case SetCards():
                return f'<div class="cards">{"".join(self.card(each) for each in block.cards)}</div>'
            case SetCallout():
                inner = "".join(self.block(each) for each in block.blocks)
                heading = f'<p class="kind">{escape(block.heading)}</p>'
                return f'<div class="callout {block.kind}" role="note">{heading}{inner}</div>'
            case SetSteps():
                return self.steps(block)
            case SetContents():
                return self.contents(block)
            case SetBreak():
                return ""

    def spans(self, parts: tuple[Span, ...]) -> str:
        written = []
        for part in parts:
            words = escape(part.words).replace("\n", "<br>")
            words = f"<strong>{words}</strong>" if part.strong else words
            written.append(self.opened(part.figure, words, part.mark, part.unsure))
        return "".join(written)

    def mark(self, letter: str, unsure: bool, meaning: str) -> str:
        if not letter:
            return ""
        kind = "unsure" if unsure else "sure"
        return f'<abbr class="b {kind}" title="{escape(meaning)}">{letter}</abbr>'

    def opened(self, figure: Figure | None, words: str, letter: str, unsure: bool) -> str:
        """The words of a figure, to be opened where there is something to see."""
        if figure is None:
            return words
        shown = self.mark(letter, unsure, render(figure.basis, self.language)) + words
        if not (figure.formula or figure.inputs or figure.source):
            return shown
        return f'<details class="f"><summary>{shown}</summary><div class="how">{self.how(figure, 1)}</div></details>'

    def how(self, figure: Figure, depth: int) -> str:
        """Name, formula, source and inputs of a figure, its inputs in the same way."""
        words, say = self.page.words, self.say
        entries = [(words["basis"], render(figure.basis, self.language))]
        if figure.formula is not None:
            entries.append((words["formula"], say(figure.formula)))
        if figure.source is not None:
            entries.append((words["source"], source_words(figure, self.language)))
        if figure.value is None and figure.reason is not None:
            entries.append((words["reason"], say(figure.reason)))
        lines = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in entries)
        if figure.inputs:
            items = "".join(f"<li>{self.input(each, depth + 1)}</li>" for each in figure.inputs)
            lines += f"<dt>{escape(words['inputs'])}</dt><dd><ul>{items}</ul></dd>"
        return f"<strong>{escape(say(figure.name))}</strong><dl>{lines}</dl>"

    def input(self, figure: Figure, depth: int) -> str:
        words = f"{escape(self.say(figure.name))}: {escape(self.say(show(settled(figure), self.language)))}"
        if depth > _DEEPEST or not (figure.formula or figure.inputs or figure.source):
            return words
        return f"<details><summary>{words}</summary>{self.how(figure, depth)}</details>"

    def say(self, item: object) -> str:
        return speak(item, self.language)

    def table(self, table: SetTable) -> str:
        caption = f'<span class="label">{escape(table.label)}</span> {escape(table.title)}'
        identity = escape(table.id)
        wide = " wide" if len(table.columns) > 7 else ""
        return (
            f'<div class="tabled{wide}"><p class="caption" id="{identity}">{caption}</p>'
            f"{self.grid(table, identity)}</div>{self.notes(table.notes, table.legend)}"
        )

    def grid(self, table: SetTable, caption: str) -> str:
        header = "".join(
            f'<th scope="col" class="{self.side(column.align)}">{escape(column.header)}'
            + (f'<span class="unit">{escape(column.unit)}</span>' if column.unit else "")
            + "</th>"
            for column in table.columns
        )
        whole = sum(column.share for column in table.columns)
        widths = "".join(f'<col style="width:{100 * column.share / whole:.1f}%">' for column in table.columns)
        rows = "".join(self.row(each, table) for each in table.rows)
        if not rows:
            rows = f'<tr><td colspan="{len(table.columns)}" class="note">{escape(table.empty)}</td></tr>'
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{caption}">'
            f"<table><colgroup>{widths}</colgroup><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def row(self, row: SetRow, table: SetTable) -> str:
        if row.kind == "group":
            span = len(table.columns)
            return f'<tr class="group"><th colspan="{span}" scope="rowgroup">{escape(row.cells[0].words)}</th></tr>'
        cells = []
        for index, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            # The first column names the row, unless it holds numbers.
            name = "th" if index == 0 and column.align == "left" else "td"
            scope = ' scope="row"' if name == "th" else ""
            cells.append(f'<{name}{scope} class="{self.side(column.align)}">{self.cell(cell)}</{name}>')
        kind = ' class="total"' if row.kind == "total" else ""
        return f"<tr{kind}>{''.join(cells)}</tr>"

    def side(self, align: str) -> str:
        return "words" if align == "left" else align

    def cell(self, cell: SetCell) -> str:
        words = escape(cell.words).replace("\n", "<br>")
        if cell.missing:
            words = f'<span class="missing">{words}</span>'
        return self.opened(cell.figure, words, cell.mark, cell.unsure)

    def notes(self, notes: tuple[str, ...], legend: tuple[tuple[str, str, bool], ...]) -> str:
        lines = [f"<p>{escape(note)}</p>" for note in notes]
        if legend:
            marks = " ".join(
                f"{self.mark(letter, unsure, meaning)}{escape(meaning)} &ensp;"
                for letter, meaning, unsure in legend
            )
            lines.append(f"<p>{marks}{escape(self.page.words['unmarked'])}</p>")
        return f'<div class="notes">{"".join(lines)}</div>' if lines else ""

    def picture(self, picture: SetPicture) -> str:
        svg = chart_svg(picture.chart, self.language, picture.title, picture.description, picture.id)
        label = f'<span class="label">{escape(picture.label)}</span> {escape(picture.title)}'
        identity = escape(picture.id)
        data = ""
        if picture.data is not None:
            summary = f'<summary id="{identity}-data">{escape(self.page.words["data"])}</summary>'
            grid = self.grid(picture.data, f"{identity}-data")
            under = self.notes(picture.data.notes, picture.data.legend)
            data = f'<details class="data">{summary}{grid}{under}</details>'
        return (
            f'<figure id="{identity}"><figcaption class="caption">{label}</figcaption>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(picture.label)}">{svg}</div></figure>'
            f"{self.notes(picture.notes, ())}{data}"
        )

    def card(self, card: SetCard) -> str:
        unit = f'<span class="unit">{escape(card.unit)}</span>' if card.unit else ""
        figure = self.opened(card.figure, escape(card.words) + unit, "", unsure=False)
        basis = ""
        if card.mark:
            basis = (
                f'<p class="small">{self.mark(card.mark, card.unsure, card.basis)}{escape(card.basis)}</p>'
            )
        note = f'<p class="small">{escape(card.note)}</p>' if card.note else ""
        label = f'<p class="what">{escape(card.label)}</p>'
        return f'<div class="card">{label}<div class="much">{figure}</div>{basis}{note}</div>'

    def steps(self, block: SetSteps) -> str:
        words = self.page.words
        items = []
        for step in block.steps:
            detail = f"<p>{escape(step.detail)}</p>" if step.detail else ""
            by = "".join(
                f"<p><span>{escape(label)}</span>{escape(value)}</p>"
                for label, value in ((words["who"], step.who), (words["when"], step.when))
                if value
            )
            items.append(
                f'<li><div><p><strong>{escape(step.action)}</strong></p>{detail}</div><div class="by">{by}</div></li>'
            )
        return f'<ol class="steps">{"".join(items)}</ol>'

    def contents(self, block: SetContents) -> str:
        items = "".join(
            f'<li class="l{section.level}"><a href="#{escape(section.id)}">{escape(section.full_heading)}</a></li>'
            for section in self.page.sections
            if section.level <= block.depth
        )
        heading = escape(self.page.words["contents"])
        return f'<nav aria-labelledby="contents"><h2 id="contents">{heading}</h2><ol>{items}</ol></nav>'
