"""``openrecp example``: list the built-in examples, or write one to a folder."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from openrecp.assessment.examples import EXAMPLES, example_files
from openrecp.cli.console import Console
from openrecp.cli.saving import save_files
from openrecp.errors import UnusableInput, problem
from openrecp.texts import Text, text


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """Which example, and where to."""
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help=words(text("the example to write; without it they are listed")),
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path(),
        help=words(text("folder to write to; here by default")),
    )
    parser.add_argument("--force", action="store_true", help=words(text("replace files that exist")))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List or write."""
    if arguments.name is None:
        rows = [(name, console.say(summary)) for name, summary in EXAMPLES.items()]
        console.table((text("Example"), text("What it shows")), rows)
        console.line(text("Write one with: openrecp example NAME --out DIR"))
        return 0
    if arguments.name not in EXAMPLES:
        raise UnusableInput(
            problem(
                "unknown-example",
                "There is no example “{name}”. Choose from {known}.",
                name=arguments.name,
                known=list(EXAMPLES),
            )
        )
    with console.step(text("Writing {file}", file=arguments.name)):
        contents = example_files(arguments.name)
        written = save_files(arguments.out, contents, force=arguments.force)
    for path in written:
        console.line(text("Written: {file}", file=str(path)))
    return 0
