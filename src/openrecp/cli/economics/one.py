"""One case, counted: everything that is shown of it, and what was asked for beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openrecp.assessment.case_file import EconomicsCase
from openrecp.cli.console import Console
from openrecp.cli.economics.asked import ALL, Asked
from openrecp.cli.economics.names import input_keys
from openrecp.cli.economics.simulation import Simulation, simulated
from openrecp.economics import (
    BreakEven,
    Conventions,
    Evaluation,
    Judgement,
    Mode,
    ModeComparison,
    NamedResult,
    ScenarioResult,
    Swing,
    TwoWayTable,
    break_even,
    break_evens,
    conventions_of,
    evaluate_project,
    evaluate_scenarios,
    judge_project,
    mode_differences,
    project_inputs,
    tornado,
    two_way_table,
)
from openrecp.texts import text


@dataclass(frozen=True, slots=True)
class CaseResults:
    """What one case returns.

    Attributes
    ----------
    case : EconomicsCase
    evaluation : Evaluation
    judgement : Judgement
    scenarios : tuple of ScenarioResult
        Best, base and worst case.
    named : tuple of NamedResult
        Scenarios with names of their own.
    swings : tuple of Swing
    comparison : ModeComparison or None
        In another mode than the textbook's.
    break_evens : tuple of BreakEven
        Of the inputs asked for.
    tables : tuple of TwoWayTable
        Those of the case, and those asked for.
    simulation : Simulation or None
        When it was asked for.
    """

    case: EconomicsCase
    evaluation: Evaluation
    judgement: Judgement
    scenarios: tuple[ScenarioResult, ...]
    named: tuple[NamedResult, ...]
    swings: tuple[Swing, ...]
    comparison: ModeComparison | None
    break_evens: tuple[BreakEven, ...]
    tables: tuple[TwoWayTable, ...]
    simulation: Simulation | None


def case_results(case: EconomicsCase, asked: Asked, console: Console) -> CaseResults:
    """Evaluate a case, and what is asked of it.

    Raises
    ------
    UnusableInput
        If an input asked for is not one of the case's, or a simulation is impossible.
    """
    conventions = conventions_of(asked.mode)
    with console.step(text("Calculating")):
        evaluation = evaluate_project(case.project, conventions)
        return CaseResults(
            case=case,
            evaluation=evaluation,
            judgement=judge_project(evaluation, case.criteria),
            scenarios=evaluate_scenarios(case.project, case.scenarios, conventions),
            named=evaluate_scenarios(case.project, case.named_scenarios, conventions),
            swings=tornado(case.project, case.change, case.ranges, conventions),
            comparison=mode_differences(case.project) if asked.mode is not Mode.TEXTBOOK else None,
            break_evens=_break_evens(case, asked.break_even, conventions),
            tables=_tables(case, asked, conventions),
            simulation=simulated(case, asked, conventions, console) if asked.simulate else None,
        )


def _break_evens(
    case: EconomicsCase, wanted: Sequence[str], conventions: Conventions
) -> tuple[BreakEven, ...]:
    if ALL in wanted:
        return break_evens(case.project, conventions=conventions)
    keys = input_keys(wanted, project_inputs(case.project), case.file)
    return tuple(break_even(case.project, key, conventions=conventions) for key in keys)


def _tables(case: EconomicsCase, asked: Asked, conventions: Conventions) -> tuple[TwoWayTable, ...]:
    known = project_inputs(case.project)
    found = [
        two_way_table(
            case.project,
            each.rows,
            each.columns,
            each.row_values,
            each.column_values,
            measure=each.measure,
            conventions=conventions,
        )
        for each in case.tables
    ]
    for pair in asked.two_way:
        rows, columns = (input_keys((each,), known, case.file)[0] for each in pair)
        found.append(two_way_table(case.project, rows, columns, conventions=conventions))
    return tuple(found)
