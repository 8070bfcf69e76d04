"""Options of which only one can be done: ranked by net present value, and increment by increment.

The option with the highest internal rate need not be the best one: a small outlay at a high rate can gain
less than a large one at a lower rate. What counts is whether each further amount of capital earns its
rate, which the incremental analysis shows: options in the order of their capital, each challenged by the
next larger one.

References
----------
Newnan, D. G., Eschenbach, T. G. and Lavelle, J. P. (2004), Engineering Economic Analysis, 9th ed., Oxford
University Press: incremental analysis, and examples 17-4 and 17-5.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openrecp.economics.choice.exclusive_options import (
    ExclusiveOption,
    UnequalLives,
    check_options,
    horizon_of,
    life_notes,
    spread_flows,
)
from openrecp.economics.profitability import (
    InternalRate,
    annual_worth,
    internal_rate_of_return,
    net_present_value,
)
from openrecp.errors import Issue
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class ExclusiveRank:
    """What one option returns.

    Attributes
    ----------
    rank : int
        1 is the best; by net present value, or by annual worth where that is asked for.
    key : str
    capital : Figure
        Outlay at the start [money].
    npv : Figure
        Over its own life, or over the common horizon if that is asked for [money].
    annual_worth : Figure
        The same amount every year of its life with the same present value [money/yr].
    irr : Figure
        Internal rate of return [%]; without a value where there is none or there are several.
    """

    rank: int
    key: str
    capital: Figure
    npv: Figure
    annual_worth: Figure
    irr: Figure


@dataclass(frozen=True, slots=True)
class Increment:
    """A challenger against the best of the options with less capital.

    Attributes
    ----------
    defender : str or None
        Key; None stands for doing nothing.
    challenger : str
        Key.
    capital : Figure
        What the challenger takes more [money].
    npv : Figure
        Net present value of the difference of the two cash flows [money].
    irr : Figure
        Its internal rate [%]; without a value, with the reason, where there is none or there are several.
    winner : str or None
        The challenger if the net present value of the difference is above zero.
    explanation : Text
    """

    defender: str | None
    challenger: str
    capital: Figure
    npv: Figure
    irr: Figure
    winner: str | None
    explanation: Text


@dataclass(frozen=True, slots=True)
class ExclusiveComparison:
    """Which of several exclusive options to choose, and why.

    Attributes
    ----------
    chosen : str or None
        Key of the best option; None if doing nothing is better and allowed.
    ranks : tuple of ExclusiveRank
        Best first.
    increments : tuple of Increment
        In the order of capital.
    explanation : Text
        Why the highest internal rate wins, or why it does not.
    lives : UnequalLives
    horizon : int
        Years over which the differences are counted [yr].
    issues : tuple of Issue
        Notes on lives.
    """

    chosen: str | None
    ranks: tuple[ExclusiveRank, ...]
    increments: tuple[Increment, ...]
    explanation: Text
    lives: UnequalLives
    horizon: int
    issues: tuple[Issue, ...]


def compare_exclusive(
    options: Sequence[ExclusiveOption],
    rate: float,
    *,
    lives: UnequalLives = UnequalLives.AS_GIVEN,
    one_is_needed: bool = False,
) -> ExclusiveComparison:
    """Rank options that exclude one another, and challenge each by the next larger one.

    Parameters
    ----------
    options : sequence of ExclusiveOption
    rate : float
        Discount rate a year.
    lives : UnequalLives
        How different lives are compared; annual worth and the common horizon assume that each option is
        repeated at the same cost and gain.
    one_is_needed : bool
        One of them has to be done even if all lose money; otherwise doing nothing is the first defender.

    Raises
    ------
    UnusableInput
        If the options cannot be compared; carries every such finding.
    ValueError
        If the rate is not above -1.

    >>> a = ExclusiveOption("1A", "A", "USD", (-100.0, *[23.85] * 10))
    >>> c = ExclusiveOption("1C", "C", "USD", (-200.0, *[39.85] * 10))
    >>> found = compare_exclusive([a, c], 0.08)
    >>> found.chosen, [round(rank.irr.value) for rank in found.ranks]
    ('1C', [15, 20])
    """
    if not (rate > -1 and math.isfinite(rate)):
        raise ValueError(f"the discount rate must be above -1, not {rate}")
    check_options(options, lives)
    horizon = horizon_of(options, lives)
    spread = {each.key: spread_flows(each, horizon, lives) for each in options}
    ranks = _ranks(options, spread, rate, lives)
    increments = tuple(_increments(options, spread, rate, one_is_needed=one_is_needed))
    chosen = increments[-1].winner
    return ExclusiveComparison(
        chosen=chosen,
        ranks=ranks,
        increments=increments,
        explanation=_explanation(options, ranks, chosen, rate),
        lives=lives,
        horizon=horizon,
        issues=tuple(life_notes(options, lives, horizon)),
    )


def _flow_figures(each: ExclusiveOption, flows: Sequence[float]) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            text("Cash flow, year {year}", year=year),
            flow,
            each.currency,
            basis=Basis.ESTIMATED,
            source=each.source,
        )
        for year, flow in enumerate(flows)
    )


def _rate_figure(rate: float) -> Figure:
    return Figure(text("Discount rate"), rate * 100.0, "%", basis=Basis.ASSUMED)


def _npv(name: Text, each: ExclusiveOption, flows: Sequence[float], rate: float) -> Figure:
    return Figure(
        name,
        net_present_value(rate, flows),
        each.currency,
        text("sum of cash flow ÷ (1 + discount rate)ⁿ, n years after the first one"),
        (_rate_figure(rate), *_flow_figures(each, flows)),
    )


def _irr(name: Text, each: ExclusiveOption, flows: Sequence[float]) -> tuple[Figure, InternalRate]:
    found = internal_rate_of_return(flows)
    figure = Figure(
        name,
        None if found.value is None else found.value * 100.0,
        "%",
        text("the rate r at which the sum of cash flow ÷ (1 + r)ⁿ is zero"),
        _flow_figures(each, flows),
        reason=found.reason,
    )
    return figure, found


def _ranks(
    options: Sequence[ExclusiveOption],
    spread: dict[str, tuple[float, ...]],
    rate: float,
    lives: UnequalLives,
) -> tuple[ExclusiveRank, ...]:
    rows = []
    for each in options:
        flows = spread[each.key] if lives is UnequalLives.COMMON_HORIZON else each.flows
        npv = _npv(text("Net present value"), each, flows, rate)
        worth = _annual_worth(each, npv, len(flows) - 1, rate)
        irr, _ = _irr(text("Internal rate of return"), each, each.flows)
        capital = Figure(
            text("Capital"), -each.flows[0] or 0.0, each.currency, basis=Basis.ESTIMATED, source=each.source
        )
        rows.append((each.key, capital, npv, worth, irr))
    by = 3 if lives is UnequalLives.ANNUAL_WORTH else 2
    rows.sort(key=lambda row: -float(row[by].value or 0.0))  # type: ignore[union-attr]
    return tuple(ExclusiveRank(rank, *row) for rank, row in enumerate(rows, start=1))


def _annual_worth(each: ExclusiveOption, npv: Figure, years: int, rate: float) -> Figure:
    return Figure(
        text("Annual worth"),
        annual_worth(float(npv.value or 0.0), rate, years),
        f"{each.currency}/yr",
        text("net present value × i ÷ (1 − (1 + i)⁻ⁿ), with discount rate i and n years"),
        (npv, _rate_figure(rate), Figure(text("Years"), years, "yr", basis=Basis.ASSUMED)),
    )


def _increments(
    options: Sequence[ExclusiveOption],
    spread: dict[str, tuple[float, ...]],
    rate: float,
    *,
    one_is_needed: bool,
) -> Iterator[Increment]:
    ordered = sorted(options, key=lambda each: (-each.flows[0], -net_present_value(rate, spread[each.key])))
    defender: ExclusiveOption | None = None
    for number, challenger in enumerate(ordered):
        before = [0.0] * len(spread[challenger.key]) if defender is None else spread[defender.key]
        flows = [new - old for new, old in zip(spread[challenger.key], before, strict=True)]
        capital = Figure(
            text("Further capital"),
            -flows[0] or 0.0,
            challenger.currency,
            text("capital of the challenger − capital of the defender"),
        )
        npv = _npv(text("Net present value of the difference"), challenger, flows, rate)
        irr, found = _irr(text("Internal rate of the difference"), challenger, flows)
        wins = float(npv.value or 0.0) > 0 or (one_is_needed and number == 0)
        winner = challenger if wins else defender
        yield Increment(
            defender=None if defender is None else defender.key,
            challenger=challenger.key,
            capital=capital,
            npv=npv,
            irr=irr,
            winner=None if winner is None else winner.key,
            explanation=_verdict(defender, challenger, found, rate, wins=wins),
        )
        defender = winner


def _verdict(
    defender: ExclusiveOption | None,
    challenger: ExclusiveOption,
    found: InternalRate,
    rate: float,
    *,
    wins: bool,
) -> Text:
    against = text("doing nothing") if defender is None else defender.label
    asked = round(rate * 100.0, 6)
    if found.value is None:
        if wins:
            return text(
                "{challenger} instead of {defender}: the difference has no single internal rate ({reason}). Its net present "
                "value decides, and it is a gain.",
                challenger=challenger.label,
                defender=against,
                reason=found.reason,
            )
        return text(
            "{challenger} instead of {defender}: the difference has no single internal rate ({reason}). Its net present "
            "value decides, and it is no gain.",
            challenger=challenger.label,
            defender=against,
            reason=found.reason,
        )
    earned = round(found.value * 100.0, 2)
    if wins:
        return text(
            "{challenger} instead of {defender}: the difference earns {earned} %, at {asked} % a gain.",
            challenger=challenger.label,
            defender=against,
            earned=earned,
            asked=asked,
        )
    return text(
        "{challenger} instead of {defender}: the difference earns {earned} %, at {asked} % no gain.",
        challenger=challenger.label,
        defender=against,
        earned=earned,
        asked=asked,
    )


def _explanation(
    options: Sequence[ExclusiveOption], ranks: Sequence[ExclusiveRank], chosen: str | None, rate: float
) -> Text:
    names = {each.key: each.label for each in options}
    asked = round(rate * 100.0, 6)
    if chosen is None:
        return text(
            "None of them has a net present value above zero at {asked} %: doing nothing is better, and none is required.",
            asked=asked,
        )
    rated = [rank for rank in ranks if rank.irr.value is not None]
    highest = max(rated, key=lambda rank: float(rank.irr.value or 0.0), default=None)
    if highest is None:
        return text(
            "{chosen} has the highest net present value. None of them has a single internal rate to go by.",
            chosen=names[chosen],
        )
    if highest.key == chosen:
        return text(
            "{chosen} is the best one at {asked} %, and here it has the highest internal rate as well.",
            chosen=names[chosen],
            asked=asked,
        )
    return text(
        "{highest} has the highest internal rate, {rate} %, but {chosen} is the better choice at {asked} %: only one can be done, and what counts is the amount gained, not the rate at which a part of the capital earns it.",
        highest=names[highest.key],
        rate=round(float(highest.irr.value or 0.0), 2),
        chosen=names[chosen],
        asked=asked,
    )
