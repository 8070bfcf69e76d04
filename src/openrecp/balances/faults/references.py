"""Keys: given twice, or naming nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Protocol

from openrecp.balances.flowsheet import Flowsheet, Quantity, Ref
from openrecp.errors import Issue, Severity, Where, problem
from openrecp.texts import Text, text

_PROCESS: Final = text("process")
_COMPONENT: Final = text("component")
_STREAM: Final = text("stream")
_STOCK: Final = text("stock")
_MEDIUM: Final = text("medium")


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def source(self) -> Where: ...


@dataclass(frozen=True, slots=True)
class Names:
    """The keys of everything in a flowsheet."""

    processes: frozenset[str]
    streams: frozenset[str]
    components: frozenset[str]
    stocks: frozenset[str]
    media: frozenset[str]
    reactions: frozenset[str]
    transfers: frozenset[str]

    @classmethod
    def of(cls, flowsheet: Flowsheet) -> Names:
        """The keys of a flowsheet."""
        reactions = (reaction for process in flowsheet.processes for reaction in process.reactions)
        return cls(
            processes=frozenset(each.key for each in flowsheet.processes),
            streams=frozenset(each.key for each in flowsheet.streams),
            components=frozenset(each.key for each in flowsheet.components),
            stocks=frozenset(each.key for each in flowsheet.stocks),
            media=frozenset(each.key for each in flowsheet.media),
            reactions=frozenset(each.key for each in reactions),
            transfers=frozenset(each.key for each in flowsheet.transfers),
        )

    def of_quantity(self, quantity: Quantity) -> tuple[Text, frozenset[str]]:
        """What a quantity belongs to, and the keys of all such things."""
        match quantity:
            case Quantity.OPENING | Quantity.CLOSING:
                return _STOCK, self.stocks
            case Quantity.EXTENT:
                return text("reaction"), self.reactions
            case Quantity.TRANSFER:
                return text("transfer coefficient"), self.transfers
            case Quantity.FRACTION | Quantity.COMPONENT:
                return text("stream or stock"), self.streams | self.stocks
            case _:
                return _STREAM, self.streams


def reference_faults(flowsheet: Flowsheet, names: Names) -> Iterator[Issue]:
    """Keys that stand twice, are empty, or name nothing."""
    yield from _repeated(flowsheet)
    yield from _of_streams(flowsheet, names)
    for stock in flowsheet.stocks:
        yield from _unknown(stock.process, _PROCESS, names.processes, stock.source)
        for component in stock.fractions:
            yield from _unknown(component, _COMPONENT, names.components, stock.source)
    for process in flowsheet.processes:
        for reaction in process.reactions:
            for component in reaction.stoichiometry:
                yield from _unknown(component, _COMPONENT, names.components, reaction.source)
    for transfer in flowsheet.transfers:
        yield from _unknown(transfer.process, _PROCESS, names.processes, transfer.source)
        yield from _unknown(transfer.stream, _STREAM, names.streams, transfer.source)
        if transfer.component is not None:
            yield from _unknown(transfer.component, _COMPONENT, names.components, transfer.source)


def _of_streams(flowsheet: Flowsheet, names: Names) -> Iterator[Issue]:
    for stream in flowsheet.streams:
        for end in (stream.start, stream.end):
            if end is not None:
                yield from _unknown(end, _PROCESS, names.processes, stream.source)
        for component in (*stream.fractions, *stream.component_flows):
            yield from _unknown(component, _COMPONENT, names.components, stream.source)
        if stream.medium is not None:
            yield from _unknown(stream.medium, _MEDIUM, names.media, stream.source)


def ref_faults(ref: Ref, names: Names, where: Where) -> Iterator[Issue]:
    """What a reference to a number of the flowsheet lacks."""
    kind, known = names.of_quantity(ref.quantity)
    yield from _unknown(ref.key, kind, known, where)
    if ref.component is not None:
        yield from _unknown(ref.component, _COMPONENT, names.components, where)
    elif ref.quantity in (Quantity.FRACTION, Quantity.COMPONENT):
        yield problem(
            "component-missing",
            "“{key}” is named here for a component, but which one is missing; name the component.",
            where=where,
            key=ref.key,
        )


def _repeated(flowsheet: Flowsheet) -> Iterator[Issue]:
    groups: tuple[tuple[Text, Iterable[_Keyed]], ...] = (
        (_PROCESS, flowsheet.processes),
        # A share is named by the key of a stream or of a stock, so these must differ too.
        (text("stream or stock"), (*flowsheet.streams, *flowsheet.stocks)),
        (_COMPONENT, flowsheet.components),
        (_MEDIUM, flowsheet.media),
        (text("reaction"), (reaction for process in flowsheet.processes for reaction in process.reactions)),
        (text("relation"), flowsheet.relations),
        (text("transfer coefficient"), flowsheet.transfers),
    )
    for kind, items in groups:
        seen: set[str] = set()
        for item in items:
            if not item.key:
                yield problem(
                    "key-missing", "This {kind} has no key; give it one.", where=item.source, kind=kind
                )
            elif item.key in seen:
                yield problem(
                    "key-repeated",
                    "“{key}” is the key of more than one {kind}; give each its own.",
                    where=item.source,
                    key=item.key,
                    kind=kind,
                )
            seen.add(item.key)
    if not flowsheet.processes or not flowsheet.streams:
        yield problem(
            "flowsheet-empty",
            "There is nothing to balance: a flowsheet needs at least one process and one stream.",
            severity=Severity.ERROR,
        )


def _unknown(key: str, kind: Text, known: frozenset[str], where: Where) -> Iterator[Issue]:
    if key in known:
        return
    near = get_close_matches(key, sorted(known), n=1) if len(known) <= 2_000 else []
    if near:
        yield problem(
            "key-unknown-near",
            "There is no {kind} “{key}”; if “{near}” is meant, write that.",
            where=where,
            kind=kind,
            key=key,
            near=near[0],
        )
    else:
        yield problem(
            "key-unknown",
            "There is no {kind} “{key}”; add it or correct the key.",
            where=where,
            kind=kind,
            key=key,
        )
