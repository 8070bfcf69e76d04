"""One-way sensitivity: each input varied alone, sorted by what it does to the net present value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from openrecp.economics.cases import changed_project
from openrecp.economics.cash_flow import after_tax_cash_flow
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.investment import Project
from openrecp.economics.labels import as_text
from openrecp.economics.operating import DerivedItem, OperatingItem, annual_amounts
from openrecp.economics.profitability import simple_payback
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text

STARTING_CHANGE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Range:
    """Low and high value of an input: rates as fractions, amounts in money, life in years.

    ``key`` is one of ``capital``, ``savings``, ``costs``, ``discount_rate``, ``tax_rate``, ``escalation``,
    ``interest_rate``, ``loan_share``, ``life``, ``salvage``, or the key of an operating item.
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


@dataclass(frozen=True, slots=True)
class _Input:
    key: str
    name: Text
    value: float
    unit: str
    put: Callable[[Project, float], Project]
    limits: tuple[float, float] | None = None
    unasked: bool = True


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
    inputs = {each.key: each for each in _inputs(project)}
    given = {each.key: each for each in ranges}
    issues = [issue for each in ranges for issue in _range_issues(each, inputs)]
    if issues:
        raise UnusableInput(issues)
    swings = []
    for key, each in inputs.items():
        if key in given:
            low, high = given[key].low, given[key].high
        elif each.unasked and each.value:
            low, high = _moved(each, change)
        else:
            continue
        if low != high:
            swings.append(_swing(project, each, low, high, conventions))
    return tuple(sorted(swings, key=lambda swing: -swing.swing))


def _range_issues(given: Range, inputs: dict[str, _Input]) -> Iterator[Issue]:
    where = given.source or Where(path=f"tornado[{given.key}]")
    known = inputs.get(given.key)
    if known is None:
        yield problem(
            "unknown-sensitivity-input",
            "{key} is not an input of this project; choose one of {known}.",
            where=where,
            key=given.key,
            known=list(inputs),
        )
    elif known.unit == "yr" and not (float(given.low).is_integer() and float(given.high).is_integer()):
        yield problem("life-not-whole", "The project life varies in whole years only.", where=where)


def _moved(each: _Input, change: float) -> tuple[float, float]:
    if each.unit == "yr":
        step = max(1, round(each.value * change))
        return max(1, each.value - step), each.value + step
    low, high = each.value * (1 - change), each.value * (1 + change)
    if each.limits is not None:
        low, high = max(low, each.limits[0]), min(high, each.limits[1])
    return low, high


def _swing(project: Project, each: _Input, low: float, high: float, conventions: Conventions) -> Swing:
    at_low = _outcome(project, each, low, conventions)
    at_high = _outcome(project, each, high, conventions)
    swing = abs(float(at_high.npv.value or 0) - float(at_low.npv.value or 0))
    return Swing(
        each.key, each.name, _value_figure(each, each.value, Basis.ESTIMATED), at_low, at_high, swing
    )


def _outcome(project: Project, each: _Input, value: float, conventions: Conventions) -> Outcome:
    changed = each.put(project, value)
    flow = after_tax_cash_flow(changed, conventions)
    payback = simple_payback(flow.funding.capital, sum(annual_amounts(changed.operating).values()))
    rate = flow.internal_rate
    value_figure = _value_figure(each, value, Basis.ASSUMED)
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


def _value_figure(each: _Input, value: float, basis: Basis) -> Figure:
    shown = value * 100.0 if each.unit == "%" else (int(value) if each.unit == "yr" else value)
    return Figure(each.name, shown, each.unit, basis=basis)


def _inputs(project: Project) -> Iterator[_Input]:
    yield from _totals(project)
    yield from _operating_inputs(project)
    share = (0.0, 1.0)
    yield _Input("discount_rate", text("Discount rate"), project.discount_rate, "%", _put("discount_rate"))
    yield _Input("tax_rate", text("Income tax rate"), project.tax_rate, "%", _put("tax_rate"), share)
    yield _Input("escalation", text("Price escalation"), project.escalation, "%", _put("escalation"))
    loan = project.financing
    if loan.loan_share:
        yield _Input(
            "interest_rate", text("Interest on the loan"), loan.interest_rate, "%", _put_loan("interest_rate")
        )
        yield _Input("loan_share", text("Loan share"), loan.loan_share, "%", _put_loan("loan_share"), share)
    yield _Input("life", text("Project life"), project.life, "yr", _put_life)
    yield _Input("salvage", text("Salvage value"), project.salvage, project.currency, _put("salvage"))


def _totals(project: Project) -> Iterator[_Input]:
    money = project.currency
    amounts = [line.annual_amount for line in project.operating if isinstance(line, OperatingItem)]
    totals = (
        ("capital", text("Capital"), project.fixed_capital + project.working_capital, True),
        ("savings", text("All savings and revenues"), sum(a for a in amounts if a > 0), False),
        ("costs", text("All yearly costs"), -sum(a for a in amounts if a < 0), False),
    )
    for key, name, total, unasked in totals:
        if total:
            yield _Input(key, name, total, money, _put_total(key, total), None, unasked)


def _operating_inputs(project: Project) -> Iterator[_Input]:
    for line in project.operating:
        if isinstance(line, OperatingItem):
            amount, unit = line.annual_amount, project.currency
        else:
            amount, unit = line.share, "%"
        yield _Input(line.key, as_text(line.name), amount, unit, _put_line(line.key))


def _put(attribute: str) -> Callable[[Project, float], Project]:
    return lambda project, value: replace(project, **{attribute: value})  # type: ignore[arg-type]


def _put_loan(attribute: str) -> Callable[[Project, float], Project]:
    return lambda project, value: replace(
        project,
        financing=replace(project.financing, **{attribute: value}),  # type: ignore[arg-type]
    )


def _put_life(project: Project, value: float) -> Project:
    return replace(project, life=int(value))


def _put_total(key: str, total: float) -> Callable[[Project, float], Project]:
    return lambda project, value: changed_project(project, **{key: value / total - 1.0})


def _put_line(key: str) -> Callable[[Project, float], Project]:
    def put(project: Project, value: float) -> Project:
        return replace(
            project,
            operating=tuple(
                line
                if line.key != key
                else replace(line, share=value)
                if isinstance(line, DerivedItem)
                else replace(line, annual_amount=value)
                for line in project.operating
            ),
        )

    return put
