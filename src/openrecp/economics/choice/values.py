"""What a set of options costs and gains, as figures that show how overlapping savings were counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from openrecp.economics.choice.candidates import Candidate, LoadShare
from openrecp.economics.choice.portfolio import Portfolio, SharedLoad, portfolio_of
from openrecp.errors import UnusableInput, Where, problem
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class LoadSaving:
    """What the options of a set save together on one load.

    Attributes
    ----------
    load : str
    members : tuple of str
        Keys of the options of the set that save on it, in the order in which they are counted.
    saved : Figure
        Part of the load that is saved [%].
    value : Figure
        What the savings are worth together [money].
    overlap : Figure
        By how much less that is than the sum of what each is worth alone [money].
    """

    load: str
    members: tuple[str, ...]
    saved: Figure
    value: Figure
    overlap: Figure


@dataclass(frozen=True, slots=True)
class SetValue:
    """What a set of options costs, gains, saves a year and avoids a year.

    Attributes
    ----------
    keys : tuple of str
        In the order of the candidates.
    capital : Figure
        Sum of the capitals; savings on the same load do not change it [money].
    npv : Figure
        Sum of the net present values alone, less what savings on the same load have in common [money].
    annual_saving : Figure
        [money/yr]
    quantities : Mapping[str, Figure]
        [unit/yr]
    loads : tuple of LoadSaving
        Loads on which at least two options of the set save.
    """

    keys: tuple[str, ...]
    capital: Figure
    npv: Figure
    annual_saving: Figure
    quantities: Mapping[str, Figure]
    loads: tuple[LoadSaving, ...]


@dataclass(frozen=True, slots=True)
class LoadingStep:
    """What one more option adds when options are added in a given order.

    Attributes
    ----------
    key : str
    gain : Figure
        Rise of the net present value [money].
    total : Figure
        Net present value of the options so far [money].
    capital : Figure
        Their capital [money].
    saved : Mapping[str, Figure]
        Of each load it saves on, the part this option saves of the whole, on what the others left [%].
    """

    key: str
    gain: Figure
    total: Figure
    capital: Figure
    saved: Mapping[str, Figure]


def set_value(candidates: Sequence[Candidate], keys: Sequence[str]) -> SetValue:
    """What options cost and gain together, whether or not they can be done together.

    Parameters
    ----------
    candidates : sequence of Candidate
    keys : sequence of str
        Which of them; the order does not matter.

    Raises
    ------
    UnusableInput
        If the candidates cannot be compared, or a key is not one of theirs.

    Notes
    -----
    Of the load that one option leaves, the next saves its fraction. With the options in the order of
    value alone ÷ fraction, highest first, the savings are worth ``Σ value × Π (1 − fraction before)``.
    If the load is worth W to all of them, that is ``W (1 − Π (1 − fraction))`` in any order.

    >>> from openrecp.economics.choice import LoadShare
    >>> half = LoadShare("rinse water", 0.5, 60_000.0)
    >>> options = [Candidate(key, key, "TWD", 20_000.0, 40_000.0, loads=(half,)) for key in ("a", "b")]
    >>> found = set_value(options, ["a", "b"])
    >>> found.npv.value, found.loads[0].saved.value
    (50000.0, 75.0)
    """
    portfolio = portfolio_of(candidates)
    check_keys(portfolio, keys)
    return value_of(portfolio, portfolio.places(keys))


def loading_order(candidates: Sequence[Candidate], keys: Sequence[str]) -> tuple[LoadingStep, ...]:
    """What each option adds when they are added in the given order, such as source reduction first.

    Parameters
    ----------
    candidates : sequence of Candidate
    keys : sequence of str
        In the order of adding. The last total does not depend on the order, the single gains do.

    Raises
    ------
    UnusableInput
        If the candidates cannot be compared, a key is not one of theirs, or stands twice.
    """
    portfolio = portfolio_of(candidates)
    check_keys(portfolio, keys)
    steps: list[LoadingStep] = []
    so_far: set[int] = set()
    for key in keys:
        place = portfolio.place[key]
        before = [step.gain for step in steps]
        steps.append(_step(portfolio, place, so_far, before))
        so_far.add(place)
    return tuple(steps)


def check_keys(portfolio: Portfolio, keys: Sequence[str]) -> None:
    """Refuse keys that are not among the candidates or stand twice."""
    issues = [
        problem(
            "unknown-key",
            "{key} is not among the options; correct the key.",
            where=Where(path=f"keys[{key}]"),
            key=key,
        )
        for key in keys
        if key not in portfolio.place
    ]
    issues += [
        problem(
            "key-twice",
            "{key} stands twice in the list; keep one.",
            where=Where(path=f"keys[{key}]"),
            key=key,
        )
        for key, count in Counter(keys).items()
        if count > 1
    ]
    if issues:
        raise UnusableInput(issues)


def value_of(portfolio: Portfolio, chosen: Sequence[int]) -> SetValue:
    """The figures of a set given by places, in ascending order."""
    money = portfolio.currency
    loads = tuple(
        _load_saving(portfolio, load, set(chosen))
        for load in portfolio.loads
        if len(set(load.members) & set(chosen)) > 1
    )
    npvs = [npv_figure(portfolio.candidates[each]) for each in chosen]
    names = dict.fromkeys(name for each in chosen for name in portfolio.candidates[each].quantities)
    return SetValue(
        keys=tuple(portfolio.candidates[each].key for each in chosen),
        capital=Figure(
            text("Capital of the set"),
            portfolio.capital(chosen),
            money,
            text("sum of the capitals of its options"),
            tuple(capital_figure(portfolio.candidates[each]) for each in chosen),
        ),
        npv=Figure(
            text("Net present value of the set"),
            portfolio.npv(chosen),
            money,
            text("sum of the net present values alone − what savings on the same load have in common"),
            (*npvs, *(each.overlap for each in loads)),
        ),
        annual_saving=Figure(
            text("Annual saving of the set"),
            portfolio.annual_saving(chosen),
            money,
            text("sum of the annual savings alone − what savings on the same load have in common"),
            tuple(
                _entered(portfolio.candidates[each], text("Annual net saving"), "annual_saving")
                for each in chosen
            ),
        ),
        quantities={name: _quantity(portfolio, chosen, name) for name in names},
        loads=loads,
    )


def npv_figure(candidate: Candidate) -> Figure:
    """Net present value of an option alone."""
    return _entered(candidate, text("Net present value"), "npv")


def capital_figure(candidate: Candidate) -> Figure:
    """Capital of an option."""
    return _entered(candidate, text("Capital"), "capital")


def _entered(candidate: Candidate, what: Text, attribute: str) -> Figure:
    name, value = text("{option}: {what}", option=candidate.label, what=what), getattr(candidate, attribute)
    known = candidate.figures.get(attribute)
    if known is not None:
        return replace(known, name=name, value=value, unit=candidate.currency)
    return Figure(name, value, candidate.currency, basis=Basis.ESTIMATED, source=candidate.source)


def _quantity(portfolio: Portfolio, chosen: Sequence[int], name: str) -> Figure:
    unit = f"{name}/yr"
    return Figure(
        text("Avoided a year"),
        portfolio.quantity(chosen, name),
        unit,
        text("sum of what each avoids alone − what savings on the same load have in common"),
        tuple(
            Figure(
                candidate.label,
                candidate.quantities[name],
                unit,
                basis=Basis.ESTIMATED,
                source=candidate.source,
            )
            for candidate in (portfolio.candidates[each] for each in chosen)
            if name in candidate.quantities
        ),
    )


def _load_saving(portfolio: Portfolio, load: SharedLoad, chosen: set[int]) -> LoadSaving:
    money = portfolio.currency
    marks = [int(each in chosen) for each in load.members]
    worth = [share.value for share in load.shares]
    users = [
        (portfolio.candidates[place], share)
        for place, share, mark in zip(load.members, load.shares, marks, strict=True)
        if mark
    ]
    fractions = tuple(_fraction(candidate, share) for candidate, share in users)
    value = Figure(
        text("Savings on {load}, together", load=load.name),
        load.counted(worth, marks),
        money,
        text(
            "sum over the options, the one to which the whole load is worth most first, each on what those before it leave"
        ),
        tuple(_counted_savings(users, fractions)),
    )
    alone = Figure(
        text("Savings on {load}, each alone", load=load.name),
        sum(share.value for _, share in users),
        money,
        text("sum of the values of the savings alone"),
    )
    saved = Figure(
        text("Part of {load} saved together", load=load.name),
        load.saved(marks) * 100.0,
        "%",
        text("1 − (1 − f₁) × (1 − f₂) × …, with the fraction f that each saves alone"),
        fractions,
    )
    overlap = Figure(
        text("Savings on {load} that options have in common", load=load.name),
        load.overlap(worth, marks),
        money,
        text("savings each alone − savings together"),
        (alone, value),
    )
    return LoadSaving(load.name, tuple(candidate.key for candidate, _ in users), saved, value, overlap)


def _fraction(candidate: Candidate, share: LoadShare) -> Figure:
    return Figure(candidate.label, share.fraction * 100.0, "%", basis=Basis.ESTIMATED)


def _counted_savings(
    users: Sequence[tuple[Candidate, LoadShare]], fractions: tuple[Figure, ...]
) -> Iterator[Figure]:
    """What each saving is worth on what those before it leave of the load."""
    left = 1.0
    for number, (candidate, share) in enumerate(users):
        alone = Figure(
            text("Value of the saving alone"), share.value, candidate.currency, basis=Basis.ESTIMATED
        )
        rest = Figure(
            text("Part of the load that those before it leave"),
            left * 100.0,
            "%",
            text("(1 − f₁) × (1 − f₂) × …, with the fraction f that each of them saves"),
            fractions[:number],
        )
        yield Figure(
            candidate.label,
            share.value * left,
            candidate.currency,
            text("value of the saving alone × part of the load that those before it leave"),
            (alone, rest),
        )
        left *= 1.0 - share.fraction


def _step(portfolio: Portfolio, place: int, so_far: set[int], before: Sequence[Figure]) -> LoadingStep:
    candidate, money = portfolio.candidates[place], portfolio.currency
    gain = Figure(
        text("{option}: gain as the next one", option=candidate.label),
        portfolio.gain([place], so_far),
        money,
        text("net present value with it − net present value of those before it"),
        (npv_figure(candidate),),
    )
    saved = {share.load: _further_part(portfolio, candidate, share, so_far) for share in candidate.loads}
    together = [*so_far, place]
    return LoadingStep(
        key=candidate.key,
        gain=gain,
        total=Figure(
            text("Net present value so far"),
            portfolio.npv(together),
            money,
            text("sum of the gains"),
            (*before, gain),
        ),
        capital=Figure(
            text("Capital so far"),
            portfolio.capital(together),
            money,
            text("sum of the capitals of its options"),
        ),
        saved=saved,
    )


def _further_part(portfolio: Portfolio, candidate: Candidate, share: LoadShare, so_far: set[int]) -> Figure:
    """The part of the whole load that an option saves of what those before it leave."""
    left = math.prod(
        1.0 - other.fraction
        for each in so_far
        for other in portfolio.candidates[each].loads
        if other.load == share.load
    )
    return Figure(
        text("{option}: part of {load} saved", option=candidate.label, load=share.load),
        share.fraction * left * 100.0,
        "%",
        text("its fraction × part of the load that those before it leave"),
        (
            Figure(text("Fraction alone"), share.fraction * 100.0, "%", basis=Basis.ESTIMATED),
            Figure(text("Part of the load that those before it leave"), left * 100.0, "%"),
        ),
    )
