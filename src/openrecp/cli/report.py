"""``openrecp report``: the report for management and the shop floor, in up to four formats."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from openrecp.assessment.files import read_assessment
from openrecp.cli.check import attention
from openrecp.cli.console import Console
from openrecp.cli.evaluate import add_mode, evaluated, show_issue_summary
from openrecp.cli.saving import save_files
from openrecp.errors import UnusableInput, Where, problem
from openrecp.reports.blocks import Report
from openrecp.reports.content import build_report
from openrecp.reports.writers import WRITERS, Format
from openrecp.texts import Text, text

_LARGEST_LOGO = 5_000_000


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """From what, to where, in which formats, with whose logo."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=words(text("workbook (.xlsx) or document (.json)"))
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help=words(text("folder to write to"))
    )
    parser.add_argument(
        "--format",
        metavar="docx,pdf,html,xlsx",
        default=",".join(WRITERS),
        help=words(text("formats to write, separated by commas; all four by default")),
    )
    parser.add_argument(
        "--logo", metavar="FILE", type=Path, help=words(text("the adviser's logo (PNG, JPEG or SVG)"))
    )
    parser.add_argument(
        "--adviser", metavar="NAME", help=words(text("who writes the report; printed on the cover"))
    )
    add_mode(parser, words)
    parser.add_argument("--force", action="store_true", help=words(text("replace files that exist")))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Read, evaluate, write; exit code 1 when findings need attention."""
    formats = formats_of(arguments.format)
    logo = logo_of(arguments.logo)
    with console.step(text("Reading {file}", file=arguments.file.name)):
        reading = read_assessment(arguments.file)
    with console.step(text("Evaluating")):
        evaluation = evaluated(reading, arguments.mode)
        report = build_report(
            evaluation,
            arguments.lang,
            logo=logo,
            firm=arguments.adviser,
            reading_issues=reading.issues,
        )
    written = save_report(report, arguments.out, arguments.file.stem, formats, console, force=arguments.force)
    for path in written:
        console.line(text("Written: {file}", file=str(path)))
    issues = (*reading.issues, *evaluation.issues)
    show_issue_summary(issues, console)
    return attention(issues)


def save_report(
    report: Report, directory: Path, stem: str, formats: tuple[Format, ...], console: Console, *, force: bool
) -> list[Path]:
    """Write the report in each format as ``stem-report.ending``."""
    name = console.say(text("{name}-report", name=stem)).replace(" ", "-")
    contents = {}
    for ending in formats:
        with console.step(text("Writing {format}", format=ending.upper())):
            contents[f"{name}.{ending}"] = WRITERS[ending](report)
    return save_files(directory, contents, force=force)


def formats_of(words: str) -> tuple[Format, ...]:
    """The formats asked for, each once.

    Raises
    ------
    UnusableInput
        Naming every format that is not known.
    """
    asked = tuple(
        dict.fromkeys(word.strip().lower().lstrip(".") for word in words.split(",") if word.strip())
    )
    unknown = [word for word in asked if word not in WRITERS]
    if unknown or not asked:
        raise UnusableInput(
            problem(
                "unknown-format",
                "The format “{format}” is not known. Choose from {known}.",
                format=unknown or words,
                known=list(WRITERS),
            )
        )
    return tuple(form for form in WRITERS if form in asked)


def logo_of(path: Path | None) -> bytes | None:
    """The bytes of a logo.

    Raises
    ------
    UnusableInput
        If it is not a picture, or too large.
    """
    if path is None:
        return None
    content = path.read_bytes()
    picture = content.startswith((b"\x89PNG", b"\xff\xd8\xff")) or b"<svg" in content[:2000]
    if not picture or len(content) > _LARGEST_LOGO:
        raise UnusableInput(
            problem(
                "logo-unusable",
                "The logo must be a PNG, JPEG or SVG file of at most 5 MB.",
                where=Where(file=str(path)),
            )
        )
    return content
