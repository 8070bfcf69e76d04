"""Entries of the inverse on the pattern of the factor, piece by piece from the root of the tree down.

With A = L D L', the columns of a piece (1) and the rows below them (2), and Z = inv(A):

    G = L21 inv(L11);   Z21 = - Z22 G;   Z11 = inv(L11)' inv(D) inv(L11) - G' Z21

where Z22 is part of the front of the piece above. Pieces of one depth and about one size are handled
together, padded to the same size: padded columns are those of the identity, padded rows of L21 are zero, so whatever
stands in padded rows of Z22 meets a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from openrecp.balances.factors.pieces import Pieces, ranges

_HEIGHTS: Final = np.array([0, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536])
_WIDTHS: Final = np.array([1, 2, 4, 8, 12, 16, 20])
_AT_ONCE: Final = 1 << 20
"""Entries of fronts handled at once; keeps the memory for indices small."""


@dataclass(frozen=True, slots=True, eq=False)
class _Batches:
    """Pieces of one depth and one padded size, and what the factor holds of them.

    ``members`` are the pieces, batch after batch by ``bounds``; ``values`` with their ``targets`` in the padded blocks
    stand by ``value_bounds``. ``widths``, ``heights`` and ``sizes`` are padded and by piece, ``depths`` by batch.
    """

    members: Any
    bounds: Any
    depths: Any
    widths: Any
    heights: Any
    values: Any
    targets: Any
    value_bounds: Any

    @property
    def sizes(self) -> Any:
        """Padded size of each front."""
        return self.widths + self.heights


def selected_inverse(lower: Any, pivots: Any, pieces: Pieces, rows: Any, columns: Any) -> Any:
    """Entries of the inverse, in the order of elimination, row >= column.

    Parameters
    ----------
    lower : scipy.sparse.csc_matrix, shape (n, n)
        Strictly lower triangle of L, whose diagonal is one.
    pivots : array, shape (n,)
        Diagonal of D.
    rows, columns : int array, shape (k,)

    Raises
    ------
    ValueError
        If an entry lies outside the pattern of the factor.
    """
    batches = _batches(lower, pivots, pieces)
    sizes = batches.sizes
    asked = pieces.piece[columns]
    offsets = _padded_places(pieces, batches, asked, rows) * sizes[asked] + pieces.place[columns]
    by_depth, asked_bounds = _grouped(pieces.depths[asked], int(batches.depths[-1]) + 1)
    inner = _places_above(pieces, batches)
    found = np.empty(rows.size)
    base = np.zeros(pieces.widths.size, dtype=np.int64)
    fronts = np.zeros(1)
    first_batches = np.searchsorted(batches.depths, np.arange(batches.depths[-1] + 2))
    for depth, (begin, end) in enumerate(pairwise(first_batches)):
        members = batches.members[batches.bounds[begin] : batches.bounds[end]]
        areas = sizes[members] ** 2
        starts = np.append(0, np.cumsum(areas))
        here = np.empty(int(starts[-1]))
        at = 0
        for batch in range(begin, end):
            done = at + int(batches.bounds[batch + 1] - batches.bounds[batch])
            block = here[starts[at] : starts[done]]
            _invert(batches, batch, pieces, inner, above=(fronts, base), into=block)
            at = done
        base[members] = starts[:-1]
        wanted = by_depth[asked_bounds[depth] : asked_bounds[depth + 1]]
        found[wanted] = here[base[asked[wanted]] + offsets[wanted]]
        fronts = here
    return found


def _invert(
    batches: _Batches, batch: int, pieces: Pieces, inner: Any, *, above: tuple[Any, Any], into: Any
) -> None:
    """Fill the fronts of one batch from those of the depth above and where each of these begins."""
    members = batches.members[batches.bounds[batch] : batches.bounds[batch + 1]]
    width, height = int(batches.widths[members[0]]), int(batches.heights[members[0]])
    size, count = width + height, members.size
    block = np.zeros(count * size * width)
    span = slice(batches.value_bounds[batch], batches.value_bounds[batch + 1])
    block[batches.targets[span]] = batches.values[span]
    block = block.reshape(count, size, width)
    own, diagonal = block[:, :width], np.arange(width)
    pivots = own[:, diagonal, diagonal]
    pivots[pivots == 0] = 1.0
    own[:, diagonal, diagonal] = 1.0
    unit = np.linalg.inv(own) if width > 1 else own
    front = into.reshape(count, size, size)
    corner = np.matmul(unit.transpose(0, 2, 1) / pivots[:, None, :], unit)
    if height == 0:
        front[:] = corner
        return
    gain = np.matmul(block[:, width:], unit)
    places = np.zeros((count, height), dtype=np.int64)
    heights = pieces.heights[members]
    places[np.arange(height) < heights[:, None]] = inner[ranges(pieces.starts[members], heights)]
    fronts, base = above
    over = pieces.above[members]
    first = base[over][:, None] + places * batches.sizes[over][:, None]
    below = fronts[first[:, :, None] + places[:, None, :]]
    side = -np.matmul(below, gain)
    front[:, width:, width:] = below
    front[:, width:, :width] = side
    front[:, :width, width:] = side.transpose(0, 2, 1)
    front[:, :width, :width] = corner - np.matmul(gain.transpose(0, 2, 1), side)


def _batches(lower: Any, pivots: Any, pieces: Pieces) -> _Batches:
    width, height = _padded(pieces.widths, _WIDTHS), _padded(pieces.heights, _HEIGHTS)
    kinds, kind = np.unique(
        (pieces.depths * _HEIGHTS.size + height[1]) * _WIDTHS.size + width[1], return_inverse=True
    )
    order, bounds = _grouped(kind, kinds.size)
    number = np.empty(kind.size, dtype=np.int64)
    number[order] = np.arange(kind.size) - np.repeat(bounds[:-1], np.diff(bounds))
    most = np.maximum(_AT_ONCE // (width[0] + height[0]) ** 2, 1)
    parts = number // most
    if parts.any():
        kinds, kind = np.unique(kind * (int(parts.max()) + 1) + parts, return_inverse=True)
        order, bounds = _grouped(kind, kinds.size)
    local = np.where(parts > 0, number % most, number)
    columns = np.repeat(np.arange(pivots.size), np.diff(lower.indptr))
    rows = np.concatenate([lower.indices, np.arange(pivots.size)])
    columns = np.concatenate([columns, np.arange(pivots.size)])
    owner = pieces.piece[columns]
    draft = _Batches(order, bounds, pieces.depths[order[bounds[:-1]]], width[0], height[0], None, None, None)
    targets = _padded_places(pieces, draft, owner, rows) * width[0][owner] + pieces.place[columns]
    targets += local[owner] * ((width[0] + height[0]) * width[0])[owner]
    by_batch, value_bounds = _grouped(kind[owner], kinds.size)
    values = np.concatenate([lower.data, pivots])[by_batch]
    return _Batches(order, bounds, draft.depths, width[0], height[0], values, targets[by_batch], value_bounds)


def _padded(sizes: Any, steps: Any) -> tuple[Any, Any]:
    """Each size rounded up to a step, and the number of the step; beyond the last step sizes stay as they are."""
    number = np.minimum(np.searchsorted(steps, sizes), steps.size - 1)
    return np.maximum(steps[number], sizes), number


def _padded_places(pieces: Pieces, batches: _Batches, owners: Any, rows: Any) -> Any:
    """Places of rows in padded fronts."""
    places = pieces.positions(owners, rows)
    widths = pieces.widths[owners]
    return np.where(places < widths, places, places + batches.widths[owners] - widths)


def _places_above(pieces: Pieces, batches: _Batches) -> Any:
    """Place of each row below a piece in the front of the piece above it."""
    owners = np.repeat(pieces.above, pieces.heights)
    return _padded_places(pieces, batches, owners, pieces.rows)


def _grouped(kinds: Any, count: int) -> tuple[Any, Any]:
    """An order in which equal kinds, 0 to count - 1, stand together, and where each begins, shape (count + 1,)."""
    small = kinds.astype(np.uint16) if count <= 1 << 16 else kinds  # numpy sorts short numbers by radix
    bounds = np.append(0, np.cumsum(np.bincount(kinds, minlength=count)))
    return np.argsort(small, kind="stable"), bounds
