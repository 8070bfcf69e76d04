"""``openrecp check``: everything in a workbook that needs attention, with its place."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from openrecp import __version__
from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.files import read_assessment
from openrecp.assessment.plain import issue_data
from openrecp.cli.console import Console
from openrecp.errors import Issue, Severity
from openrecp.texts import Text, text


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """The file and the form of the output."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=words(text("workbook (.xlsx) or document (.json)"))
    )
    parser.add_argument("--json", action="store_true", help=words(text("print JSON instead of tables")))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List what could not be read, then what does not fit together; exit code 1 when anything needs attention."""
    with console.step(text("Reading {file}", file=arguments.file.name)):
        reading = read_assessment(arguments.file)
    with console.step(text("Checking")):
        found = (*reading.issues, *reading.placed(evaluate(reading.assessment).issues))
    if arguments.json:
        data = {"format": "openrecp-findings", "version": 1, "library": __version__}
        print(
            json.dumps(
                {**data, "issues": [issue_data(issue, console.language) for issue in found]},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        if reading.issues:
            console.heading(text("What could not be read as it stands"))
            console.issues(reading.issues)
        rest = found[len(reading.issues) :]
        if rest:
            console.heading(text("What does not fit together, or is missing"))
            console.issues(rest)
        console.line()
        console.line(text("{file}: {counts}", file=arguments.file.name, counts=console.counts(found)))
    return attention(found)


def attention(issues: tuple[Issue, ...]) -> int:
    """Exit code for these findings: notes need no attention."""
    return 1 if any(issue.severity is not Severity.NOTE for issue in issues) else 0
