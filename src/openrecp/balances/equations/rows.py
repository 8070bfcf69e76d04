"""The list of constraints: what each says, and its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openrecp.balances.equations.polynomials import DEGREE, Polynomials
from openrecp.balances.problems import Array
from openrecp.texts import Choice, text


class Layer(Choice):
    """What a constraint is about."""

    TOTAL = "total", text("Total mass")
    COMPONENT = "component", text("Component")
    ELEMENT = "element", text("Chemical element")
    ENERGY = "energy", text("Energy")
    COMPOSITION = "composition", text("Shares add up to 1")
    COMPONENT_FLOW = "component_flow", text("Component flow is flow times share")
    SAME_COMPOSITION = "same_composition", text("Leaves as it enters")
    RELATION = "relation", text("Known equation")
    TRANSFER = "transfer", text("Transfer coefficient")


BALANCES = frozenset({Layer.TOTAL, Layer.COMPONENT, Layer.ELEMENT, Layer.ENERGY})
"""Layers that are balances of a process."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a row says.

    Attributes
    ----------
    layer : Layer
    key : str or None
        Of the process that is balanced (None for the plant as a whole), of the stream or stock whose shares add
        up, of the relation, or of the transfer coefficient.
    component : str or None
        Component or element.
    """

    layer: Layer
    key: str | None
    component: str | None = None

    @property
    def process(self) -> str | None:
        """The process that is balanced, if it is one."""
        return self.key if self.layer in BALANCES else None


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Constraints of one layer, and of one component, that follow each other."""

    layer: Layer
    component: str | None
    keys: tuple[str | None, ...]


class RowList:
    """Constraints as they are listed, block by block, and their terms."""

    def __init__(self) -> None:
        self.blocks: list[RowBlock] = []
        self.count = 0
        self._terms: list[tuple[Array, Array, Array]] = []
        self._sides: list[Array] = []

    def begin(self, layer: Layer, keys: Sequence[str | None], component: str | None = None) -> Array:
        """List constraints without terms, and give their rows."""
        self.blocks.append(RowBlock(layer, component, tuple(keys)))
        self.count += len(keys)
        return np.arange(self.count - len(keys), self.count)

    def add(
        self, rows: Array, coefficients: Array | float, *factors: Array, side: Array | float = 0.0
    ) -> None:
        """Add terms: coefficient times the variables at the positions, -1 for none.

        Parameters
        ----------
        rows : int array, shape (terms,)
        coefficients : array, shape (terms,), or float
        *factors : int array, shape (terms,)
            At most three.
        side : array, shape (terms,), or float
            +1 for what enters the process, -1 for what leaves it, 0 for the rest.
        """
        place = np.full((len(rows), DEGREE), -1)
        for number, positions in enumerate(factors):
            place[:, number] = positions
        self._terms.append((np.asarray(rows, int), np.broadcast_to(coefficients, len(rows)), place))
        self._sides.append(np.broadcast_to(side, len(rows)))

    def polynomials(self, variables: int) -> Polynomials:
        """All terms, in all variables."""
        if not self._terms:
            return Polynomials(
                np.zeros(0, int), np.zeros(0), np.zeros((0, DEGREE), int), (self.count, variables)
            )
        rows, coefficients, factors = (
            np.concatenate([np.asarray(term[part]) for term in self._terms]) for part in range(3)
        )
        return Polynomials(rows, coefficients, factors, (self.count, variables))

    @property
    def sides(self) -> Array:
        """Whether each term enters (+1) or leaves (-1) the process, shape (terms,)."""
        return np.concatenate([*self._sides, []])

    def constraints(self) -> tuple[Constraint, ...]:
        """What each row says."""
        return tuple(
            Constraint(block.layer, key, block.component) for block in self.blocks for key in block.keys
        )
