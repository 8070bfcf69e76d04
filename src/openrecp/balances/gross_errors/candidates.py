"""What may be wrong: the bias of each meter, and a leak at each balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.balances.gross_errors.checks import Checks
from openrecp.balances.gross_errors.critical_values import SAME
from openrecp.balances.problems import Array
from openrecp.texts import Choice, text

_ROUNDING: Final = 1e-9


class CandidateKind(Choice):
    """What kind of error may be there."""

    BIAS = "bias", text("bias of a meter")
    LEAK = "leak", text("leak")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bias of the measurement with this index, or the leak with this index: a balance, unless leaks were given."""

    kind: CandidateKind
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Errors that would show, and what each would do to the checks.

    Attributes
    ----------
    members : tuple of Candidate
    signatures : array, shape (r, members)
        How far an error of size 1 moves the residuals of the checks.
    hidden : tuple of Candidate
        Errors that nothing would show: meters that nothing checks, leaks beside streams that nobody measures.
    """

    members: tuple[Candidate, ...]
    signatures: Array
    hidden: tuple[Candidate, ...]

    @property
    def lengths(self) -> Array:
        """How far an error of size 1 moves the residuals, shape (members,)."""
        return np.asarray(np.linalg.norm(self.signatures, axis=0))

    @property
    def directions(self) -> Array:
        """Signatures of length 1, shape (r, members)."""
        return np.asarray(self.signatures / self.lengths)

    @property
    def sets(self) -> tuple[tuple[Candidate, ...], ...]:
        """Those that no test can tell apart, two or more in each set."""
        return tuple(members_at(self, each) for each in alike(self.directions))


def candidates(checks: Checks, leaks: Array | None = None) -> Candidates:
    """Every bias, and every leak, that may be looked for.

    Parameters
    ----------
    checks : Checks
    leaks : array, shape (balances, leaks), optional
        How much of each balance (in minus out) a leak of size 1 takes away. A leak of material at a process that
        balances total and components is a column with 1 in the total and the shares in the components. By default
        each balance may have a leak of its own; an array without columns looks for biases alone.

    Raises
    ------
    ValueError
        If the leaks have not one row a balance.
    """
    balances = checks.balances.shape[1]
    if leaks is not None and np.shape(leaks)[0] != balances:
        raise ValueError(f"leaks need {balances} rows, one a balance, not {np.shape(leaks)[0]}")
    taken = np.eye(balances) if leaks is None else np.asarray(leaks, dtype=np.float64)
    leaking = checks.balances @ taken
    largest = np.linalg.norm(np.abs(checks.balances) @ np.abs(taken), axis=0)
    leak_shows = np.linalg.norm(leaking, axis=0) > _ROUNDING * largest
    measured = ~np.isnan(checks.sds) & (np.nan_to_num(checks.sds) > 0)
    bias_shows = np.any(checks.meters != 0, axis=0)
    return Candidates(
        members=_named(CandidateKind.BIAS, bias_shows) + _named(CandidateKind.LEAK, leak_shows),
        signatures=np.hstack([checks.meters[:, bias_shows], leaking[:, leak_shows]]),
        hidden=_named(CandidateKind.BIAS, measured & ~bias_shows) + _named(CandidateKind.LEAK, ~leak_shows),
    )


def _named(kind: CandidateKind, which: Array) -> tuple[Candidate, ...]:
    return tuple(Candidate(kind, int(index)) for index in np.flatnonzero(which))


def alike(directions: Array) -> tuple[tuple[int, ...], ...]:
    """Sets of directions that are the same or opposite, so that no test can tell them apart; two or more in each.

    >>> alike(np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 0.0]]))
    ((0, 2),)
    """
    if not directions.shape[1]:
        return ()
    same = np.abs(directions.T @ directions) > 1.0 - SAME
    first = np.argmax(same, axis=0)
    several = np.flatnonzero(np.bincount(first, minlength=first.size) > 1)
    return tuple(tuple(int(place) for place in np.flatnonzero(first == each)) for each in several)


def members_at(found: Candidates, places: Sequence[int]) -> tuple[Candidate, ...]:
    """The candidates at some places."""
    return tuple(found.members[place] for place in places)
