"""What a set of options must keep to, checked in plain arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from openrecp.economics.choice.candidates import ROUNDING
from openrecp.economics.choice.portfolio import Portfolio
from openrecp.economics.choice.program import Limits
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import unit_words

# Sums in another order may differ by a rounding more than what the search allowed itself.
_ROOM = 2.0 * ROUNDING


def limits_of(
    portfolio: Portfolio,
    budget: float | None,
    budgets_by_year: Sequence[float] | None,
    minimum_quantities: Mapping[str, float] | None,
) -> Limits:
    """The limits as entered.

    Raises
    ------
    UnusableInput
        If a limit is impossible, a year with capital has no budget, or nobody avoids a quantity.
    """
    limits = Limits(budget, tuple(budgets_by_year or ()), dict(minimum_quantities or {}))
    issues = list(_limit_issues(portfolio, limits))
    if issues:
        raise UnusableInput(issues)
    return limits


def _limit_issues(portfolio: Portfolio, limits: Limits) -> Iterator[Issue]:
    budgets = [*([] if limits.budget is None else [limits.budget]), *limits.by_year]
    if not all(math.isfinite(each) and each >= 0 for each in budgets):
        yield problem(
            "impossible-budget",
            "A budget must be zero or more, in finite numbers; leave it out where there is no limit.",
            where=Where(path="budget"),
        )
    for each in portfolio.candidates if limits.by_year else ():
        late = [year for year, part in enumerate(each.yearly_capital, start=1) if part > 0][-1:]
        if late and late[0] > len(limits.by_year):
            yield problem(
                "year-without-budget",
                "{name} spends capital in year {year}, but there are budgets for {years} years only; "
                "give a budget for each year.",
                where=each.where,
                name=each.label,
                year=late[0],
                years=len(limits.by_year),
            )
    known = {name: None for each in portfolio.candidates for name in each.quantities}
    for name, least in limits.least.items():
        where = Where(path=f"minimum_quantities[{name}]")
        if not (math.isfinite(least) and least > 0):
            yield problem(
                "impossible-minimum",
                "The least amount of {quantity} must be above zero; leave it out where there is none.",
                where=where,
                quantity=unit_words(name),
            )
        elif name not in known:
            yield problem(
                "unknown-quantity",
                "No option says how much {quantity} it avoids; enter it, or choose one of: {known}.",
                where=where,
                quantity=name,
                known=list(known) or "–",
            )


def keeps_all(portfolio: Portfolio, limits: Limits, chosen: Iterable[int]) -> bool:
    """Whether a set keeps every limit and every relation between options."""
    taken = set(chosen)
    return keeps_limits(portfolio, limits, taken) and keeps_relations(portfolio, taken)


def keeps_relations(portfolio: Portfolio, taken: set[int]) -> bool:
    """Whether a set has all that its options require and the law does, and nothing that is excluded."""
    for number, each in enumerate(portfolio.candidates):
        if number not in taken:
            if each.required_by_law:
                return False
            continue
        if portfolio.rivals[number] & taken:
            return False
        if any(portfolio.place[key] not in taken for key in each.requires):
            return False
        if each.requires_any and not any(portfolio.place[key] in taken for key in each.requires_any):
            return False
    return True


def keeps_limits(portfolio: Portfolio, limits: Limits, taken: set[int]) -> bool:
    """Whether a set keeps the budgets and avoids the least quantities."""
    if limits.budget is not None and portfolio.capital(taken) > with_room(limits.budget):
        return False
    spent = portfolio.yearly_capital(taken, len(limits.by_year))
    if any(part > with_room(budget) for part, budget in zip(spent, limits.by_year, strict=True)):
        return False
    return all(
        portfolio.quantity(taken, name) >= least * (1.0 - _ROOM) for name, least in limits.least.items()
    )


def with_room(budget: float) -> float:
    """A budget with room for the rounding of sums."""
    return budget + _ROOM * max(budget, 1e-9)
