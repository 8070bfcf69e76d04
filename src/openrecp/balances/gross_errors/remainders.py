"""Taking errors out of the checks: what is left of residuals and signatures once some errors are allowed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from openrecp.balances.gross_errors.candidates import Candidates, members_at
from openrecp.balances.gross_errors.critical_values import CLOSE, SAME, CriticalValue, critical_value
from openrecp.balances.gross_errors.findings import Estimate, Findings, StopReason, Suspect
from openrecp.balances.gross_errors.statistical_tests import global_test
from openrecp.balances.problems import Array

# The sine of an angle whose cosine is as close to 1 as counts as the same.
_FLAT: Final = (2.0 * SAME) ** 0.5
# Chi-square with one degree of freedom, 95 %.
NEARLY: Final = 3.841458820694124
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Remainder:
    """Residuals and signatures without the part that errors already named explain.

    Attributes
    ----------
    residuals : array, shape (r,)
        One for each check that is left.
    signatures : array, shape (r, candidates)
    lengths : array, shape (candidates,)
        What was the length of each signature before anything was taken out.
    """

    residuals: Array
    signatures: Array
    lengths: Array

    @classmethod
    def of(cls, residuals: Array, found: Candidates) -> Self:
        """Nothing taken out yet."""
        return cls(residuals, found.signatures, found.lengths)

    @property
    def redundancy(self) -> int:
        """Checks that are left."""
        return int(self.residuals.size)

    @property
    def chi2(self) -> float:
        """What is left of the squared adjustments."""
        return float(self.residuals @ self.residuals)

    @property
    def live(self) -> Array:
        """Places of the candidates that still show, ascending."""
        return np.flatnonzero(np.linalg.norm(self.signatures, axis=0) > _FLAT * self.lengths)

    @property
    def directions(self) -> Array:
        """Of the live ones, shape (r, live)."""
        signatures = self.signatures[:, self.live]
        return np.asarray(signatures / np.linalg.norm(signatures, axis=0))

    def without(self, place: int) -> Self:
        """What is left if this candidate is allowed any size."""
        direction = self.signatures[:, place] / np.linalg.norm(self.signatures[:, place])
        # The reflection that takes the direction onto the first axis, which is then left out (Householder).
        mirror = direction.copy()
        mirror[0] += np.copysign(1.0, direction[0])
        mirror /= np.linalg.norm(mirror)
        return type(self)(
            (self.residuals - 2.0 * mirror * (mirror @ self.residuals))[1:],
            (self.signatures - 2.0 * np.outer(mirror, mirror @ self.signatures))[1:],
            self.lengths,
        )

    def critical(self, level: float) -> CriticalValue:
        """What the largest statistic of the live ones must exceed."""
        return critical_value(self.directions, level, CLOSE)


def suspect_of(
    others_out: Remainder, found: Candidates, place: int, z: float, critical: CriticalValue
) -> Suspect:
    """A suspect with all others taken out: what is alike, what comes close, and how large each would be."""
    live, directions = others_out.live, others_out.directions
    own = int(np.searchsorted(live, place))
    statistics = others_out.residuals @ directions
    same = np.abs(directions.T @ directions[:, own]) > 1.0 - SAME
    near = (statistics**2 > max(statistics[own] ** 2 - NEARLY, 0.0)) & ~same
    lengths = np.linalg.norm(others_out.signatures[:, live], axis=0)
    return Suspect(
        members=members_at(found, live[same].tolist()),
        z=z,
        critical=critical,
        estimates=tuple(
            Estimate(float(statistics[each] / lengths[each]), float(1.0 / lengths[each]))
            for each in np.flatnonzero(same)
        ),
        chi2_before=others_out.chi2,
        chi2_after=_clean(others_out.chi2 - float(statistics[own] ** 2), others_out.chi2),
        redundancy_after=others_out.redundancy - 1,
        rivals=members_at(found, live[near].tolist()),
    )


def _clean(left: float, whole: float) -> float:
    """Exactly 0 where only rounding is left."""
    return left if left > _ROUNDING * whole else 0.0


def all_without(start: Remainder, places: list[int]) -> Remainder:
    """What is left without several."""
    for place in places:
        start = start.without(place)
    return start


def findings_of(
    start: Remainder,
    found: Candidates,
    named: list[tuple[int, float, CriticalValue]],
    stop: StopReason,
    level: float,
) -> Findings:
    """Suspects that were named one after the other, each judged with the others taken out."""
    places = [place for place, _, _ in named]
    suspects = tuple(
        suspect_of(
            all_without(start, [other for other in places if other != place]), found, place, z, critical
        )
        for place, z, critical in named
    )
    left = all_without(start, places)
    return Findings(
        before=global_test(start.chi2, start.redundancy, level),
        after=global_test(left.chi2, left.redundancy, level),
        suspects=suspects,
        stop=stop,
    )
