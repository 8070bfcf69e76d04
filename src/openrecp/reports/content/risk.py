"""One option in depth: further measures of merit, what it hangs on, its risk, and other ways to pay for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from openrecp.assessment.evaluation.economics_results import (
    BreakEvenPoint,
    Percentile,
    UncertaintyResult,
    WaysCompared,
)
from openrecp.assessment.evaluation.option_results import OptionEconomics
from openrecp.figures import show
from openrecp.reports.blocks import Block, Callout, Cell, Column, Picture, Row, Table, row
from openrecp.reports.charts.specs import Mark, SpreadBars
from openrecp.reports.content.phrases import amount_of, bullets, joined, known
from openrecp.texts import Language, Text, text

_MARKED: Final = (5.0, 95.0)


def depth_blocks(
    economics: OptionEconomics, name: Text, language: Language, mark: str, *, with_pictures: bool
) -> tuple[Block, ...]:
    """What a careful reader asks after payback, net present value and internal rate."""
    return tuple(_blocks(economics, name, language, mark, with_pictures=with_pictures))


def _blocks(
    economics: OptionEconomics, name: Text, language: Language, mark: str, *, with_pictures: bool
) -> Iterator[Block]:
    money = economics.npv.unit
    if economics.risk is not None:
        yield Callout("finding", (bullets([economics.risk.sentence]),), text("Lower risk and liability"))
    if economics.funding:
        yield _funding(economics, name, money, mark)
    if economics.merits:
        yield _merits(economics, name, mark)
    if economics.break_evens:
        yield _break_evens(economics.break_evens, name, mark)
    found = economics.uncertainty
    if found is not None:
        if with_pictures:
            yield spread_picture(found, economics, name, money, f"spread-{mark}")
        yield _percentiles(found, name, language, mark)
    if economics.scenarios:
        yield _scenarios(economics, name, money, mark)
    if economics.ways is not None:
        yield _ways(economics.ways, name, language, money, mark)


def _funding(economics: OptionEconomics, name: Text, money: str, mark: str) -> Table:
    rows = tuple(row(each.kind, each.name, each.amount) for each in economics.funding)
    columns = (
        Column(text("Kind")),
        Column(text("Loan, grant or credit"), share=2.5),
        Column(text("Amount"), money, "right"),
    )
    return Table(text("{option}: who helps to pay", option=name), columns, rows, key=f"funding-{mark}")


def _merits(economics: OptionEconomics, name: Text, mark: str) -> Table:
    rows = tuple(row(each.figure.name, each.figure) for each in economics.merits)
    columns = (Column(text("Measure"), share=2), Column(text("Value"), align="right"))
    return Table(
        text("{option}: further measures of merit", option=name), columns, rows, key=f"merits-{mark}"
    )


def _break_evens(points: tuple[BreakEvenPoint, ...], name: Text, mark: str) -> Table:
    rows = tuple(row(each.name, each.base, _or_dash(each.at), _or_dash(each.margin)) for each in points)
    columns = (
        Column(text("Input"), share=2),
        Column(text("As planned"), align="right"),
        Column(text("At break-even"), align="right"),
        Column(text("May change by"), "%", "right", digits=0),
    )
    return Table(
        text("{option}: how far an input may move before nothing is earned", option=name),
        columns,
        rows,
        key=f"break-even-{mark}",
        notes=tuple(each.sentence for each in points),
    )


def _or_dash(figure: Cell) -> Cell:
    value = getattr(figure, "value", None)
    return figure if value is not None else "–"


def spread_picture(
    found: UncertaintyResult, economics: OptionEconomics, name: Text, money: str, key: str
) -> Picture:
    """How the net present value is spread when the inputs are drawn at random."""
    histogram = found.histogram
    counted = sum(histogram.counts) + histogram.below + histogram.above
    shares = tuple(100.0 * count / max(counted, 1) for count in histogram.counts)
    marks = [Mark(text("as planned"), amount_of(economics.npv))]
    marks += [
        Mark(text("{percent} %", percent=each.percent), amount_of(each.figure))
        for each in found.npv
        if each.percent in _MARKED and known(each.figure)
    ]
    chart = SpreadBars(
        tuple(histogram.edges),
        shares,
        text("Net present value"),
        money,
        text("Share of the draws"),
        tuple(marks),
    )
    rows = tuple(
        row(float(low), float(high), float(share))
        for (low, high), share in zip(pairwise(histogram.edges), shares, strict=True)
    )
    columns = (
        Column(text("From"), money, "right", digits=0),
        Column(text("To"), money, "right", digits=0),
        Column(text("Share of the draws"), "%", "right", digits=1),
    )
    title = text("{option}: the money is earned in {share} of the cases", option=name, share=found.profitable)
    return Picture(
        title,
        chart,
        found.conclusion,
        Table("", columns, rows),
        key=key,
        notes=(found.conclusion, found.origin),
    )


def _percentiles(found: UncertaintyResult, name: Text, language: Language, mark: str) -> Table:
    percents = [each.percent for each in found.npv]
    rows: list[Row] = [
        row(heading, *(_or_dash(each.figure) for each in _at(values, percents)))
        for heading, values in (
            (text("Net present value"), found.npv),
            (text("Internal rate of return"), found.irr),
            (text("Simple payback"), found.payback),
        )
        if values
    ]
    columns = (
        Column(text("Result"), share=1.6),
        *(Column(text("{percent} % stay below", percent=percent), align="right") for percent in percents),
    )
    drivers = [
        text("{input}: {share} of the spread", input=each.name, share=show(each.share, language))
        for each in found.drivers
        if known(each.share)
    ]
    drawn = [
        text("{input}: {distribution}", input=each.name, distribution=each.distribution)
        for each in found.inputs
    ]
    notes = [text("Drawn at random: {inputs}.", inputs=drawn)]
    if drivers:
        notes.append(text("What drives the result: {drivers}.", drivers=drivers))
    return Table(
        text("{option}: what it returns when the inputs are uncertain", option=name),
        columns,
        tuple(rows),
        key=f"uncertainty-{mark}",
        notes=(*notes, *found.notes),
    )


def _at(values: tuple[Percentile, ...], percents: list[float]) -> list[Percentile]:
    by_percent = {each.percent: each for each in values}
    return [by_percent[percent] for percent in percents if percent in by_percent]


def _scenarios(economics: OptionEconomics, name: Text, money: str, mark: str) -> Table:
    rows = tuple(
        row(each.name, each.what, *(_or_dash(figure) for figure in (each.npv, each.irr, each.change)))
        for each in economics.scenarios
    )
    columns = (
        Column(text("Case"), share=1.3),
        Column(text("What differs"), share=2.2),
        Column(text("Net present value"), money, "right"),
        Column(text("Internal rate of return"), "%", "right", digits=1),
        Column(text("Change"), money, "right"),
    )
    return Table(
        text("{option}: what if something else happens", option=name), columns, rows, key=f"scenarios-{mark}"
    )


def _ways(ways: WaysCompared, name: Text, language: Language, money: str, mark: str) -> Table:
    rows = tuple(
        row(
            each.name,
            each.first_payment,
            _or_dash(each.yearly_payment),
            each.npv,
            _or_dash(each.difference),
            _or_dash(each.cost_rate),
        )
        for each in ways.ways
    )
    columns = (
        Column(text("Way of paying"), share=2),
        Column(text("Paid until start-up"), money, "right"),
        Column(text("Paid in the first year"), money, "right"),
        Column(text("Net present value"), money, "right"),
        Column(text("Against buying"), money, "right"),
        Column(text("Cost of the money"), "%", "right", digits=1),
    )
    notes = tuple(
        text("{way}: {note}", way=each.name, note=joined(language, each.notes))
        for each in ways.ways
        if each.notes
    )
    return Table(
        text("{option}: buying beside the other ways to pay", option=name),
        columns,
        rows,
        key=f"ways-{mark}",
        notes=(ways.conclusion, *ways.notes, *notes),
    )
