"""The set of options that gains the most within its limits, proven and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openrecp.economics.choice.candidates import Candidate
from openrecp.economics.choice.conditions import keeps_all, limits_of
from openrecp.economics.choice.impossible import reasons_for_none
from openrecp.economics.choice.portfolio import Portfolio, portfolio_of
from openrecp.economics.choice.program import Limits, program_of
from openrecp.economics.choice.reasons import LeftOut, left_out
from openrecp.economics.choice.solver import Optimum, optimum
from openrecp.economics.choice.values import SetValue, value_of
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import Basis, Figure, unit_words
from openrecp.texts import Choice, Text, text

STARTING_GAP = 1e-9
STARTING_TIME = 30.0


class Proof(Choice):
    """What is known of a set."""

    OPTIMAL = "optimal", text("Proven best")
    TIME_LIMIT = "time-limit", text("Best found in the time given, not proven")
    INFEASIBLE = "infeasible", text("No set meets the conditions")


@dataclass(frozen=True, slots=True)
class BestSet:
    """The best set under the limits, or why there is none.

    Attributes
    ----------
    proof : Proof
    chosen : tuple of str
        Keys, in the order of the candidates; empty if there is no set.
    value : SetValue or None
        Capital, net present value, annual saving, avoided quantities and overlaps of the set, as figures.
    left_out : tuple of LeftOut
        Every other option, and why it is not chosen.
    bound : Figure
        Proven upper bound: no set that keeps the limits has a higher net present value [money].
    gap : Figure
        Bound less net present value of the set [money].
    relative_gap : Figure
        The gap as part of the net present value [%].
    unspent : Figure
        What is left of the budget [money].
    budget_price : Figure
        Shadow price: what one more unit of budget would be worth, by the linear relaxation.
    yearly_capital : tuple of Figure
        Capital by year, if there are budgets by year [money].
    issues : tuple of Issue
        Why there is no set; or what should be known about it.
    limits : Limits
    """

    proof: Proof
    chosen: tuple[str, ...]
    value: SetValue | None
    left_out: tuple[LeftOut, ...]
    bound: Figure
    gap: Figure
    relative_gap: Figure
    unspent: Figure
    budget_price: Figure
    yearly_capital: tuple[Figure, ...]
    issues: tuple[Issue, ...]
    limits: Limits


def best_set(
    candidates: Sequence[Candidate],
    budget: float | None,
    *,
    budgets_by_year: Sequence[float] | None = None,
    minimum_quantities: Mapping[str, float] | None = None,
    time_limit: float = STARTING_TIME,
    gap: float = STARTING_GAP,
) -> BestSet:
    """The set with the highest net present value that keeps all limits and relations between options.

    Parameters
    ----------
    candidates : sequence of Candidate
    budget : float or None
        Most capital in all; None for no limit [money].
    budgets_by_year : sequence of float, optional
        Most capital by year, the first year first; what is not spent in a year is not carried over [money].
    minimum_quantities : mapping of str to float, optional
        Least amounts that the set must avoid a year, such as ``{"t CO2e": 100}`` [unit/yr].
    time_limit : float
        When it is over, the best set found so far is returned with the gap that is left [s].
    gap : float
        Relative gap within which a set counts as proven best.

    Returns
    -------
    BestSet
        Also where no set meets the conditions: then ``issues`` says why, all reasons at once.

    Raises
    ------
    UnusableInput
        If the candidates or the limits are impossible; carries every such finding.
    ValueError
        If the time limit is not above zero or the gap not between 0 and 1.

    Notes
    -----
    Maximises the net present value of the set (see :func:`set_value`) over all sets. The optimum is
    exact within ``gap``; the set is checked again in plain arithmetic before it is returned.

    References
    ----------
    Weingartner, H. M. (1963), Mathematical Programming and the Analysis of Capital Budgeting Problems:
    the choice of indivisible, exclusive and contingent projects as an integer program.

    >>> pump = Candidate("pump", "Pump", "TWD", capital=60_000.0, npv=90_000.0)
    >>> still = Candidate("still", "Still", "TWD", capital=50_000.0, npv=70_000.0)
    >>> tray = Candidate("tray", "Drip tray", "TWD", capital=40_000.0, npv=55_000.0)
    >>> best_set([pump, still, tray], 90_000.0).chosen
    ('still', 'tray')
    """
    if not time_limit > 0 or not 0 <= gap < 1:
        raise ValueError(f"time limit {time_limit} or gap {gap} is not possible")
    portfolio = portfolio_of(candidates)
    limits = limits_of(portfolio, budget, budgets_by_year, minimum_quantities)
    program = program_of(portfolio, limits)
    found = optimum(
        program, gap, time_limit, lambda columns: keeps_all(portfolio, limits, program.places(columns))
    )
    if found.columns is None:
        return _none(portfolio, limits, found, time_limit)
    chosen = _without_idle(portfolio, limits, program.places(found.columns))
    if not keeps_all(portfolio, limits, chosen):
        raise ArithmeticError("the set found breaks a condition; this is a fault of the search")
    return _result(portfolio, limits, found, chosen, gap)


def _without_idle(portfolio: Portfolio, limits: Limits, chosen: set[int]) -> set[int]:
    """Leave out what adds nothing and is needed by nothing."""
    for each in sorted(chosen, reverse=True):
        candidate = portfolio.candidates[each]
        if candidate.npv > 0 and each not in portfolio.loads_of:
            continue
        rest = chosen - {each}
        if portfolio.gain([each], rest) <= 0 and keeps_all(portfolio, limits, rest):
            chosen = rest
    return chosen


def _none(portfolio: Portfolio, limits: Limits, found: Optimum, time_limit: float) -> BestSet:
    if math.isinf(found.bound):
        proof, issues = Proof.INFEASIBLE, reasons_for_none(portfolio, limits, time_limit)
        reason = text("no set meets the conditions")
    else:
        proof, reason = Proof.TIME_LIMIT, text("no set was found in the time given")
        issues = (
            problem(
                "no-set-in-time",
                "No set that meets the conditions was found in {seconds} s; allow more time.",
                seconds=time_limit,
            ),
        )
    missing = {
        key: Figure(name, None, unit, reason=reason) for key, (name, unit) in _names(portfolio).items()
    }
    if proof is Proof.TIME_LIMIT:
        missing["bound"] = replace(missing["bound"], value=found.bound, formula=_bound_formula(), reason=None)
    return BestSet(proof, (), None, (), **missing, yearly_capital=(), issues=tuple(issues), limits=limits)


def _names(portfolio: Portfolio) -> dict[str, tuple[Text, str]]:
    money = portfolio.currency
    return {
        "bound": (text("Upper bound of the net present value"), money),
        "gap": (text("Gap to the upper bound"), money),
        "relative_gap": (text("Gap to the upper bound, relative"), "%"),
        "unspent": (text("Left of the budget"), money),
        "budget_price": (text("Value of one more unit of budget"), ""),
    }


def _bound_formula() -> Text:
    return text(
        "budget × its price + the best of what each option or group of options gains at that price, lowered until "
        "no set can lie between it and the best one found"
    )


def _result(portfolio: Portfolio, limits: Limits, found: Optimum, chosen: set[int], wanted: float) -> BestSet:
    value = value_of(portfolio, sorted(chosen))
    npv = float(value.npv.value or 0.0)
    names, money = _names(portfolio), portfolio.currency
    # Sums in another order differ by their rounding; the bound never lies below a set that exists.
    bound = Figure(names["bound"][0], max(found.bound, npv), money, _bound_formula())
    missing = max(found.bound - npv, 0.0)
    missing = 0.0 if missing <= 1e-12 * abs(npv) else missing
    gap = Figure(
        names["gap"][0],
        missing,
        money,
        text("upper bound − net present value of the set"),
        (bound, value.npv),
    )
    proven = found.in_time and missing <= max(wanted, 1e-12) * abs(npv) + 1e-9
    return BestSet(
        proof=Proof.OPTIMAL if proven else Proof.TIME_LIMIT,
        chosen=value.keys,
        value=value,
        left_out=left_out(portfolio, limits, chosen),
        bound=bound,
        gap=gap,
        relative_gap=_relative_gap(names["relative_gap"][0], gap, value.npv),
        unspent=_unspent(portfolio, limits, value),
        budget_price=_budget_price(portfolio, limits, found),
        yearly_capital=_yearly_capital(portfolio, limits, chosen),
        issues=tuple(_notes(portfolio, chosen)),
        limits=limits,
    )


def _relative_gap(name: Text, gap: Figure, npv: Figure) -> Figure:
    formula = text("gap ÷ net present value of the set")
    missing, worth = float(gap.value or 0.0), abs(float(npv.value or 0.0))
    if not missing:
        return Figure(name, 0.0, "%", formula, (gap, npv))
    reason = None if worth else text("the net present value is zero")
    return Figure(name, missing / worth * 100.0 if worth else None, "%", formula, (gap, npv), reason=reason)


def _unspent(portfolio: Portfolio, limits: Limits, value: SetValue) -> Figure:
    name, money = _names(portfolio)["unspent"]
    if limits.budget is None:
        return Figure(name, None, money, reason=text("there is no limit of capital in all"))
    budget = _budget_figure(portfolio, limits.budget)
    left = max(limits.budget - float(value.capital.value or 0.0), 0.0)
    return Figure(name, left, money, text("budget − capital of the set"), (budget, value.capital))


def _budget_figure(portfolio: Portfolio, budget: float) -> Figure:
    return Figure(text("Budget"), budget, portfolio.currency, basis=Basis.ASSUMED)


def _budget_price(portfolio: Portfolio, limits: Limits, found: Optimum) -> Figure:
    name, unit = _names(portfolio)["budget_price"]
    if limits.budget is None:
        return Figure(name, None, unit, reason=text("there is no limit of capital in all"))
    formula = text(
        "price of the budget in the linear relaxation, where options may be done in part: near this budget, net "
        "present value gained ÷ capital added; options being whole, the gain comes in steps"
    )
    return Figure(name, float(found.prices[0]), unit, formula, (_budget_figure(portfolio, limits.budget),))


def _yearly_capital(portfolio: Portfolio, limits: Limits, chosen: set[int]) -> tuple[Figure, ...]:
    money = portfolio.currency
    spent = portfolio.yearly_capital(chosen, len(limits.by_year))
    return tuple(
        Figure(
            text("Capital in year {year}", year=year),
            part,
            money,
            text("sum of what its options take in that year"),
            tuple(
                Figure(candidate.label, candidate.yearly_capital[year - 1], money, basis=Basis.ESTIMATED)
                for candidate in (portfolio.candidates[each] for each in sorted(chosen))
                if year <= len(candidate.yearly_capital)
            ),
        )
        for year, part in enumerate(spent, start=1)
    )


def _notes(portfolio: Portfolio, chosen: set[int]) -> list[Issue]:
    notes = []
    for load in portfolio.loads:
        worth = [share.value / share.fraction for share in load.shares]
        if worth[0] - worth[-1] > 0.01 * worth[0] and len(chosen & set(load.members)) > 1:
            notes.append(
                problem(
                    "load-valued-differently",
                    "The options that save on {load} count the whole of it as worth from {low} to {high} {currency}. "
                    "That is right where they save for different years or parts of it; otherwise correct their values.",
                    severity=Severity.NOTE,
                    load=load.name,
                    low=round(worth[-1], 2),
                    high=round(worth[0], 2),
                    currency=unit_words(portfolio.currency),
                )
            )
    return notes
