"""The elimination tree of a factor, cut into pieces that are handled as dense blocks, many at once.

A piece is a connected part of the tree. All its columns of the factor have their entries in the piece itself and in the
rows of its top column, so its *front* is a dense block: its own columns first, then those rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

_LARGEST: Final = 20
"""Columns in a piece; found by trying on plants of 1,000 to a million streams."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The cut tree; columns are numbered in the order of elimination, pieces by their top column.

    Attributes
    ----------
    piece, place : int array, shape (columns,)
        Piece of each column, and its place in it.
    widths, heights : int array, shape (pieces,)
        Columns of each piece, and rows of its front below them.
    depths : int array, shape (pieces,)
        Pieces above it, up to the root.
    above : int array, shape (pieces,)
        The piece of the parent of its top, or -1.
    starts : int array, shape (pieces + 1,)
        Where the rows of each begin in ``rows``.
    rows : int array
        Rows below the columns of each piece, ascending.
    keys : int array
        Piece and row of each of these in one ascending number.
    """

    piece: Any
    place: Any
    widths: Any
    heights: Any
    depths: Any
    above: Any
    starts: Any
    rows: Any
    keys: Any

    def positions(self, pieces: Any, rows: Any) -> Any:
        """Places of rows in the fronts of pieces: own columns first, then the rows below; shape (k,).

        Raises
        ------
        ValueError
            If a row is not in the front of its piece.
        """
        own = self.piece[rows] == pieces
        found = np.where(own, self.place[rows], 0)
        wanted = np.flatnonzero(~own)
        keys = pieces[wanted] * self.piece.size + rows[wanted]
        at = np.searchsorted(self.keys, keys)
        if wanted.size and (at.max() >= self.keys.size or (self.keys[at] != keys).any()):
            raise ValueError("an entry outside the pattern of the factor was asked for")
        found[wanted] = self.widths[pieces[wanted]] + at - self.starts[pieces[wanted]]
        return found


def cut_tree(lower: Any) -> Pieces:
    """Cut the elimination tree of a strictly lower triangular factor, shape (n, n), with sorted columns."""
    count = lower.shape[0]
    indptr, indices = lower.indptr.astype(np.int64), lower.indices
    sizes = np.diff(indptr)
    parents = np.full(count, count, dtype=np.int64)
    parents[sizes > 0] = indices[indptr[:-1][sizes > 0]]
    joined = _joined(parents, count)
    tops = _tops(parents, joined)
    heads, piece = np.unique(tops, return_inverse=True)
    order = np.argsort(piece, kind="stable")
    widths = np.bincount(piece, minlength=heads.size)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count) - np.repeat(np.cumsum(widths) - widths, widths)
    heights = sizes[heads]
    starts = np.concatenate([[0], np.cumsum(heights)])
    rows = indices[ranges(indptr[heads], heights)].astype(np.int64)
    up = parents[heads]
    above = np.where(up < count, piece[np.minimum(up, count - 1)], -1)
    keys = np.repeat(np.arange(heads.size), heights) * count + rows
    return Pieces(piece, place, widths, heights, _depths(above), above, starts, rows, keys)


def _joined(parents: Any, count: int) -> Any:
    """Which columns stay with their parent: as many as fit into a piece, from the leaves up."""
    sizes = [1] * count
    joined = np.zeros(count, dtype=bool)
    for column, parent in enumerate(parents.tolist()):
        if parent < count and sizes[parent] + sizes[column] <= _LARGEST:
            sizes[parent] += sizes[column]
            joined[column] = True
    return joined


def _tops(parents: Any, joined: Any) -> Any:
    """The top column of the piece of each column."""
    tops = np.where(joined, parents, np.arange(parents.size))
    while True:
        further = tops[tops]
        if np.array_equal(further, tops):
            return tops
        tops = further


def _depths(above: Any) -> Any:
    """How many pieces stand above each."""
    root = above.size
    jump = np.append(np.where(above < 0, root, above), root)
    depths = np.append((above >= 0).astype(np.int64), 0)
    while True:
        further = depths[jump]
        if not further.any():
            return depths[:-1]
        depths = depths + further
        jump = jump[jump]


def ranges(starts: Any, lengths: Any) -> Any:
    """The whole numbers from each start on, as many as its length, one after the other."""
    offsets = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) + np.repeat(starts - offsets, lengths)
