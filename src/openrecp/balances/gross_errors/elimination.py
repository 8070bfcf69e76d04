"""Serial elimination: name the worst, allow it any size, test again, until what is left agrees."""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.gross_errors.candidates import candidates
from openrecp.balances.gross_errors.checks import Checks
from openrecp.balances.gross_errors.critical_values import CriticalValue
from openrecp.balances.gross_errors.findings import Findings, StopReason
from openrecp.balances.gross_errors.remainders import Remainder, findings_of
from openrecp.balances.gross_errors.statistical_tests import global_test
from openrecp.balances.problems import Array

_MOST: Final = 20
_TIE: Final = 1e-9


def serial_elimination(
    checks: Checks,
    leaks: Array | None = None,
    level: float = 0.05,
    most: int = _MOST,
    critical: CriticalValue | None = None,
) -> Findings:
    """Gross errors one after the other, worst first.

    In each round the candidate with the largest statistic is named if that exceeds the critical value of the joint
    distribution of all that are left, and its meter is given up (or the leak allowed any size), which takes one check
    away. The rounds end when nothing exceeds, when no check is left, or after ``most``. Whatever no test can tell
    from the worst is named with it, as one set. In data without gross errors, anything at all is named with the
    probability ``level`` at most.

    Parameters
    ----------
    checks : Checks
    leaks : array, shape (balances, leaks), optional
        As at :func:`~openrecp.balances.gross_errors.candidates`.
    level : float
        Chance that anything is named in data without gross errors.
    most : int
        Largest number of gross errors.
    critical : CriticalValue, optional
        Of the likelihood ratio test of the same candidates at the same level, if it is known already.

    Raises
    ------
    ValueError
        If the leaks do not fit the balances, or the level is not between 0 and 1.

    References
    ----------
    J. Ripps (1965); R. W. Serth and W. A. Heenan, Gross error detection and data reconciliation in steam-metering
    systems, AIChE Journal 32 (1986) 733-742.
    """
    found = candidates(checks, leaks)
    start = left = Remainder.of(checks.residuals, found)
    named: list[tuple[int, float, CriticalValue]] = []
    stop: StopReason | None = None
    while stop is None:
        worst = _worst(left, level, None if named else critical)
        if worst is None or abs(worst[1]) <= worst[2].value:
            stop = _reason(left, level)
        elif len(named) == most:
            stop = StopReason.MOST
        else:
            named.append(worst)
            left = left.without(worst[0])
    return findings_of(start, found, named, stop, level)


def _worst(
    left: Remainder, level: float, critical: CriticalValue | None
) -> tuple[int, float, CriticalValue] | None:
    live = left.live
    if not left.redundancy or not live.size:
        return None
    statistics = left.residuals @ left.directions
    sizes = np.abs(statistics)
    # The first of those that tie, which rounding would choose from at random.
    place = int(np.argmax(sizes >= (1.0 - _TIE) * sizes.max()))
    return int(live[place]), float(statistics[place]), critical or left.critical(level)


def _reason(left: Remainder, level: float) -> StopReason:
    if not left.redundancy:
        return StopReason.NOTHING_LEFT
    return StopReason.AGREE if global_test(left.chi2, left.redundancy, level).passed else StopReason.UNLOCATED
