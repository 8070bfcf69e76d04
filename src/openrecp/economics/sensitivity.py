"""One-way sensitivity: each input varied alone, sorted by what it does to the net present value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.economics.cash_flow import after_tax_cash_flow
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.inputs import ProjectInput, project_inputs
from openrecp.economics.measures import unknown_input
from openrecp.economics.operating import annual_amounts
from openrecp.economics.profitability import simple_payback
from openrecp.economics.project import Project
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text

STARTING_CHANGE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Range:
    """Low and high value of an input: rates as fractions, amounts in money, life in years.

    ``key`` is the key of a `ProjectInput`.
    """

    key: str
    low: float
    high: float
    source: Where | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the project returns when one input has another value."""

    value: Figure
    payback: Figure
    npv: Figure
    irr: Figure


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of the tornado.

    ``swing`` is the distance between the net present values at the low and the high value [money].
    """

    key: str
    name: Text
    base: Figure
    low: Outcome
    high: Outcome
    swing: float


def tornado(
    project: Project,
    change: float = STARTING_CHANGE,
    ranges: Sequence[Range] = (),
    conventions: Conventions = TEXTBOOK,
) -> tuple[Swing, ...]:
    """Vary every input alone, widest swing of net present value first.

    Parameters
    ----------
    project : Project
    change : float
        Every input without a range of its own is lowered and raised by this fraction of itself; a life
        moves by at least one year. Inputs that are zero do not move.
    ranges : sequence of Range
        Low and high values that the owner gives.
    conventions : Conventions

    Raises
    ------
    UnusableInput
        If a range names an unknown input, or a value makes the project impossible.
    ValueError
        If the change is not between 0 and 1.
    """
    if not 0 < change < 1:
        raise ValueError(f"the change must lie between 0 and 1, not {change}")
    inputs = project_inputs(project)
    given = {each.key: each for each in ranges}
    issues = [issue for each in ranges for issue in _range_issues(each, inputs)]
    if issues:
        raise UnusableInput(issues)
    swings = []
    for key, each in inputs.items():
        if key in given:
            low, high = given[key].low, given[key].high
        elif not each.is_total and each.value:
            low, high = _moved(each, change)
        else:
            continue
        if low != high:
            swings.append(_swing(project, each, low, high, conventions))
    return tuple(sorted(swings, key=lambda swing: -swing.swing))


def _range_issues(given: Range, inputs: Mapping[str, ProjectInput]) -> Iterator[Issue]:
    where = given.source or Where(path=f"tornado[{given.key}]")
    known = inputs.get(given.key)
    if known is None:
        yield unknown_input(given.key, inputs, where)
    elif known.is_whole and not (float(given.low).is_integer() and float(given.high).is_integer()):
        yield problem("life-not-whole", "The project life varies in whole years only.", where=where)


def _moved(each: ProjectInput, change: float) -> tuple[float, float]:
    if each.unit == "yr":
        step = max(1, round(each.value * change))
        return max(1, each.value - step), each.value + step
    low, high = each.value * (1 - change), each.value * (1 + change)
    if each.unit == "%":
        low, high = max(low, each.limits[0]), min(high, each.limits[1])
    return low, high


def _swing(project: Project, each: ProjectInput, low: float, high: float, conventions: Conventions) -> Swing:
    at_low = _outcome(project, each, low, conventions)
    at_high = _outcome(project, each, high, conventions)
    swing = abs(float(at_high.npv.value or 0) - float(at_low.npv.value or 0))
    return Swing(each.key, each.name, each.figure(each.value, Basis.ESTIMATED), at_low, at_high, swing)


def _outcome(project: Project, each: ProjectInput, value: float, conventions: Conventions) -> Outcome:
    changed = each.put(project, value)
    flow = after_tax_cash_flow(changed, conventions)
    payback = simple_payback(
        flow.funding.capital, sum(annual_amounts(changed.operating, changed.life).values())
    )
    rate = flow.internal_rate
    value_figure = each.figure(value)
    formula = text("as in the base case, with only {name} changed", name=each.name)
    inputs = (value_figure,)
    return Outcome(
        value=value_figure,
        payback=Figure(text("Simple payback"), payback.years, "yr", formula, inputs, reason=payback.reason),
        npv=Figure(text("Net present value"), flow.net_present_value, project.currency, formula, inputs),
        irr=Figure(
            text("Internal rate of return"),
            None if rate.value is None else rate.value * 100.0,
            "%",
            formula,
            inputs,
            reason=rate.reason,
        ),
    )
