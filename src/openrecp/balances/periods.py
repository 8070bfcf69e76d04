"""Several periods in one flowsheet: each is drawn once more, and what lies in store at its end begins the next.

The stock between two periods becomes a stream from the process in the one to the same process in the next, so that
total and components of the stock pass over and every balance stays one of streams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from openrecp.balances.flowsheet import (
    Correlation,
    Flowsheet,
    Measurement,
    Process,
    Quantity,
    Ref,
    Relation,
    Stock,
    Stream,
    TransferCoefficient,
)

_NOTHING: Final = Measurement(0.0, 0.0)


def in_period(key: str, period: str) -> str:
    """The key of an item of one period in the flowsheet over all of them.

    >>> in_period("F1", "2026-01")
    'F1@2026-01'
    """
    return f"{key}@{period}"


def over_periods(flowsheets: Sequence[Flowsheet], periods: Sequence[str]) -> Flowsheet:
    """One flowsheet over consecutive periods, linked through the stocks.

    Parameters
    ----------
    flowsheets : sequence of Flowsheet
        The same drawing in each period, in order, with the numbers of the period.
    periods : sequence of str
        A name for each.

    Returns
    -------
    Flowsheet
        Items carry their period behind the key (:func:`in_period`); components and media are shared. The opening stock
        of the first and the closing stock of the last period stay stocks. Between periods, the closing stock is a
        stream; where it was not counted, the opening stock of the next period takes its place.

    Raises
    ------
    ValueError
        If the names are not as many as the flowsheets or repeat, or the flowsheets differ in their stocks or units.

    Examples
    --------
    >>> store = Flowsheet(
    ...     "Store",
    ...     (Process("S", "Store"),),
    ...     (Stream("in", "Bought", None, "S"), Stream("out", "Used", "S", None)),
    ...     stocks=(Stock("K", "Drums", "S", Measurement(5.0, 1.0), Measurement(7.0, 1.0)),),
    ... )
    >>> both = over_periods((store, store), ("1", "2"))
    >>> [stream.key for stream in both.streams], [stock.key for stock in both.stocks]
    (['in@1', 'out@1', 'in@2', 'out@2', 'closing K@1'], ['K@1', 'K@2'])
    """
    _check(flowsheets, periods)
    if len(flowsheets) == 1:
        return flowsheets[0]
    sheets = list(zip(flowsheets, periods, strict=True))
    streams = [_stream(stream, period) for sheet, period in sheets for stream in sheet.streams]
    for (sheet, period), (after, following) in pairwise(sheets):
        openings = {stock.key: stock.opening for stock in after.stocks}
        streams += [_carried(stock, openings[stock.key], period, following) for stock in sheet.stocks]
    return replace(
        flowsheets[0],
        processes=tuple(_process(process, period) for sheet, period in sheets for process in sheet.processes),
        streams=tuple(streams),
        stocks=_ends(flowsheets, periods),
        relations=tuple(
            _relation(each, place, periods)
            for place, (sheet, _) in enumerate(sheets)
            for each in sheet.relations
        ),
        transfers=tuple(_transfer(each, period) for sheet, period in sheets for each in sheet.transfers),
        correlations=tuple(
            _correlation(each, place, periods)
            for place, (sheet, _) in enumerate(sheets)
            for each in sheet.correlations
        ),
    )


def _check(flowsheets: Sequence[Flowsheet], periods: Sequence[str]) -> None:
    if not flowsheets or len(flowsheets) != len(periods) or len(set(periods)) != len(periods):
        raise ValueError("every flowsheet needs a period of its own")
    first = flowsheets[0]
    stocks = {(stock.key, stock.process) for stock in first.stocks}
    for each in flowsheets[1:]:
        if {(stock.key, stock.process) for stock in each.stocks} != stocks:
            raise ValueError("the stocks must be the same in every period")
        if (each.unit, each.period) != (first.unit, first.period):
            raise ValueError("the units must be the same in every period")


def carried_stock(key: str, period: str) -> str:
    """The key of the stream that is a stock between a period and the next.

    >>> carried_stock("K", "2026-01")
    'closing K@2026-01'
    """
    return f"closing {in_period(key, period)}"


def _named(name: str, period: str) -> str:
    return f"{name} · {period}"


def _process(process: Process, period: str) -> Process:
    reactions = tuple(
        replace(each, key=in_period(each.key, period), name=_named(each.name, period))
        for each in process.reactions
    )
    return replace(
        process, key=in_period(process.key, period), name=_named(process.name, period), reactions=reactions
    )


def _stream(stream: Stream, period: str) -> Stream:
    return replace(
        stream,
        key=in_period(stream.key, period),
        name=_named(stream.name, period),
        start=None if stream.start is None else in_period(stream.start, period),
        end=None if stream.end is None else in_period(stream.end, period),
    )


def _carried(stock: Stock, opening: Measurement | None, period: str, following: str) -> Stream:
    return Stream(
        carried_stock(stock.key, period),
        _named(stock.name, period),
        in_period(stock.process, period),
        in_period(stock.process, following),
        flow=_counted(stock.closing, opening),
        fractions=stock.fractions,
        composition_complete=stock.composition_complete,
        price=stock.price,
        source=stock.source,
    )


def _counted(closing: Measurement | None, opening: Measurement | None) -> Measurement | None:
    """One stock counted at the end of a period and at the beginning of the next: weighted by what each is worth.

    The same number entered at both places is one count and not two.
    """
    if closing is None or opening is None:
        return closing or opening
    if (closing.value, closing.sd) == (opening.value, opening.sd) or closing.sd == 0:
        return closing
    if opening.sd == 0:
        return opening
    weight = opening.sd**2 / (closing.sd**2 + opening.sd**2)
    value = weight * closing.value + (1.0 - weight) * opening.value
    return replace(closing, value=value, sd=closing.sd * weight**0.5)


def _ends(flowsheets: Sequence[Flowsheet], periods: Sequence[str]) -> tuple[Stock, ...]:
    """The stocks before the first and after the last period."""
    openings = [replace(_stock(stock, periods[0]), closing=_NOTHING) for stock in flowsheets[0].stocks]
    closings = [replace(_stock(stock, periods[-1]), opening=_NOTHING) for stock in flowsheets[-1].stocks]
    return (*openings, *closings)


def _stock(stock: Stock, period: str) -> Stock:
    return replace(
        stock,
        key=in_period(stock.key, period),
        name=_named(stock.name, period),
        process=in_period(stock.process, period),
    )


def _relation(relation: Relation, place: int, periods: Sequence[str]) -> Relation:
    period = periods[place]
    return replace(
        relation,
        key=in_period(relation.key, period),
        name=_named(relation.name, period),
        terms=tuple((factor, ref_in_period(ref, place, periods)) for factor, ref in relation.terms),
    )


def _transfer(transfer: TransferCoefficient, period: str) -> TransferCoefficient:
    return replace(
        transfer,
        key=in_period(transfer.key, period),
        name=_named(transfer.name, period),
        process=in_period(transfer.process, period),
        stream=in_period(transfer.stream, period),
    )


def _correlation(pair: Correlation, place: int, periods: Sequence[str]) -> Correlation:
    first, second = (ref_in_period(ref, place, periods) for ref in (pair.first, pair.second))
    return replace(pair, first=first, second=second)


def ref_in_period(ref: Ref, place: int, periods: Sequence[str]) -> Ref:
    """What a number of one period is called in the flowsheet over all of them.

    >>> ref_in_period(Ref(Quantity.OPENING, "K"), 1, ("1", "2")).key
    'closing K@1'
    """
    if ref.quantity is Quantity.OPENING and place > 0:
        return Ref(Quantity.FLOW, carried_stock(ref.key, periods[place - 1]))
    if ref.quantity is Quantity.CLOSING and place < len(periods) - 1:
        return Ref(Quantity.FLOW, carried_stock(ref.key, periods[place]))
    return replace(ref, key=in_period(ref.key, periods[place]))
