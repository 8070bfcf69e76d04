"""Why an option is not in the best set."""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.economics.choice.candidates import ROUNDING
from openrecp.economics.choice.conditions import with_room
from openrecp.economics.choice.portfolio import Portfolio
from openrecp.economics.choice.program import Limits
from openrecp.figures import unit_words
from openrecp.texts import Choice, Text, text


class Reason(Choice):
    """The kind of reason for which an option is left out."""

    EXCLUDED = "excluded", text("Excluded by what is chosen")
    REQUIRES = "requires", text("Requires what is not chosen")
    LOSES = "loses", text("Loses money")
    OVERLAP = "overlap", text("Its saving is already made")
    BUDGET = "budget", text("Budget")
    MINIMUM = "minimum", text("With it, too little would be avoided")
    NOT_PROVEN = "not-proven", text("Not decided in time")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An option that is not chosen, the kind of reason, and the reason in words."""

    key: str
    reason: Reason
    explanation: Text


def left_out(portfolio: Portfolio, limits: Limits, chosen: set[int]) -> tuple[LeftOut, ...]:
    """For each option that is not in a set, why."""
    spent = portfolio.yearly_capital(chosen, len(limits.by_year))
    rooms = [with_room(budget) - part for budget, part in zip(limits.by_year, spent, strict=True)]
    room = None if limits.budget is None else with_room(limits.budget) - portfolio.capital(chosen)
    return tuple(
        _left_out(portfolio, limits, each, chosen, room, rooms)
        for each in range(len(portfolio.candidates))
        if each not in chosen
    )


def _left_out(
    portfolio: Portfolio, limits: Limits, each: int, chosen: set[int], room: float | None, rooms: list[float]
) -> LeftOut:
    candidate = portfolio.candidates[each]
    added = portfolio.needs(each) - chosen if candidate.requires else {each}
    others = [portfolio.candidates[place].label for place in sorted(added - {each})]
    rivals = {
        rival for place in added for rival in portfolio.rivals[place] if rival in chosen or rival in added
    }
    if rivals:
        return LeftOut(candidate.key, Reason.EXCLUDED, _excluded(portfolio, rivals, others))
    if candidate.npv <= 0 and not others:
        return LeftOut(candidate.key, Reason.LOSES, _loses(portfolio, each))
    for place in sorted(added):
        why = _lacking(portfolio, each, place, added, chosen)
        if why is not None:
            return LeftOut(candidate.key, Reason.REQUIRES, why)
    gain = portfolio.gain(added, chosen)
    if gain <= 0:
        return _no_gain(portfolio, each, gain, others)
    why = _over_a_budget(portfolio, added, room, rooms, others)
    if why is not None:
        return LeftOut(candidate.key, Reason.BUDGET, why)
    for name, least in limits.least.items():
        if portfolio.quantity(chosen | added, name) < least * (1.0 - ROUNDING):
            why = text(
                "With it, the set would avoid less than the {least} {quantity} a year that are asked for.",
                least=least,
                quantity=unit_words(name),
            )
            return LeftOut(candidate.key, Reason.MINIMUM, why)
    why = text("The search ended before its place in the best set was decided.")
    return LeftOut(candidate.key, Reason.NOT_PROVEN, why)


def _over_a_budget(
    portfolio: Portfolio, added: set[int], room: float | None, rooms: list[float], others: list[Text]
) -> Text | None:
    capital = portfolio.capital(added)
    if room is not None and capital > room:
        return _over_budget(portfolio, capital, room, others)
    yearly = portfolio.yearly_capital(added, len(rooms))
    for year, (part, left) in enumerate(zip(yearly, rooms, strict=True), start=1):
        if part > left:
            return text(
                "It takes {capital} {currency} in year {year}, more than the {room} that the chosen options leave of that year's budget, and no exchange gains more.",
                capital=_shown(part),
                currency=unit_words(portfolio.currency),
                year=year,
                room=_shown(max(left, 0.0)),
            )
    return None


def _excluded(portfolio: Portfolio, rivals: set[int], others: list[Text]) -> Text:
    names = [portfolio.candidates[rival].label for rival in sorted(rivals)]
    if others:
        return text(
            "It requires {others}, and together they cannot be done with {names}.", others=others, names=names
        )
    return text("It cannot be done together with what is chosen: {names}.", names=names)


def _lacking(portfolio: Portfolio, each: int, place: int, added: set[int], chosen: set[int]) -> Text | None:
    """What is said if an option, itself or required, has none of those of which it needs one."""
    candidate = portfolio.candidates[place]
    wanted = [portfolio.place[key] for key in candidate.requires_any]
    if not wanted or any(other in chosen or other in added for other in wanted):
        return None
    names = [portfolio.candidates[other].label for other in wanted]
    if place == each:
        return text("It needs one of {names}, and none of them is chosen.", names=names)
    return text(
        "It requires {other}, which needs one of {names}, and none of them is chosen.",
        other=candidate.label,
        names=names,
    )


def _loses(portfolio: Portfolio, each: int) -> Text:
    candidate = portfolio.candidates[each]
    if candidate.npv == 0:
        return text("It neither gains nor loses money.")
    return text(
        "It loses money: its net present value is {npv} {currency}.",
        npv=_shown(candidate.npv),
        currency=unit_words(portfolio.currency),
    )


def _no_gain(portfolio: Portfolio, each: int, gain: float, others: list[Text]) -> LeftOut:
    candidate, currency = portfolio.candidates[each], unit_words(portfolio.currency)
    if others:
        why = text(
            "It requires {others}, not chosen: together they would change the net present value by {gain} {currency}.",
            others=others,
            gain=_shown(gain),
            currency=currency,
        )
        return LeftOut(candidate.key, Reason.REQUIRES, why)
    why = text(
        "Others already save most of {loads}: added to them it would change the net present value by {gain} {currency}.",
        loads=[share.load for share in candidate.loads],
        gain=_shown(gain),
        currency=currency,
    )
    return LeftOut(candidate.key, Reason.OVERLAP, why)


def _over_budget(portfolio: Portfolio, capital: float, room: float, others: list[Text]) -> Text:
    values = {
        "capital": _shown(capital),
        "currency": unit_words(portfolio.currency),
        "room": _shown(max(room, 0.0)),
    }
    if others:
        return text(
            "With {others}, which it requires, it takes {capital} {currency}, more than the {room} that the chosen "
            "options leave of the budget, and no exchange gains more.",
            others=others,
            **values,
        )
    return text(
        "It takes {capital} {currency}, more than the {room} that the chosen options leave of the budget, and no "
        "exchange gains more.",
        **values,
    )


def _shown(amount: float) -> float:
    """An amount as people say it; the room for rounding in a budget never shows."""
    return round(amount) if abs(amount) >= 100 else round(amount, 2)
