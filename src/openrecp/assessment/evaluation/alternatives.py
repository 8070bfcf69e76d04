"""Options of which only one can be carried out, compared each dearer one against the best of the cheaper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openrecp.assessment.evaluation.candidates import appraisal_of
from openrecp.assessment.evaluation.choosing_results import AlternativesCompared, Increment
from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.places import place
from openrecp.economics.choice import ExclusiveComparison, ExclusiveOption, compare_exclusive
from openrecp.economics.choice import Increment as Step
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.figures import Figure
from openrecp.texts import Text, text


def alternatives_compared(options: Sequence[OptionResult]) -> tuple[AlternativesCompared, ...]:
    """Every group of alternatives of which at least two have a cash flow."""
    return tuple(_compared(group) for group in _groups(options))


def _groups(options: Sequence[OptionResult]) -> Iterator[list[OptionResult]]:
    """Options in play that exclude one another, each with all that are linked to it."""
    there = {
        option.number: option
        for option in options
        if appraisal_of(option) is not None and option.fate is not Fate.DROPPED
    }
    links: dict[str, set[str]] = {number: set() for number in there}
    for option in there.values():
        for other in option.description.alternative_to if option.description is not None else ():
            if other in there and other != option.number:
                links[option.number].add(other)
                links[other].add(option.number)
    done: set[str] = set()
    for number in there:
        group, ahead = set[str](), [number]
        while ahead:
            each = ahead.pop()
            if each not in group:
                group.add(each)
                ahead += links[each]
        if len(group) > 1 and number not in done:
            done |= group
            yield [option for option in there.values() if option.number in group]


def _compared(group: list[OptionResult]) -> AlternativesCompared:
    appraisals = {option.number: own for option in group if (own := appraisal_of(option)) is not None}
    first = min(own.cash_flow.years[0] for own in appraisals.values())
    rate = float(next(iter(appraisals.values())).project.nominal_discount_rate)
    found = compare_exclusive(
        [_exclusive(option, appraisals[option.number], first) for option in group],
        rate,
        one_is_needed=any(option.fate is Fate.REQUIRED for option in group),
    )
    return AlternativesCompared(
        options=tuple(step.challenger for step in found.increments),
        steps=tuple(_increment(step, appraisals) for step in found.increments),
        best=found.chosen,
        sentence=found.explanation,
        trap=_trap(found),
    )


def _exclusive(option: OptionResult, appraisal: Appraisal, first: int) -> ExclusiveOption:
    flow = appraisal.cash_flow
    before = (0.0,) * (flow.years[0] - first)
    return ExclusiveOption(
        key=option.number,
        name=f"{option.number} {option.name}",
        currency=appraisal.project.currency,
        flows=(*before, *(float(amount) for amount in flow.cash)),
        source=place("options", option.number),
    )


def _increment(step: Step, appraisals: dict[str, Appraisal]) -> Increment:
    challenger = appraisals[step.challenger]
    defender = None if step.defender is None else appraisals[step.defender]
    return Increment(
        option=step.challenger,
        against=step.defender,
        capital=step.capital,
        annual_saving=_difference(
            text("Further saving a year"),
            challenger.annual_net_saving,
            None if defender is None else defender.annual_net_saving,
        ),
        npv=step.npv,
        irr=step.irr,
        worth_it=step.winner == step.challenger,
        sentence=step.explanation,
    )


def _difference(name: Text, one: Figure, other: Figure | None) -> Figure:
    value = float(one.value or 0) - (0.0 if other is None else float(other.value or 0))
    inputs = (one,) if other is None else (one, other)
    return Figure(name, value, one.unit, text("this option − the one it is held against"), inputs)


def _trap(found: ExclusiveComparison) -> Text | None:
    """A warning where the highest rate belongs to another option than the best one."""
    rated = [rank for rank in found.ranks if rank.irr.value is not None]
    if not rated or found.chosen is None:
        return None
    highest = max(rated, key=lambda rank: float(rank.irr.value or 0)).key
    if highest == found.chosen:
        return None
    return text(
        "{highest} has the highest internal rate of return, yet {best} is worth more: a rate says nothing of how much "
        "money earns it.",
        highest=highest,
        best=found.chosen,
    )
