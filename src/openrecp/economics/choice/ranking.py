"""Simple rankings, and what filling the budget in their order would leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openrecp.economics.choice.best import BestSet, best_set
from openrecp.economics.choice.candidates import Candidate
from openrecp.economics.choice.conditions import limits_of, with_room
from openrecp.economics.choice.portfolio import Portfolio, portfolio_of
from openrecp.economics.choice.values import (
    SetValue,
    capital_figure,
    check_keys,
    npv_figure,
    value_of,
)
from openrecp.figures import Figure
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in a ranking; ``ratio`` has no value where no capital is needed."""

    rank: int
    key: str
    ratio: Figure


@dataclass(frozen=True, slots=True)
class Filling:
    """What follows from filling the budget in the order of a ranking.

    Attributes
    ----------
    ranking : Text
        Name of the ranking.
    order : tuple of str
        Keys in its order.
    chosen : tuple of str
    value : SetValue
    shortfall : Figure
        By how much the net present value stays below that of the best set [money].
    """

    ranking: Text
    order: tuple[str, ...]
    chosen: tuple[str, ...]
    value: SetValue
    shortfall: Figure


@dataclass(frozen=True, slots=True)
class BudgetPoint:
    """The best set under one of several budgets."""

    budget: float
    best: BestSet


def ranking_by_npv_per_budget(candidates: Sequence[Candidate]) -> tuple[Ranked, ...]:
    """Options by net present value per unit of capital, highest first.

    Options that gain money without capital stand first, the more they gain the earlier; those that lose
    money stand last. Taken in this order a budget is used well, though the last place it leaves may be
    filled better by an exchange: only :func:`best_set` is sure of that.

    Raises
    ------
    UnusableInput
        If the candidates cannot be compared.

    References
    ----------
    Lorie, J. H. and Savage, L. J. (1955), Three Problems in Rationing Capital, The Journal of Business
    28(4), 229–239.
    """
    candidates = portfolio_of(candidates).candidates
    ordered = sorted(candidates, key=_npv_per_budget, reverse=True)
    return tuple(Ranked(rank, each.key, _ratio(each)) for rank, each in enumerate(ordered, start=1))


def _npv_per_budget(each: Candidate) -> tuple[int, float]:
    if each.capital == 0:
        return (2 if each.npv > 0 else 0, each.npv)
    return (1, each.npv / each.capital) if each.npv > 0 else (0, each.npv / each.capital)


def _ratio(each: Candidate) -> Figure:
    return Figure(
        text("Net present value per unit of capital"),
        each.npv / each.capital if each.capital else None,
        "",
        text("net present value ÷ capital"),
        (npv_figure(each), capital_figure(each)),
        reason=None if each.capital else text("no capital is needed"),
    )


def filled_budget(
    candidates: Sequence[Candidate], budget: float | None, order: Sequence[str]
) -> tuple[str, ...]:
    """What is chosen by going down a ranking and taking whatever gains money and still fits.

    What the law requires is taken first, and with each option what it requires. An option that adds
    nothing to those taken, is excluded by one of them or does not fit is passed over. This is what many
    people do with a ranking; it is not the best that can be done.

    Parameters
    ----------
    candidates : sequence of Candidate
    budget : float or None
        Most capital; None for no limit [money].
    order : sequence of str
        Keys, first to be taken first.

    Raises
    ------
    UnusableInput
        If the candidates cannot be compared, the budget is impossible or a key is not one of theirs.
    """
    portfolio = portfolio_of(candidates)
    limits_of(portfolio, budget, None, None)
    check_keys(portfolio, order)
    return tuple(candidates[each].key for each in sorted(_filled(portfolio, budget, order)))


def _filled(portfolio: Portfolio, budget: float | None, order: Sequence[str]) -> set[int]:
    taken: set[int] = set()
    spent = 0.0
    law = [place for place, each in enumerate(portfolio.candidates) if each.required_by_law]
    for place in [*law, *(portfolio.place[key] for key in order)]:
        added = portfolio.needs(place) - taken
        together = taken | added if len(added) > 1 else added
        if not added or any(portfolio.rivals[each] & (taken | together) for each in added):
            continue
        if any(not _has_alternative(portfolio, each, taken, added) for each in added):
            continue
        capital = portfolio.capital(added)
        if budget is not None and spent + capital > with_room(budget):
            continue
        if place in law or portfolio.gain(added, taken) > 0:
            taken |= added
            spent += capital
    return taken


def _has_alternative(portfolio: Portfolio, each: int, taken: set[int], added: set[int]) -> bool:
    wanted = [portfolio.place[key] for key in portfolio.candidates[each].requires_any]
    return not wanted or any(other in taken or other in added for other in wanted)


def filling(
    candidates: Sequence[Candidate], budget: float | None, name: Text, order: Sequence[str], best: BestSet
) -> Filling:
    """Fill the budget in an order and compare with the best set."""
    portfolio = portfolio_of(candidates)
    places = sorted(_filled(portfolio, budget, order))
    value = value_of(portfolio, places)
    known = best.value.npv if best.value is not None else None
    shortfall = Figure(
        text("Behind the best set"),
        None if known is None else float(known.value or 0.0) - float(value.npv.value or 0.0),
        portfolio.currency,
        text("net present value of the best set − net present value of this set"),
        () if known is None else (known, value.npv),
        reason=text("no set meets the conditions") if known is None else None,
    )
    return Filling(name, tuple(order), value.keys, value, shortfall)


def budget_curve(candidates: Sequence[Candidate], budgets: Sequence[float]) -> tuple[BudgetPoint, ...]:
    """The best set under each of several budgets, in ascending order of budget.

    Parameters
    ----------
    candidates : sequence of Candidate
    budgets : sequence of float
        [money]

    Raises
    ------
    UnusableInput
        If the candidates cannot be compared or a budget is impossible.

    Notes
    -----
    The value never falls as the budget grows, but the chosen options may change altogether.
    """
    return tuple(BudgetPoint(budget, best_set(candidates, budget)) for budget in sorted(budgets))
