"""``openrecp convert``: workbook to JSON and back, to the other language, to the full set."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from openrecp.assessment.document import Assessment, assessment_to_json
from openrecp.assessment.files import read_assessment
from openrecp.assessment.flowsheets.document import flowsheet_json
from openrecp.assessment.flowsheets.files import is_flowsheet_file, read_flowsheet
from openrecp.assessment.flowsheets.workbook_writer import flowsheet_workbook
from openrecp.assessment.workbook.writer import write_workbook
from openrecp.cli.console import Console
from openrecp.cli.saving import refuse_overwriting, save_file
from openrecp.errors import Severity, UnusableInput, Where, problem
from openrecp.texts import Language, Text, text


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """From where, to where, as what."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=words(text("workbook (.xlsx) or document (.json)"))
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        required=True,
        help=words(text("file to write; its ending, .xlsx or .json, decides the form")),
    )
    parser.add_argument(
        "--full", action="store_true", help=words(text("promote a simplified assessment to the full set"))
    )
    parser.add_argument("--force", action="store_true", help=words(text("replace files that exist")))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Read, change, write; what could not be understood on the way is listed."""
    out: Path = arguments.out
    refuse_overwriting([out], force=arguments.force)
    if is_flowsheet_file(arguments.file):
        return _convert_flowsheet(arguments, console)
    with console.step(text("Reading {file}", file=arguments.file.name)):
        reading = read_assessment(arguments.file)
    assessment = reading.assessment.promoted() if arguments.full else reading.assessment
    with console.step(text("Writing {file}", file=out.name)):
        save_file(out, _content(assessment, out, arguments.lang))
    console.issues(reading.issues)
    console.line(text("Written: {file}", file=str(out)))
    if arguments.full and reading.assessment.simplified:
        console.line(
            text(
                "The full set asks for more: until worksheet 13 says that an option is technically feasible, it is "
                "studied further and not recommended."
            )
        )
    return 1 if any(issue.severity is not Severity.NOTE for issue in reading.issues) else 0


def _convert_flowsheet(arguments: argparse.Namespace, console: Console) -> int:
    """A flowsheet from one form to another, as it was entered; YAML is read but not written."""
    out: Path = arguments.out
    with console.step(text("Reading {file}", file=arguments.file.name)):
        reading = read_flowsheet(arguments.file)
    ending = out.suffix.lower()
    if ending == ".json":
        content = flowsheet_json(reading.document).encode()
    elif ending == ".xlsx":
        content = flowsheet_workbook(reading.document, arguments.lang)
    else:
        raise _unknown_ending(out)
    save_file(out, content)
    console.issues(reading.issues)
    console.line(text("Written: {file}", file=str(out)))
    return 1 if any(issue.severity is not Severity.NOTE for issue in reading.issues) else 0


def _content(assessment: Assessment, out: Path, language: Language) -> bytes:
    ending = out.suffix.lower()
    if ending == ".json":
        return assessment_to_json(assessment).encode()
    if ending == ".xlsx":
        return write_workbook(assessment, language)
    raise _unknown_ending(out)


def _unknown_ending(out: Path) -> UnusableInput:
    return UnusableInput(
        problem(
            "unknown-ending",
            "The ending “{ending}” is not known. Write to a file that ends in .xlsx or .json.",
            where=Where(file=str(out)),
            ending=out.suffix.lower(),
        )
    )
