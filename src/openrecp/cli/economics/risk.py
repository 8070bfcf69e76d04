"""A simulation on the screen: how likely a gain is, how results are spread, what drives them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from openrecp.cli.console import Console, shown_width
from openrecp.cli.economics.simulation import Simulation
from openrecp.cli.economics.wide import wide_table
from openrecp.economics.uncertainty import (
    DistributionKind,
    DriverFigures,
    Histogram,
    SimulationFigures,
    SpreadFigures,
)
from openrecp.figures import Figure, show, unit_words
from openrecp.texts import Text, format_number, text

_SHOWN: Final = (5.0, 25.0, 50.0, 75.0, 95.0)
_CLASSES: Final = 16
_BAR: Final = 40
_LIMITED: Final = frozenset(
    {DistributionKind.UNIFORM, DistributionKind.TRIANGULAR, DistributionKind.PERT, DistributionKind.CONSTANT}
)


def show_risk(simulation: Simulation, console: Console) -> None:
    """How likely a gain is first, then everything it is read from."""
    found, figures = simulation.found, simulation.figures
    low, high = figures.probability_limits
    console.heading(
        text(
            "Risk: {share} of {draws} draws gain money",
            share=_share(figures.probability, console),
            draws=found.draws,
        )
    )
    console.paragraph(
        text(
            "The net present value is above zero. If the distributions below are right, the true share lies between "
            "{low} and {high} with 95 % confidence.",
            low=_share(low, console),
            high=_share(high, console),
        )
    )
    console.line()
    _show_spreads(figures, console)
    for spread in (figures.irr, figures.payback, figures.discounted_payback):
        if spread.without is not None:
            console.paragraph(
                text(
                    "{what}: {share} ({name}).",
                    name=spread.name,
                    what=spread.without.name,
                    share=_share(spread.without, console),
                )
            )
    currency = unit_words(found.project.currency)
    console.heading(text("Net present value of the draws [{currency}]; ░ loses, █ gains", currency=currency))
    for line in histogram_lines(found.npv.histogram(_CLASSES), found.draws, console):
        console.line(line)
    _show_drivers(simulation, console)
    console.line()
    console.paragraph(
        text("{origin}. The same seed gives the same figures.", origin=simulation.figures.origin)
    )


def _share(figure: Figure, console: Console) -> str:
    """A probability; near certainty with another digit, so that it is not taken for it."""
    value = float(figure.value or 0.0)
    return show(figure, console.language, 1 if 1 < value < 99 else 2)


def _show_spreads(figures: SimulationFigures, console: Console) -> None:
    spreads = (
        (text("NPV"), figures.npv),
        (text("IRR"), figures.irr),
        (text("Payback"), figures.payback),
        (figures.discounted_payback.name, figures.discounted_payback),
    )
    headers: list[Text | str] = [
        text("Draws below"),
        *(f"{percent:g} %" for percent in _SHOWN),
        text("Mean"),
        text("Base case"),
    ]
    rows = [_spread_row(name, spread, console) for name, spread in spreads]
    wide_table(console, headers, rows, 1)


def _spread_row(short: Text, spread: SpreadFigures, console: Console) -> list[str]:
    unit = unit_words(spread.base.unit)
    by_percent = dict(spread.percentiles)
    figures = [*(by_percent[percent] for percent in _SHOWN), spread.mean, spread.base]
    name = console.say(text("{name} [{unit}]", name=short, unit=unit))
    return [name, *(_number(figure) for figure in figures)]


def _number(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    return format_number(figure.value, 2 if figure.unit in ("%", "yr") else 0)


def histogram_lines(histogram: Histogram, draws: int, console: Console) -> Iterator[str]:
    """A bar for each class, lowest first; losses and gains are drawn differently."""
    edges = histogram.edges
    if not edges:
        return
    step = edges[1] - edges[0]
    digits = max(0, -math.floor(math.log10(step)))
    rows = [
        (f"{format_number(low, digits)} … {format_number(high, digits)}", count, low < 0)
        for low, high, count in zip(edges[:-1], edges[1:], histogram.counts, strict=True)
    ]
    if histogram.below:
        rows.insert(0, (console.say(text("below")), histogram.below, edges[0] <= 0))
    if histogram.above:
        rows.append((console.say(text("above")), histogram.above, edges[-1] < 0))
    longest = max(count for _, count, _ in rows)
    width = max(shown_width(name) for name, _, _ in rows)
    for name, count, is_loss in rows:
        share = f"{format_number(100.0 * count / draws, 1)} %"
        bar = ("░" if is_loss else "█") * round(_BAR * count / longest)
        yield f"  {' ' * (width - shown_width(name))}{name}  {share:>6}  {bar}".rstrip()


def _show_drivers(simulation: Simulation, console: Console) -> None:
    found = simulation.found
    console.heading(text("What drives the net present value"))
    console.paragraph(simulation.origin)
    headers = (text("Uncertain input"), text("Share"), text("Correlation"), text("Distribution"))
    kinds = {each.key: each.distribution.kind for each in found.uncertain}
    rows = [
        (
            console.say(_with_unit(driver)),
            "–" if driver.share.value is None else show(driver.share, console.language, 1),
            format_number(driver.rank_correlation.value or 0.0, 2),
            _distribution(kinds[driver.key], driver.distribution, console),
        )
        for driver in simulation.figures.drivers
    ]
    console.table(headers, rows, right=(1, 2))
    for each in found.correlations:
        console.paragraph(
            text(
                "{first} and {second}: {kind} {value}.",
                first=_name(simulation, each.first),
                second=_name(simulation, each.second),
                kind=each.kind,
                value=each.value,
            )
        )
    console.paragraph(simulation.figures.drivers_note)


def _with_unit(driver: DriverFigures) -> Text:
    return text("{name} [{unit}]", name=driver.name, unit=unit_words(driver.base.unit))


def _distribution(kind: DistributionKind, distribution: Figure, console: Console) -> str:
    """The distribution in a few words: what was stated of it, lowest to highest where that says all."""
    if kind in _LIMITED:
        stated = " … ".join(map(_stated, distribution.inputs))
        return f"{console.say(kind)} {stated}"
    parts = [text("{name} {value}", name=part.name, value=_stated(part)) for part in distribution.inputs]
    return console.say(text("{kind}: {stated}", kind=kind, stated=parts))


def _stated(part: Figure) -> str:
    # What was typed has no more digits than it needs; ten of them leave out the noise of binary fractions.
    return format_number(float(f"{float(part.value or 0.0):.10g}"))


def _name(simulation: Simulation, key: str) -> object:
    known = simulation.found.inputs.get(key)
    return key if known is None else known.name
