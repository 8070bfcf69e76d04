"""What a unit of what is lost is worth, and how that is known."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from openrecp.balances.equations import System
from openrecp.balances.flowsheet import Flowsheet, Quantity, Ref, Stream, StreamKind
from openrecp.balances.problems import Reconciliation
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Price:
    """Worth of a unit of mass or energy, in the flowsheet's currency, and where it is from."""

    value: float
    basis: Text


@dataclass(frozen=True)
class Prices:
    """Prices of what is lost in a flowsheet, with the reconciled amounts of what is bought."""

    flowsheet: Flowsheet
    system: System
    reconciliation: Reconciliation

    def of_stream(self, stream: Stream) -> Price | None:
        """Its own price, else that of what is in it, else the mean of what enters its process."""
        if stream.price is not None:
            return Price(stream.price, text("price of the stream"))
        if stream.kind is StreamKind.MATERIAL:
            held = self._of_contents(stream)
            if held is not None:
                return held
        return self.of_process(stream.start, stream.kind)

    def of_component(self, component: str | None) -> Price | None:
        """Price of a component."""
        for each in self.flowsheet.components:
            if each.key == component and each.price is not None:
                return Price(each.price, text("price of {component}", component=each.name))
        return None

    def of_process(self, process: str | None, kind: StreamKind) -> Price | None:
        """Mean purchase price of what enters the process from outside, else the plant."""
        price = self._mean(self._bought.get((process, kind), ()))
        if price is not None and process is not None:
            return Price(
                price, text("mean purchase price of what enters {process}", process=self._name(process))
            )
        price = self._plant[kind]
        return None if price is None else Price(price, text("mean purchase price of what enters the plant"))

    @cached_property
    def _bought(self) -> dict[tuple[str | None, StreamKind], tuple[Stream, ...]]:
        """Streams with a price that enter each process from outside."""
        found: dict[tuple[str | None, StreamKind], tuple[Stream, ...]] = {}
        for stream in self.flowsheet.streams:
            if stream.start is None and stream.price is not None:
                place = (stream.end, stream.kind)
                found[place] = (*found.get(place, ()), stream)
        return found

    @cached_property
    def _plant(self) -> dict[StreamKind, float | None]:
        """Mean purchase price of all that enters the plant."""
        bought = self._bought.items()
        return {
            kind: self._mean(stream for (_, each), streams in bought if each is kind for stream in streams)
            for kind in StreamKind
        }

    def _mean(self, streams: Iterable[Stream]) -> float | None:
        """Price of a unit on average, weighted by amount; None where no amount is known."""
        amounts = [(self.amount(stream), stream.price or 0.0) for stream in streams]
        known = [(amount, price) for amount, price in amounts if amount > 0]
        total = math.fsum(amount for amount, _ in known)
        return math.fsum(amount * price for amount, price in known) / total if total > 0 else None

    def amount(self, stream: Stream) -> float:
        """Reconciled flow of a stream, NaN where it is not known."""
        quantity = Quantity.ENERGY if stream.kind is StreamKind.ENERGY else Quantity.FLOW
        return self._value(Ref(quantity, stream.key))

    def _value(self, ref: Ref) -> float:
        position = self.system.position(ref)
        return math.nan if position is None else float(self.reconciliation.values[position])

    def _of_contents(self, stream: Stream) -> Price | None:
        """Worth of the components in a unit of the stream, where a share and a price are known of any."""
        parts = [
            (self._value(Ref(Quantity.FRACTION, stream.key, each.key)), each.price)
            for each in self.flowsheet.components
            if each.price is not None
        ]
        known = [share * price for share, price in parts if math.isfinite(share)]
        return Price(math.fsum(known), text("prices of the components in the stream")) if known else None

    def _name(self, process: str) -> str:
        return self._names.get(process, process)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {process.key: process.name for process in self.flowsheet.processes}
