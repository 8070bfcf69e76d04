"""Why no set of options keeps all conditions, in the terms of whoever set them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from openrecp.economics.choice.candidates import Candidate
from openrecp.economics.choice.conditions import keeps_all, with_room
from openrecp.economics.choice.portfolio import Portfolio, portfolio_of
from openrecp.economics.choice.program import Limits, Program, program_of
from openrecp.economics.choice.solver import optimum
from openrecp.errors import Issue, Where, problem
from openrecp.figures import unit_words
from openrecp.texts import Text

_GAP = 1e-9


def reasons_for_none(portfolio: Portfolio, limits: Limits, time_limit: float) -> tuple[Issue, ...]:
    """Everything that leaves no set to choose; each is a finding of its own.

    Parameters
    ----------
    portfolio : Portfolio
    limits : Limits
    time_limit : float
        For each of the extremes that have to be found [s].
    """
    issues = list(_conflicts_of_law(portfolio))
    free = _without_law(portfolio) if issues else portfolio
    if not issues:
        issues += _law_over_budget(portfolio, limits, time_limit)
    short = list(_quantities_out_of_reach(free, limits, time_limit))
    issues += short
    if not issues and limits.least:
        issues += _quantities_over_budget(portfolio, limits, time_limit)
    if not issues:
        issues.append(
            problem(
                "conditions-together",
                "Each condition can be met alone, but no set of options meets all of them together; "
                "raise a budget or lower a least amount.",
                where=Where(path="budget"),
            )
        )
    return tuple(issues)


def _without_law(portfolio: Portfolio) -> Portfolio:
    return portfolio_of([replace(each, required_by_law=False) for each in portfolio.candidates])


def _conflicts_of_law(portfolio: Portfolio) -> Iterator[Issue]:
    needed: dict[int, Candidate] = {}
    for number, each in enumerate(portfolio.candidates):
        if each.required_by_law:
            for place in sorted(portfolio.needs(number)):
                needed.setdefault(place, each)
    for place, law in needed.items():
        for other in sorted(portfolio.rivals[place] & needed.keys()):
            if other > place:
                yield _conflict(portfolio, (place, law), (other, needed[other]))
    for place, law in needed.items():
        wanted = portfolio.candidates[place].requires_any
        left = [key for key in wanted if not portfolio.rivals[portfolio.place[key]] & needed.keys()]
        if wanted and not left:
            yield problem(
                "law-lacks-alternative",
                "{name} must be done because the law requires {law}. It needs one of {wanted}, but each of them "
                "is excluded by what the law requires. Correct the exclusions or what the law requires.",
                where=portfolio.candidates[place].where,
                name=portfolio.candidates[place].label,
                law=law.label,
                wanted=[portfolio.candidates[portfolio.place[key]].label for key in wanted],
            )


def _conflict(portfolio: Portfolio, one: tuple[int, Candidate], other: tuple[int, Candidate]) -> Issue:
    first, second = portfolio.candidates[one[0]], portfolio.candidates[other[0]]
    return problem(
        "law-excludes",
        "{one} and {other} cannot be done together, but both must be done because the law requires {laws}. "
        "Correct the exclusion or what the law requires.",
        where=first.where,
        one=first.label,
        other=second.label,
        laws=list(dict.fromkeys([one[1].label, other[1].label])),
    )


def _law_over_budget(portfolio: Portfolio, limits: Limits, time_limit: float) -> Iterator[Issue]:
    names = [each.label for each in portfolio.candidates if each.required_by_law]
    if not names:
        return
    budgets = [] if limits.budget is None else [limits.budget]
    for number, budget in enumerate([*budgets, *limits.by_year]):
        least = _least(portfolio, Limits(limits.budget, limits.by_year), number, (), time_limit)
        if least is None or least <= with_room(budget):
            continue
        if number < len(budgets):
            yield problem(
                "law-over-budget",
                "What the law requires ({names}), with what it depends on, costs at least {least} {currency}, "
                "but the budget is {budget}. Raise it by {missing}.",
                where=Where(path="budget"),
                names=names,
                least=_money(least),
                currency=unit_words(portfolio.currency),
                budget=_money(budget),
                missing=_money(least - budget),
            )
        else:
            year = number - len(budgets) + 1
            yield problem(
                "law-over-budget-of-year",
                "What the law requires ({names}), with what it depends on, costs at least {least} {currency} in "
                "year {year}, but the budget of that year is {budget}. Raise it by {missing}.",
                where=Where(path=f"budgets_by_year[{year}]"),
                names=names,
                least=_money(least),
                currency=unit_words(portfolio.currency),
                year=year,
                budget=_money(budget),
                missing=_money(least - budget),
            )


def _quantities_out_of_reach(portfolio: Portfolio, limits: Limits, time_limit: float) -> Iterator[Issue]:
    for number, (name, wanted) in enumerate(limits.least.items()):
        row = limits.count - len(limits.least) + number
        most = _least(portfolio, limits, row, (), time_limit)
        if most is not None and -most < wanted * (1.0 - _GAP):
            yield problem(
                "minimum-out-of-reach",
                "All options that can be done together avoid at most {most} {quantity} a year, but at least "
                "{wanted} is asked for. Lower it or add options.",
                where=Where(path=f"minimum_quantities[{name}]"),
                most=_shown(-most),
                quantity=unit_words(name),
                wanted=wanted,
            )


def _quantities_over_budget(portfolio: Portfolio, limits: Limits, time_limit: float) -> Iterator[Issue]:
    if limits.budget is None:
        return
    kept = tuple(range(limits.count - len(limits.least), limits.count))
    least = _least(portfolio, limits, 0, kept, time_limit)
    if least is not None and least > with_room(limits.budget):
        yield problem(
            "minimum-over-budget",
            "To avoid what is asked for ({wanted}) takes at least {least} {currency} of capital, but the budget is "
            "{budget}. Raise it by {missing} or lower what is asked for.",
            where=Where(path="budget"),
            wanted=[_amount(name, least_amount) for name, least_amount in limits.least.items()],
            least=_money(least),
            currency=unit_words(portfolio.currency),
            budget=_money(limits.budget),
            missing=_money(least - limits.budget),
        )


def _least(
    portfolio: Portfolio, limits: Limits, aim: int, kept: tuple[int, ...], time_limit: float
) -> float | None:
    """The least that a set can use of one limit, keeping some of the others; None if none is found."""
    program = _aimed(program_of(portfolio, limits, affordable_only=False), aim, kept)
    loose = Limits(least={name: least for name, least in limits.least.items() if kept})
    found = optimum(
        program,
        _GAP,
        time_limit,
        lambda columns: keeps_all(portfolio, loose, program.places(columns)),
    )
    if found.columns is None:
        return None
    return -found.bound


def _aimed(program: Program, aim: int, kept: tuple[int, ...]) -> Program:
    rows = np.array(kept, np.intp)
    return replace(
        program, value=-program.amounts[aim], amounts=program.amounts[rows], limits=program.limits[rows]
    )


def _money(amount: float) -> float:
    return float(np.ceil(round(amount, 2))) if abs(amount) >= 1000 else round(amount, 2)


def _shown(amount: float) -> float:
    return round(amount, 6)


def _amount(name: str, least: float) -> Text:
    return Text("{amount} {unit}", {"amount": least, "unit": unit_words(name)})
