"""``openrecp balance``: where everything goes, what is lost, and whether it is a loss or a meter."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from openrecp.balances.analysis import BalanceAnalysis, analyse_balance
from openrecp.balances.cost_data import CostData
from openrecp.balances.what_if import WhatIf
from openrecp.cli.balance.answer import show_heading, show_losses, show_suspects
from openrecp.cli.balance.asked import Asked, add_arguments, asked_of, changes_of, streams_of
from openrecp.cli.balance.changing import changed, impossible, show_what_if
from openrecp.cli.balance.costs import show_costs
from openrecp.cli.balance.data import balance_data
from openrecp.cli.balance.given import Given, given_in
from openrecp.cli.balance.measuring import show_measuring
from openrecp.cli.balance.pictures import save_pictures
from openrecp.cli.balance.tables import show_closures, show_values
from openrecp.cli.console import Console
from openrecp.cli.saving import refuse_overwriting
from openrecp.errors import Issue, Severity, UnusableInput
from openrecp.reports.balance_flows import component_key
from openrecp.texts import text

__all__ = ["add_arguments", "run"]


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Balance and show; exit code 1 when something is lost, suspected or to be looked at."""
    asked = asked_of(arguments)
    refuse_overwriting(asked.pictures, force=asked.force)
    with console.step(text("Reading {file}", file=asked.file.name)):
        given = given_in(asked.file, console.language)
    changes = changes_of(asked.changes, given.flowsheet)
    recycles = streams_of(asked.recycles, given.flowsheet)
    with console.step(text("Balancing")):
        analysis = _analysed(given, asked)
        found = changed(analysis.cleaned, changes, given.costs, recycles) if changes else None
        issues = _issues(given, analysis, found)
    written = save_pictures(analysis, asked, console)
    if asked.json:
        data = balance_data(given, analysis, found, changes, issues, console.language)
        print(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _show(given, analysis, asked, console)
        if found is not None:
            show_what_if(found, changes, console, full=asked.full)
            # What keeps an option from being made was shown with it.
            issues = tuple(each for each in issues if each not in impossible(found))
        _show_issues(issues, console, full=asked.full)
        for path in written:
            console.line(text("Written: {file}", file=str(path)))
    return _exit_code(analysis, found, issues)


def _analysed(given: Given, asked: Asked) -> BalanceAnalysis:
    component = None if asked.component is None else component_key(given.flowsheet, asked.component)
    costs = None if given.costs == CostData() else given.costs
    try:
        return analyse_balance(given.flowsheet, costs, component=component)
    except UnusableInput as error:
        raise UnusableInput(given.placed(error.issues)) from None


def _issues(given: Given, analysis: BalanceAnalysis, found: WhatIf | None) -> tuple[Issue, ...]:
    """Every finding once, with its place; what keeps an option from being made is shown with the option."""
    further = given.placed(analysis.cleaned.issues)
    changing = () if found is None else tuple(each for each in found.issues if each not in further)
    added = {each.name for each in given.flowsheet.streams if given.assessment and each.key.endswith(":loss")}
    order = list(Severity)
    issues: dict[tuple[object, ...], Issue] = {}
    for issue in (*given.issues, *further, *changing):
        if issue.code == "waste-within-error" and issue.values.get("stream") in added:
            # Nobody claims these losses; they stand there so that the gap has a value and an interval.
            continue
        issues.setdefault((issue.code, issue.where, str(dict(issue.values))), issue)
    return tuple(sorted(issues.values(), key=lambda issue: order.index(issue.severity)))


def _show(given: Given, analysis: BalanceAnalysis, asked: Asked, console: Console) -> None:
    cleaned = analysis.cleaned
    show_heading(given, console)
    show_losses(cleaned, console, full=asked.full)
    show_suspects(analysis, console, full=asked.full)
    show_costs(cleaned.costs, console, mfca=asked.mfca)
    show_closures(analysis, console, full=asked.full)
    show_values(analysis, console, full=asked.full)
    show_measuring(cleaned, console, full=asked.full)


def _show_issues(issues: Sequence[Issue], console: Console, *, full: bool) -> None:
    """What needs attention; notes are counted unless everything is asked for."""
    if not issues:
        return
    console.heading(text("Findings about the data: {counts}", counts=console.counts(issues)))
    shown = [issue for issue in issues if full or issue.severity is not Severity.NOTE]
    console.issues(shown)
    if len(shown) < len(issues):
        console.line(text("  --full lists all of them."))


def _exit_code(analysis: BalanceAnalysis, found: WhatIf | None, issues: Sequence[Issue]) -> int:
    """1 for a loss beyond the meters, a suspect, a disagreement, an option that cannot be, or a warning."""
    suspicion = analysis.suspicion
    attention = (
        any(loss.significant for loss in analysis.cleaned.losses)
        or suspicion.findings.suspects
        or not suspicion.overall.passed
        or (found is not None and not found.possible)
        or any(issue.severity is not Severity.NOTE for issue in issues)
    )
    return 1 if attention else 0
