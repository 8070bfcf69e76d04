"""What goes first: options in the order in which a plant would carry them out, and what that costs."""

from __future__ import annotations

from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.worksheets.implementation import ProjectSummary
from openrecp.figures import Figure
from openrecp.reports.blocks import MISSING, Cell, Column
from openrecp.reports.content.phrases import known
from openrecp.texts import Text, text

_FIRST = {Fate.IMMEDIATE: 0, Fate.REQUIRED: 1, Fate.RECOMMENDED: 2}
_NO_PAYBACK = float("inf")


def to_carry_out(evaluation: Evaluation) -> tuple[OptionResult, ...]:
    """Selected options, at-once ones first, then what the law requires, then by payback."""
    return tuple(sorted((each for each in evaluation.options if each.selected), key=_urgency))


def first_three(evaluation: Evaluation) -> tuple[OptionResult, ...]:
    """The three things to do first; parts of another selected option only where there is room for them."""
    chosen = to_carry_out(evaluation)
    whole = [option for option in chosen if option.contained_in is None]
    parts = [option for option in chosen if option.contained_in is not None]
    named = [*whole[:3], *parts][:3]
    return tuple(option for option in chosen if option in named)


def _urgency(option: OptionResult) -> tuple[int, float, float]:
    economics = option.economics
    if economics is None:
        return _FIRST.get(option.fate, 3), _NO_PAYBACK, 0.0
    payback = economics.payback.value
    saving = economics.net_saving.value
    return (
        _FIRST.get(option.fate, 3),
        _NO_PAYBACK if payback is None else float(payback),
        0.0 if saving is None else -float(saving),
    )


def profit_columns(currency: str, first: Text) -> tuple[Column, ...]:
    """Columns of a table of options and what they return, payback before all other figures."""
    return (
        Column(first, share=2.5),
        Column(text("Payback"), "yr", "right", 0.9, digits=2),
        Column(text("Capital"), currency, "right", 1.25),
        Column(text("Saving a year"), currency, "right", 1.25),
        Column(text("Net present value"), currency, "right", 1.25),
        Column(text("Internal rate of return"), "%", "right", 1.25, digits=1),
    )


def profit_cells(option: OptionResult) -> tuple[Cell, ...]:
    """Payback, capital, saving, NPV and IRR of an option; what was not given is a marked gap."""
    economics = option.economics
    at_once = option.fate is Fate.IMMEDIATE
    if economics is None:
        return (
            text("at once") if at_once else MISSING,
            text("none") if at_once else MISSING,
            MISSING,
            None,
            None,
        )
    capital: Cell = economics.capital
    if at_once and not known(economics.capital):
        capital = text("none")
    payback: Cell = economics.payback if known(economics.payback) or not at_once else text("at once")
    if known(economics.payback) and economics.payback.value == 0:
        payback = text("at once")
    return (
        _short(payback),
        capital,
        economics.net_saving if known(economics.net_saving) else MISSING,
        _optional(economics.npv),
        _optional(economics.irr),
    )


def _optional(figure: Figure) -> Cell:
    """A figure that need not exist: left empty rather than marked as a gap."""
    return figure if known(figure) else "–"


def _short(cell: Cell) -> Cell:
    """A payback that does not exist says so in one word; the reason stands with the option."""
    return text("never") if isinstance(cell, Figure) and not known(cell) else cell


def project_of(evaluation: Evaluation, option: OptionResult) -> ProjectSummary | None:
    """The project that carries an option out, or the one of the option that contains it."""
    if option.project is not None or option.contained_in is None:
        return option.project
    whole = evaluation.option(option.contained_in)
    return whole.project if whole else None


def owner_of(evaluation: Evaluation, option: OptionResult) -> str | None:
    """Who carries the option out, from its project or the first task that names somebody."""
    project = project_of(evaluation, option)
    if project is not None and project.owner:
        return project.owner
    tasks = (task for task in evaluation.plan.tasks if task.option == option.number)
    return next((task.responsible for task in tasks if task.responsible), None)


def is_simplified(evaluation: Evaluation) -> bool:
    """Whether the assessment was made with the simplified worksheets."""
    return evaluation.assessment.simplified
