"""What it costs to avoid a unit of waste, water, energy or greenhouse gas, option by option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    for kind, unit in _quantities(amounts):
        yearly = {number: _yearly(each, kind, unit) for number, each in amounts.items()}
        if sum(1 for amount in yearly.values() if amount > 0) > 1:
            named = {number: {unit: amount} for number, amount in yearly.items() if amount}
            candidates = candidates_of(assessment, shown, savings, named)
            curve = abatement_curve(candidates, unit, discount_rate=rate)
            name = next(
                each.name
                for own in amounts.values()
                for each in own
                if (each.kind, each.unit) == (kind, unit)
            )
            found.append(_curve(kind, name, unit, curve, candidates, {o.number: o.name for o in shown}))
    return tuple(found)


def _quantities(amounts: Mapping[str, tuple[AvoidedAmount, ...]]) -> list[tuple[AvoidedKind, str]]:
    found = {(each.kind, each.unit) for own in amounts.values() for each in own}
    kinds = list(AvoidedKind)
    return sorted(found, key=lambda each: (kinds.index(each[0]), each[1]))


def _yearly(amounts: Sequence[AvoidedAmount], kind: AvoidedKind, unit: str) -> float:
    return sum(float(each.figure.value or 0) for each in amounts if (each.kind, each.unit) == (kind, unit))


def _curve(
    kind: AvoidedKind,
    name: Text,
    unit: str,
    curve: Curve,
    candidates: Sequence[Candidate],
    names: Mapping[str, str],
) -> AbatementCurve:
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
        key="waste-volume" if (kind, unit) == (AvoidedKind.WASTE, "m³") else kind.value,
        name=name,
        unit=f"{unit}/yr",
        bars=bars,
        total=curve.bars[-1].end,
        by_value=tuple(each.key for each in curve.ranking if each.key in {bar.number for bar in bars}),
        trapped=trapped,
        trap=curve.trap if trapped else None,
        left_out=tuple(
            NotChosen(key, text("nothing of this is known to be avoided by it")) for key in curve.without_bar
        ),
        convention=curve.convention,
        notes=tuple(Text(issue.message, issue.values) for issue in curve.issues),
    )


def _figure(name: Text, value: float, candidate: Candidate) -> Figure:
    return Figure(name, value, candidate.currency)
