"""How a case is to be examined, each part held against the project, so that nothing is at fault only later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from openrecp.assessment.case_analysis import TableTerms
from openrecp.assessment.case_model import Case
from openrecp.assessment.strict_yaml import Path as KeyPath
from openrecp.assessment.strict_yaml import Tree
from openrecp.economics import (
    STARTING_CHANGE,
    STARTING_SCENARIOS,
    TEXTBOOK,
    AcceptanceCriteria,
    Measure,
    NamedScenario,
    Project,
    Range,
    Scenario,
    changed_totals,
    project_inputs,
    scenario_project,
    two_way_table,
)
from openrecp.economics.measures import unknown_input
from openrecp.economics.procurement import Way, way_issues
from openrecp.economics.uncertainty import Correlation, UncertainInput, prepare_sampling
from openrecp.economics.uncertainty.preparation import prepare_simulation
from openrecp.errors import Issue, UnusableInput, Where


@dataclass(frozen=True, slots=True)
class MonteCarloInputs:
    """Inputs to be drawn at random.

    Attributes
    ----------
    inputs : tuple of UncertainInput
    correlations : tuple of Correlation
    draws, seed : int
    """

    inputs: tuple[UncertainInput, ...]
    correlations: tuple[Correlation, ...]
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class TableInputs:
    """Two inputs to be changed together.

    Attributes
    ----------
    rows, columns : str
        Keys of two inputs.
    row_values, column_values : tuple of float
        Amounts in money, rates as fractions, years; none for steps around the base case.
    measure : Measure
    source : Where or None
    """

    rows: str
    columns: str
    row_values: tuple[float, ...] = ()
    column_values: tuple[float, ...] = ()
    measure: Measure = Measure.NPV
    source: Where | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What is done with the project of a case.

    Attributes
    ----------
    scenarios : tuple of Scenario
        Best, base and worst case.
    named_scenarios : tuple of NamedScenario
    change : float
        Fraction by which the tornado varies inputs without a range of their own.
    ranges : tuple of Range
    tables : tuple of TableInputs
    monte_carlo : MonteCarloInputs or None
    criteria : AcceptanceCriteria
    ways : tuple of Way
        Ways of procuring to be compared.
    """

    scenarios: tuple[Scenario, ...]
    named_scenarios: tuple[NamedScenario, ...]
    change: float
    ranges: tuple[Range, ...]
    tables: tuple[TableInputs, ...]
    monte_carlo: MonteCarloInputs | None
    criteria: AcceptanceCriteria
    ways: tuple[Way, ...]


def built_examination(case: Case, tree: Tree) -> Examination:
    """The examination as the case has it."""
    given = case.monte_carlo
    return Examination(
        scenarios=tuple(_scenarios(case)),
        named_scenarios=tuple(_named_scenarios(case, tree)),
        change=case.tornado.change or STARTING_CHANGE,
        ranges=tuple(
            each.built(tree.where(("tornado", "ranges", number)))
            for number, each in enumerate(case.tornado.ranges)
        ),
        tables=tuple(_table(each, tree.where(("tables", number))) for number, each in enumerate(case.tables)),
        monte_carlo=None
        if given is None or not all(each.is_readable for each in given.inputs)
        else MonteCarloInputs(
            tuple(
                each.built(tree.where(("monte_carlo", "inputs", number)))
                for number, each in enumerate(given.inputs)
            ),
            tuple(
                each.built(tree.where(("monte_carlo", "correlations", number)))
                for number, each in enumerate(given.correlations)
            ),
            given.draws,
            given.seed,
        ),
        criteria=case.criteria.built(tree.where(("criteria", "risk"))),
        ways=tuple(each.built(tree.where(("ways", number))) for number, each in enumerate(case.ways)),
    )


def _scenarios(case: Case) -> Iterator[Scenario]:
    for start in STARTING_SCENARIOS:
        given = getattr(case.scenarios, start.name.value, None)
        yield start if given is None else Scenario(start.name, given.capital, given.savings, given.costs)


def _named_scenarios(case: Case, tree: Tree) -> Iterator[NamedScenario]:
    for number, given in enumerate(case.scenarios.named):
        place: KeyPath = ("scenarios", "named", number)
        yield NamedScenario(
            given.name,
            given.name,
            tuple(
                each.built(tree.where((*place, "changes", position)))
                for position, each in enumerate(given.changes)
            ),
            tuple(
                each.built(tree.where((*place, "events", position)))
                for position, each in enumerate(given.events)
            ),
            tree.where(place),
        )


def _table(given: TableTerms, where: Where) -> TableInputs:
    return TableInputs(given.rows, given.columns, given.row_values, given.column_values, given.measure, where)


def examination_issues(examination: Examination, project: Project | None, tree: Tree) -> Iterator[Issue]:
    """What is impossible in an examination; without a project, what is so whatever the project is."""
    sampled = examination.monte_carlo
    if project is None:
        if sampled is not None:
            parts = sampled.inputs, sampled.correlations, sampled.seed
            yield from _refused(partial(prepare_sampling, *parts), tree.where(("monte_carlo",)))
        return
    for scenario in examination.scenarios:
        changes = {"capital": scenario.capital, "savings": scenario.savings, "costs": scenario.costs}
        where = tree.where(("scenarios", scenario.name.value))
        yield from _refused(partial(changed_totals, project, **changes), where)
    for number, named in enumerate(examination.named_scenarios):
        where = tree.where(("scenarios", "named", number))
        yield from _refused(partial(scenario_project, project, named), where)
    yield from _range_issues(examination.ranges, project)
    for number, table in enumerate(examination.tables):
        pair = table.rows, table.columns, table.row_values, table.column_values
        where = tree.where(("tables", number))
        yield from _refused(partial(two_way_table, project, *pair, measure=table.measure), where)
    for way in examination.ways:
        yield from way_issues(way, project)
    if sampled is not None:
        parts = sampled.inputs, sampled.correlations, sampled.seed
        yield from _refused(
            partial(prepare_simulation, project, *parts, TEXTBOOK), tree.where(("monte_carlo",))
        )


def _refused(attempt: Callable[[], object], where: Where) -> Iterator[Issue]:
    """What an attempt is refused for, where it stands in the examination, not where the project has its value."""
    try:
        attempt()
    except UnusableInput as refused:
        for issue in refused.issues:
            is_within = (issue.where.path or "").startswith(where.path or "")
            yield issue if is_within and issue.where.line is not None else issue.at(where)


def _range_issues(ranges: tuple[Range, ...], project: Project) -> Iterator[Issue]:
    inputs = project_inputs(project)
    for each in ranges:
        found = inputs.get(each.key)
        if found is None:
            yield unknown_input(each.key, inputs, each.source or Where())
            continue
        for value in (each.low, each.high):
            yield from _refused(partial(found.put, project, value), each.source or Where())
