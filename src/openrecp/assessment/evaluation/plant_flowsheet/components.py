"""Components: which can be followed, what is known of their shares, and where they are taken to be absent.

A component is followed where its share is known on both sides of a process or of the plant. A stream at a process
that has it on both sides and does not name it is taken to hold none, as in the closures; where only one side is
known, the other side is unknown, not empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.balance_flows import component_key
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.plant_flowsheet.drafts import Draft, StockDraft
from openrecp.assessment.evaluation.readings import Entered, Reading
from openrecp.balances.flowsheet import (
    Component,
    Correlation,
    Measurement,
    Quantity,
    Ref,
    Stock,
    Stream,
    StreamKind,
)
from openrecp.texts import text

Shares = Mapping[str, Measurement | None]
"""Shares of a stream by component; None where it holds the component, but nobody knows how much."""
_TOGETHER = 0.999
"""Correlation of two shares that are one and the same reading; with 1 they could not be weighed."""
_NOTHING, _ALL = Measurement(0.0, 0.0), Measurement(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Composed:
    """Streams and stocks with what is known of their composition."""

    streams: tuple[Stream, ...]
    stocks: tuple[Stock, ...]
    components: tuple[Component, ...] = ()
    correlations: tuple[Correlation, ...] = ()


def composed(
    assessment: Assessment, drafts: Sequence[Draft], stocks: Sequence[StockDraft], reading: Reading
) -> Composed:
    """Streams and stocks with the shares of the components that can be followed."""
    seen = _Seen({}, defaultdict(Reading))
    for draft in drafts:
        for name, *_ in draft.named:
            seen.names.setdefault(component_key(name), name)
    shares = _known_shares(assessment, drafts, seen)
    spread = {key: found for key in seen.names if (found := _spread(key, drafts, shares)) is not None}
    for key in spread:
        reading.absorb(seen.readings[key])
    mixed = [
        draft.stream
        if draft.stream.kind is StreamKind.ENERGY
        else replace(draft.stream, fractions=_fractions(_ends(draft.stream), known, spread))
        for draft, known in zip(drafts, shares, strict=True)
    ]
    in_store = {draft.stream.end: stream for draft, stream in zip(drafts, mixed, strict=True) if draft.store}
    return Composed(
        tuple(mixed),
        tuple(_stocked(draft, in_store, spread) for draft in stocks),
        tuple(Component(key, seen.names[key]) for key in spread),
        tuple(_same_readings(drafts, mixed)),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """How each component is written, and what was assumed of its shares."""

    names: dict[str, str]
    readings: defaultdict[str, Reading]

    def share(self, percent: Decimal | None, stream: str, name: str, entered: Entered) -> Measurement | None:
        """A share of a component in a stream; None where it is not given."""
        key = component_key(name)
        self.names.setdefault(key, name)
        about = text("{process}, {component}", process=stream, component=name)
        if percent is None:
            return None
        return self.readings[key].share(percent, entered.basis, replace(entered, about=about))


def _known_shares(assessment: Assessment, drafts: Sequence[Draft], seen: _Seen) -> list[Shares]:
    """Shares that the streams name, in their order."""
    rows = _rows(assessment, seen)
    found: list[dict[str, Measurement | None]] = []
    for draft in drafts:
        own: dict[str, Measurement | None] = {}
        if draft.stream.kind is StreamKind.MATERIAL:
            own |= rows.get(draft.number or "", {})
        for name, percent, basis, where in draft.named:
            if component_key(name) not in own:
                entered = Entered("", None, basis, None, where, where)
                own[component_key(name)] = seen.share(percent, draft.name or draft.stream.name, name, entered)
        found.append(own)
    for draft, own in zip(drafts, found, strict=True):
        key = component_key(draft.name or draft.stream.name)
        if not own and key in seen.names and draft.stream.kind is StreamKind.MATERIAL:
            own[key] = _ALL
    return list(found)


def _rows(assessment: Assessment, seen: _Seen) -> dict[str, dict[str, Measurement | None]]:
    """Shares of the table of compositions by the number of their stream; the first of two counts."""
    found: dict[str, dict[str, Measurement | None]] = defaultdict(dict)
    for row, each in keyed(assessment.compositions):
        if (
            each.stream is None
            or each.component is None
            or component_key(each.component) in found[each.stream]
        ):
            continue
        where, words_at = place("compositions", row, "share"), place("compositions", row, "uncertainty")
        entered = Entered("", None, each.basis, each.uncertainty, where, words_at)
        found[each.stream][component_key(each.component)] = seen.share(
            each.share, each.stream, each.component, entered
        )
    return found


def _ends(stream: Stream) -> frozenset[str]:
    return frozenset(end for end in (stream.start, stream.end) if end is not None)


@dataclass(frozen=True, slots=True)
class _Spread:
    """Processes that have a component on both sides, and those it may reach or come from unseen."""

    both: frozenset[str]
    unsure: frozenset[str]

    def may_hold(self, ends: frozenset[str]) -> bool:
        """Whether a stream that does not name the component may hold it all the same."""
        return not ends & self.both and bool(ends & self.unsure)


def _spread(component: str, drafts: Sequence[Draft], shares: Sequence[Shares]) -> _Spread | None:
    """Where a component is; None if its share is known on one side only."""
    holding = [draft for draft, known in zip(drafts, shares, strict=True) if known.get(component) is not None]
    entered = {draft.stream.end for draft in holding}
    left = {draft.stream.start for draft in holding}
    both = entered & left
    stores = {draft.store for draft in holding if draft.store}
    if not both - stores:  # None, the environment, is among them where it enters and leaves the plant
        return None
    sided = frozenset(each for each in both if each is not None)
    unsure = {each for each in entered ^ left if each is not None}
    neighbours: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        for end in _ends(draft.stream) - sided:
            neighbours[end] |= _ends(draft.stream) - sided
    pending = list(unsure)
    while pending:
        fresh = neighbours[pending.pop()] - unsure
        unsure |= fresh
        pending += fresh
    return _Spread(sided, frozenset(unsure))


def _fractions(ends: frozenset[str], known: Shares, spread: Mapping[str, _Spread]) -> dict[str, Measurement]:
    """Shares as measured, nothing where the component is taken to be absent, no entry where it is unknown."""
    found = {}
    for component, where in spread.items():
        share = known.get(component)
        if share is not None:
            found[component] = share
        elif component not in known and not where.may_hold(ends):
            found[component] = _NOTHING
    return found


def _stocked(
    draft: StockDraft, in_store: Mapping[str | None, Stream], spread: Mapping[str, _Spread]
) -> Stock:
    """A stock with its shares; what lies in a store is what enters it, of which only exact shares are told again."""
    stock = draft.stock
    if draft.store:
        entering = in_store[stock.process].fractions
        return replace(stock, fractions={key: each for key, each in entering.items() if each.sd == 0})
    known = {component_key(draft.material): _ALL} if draft.material else {}
    return replace(stock, fractions=_fractions(frozenset({stock.process}), known, spread))


def _same_readings(drafts: Sequence[Draft], streams: Sequence[Stream]) -> Iterator[Correlation]:
    """Shares of what enters a store and of what leaves it are one reading, so their errors go together."""
    entering = {
        draft.store: stream
        for draft, stream in zip(drafts, streams, strict=True)
        if stream.end == draft.store
    }
    for draft, stream in zip(drafts, streams, strict=True):
        if draft.store is None or stream.start != draft.store:
            continue
        for component, share in stream.fractions.items():
            if share.sd > 0:
                first = Ref(Quantity.FRACTION, entering[draft.store].key, component)
                yield Correlation(
                    first, Ref(Quantity.FRACTION, stream.key, component), _TOGETHER, share.source
                )
