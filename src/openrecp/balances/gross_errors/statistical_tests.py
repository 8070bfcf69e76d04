"""Whether the measurements agree, as a whole and each for itself.

Each family of tests is held to the stated level together: in data without gross errors, the chance that any of its
tests alarms is the level.

References
----------
P. M. Reilly and R. E. Carpani, Application of statistical theory of adjustment to material balances, 13th Canadian
Chemical Engineering Conference (1963), for the global and the nodal test. R. S. H. Mah and A. C. Tamhane, Detection of
gross errors in process data, AIChE Journal 28 (1982) 828-830, for the measurement test. S. Narasimhan and R. S. H. Mah,
Generalized likelihood ratio method for gross error identification, AIChE Journal 33 (1987) 1514-1521.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, chdtri

from openrecp.balances.gross_errors.candidates import Candidates, alike, candidates
from openrecp.balances.gross_errors.checks import Checks
from openrecp.balances.gross_errors.critical_values import CLOSE, CriticalValue, critical_value
from openrecp.balances.problems import Array


@dataclass(frozen=True, slots=True)
class GlobalTest:
    """Whether all measurements together agree with the balances.

    Attributes
    ----------
    chi2 : float
    redundancy : int
        Degrees of freedom.
    critical : float
        What chi2 must not exceed; infinite where nothing is checked.
    p_value : float
        Chance of so much or more without gross errors.
    level : float
    """

    chi2: float
    redundancy: int
    critical: float
    p_value: float
    level: float

    @property
    def passed(self) -> bool:
        """Whether chi2 may be chance."""
        return self.chi2 <= self.critical


@dataclass(frozen=True, slots=True, eq=False)
class FamilyTest:
    """Many tests held to one level together.

    Attributes
    ----------
    z : array, shape (n,)
        Statistics; NaN where there is nothing to test.
    critical : CriticalValue or None
        What |z| must not exceed; None where there is no test.
    sets : tuple of tuple of int
        Those that are the same number by the structure of the plant: an alarm means all of them.
    """

    z: Array
    critical: CriticalValue | None
    sets: tuple[tuple[int, ...], ...]

    @property
    def alarms(self) -> Array:
        """Where |z| exceeds the critical value, largest first."""
        if self.critical is None:
            return np.zeros(0, dtype=np.int64)
        size = np.nan_to_num(np.abs(self.z))
        order = np.argsort(-size, kind="stable")
        return np.asarray(order[size[order] > self.critical.value])

    @property
    def passed(self) -> bool:
        """Whether all may be chance."""
        return not self.alarms.size


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodRatioTest(FamilyTest):
    """The generalised likelihood ratio of each candidate, z²; with the size that explains the data best.

    Attributes
    ----------
    found : Candidates
        In the order of ``z``.
    sizes, sds : array, shape (n,)
        Bias, or amount that leaks away, and its standard deviation, if this is the only gross error.
    """

    found: Candidates
    sizes: Array
    sds: Array


def global_test(chi2: float, redundancy: int, level: float = 0.05) -> GlobalTest:
    """Test of all measurements together.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.

    References
    ----------
    J. Ripps, Adjustment of experimental data, Chemical Engineering Progress Symposium Series 61 (55) (1965) 8-13: the
    reactor with 3 balances.

    >>> found = global_test(8.4547, 3)
    >>> round(found.critical, 4), found.passed
    (7.8147, False)
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"the level lies between 0 and 1, not at {level}")
    if not redundancy:
        return GlobalTest(chi2, 0, float("inf"), 1.0, level)
    return GlobalTest(
        chi2, redundancy, float(chdtri(redundancy, level)), float(chdtrc(redundancy, chi2)), level
    )


def measurement_test(checks: Checks, level: float = 0.05) -> FamilyTest:
    """Test of each measurement, of maximum power against its own bias; ``z`` has one entry a variable."""
    return _family(checks.residuals, checks.meters, level)


def nodal_test(checks: Checks, level: float = 0.05) -> FamilyTest:
    """Test of each balance with nothing unmeasured, as :attr:`Checks.combinations` lists them."""
    return _family(checks.residuals, checks.combined, level)


def likelihood_ratio_test(
    checks: Checks, leaks: Array | None = None, level: float = 0.05
) -> LikelihoodRatioTest:
    """Test of each bias and each leak; the leaks are described at :func:`candidates`."""
    found = candidates(checks, leaks)
    test = _family(checks.residuals, found.signatures, level, CLOSE)
    return LikelihoodRatioTest(
        test.z, test.critical, test.sets, found, sizes=test.z / found.lengths, sds=1.0 / found.lengths
    )


def _family(residuals: Array, signatures: Array, level: float, error: float = 0.002) -> FamilyTest:
    lengths = np.linalg.norm(signatures, axis=0)
    tested = np.flatnonzero(lengths)
    z = np.full(lengths.size, np.nan)
    if not tested.size:
        return FamilyTest(z, None, ())
    directions = signatures[:, tested] / lengths[tested]
    z[tested] = residuals @ directions
    sets = tuple(tuple(int(tested[place]) for place in each) for each in alike(directions))
    return FamilyTest(z, critical_value(directions, level, error), sets)
