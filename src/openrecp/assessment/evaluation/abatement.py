"""What it costs to avoid a unit of waste, water, energy or greenhouse gas, option by option.

Waste has a curve for each stream: a tonne of wastewater and a tonne of dye are not the same thing. An option that
reduces several streams stands on none of their curves, since nothing says how its cost is divided among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.avoided import AvoidedAmount, avoided_amounts
from openrecp.assessment.evaluation.candidates import Savings, appraisal_of, candidates_of
from openrecp.assessment.evaluation.choosing_results import AbatementBar, AbatementCurve, NotChosen
from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.worksheets.options import AvoidedKind
from openrecp.economics.choice import AbatementCurve as Curve
from openrecp.economics.choice import Candidate, abatement_curve
from openrecp.figures import Figure
from openrecp.texts import Text, text

_OUT_OF_PLAY = frozenset({Fate.DROPPED, Fate.NOT_EVALUATED})


def abatement_curves(
    assessment: Assessment, options: Sequence[OptionResult], savings: Savings, rate: float
) -> tuple[AbatementCurve, ...]:
    """A curve for every quantity that at least two options in play avoid; parts count within what contains them."""
    shown = [
        option
        for option in options
        if option.fate not in _OUT_OF_PLAY
        and option.contained_in is None
        and appraisal_of(option) is not None
    ]
    amounts = {option.number: avoided_amounts(assessment, option.number) for option in shown}
    found = []
    for quantity in _quantities(amounts):
        yearly = {
            number: 0.0 if number in _divided(quantity, shown) else _yearly(each, quantity)
            for number, each in amounts.items()
        }
        if sum(1 for amount in yearly.values() if amount > 0) > 1:
            named = {number: {quantity.unit: amount} for number, amount in yearly.items() if amount}
            candidates = candidates_of(assessment, shown, savings, named)
            curve = abatement_curve(candidates, quantity.unit, discount_rate=rate)
            found.append(_curve(quantity, curve, candidates, shown))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What a curve is about: a kind in a unit, of waste that of one stream."""

    kind: AvoidedKind
    unit: str
    stream: str

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.stream}" if self.stream else self.kind.value

    @property
    def name(self) -> Text:
        if self.stream:
            return text("Waste of stream {stream}", stream=self.stream)
        return self.kind.label


def _quantity_of(amount: AvoidedAmount) -> _Quantity:
    of_stream = amount.stream if amount.kind is AvoidedKind.WASTE else None
    return _Quantity(amount.kind, amount.unit, of_stream or "")


def _quantities(amounts: Mapping[str, tuple[AvoidedAmount, ...]]) -> list[_Quantity]:
    found = {_quantity_of(each) for own in amounts.values() for each in own}
    kinds = list(AvoidedKind)
    return sorted(found, key=lambda each: (kinds.index(each.kind), each.stream, each.unit))


def _yearly(amounts: Sequence[AvoidedAmount], quantity: _Quantity) -> float:
    return sum(float(each.figure.value or 0) for each in amounts if _quantity_of(each) == quantity)


def _curve(
    quantity: _Quantity, curve: Curve, candidates: Sequence[Candidate], options: Sequence[OptionResult]
) -> AbatementCurve:
    names = {option.number: option.name for option in options}
    by_key = {each.key: each for each in candidates}
    ranked = {each.key: each for each in curve.ranking}
    bars = tuple(
        AbatementBar(
            number=bar.key,
            name=names[bar.key],
            avoided=bar.width,
            cost=bar.unit_cost,
            npv=_figure(text("Net present value"), by_key[bar.key].npv, by_key[bar.key]),
            capital=_figure(text("Capital"), by_key[bar.key].capital, by_key[bar.key]),
            npv_per_capital=ranked[bar.key].ratio,
            rank=ranked[bar.key].rank,
        )
        for bar in curve.bars
    )
    trapped = tuple(bar.number for bar in bars if float(bar.cost.value or 0) < 0)
    return AbatementCurve(
        key=quantity.key,
        name=quantity.name,
        unit=f"{quantity.unit}/yr",
        bars=bars,
        total=curve.bars[-1].end,
        by_value=tuple(each.key for each in curve.ranking if each.key in {bar.number for bar in bars}),
        trapped=trapped,
        trap=curve.trap if trapped else None,
        left_out=tuple(NotChosen(key, _why_without(key, quantity, options)) for key in curve.without_bar),
        convention=curve.convention,
        notes=tuple(Text(issue.message, issue.values) for issue in curve.issues),
    )


def _divided(quantity: _Quantity, options: Sequence[OptionResult]) -> frozenset[str]:
    """Options whose cost would have to be divided among several streams."""
    return frozenset(option.number for option in options if quantity.stream and len(option.streams) > 1)


def _why_without(number: str, quantity: _Quantity, options: Sequence[OptionResult]) -> Text:
    streams = next(option.streams for option in options if option.number == number)
    if number in _divided(quantity, options) and quantity.stream in streams:
        return text("it reduces several streams, and nothing says how its cost is divided among them")
    return text("nothing of this is known to be avoided by it")


def _figure(name: Text, value: float, candidate: Candidate) -> Figure:
    return Figure(name, value, candidate.currency)
