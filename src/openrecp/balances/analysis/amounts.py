"""Reconciled amounts of the streams and stocks: total, components and energy, each with its standard deviation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from openrecp.balances.equations import System
from openrecp.balances.flowsheet import Quantity, Ref, Stock, Stream, StreamKind
from openrecp.balances.problems import Array, Reconciliation, VariableClass

_WORST_FIRST: Final = (
    VariableClass.UNOBSERVABLE,
    VariableClass.OBSERVABLE,
    VariableClass.JUST_MEASURED,
    VariableClass.REDUNDANT,
    VariableClass.FIXED,
)
"""A product is known no better than what is known worst in it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One reconciled number; ``value`` and ``sd`` are NaN where nothing gives it."""

    value: float
    sd: float
    kind: VariableClass
    measured: float
    measured_sd: float
    at_bound: bool = False

    @property
    def known(self) -> bool:
        """Whether the measurements or the balances give it."""
        return math.isfinite(self.value)


NOTHING = Amount(math.nan, math.nan, VariableClass.UNOBSERVABLE, math.nan, math.nan)


@dataclass(frozen=True, eq=False)
class Amounts:
    """All numbers of a flowsheet by what they are.

    Attributes
    ----------
    system : System
    reconciliation : Reconciliation
    """

    system: System
    reconciliation: Reconciliation

    def of(self, ref: Ref) -> Amount | None:
        """A number of the flowsheet; None if it is no variable of the equations."""
        place = self.system.position(ref)
        return None if place is None else self.at(place)

    def at(self, place: int) -> Amount:
        """The variable at a place."""
        found = self.reconciliation
        return Amount(
            float(found.values[place]),
            float(found.sds[place]),
            VariableClass(int(found.classes[place])),
            float(found.problem.measured[place]),
            float(found.problem.sds[place]),
            bool(found.at_bound[place]) if found.at_bound is not None else False,
        )

    def flow(self, stream: Stream) -> Amount:
        """What flows: mass, or energy in a stream of energy."""
        quantity = Quantity.ENERGY if stream.kind is StreamKind.ENERGY else Quantity.FLOW
        return self.of(Ref(quantity, stream.key)) or NOTHING

    def component_flow(
        self, stream: Stream | Stock, component: str, which: Quantity = Quantity.FLOW
    ) -> Amount:
        """Flow of a component: total times share, with its standard deviation; ``which`` names the total."""
        direct = self.of(Ref(Quantity.COMPONENT, stream.key, component))
        if direct is not None and which is Quantity.FLOW:
            return direct
        total, share = (
            self.system.position(Ref(which, stream.key)),
            self.system.position(Ref(Quantity.FRACTION, stream.key, component)),
        )
        if total is None or share is None:
            return NOTHING
        return self._product(total, share)

    def _product(self, total: int, share: int) -> Amount:
        found = self.reconciliation
        flow, part = float(found.values[total]), float(found.values[share])
        variance = (part * float(found.sds[total])) ** 2 + (flow * float(found.sds[share])) ** 2
        if found.covariance is not None:
            variance += 2.0 * flow * part * float(found.covariance[total, share])
        kinds = {VariableClass(int(found.classes[place])) for place in (total, share)}
        measured = float(found.problem.measured[total] * found.problem.measured[share])
        kind = next(each for each in _WORST_FIRST if each in kinds)
        return Amount(flow * part, math.sqrt(max(variance, 0.0)), kind, measured, math.nan)

    @cached_property
    def masses(self) -> Mapping[str, float]:
        """Mass (or energy) of every stream; 0 where nothing gives it, as cost accounting needs."""
        flows = {stream.key: self.flow(stream) for stream in self.system.flowsheet.streams}
        return {key: amount.value if amount.known else 0.0 for key, amount in flows.items()}

    @cached_property
    def stocks(self) -> Mapping[str, tuple[float, float]]:
        """Opening and closing amounts of every stock that is known."""
        found = {}
        for stock in self.system.flowsheet.stocks:
            opening = self.of(Ref(Quantity.OPENING, stock.key))
            closing = self.of(Ref(Quantity.CLOSING, stock.key))
            if opening is not None and closing is not None and opening.known and closing.known:
                found[stock.key] = (opening.value, closing.value)
        return found

    @cached_property
    def component_flows(self) -> Mapping[str, Mapping[str, float]]:
        """Flow of each component by stream, where it is known."""
        found: dict[str, dict[str, float]] = {}
        components = [each.key for each in self.system.flowsheet.components]
        for stream in self.system.flowsheet.streams if components else ():
            amounts = {key: self.component_flow(stream, key) for key in components}
            found[stream.key] = {key: each.value for key, each in amounts.items() if each.known}
        return found

    @cached_property
    def variances(self) -> Array:
        """Of the masses, in the order of the streams: a covariance where there is one, else variances."""
        streams = self.system.flowsheet.streams
        quantity = {StreamKind.ENERGY: Quantity.ENERGY, StreamKind.MATERIAL: Quantity.FLOW}
        at = [self.system.position(Ref(quantity[stream.kind], stream.key)) for stream in streams]
        places = np.array([-1 if place is None else place for place in at], dtype=np.int64)
        found = self.reconciliation
        if found.covariance is not None:
            wide = np.nan_to_num(found.covariance[np.ix_(places, places)])
            known = places >= 0
            return np.asarray(wide * known[:, None] * known[None, :])
        sds = np.append(found.sds, 0.0)[places]
        return np.asarray(np.nan_to_num(sds) ** 2)

    @property
    def unobservable(self) -> tuple[Ref, ...]:
        """What neither a measurement nor a balance gives."""
        places = np.flatnonzero(self.reconciliation.classes == VariableClass.UNOBSERVABLE)
        return tuple(self.system.refs[place] for place in places.tolist())
