"""``openrecp economics``: what one case returns and how sure that is, or which of several cases to choose."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from openrecp.assessment.case_file import read_case
from openrecp.cli.console import Console
from openrecp.cli.economics.asked import Asked, add_arguments, asked_of
from openrecp.cli.economics.choosing import show_choice, show_overview
from openrecp.cli.economics.data import case_data
from openrecp.cli.economics.data_choice import cases_data, choice_data
from openrecp.cli.economics.one import CaseResults, case_results
from openrecp.cli.economics.several import Choice, choice_among
from openrecp.cli.economics.show import explain_case, explain_choice, show_asked, show_case
from openrecp.economics import Verdict
from openrecp.errors import Issue, UnusableInput
from openrecp.texts import text

__all__ = ["add_arguments", "run"]

Given = TypeVar("Given")
Made = TypeVar("Made")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Count and show; exit code 1 when a single case does not meet the owner's criteria, or no set is possible."""
    asked = asked_of(arguments)
    cases = _each(asked.files, read_case)
    results = _each(cases, lambda case: case_results(case, asked, console))
    choice = None
    if asked.is_choice:
        with console.step(text("Choosing")):
            choice = choice_among(results, asked)
    if asked.json:
        _print_json(results, choice, console)
    else:
        _show(results, choice, asked, console)
    not_met = len(results) == 1 and results[0].judgement.verdict is Verdict.NOT_MET
    impossible = choice is not None and choice.best.value is None
    return 1 if not_met or impossible else 0


def _each(given: Sequence[Given], make: Callable[[Given], Made]) -> list[Made]:
    """Make something of each; what is wrong with any of them is said together."""
    made: list[Made] = []
    issues: list[Issue] = []
    for one in given:
        try:
            made.append(make(one))
        except UnusableInput as error:
            issues += error.issues
    if issues:
        raise UnusableInput(issues)
    return made


def _print_json(results: Sequence[CaseResults], choice: Choice | None, console: Console) -> None:
    language = console.language
    if choice is None:
        data = case_data(results[0], language)
    elif len(results) == 1:
        data = {**case_data(results[0], language), "choice": choice_data(choice, language)}
    else:
        data = cases_data(results, choice, language)
    print(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def _show(results: Sequence[CaseResults], choice: Choice | None, asked: Asked, console: Console) -> None:
    if len(results) == 1:
        show_case(results[0], asked, console)
    else:
        show_overview(results, console)
        for each in results:
            show_asked(each, console, named=True)
    if choice is not None:
        show_choice(choice, console)
    if asked.explain:
        opened: set[int] = set()
        for each in results:
            explain_case(each, console, opened)
        if choice is not None:
            explain_choice(choice, console, opened)
