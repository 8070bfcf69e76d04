"""``openrecp demo``: the built-in plant evaluated, its findings printed, its report written."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from openrecp.assessment.examples import example_assessment
from openrecp.assessment.files import read_assessment
from openrecp.assessment.workbook.writer import write_workbook
from openrecp.cli.console import Console
from openrecp.cli.evaluate import evaluated, show_findings
from openrecp.cli.report import save_report
from openrecp.cli.saving import save_file
from openrecp.reports.content import build_report
from openrecp.reports.writers import WRITERS
from openrecp.texts import Text, text

PLANT = "metal-finishing"


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """Where to write."""
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("demo"),
        help=words(text("folder to write to; “demo” by default, its files are replaced")),
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the plant's workbook, read it back as anyone's would be, and report on it."""
    workbook = arguments.out / f"{PLANT}.xlsx"
    with console.step(text("Writing {file}", file=str(workbook))):
        save_file(workbook, write_workbook(example_assessment(PLANT, arguments.lang), arguments.lang))
    with console.step(text("Reading {file}", file=str(workbook))):
        reading = read_assessment(workbook)
    with console.step(text("Evaluating")):
        evaluation = evaluated(reading)
        report = build_report(evaluation, arguments.lang, reading_issues=reading.issues)
    show_findings(evaluation, console)
    written = save_report(report, arguments.out, PLANT, tuple(WRITERS), console, force=True)
    console.heading(text("Open these"))
    for path in (workbook, *written):
        console.line(f"  {path.resolve()}")
    console.line()
    console.line(text("Next: “openrecp template” writes an empty workbook for your own plant."))
    return 0
