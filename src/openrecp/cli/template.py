"""``openrecp template``: an empty workbook to fill in."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from openrecp.assessment.flowsheets.workbook_writer import flowsheet_template
from openrecp.assessment.spec import Currency
from openrecp.assessment.workbook.writer import write_template
from openrecp.cli.console import Console
from openrecp.cli.saving import refuse_overwriting, save_file
from openrecp.texts import Text, render, text


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """Which set, which currency, where to."""
    parser.add_argument(
        "--simplified", action="store_true", help=words(text("the 8 simplified worksheets instead of all 18"))
    )
    parser.add_argument(
        "--balance",
        action="store_true",
        help=words(
            text(
                "a workbook for a flowsheet: processes, streams and their measurements, for openrecp balance"
            )
        ),
    )
    parser.add_argument(
        "--currency",
        choices=[currency.value for currency in Currency],
        default=Currency.TWD.value,
        help=words(text("currency of the amounts; can be changed on the cover sheet")),
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help=words(text("file to write")))
    parser.add_argument("--force", action="store_true", help=words(text("replace files that exist")))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the workbook and say what to do with it."""
    if arguments.balance:
        return _flowsheet(arguments, console)
    simplified = text("simplified assessment") if arguments.simplified else text("assessment")
    path = arguments.out or Path(f"{render(simplified, arguments.lang).replace(' ', '-')}.xlsx")
    refuse_overwriting([path], force=arguments.force)
    with console.step(text("Writing the workbook")):
        content = write_template(
            simplified=arguments.simplified, language=arguments.lang, currency=Currency(arguments.currency)
        )
    save_file(path, content)
    console.line(text("Written: {file}", file=str(path)))
    console.line(
        text("Fill it in with Excel or LibreOffice, then run: openrecp check {file}", file=str(path))
    )
    return 0


def _flowsheet(arguments: argparse.Namespace, console: Console) -> int:
    """The workbook of a flowsheet; it names its currency itself."""
    path = arguments.out or Path(f"{render(text('flowsheet'), arguments.lang)}.xlsx")
    refuse_overwriting([path], force=arguments.force)
    save_file(path, flowsheet_template(arguments.lang))
    console.line(text("Written: {file}", file=str(path)))
    console.line(
        text("Fill it in with Excel or LibreOffice, then run: openrecp balance {file}", file=str(path))
    )
    return 0
