"""Balances that are sums of products of powers, with their derivatives: flow times share, flow times enthalpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from openrecp.balances.problems import Array, NonlinearProblem


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient times a product of variables, each to its power."""

    coefficient: float
    powers: Mapping[str, float]


def term(coefficient: float, **powers: float) -> Term:
    """A term by the names of its variables."""
    return Term(coefficient, powers)


@dataclass(frozen=True, slots=True, eq=False)
class Polynomials:
    """Rows of terms; ``factors`` and ``powers`` have shape (terms, 3), and a factor that is missing is a 1 after the variables.

    A variable stands once in a term, so that the derivative by it leaves the other factors as they are.
    """

    variables: int
    count: int
    rows: Array
    coefficients: Array
    factors: Array
    powers: Array

    @classmethod
    def of_names(cls, names: Sequence[str], rows: Sequence[Sequence[Term]]) -> Polynomials:
        """Rows written with the names of variables."""
        terms = [(row, each) for row, members in enumerate(rows) for each in members]
        factors = np.full((len(terms), 3), len(names))
        powers = np.ones((len(terms), 3))
        for position, (_, each) in enumerate(terms):
            for slot, (name, power) in enumerate(each.powers.items()):
                factors[position, slot], powers[position, slot] = names.index(name), power
        return cls(
            len(names),
            len(rows),
            np.array([row for row, _ in terms]),
            np.array([each.coefficient for _, each in terms], dtype=float),
            factors,
            powers,
        )

    def _parts(self, x: Array) -> tuple[Array, Array, Array]:
        """Each factor, its first and its second derivative, shape (terms, 3)."""
        base = np.append(x, 1.0)[self.factors]
        first = self.powers * base ** (self.powers - 1.0)
        curved = self.powers != 1.0
        safe = np.where(curved, base, 1.0)
        second = np.where(curved, self.powers * (self.powers - 1.0) * safe ** (self.powers - 2.0), 0.0)
        return base**self.powers, first, second

    def residuals(self, x: Array) -> Array:
        """What each balance misses, shape (count,)."""
        values, _, _ = self._parts(x)
        found = np.zeros(self.count, dtype=values.dtype)
        np.add.at(found, self.rows, self.coefficients * values.prod(axis=1))
        return found

    def jacobian(self, x: Array) -> sp.csr_array:
        """Derivatives, shape (count, variables)."""
        values, first, _ = self._parts(x)
        entries = [
            self.coefficients * first[:, slot] * np.delete(values, slot, axis=1).prod(axis=1)
            for slot in range(3)
        ]
        shape = (self.count, self.variables + 1)
        places = (np.tile(self.rows, 3), self.factors.T.ravel())
        return sp.csr_array(sp.coo_array((np.concatenate(entries), places), shape))[:, : self.variables]

    def hessian(self, x: Array, multipliers: Array) -> sp.csr_array:
        """Second derivatives of multipliers @ residuals, shape (variables, variables)."""
        values, first, second = self._parts(x)
        weights = self.coefficients * multipliers[self.rows]
        size = self.variables + 1
        parts: list[tuple[Array, Array, Array]] = []
        for slot in range(3):
            others = np.delete(values, slot, axis=1).prod(axis=1)
            parts.append((weights * second[:, slot] * others, self.factors[:, slot], self.factors[:, slot]))
        for one, other in ((0, 1), (0, 2), (1, 2)):
            entries = weights * first[:, one] * first[:, other] * values[:, 3 - one - other]
            parts.append((entries, self.factors[:, one], self.factors[:, other]))
            parts.append((entries, self.factors[:, other], self.factors[:, one]))
        entries, rows, columns = (np.concatenate(part) for part in zip(*parts, strict=True))
        found = sp.csr_array(sp.coo_array((entries, (rows, columns)), (size, size)))
        return found[: self.variables, : self.variables]

    def scale(self, x: Array) -> Array:
        """Size of the largest term of each balance, shape (count,)."""
        values, _, _ = self._parts(np.abs(x))
        found = np.zeros(self.count)
        np.maximum.at(found, self.rows, np.abs(self.coefficients) * values.prod(axis=1))
        return np.where(found > 0, found, 1.0)

    def problem(
        self,
        start: Array,
        measured: Array,
        sds: Array,
        correlations: tuple[tuple[int, int, float], ...] = (),
    ) -> NonlinearProblem:
        """The balances with measurements."""
        return NonlinearProblem(
            self.residuals,
            self.jacobian,
            start,
            measured,
            sds,
            self.scale(start),
            self.hessian,
            correlations,
        )


def component_balances(incidence: Array, components: int, total: float = 1.0) -> Polynomials:
    """Balance of every component at every node, then the sum of the shares of every stream.

    Variables: flows, then the shares of the first component, of the second, and so on; ``incidence`` has shape
    (nodes, streams).
    """
    nodes, streams = incidence.shape
    at, stream = np.nonzero(incidence)
    component = np.repeat(np.arange(components), len(at))
    stream_of, node_of = np.tile(stream, components), np.tile(at, components)
    absent = streams * (1 + components)
    products = np.column_stack(
        [stream_of, streams * (1 + component) + stream_of, np.full(len(component), absent)]
    )
    shares = np.arange(streams, absent)
    lone = np.column_stack([shares, np.full((len(shares), 2), absent)])
    summed = components * nodes + (shares - streams) % streams
    constants = np.full((streams, 3), absent)
    factors = np.vstack([products, lone, constants])
    return Polynomials(
        absent,
        components * nodes + streams,
        np.concatenate([component * nodes + node_of, summed, components * nodes + np.arange(streams)]),
        np.concatenate(
            [np.tile(incidence[at, stream], components), np.ones(len(shares)), np.full(streams, -total)]
        ),
        factors,
        np.ones(factors.shape),
    )
