"""Two-way tables: what a project returns when two inputs change together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.economics.amounts import Amount, is_many, total
from openrecp.economics.cash_flow import CashFlow, after_tax_cash_flow
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.inputs import ProjectInput, changed_inputs, project_inputs
from openrecp.economics.measures import Measure, unknown_input
from openrecp.economics.operating import annual_amounts
from openrecp.economics.profitability import internal_rates_of_return, simple_payback
from openrecp.economics.project import Project
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import Figure
from openrecp.texts import Text, text

STARTING_CHANGES: Final = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)


@dataclass(frozen=True, slots=True)
class TableAxis:
    """The rows or columns of a table: an input and the values it takes."""

    key: str
    name: Text
    base: Figure
    values: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class TwoWayTable:
    """A measure for every pair of values of two inputs.

    Attributes
    ----------
    measure : Measure
    rows, columns : TableAxis
    cells : tuple of tuple of Figure
        A tuple for each row, with a figure for each column.
    """

    measure: Measure
    rows: TableAxis
    columns: TableAxis
    cells: tuple[tuple[Figure, ...], ...]


def two_way_table(
    project: Project,
    row_key: str,
    column_key: str,
    row_values: Sequence[float] = (),
    column_values: Sequence[float] = (),
    *,
    measure: Measure = Measure.NPV,
    conventions: Conventions = TEXTBOOK,
) -> TwoWayTable:
    """Change two inputs together, all else as in the base case.

    Parameters
    ----------
    project : Project
    row_key, column_key : str
        Of two `ProjectInput`; the one of the columns is changed second, should one be a part of the other.
    row_values, column_values : sequence of float
        Amounts in money, rates and shares as fractions, a life in whole years. Without any, 10, 20 and 30 % below
        and above the base value, as far as that is possible.
    measure : Measure
    conventions : Conventions

    Raises
    ------
    UnusableInput
        If an input is unknown, both are the same, a value is impossible, or there are no values for an input that is
        zero in the base case.
    """
    inputs = project_inputs(project)
    issues = list(_key_issues(row_key, column_key, inputs))
    if issues:
        raise UnusableInput(issues)
    row, column = inputs[row_key], inputs[column_key]
    rows, columns = tuple(row_values) or _around(row), tuple(column_values) or _around(column)
    issues = [*_value_issues(row, rows), *_value_issues(column, columns)]
    if issues:
        raise UnusableInput(issues)
    found: dict[tuple[int, int], Figure] = {}
    for changed, places in _changed(project, row, column, rows, columns):
        flow = after_tax_cash_flow(changed, conventions)
        for place, (value, reason) in zip(places, _results(flow, measure, len(places)), strict=True):
            found[place] = Figure(
                measure.label,
                value,
                measure.unit(project.currency),
                text(
                    "as in the base case, with only {one} and {other} changed",
                    one=row.name,
                    other=column.name,
                ),
                (row.figure(rows[place[0]]), column.figure(columns[place[1]])),
                reason=reason,
            )
    return TwoWayTable(
        measure,
        _axis(row, rows),
        _axis(column, columns),
        tuple(tuple(found[i, j] for j in range(len(columns))) for i in range(len(rows))),
    )


def _axis(each: ProjectInput, values: Sequence[float]) -> TableAxis:
    return TableAxis(
        each.key, each.name, each.figure(each.value), tuple(each.figure(value) for value in values)
    )


def _key_issues(row_key: str, column_key: str, inputs: dict[str, ProjectInput]) -> Iterator[Issue]:
    where = Where(path=f"two_way[{row_key}, {column_key}]")
    for key in dict.fromkeys((row_key, column_key)):
        if key not in inputs:
            yield unknown_input(key, inputs, where)
    if row_key == column_key:
        yield problem(
            "same-input-twice",
            "A two-way table needs two different inputs; {key} is given for rows and columns.",
            where=where,
            key=row_key,
        )


def _value_issues(each: ProjectInput, values: Sequence[float]) -> Iterator[Issue]:
    where = Where(path=f"two_way[{each.key}]")
    if not values:
        yield problem(
            "no-values",
            "{name} is zero in the base case, so there is nothing to change by percentages; give its values.",
            where=where,
            name=each.name,
        )
    if each.is_whole and not all(float(value).is_integer() for value in values):
        yield problem("life-not-whole", "The project life varies in whole years only.", where=where)


def _around(each: ProjectInput) -> tuple[float, ...]:
    """Values around the base value, as far as they are possible."""
    if not each.value:
        return ()
    low, high = each.limits
    values = [min(max(each.value * (1.0 + change), low), high) for change in STARTING_CHANGES]
    if each.is_whole:
        values = [float(round(value)) for value in values]
    return tuple(dict.fromkeys(values))


def _changed(
    project: Project,
    row: ProjectInput,
    column: ProjectInput,
    rows: Sequence[float],
    columns: Sequence[float],
) -> Iterator[tuple[Project, list[tuple[int, int]]]]:
    """Projects of many options, and the cells of their results; one for all where no life changes."""
    down, across = range(len(rows)), range(len(columns))
    if row.is_whole:
        for i in down:
            values = [(row, rows[i]), (column, np.array(columns))]
            yield changed_inputs(project, values), [(i, j) for j in across]
    elif column.is_whole:
        for j in across:
            values = [(row, np.array(rows)), (column, columns[j])]
            yield changed_inputs(project, values), [(i, j) for i in down]
    else:
        pairs = [(i, j) for i in down for j in across]
        values = [(row, np.repeat(rows, len(columns))), (column, np.tile(columns, len(rows)))]
        yield changed_inputs(project, values), pairs


def _results(flow: CashFlow, measure: Measure, count: int) -> list[tuple[float | None, Text | None]]:
    """Value of each option, and the reason where there is none."""
    if measure is Measure.NPV:
        return [(value, None) for value in _each(flow.net_present_value, count)]
    if measure is Measure.PAYBACK:
        saving = total(annual_amounts(flow.project.operating, flow.project.life).values())
        pairs = zip(_each(flow.funding.capital, count), _each(saving, count), strict=True)
        return [(found.years, found.reason) for found in (simple_payback(*pair) for pair in pairs)]
    if not is_many(*flow.cash):
        alone = flow.internal_rate
        return [(None if alone.value is None else 100.0 * alone.value, alone.reason)] * count
    rates = internal_rates_of_return(flow.cash)
    return [
        (None, rates.roots_of(place).reason) if np.isnan(rate) else (100.0 * float(rate), None)
        for place, rate in enumerate(rates.value)
    ]


def _each(amount: Amount, count: int) -> list[float]:
    found: list[float] = np.broadcast_to(np.asarray(amount, dtype=float), count).tolist()
    return found
