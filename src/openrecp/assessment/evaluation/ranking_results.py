"""What a weighted-sum ranking finds: scores, ranks, ties, and how firm the order is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openrecp.figures import Figure
from openrecp.texts import Text

Words = str | Text


@dataclass(frozen=True, slots=True)
class RankedCriterion:
    """A criterion of a weighted-sum ranking.

    ``weight`` is None when it was not given; the criterion then does not count. ``low`` and ``high`` are the
    limits between which this weight alone can move without changing the order; None where it can move freely.
    """

    number: str
    name: Words
    weight: Decimal | None
    low: Figure | None = None
    high: Figure | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stream or option stands in a weighted-sum ranking.

    Attributes
    ----------
    number, name : str, Words
        What is rated.
    ratings : tuple of Decimal or None
        In the order of the ranking's criteria; None where no rating was given.
    score : Figure
        Σ weight × rating, with its products as inputs; no value when a rating is missing.
    rank : int or None
        1 is first; equals share a rank. None when it cannot be ranked.
    tied : tuple of str
        Numbers of others with the same score.
    close : tuple of str
        Numbers of others that change places with it when a single weight moves by at most one point.
    """

    number: str
    name: Words
    ratings: tuple[Decimal | None, ...]
    score: Figure
    rank: int | None
    tied: tuple[str, ...] = ()
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Swap:
    """A change of one weight at which two neighbours in the order change places.

    At ``weight`` both have the same score; beyond it ``follower`` stands before ``leader``.
    """

    criterion: str
    name: Words
    now: Decimal
    weight: Figure
    leader: str
    follower: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """A weighted-sum ranking, Σ R×W, with how firm its order is.

    Attributes
    ----------
    criteria : tuple of RankedCriterion
        As entered, standard criteria with their standard names.
    standings : tuple of Standing
        In rank order; those that cannot be ranked come last, in the order of the document.
    swaps : tuple of Swap
        Exact weights at which neighbours change places, the smallest change first.
    summary : Text or None
        One sentence on how firm the order is; None when there is nothing to rank.
    """

    criteria: tuple[RankedCriterion, ...]
    standings: tuple[Standing, ...]
    swaps: tuple[Swap, ...] = ()
    summary: Text | None = None

    def of(self, number: str) -> Standing | None:
        """The standing of one stream or option."""
        return next((standing for standing in self.standings if standing.number == number), None)
