"""``openrecp schema``: the JSON schema of the assessment document, or of a flowsheet."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from openrecp.assessment.document import assessment_schema
from openrecp.assessment.flowsheets.document import flowsheet_schema
from openrecp.cli.console import Console
from openrecp.texts import Text, text


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """Of which document."""
    parser.add_argument(
        "--balance",
        action="store_true",
        help=words(text("of a flowsheet instead, as openrecp balance reads it")),
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the schema."""
    schema = flowsheet_schema() if arguments.balance else assessment_schema()
    console.line(json.dumps(schema, ensure_ascii=False, indent=2))
    return 0
