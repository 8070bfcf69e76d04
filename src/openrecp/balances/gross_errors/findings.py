"""What a search for gross errors comes to, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openrecp.balances.gross_errors.candidates import Candidate
from openrecp.balances.gross_errors.critical_values import CriticalValue
from openrecp.balances.gross_errors.statistical_tests import GlobalTest
from openrecp.texts import Choice, text

_SCORE_OF_95: Final = 1.959963984540054


class StopReason(Choice):
    """Why the search for further gross errors ended."""

    AGREE = "agree", text("What is left agrees.")
    UNLOCATED = (
        "unlocated",
        text("What is left does not agree as a whole, but no single meter or process stands out."),
    )
    NOTHING_LEFT = "nothing-left", text("Nothing is left to check further measurements by.")
    MOST = "most", text("As many gross errors as were asked for were found.")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Size of an error: of a bias (reading minus truth), or of a leak (what disappears).

    ``low`` and ``high`` are the limits of the 95 % interval.
    """

    value: float
    sd: float

    @property
    def low(self) -> float:
        """Lower limit with 95 % confidence."""
        return self.value - _SCORE_OF_95 * self.sd

    @property
    def high(self) -> float:
        """Upper limit with 95 % confidence."""
        return self.value + _SCORE_OF_95 * self.sd


@dataclass(frozen=True, slots=True)
class Suspect:
    """A meter that lies or a process that leaks; several where no test can tell which of them.

    Attributes
    ----------
    members : tuple of Candidate
    z : float
        Statistic by which it was found.
    critical : CriticalValue
        What the statistic had to exceed.
    estimates : tuple of Estimate
        Of each member, if it is that one, all other suspects being what they are.
    chi2_before, chi2_after : float
        With it, and without what it claims, all other suspects allowed for in both.
    redundancy_after : int
        Degrees of freedom of ``chi2_after``.
    rivals : tuple of Candidate
        What could be told from it in better data, but would explain these nearly as well: chi2 would stay above
        ``chi2_after`` by less than 3.84.
    """

    members: tuple[Candidate, ...]
    z: float
    critical: CriticalValue
    estimates: tuple[Estimate, ...]
    chi2_before: float
    chi2_after: float
    redundancy_after: int
    rivals: tuple[Candidate, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether it is one of several that no test can tell apart."""
        return len(self.members) > 1

    @property
    def stands(self) -> bool:
        """Whether it still exceeds the critical value with all other suspects allowed for.

        A suspect of a serial search that does not was named for what others did.
        """
        return abs(self.estimates[0].value) > self.critical.value * self.estimates[0].sd


@dataclass(frozen=True, slots=True)
class Findings:
    """All suspects, worst first; none where the data may be clean.

    Attributes
    ----------
    before, after : GlobalTest
        Of all measurements, and of what is left without the suspects.
    suspects : tuple of Suspect
    stop : StopReason
    alternatives : tuple of tuple of Candidate
        Other sets of as many errors that would explain the data nearly as well, best first; only a simultaneous search
        knows them. Rivals of single suspects are told there.
    """

    before: GlobalTest
    after: GlobalTest
    suspects: tuple[Suspect, ...]
    stop: StopReason
    alternatives: tuple[tuple[Candidate, ...], ...] = ()
