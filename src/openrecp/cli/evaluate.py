"""``openrecp evaluate``: streams ranked, options screened and costed."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from openrecp.assessment.evaluation import Evaluation, evaluate
from openrecp.assessment.evaluation.json import evaluation_json
from openrecp.assessment.evaluation.option_results import Fate, OptionEconomics, OptionResult, SetEconomics
from openrecp.assessment.files import AssessmentReading, read_assessment
from openrecp.assessment.plain import issue_data
from openrecp.cli.check import attention
from openrecp.cli.console import Console
from openrecp.cli.explain import explain_figures
from openrecp.economics import Mode
from openrecp.errors import Issue, Severity
from openrecp.figures import Figure, show
from openrecp.texts import Text, text


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """The file, the conventions, the form of the output."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=words(text("workbook (.xlsx) or document (.json)"))
    )
    add_mode(parser, words)
    parser.add_argument(
        "--explain",
        action="store_true",
        help=words(text("open every figure: formula, inputs and their source")),
    )
    parser.add_argument("--json", action="store_true", help=words(text("print JSON instead of tables")))


def add_mode(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """``--mode``, as several commands take it."""
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.TEXTBOOK.value,
        help=words(text("conventions: textbook, or those of the 1988 EPA manual; the default is textbook")),
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Evaluate and show; exit code 1 when findings need attention."""
    with console.step(text("Reading {file}", file=arguments.file.name)):
        reading = read_assessment(arguments.file)
    with console.step(text("Evaluating")):
        evaluation = evaluated(reading, arguments.mode)
    issues = (*reading.issues, *evaluation.issues)
    if arguments.json:
        data = evaluation_json(evaluation, console.language)
        data["reading_issues"] = [issue_data(issue, console.language) for issue in reading.issues]
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        show_findings(evaluation, console)
        if arguments.explain:
            _explain(evaluation, reading, console)
        show_issue_summary(issues, console)
    return attention(issues)


def evaluated(reading: AssessmentReading, mode: str = Mode.TEXTBOOK) -> Evaluation:
    """The evaluation of what was read, its findings at the cells of the workbook."""
    evaluation = evaluate(reading.assessment, mode=mode)
    return replace(evaluation, issues=reading.placed(evaluation.issues))


def show_findings(evaluation: Evaluation, console: Console) -> None:
    """What the plant loses, what to do about it, and what that returns: payback first."""
    cover = evaluation.assessment.cover
    console.heading(" · ".join(name for name in (cover.firm, cover.plant) if name) or text("Assessment"))
    if not (evaluation.streams or evaluation.options):
        console.line(text("  Nothing to evaluate yet: enter waste streams and options."))
    _show_streams(evaluation, console)
    _show_options(evaluation, console)
    _show_selected(evaluation, console)


def _explain(evaluation: Evaluation, reading: AssessmentReading, console: Console) -> None:
    """Every figure shown, opened down to the cells it comes from."""
    opened: set[int] = set()
    for title, figures in _figures_by_subject(evaluation):
        console.heading(title)
        explain_figures(figures, console, reading.cell_of, opened)


def _figures_by_subject(evaluation: Evaluation) -> Iterator[tuple[Text | str, tuple[Figure, ...]]]:
    for stream in evaluation.streams:
        scored = () if stream.standing is None else (stream.standing.score,)
        figures = (stream.generation, stream.total_cost, stream.share, *scored)
        yield f"{stream.number} {stream.name}", figures
    if evaluation.streams:
        yield text("All waste streams together"), (evaluation.stream_totals.total_cost,)
    for options in evaluation.options_by_fate.values():
        for option in options:
            scored = () if option.standing is None else (option.standing.score,)
            if option.economics is not None or scored:
                yield f"{option.number} {option.name}", (*_decisive(option.economics), *scored)
    if evaluation.selected is not None:
        yield text("What is to be carried out, taken together"), _decisive(evaluation.selected)


def _decisive(economics: OptionEconomics | SetEconomics | None) -> tuple[Figure, ...]:
    """The figures a decision is made on, payback first."""
    if economics is None:
        return ()
    return (economics.payback, economics.capital, economics.net_saving, economics.npv, economics.irr)


def _cell(figure: Figure, console: Console, digits: int | None = None) -> str:
    return "–" if figure.value is None else show(figure, console.language, digits)


def _show_streams(evaluation: Evaluation, console: Console) -> None:
    if not evaluation.streams:
        return
    console.heading(text("Waste streams: what they cost a year, and in which order to take them"))
    rows = [
        (
            stream.number,
            stream.name,
            _cell(stream.generation, console),
            _cell(stream.total_cost, console),
            _cell(stream.share, console, 0),
            "–" if stream.standing is None else _cell(stream.standing.score, console),
            _rank(
                stream.standing.rank if stream.standing else None,
                bool(stream.standing and stream.standing.tied),
            ),
        )
        for stream in evaluation.streams
    ]
    headers = (
        "",
        text("Waste stream"),
        text("A year"),
        text("Cost a year"),
        text("Share"),
        "Σ R×W",
        text("Rank"),
    )
    console.table(headers, rows, right=(2, 3, 4, 5, 6))
    totals = evaluation.stream_totals.total_cost
    console.line(text("  All streams together: {total} a year", total=_cell(totals, console)))


def _rank(rank: int | None, tied: bool) -> str:
    return "–" if rank is None else f"{rank}{'=' if tied else ''}"


def _show_options(evaluation: Evaluation, console: Console) -> None:
    if not evaluation.options:
        return
    console.heading(text("Options: payback first"))
    if evaluation.mode is not Mode.TEXTBOOK:
        console.line(text("  {mode}; the report sets both conventions side by side.", mode=evaluation.mode))
    rows = []
    for options in evaluation.options_by_fate.values():
        for option in sorted(options, key=_payback):
            figures = _decisive(option.economics)
            shown = [_cell(figure, console) for figure in figures] or ["–"] * 5
            if option.fate is Fate.IMMEDIATE or (figures and figures[0].value == 0):
                shown[0] = console.say(text("at once"))
            rows.append((option.number, option.name, console.say(option.fate), *shown))
    headers = (
        "",
        text("Option"),
        text("Result"),
        text("Payback"),
        text("Capital"),
        text("Net saving a year"),
        text("NPV"),
        text("IRR"),
    )
    console.table(headers, rows, right=(3, 4, 5, 6, 7))


def _payback(option: OptionResult) -> float:
    """What options of one fate are listed by; those without a payback stay at the end, as entered."""
    value = None if option.economics is None else option.economics.payback.value
    return math.inf if value is None else float(value)


def _show_selected(evaluation: Evaluation, console: Console) -> None:
    selected = evaluation.selected
    if selected is None:
        return
    console.heading(
        text("What is to be carried out, taken together: {options}", options=list(selected.options))
    )
    rows = [(console.say(figure.name), show(figure, console.language)) for figure in _decisive(selected)]
    console.table((text("Figure"), text("Value")), rows, right=(1,))
    for left in selected.left_out:
        console.line(text("  Not in this sum: {option}, {reason}.", option=left.number, reason=left.reason))
    for caution in selected.cautions:
        console.line(f"  {console.say(caution)}")


def show_issue_summary(issues: tuple[Issue, ...], console: Console) -> None:
    """The errors themselves, and a count of the rest."""
    grave = tuple(issue for issue in issues if issue.severity is Severity.ERROR)
    if issues:
        console.heading(text("Findings about the data: {counts}", counts=console.counts(issues)))
        console.issues(grave[:20])
        if len(issues) > len(grave[:20]):
            console.line(text("  “openrecp check FILE” lists all of them."))
