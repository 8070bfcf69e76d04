"""The balances of all components on the graph of the plant: scalar networks whose numbers are small blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from openrecp.balances.factors import Factor
from openrecp.balances.networks.computed import computed_values, crossings, pairs_within
from openrecp.balances.networks.observability import Observability, observability
from openrecp.balances.problems import VariableClass


@dataclass(frozen=True, slots=True, eq=False)
class _Border:
    """Borders behind the computed streams: crossing streams, balances touched, and pairs of these.

    ``terms`` are (entry, stream, sign): what a crossing stream adds to the entry of a border and a balance.
    """

    below: Any
    crossing: tuple[Any, Any, Any]
    entries: int
    balance: Any
    terms: tuple[Any, Any, Any]
    pairs: tuple[Any, Any, Any]


class BlockBalances:
    """The balances of a plant with several components, ready to be solved with any covariances of the streams.

    Parameters
    ----------
    nodes, tails, heads
        As in :func:`~openrecp.balances.networks.reconcile_network`.
    known : bool array, shape (streams,)
        Streams whose component flows are known with a covariance; nothing is known of the others.
    components : int
    """

    def __init__(self, nodes: int, tails: Any, heads: Any, known: Any, components: int) -> None:
        self.seen = observability(nodes, tails, heads, known, np.zeros(tails.size, dtype=bool))
        self.tails, self.heads, self.components = tails, heads, components
        kept = np.ones(self.seen.balances, dtype=bool)
        kept[self.seen.spare] = False
        self.rows = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        self.count = int(kept.sum())
        self.streams = np.flatnonzero(known)
        redundant = self.seen.classes[self.streams] == VariableClass.REDUNDANT
        self.joining = np.flatnonzero(redundant)  # among the known streams
        ends = self.streams[self.joining]
        self.into = self.rows[self.seen.group[heads[ends]]]
        self.out_of = self.rows[self.seen.group[tails[ends]]]
        self.border = _borders(self.seen, self.streams, tails, heads)
        self._factor: Factor | None = None

    @property
    def redundancy(self) -> int:
        """Balances of components that check the known streams."""
        return self.count * self.components

    def imbalances(self, flows: Any) -> Any:
        """Inflow minus outflow of every component, shape (balances, components); ``flows`` of the known streams."""
        found = np.zeros((self.count + 1, self.components))
        np.add.at(found, self.into, flows[self.joining])
        np.subtract.at(found, self.out_of, flows[self.joining])
        return found[:-1]

    def put_on(self, flows: Any, covariances: Any) -> tuple[Any, Factor]:
        """The nearest component flows that satisfy the balances, and the factored balances."""
        upper = self._upper(covariances)
        if self._factor is None:
            self._factor = Factor(upper)
        else:
            self._factor.refactor(upper)
        solved = self._factor.solve(self.imbalances(flows).ravel()).reshape(self.count, self.components)
        multipliers = np.concatenate([solved, np.zeros((1, self.components))])
        change = multipliers[self.into] - multipliers[self.out_of]
        moved = flows.copy()
        moved[self.joining] -= np.matmul(covariances[self.joining], change[:, :, None])[:, :, 0]
        return moved, self._factor

    def _upper(self, covariances: Any) -> Any:
        """Upper triangle of the covariance of the imbalances, with room for the pairs at borders."""
        blocks = covariances[self.joining]
        diagonal = np.zeros((self.count + 1, self.components, self.components))
        np.add.at(diagonal, self.into, blocks)
        np.add.at(diagonal, self.out_of, blocks)
        inner = (self.into >= 0) & (self.out_of >= 0)
        pair = np.arange(self.count)
        first, second = self._border_rows()
        room = (first >= 0) & (second >= 0)
        i = np.concatenate([self.into[inner], first[room], pair])
        j = np.concatenate([self.out_of[inner], second[room], pair])
        empty = np.zeros((int(room.sum()), self.components, self.components))
        data = np.concatenate([-blocks[inner], empty, diagonal[:-1]])
        return _expanded(np.minimum(i, j), np.maximum(i, j), data, self.count)

    def _border_rows(self) -> tuple[Any, Any]:
        _, left, right = self.border.pairs
        return self.rows[self.border.balance[left]], self.rows[self.border.balance[right]]

    def covariances(self, covariances: Any, factor: Factor) -> tuple[Any, Any, Any]:
        """Covariances of the component flows after reconciliation.

        Returns
        -------
        known : array, shape (known streams, components, components)
        computed : int array, shape (k,)
            Streams that nobody measured and the balances give.
        of_computed : array, shape (k, components, components)
        """
        first, second = self._border_rows()
        pair = np.arange(self.count)
        i = np.concatenate([pair, self.into, first])
        j = np.concatenate([pair, self.out_of, second])
        inverse = _inverse_blocks(factor, i, j, self.components)
        diagonal = np.concatenate([inverse[: self.count], np.zeros((1, self.components, self.components))])
        across = inverse[self.count : self.count + self.into.size]
        between = diagonal[self.into] + diagonal[self.out_of] - across - across.transpose(0, 2, 1)
        known = covariances.copy()
        own = covariances[self.joining]
        known[self.joining] -= np.matmul(np.matmul(own, between), own)
        found = self._border_covariances(covariances, inverse[self.count + self.into.size :])
        return known, self.seen.forest.streams[self.border.below], found

    def _border_covariances(self, covariances: Any, inverse: Any) -> Any:
        border, terms = self.border, self.border.terms
        shape = (self.components, self.components)
        found = np.zeros((border.below.size, *shape))
        np.add.at(found, border.crossing[0], covariances[border.crossing[1]])
        weights = np.zeros((border.entries, *shape))
        np.add.at(weights, terms[0], terms[2][:, None, None] * covariances[terms[1]])
        at, left, right = border.pairs
        product = np.matmul(np.matmul(weights[left].transpose(0, 2, 1), inverse), weights[right])
        product = np.where((left == right)[:, None, None], product, product + product.transpose(0, 2, 1))
        np.subtract.at(found, at, product)
        return found

    def computed(self, flows: Any) -> Any:
        """Component flows of all streams, shape (streams, components); NaN where nothing gives them."""
        whole = np.full((self.tails.size, self.components), np.nan)
        whole[self.streams] = flows
        for component in range(self.components):
            column = whole[:, component].copy()
            computed_values(self.seen, self.tails, self.heads, column)
            whole[:, component] = column
        return whole


def _borders(seen: Observability, streams: Any, tails: Any, heads: Any) -> _Border:
    border, stream, sign = crossings(seen, streams, tails, heads)
    below = np.flatnonzero(seen.forest.parents >= 0)
    place = np.full(seen.forest.parents.size, -1)
    place[below] = np.arange(below.size)
    known = np.full(tails.size, -1)
    known[streams] = np.arange(streams.size)
    border, member = place[border], known[stream]
    into, out_of = seen.group[heads[stream]], seen.group[tails[stream]]
    apart = into != out_of
    first, second = np.flatnonzero(apart & (into >= 0)), np.flatnonzero(apart & (out_of >= 0))
    at = np.concatenate([first, second])
    balance = np.concatenate([into[first], out_of[second]])
    signs = np.concatenate([sign[first], -sign[second]])
    size = max(seen.balances, 1)
    keys, entry = np.unique(border[at] * size + balance, return_inverse=True)
    widths = np.bincount(keys // size, minlength=below.size)
    pairs = pairs_within(np.cumsum(widths) - widths, widths)
    return _Border(below, (border, member, sign), keys.size, keys % size, (entry, member[at], signs), pairs)


def _expanded(rows: Any, columns: Any, blocks: Any, count: int) -> Any:
    """A block matrix, rows <= columns, as the upper triangle of a scalar one."""
    size = blocks.shape[1] if blocks.ndim == 3 else 1
    inner = np.arange(size)
    i = np.broadcast_to(rows[:, None, None] * size + inner[None, :, None], blocks.shape).ravel()
    j = np.broadcast_to(columns[:, None, None] * size + inner[None, None, :], blocks.shape).ravel()
    kept = i <= j
    shape = (count * size, count * size)
    return sp.coo_array((blocks.ravel()[kept], (i[kept], j[kept])), shape=shape).tocsc()


def _inverse_blocks(factor: Factor, rows: Any, columns: Any, size: int) -> Any:
    """Blocks of the inverse, shape (k, size, size); zero where a row is negative."""
    found = np.zeros((rows.size, size, size))
    kept = np.flatnonzero((rows >= 0) & (columns >= 0))
    inner = np.arange(size)
    shape = (kept.size, size, size)
    i = np.broadcast_to(rows[kept][:, None, None] * size + inner[None, :, None], shape).ravel()
    j = np.broadcast_to(columns[kept][:, None, None] * size + inner[None, None, :], shape).ravel()
    found[kept] = factor.inverse_at(i, j).reshape(shape)
    return found
