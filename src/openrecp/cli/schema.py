"""``openrecp schema``: the JSON schema of the assessment document."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from openrecp.assessment.document import assessment_schema
from openrecp.cli.console import Console
from openrecp.texts import Text


def add_arguments(_parser: argparse.ArgumentParser, _words: Callable[[Text], str]) -> None:
    """It takes nothing."""


def run(_arguments: argparse.Namespace, console: Console) -> int:
    """Print the schema."""
    console.line(json.dumps(assessment_schema(), ensure_ascii=False, indent=2))
    return 0
