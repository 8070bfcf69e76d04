"""The flowsheet before and after an option: what changes everywhere, in mass, components and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openrecp.balances.costs import CostKind, MaterialFlowCosts
from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.problems import Array
from openrecp.errors import Issue
from openrecp.figures import Figure
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Difference:
    """One stream before and after.

    Attributes
    ----------
    stream : str
        Its key.
    mass, cost : Figure
        Change of its flow [unit/period] and of the cost it carries [currency a period]; each opens into before and
        after. Cost is None as value where the changes cannot be.
    components : Mapping[str, Figure]
        Change of each component's flow.
    """

    stream: str
    mass: Figure
    cost: Figure
    components: Mapping[str, Figure]


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """A flowsheet before and after changes.

    Attributes
    ----------
    before, after : array, shape (streams,)
        Masses [unit/period]; nan after where no solution exists.
    components_before, components_after : Mapping[str, array]
        Flows of each component, shape (streams,).
    costs_before : MaterialFlowCosts
    costs_after : MaterialFlowCosts or None
        None where the changes cannot be.
    assumptions : tuple of Text
        What is kept as it is; to be shown with every result.
    issues : tuple of Issue
        Those of the costs, then those of the changes; errors among these say why the changes cannot be.
    """

    flowsheet: Flowsheet
    before: Array
    after: Array
    components_before: Mapping[str, Array]
    components_after: Mapping[str, Array]
    costs_before: MaterialFlowCosts
    costs_after: MaterialFlowCosts | None
    assumptions: tuple[Text, ...]
    issues: tuple[Issue, ...]

    @property
    def possible(self) -> bool:
        """Whether the plant can run so."""
        return self.costs_after is not None

    @property
    def masses_after(self) -> dict[str, float]:
        """Mass of each stream after the changes, by its key."""
        return {
            stream.key: float(mass) for stream, mass in zip(self.flowsheet.streams, self.after, strict=True)
        }

    @property
    def saving(self) -> Figure:
        """What the changes save of all costs of the period, by kind [currency a period]."""
        name = text("Saving by the changes")
        currency = self.costs_before.currency
        if self.costs_after is None:
            return Figure(name, None, currency, reason=text("The changes cannot be made"))
        parts = tuple(
            _saved(kind.label, float(before), float(after), currency)
            for kind, before, after in zip(
                CostKind, self.costs_before.spent, self.costs_after.spent, strict=True
            )
        )
        saved = self.costs_before.total_cost - self.costs_after.total_cost
        return Figure(name, saved, currency, text("Sum of the savings by kind of cost"), parts)

    def differences(self, *, by: str = "cost", tolerance: float = 1e-9) -> tuple[Difference, ...]:
        """Streams that change, the largest change first.

        Parameters
        ----------
        by : {"cost", "mass"}
            What ranks them; by mass where there are no costs.
        tolerance : float
            Relative change below which a stream counts as the same.

        Raises
        ------
        ValueError
            If ``by`` is neither.
        """
        if by not in {"cost", "mass"}:
            raise ValueError(f"cannot rank by {by!r}; expected cost or mass")
        masses = self.after - self.before
        costs = self._costs_after - self.costs_before.totals
        moved = np.abs(masses) > tolerance * np.maximum(np.abs(self.before), tolerance)
        moved |= np.abs(costs) > tolerance * np.maximum(np.abs(self.costs_before.totals), tolerance)
        for key, flows in self.components_after.items():
            old = self.components_before[key]
            moved |= np.abs(flows - old) > tolerance * np.maximum(np.abs(old), tolerance)
        ranked = costs if by == "cost" and np.nan_to_num(costs).any() else masses
        places = np.flatnonzero(moved)
        order = places[np.lexsort((-np.abs(masses[places]), -np.abs(ranked[places])))]
        return tuple(self.difference(int(place)) for place in order)

    def difference(self, place: int) -> Difference:
        """The stream at a place of the flowsheet before and after."""
        stream, unit = self.flowsheet.streams[place], self.flowsheet.flow_unit
        components = {
            component.key: _change(
                component.name,
                float(self.components_before[component.key][place]),
                float(self.components_after[component.key][place]),
                unit,
            )
            for component in self.flowsheet.components
            if component.key in self.components_after
        }
        mass = _change(stream.name, float(self.before[place]), float(self.after[place]), unit)
        name = text("Cost of {stream}", stream=stream.name)
        cost = _change(
            name,
            float(self.costs_before.streams[place].sum()),
            float("nan") if self.costs_after is None else float(self.costs_after.streams[place].sum()),
            self.costs_before.currency,
        )
        return Difference(stream.key, mass, cost, components)

    @property
    def _costs_after(self) -> Array:
        after = self.costs_after
        return np.full_like(self.before, np.nan) if after is None else after.totals


def _change(name: Text | str, before: float, after: float, unit: str) -> Figure:
    parts = (Figure(text("Before"), before, unit), Figure(text("After"), after, unit))
    title = text("Change: {what}", what=name)
    if not np.isfinite(after):
        return Figure(title, None, unit, inputs=parts[:1], reason=text("The changes cannot be made"))
    return Figure(title, after - before, unit, text("After – before"), parts)


def _saved(name: Text, before: float, after: float, currency: str) -> Figure:
    parts = (Figure(text("Before"), before, currency), Figure(text("After"), after, currency))
    title = text("Saving: {what}", what=name)
    return Figure(title, before - after, currency, text("Before – after"), parts)
