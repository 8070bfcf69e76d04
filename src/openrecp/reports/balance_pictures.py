"""Pictures of a balance with their words: the conclusion as title, a description, and the table behind them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from openrecp.figures import Basis, Figure
from openrecp.reports.blocks import MISSING, Cell, Column, Picture, Table, Words, row
from openrecp.reports.charts.flow_specs import INTERVAL, BalancePicture, SankeyStream, State
from openrecp.reports.charts.flows.loops import feedback_arcs
from openrecp.texts import Text, format_significant, text

_STATES: Final[Mapping[State, tuple[Text, Basis]]] = MappingProxyType(
    {
        "measured": (text("measured"), Basis.MEASURED),
        "estimated": (text("estimated"), Basis.ESTIMATED),
        "computed": (text("computed from the balance"), Basis.CALCULATED),
        "unobservable": (text("cannot be known"), Basis.CALCULATED),
    }
)


def balance_picture(diagram: BalancePicture, key: str = "", title: Words = "") -> Picture:
    """A picture of a balance ready for a report, with its description and the table behind it.

    Parameters
    ----------
    key : str
        What references point at.
    title : Words
        The conclusion; found by :func:`picture_title` where it is left empty.
    """
    heading = title or picture_title(diagram)
    return Picture(
        heading,
        diagram,
        picture_description(diagram),
        stream_table(diagram, heading),
        key,
    )


def stream_table(diagram: BalancePicture, title: Words, key: str = "") -> Table:
    """All streams of a picture as a table: number, name, from, to, flow, half of the 95 % interval, how it is known."""
    names = {node.key: node.label for node in diagram.nodes}
    columns = (
        Column(text("No."), align="left", share=0.5),
        Column(text("Stream"), share=1.8),
        Column(text("From"), share=1.3),
        Column(text("To"), share=1.3),
        Column(text("Flow"), unit=diagram.unit, align="right"),
        Column(text("± (95 %)"), unit=diagram.unit, align="right", share=0.8),
        Column(text("How it is known"), share=1.1),
    )
    rows = (row(*_cells(stream, names, diagram.unit)) for stream in diagram.streams)
    return Table(title, columns, tuple(rows), key, empty=text("There are no streams."))


def _cells(stream: SankeyStream, names: Mapping[str, Words], unit: str) -> tuple[Cell, ...]:
    outside = text("outside the plant")
    value, sd = _finite(stream.value), _finite(stream.sd)
    said, basis = _STATES["unobservable" if value is None else stream.state]
    half = None if sd is None or value is None else INTERVAL * sd
    return (
        stream.key,
        stream.label,
        names[stream.start] if stream.start is not None else outside,
        names[stream.end] if stream.end is not None else outside,
        MISSING if value is None else _figure(text("Flow"), value, unit, basis),
        None if half is None else _figure(text("± (95 %)"), half, unit, Basis.CALCULATED),
        said,
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _amount(stream: SankeyStream) -> float:
    return _finite(stream.value) or 0.0


def _figure(name: Text, value: float, unit: str, basis: Basis = Basis.CALCULATED) -> Figure:
    return Figure(name, value, unit, basis=basis)


def picture_title(diagram: BalancePicture) -> Text:
    """What a picture shows, as a sentence: the largest waste and its share.

    Examples
    --------
    >>> from openrecp.reports.charts.flow_specs import SankeyDiagram, SankeyNode
    >>> from openrecp.texts import render
    >>> plant = SankeyDiagram(
    ...     (SankeyNode("p", "Plating"),),
    ...     (
    ...         SankeyStream("1", "Water", None, "p", 100.0),
    ...         SankeyStream("2", "Rinse water", "p", None, 41.0, loss=True),
    ...         SankeyStream("3", "Vapour", "p", None, 59.0, loss=True),
    ...     ),
    ...     "t/yr",
    ... )
    >>> render(picture_title(plant), "en")
    'Vapour is 59 % of what leaves as waste'
    """
    leaving = [stream for stream in _leaving(diagram) if stream.loss]
    whole = _total(leaving)
    if len(leaving) > 1 and whole > 0:
        largest = max(leaving, key=_amount)
        share = _percent(_amount(largest), whole)
        return text("{stream} is {share} % of what leaves as waste", stream=largest.label, share=share)
    entering = _total(_entering(diagram))
    if leaving and whole > 0 and entering > 0:
        return text("{share} % of what comes in leaves as waste or loss", share=_percent(whole, entering))
    known = [stream for stream in diagram.streams if _finite(stream.value) is not None]
    if known:
        largest = max(known, key=lambda stream: abs(_amount(stream)))
        flow = _figure(text("Flow"), abs(_amount(largest)), diagram.unit)
        return text("{stream} is the largest flow: {flow}", stream=largest.label, flow=flow)
    return text("None of these flows is known yet")


def picture_description(diagram: BalancePicture) -> Text:
    """What a reader who cannot see the picture needs to know, in one sentence and a word on where the rest is."""
    unit = diagram.unit
    leaving = list(_leaving(diagram))
    products = _total(stream for stream in leaving if stream.product)
    losses = _total(stream for stream in leaving if stream.loss)
    unknown = sum(
        1 for stream in diagram.streams if _finite(stream.value) is None or stream.state == "unobservable"
    )
    return text(
        "{entering} comes in, {products} leaves as product and {losses} as waste or loss; streams: {count}, of which "
        "running back in a loop: {loops}, not to be known: {unknown}. The table has all of them.",
        entering=_figure(text("Comes in"), _total(_entering(diagram)), unit),
        products=_figure(text("Product"), products, unit),
        losses=_figure(text("Waste or loss"), losses, unit),
        count=len(diagram.streams),
        loops=_loops(diagram),
        unknown=unknown,
    )


def _outside(diagram: BalancePicture) -> set[str | None]:
    return {None, *(node.key for node in diagram.nodes if node.kind == "environment")}


def _leaving(diagram: BalancePicture) -> Iterable[SankeyStream]:
    outside = _outside(diagram)
    return (each for each in diagram.streams if each.end in outside and each.start not in outside)


def _entering(diagram: BalancePicture) -> Iterable[SankeyStream]:
    outside = _outside(diagram)
    return (each for each in diagram.streams if each.start in outside and each.end not in outside)


def _total(streams: Iterable[SankeyStream]) -> float:
    return sum(map(_amount, streams))


def _percent(part: float, whole: float) -> str:
    return format_significant(100 * part / whole, 2)


def _loops(diagram: BalancePicture) -> int:
    outside = _outside(diagram)
    number = {node.key: index for index, node in enumerate(diagram.nodes)}
    arcs = [
        (number[stream.start], number[stream.end], abs(_amount(stream)) + 1e-9)
        for stream in diagram.streams
        if stream.start is not None
        and stream.end is not None
        and stream.start not in outside
        and stream.end not in outside
    ]
    return len(feedback_arcs(len(number), arcs))
