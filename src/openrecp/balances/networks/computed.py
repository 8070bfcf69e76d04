"""Streams that nobody measured but the balances give: their values, and what their variances are made of.

Such a stream cuts a part of the plant off. Its value is what the balance of that part leaves over, a sum of reconciled
streams x at the border of the part, with signs s. With V the variances of the measurements, A the balances
of the groups and Z = inv(A V A'),

    var(s'x) = s'V s - g'Z g,   g = A V s,

where g has entries only at the groups that the border touches, so a small block of Z is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from openrecp.balances.factors import Factor, ranges
from openrecp.balances.networks.observability import Observability
from openrecp.balances.networks.sums import sums

_WIDEST: Final = 48
"""Groups at a border up to which their block of the inverse is asked for; wider ones are solved for one by one."""

_NOTHING: Final = 1e-12
"""Part of a variance below which what is left of it is rounding: the value is certain."""


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """The border of the part behind each computed stream.

    Attributes
    ----------
    streams : int array, shape (borders,)
    own : array, shape (borders,)
        s'V s of each.
    weights : scipy.sparse.csr_array, shape (borders, balances)
        g of each.
    narrow : bool array, shape (borders,)
        Whether the block of the inverse is asked for.
    pairs : tuple of (border, first balance, second balance, factor) arrays
        Terms of g'Z g of the narrow borders.
    """

    streams: Any
    own: Any
    weights: Any
    narrow: Any
    pairs: tuple[Any, Any, Any, Any]


def computed_values(seen: Observability, tails: Any, heads: Any, values: Any) -> None:
    """Fill in the values of the observable streams, from the leaves of each tree up.

    ``values``, shape (streams,), holds those of all measured and fixed streams and is changed in place.
    """
    forest = seen.forest
    block_of_tail, block_of_head = (
        forest.block[tails],
        forest.block[heads],
    )  # the environment is last, as -1 is
    known = np.flatnonzero(~np.isnan(values))
    count = forest.parents.size
    left = sums(block_of_head[known], values[known], count) - sums(block_of_tail[known], values[known], count)
    for level in reversed(forest.levels):
        streams = forest.streams[level]
        inward = block_of_head[streams] == level
        values[streams] = np.where(inward, -left[level], left[level])
        left += sums(forest.parents[level], left[level], count)


def borders(seen: Observability, tails: Any, heads: Any, variances: Any) -> Borders:
    """Find the border behind every computed stream.

    ``variances``, shape (streams,), are those of the measurements; NaN where nothing was measured, 0 where fixed.
    """
    measured = np.flatnonzero(variances > 0)
    border, stream, sign = crossings(seen, measured, tails, heads)
    count = seen.forest.parents.size
    own = sums(border, variances[stream], count)
    first, second = seen.group[heads[stream]], seen.group[tails[stream]]
    weight = sign * variances[stream]
    rows, columns = np.concatenate([border, border]), np.concatenate([first, second])
    entries = np.concatenate([weight, -weight])
    inside = (columns >= 0) & (np.concatenate([first, first]) != np.concatenate([second, second]))
    weights = sp.coo_array(
        (entries[inside], (rows[inside], columns[inside])), shape=(count, max(seen.balances, 1))
    ).tocsr()
    below = np.flatnonzero(seen.forest.parents >= 0)
    weights = weights[below]
    widths = np.diff(weights.indptr)
    narrow = widths <= _WIDEST
    return Borders(seen.forest.streams[below], own[below], weights, narrow, _pairs(weights, narrow))


def border_variances(found: Borders, factor: Factor, rows: Any, inverse: Any) -> Any:
    """Variances of the computed streams, shape (borders,).

    ``rows`` gives the row of the factored matrix for a balance, or -1 where it has none; ``inverse`` the entries of
    the inverse at the pairs.
    """
    border, _, _, product = found.pairs
    variances = found.own - sums(border, product * inverse, found.own.size)
    for wide in np.flatnonzero(~found.narrow):
        span = slice(found.weights.indptr[wide], found.weights.indptr[wide + 1])
        at = rows[found.weights.indices[span]]
        right = np.zeros(factor.rows)
        right[at[at >= 0]] = found.weights.data[span][at >= 0]
        variances[wide] -= right @ factor.solve(right)
    return np.where(variances > _NOTHING * found.own, variances, 0.0)


def _parts(seen: Observability) -> tuple[Any, Any]:
    """Pairs of a block that hangs on a stream, and a block at or below it."""
    parents = seen.forest.parents
    below = np.flatnonzero(parents >= 0)
    hung, behind = [below], [below]
    top, block = below, below
    while top.size:
        top = parents[top]
        kept = parents[top] >= 0
        top, block = top[kept], block[kept]
        hung.append(top)
        behind.append(block)
    return np.concatenate(hung), np.concatenate(behind)


def crossings(seen: Observability, measured: Any, tails: Any, heads: Any) -> tuple[Any, Any, Any]:
    """Border (by the block that hangs on it), measured stream that crosses it, and whether inwards (1) or outwards (-1)."""
    hung, behind = _parts(seen)
    block = seen.forest.block
    ends = np.concatenate([block[heads[measured]], block[tails[measured]]])
    order = np.argsort(ends, kind="stable")
    streams = np.concatenate([measured, measured])[order]
    signs = np.repeat([1, -1], measured.size)[order]
    counts = np.bincount(ends, minlength=seen.forest.parents.size)
    firsts = np.cumsum(counts) - counts
    taken = ranges(firsts[behind], counts[behind])
    border = np.repeat(hung, counts[behind])
    crossing = sp.coo_array(
        (signs[taken], (border, streams[taken])), shape=(seen.forest.parents.size, tails.size)
    ).tocsr()
    crossing.eliminate_zeros()
    entries = crossing.tocoo()
    return entries.coords[0], entries.coords[1], entries.data


def _pairs(weights: sp.csr_array, narrow: Any) -> tuple[Any, Any, Any, Any]:
    widths = np.where(narrow, np.diff(weights.indptr), 0)
    border, left, right = pairs_within(weights.indptr[:-1].astype(np.int64), widths)
    product = weights.data[left] * weights.data[right] * np.where(left == right, 1.0, 2.0)
    return (
        border,
        weights.indices[left].astype(np.int64),
        weights.indices[right].astype(np.int64),
        product,
    )


def pairs_within(starts: Any, widths: Any) -> tuple[Any, Any, Any]:
    """Group and both members of every pair, each with itself among them, of the numbers from each start on."""
    group = np.repeat(np.arange(widths.size), widths)
    partners = widths[group]
    left = np.repeat(ranges(starts, widths), partners)
    right = ranges(starts[group], partners)
    once = left <= right
    return np.repeat(group, partners)[once], left[once], right[once]
