"""What a simulation shows: every number with its formula and what went into it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from openrecp.economics.inputs import ProjectInput
from openrecp.economics.profitability import RootCount
from openrecp.economics.uncertainty.distributions import Distribution
from openrecp.economics.uncertainty.drivers import Driver
from openrecp.economics.uncertainty.outcomes import COUNTS
from openrecp.economics.uncertainty.sampling import UncertainInput
from openrecp.economics.uncertainty.simulation import MonteCarlo
from openrecp.economics.uncertainty.spread import PERCENTILES, Share, Spread
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class SpreadFigures:
    """One result over all draws.

    Attributes
    ----------
    name : Text
    base : Figure
        The base case.
    base_percentile : Figure
        Part of the draws below the base case [%].
    mean, standard_error, sd : Figure
    percentiles : tuple of (float, Figure)
        Percent and value, ascending.
    without : Figure or None
        Part of the draws without this result, or in which it never comes [%]; None where every draw has it.
    """

    name: Text
    base: Figure
    base_percentile: Figure
    mean: Figure
    standard_error: Figure
    sd: Figure
    percentiles: tuple[tuple[float, Figure], ...]
    without: Figure | None


@dataclass(frozen=True, slots=True)
class DriverFigures:
    """One uncertain input and what it does to the net present value.

    Attributes
    ----------
    key : str
    name : Text
    distribution : Figure
        Its mean, with the distribution as formula and what was stated as inputs.
    base : Figure
        Its value in the base case.
    rank_correlation : Figure
    share : Figure
        Part of the explained variance [%]; without a value where inputs overlap too much.
    """

    key: str
    name: Text
    distribution: Figure
    base: Figure
    rank_correlation: Figure
    share: Figure


@dataclass(frozen=True, slots=True)
class SimulationFigures:
    """Everything a report shows of a simulation.

    Attributes
    ----------
    probability : Figure
        Of a net present value above zero [%].
    probability_limits : tuple of Figure
        Between which it lies with 95 % confidence [%].
    npv, irr, payback, discounted_payback : SpreadFigures
    one_rate, no_rate, several_rates : Figure
        Parts of the draws by their number of internal rates [%].
    drivers : tuple of DriverFigures
        The one that drives the net present value most first.
    drivers_note : Text
        How to read them.
    origin : Text
        What is needed to get the same digits again.
    """

    probability: Figure
    probability_limits: tuple[Figure, Figure]
    npv: SpreadFigures
    irr: SpreadFigures
    payback: SpreadFigures
    discounted_payback: SpreadFigures
    one_rate: Figure
    no_rate: Figure
    several_rates: Figure
    drivers: tuple[DriverFigures, ...]
    drivers_note: Text
    origin: Text


def simulation_figures(result: MonteCarlo) -> SimulationFigures:
    """A simulation as figures, each with its formula and inputs.

    Parameters
    ----------
    result : MonteCarlo
    """
    origin = tuple(_origin(result))
    money, gain = result.project.currency, result.probability_of_gain
    kinds = result.rate_shares
    none = result.irr.missing - round(kinds[RootCount.SEVERAL].value * result.draws)
    base_rate = COUNTS[int(result.base.counts[0])]
    never = text("Draws that are never paid back")
    return SimulationFigures(
        probability=_probability(text("Probability of a net present value above zero"), gain, origin),
        probability_limits=(_limit(gain.low, gain, origin), _limit(gain.high, gain, origin)),
        npv=_spread(
            text("Net present value"),
            result.npv,
            float(result.base.npv[0]),
            money,
            origin,
            without=text("Draws without it"),
        ),
        irr=_spread(
            text("Internal rate of return"),
            result.irr,
            float(result.base.irr[0]),
            "%",
            origin,
            without=text("Draws without a single internal rate"),
            base_reason=text("no single rate in the base case: {count}", count=base_rate),
        ),
        payback=_spread(
            text("Simple payback"), result.payback, float(result.base.payback[0]), "yr", origin, without=never
        ),
        discounted_payback=_spread(
            text("Discounted payback"),
            result.discounted_payback,
            float(result.base.discounted_payback[0]),
            "yr",
            origin,
            without=never,
        ),
        one_rate=_part(text("Draws with one internal rate"), kinds[RootCount.ONE].value, origin),
        no_rate=_part(text("Draws without an internal rate"), none / result.draws, origin),
        several_rates=_part(
            text("Draws with several internal rates"), kinds[RootCount.SEVERAL].value, origin
        ),
        drivers=tuple(_drivers(result)),
        drivers_note=result.drivers.note,
        origin=text(
            "{draws} draws with seed {seed}, generator {generator} of numpy {numpy}, OpenRECP {openrecp}",
            draws=result.draws,
            seed=str(result.seed),
            generator=result.generator,
            numpy=result.versions["numpy"],
            openrecp=result.versions["openrecp"],
        ),
    )


def _origin(result: MonteCarlo) -> Iterator[Figure]:
    yield Figure(text("Draws"), result.draws, basis=Basis.ASSUMED)
    yield Figure(text("Seed"), result.seed, basis=Basis.ASSUMED)
    for each in result.uncertain:
        if each.key in result.inputs:
            yield _distribution(each, result.inputs[each.key])


def _distribution(each: UncertainInput, known: ProjectInput) -> Figure:
    """An uncertain input: the mean of its distribution, with what was stated as inputs."""
    distribution: Distribution = each.distribution
    factor = 100.0 if known.unit == "%" else 1.0
    stated = tuple(
        Figure(name, value * factor, known.unit, basis=Basis.ASSUMED, source=each.source)
        for name, value in distribution.parameters
    )
    return Figure(
        known.name,
        distribution.mean * factor,
        known.unit,
        text("mean of the distribution: {kind}", kind=distribution.kind),
        stated,
        Basis.ESTIMATED,
        each.source,
    )


def _probability(name: Text, share: Share, origin: tuple[Figure, ...]) -> Figure:
    error = Figure(
        text("Standard error of the probability"),
        share.standard_error * 100.0,
        "%",
        text("√(p × (1 − p) ÷ draws)"),
    )
    return Figure(
        name, share.value * 100.0, "%", text("draws with a value above 0 ÷ all draws"), (error, *origin)
    )


def _limit(limit: float, share: Share, origin: tuple[Figure, ...]) -> Figure:
    name = text("Probability, lower limit") if limit == share.low else text("Probability, upper limit")
    return Figure(
        name,
        limit * 100.0,
        "%",
        text("Wilson's limit of the probability with 95 % confidence"),
        origin[:1],
    )


def _part(name: Text, share: float, origin: tuple[Figure, ...]) -> Figure:
    return Figure(name, share * 100.0, "%", text("such draws ÷ all draws"), origin[:2])


def _spread(
    name: Text,
    spread: Spread,
    base: float,
    unit: str,
    origin: tuple[Figure, ...],
    *,
    without: Text,
    base_reason: Text | None = None,
) -> SpreadFigures:
    factor = 100.0 if unit == "%" else 1.0
    has_base = math.isfinite(base)
    never = text("never paid back")
    nothing = text("no draw has this result")

    def figure(title: Text, value: float | None, formula: Text, reason: Text = nothing) -> Figure:
        if value is None or not math.isfinite(value):
            why = reason if value is None else never
            return Figure(title, None, unit, formula, origin, reason=why)
        return Figure(title, value * factor, unit, formula, origin)

    place = spread.place_of(base) if has_base else None
    left_out = spread.missing + spread.beyond
    return SpreadFigures(
        name=name,
        base=Figure(
            text("{name}, base case", name=name),
            base * factor if has_base else None,
            unit,
            text("with every input as entered"),
            reason=None if has_base else (base_reason or never),
        ),
        base_percentile=Figure(
            text("{name}: draws below the base case", name=name),
            place,
            "%",
            text("draws below the base case, and half of those equal to it ÷ draws with this result"),
            origin[:2],
            reason=None if place is not None else text("the base case has no such value"),
        ),
        mean=figure(text("{name}, mean", name=name), spread.mean, text("sum of the draws ÷ their number")),
        standard_error=figure(
            text("{name}, standard error of the mean", name=name),
            spread.standard_error,
            text("standard deviation ÷ √draws"),
            text("one draw has no spread"),
        ),
        sd=figure(
            text("{name}, standard deviation", name=name),
            spread.sd,
            text("√(sum of (draw − mean)² ÷ (draws − 1))"),
            text("one draw has no spread"),
        ),
        percentiles=tuple(
            (
                percent,
                figure(
                    text("{name}, percentile {percent}", name=name, percent=percent),
                    spread.percentile(percent),
                    text(
                        "{percent} % of the draws lie below; by a straight line between draws",
                        percent=percent,
                    ),
                ),
            )
            for percent in PERCENTILES
        ),
        without=_part(without, left_out / spread.count, origin) if left_out else None,
    )


def _drivers(result: MonteCarlo) -> Iterator[DriverFigures]:
    stated = {each.key: each for each in result.uncertain}
    for each in result.drivers.drivers:
        known = result.inputs[each.key]
        distribution = _distribution(stated[each.key], known)
        used = Figure(text("Draws used"), result.drivers.draws)
        yield DriverFigures(
            key=each.key,
            name=known.name,
            distribution=distribution,
            base=known.figure(known.value, Basis.ESTIMATED),
            rank_correlation=Figure(
                text("Rank correlation with the net present value"),
                each.rank_correlation,
                formula=text("correlation of the ranks of the input and of the result (Spearman)"),
                inputs=(distribution, used),
            ),
            share=_driver_share(each, result, distribution, used),
        )


def _driver_share(each: Driver, result: MonteCarlo, distribution: Figure, used: Figure) -> Figure:
    explained = result.drivers.explained
    return Figure(
        text("Share of the variance of the net present value"),
        None if each.share is None else each.share * 100.0,
        "%",
        text("{method}, as parts of their sum", method=result.drivers.method),
        (
            distribution,
            used,
            Figure(
                text("Variance of the ranked result that the inputs account for"),
                None if explained is None else explained * 100.0,
                "%",
                reason=None if explained is not None else text("inputs overlap"),
            ),
        ),
        reason=None if each.share is not None else text("inputs overlap"),
    )
