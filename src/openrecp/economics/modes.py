"""Why the textbook conventions and those of appendix 8 give different figures.

The conventions are changed one after the other, from those of EPA 1988 to the textbook's; the effect
of each is what the figures change by at its step, and the steps add up to the whole difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openrecp.economics.cash_flow import CashFlow, after_tax_cash_flow
from openrecp.economics.conventions import EPA_1988, TEXTBOOK, Conventions
from openrecp.economics.evaluation import Evaluation, evaluate_project
from openrecp.economics.project import Project
from openrecp.figures import Figure, unit_words
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class ModeStep:
    """One convention: what changes, and by how much the figures change.

    Attributes
    ----------
    explanation : Text
    npv_change : Figure
        [money]
    irr_change : Figure
        [percentage points]; without a value if a rate is missing on either side.
    npv, irr : Figure
        After the step.
    """

    explanation: Text
    npv_change: Figure
    irr_change: Figure
    npv: Figure
    irr: Figure


@dataclass(frozen=True, slots=True)
class ModeComparison:
    """Both modes side by side and the steps between them; conventions without effect are left out."""

    epa_1988: Evaluation
    textbook: Evaluation
    steps: tuple[ModeStep, ...]
    summary: Text


def mode_differences(project: Project) -> ModeComparison:
    """Explain the difference between the two modes for a project.

    Parameters
    ----------
    project : Project

    References
    ----------
    For appendix 8 with 40 % loan, the first step, the switch to the straight line over the remaining
    book value, changes 26.47 % and 84,844 into 26.22 % and 83,471.
    """
    steps = tuple(_steps(project))
    epa, textbook = evaluate_project(project, EPA_1988), evaluate_project(project, TEXTBOOK)
    if steps:
        summary = text(
            "The conventions of EPA 1988 give a net present value of {epa} {currency}, the textbook's "
            "{textbook} {currency}; the difference comes from {count} conventions.",
            epa=_whole(epa.npv.value),
            textbook=_whole(textbook.npv.value),
            currency=unit_words(project.currency),
            count=len(steps),
        )
    else:
        summary = text("Both conventions give the same figures for this project.")
    return ModeComparison(epa, textbook, steps, summary)


def _steps(project: Project) -> Iterator[ModeStep]:
    start = replace(EPA_1988, mode=None)
    before = after_tax_cash_flow(project, start)
    for conventions, explanation in _changes(start):
        after = after_tax_cash_flow(project, conventions)
        if after.cash != before.cash:
            yield _step(before, after, explanation)
        before = after


def _changes(start: Conventions) -> Iterator[tuple[Conventions, Text]]:
    changed = replace(start, switch=TEXTBOOK.switch)
    yield (
        changed,
        text(
            "Depreciation changes to the straight line over the book value and the remaining life; EPA 1988 "
            "takes the original cost over the whole life and writes off sooner."
        ),
    )
    changed = replace(changed, working_capital_recovered=True)
    yield changed, text("Working capital comes back at the end of the project; EPA 1988 leaves it out.")
    changed = replace(changed, salvage_taxed=True)
    yield (
        changed,
        text("The gain of salvage over book value is taxed, a loss deducted; EPA 1988 does neither."),
    )
    changed = replace(changed, whole_money=False)
    yield changed, text("Nothing is rounded on the way; EPA 1988 rounds every line and escalation factor.")
    yield (
        replace(changed, construction_year_discounted=True),
        text(
            "The capital is spent when construction begins, so the year of construction is discounted; "
            "EPA 1988 counts the owner's capital as if it were spent at start-up."
        ),
    )


def _step(before: CashFlow, after: CashFlow, explanation: Text) -> ModeStep:
    currency = after.project.currency
    old, new = before.internal_rate.value, after.internal_rate.value
    missing = old is None or new is None
    formula = text("after the step − before the step")
    return ModeStep(
        explanation=explanation,
        npv_change=Figure(
            text("Change of net present value"),
            after.net_present_value - before.net_present_value,
            currency,
            formula,
        ),
        irr_change=Figure(
            text("Change of internal rate of return"),
            None if old is None or new is None else (new - old) * 100.0,
            "point",
            formula,
            reason=text("there is no single rate to compare") if missing else None,
        ),
        npv=Figure(text("Net present value"), after.net_present_value, currency),
        irr=Figure(
            text("Internal rate of return"),
            None if new is None else new * 100.0,
            "%",
            reason=after.internal_rate.reason,
        ),
    )


def _whole(value: object) -> int:
    return round(value) if isinstance(value, (int, float)) else 0
