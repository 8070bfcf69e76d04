"""The figures a decision is made on, and the verdict, on the screen: payback first."""

from __future__ import annotations

from collections.abc import Sequence

from openrecp.cli.console import Console
from openrecp.cli.economics.one import CaseResults
from openrecp.economics import AcceptanceCriteria, Check, Judgement, Mode
from openrecp.figures import Figure, show
from openrecp.texts import Text, text


def show_merit(results: CaseResults, console: Console) -> None:
    """Payback, net present value, internal rate, capital and saving, and what follows from the owner's criteria."""
    evaluation = results.evaluation
    mode = evaluation.conventions.mode or Mode.TEXTBOOK
    console.heading(text("{name}: {mode}", name=evaluation.project.name, mode=mode))
    first = len(evaluation.figures) - len(evaluation.merits.figures)
    _table(evaluation.figures[:first], text("Figure"), console)
    _show_judgement(results.judgement, results.case.criteria, console)
    console.heading(text("Other measures of merit"))
    _table(evaluation.merits.figures, text("Figure"), console)


def _table(figures: Sequence[Figure], title: Text, console: Console) -> None:
    """Figures by name and value; of those without a value the reason, in a sentence."""
    rows = [
        (console.say(figure.name), show(figure, console.language, digits(figure)))
        for figure in figures
        if figure.value is not None
    ]
    console.table((title, text("Value")), rows, right=(1,))
    for figure in figures:
        if figure.value is None:
            reason = "–" if figure.reason is None else figure.reason
            console.paragraph(text("{name}: none; {reason}.", name=figure.name, reason=reason))


def digits(figure: Figure) -> int | None:
    """Decimals of a figure where they are fixed."""
    return 2 if figure.unit in ("%", "yr") else None


def _show_judgement(judgement: Judgement, criteria: AcceptanceCriteria, console: Console) -> None:
    """The verdict and its reasons; with limits eased for less risk, the owner's and the eased side by side."""
    console.heading(judgement.verdict.label)
    for reason in judgement.reasons:
        console.paragraph(reason)
    if criteria.risk is None:
        return
    console.line()
    headers = (
        text("Criterion"),
        text("Found"),
        text("Owner's limit"),
        text("Accepted for less risk"),
        text("Met"),
    )
    rows = [_check_row(check, console) for check in judgement.checks]
    console.table(headers, rows, right=(1, 2, 3))


def _check_row(check: Check, console: Console) -> tuple[str, ...]:
    language = console.language
    found = check.figure
    eased = "–"
    if check.eased_limit is not None:
        eased = _limit(check.eased_figure or found, check.eased_limit, console)
    return (
        console.say(found.name),
        show(found, language, digits(found)) if found.value is not None else "–",
        _limit(found, check.limit, console),
        eased,
        console.say(_met(check)),
    )


def _limit(figure: Figure, limit: float, console: Console) -> str:
    sign = "≤" if figure.unit == "yr" else "≥"
    return f"{sign} {show(Figure(figure.name, limit, figure.unit), console.language, digits(figure))}"


def _met(check: Check) -> Text:
    if check.met is None:
        return text("cannot be judged")
    if check.met:
        return text("yes")
    return text("for less risk only") if check.eased_met else text("no")
