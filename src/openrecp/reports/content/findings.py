"""Appendix: what was found about the data, by severity, each with its place."""

from __future__ import annotations

from collections.abc import Sequence

from openrecp.errors import Issue, Severity
from openrecp.reports.blocks import Block, Column, Section, Table, paragraph, row
from openrecp.reports.content.phrases import finding
from openrecp.reports.places import place_words
from openrecp.texts import text

_TITLES = {
    Severity.ERROR: text("To be corrected: these entries could not be used"),
    Severity.WARNING: text("To be checked: these entries contradict each other, or something is missing"),
    Severity.NOTE: text("To be known"),
}


def finding_section(issues: Sequence[Issue]) -> Section:
    """One table a severity; a sentence where nothing was found."""
    blocks: list[Block] = []
    for severity, title in _TITLES.items():
        found = [issue for issue in issues if issue.severity is severity]
        if found:
            columns = (Column(text("Place"), share=1.3), Column(text("Finding"), share=3))
            rows = tuple(row(place_words(issue.where), finding(issue)) for issue in found)
            blocks.append(Table(title, columns, rows, key=f"findings-{severity.value}"))
    if not blocks:
        blocks.append(paragraph(text("The data were checked; nothing was found that needs attention.")))
    return Section(text("Findings about the data"), tuple(blocks), key="findings", new_page=True)
