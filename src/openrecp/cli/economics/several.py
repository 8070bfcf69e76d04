"""Several cases beside each other: which of exclusive ones, which set under a budget, what avoiding costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openrecp.assessment.case_choice import candidate_of
from openrecp.cli.economics.asked import Asked
from openrecp.cli.economics.one import CaseResults
from openrecp.economics.choice import (
    AbatementCurve,
    BestSet,
    Candidate,
    ExclusiveComparison,
    ExclusiveOption,
    Ranked,
    abatement_curve,
    best_set,
    compare_exclusive,
    ranking_by_npv_per_budget,
)
from openrecp.errors import Issue, Severity, problem
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Choice:
    """What follows for the cases together.

    Attributes
    ----------
    candidates : tuple of Candidate
        The cases, in the order given.
    budget : float or None
        [money]
    exclusive : tuple of ExclusiveComparison
        Of the cases that exclude each other; of all, if none do and there is no budget.
    not_compared : Text or None
        Why exclusive cases are not compared.
    ranking : tuple of Ranked
        By net present value per unit of capital.
    best : BestSet
    curves : tuple of AbatementCurve
        One for each quantity that is avoided.
    notes : tuple of Issue
        Cases that exclude others which are not given.
    """

    candidates: tuple[Candidate, ...]
    budget: float | None
    exclusive: tuple[ExclusiveComparison, ...]
    not_compared: Text | None
    ranking: tuple[Ranked, ...]
    best: BestSet
    curves: tuple[AbatementCurve, ...]
    notes: tuple[Issue, ...]

    def name(self, key: str | None) -> Text:
        """What an option is called; without a key it is doing nothing."""
        if key is None:
            return text("doing nothing")
        return next(each.label for each in self.candidates if each.key == key)


def choice_among(results: Sequence[CaseResults], asked: Asked) -> Choice:
    """Choose among cases.

    Raises
    ------
    UnusableInput
        If they cannot be compared: several currencies, the same key twice, a key that is not among them.
    """
    stated = [_candidate(each) for each in results]
    given = {each.key for each in stated}
    notes = tuple(_absent(each, key) for each in stated for key in each.excludes if key not in given)
    candidates = tuple(
        replace(each, excludes=tuple(key for key in each.excludes if key in given)) for each in stated
    )
    best = best_set(candidates, asked.budget)
    rates = {each.evaluation.project.nominal_discount_rate for each in results}
    groups = list(_groups(candidates, asked))
    comparable = len(rates) == 1
    return Choice(
        candidates=candidates,
        budget=asked.budget,
        exclusive=tuple(_compared(group, results, candidates) for group in groups) if comparable else (),
        not_compared=None if comparable or not groups else _different_rates(rates),
        ranking=ranking_by_npv_per_budget(candidates),
        best=best,
        curves=tuple(
            abatement_curve(candidates, name, budget=asked.budget)
            for name in dict.fromkeys(name for each in candidates for name in each.quantities)
            if any(each.quantities.get(name, 0.0) > 0 for each in candidates)
        ),
        notes=notes,
    )


def _candidate(results: CaseResults) -> Candidate:
    """The case as an option, with the figures that its numbers come from."""
    evaluation = results.evaluation
    figures = {
        "capital": evaluation.total_capital,
        "npv": evaluation.npv,
        "annual_saving": evaluation.annual_net_saving,
    }
    return replace(candidate_of(results.case.choice, evaluation), figures=figures)


def _absent(candidate: Candidate, key: str) -> Issue:
    return problem(
        "excluded-case-absent",
        "{name} excludes “{key}”, which is not among the cases given.",
        where=candidate.where,
        severity=Severity.NOTE,
        name=candidate.label,
        key=key,
    )


def _different_rates(rates: set[float]) -> Text:
    return text(
        "The cases are counted at different discount rates ({rates}), so their cash flows are not compared with each "
        "other; give them the same rate.",
        rates=[text("{rate} %", rate=round(100.0 * rate, 4)) for rate in sorted(rates)],
    )


def _compared(
    group: frozenset[str], results: Sequence[CaseResults], candidates: Sequence[Candidate]
) -> ExclusiveComparison:
    members = [
        (candidate, each)
        for candidate, each in zip(candidates, results, strict=True)
        if candidate.key in group
    ]
    options = [
        ExclusiveOption(
            candidate.key,
            candidate.name,
            candidate.currency,
            tuple(float(amount) for amount in each.evaluation.cash_flow.cash),
            candidate.source,
        )
        for candidate, each in members
    ]
    return compare_exclusive(options, members[0][1].evaluation.project.nominal_discount_rate)


def _groups(candidates: Sequence[Candidate], asked: Asked) -> Iterator[frozenset[str]]:
    """Cases of which only one can be done: those that all exclude each other."""
    rivals: dict[str, set[str]] = {each.key: set() for each in candidates}
    for each in candidates:
        for other in each.excludes:
            rivals[each.key].add(other)
            rivals[other].add(each.key)
    if any(rivals.values()):
        yield from _cliques(frozenset(), frozenset(rivals), frozenset(), rivals)
    elif len(candidates) > 1 and asked.budget is None:
        yield frozenset(rivals)


def _cliques(
    inside: frozenset[str], ahead: frozenset[str], behind: frozenset[str], rivals: dict[str, set[str]]
) -> Iterator[frozenset[str]]:
    """Largest groups that exclude each other (Bron and Kerbosch 1973, algorithm 457 of the ACM)."""
    if not ahead and not behind and len(inside) > 1:
        yield inside
    for key in sorted(ahead):
        near = rivals[key]
        yield from _cliques(inside | {key}, ahead & near, behind & near, rivals)
        ahead, behind = ahead - {key}, behind | {key}
