"""Suspects in words, with the evidence in one sentence."""

from __future__ import annotations

from collections.abc import Callable

from openrecp.balances.gross_errors.candidates import Candidate, CandidateKind
from openrecp.balances.gross_errors.findings import Suspect
from openrecp.figures import unit_words
from openrecp.texts import Text, format_number, format_significant, text


def suspect_text(suspect: Suspect, name_of: Callable[[Candidate], Text | str], unit: str) -> Text:
    """Who is suspected, of what, and why.

    Parameters
    ----------
    suspect : Suspect
    name_of : callable
        What to call a candidate: the stream or meter, or the process that may leak.
    unit : str
        Of the sizes.
    """
    evidence = _evidence(suspect)
    if suspect.is_set:
        return text(
            "One of these is wrong, and no test can tell which: {names}. {evidence}",
            names=[name_of(member) for member in suspect.members],
            evidence=evidence,
        )
    member, size = suspect.members[0], _size(suspect, unit)
    positive = suspect.estimates[0].value > 0
    name = name_of(member)
    if member.kind is CandidateKind.LEAK:
        if positive:
            return text("{name} loses {size}. {evidence}", name=name, size=size, evidence=evidence)
        return text(
            "More leaves {name} than enters it, by {size}. {evidence}",
            name=name,
            size=size,
            evidence=evidence,
        )
    if positive:
        return text("{name} is measured {size} too high. {evidence}", name=name, size=size, evidence=evidence)
    return text("{name} is measured {size} too low. {evidence}", name=name, size=size, evidence=evidence)


def _size(suspect: Suspect, unit: str) -> Text:
    estimate = suspect.estimates[0]
    sign = 1.0 if estimate.value > 0 else -1.0
    low, high = sorted((sign * estimate.low, sign * estimate.high))
    return text(
        "{size} {unit} (95 % interval {low} to {high})",
        size=format_significant(abs(estimate.value)),
        low=format_significant(low),
        high=format_significant(high),
        unit=unit_words(unit),
    )


def _evidence(suspect: Suspect) -> Text:
    return text(
        "The test statistic is {statistic} and chance alone stays below {critical}; without it, chi-square falls "
        "from {before} to {after} with {redundancy} degrees of freedom.",
        statistic=format_number(abs(suspect.z), 2),
        critical=format_number(suspect.critical.value, 2),
        before=format_significant(suspect.chi2_before),
        after=format_significant(suspect.chi2_after),
        redundancy=suspect.redundancy_after,
    )
