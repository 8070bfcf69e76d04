"""The numbers of a flowsheet in one order: what each is called, what was measured of it, where it may lie."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from openrecp.balances.flowsheet import Measurement, Quantity, Ref
from openrecp.balances.problems import Array

_ANY: Final = (Quantity.TEMPERATURE, Quantity.ENERGY, Quantity.EXTENT, Quantity.RELATION)
"""What may be below zero: heat can flow either way, a reaction can run backwards."""


@dataclass(frozen=True, slots=True)
class Block:
    """Variables of one kind that stand side by side, of one component if they are of components."""

    quantity: Quantity
    component: str | None
    keys: tuple[str, ...]
    first: int


@dataclass(frozen=True, eq=False)
class Variables:
    """All variables of a flowsheet.

    Attributes
    ----------
    blocks : tuple of Block
    measured, sds : array, shape (variables,)
        NaN where nothing was measured; standard deviation 0 for what is known exactly.
    """

    blocks: tuple[Block, ...]
    measured: Array
    sds: Array

    def __len__(self) -> int:
        return len(self.measured)

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """What each variable is."""
        return tuple(Ref(block.quantity, key, block.component) for block in self.blocks for key in block.keys)

    @cached_property
    def fixed(self) -> Array:
        """Which are known exactly, shape (variables,)."""
        return self.sds == 0

    @cached_property
    def lower(self) -> Array:
        """Smallest possible values, shape (variables,): 0 but for temperatures, energy, extents and constants."""
        return self._filled(dict.fromkeys(_ANY, -np.inf), 0.0)

    @cached_property
    def upper(self) -> Array:
        """Largest possible values, shape (variables,): 1 for shares and transfer coefficients."""
        return self._filled({Quantity.FRACTION: 1.0, Quantity.TRANSFER: 1.0}, np.inf)

    def position(self, ref: Ref) -> int | None:
        """Where a number stands; None if it is no variable."""
        return self._positions.get((ref.quantity, ref.component), {}).get(ref.key)

    @cached_property
    def _positions(self) -> Mapping[tuple[Quantity, str | None], Mapping[str, int]]:
        found: dict[tuple[Quantity, str | None], dict[str, int]] = {}
        for block in self.blocks:
            places = range(block.first, block.first + len(block.keys))
            found.setdefault((block.quantity, block.component), {}).update(
                zip(block.keys, places, strict=True)
            )
        return found

    def _filled(self, special: Mapping[Quantity, float], usual: float) -> Array:
        values = np.full(len(self), usual)
        for block in self.blocks:
            values[block.first : block.first + len(block.keys)] = special.get(block.quantity, usual)
        return values


class VariableList:
    """Variables as they are listed, block by block."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._known: list[tuple[Array, Array]] = []
        self._count = 0

    def add(
        self,
        quantity: Quantity,
        keys: Sequence[str],
        known: tuple[Array, Array],
        component: str | None = None,
    ) -> Array:
        """List variables of one kind, with their measured values and standard deviations; gives their positions."""
        self._blocks.append(Block(quantity, component, tuple(keys), self._count))
        self._known.append(known)
        self._count += len(keys)
        return np.arange(self._count - len(keys), self._count)

    def listed(self) -> Variables:
        """All of them."""
        measured = [values for values, _ in self._known]
        sds = [each for _, each in self._known]
        return Variables(tuple(self._blocks), np.concatenate([*measured, []]), np.concatenate([*sds, []]))


def is_known(measurement: Measurement | None) -> bool:
    """Whether a measurement says anything: a value that is no number, or an endless error, says nothing."""
    return measurement is not None and math.isfinite(measurement.value) and math.isfinite(measurement.sd)


def known_numbers(measurements: Sequence[Measurement | None]) -> tuple[Array, Array]:
    """Values and standard deviations, NaN where nothing is known, each of shape (measurements,)."""
    values = np.array([math.nan if each is None else each.value for each in measurements], float)
    sds = np.array([math.nan if each is None else each.sd for each in measurements], float)
    nothing = ~(np.isfinite(values) & np.isfinite(sds))
    values[nothing] = sds[nothing] = math.nan
    return values, sds
