"""What becomes of an option, and why: the decisions of the team first, then law, technique and money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openrecp.assessment.evaluation.option_results import (
    Answer,
    Fate,
    OptionEconomics,
    ScreeningResult,
    TechnicalResult,
)
from openrecp.assessment.worksheets.implementation import ProjectSummary
from openrecp.assessment.worksheets.options import OptionDescription
from openrecp.assessment.worksheets.terms import OptionTerms
from openrecp.economics.criteria import Verdict
from openrecp.errors import Issue, Severity
from openrecp.texts import Text, text

# Gaps that keep an option from being recommended, however well it pays.
_BLOCKING = frozenset({"technical-missing", "technical-obstacle", "new-problem-open", "sign-off-refused"})
_MOVES_MEDIUM = text(
    "It moves the pollutant to another medium, which alone is not waste minimization; show first that less "
    "pollutant arises."
)


@dataclass(frozen=True, slots=True)
class Case:
    """All that decides about one option."""

    description: OptionDescription | None
    terms: OptionTerms | None
    project: ProjectSummary | None
    screening: ScreeningResult
    technical: TechnicalResult
    economics: OptionEconomics | None
    simplified: bool


def fate_of(case: Case) -> tuple[Fate, tuple[Text, ...]]:
    """Fate and reasons, the weightiest first.

    References
    ----------
    工業減廢評估, sections 3.5.3 (no capital: at once), 4.1 (not feasible: dropped), 4.2.3 (acceptance) and
    4.2.4 (the law overrides profit).
    """
    if case.terms is not None and case.terms.required_by_law:
        return Fate.REQUIRED, tuple(_required(case))
    dropped = _dropped(case)
    if dropped is not None:
        return Fate.DROPPED, (dropped,)
    if case.project is not None and case.project.approved is False:
        return Fate.NOT_RECOMMENDED, (_refused(case.project), *_profit_reasons(case))
    if _capital(case) == 0 and _pays_without_capital(case):
        return _at_once(case)
    return _by_profit(case)


def _required(case: Case) -> Iterator[Text]:
    law = case.terms.law if case.terms is not None else None
    if law:
        yield text("Required by law ({law}): it must be carried out whatever it earns.", law=law)
    else:
        yield text("Required by law: it must be carried out whatever it earns. Enter the law and clause.")
    refused = _dropped_by_team(case.description)
    if refused is not None:
        yield refused
        yield text(
            "The law leaves no choice about whether, only about how; find another way, or carry this out."
        )
    if case.economics is not None and case.economics.judgement is not None:
        yield from (check.reason for check in case.economics.judgement.checks)
    if case.technical.feasible is False:
        yield text("It was judged technically not feasible; another way to comply must be found.")


def _dropped(case: Case) -> Text | None:
    refused = _dropped_by_team(case.description)
    if refused is not None:
        return refused
    if case.technical.feasible is False:
        record = case.technical.record
        if record is not None and record.rationale:
            return text("Technically not feasible: {reason}", reason=record.rationale)
        return text("Technically not feasible; no reason is given.")
    return None


def _dropped_by_team(description: OptionDescription | None) -> Text | None:
    if description is None or description.accepted is not False:
        return None
    if description.decision_reason:
        return text("The team did not take it up: {reason}", reason=description.decision_reason)
    return text("The team did not take it up; no reason is given.")


def _refused(project: ProjectSummary) -> Text:
    if project.refusal_reason:
        return text("The project was not approved: {reason}", reason=project.refusal_reason)
    return text("The project was not approved; no reason is given.")


def _profit_reasons(case: Case) -> tuple[Text, ...]:
    judgement = None if case.economics is None else case.economics.judgement
    return () if judgement is None else judgement.reasons


def _capital(case: Case) -> float | None:
    value = None if case.economics is None else case.economics.capital.value
    return None if value is None else float(value)


def _saving(case: Case) -> float | None:
    value = None if case.economics is None else case.economics.net_saving.value
    return None if value is None else float(value)


def _pays_without_capital(case: Case) -> bool:
    """Whether it saves, or, where no sum is known, the team expects a gain from it."""
    saving = _saving(case)
    if saving is not None:
        return saving >= 0
    cost_effective = case.screening.answers[2].answer
    if cost_effective is Answer.NO:
        return False
    return cost_effective is Answer.YES or case.screening.answers[0].answer is Answer.YES


def _at_once(case: Case) -> tuple[Fate, tuple[Text, ...]]:
    obstacles = tuple(_obstacles(case))
    if obstacles:
        return Fate.FURTHER_STUDY, obstacles
    saving = _saving(case)
    if saving is None:
        reason = text("It needs no capital and the team expects a gain from it; the sum is not known yet.")
    elif saving > 0:
        reason = text("It needs no capital and saves money every year.")
    else:
        reason = text("It needs no capital and costs nothing a year, so nothing stands in its way.")
    return Fate.IMMEDIATE, (reason, *_gap_reasons(case))


def _by_profit(case: Case) -> tuple[Fate, tuple[Text, ...]]:
    economics = case.economics
    if economics is None:
        return Fate.NOT_EVALUATED, tuple(_without_costs(case))
    if economics.judgement is None:
        return Fate.FURTHER_STUDY, (
            text("Its economics cannot be judged: {reason}.", reason=economics.payback.reason),
            *_obstacles(case),
        )
    reasons = economics.judgement.reasons
    if economics.judgement.verdict is Verdict.NOT_MET:
        return Fate.NOT_RECOMMENDED, reasons
    obstacles = tuple(_obstacles(case))
    if obstacles:
        return Fate.FURTHER_STUDY, (*obstacles, *reasons)
    return Fate.RECOMMENDED, (*reasons, *_gap_reasons(case))


def _without_costs(case: Case) -> Iterator[Text]:
    yield text("No cost or saving has been entered for it yet.")
    for answer in case.screening.noes:
        yield text(
            "Screening question {number} is answered with no: {question}",
            number=answer.number,
            question=answer.question,
        )


def _obstacles(case: Case) -> Iterator[Text]:
    """What keeps an option that pays from being recommended as it stands."""
    if case.description is not None and case.description.moves_medium:
        yield _MOVES_MEDIUM
    for gap in case.technical.gaps:
        if gap.code in _BLOCKING:
            yield as_text(gap)
    if case.technical.feasible is None and case.technical.record is not None:
        yield text("Worksheet 13 does not say yet whether it is technically feasible.")


def _gap_reasons(case: Case) -> Iterator[Text]:
    """What must still be settled before an option that is kept is carried out."""
    for gap in case.technical.gaps:
        if gap.code not in _BLOCKING and gap.severity is Severity.WARNING:
            yield as_text(gap)


def as_text(issue: Issue) -> Text:
    """The sentence of a finding."""
    return Text(issue.message, issue.values)
