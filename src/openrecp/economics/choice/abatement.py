"""Marginal abatement cost curve, the trap in it, and rankings that do not have it.

The unit cost of an option is what it costs, net, to avoid one unit: minus its net present value divided by
what it avoids over its life. Where options cost money the order is sound. Where they gain money it is
not: a larger quantity then makes the unit cost less negative, so that of two options the one that gains
as much and avoids more stands behind the other.

References
----------
Taylor, S. (2012), The ranking of negative-cost emissions reduction measures, Energy Policy 48, 430–438.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from openrecp.economics.choice.best import BestSet, best_set
from openrecp.economics.choice.candidates import Candidate, check_candidates
from openrecp.economics.choice.ranking import Filling, Ranked, filling, ranking_by_npv_per_budget
from openrecp.economics.choice.values import npv_figure
from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
from openrecp.figures import Basis, Figure, unit_words
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class AbatementBar:
    """One option on the curve, lowest unit cost first.

    Attributes
    ----------
    key : str
    unit_cost : Figure
        Height of the bar; below zero where the option gains money [money/unit].
    width : Figure
        What it avoids a year [unit/yr].
    start, end : Figure
        What all options before it, and it with them, avoid a year [unit/yr].
    """

    key: str
    unit_cost: Figure
    width: Figure
    start: Figure
    end: Figure


@dataclass(frozen=True, slots=True)
class AbatementCurve:
    """The curve with its convention, its trap, and rankings beside it.

    Attributes
    ----------
    quantity : str
        Name and unit of what is avoided.
    bars : tuple of AbatementBar
    without_bar : tuple of str
        Keys of options that avoid nothing of the quantity, or cause more of it: they have no unit cost.
    convention : Text
        How the unit cost is counted.
    trap : Text
        Why the order of the options that gain money means nothing, with a pair where it misleads if there is one.
    misleading : tuple of str
        The keys of that pair: the better option, and the worse one that stands before it; empty if there is none.
    ranking : tuple of Ranked
        All options by net present value per unit of capital.
    best : BestSet or None
        The best set under the budget, if a budget is given.
    fillings : tuple of Filling
        What filling the budget by unit cost and by net present value per capital would choose, and how far
        each stays behind the best set.
    issues : tuple of Issue
        Notes on what the curve counts twice.
    """

    quantity: str
    bars: tuple[AbatementBar, ...]
    without_bar: tuple[str, ...]
    convention: Text
    trap: Text
    misleading: tuple[str, ...]
    ranking: tuple[Ranked, ...]
    best: BestSet | None
    fillings: tuple[Filling, ...]
    issues: tuple[Issue, ...]


def abatement_curve(
    candidates: Sequence[Candidate],
    quantity: str,
    *,
    discount_rate: float | None = None,
    budget: float | None = None,
) -> AbatementCurve:
    """The marginal abatement cost curve of a quantity.

    Parameters
    ----------
    candidates : sequence of Candidate
        Each with a life and what it avoids a year of the quantity.
    quantity : str
        Its name, such as ``t CO2e``.
    discount_rate : float, optional
        If given, what is avoided in later years counts less, at this rate; usually it is not discounted.
    budget : float, optional
        If given, what each ranking would choose under it is compared with the best set [money].

    Raises
    ------
    UnusableInput
        If the candidates cannot be compared, none avoids the quantity, or one that does has no life.
    ValueError
        If the discount rate is not above -1.

    >>> lamps = Candidate("lamps", "Lamps", "TWD", 100.0, 300.0, life=10, quantities={"t CO2e": 1.0})
    >>> pump = Candidate("pump", "Pump", "TWD", 100.0, 300.0, life=10, quantities={"t CO2e": 3.0})
    >>> curve = abatement_curve([lamps, pump], "t CO2e")
    >>> [(bar.key, bar.unit_cost.value) for bar in curve.bars]
    [('lamps', -30.0), ('pump', -10.0)]
    >>> curve.misleading
    ('pump', 'lamps')
    """
    if discount_rate is not None and not (discount_rate > -1 and math.isfinite(discount_rate)):
        raise ValueError(f"the discount rate must be above -1, not {discount_rate}")
    check_candidates(candidates)
    issues = list(_quantity_issues(candidates, quantity))
    if issues:
        raise UnusableInput(issues)
    shown = [each for each in candidates if each.quantities.get(quantity, 0.0) > 0]
    costs = {each.key: _unit_cost(each, quantity, discount_rate) for each in shown}
    shown.sort(key=lambda each: (float(costs[each.key].value or 0.0), each.key))
    trap, misleading = _trap(shown, costs, quantity)
    ranking = ranking_by_npv_per_budget(candidates)
    best = None if budget is None else best_set(candidates, budget)
    return AbatementCurve(
        quantity=quantity,
        bars=tuple(_bars(shown, costs, quantity)),
        without_bar=tuple(each.key for each in candidates if each.key not in costs),
        convention=_convention(discount_rate),
        trap=trap,
        misleading=misleading,
        ranking=ranking,
        best=best,
        fillings=() if best is None else _fillings(candidates, budget, shown, ranking, best),
        issues=tuple(_notes(shown)),
    )


def _quantity_issues(candidates: Sequence[Candidate], quantity: str) -> Iterator[Issue]:
    known = list(dict.fromkeys(name for each in candidates for name in each.quantities))
    avoiding = [each for each in candidates if each.quantities.get(quantity, 0.0) > 0]
    if not avoiding:
        yield problem(
            "nothing-avoided",
            "No option avoids any {quantity}; enter how much each avoids a year, or choose one of: {known}.",
            where=Where(path=f"quantities[{quantity}]"),
            quantity=quantity,
            known=known or "–",
        )
    for each in avoiding:
        if each.life is None:
            yield problem(
                "no-life",
                "{name}: enter the years it saves; its cost per {quantity} is counted over them.",
                where=each.where,
                name=each.label,
                quantity=unit_words(quantity),
            )


def _convention(discount_rate: float | None) -> Text:
    if discount_rate is None:
        return text(
            "Cost of a unit = −net present value ÷ (amount avoided a year × years), the amounts not discounted. A bar "
            "is as wide as what the option avoids a year."
        )
    return text(
        "Cost of a unit = −net present value ÷ amount avoided over the years, later amounts discounted at {rate} % a "
        "year. A bar is as wide as what the option avoids a year.",
        rate=round(discount_rate * 100.0, 6),
    )


def _unit_cost(each: Candidate, quantity: str, discount_rate: float | None) -> Figure:
    yearly, life = each.quantities[quantity], float(each.life or 0.0)
    width = Figure(
        text("Avoided a year"), yearly, f"{quantity}/yr", basis=Basis.ESTIMATED, source=each.source
    )
    years = Figure(text("Years it saves"), life, "yr", basis=Basis.ASSUMED)
    if discount_rate is None:
        amount = Figure(
            text("Avoided over its life"),
            yearly * life,
            quantity,
            text("amount avoided a year × years"),
            (width, years),
        )
    else:
        rate = Figure(text("Discount rate"), discount_rate * 100.0, "%", basis=Basis.ASSUMED)
        amount = Figure(
            text("Avoided over its life, discounted"),
            yearly * _discounted_years(life, discount_rate),
            quantity,
            text("sum over the years of amount avoided a year ÷ (1 + discount rate)ⁿ"),
            (width, years, rate),
        )
    return Figure(
        text("{option}: cost of a unit avoided", option=each.label),
        -each.npv / float(amount.value or 1.0) or 0.0,
        f"{each.currency}/{quantity}",
        text("−net present value ÷ amount avoided over its life"),
        (npv_figure(each), amount),
    )


def _discounted_years(life: float, rate: float) -> float:
    """Sum of the discount factors of the years of a life; the last one may be a part of a year."""
    whole = math.floor(life)
    factors = [(1.0 + rate) ** -year for year in range(1, whole + 1)]
    return math.fsum(factors) + (life - whole) * (1.0 + rate) ** -(whole + 1)


def _bars(shown: Sequence[Candidate], costs: dict[str, Figure], quantity: str) -> Iterator[AbatementBar]:
    unit = f"{quantity}/yr"
    start = Figure(text("Avoided by those before it"), 0.0, unit)
    widths: list[Figure] = []
    for each in shown:
        width = Figure(
            text("{option}: avoided a year", option=each.label),
            each.quantities[quantity],
            unit,
            basis=Basis.ESTIMATED,
            source=each.source,
        )
        widths.append(width)
        end = Figure(
            text("Avoided up to and with {option}", option=each.label),
            math.fsum(float(part.value or 0.0) for part in widths),
            unit,
            text("sum of what the options avoid a year, lowest cost first"),
            tuple(widths),
        )
        yield AbatementBar(each.key, costs[each.key], width, start, end)
        start = end


def _trap(
    shown: Sequence[Candidate], costs: dict[str, Figure], quantity: str
) -> tuple[Text, tuple[str, ...]]:
    gaining = [each for each in shown if each.npv > 0]
    if not gaining:
        nothing = text(
            "No option here gains money. If one did, its place on the curve would mean nothing: the more it avoids at the "
            "same gain, the worse it would look."
        )
        return nothing, ()
    pair = _misleading_pair(gaining, costs, quantity)
    if pair is None:
        harmless = text(
            "Among options that gain money the order of the curve means nothing: the more one of them avoids at the same "
            "gain, the worse it looks. Here no option stands behind one that is worse in both; still choose by net "
            "present value and budget."
        )
        return harmless, ()
    better, worse = pair
    misled = text(
        "Among options that gain money the order of the curve means nothing: the more one of them avoids at the same "
        "gain, the worse it looks. Here {better} gains {better_npv} {currency} and avoids {better_amount} {unit}, {worse} "
        "gains {worse_npv} and avoids {worse_amount}; yet the curve puts {worse} first. Choose by net present value and "
        "budget.",
        better=better.label,
        better_npv=round(better.npv),
        currency=unit_words(better.currency),
        better_amount=round(better.quantities[quantity], 6),
        unit=unit_words(f"{quantity}/yr"),
        worse=worse.label,
        worse_npv=round(worse.npv),
        worse_amount=round(worse.quantities[quantity], 6),
    )
    return misled, (better.key, worse.key)


def _misleading_pair(
    gaining: Sequence[Candidate], costs: dict[str, Figure], quantity: str
) -> tuple[Candidate, Candidate] | None:
    """The better and the worse option, of those where the better stands behind, that differ most in gain."""
    gain = np.array([each.npv for each in gaining])
    yearly = np.array([each.quantities[quantity] for each in gaining])
    in_all = yearly * np.array([each.life for each in gaining], np.float64)
    cost = np.array([costs[each.key].value for each in gaining], np.float64)
    best: tuple[float, float] = (-1.0, 0.0)
    pair = None
    for worse in range(len(gaining)):
        no_worse = (gain >= gain[worse]) & (yearly >= yearly[worse]) & (in_all >= in_all[worse])
        for better in np.flatnonzero(no_worse & (cost > cost[worse])).tolist():
            ahead = (float(gain[better] - gain[worse]), float(yearly[better] - yearly[worse]))
            if ahead > best and any(ahead):
                best, pair = ahead, (gaining[better], gaining[worse])
    return pair


def _fillings(
    candidates: Sequence[Candidate],
    budget: float | None,
    shown: Sequence[Candidate],
    ranking: Sequence[Ranked],
    best: BestSet,
) -> tuple[Filling, ...]:
    by_cost = [each.key for each in shown]
    by_ratio = [each.key for each in ranking]
    return (
        filling(candidates, budget, text("By unit cost, as on the curve"), by_cost, best),
        filling(candidates, budget, text("By net present value per unit of capital"), by_ratio, best),
    )


def _notes(shown: Sequence[Candidate]) -> Iterator[Issue]:
    names = {each.key: each.label for each in shown}
    rivals = dict.fromkeys(
        key
        for each in shown
        for other in each.excludes
        if other in names
        for key in sorted((each.key, other))
    )
    if rivals:
        yield problem(
            "curve-counts-rivals",
            "{names} cannot all be done, but the curve counts each as if it were; it is too long by as much.",
            severity=Severity.NOTE,
            names=[names[key] for key in rivals],
        )
    users: dict[str, list[Text]] = {}
    for each in shown:
        for share in each.loads:
            users.setdefault(share.load, []).append(each.label)
    for load, labels in users.items():
        if len(labels) > 1:
            yield problem(
                "curve-counts-overlap",
                "{names} save on the same load, {load}. The curve counts each alone; together they avoid less.",
                severity=Severity.NOTE,
                names=labels,
                load=load,
            )
