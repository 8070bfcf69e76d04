"""One case, counted: everything that is shown of it, and what was asked for beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from openrecp.economics.procurement import WayResult, compare_ways
from openrecp.errors import UnusableInput, Where
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
    ways : tuple of WayResult
        Ways of procuring, as the case lists them.
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
    ways: tuple[WayResult, ...]
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
        keys = _keys(case, asked)
        evaluation = evaluate_project(case.project, conventions)
        return CaseResults(
            case=case,
            evaluation=evaluation,
            judgement=judge_project(evaluation, case.criteria),
            scenarios=evaluate_scenarios(case.project, case.scenarios, conventions),
            named=evaluate_scenarios(case.project, case.named_scenarios, conventions),
            swings=tornado(case.project, case.change, case.ranges, conventions),
            comparison=mode_differences(case.project) if asked.mode is not Mode.TEXTBOOK else None,
            break_evens=_break_evens(case, asked, keys, conventions),
            tables=tuple(_tables(case, asked, keys, conventions)),
            ways=compare_ways(case.project, case.ways, conventions),
            simulation=simulated(case, asked, conventions, console) if asked.simulate else None,
        )


def _keys(case: EconomicsCase, asked: Asked) -> Mapping[str, str]:
    """The keys of all inputs asked for by name, so that all unknown ones are said at once."""
    named = [each for each in asked.break_even if each != ALL]
    named += [each for pair in asked.two_way for each in pair]
    wanted = tuple(dict.fromkeys(named))
    found = input_keys(wanted, project_inputs(case.project), case.file)
    return dict(zip(wanted, found, strict=True))


def _break_evens(
    case: EconomicsCase, asked: Asked, keys: Mapping[str, str], conventions: Conventions
) -> tuple[BreakEven, ...]:
    if ALL in asked.break_even:
        return break_evens(case.project, conventions=conventions)
    wanted = dict.fromkeys(keys[each] for each in asked.break_even)
    return tuple(break_even(case.project, key, conventions=conventions) for key in wanted)


def _tables(
    case: EconomicsCase, asked: Asked, keys: Mapping[str, str], conventions: Conventions
) -> Iterator[TwoWayTable]:
    for each in case.tables:
        yield two_way_table(
            case.project,
            each.rows,
            each.columns,
            each.row_values,
            each.column_values,
            measure=each.measure,
            conventions=conventions,
        )
    for rows, columns in asked.two_way:
        try:
            yield two_way_table(case.project, keys[rows], keys[columns], conventions=conventions)
        except UnusableInput as refused:
            # Asked for on the command line, so the file is all that can be pointed to.
            raise UnusableInput(issue.at(Where(file=case.file)) for issue in refused.issues) from None
