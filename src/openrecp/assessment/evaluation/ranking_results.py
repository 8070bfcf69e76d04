"""What a weighted-sum ranking finds: scores, ranks, ties, and how firm the order is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openrecp.errors import Issue
from openrecp.figures import Figure
from openrecp.screening import WeightSensitivity
from openrecp.texts import Text

Words = str | Text


@dataclass(frozen=True, slots=True)
class RankedCriterion:
    """A criterion of a weighted-sum ranking.

    Attributes
    ----------
    number : str
    name : str or Text
        As entered, or the standard name.
    weight : Decimal or None
        None when it was not given; the criterion then does not count.
    sensitivity : WeightSensitivity or None
        The exact weights at which the order, or who is first, turns; subjects are named by their numbers.
    """

    number: str
    name: Words
    weight: Decimal | None
    sensitivity: WeightSensitivity | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stream or option stands in a weighted-sum ranking.

    Attributes
    ----------
    number, name : str, str or Text
        What is rated.
    ratings : tuple of Decimal or None
        In the order of the ranking's criteria; None where no rating was given.
    score : Figure
        Σ weight × rating, with its products as inputs; no value when a rating is missing.
    share : Figure
        Score as part of the most the weights allow [%].
    rank : int or None
        1 is first; equals share a rank. None when it cannot be ranked.
    tied : tuple of str
        Numbers of others with the same score.
    close : bool
        Not first, but so close to the first that it deserves the same attention.
    """

    number: str
    name: Words
    ratings: tuple[Decimal | None, ...]
    score: Figure
    share: Figure
    rank: int | None
    tied: tuple[str, ...] = ()
    close: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """A weighted-sum ranking, Σ R×W, with how firm its order is.

    Attributes
    ----------
    criteria : tuple of RankedCriterion
        In the order entered.
    standings : tuple of Standing
        In rank order; those that cannot be ranked come last, in the order of the document.
    shortlist : tuple of str
        Numbers of the first, and of those close to it.
    findings : tuple of Text
        How firm the order is, and what would turn it, in sentences.
    issues : tuple of Issue
        Missing weights and ratings.
    """

    criteria: tuple[RankedCriterion, ...] = ()
    standings: tuple[Standing, ...] = ()
    shortlist: tuple[str, ...] = ()
    findings: tuple[Text, ...] = ()
    issues: tuple[Issue, ...] = ()

    def of(self, number: str) -> Standing | None:
        """The standing of one stream or option."""
        return next((standing for standing in self.standings if standing.number == number), None)
