"""A case on the screen: the decision first, then what it rests on."""

from __future__ import annotations

from openrecp.cli.console import Console
from openrecp.cli.economics.asked import Asked
from openrecp.cli.economics.circumstances import (
    show_break_evens,
    show_scenarios,
    show_tables,
    show_tornado,
)
from openrecp.cli.economics.merit import show_merit
from openrecp.cli.economics.one import CaseResults
from openrecp.cli.economics.paying import show_paying
from openrecp.cli.economics.risk import show_risk
from openrecp.cli.economics.several import Choice
from openrecp.cli.economics.ways import show_ways
from openrecp.cli.economics.years import show_lines, show_loans, show_operating, show_years
from openrecp.cli.explain import explain_figures
from openrecp.economics import ModeComparison
from openrecp.economics.funding_figures import grant_figures, loan_figures
from openrecp.figures import Figure, show
from openrecp.texts import text


def show_case(results: CaseResults, asked: Asked, console: Console) -> None:
    """Everything about one case; long tables only when they are asked for."""
    show_merit(results, console)
    flow = results.evaluation.cash_flow
    show_asked(results, console)
    show_scenarios(results, console)
    show_paying(flow, console)
    show_ways(results.ways, console, full=asked.full)
    show_years(flow, console)
    if asked.full:
        show_lines(flow, console)
        show_operating(flow, console)
        show_loans(flow, console)
    else:
        console.line(text("  --full shows every line of worksheet 16, every item and every loan."))
    show_tornado(results.swings, console, full=asked.full)
    if results.comparison is not None:
        _show_comparison(results.comparison, console)


def show_asked(results: CaseResults, console: Console, *, named: bool = False) -> None:
    """What was asked for beside the case itself; ``named`` says first whose it is."""
    wanted = results.simulation is not None or results.break_evens or results.tables
    if named and wanted:
        console.heading(text("— {name} —", name=results.evaluation.project.name))
    if results.simulation is not None:
        show_risk(results.simulation, console)
    show_break_evens(results.break_evens, console)
    show_tables(results.tables, console)


def _show_comparison(comparison: ModeComparison, console: Console) -> None:
    console.heading(text("Why the two conventions differ"))
    console.paragraph(comparison.summary)
    for step in comparison.steps:
        change = show(step.npv_change, console.language)
        console.paragraph(
            text("{explanation} (NPV {change})", explanation=step.explanation, change=change), mark="· "
        )


def explain_case(results: CaseResults, console: Console, opened: set[int]) -> None:
    """Every figure of a case, opened down to what was entered."""
    evaluation = results.evaluation
    console.heading(text("{name}: every figure opened", name=evaluation.project.name))
    flow = evaluation.cash_flow
    funding = (*loan_figures(flow), *grant_figures(flow))
    explain_figures((*evaluation.figures, *funding), console, opened=opened)
    further = [each.npv_change for each in results.named]
    further += [figure for each in results.named for figure in each.avoided]
    further += [figure for each in results.ways for figure in each.figures]
    further += [outcome.npv for each in results.swings for outcome in (each.low, each.high)]
    further += [point.value for each in results.break_evens for point in each.points]
    if results.simulation is not None:
        figures = results.simulation.figures
        further += [figures.probability, figures.npv.mean, figures.npv.sd]
        further += [figure for _, figure in figures.npv.percentiles]
        further += [each.share for each in figures.drivers]
    explain_figures(further, console, opened=opened)


def explain_choice(choice: Choice, console: Console, opened: set[int]) -> None:
    """Every figure of a choice among cases, opened."""
    console.heading(text("The choice: every figure opened"))
    best, figures = choice.best, list[Figure]()
    if best.value is not None:
        value = best.value
        figures += [value.npv, value.capital, value.annual_saving, *value.quantities.values()]
        figures += [best.bound, best.gap, best.relative_gap, best.unspent, best.budget_price]
    for comparison in choice.exclusive:
        figures += [figure for each in comparison.increments for figure in (each.capital, each.npv, each.irr)]
    figures += [bar.unit_cost for curve in choice.curves for bar in curve.bars]
    figures += [each.ratio for each in choice.ranking]
    explain_figures(figures, console, opened=opened, with_file=True)
