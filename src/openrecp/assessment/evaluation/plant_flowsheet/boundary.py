"""The border of what can be balanced: a process of which only one side is listed stands outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from openrecp.balances.flowsheet import Role, Stock, Stream, StreamKind


def one_sided(processes: Iterable[str], streams: Iterable[Stream], stocks: Iterable[Stock]) -> frozenset[str]:
    """Processes with streams where mass does not both enter and leave; a stock counts as both."""
    streams = tuple(streams)
    mass = [stream for stream in streams if stream.kind is StreamKind.MATERIAL]
    stored = {stock.process for stock in stocks}
    entered = {stream.end for stream in mass} | stored
    left = {stream.start for stream in mass} | stored
    named = {end for stream in streams for end in (stream.start, stream.end)}
    return frozenset(key for key in processes if key in named and key not in entered & left)


def within(streams: Iterable[Stream], outside: frozenset[str]) -> Iterator[Stream]:
    """The streams of what is balanced; those to and from a process outside come from and go to the environment."""
    for stream in streams:
        start = None if stream.start in outside else stream.start
        end = None if stream.end in outside else stream.end
        if start is None and end is None:
            continue
        role = stream.role
        if role is Role.INTERNAL and None in (start, end):
            role = Role.INPUT if start is None else Role.PRODUCT
        yield replace(stream, start=start, end=end, role=role)
