"""A flowsheet without the readings that gross errors spoil."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from openrecp.balances.flowsheet import Flowsheet, Measurement, Quantity, Ref, Stock, Stream
from openrecp.balances.gross_errors import CandidateKind, Findings


def spoiled_readings(refs: tuple[Ref, ...], findings: Findings) -> tuple[Ref, ...]:
    """Readings whose bias alone explains what was found; of sets nobody can say which reading it is."""
    return tuple(
        refs[suspect.members[0].index]
        for suspect in findings.suspects
        if not suspect.is_set and suspect.members[0].kind is CandidateKind.BIAS and suspect.stands
    )


def without_readings(flowsheet: Flowsheet, readings: Iterable[Ref]) -> Flowsheet:
    """The flowsheet as if some of its numbers had not been measured."""
    left_out = frozenset(readings)
    if not left_out:
        return flowsheet
    return replace(
        flowsheet,
        streams=tuple(_stream(stream, left_out) for stream in flowsheet.streams),
        stocks=tuple(_stock(stock, left_out) for stock in flowsheet.stocks),
        processes=tuple(
            replace(
                process,
                reactions=tuple(
                    replace(each, extent=None) if Ref(Quantity.EXTENT, each.key) in left_out else each
                    for each in process.reactions
                ),
            )
            for process in flowsheet.processes
        ),
        transfers=tuple(
            replace(each, share=None) if Ref(Quantity.TRANSFER, each.key) in left_out else each
            for each in flowsheet.transfers
        ),
        correlations=tuple(
            each for each in flowsheet.correlations if not {each.first, each.second} & left_out
        ),
    )


def _stream(stream: Stream, left_out: frozenset[Ref]) -> Stream:
    def kept(quantity: Quantity, value: Measurement | None) -> Measurement | None:
        return None if Ref(quantity, stream.key) in left_out else value

    return replace(
        stream,
        flow=kept(Quantity.FLOW, stream.flow),
        temperature=kept(Quantity.TEMPERATURE, stream.temperature),
        energy=kept(Quantity.ENERGY, stream.energy),
        fractions=_shares(stream.key, stream.fractions, Quantity.FRACTION, left_out),
        component_flows=_shares(stream.key, stream.component_flows, Quantity.COMPONENT, left_out),
    )


def _stock(stock: Stock, left_out: frozenset[Ref]) -> Stock:
    return replace(
        stock,
        opening=None if Ref(Quantity.OPENING, stock.key) in left_out else stock.opening,
        closing=None if Ref(Quantity.CLOSING, stock.key) in left_out else stock.closing,
        fractions=_shares(stock.key, stock.fractions, Quantity.FRACTION, left_out),
    )


def _shares(
    key: str, shares: Mapping[str, Measurement], quantity: Quantity, left_out: frozenset[Ref]
) -> Mapping[str, Measurement]:
    return {each: value for each, value in shares.items() if Ref(quantity, key, each) not in left_out}
